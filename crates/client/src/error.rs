use ecabinet_domain::Refusal;
use ecabinet_protocol::ApiError;
use std::fmt;

pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong: a stable code with parameters, as `protocol` carries it to the user interface.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Error(pub ApiError);

impl Error {
    pub fn new(code: &str) -> Error {
        Error(ApiError::new(code))
    }

    pub fn with(self, name: &str, value: impl fmt::Display) -> Error {
        Error(self.0.with(name, value))
    }

    pub fn code(&self) -> &str {
        &self.0.code
    }
}

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Error {
        Error(error)
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error(refusal.into())
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Error::new("disk.full"),
            Some(rusqlite::ErrorCode::NotADatabase) => Error::new("vault.damaged"),
            _ => Error::new("vault.failed").with("detail", error),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Error {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Error::new("disk.full"),
            _ => Error::new("disk.failed").with("detail", error),
        }
    }
}
