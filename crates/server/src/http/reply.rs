//! Answers on the wire: MessagePack; errors with their code, under a status that fits.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use ecabinet_protocol::sync::Answer;
use ecabinet_protocol::{ApiError, wire};
use serde::Serialize;

/// An answer, encoded.
pub(super) struct Reply(StatusCode, Vec<u8>);

pub(super) fn answer<T: Serialize>(answer: Answer<T>) -> Reply {
    match answer {
        Ok(value) => Reply(StatusCode::OK, wire::encode(&value)),
        Err(error) => Reply(status(&error), wire::encode(&error)),
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        (self.0, [(header::CONTENT_TYPE, wire::MSGPACK)], self.1).into_response()
    }
}

fn status(error: &ApiError) -> StatusCode {
    match error.code.as_str() {
        "server.busy" | "server.stopped" | "clock.jumped" => StatusCode::SERVICE_UNAVAILABLE,
        "store.failed" | "store.newer" | "store.conflict" | "record.damaged" | "log_key.not_held" => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        "server.bug" | "server.no_random" | "chunk.failed" | "chunk.lost" => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        "request.too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "request.timeout" => StatusCode::REQUEST_TIMEOUT,
        "request.unknown" | "body.unknown" | "paper.not_visible" => StatusCode::NOT_FOUND,
        "space.gap" | "space.fork" => StatusCode::CONFLICT,
        "session.none" | "session.invalid" | "session.challenge" | "session.signature" => {
            StatusCode::UNAUTHORIZED
        }
        "device.unknown" | "device.revoked" | "device.not_active" | "device.no_member" => {
            StatusCode::FORBIDDEN
        }
        "member.retired" | "capacity.not_held" | "chunk.may_not" | "admission.token" => StatusCode::FORBIDDEN,
        "space.owner" | "space.device" => StatusCode::FORBIDDEN,
        code if code.starts_with("invitation.") => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    }
}
