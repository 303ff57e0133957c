//! Sealing: XChaCha20-Poly1305 for what stays here, HPKE for what another device shall open.

use crate::env::{Env, Random};
use crate::error::{Error, Result};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ecabinet_domain::PublicKey;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use std::convert::Infallible;

pub type Key = [u8; 32];

/// Bytes by which what is sealed is longer.
pub const TAG: u64 = 16;

pub fn seal(key: &Key, nonce: &[u8; 24], aad: &[u8], plain: &[u8]) -> Vec<u8> {
    let cipher = XChaCha20Poly1305::new(&(*key).into());
    cipher.encrypt(&XNonce::from(*nonce), Payload { msg: plain, aad }).expect("memory suffices")
}

/// None if it was not sealed so.
pub fn open(key: &Key, nonce: &[u8; 24], aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let cipher = XChaCha20Poly1305::new(&(*key).into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad }).ok()
}

/// HPKE base mode (X25519, HKDF-SHA256, ChaCha20-Poly1305): encapsulated key ‖ ciphertext.
pub fn seal_to(env: &Env, to: &PublicKey, info: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let key =
        <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&to.0).map_err(|_| Error::new("key.invalid"))?;
    let mut rng = Rng(env.random.as_ref());
    let (encapsulated, sealed) = hpke::single_shot_seal_with_rng::<
        ChaCha20Poly1305,
        HkdfSha256,
        X25519HkdfSha256,
    >(&OpModeS::Base, &key, info, plain, b"", &mut rng)
    .map_err(|_| Error::new("key.invalid"))?;
    Ok([encapsulated.to_bytes().as_slice(), &sealed].concat())
}

/// Opens what was sealed to an X25519 secret; none if it was not.
pub fn open_with(secret: &[u8; 32], info: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let key = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(secret).ok()?;
    let (encapsulated, sealed) = sealed.split_at_checked(32)?;
    let encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
    hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &key,
        &encapsulated,
        info,
        sealed,
        b"",
    )
    .ok()
}

struct Rng<'a>(&'a dyn Random);

impl rand_core::TryRng for Rng<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> std::result::Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> std::result::Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> std::result::Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Rng<'_> {}
