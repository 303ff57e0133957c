//! The header of a statement, as it is signed.

use crate::strict::{self, Int, nullable, present};
use crate::{Act, As, Audience, BodyId, DeviceId, Hash, Nonce, StatementId, act::Carries};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A header's largest size in bytes.
pub const MAX_HEADER: usize = 64 << 10;
/// A ballot header's largest size in bytes: its receipt stays below 4 KB.
pub const MAX_BALLOT_HEADER: usize = 1024;

/// A header, parsed and well-formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// None in genesis only.
    pub body: Option<BodyId>,
    pub level: u64,
    pub device: DeviceId,
    pub nonce: Nonce,
    /// The author's own time in ms since 1970: a claim only.
    pub claimed: Int,
    pub seen: Seen,
    pub capacity: As,
    pub act: Act,
    /// Commitment to the payload.
    pub payload: Option<Hash>,
    /// Who may see the payload; empty where there is none.
    pub audience: Vec<Audience>,
}

/// The newest checkpoint that the device had verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    pub size: Int,
    pub root: Hash,
}

/// A header with the identity that its bytes give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub id: StatementId,
    pub header: Header,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    v: Int,
    #[serde(deserialize_with = "nullable")]
    body: Option<BodyId>,
    kind: &'a str,
    level: Int,
    device: DeviceId,
    nonce: Nonce,
    claimed: Int,
    seen: Seen,
    #[serde(rename = "as")]
    capacity: &'a str,
    #[serde(borrow)]
    data: &'a RawValue,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    payload: Option<Hash>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    audience: Option<Vec<Audience>>,
}

impl Header {
    /// Reads a header; none if anything about its form is wrong.
    pub fn parse(bytes: &[u8]) -> Option<Header> {
        if bytes.len() > MAX_HEADER {
            return None;
        }
        let wire: Wire = strict::read(bytes)?;
        let act = Act::parse(wire.kind, wire.data)?;
        let has_audience = wire.audience.is_some();
        let header = Header {
            body: wire.body,
            level: wire.level.get(),
            device: wire.device,
            nonce: wire.nonce,
            claimed: wire.claimed,
            seen: wire.seen,
            capacity: As(wire.capacity.to_owned()),
            act,
            payload: wire.payload,
            audience: wire.audience.unwrap_or_default(),
        };
        let carries = match header.act.carries() {
            Carries::Must => header.payload.is_some(),
            Carries::May => true,
            Carries::Never => header.payload.is_none(),
        };
        let audience = has_audience == header.payload.is_some()
            && header.audience.is_empty() == header.payload.is_none()
            && header.audience.len() <= 64;
        let formed = header.act.is_formed(header.payload.is_some());
        let size = !matches!(header.act, Act::BallotCast(_)) || bytes.len() <= MAX_BALLOT_HEADER;
        let genesis = header.body.is_none() == matches!(header.act, Act::BodyGenesis(_));
        (wire.v.get() == 1 && carries && formed && audience && size && genesis).then_some(header)
    }

    /// The lowest level of a body in which such a header may stand.
    pub fn needs_level(&self) -> u64 {
        let audience = self.audience.iter().map(Audience::level).max();
        self.act.level().max(audience.unwrap_or(1))
    }

    /// The bytes to sign, made once by the author; everybody else keeps them as received.
    pub fn to_bytes(&self) -> Vec<u8> {
        let data = self.act.data();
        let wire = Wire {
            v: Int::from(1),
            body: self.body,
            kind: self.act.kind(),
            level: Int::new(self.level).unwrap_or_default(),
            device: self.device,
            nonce: self.nonce,
            claimed: self.claimed,
            seen: self.seen,
            capacity: &self.capacity.0,
            data: &data,
            payload: self.payload,
            audience: self.payload.map(|_| self.audience.clone()),
        };
        serde_json::to_vec(&wire).expect("plain data")
    }
}
