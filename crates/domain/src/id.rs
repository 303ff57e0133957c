//! Identifiers as they stand in headers: lowercase hex of fixed length, nothing else.

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;

/// Reads exactly `N` bytes from lowercase hex.
pub fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    read(text.as_bytes())
}

fn read<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let (pairs, rest) = text.as_chunks::<2>();
    if pairs.len() != N || !rest.is_empty() {
        return None;
    }
    let (mut out, mut all) = ([0; N], 0);
    for (byte, [high, low]) in out.iter_mut().zip(pairs) {
        let (high, low) = (DIGITS[usize::from(*high)], DIGITS[usize::from(*low)]);
        all |= high | low;
        *byte = high << 4 | low;
    }
    (all < NONE).then_some(out)
}

/// No digit.
const NONE: u8 = 0x10;

/// What each byte is worth as a digit. A record is mostly ids: reading and writing them is half of what a header costs.
const DIGITS: [u8; 256] = {
    let mut digits = [NONE; 256];
    let mut at = 0;
    while at < 16 {
        digits[HEX[at] as usize] = at as u8;
        at += 1;
    }
    digits
};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Gives the bytes' lowercase hex to `take`, in one piece.
fn with_hex<const N: usize, T>(bytes: &[u8; N], take: impl FnOnce(&str) -> T) -> T {
    let mut text = [[0; 2]; N];
    for (pair, byte) in text.iter_mut().zip(bytes) {
        *pair = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
    }
    take(std::str::from_utf8(text.as_flattened()).expect("ASCII"))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                with_hex(&self.0, |text| f.write_str(text))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                from_hex(text).map(Self).ok_or(NotAnId)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                with_hex(&self.0, |text| s.serialize_str(text))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                d.deserialize_str(Hex).map(Self)
            }
        }
    };
}

/// Reads bytes where they lie, without a copy of their text.
struct Hex<const N: usize>;

impl<const N: usize> Visitor<'_> for Hex<N> {
    type Value = [u8; N];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<[u8; N], E> {
        self.visit_bytes(text.as_bytes())
    }

    fn visit_bytes<E: Error>(self, text: &[u8]) -> Result<[u8; N], E> {
        read(text).ok_or_else(|| E::custom(NotAnId))
    }
}

/// The text is not lowercase hex of the right length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

id!(
    /// A SHA-256.
    Hash, 32);
id!(
    /// A body: the statement id of its genesis.
    BodyId, 32);
id!(
    /// A statement: the hash of its header.
    StatementId, 32);
id!(
    /// A device: the hash of its two public keys.
    DeviceId, 32);
id!(
    /// An Ed25519 or X25519 public key.
    PublicKey, 32);
id!(
    /// An Ed25519 signature.
    Signature, 64);
id!(
    /// Random bytes that make a statement unique.
    Nonce, 16);
id!(
    /// A member of the body.
    MemberId, 16);
id!(
    /// A named group of members.
    GroupId, 16);
id!(
    /// A meeting.
    MeetingId, 16);
id!(
    /// An agenda item.
    ItemId, 16);
id!(
    /// A paper, through all its revisions.
    PaperId, 16);
id!(
    /// One revision of a paper.
    RevId, 16);

impl From<StatementId> for BodyId {
    fn from(id: StatementId) -> Self {
        BodyId(id.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_lowercase_hex_of_its_length_and_nothing_else() {
        let id = Nonce([0, 1, 0x9a, 0xaf, 0xf9, 0xff, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0x0f]);
        let text = "00019aaff9ff060708090a0b0c0d0e0f";
        assert_eq!((id.to_string(), text.parse()), (text.to_owned(), Ok(id)));
        assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Nonce>(&format!("\"{text}\"")).unwrap(), id);
        for other in ["", "0", &text[1..], &text[2..], &format!("{text}0"), &format!("{text}00"), "é"] {
            assert_eq!(other.parse::<Nonce>(), Err(NotAnId), "{other}");
        }
        for byte in (0..=0x7f).filter(|byte: &u8| !matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            for at in [0, 1, 31] {
                let mut other = text.as_bytes().to_vec();
                other[at] = byte;
                assert_eq!(
                    String::from_utf8(other).unwrap().parse::<Nonce>(),
                    Err(NotAnId),
                    "{byte} at {at}"
                );
            }
        }
    }
}
