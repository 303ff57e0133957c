use crate::hash;
use ecabinet_domain::{Hash, MAX_PAYLOAD};

/// What a statement says beside its header, bound to it by a salted hash (rule 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    pub salt: [u8; 32],
    pub bytes: Vec<u8>,
}

impl Payload {
    pub fn commitment(&self) -> Hash {
        hash::concat(&[b"ecabinet/v1/payload\n", &self.salt, &self.bytes])
    }

    pub fn opens(&self, commitment: &Hash) -> bool {
        self.bytes.len() <= MAX_PAYLOAD && self.commitment() == *commitment
    }
}
