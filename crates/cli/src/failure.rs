use ecabinet_client::Error;
use ecabinet_protocol::ApiError;

/// Why a command did not do what was asked: a code for scripts, and the exit status that goes with it.
#[derive(Debug)]
pub struct Failure(pub ApiError);

impl Failure {
    pub fn new(code: &str) -> Failure {
        Failure(ApiError::new(code))
    }

    pub fn with(self, name: &str, value: impl std::fmt::Display) -> Failure {
        Failure(self.0.with(name, value))
    }

    /// 1 refused by a rule · 2 usage or trust anchor missing · 3 network · 4 locked or no keyring · 5 bad input files ·
    /// 6 conflict or superseded.
    pub fn exit(&self) -> u8 {
        let code = self.0.code.as_str();
        let (family, _) = code.split_once('.').unwrap_or((code, ""));
        match (family, code) {
            // The record's refusals, not a file's.
            (_, "ca.again" | "ca.not_held") => 1,
            ("usage", _) | (_, "body.unknown" | "body.which") => 2,
            ("net" | "tls", _) | (_, "server.failed") => 3,
            (
                _,
                "home.busy"
                | "ballot.stands"
                | "ballot.superseded"
                | "vault.exists"
                | "export.exists"
                | "file.exists"
                | "publish.waiting"
                | "body.already_joined"
                | "body.begun",
            ) => 6,
            ("vault" | "keyring", _) | (_, "sign.p12_password" | "device.wiped") => 4,
            (_, "sign.worker") => 1,
            ("sign" | "file" | "publish" | "config" | "ca" | "pdf", _)
            | (_, "invitation.mistyped" | "receipt.malformed") => 5,
            _ => 1,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure(error.0)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::new("file.io").with("detail", error)
    }
}

impl From<ecabinet_pdf::PdfError> for Failure {
    fn from(error: ecabinet_pdf::PdfError) -> Failure {
        Failure::new(error.code()).with("detail", error)
    }
}
