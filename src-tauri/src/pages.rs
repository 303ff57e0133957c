//! `page://localhost/<body>/<rev>/<page>?w=<px>`: a page as an image, never kept.

use ecabinet_client::DeskCommands;
use tauri::http::{Request, Response, StatusCode};
use tauri::{Manager, UriSchemeContext, UriSchemeResponder, Wry};

/// Wider than any screen needs; the worker has limits of its own.
const MOST: u32 = 8000;

pub fn answer(context: UriSchemeContext<'_, Wry>, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    let desk = context.app_handle().state::<DeskCommands>().inner().clone();
    tauri::async_runtime::spawn_blocking(move || {
        let uri = request.uri();
        let width = uri
            .query()
            .and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("w=")?.parse().ok()));
        let image = desk.0.page_image(uri.path(), width.unwrap_or(1000).clamp(16, MOST));
        let (status, kind, body) = match image {
            Ok(bytes) => (StatusCode::OK, "image/webp", bytes),
            Err(error) => (StatusCode::NOT_FOUND, "text/plain", error.code().as_bytes().to_vec()),
        };
        let response = Response::builder()
            .status(status)
            .header("content-type", kind)
            .header("cache-control", "no-store")
            .header("access-control-allow-origin", "*")
            .body(body);
        responder.respond(response.expect("plain headers"));
    });
}
