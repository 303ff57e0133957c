//! HTTP: a thin layer over `App`.

mod chunks;
mod ops;
mod reply;

use crate::app::App;
use crate::connection::Session;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, http::HeaderName};
use ecabinet_domain::Nonce;
use ecabinet_protocol::ApiError;
use ecabinet_protocol::sync::{Answer, Connection, Gate};
use ecabinet_protocol::wire::{self, path};
use futures_util::StreamExt;
use reply::{Reply, answer};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Bytes of a request, unless more is said below.
const BODY: usize = 2 << 20;
/// Bytes of a request that carries payloads, operations or chunks.
const LARGE_BODY: usize = 64 << 20;
/// How long a request may take, reading its body included; `wait` waits for less.
const TIMEOUT: Duration = Duration::from_secs(120);

/// All routes of the sync API, and those for operators.
pub fn router(app: App) -> Router {
    let large = Router::new()
        .route(
            path::SUBMIT,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, q| async move { c.submit(q).await })
            }),
        )
        .route(
            path::APPEND_OPS,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, q: Vec<_>| async move { c.append_ops(q).await })
            }),
        )
        .route(
            path::HAND_BACK,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, q| async move { c.hand_back(q).await })
            }),
        )
        .route(
            path::PUT_PAYLOADS,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, q: Vec<_>| async move { c.put_payloads(q).await })
            }),
        )
        .route(path::PUT_CHUNKS, post(chunks::put))
        .layer(DefaultBodyLimit::max(LARGE_BODY))
        .layer(from_fn_with_state(app.clone(), signed_in));
    Router::new()
        .route(path::INFO, post(async |State(app): State<App>| answer(app.info().await)))
        .route(
            path::CREATE_BODY,
            post(async |State(app): State<App>, body: Bytes| open(body, |q| app.create_body(q)).await),
        )
        .route(
            path::FIND_BODY,
            post(async |State(app): State<App>, body: Bytes| open(body, |q: Nonce| app.find_body(q.0)).await),
        )
        .route(path::CHALLENGE, post(async |State(app): State<App>| answer(app.challenge())))
        .route(
            path::SESSION,
            post(async |State(app): State<App>, body: Bytes| open(body, |q| app.open_session(q)).await),
        )
        .route(
            path::ENTRIES,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, q| async move { c.entries(q).await })
            }),
        )
        .route(
            path::PAYLOADS,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, q| async move { c.payloads(q).await })
            }),
        )
        .route(
            path::MISSING_CHUNKS,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, q| async move { c.missing_chunks(q).await })
            }),
        )
        .route(path::CHUNKS, post(chunks::get))
        .route(
            path::SPACES,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, (): ()| async move { c.spaces().await })
            }),
        )
        .route(
            path::SHARED,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, (): ()| async move { c.shared().await })
            }),
        )
        .route(
            path::SHARED_KEYS,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, q| async move { c.shared_keys(q).await })
            }),
        )
        .route(
            path::OPS,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, (space, from)| async move { c.ops(space, from).await })
            }),
        )
        .route(
            path::PUT_SPACE_KEYS,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, q: Vec<_>| async move { c.put_space_keys(q).await })
            }),
        )
        .route(
            path::SPACE_KEYS,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, (): ()| async move { c.space_keys().await })
            }),
        )
        .route(
            path::PAIR,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, q: Vec<_>| async move { c.pair(q).await })
            }),
        )
        .route(
            path::REPORT,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, q| async move { c.report(vec![q]).await })
            }),
        )
        .route(
            path::REPORTS,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, q: Vec<_>| async move { c.report(q).await })
            }),
        )
        .route(
            path::BOARD,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, (): ()| async move { c.board().await })
            }),
        )
        .route(
            path::AHEAD,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, q| async move { c.ahead(q).await })
            }),
        )
        .route(
            path::LACKING,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, (): ()| async move { c.lacking().await })
            }),
        )
        .route(
            path::WAIT,
            post(|s: State<App>, h: HeaderMap, b: Bytes| {
                asked(s, h, b, |c, q| async move { c.wait(q).await })
            }),
        )
        .layer(DefaultBodyLimit::max(BODY))
        .merge(large)
        .layer(from_fn(in_time))
        .layer(from_fn_with_state(app.clone(), count))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ops::ready))
        .route("/metrics", get(ops::metrics))
        .fallback(async || answer::<()>(Err(ApiError::new("request.unknown"))))
        .with_state(app)
}

/// Answers a request that needs no session.
async fn open<Q: DeserializeOwned, A: Serialize, F: Future<Output = Answer<A>>>(
    body: Bytes,
    ask: impl FnOnce(Q) -> F,
) -> Reply {
    let Some(request) = wire::decode(&body) else { return malformed() };
    answer(ask(request).await)
}

/// Answers a request of a session.
async fn asked<Q: DeserializeOwned, A: Serialize, F: Future<Output = Answer<A>>>(
    State(app): State<App>,
    headers: HeaderMap,
    body: Bytes,
    ask: impl FnOnce(Session, Q) -> F,
) -> Reply {
    let session = match session(&app, &headers).await {
        Ok(session) => session,
        Err(error) => return answer::<()>(Err(error)),
    };
    let Some(request) = wire::decode(&body) else { return malformed() };
    answer(ask(session, request).await)
}

async fn session(app: &App, headers: &HeaderMap) -> Answer<Session> {
    app.resume(token(headers)?).await
}

fn token(headers: &HeaderMap) -> Answer<&str> {
    let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    token.and_then(|value| value.strip_prefix("Bearer ")).ok_or(ApiError::new("session.none"))
}

/// Large bodies are read of those only who have a session.
async fn signed_in(State(app): State<App>, request: Request, next: Next) -> Response {
    let known = match token(request.headers()) {
        Ok(token) if app.made_token(token) => Ok(()),
        Ok(_) => Err(ApiError::new("session.invalid")),
        Err(error) => Err(error),
    };
    match known {
        Ok(()) => next.run(request).await,
        Err(error) => {
            discard(request).await;
            answer::<()>(Err(error)).into_response()
        }
    }
}

/// Reads a body and keeps nothing: a client that is still writing would find the connection broken, and never read
/// why.
async fn discard(request: Request) {
    let mut body = request.into_body().into_data_stream();
    let mut read = 0;
    while let Some(Ok(part)) = body.next().await {
        read += part.len();
        if read > LARGE_BODY {
            break;
        }
    }
}

fn malformed() -> Reply {
    answer::<()>(Err(ApiError::new("request.malformed")))
}

async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(TIMEOUT, next.run(request)).await {
        // What axum itself refused says so in plain text: give it a code.
        Ok(response) if response.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            answer::<()>(Err(ApiError::new("request.too_large"))).into_response()
        }
        Ok(response) => response,
        Err(_) => answer::<()>(Err(ApiError::new("request.timeout"))).into_response(),
    }
}

async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    app.metrics().requests.fetch_add(1, Ordering::Relaxed);
    let mut response = next.run(request).await;
    if response.status().is_server_error() {
        app.metrics().failed.fetch_add(1, Ordering::Relaxed);
    }
    const NO_STORE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-store");
    response.headers_mut().insert(NO_STORE.0, header::HeaderValue::from_static(NO_STORE.1));
    response
}
