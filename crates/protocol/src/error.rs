use ecabinet_domain::Refusal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// An error that crosses a process: a stable code with parameters. Texts are made by the user interface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiError {
    pub code: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
}

impl ApiError {
    pub fn new(code: &str) -> ApiError {
        ApiError { code: code.to_owned(), params: BTreeMap::new() }
    }

    pub fn with(mut self, name: &str, value: impl fmt::Display) -> ApiError {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> ApiError {
        let params = refusal.params.into_iter().map(|(name, value)| (name.to_owned(), value));
        ApiError { code: refusal.code.to_owned(), params: params.collect() }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)?;
        self.params.iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}

impl std::error::Error for ApiError {}
