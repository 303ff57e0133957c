//! Keys of devices, printed codes and the log.

use crate::hash;
use curve25519_dalek::edwards::CompressedEdwardsY;
use curve25519_dalek::montgomery::MontgomeryPoint;
use curve25519_dalek::traits::Identity;
use ecabinet_domain::{DeviceId, DeviceKeys, PublicKey, Signature};
use ecabinet_wall::Secret;
use ed25519_dalek::{Signer, SigningKey, Verifier, VerifyingKey};
use hkdf::Hkdf;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// Rule 3.
pub fn device_id(keys: &DeviceKeys) -> DeviceId {
    DeviceId(hash::concat(&[b"ecabinet/v1/device\n", &keys.sign.0, &keys.enc.0]).0)
}

/// A device's secret halves: Ed25519 to sign, X25519 to receive. Clones share them.
#[derive(Clone)]
pub struct KeyPair(Arc<Pair>);

struct Pair {
    seed: Secret<64>,
    /// Made when first asked for: each half costs as much as a signature.
    public: OnceLock<DeviceKeys>,
}

impl KeyPair {
    /// From 64 random bytes; wiping them is the caller's.
    pub fn from_seed(seed: &[u8; 64]) -> KeyPair {
        KeyPair::of(Secret::copied(seed))
    }

    /// The same from what writes them.
    pub fn made(fill: impl FnOnce(&mut [u8; 64])) -> KeyPair {
        KeyPair::of(Secret::made(fill))
    }

    fn of(seed: Secret<64>) -> KeyPair {
        KeyPair(Arc::new(Pair { seed, public: OnceLock::new() }))
    }

    /// From the 128 random bits of a printed recovery code (rule 11).
    pub fn from_code(code: &[u8; 16]) -> KeyPair {
        KeyPair::made(|seed| derive(code, b"ecabinet/v1/recovery", seed))
    }

    /// From the 128 random bits of an invitation's secret (rule 11); only its signing half is used.
    pub fn from_invitation(secret: &[u8; 16]) -> KeyPair {
        KeyPair::made(|seed| derive(secret, b"ecabinet/v1/invitation", &mut seed[..32]))
    }

    pub fn seed(&self) -> &[u8; 64] {
        &self.0.seed
    }

    /// The X25519 secret.
    pub fn receiving(&self) -> &[u8; 32] {
        self.seed().last_chunk().expect("64 bytes")
    }

    fn signing(&self) -> SigningKey {
        SigningKey::from_bytes(self.seed().first_chunk().expect("64 bytes"))
    }

    pub fn public(&self) -> DeviceKeys {
        let made = || DeviceKeys {
            sign: PublicKey(self.signing().verifying_key().to_bytes()),
            enc: PublicKey(MontgomeryPoint::mul_base_clamped(*self.receiving()).to_bytes()),
        };
        *self.0.public.get_or_init(made)
    }

    pub fn id(&self) -> DeviceId {
        device_id(&self.public())
    }

    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.signing().sign(message).to_bytes())
    }
}

fn derive(secret: &[u8], info: &[u8], out: &mut [u8]) {
    Hkdf::<Sha256>::new(None, secret).expand(info, out).expect("short enough");
}

/// Whether an Ed25519 public key is canonical and in the prime-order subgroup (rule 4).
pub fn is_valid(key: &PublicKey) -> bool {
    let Some(point) = CompressedEdwardsY(key.0).decompress() else { return false };
    let is_identity = point == curve25519_dalek::EdwardsPoint::identity();
    !is_identity && point.is_torsion_free() && point.compress().0 == key.0
}

/// RFC 8032, cofactorless, S below the group's order, R compared as bytes (rule 4); keys were checked when they came.
pub fn verify(key: &PublicKey, message: &[u8], signature: &Signature) -> bool {
    let Some(key) = unpacked(key) else { return false };
    key.verify(message, &ed25519_dalek::Signature::from_bytes(&signature.0)).is_ok()
}

/// Keys held unpacked; with one more all are forgotten, and those in use come again.
const UNPACKED: usize = 4096;

/// The key as a point, kept for the next signature: unpacking it costs an eighth of checking one. None: it is no point.
fn unpacked(key: &PublicKey) -> Option<VerifyingKey> {
    static KNOWN: RwLock<BTreeMap<PublicKey, VerifyingKey>> = RwLock::new(BTreeMap::new());
    if let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(key) {
        return Some(*known);
    }
    let point = VerifyingKey::from_bytes(&key.0).ok()?;
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= UNPACKED {
        known.clear();
    }
    known.insert(*key, point);
    Some(point)
}
