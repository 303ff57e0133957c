//! For operators.

use crate::app::App;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};

pub(super) async fn ready(State(app): State<App>) -> (StatusCode, String) {
    match app.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n".to_owned()),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", error.code)),
    }
}

/// Counts in Prometheus' text format, to the machine itself only.
pub(super) async fn metrics(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
) -> Result<String, StatusCode> {
    if !from.ip().to_canonical().is_loopback() {
        return Err(StatusCode::NOT_FOUND);
    }
    let counts = app.metrics();
    let rows: [(&str, &AtomicU64); 6] = [
        ("requests", &counts.requests),
        ("requests_failed", &counts.failed),
        ("statements_appended", &counts.appended),
        ("statements_refused", &counts.refused),
        ("chunks_received", &counts.chunks_in),
        ("chunks_sent", &counts.chunks_out),
    ];
    let line = |(name, count): (&str, &AtomicU64)| {
        let count = count.load(Ordering::Relaxed);
        format!("# TYPE ecabinet_{name}_total counter\necabinet_{name}_total {count}\n")
    };
    Ok(rows.map(line).concat())
}
