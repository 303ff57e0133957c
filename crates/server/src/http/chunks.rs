//! Chunks in frames, streamed.

use super::reply::{Reply, answer};
use super::{malformed, session};
use crate::app::App;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use ecabinet_protocol::ApiError;
use ecabinet_protocol::sync::Connection;
use ecabinet_protocol::wire::{self, Frames};
use futures_util::stream::{self, StreamExt};

/// Chunks read ahead of what the network takes.
const AHEAD: usize = 3;

pub(super) async fn put(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Reply {
    let session = match session(&app, &headers).await {
        Ok(session) => session,
        Err(error) => return answer::<()>(Err(error)),
    };
    let (mut frames, mut chunks) = (Frames::default(), Vec::new());
    frames.push(&body);
    loop {
        match frames.next_frame() {
            Ok(Some(chunk)) => chunks.push(chunk),
            Ok(None) if frames.is_empty() => break,
            Ok(None) => return malformed(),
            Err(_) => return answer::<()>(Err(ApiError::new("chunk.size").with("max", wire::MAX_CHUNK))),
        }
    }
    answer(session.put_chunks(chunks).await)
}

pub(super) async fn get(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Response {
    let opened = async {
        let session = session(&app, &headers).await?;
        let request = wire::decode(&body).ok_or(ApiError::new("request.malformed"))?;
        let names = session.open_chunks(request).await?;
        Ok((session, names))
    };
    let (session, names) = match opened.await {
        Ok(opened) => opened,
        Err(error) => return answer::<()>(Err(error)).into_response(),
    };
    // A chunk that is not here is left out; one that cannot be read cuts the stream, and the client asks again.
    let frames = stream::iter(names)
        .map(move |name| {
            let session = session.clone();
            async move {
                let frame =
                    |bytes: Bytes| [Bytes::copy_from_slice(&wire::frame_head(&name, bytes.len())), bytes];
                Ok::<_, ApiError>(session.chunk(name).await?.map(frame))
            }
        })
        .buffered(AHEAD)
        .flat_map(|frame| {
            let parts = match frame {
                Ok(parts) => parts.into_iter().flatten().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            };
            stream::iter(parts)
        });
    ([(header::CONTENT_TYPE, wire::FRAMES)], Body::from_stream(frames)).into_response()
}
