//! Witnesses' cosignatures on the checkpoint (rule 10): C2SP cosignature/v1.

use crate::{Failure, WitnessReport, note};
use ecabinet_domain::{PublicKey, Signature};
use ecabinet_record::code::base64;
use ecabinet_record::{Checkpoint, hash, keys};
use std::str::FromStr;

/// The signature type of cosignature/v1.
const COSIGNATURE: u8 = 4;

/// A witness that the asker trusts, from its vkey: `name+key id in hex+base64(0x04 ‖ public key)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessKey {
    pub name: String,
    pub key_id: [u8; 4],
    pub key: PublicKey,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a witness's vkey: name+key id+base64(0x04 and the Ed25519 key)")]
pub struct NotAWitness;

impl FromStr for WitnessKey {
    type Err = NotAWitness;

    fn from_str(text: &str) -> Result<WitnessKey, NotAWitness> {
        read(text).ok_or(NotAWitness)
    }
}

fn read(text: &str) -> Option<WitnessKey> {
    let mut parts = text.splitn(3, '+');
    let name = parts.next().filter(|name| !name.is_empty() && !name.contains(char::is_whitespace))?;
    let named_id: [u8; 4] = ecabinet_domain::from_hex(parts.next()?)?;
    let bytes = base64::decode(parts.next()?)?;
    let (kind, key) = bytes.split_first()?;
    let key = PublicKey(key.try_into().ok()?);
    let hash = hash::concat(&[name.as_bytes(), b"\n", &bytes]);
    let valid = *kind == COSIGNATURE && hash.0[..4] == named_id && keys::is_valid(&key);
    valid.then(|| WitnessKey { name: name.to_owned(), key_id: named_id, key })
}

/// Whether the witness cosigned. A line in its name that its key did not make is a failure, not an absence.
pub(crate) fn check(witness: &WitnessKey, note: &str) -> (WitnessReport, Option<Failure>) {
    let mut report = WitnessReport {
        name: witness.name.clone(),
        key_id: hex::encode(witness.key_id),
        time: None,
        holds: false,
        key: witness.key.0,
    };
    let Some((text, lines)) = Checkpoint::parse(note).and_then(|_| note::split(note)) else {
        return (report, None);
    };
    for line in lines.iter().filter(|line| line.name == witness.name && line.key_id == witness.key_id) {
        let Some(time) = cosigned(witness, text, &line.signature) else {
            let failure = Failure::of_export(
                "witness.invalid",
                format!("a line of {} that it did not sign", witness.name),
            );
            report.holds = false;
            return (report, Some(failure));
        };
        report.time = Some(time);
        report.holds = true;
    }
    (report, None)
}

/// When the witness says to have signed, in seconds since 1970.
fn cosigned(witness: &WitnessKey, text: &str, blob: &[u8]) -> Option<u64> {
    let (time, signature) = blob.split_first_chunk()?;
    let time = u64::from_be_bytes(*time);
    let signature = Signature(signature.try_into().ok()?);
    let message = format!("cosignature/v1\ntime {time}\n{text}");
    let valid = time <= i64::MAX as u64 && keys::verify(&witness.key, message.as_bytes(), &signature);
    valid.then_some(time)
}
