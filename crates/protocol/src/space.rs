//! Operations of a space as the server stores them: sealed, signed, chained per device. The server cannot read them,
//! and cannot drop or reorder one unseen.

mod owner;

pub use owner::SpaceOwner;

use crate::sync::SpaceId;
use ecabinet_domain::{DeviceId, Hash, Nonce, PublicKey, Signature};
use ecabinet_record::{KeyPair, hash, keys};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

/// Bytes of an operation's ciphertext at most.
pub const MAX_OP: usize = 1 << 20;

const CONTEXT: &[u8] = b"ecabinet/v1/space\n";

/// A sealed operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredOp {
    pub space: SpaceId,
    pub epoch: u32,
    pub device: DeviceId,
    /// This device's counter in this space, from 1.
    pub n: u64,
    /// Hash of this device's previous operation; zeros for the first.
    pub prev: Hash,
    pub nonce: ByteBuf,
    /// XChaCha20-Poly1305; its associated data is `StoredOp::aad`.
    pub ciphertext: ByteBuf,
    pub signature: Signature,
}

impl StoredOp {
    /// All fields before the ciphertext: space ‖ u32 epoch ‖ device ‖ u64 n ‖ prev ‖ nonce.
    pub fn aad(space: SpaceId, epoch: u32, device: DeviceId, n: u64, prev: Hash, nonce: &[u8]) -> Vec<u8> {
        [&space.0[..], &epoch.to_be_bytes(), &device.0, &n.to_be_bytes(), &prev.0, nonce].concat()
    }

    fn unsigned(&self) -> Vec<u8> {
        let aad = Self::aad(self.space, self.epoch, self.device, self.n, self.prev, &self.nonce);
        [&aad[..], &self.ciphertext].concat()
    }

    /// What the next operation's `prev` must be.
    pub fn hash(&self) -> Hash {
        hash::concat(&[&self.unsigned(), &self.signature.0])
    }

    pub fn sign(mut self, keys: &KeyPair) -> StoredOp {
        self.signature = keys.sign(&[CONTEXT, &self.unsigned()].concat());
        self
    }

    pub fn verify(&self, key: &PublicKey) -> bool {
        self.nonce.len() == 24 && keys::verify(key, &[CONTEXT, &self.unsigned()].concat(), &self.signature)
    }
}

/// An epoch key, sealed by HPKE to one device or recovery code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedKey {
    pub space: SpaceId,
    pub epoch: u32,
    /// Whom it is sealed to.
    pub to: DeviceId,
    /// Of a shared space: which key it is, so that who gives keys knows what somebody has been given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyId>,
    /// Encapsulated key ‖ ciphertext.
    pub sealed: ByteBuf,
    pub by: DeviceId,
    pub signature: Signature,
}

/// Names a key and says nothing of it.
pub type KeyId = Nonce;

/// The id of a key of a space.
pub fn key_id(space: SpaceId, epoch: u32, key: &[u8; 32]) -> KeyId {
    let hash = hash::concat(&[b"ecabinet/v1/space-key-id\n", &space.0, &epoch.to_be_bytes(), key]);
    Nonce(*hash.0.first_chunk().expect("32 bytes"))
}

impl SealedKey {
    /// `info` of the HPKE context.
    pub fn info(space: SpaceId, epoch: u32) -> Vec<u8> {
        [b"ecabinet/v1/space-key\n", &space.0[..], &epoch.to_be_bytes()].concat()
    }

    fn message(&self) -> Vec<u8> {
        let info = Self::info(self.space, self.epoch);
        let key: &[u8] = self.key.as_ref().map_or(&[], |key| &key.0);
        [&info[..], &self.to.0, &self.sealed, key].concat()
    }

    pub fn sign(mut self, keys: &KeyPair) -> SealedKey {
        self.signature = keys.sign(&self.message());
        self
    }

    pub fn verify(&self, key: &PublicKey) -> bool {
        keys::verify(key, &self.message(), &self.signature)
    }
}
