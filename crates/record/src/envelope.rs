use crate::{KeyPair, hash, keys};
use ecabinet_domain::{Header, PublicKey, Signature, StatementId};

const CONTEXT: &[u8] = b"ecabinet/v1/statement\n";

/// A signed statement as it travels: the header's bytes as its author made them, and the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub header: Vec<u8>,
    pub signature: Signature,
}

impl Envelope {
    pub fn sign(header: &Header, keys: &KeyPair) -> Envelope {
        let header = header.to_bytes();
        let signature = keys.sign(&message(&header));
        Envelope { header, signature }
    }

    pub fn id(&self) -> StatementId {
        hash::statement_id(&self.header)
    }

    pub fn verify(&self, key: &PublicKey) -> bool {
        keys::verify(key, &message(&self.header), &self.signature)
    }
}

fn message(header: &[u8]) -> Vec<u8> {
    [CONTEXT, header].concat()
}
