//! The server's own secrets.

use crate::session::Secret;
use ecabinet_domain::{Hash, PublicKey, State};
use ecabinet_record::{Checkpoint, KeyPair};

/// What a server signs with and what clients pin.
#[derive(Clone)]
pub struct ServerKeys {
    /// Keys that sign checkpoints, oldest first; the last is for new bodies. Never empty.
    log: Vec<KeyPair>,
    /// SHA-256 of the CA's public key (DER SubjectPublicKeyInfo).
    pub ca: Hash,
    /// The same of the CA that will take its place; none if none is prepared.
    pub next_ca: Option<Hash>,
    /// Makes challenges and session tokens; servers on one store share it.
    pub(crate) session: Secret,
}

impl ServerKeys {
    /// `log` is never empty.
    pub fn new(log: Vec<KeyPair>, ca: Hash, session: [u8; 32]) -> ServerKeys {
        assert!(!log.is_empty(), "a server has a log key");
        ServerKeys { log, ca, next_ca: None, session: Secret(session) }
    }

    /// The key of bodies created from now on.
    pub fn log_key(&self) -> PublicKey {
        self.log.last().expect("never empty").public().sign
    }

    /// Whether one of our log keys signed a checkpoint beyond the record: the present one, or one that came into the
    /// record with what is not here. One that the record has replaced may be a thief's.
    pub(crate) fn signed_beyond(&self, state: &State, checkpoint: &Checkpoint) -> bool {
        let present = state.log_key(checkpoint.size);
        let replaced =
            |key: &PublicKey| *key != present && state.log_keys.iter().any(|(_, known)| known == key);
        let mut keys = self.log.iter().map(|key| key.public().sign);
        keys.any(|key| !replaced(&key) && checkpoint.verify(&key))
    }

    /// The secret half of a log key; none if this server does not hold it.
    pub(crate) fn secret_of(&self, key: &PublicKey) -> Option<&KeyPair> {
        self.log.iter().find(|held| held.public().sign == *key)
    }
}
