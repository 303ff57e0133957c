//! Checkpoints (rule 9): C2SP tlog-checkpoint, a note signed by the log's key.

use crate::code::base64;
use crate::{KeyPair, hash, keys};
use ecabinet_domain::{BodyId, Hash, PublicKey, Signature};

/// A size and the root that the log's key vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub body: BodyId,
    pub size: u64,
    pub root: Hash,
    /// The whole note as received: witnesses' lines are kept.
    pub note: String,
}

impl Checkpoint {
    pub fn sign(body: BodyId, size: u64, root: Hash, log_key: &KeyPair) -> Checkpoint {
        let text = text(body, size, root);
        let signature = log_key.sign(text.as_bytes());
        let id = key_id(body, &log_key.public().sign);
        let line = base64::encode(&[&id[..], &signature.0].concat());
        let note = format!("{text}\n\u{2014} {} {line}\n", name(body));
        Checkpoint { body, size, root, note }
    }

    /// Reads a note without believing it.
    pub fn parse(note: &str) -> Option<Checkpoint> {
        if note.len() > 64 << 10 {
            return None;
        }
        let (head, signatures) = note.split_once("\n\n")?;
        let mut lines = head.split('\n');
        let body: BodyId = lines.next()?.strip_prefix("ecabinet/")?.parse().ok()?;
        let size = decimal(lines.next()?)?;
        let root = Hash(base64::decode(lines.next()?)?.try_into().ok()?);
        let whole = lines.next().is_none() && !signatures.is_empty() && signatures.ends_with('\n');
        whole.then(|| Checkpoint { body, size, root, note: note.to_owned() })
    }

    /// Whether the log's key signed it.
    pub fn verify(&self, log_key: &PublicKey) -> bool {
        let text = text(self.body, self.size, self.root);
        let Some(lines) = self.note.strip_prefix(&text).and_then(|rest| rest.strip_prefix('\n')) else {
            return false;
        };
        let prefix = format!("\u{2014} {} ", name(self.body));
        let id = key_id(self.body, log_key);
        lines.split('\n').filter_map(|line| base64::decode(line.strip_prefix(&prefix)?)).any(|blob| {
            let Ok(blob) = <[u8; 68]>::try_from(blob) else { return false };
            let signature = Signature(blob[4..].try_into().expect("64 bytes"));
            blob[..4] == id && keys::verify(log_key, text.as_bytes(), &signature)
        })
    }
}

/// A decimal number as notes and proofs write it: no sign, no leading zero.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let shortest = text == "0" || !text.starts_with('0');
    (digits && shortest).then(|| text.parse().ok()).flatten()
}

fn name(body: BodyId) -> String {
    format!("ecabinet/{body}")
}

fn text(body: BodyId, size: u64, root: Hash) -> String {
    format!("{}\n{size}\n{}\n", name(body), base64::encode(&root.0))
}

fn key_id(body: BodyId, key: &PublicKey) -> [u8; 4] {
    let hash = hash::concat(&[name(body).as_bytes(), b"\n", &[1], &key.0]);
    hash.0[..4].try_into().expect("4 bytes")
}
