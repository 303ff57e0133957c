//! Refusals signed by the log's key (rule 16): the server cannot deny having refused.

use crate::{KeyPair, keys};
use ecabinet_domain::{BodyId, PublicKey, Signature, StatementId};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedRefusal {
    pub statement: StatementId,
    /// ms since 1970.
    pub time: u64,
    /// Entries in the record when it was refused.
    pub size: u64,
    pub code: String,
    pub signature: Signature,
}

impl SignedRefusal {
    pub fn sign(
        body: BodyId,
        statement: StatementId,
        time: u64,
        size: u64,
        code: &str,
        log_key: &KeyPair,
    ) -> Self {
        let signature = log_key.sign(&message(body, statement, time, size, code));
        SignedRefusal { statement, time, size, code: code.to_owned(), signature }
    }

    pub fn verify(&self, body: BodyId, log_key: &PublicKey) -> bool {
        let message = message(body, self.statement, self.time, self.size, &self.code);
        self.code.is_ascii() && keys::verify(log_key, &message, &self.signature)
    }
}

fn message(body: BodyId, statement: StatementId, time: u64, size: u64, code: &str) -> Vec<u8> {
    let parts: [&[u8]; 6] = [
        b"ecabinet/v1/refusal\n",
        &body.0,
        &statement.0,
        &time.to_be_bytes(),
        &size.to_be_bytes(),
        code.as_bytes(),
    ];
    parts.concat()
}
