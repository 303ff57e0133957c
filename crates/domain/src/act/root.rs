//! Kinds by which the registrars hold the body's root of trust.

use crate::strict::Int;
use crate::{DeviceId, DeviceKeys, Hash, PublicKey};
use serde::{Deserialize, Serialize};

/// `body.genesis`: the first entry; its statement id is the body's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyGenesis {
    /// 1 to 16 devices; the author's is among them.
    pub registrars: Vec<DeviceKeys>,
    /// The printed key that may only replace registrars.
    pub recovery: DeviceKeys,
    /// Ed25519 key that signs checkpoints from the first entry on.
    pub log_key: PublicKey,
    /// SHA-256 of the server's CA public key (DER SubjectPublicKeyInfo).
    pub ca: Hash,
    pub level: Int,
}

/// `body.level`: from the next entry on, kinds and rules of this level may stand in the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BodyLevel {
    pub level: Int,
}

/// `registrar.change`: registrars' devices added and removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrarChange {
    pub add: Vec<DeviceKeys>,
    pub remove: Vec<DeviceId>,
}

/// `log.key`: checkpoints that hold the next entry are signed by this key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogKey {
    pub key: PublicKey,
}

/// `ca.set`, from level 2 on: the server's CA is replaced by another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaSet {
    /// SHA-256 of the new CA's public key (DER SubjectPublicKeyInfo).
    pub ca: Hash,
}

/// `epoch`: the record of just this size and root has ended; the registrars go on from the one that the header has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Epoch {
    /// One more than the last, from 1.
    pub number: Int,
    /// The checkpoint that ended with what is lost.
    pub size: Int,
    pub root: Hash,
}
