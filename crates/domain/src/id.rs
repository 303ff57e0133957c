//! Identifiers as they stand in headers: lowercase hex of fixed length, nothing else.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::fmt;

/// Reads exactly `N` bytes from lowercase hex.
pub fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        return None;
    }
    let mut out = [0; N];
    hex::decode_to_slice(text, &mut out).ok()?;
    Some(out)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
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
                s.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                from_hex(&text).map(Self).ok_or_else(|| D::Error::custom("not an id"))
            }
        }
    };
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
