//! The sync API: what a client and a server say to each other. The server implements the traits in process, the
//! client over HTTP; MessagePack with named fields crosses the wire, and fields are only ever added.

use crate::content::ChunkName;
use crate::error::ApiError;
pub use crate::healing::{Ahead, HandBack, Lacking};
use crate::pairing::{PairStep, Pairing};
use crate::space::{KeyId, SealedKey, StoredOp};
use async_trait::async_trait;
use ecabinet_domain::{BodyId, DeviceId, Hash, MeetingId, PaperId, PublicKey, RevId, Signature, StatementId};
use ecabinet_record::refusal::SignedRefusal;
use ecabinet_record::{Envelope, Payload};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

pub type Answer<T> = Result<T, ApiError>;

/// What a server says to anyone.
#[async_trait]
pub trait Gate: Send + Sync {
    async fn info(&self) -> Answer<ServerInfo>;
    /// Admits a body's genesis; the token is spent. The same genesis again is answered as before.
    async fn create_body(&self, request: CreateBody) -> Answer<String>;
    /// The body whose id begins so.
    async fn find_body(&self, prefix: [u8; 16]) -> Answer<BodyId>;
}

/// What a server says to a device that has shown who it is.
#[async_trait]
pub trait Connection: Send + Sync {
    /// Entries from a position on, at most about 4 MiB of them, with the payloads that the asker may see now, and a
    /// checkpoint that includes them all.
    async fn entries(&self, from: u64) -> Answer<EntriesPage>;
    /// The payloads at these positions that the asker may see now; the others are left out.
    async fn payloads(&self, indexes: Vec<u64>) -> Answer<Vec<PayloadAt>>;
    /// Offers statements, in order; the same statement again gets the same answer. `together`: all or none.
    async fn submit(&self, request: Submit) -> Answer<SubmitAnswer>;
    /// Which of these chunks the server lacks.
    async fn missing_chunks(&self, names: Vec<ChunkName>) -> Answer<Vec<ChunkName>>;
    async fn put_chunks(&self, chunks: Vec<(ChunkName, bytes::Bytes)>) -> Answer<()>;
    /// Sends the chunks of a revision that the asker may see, in the order asked; `take` returns false to stop.
    async fn chunks(
        &self,
        request: WantChunks,
        take: &mut (dyn FnMut(ChunkName, bytes::Bytes) -> bool + Send),
    ) -> Answer<()>;
    /// The asker's own spaces, with the number of operations held.
    async fn spaces(&self) -> Answer<Vec<SpaceInfo>>;
    /// Spaces that the asker shares with others, as far as anything is in them.
    async fn shared(&self) -> Answer<Vec<SpaceInfo>>;
    /// Appends sealed operations; gaps in a device's counter are refused.
    async fn append_ops(&self, ops: Vec<StoredOp>) -> Answer<()>;
    /// Operations of a space in feed order, from a place on, at most about 4 MiB.
    async fn ops(&self, space: SpaceId, from: u64) -> Answer<Vec<StoredOp>>;
    async fn put_space_keys(&self, keys: Vec<SealedKey>) -> Answer<()>;
    /// Sealed keys of the member's own spaces, for the asking device.
    async fn space_keys(&self) -> Answer<Vec<SealedKey>>;
    /// Sealed keys of a shared space.
    async fn shared_keys(&self, space: SpaceId) -> Answer<SharedKeys>;
    /// Says these to other devices of the member, and gives what has been said in all pairings of this device.
    async fn pair(&self, steps: Vec<PairStep>) -> Answer<Vec<Pairing>>;
    /// Says what this device holds of these meetings, which takes the place of what it said of them before; for the
    /// secretariat's board, never for the record.
    async fn report(&self, reports: Vec<Report>) -> Answer<()>;
    /// For the secretariat: what each device last said.
    async fn board(&self) -> Answer<Vec<DeviceReport>>;
    /// Says, and proves, that the server has signed a checkpoint beyond its record: a backup was restored. From now on it
    /// orders nothing until the entries are back. Gives the position from which it lacks them; its size if it lacks
    /// none. `healing.moved` if its record is another than the proof is about.
    async fn ahead(&self, ahead: Ahead) -> Answer<u64>;
    /// Hands back all entries up to a checkpoint that the server has signed; all are taken, or none.
    async fn hand_back(&self, back: HandBack) -> Answer<()>;
    /// What the server lacks beside the entries.
    async fn lacking(&self) -> Answer<Lacking>;
    /// Hands back payloads that the server lacks.
    async fn put_payloads(&self, payloads: Vec<PayloadAt>) -> Answer<()>;
    /// Resolves when the record has grown beyond what is given, a space has, or a pairing has gone on, or after a while; a
    /// hint, not a truth.
    async fn wait(&self, size: u64) -> Answer<u64>;
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerInfo {
    pub version: String,
    /// Signs the checkpoints of bodies created from now on.
    pub log_key: PublicKey,
    /// SHA-256 of the CA's public key.
    pub ca: Hash,
    /// The server's clock in ms since 1970.
    pub time: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateBody {
    pub token: String,
    pub genesis: Offer,
}

/// A statement with its payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    pub header: ByteBuf,
    pub signature: Signature,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<SaltedPayload>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaltedPayload {
    pub salt: Hash,
    pub bytes: ByteBuf,
}

impl Offer {
    pub fn new(envelope: Envelope, payload: Option<Payload>) -> Offer {
        Offer {
            header: ByteBuf::from(envelope.header),
            signature: envelope.signature,
            payload: payload.map(Into::into),
        }
    }

    pub fn envelope(&self) -> Envelope {
        Envelope { header: self.header.to_vec(), signature: self.signature }
    }
}

impl From<Payload> for SaltedPayload {
    fn from(payload: Payload) -> Self {
        SaltedPayload { salt: Hash(payload.salt), bytes: ByteBuf::from(payload.bytes) }
    }
}

impl From<SaltedPayload> for Payload {
    fn from(payload: SaltedPayload) -> Self {
        Payload { salt: payload.salt.0, bytes: payload.bytes.into_vec() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntriesPage {
    pub leaves: Vec<ByteBuf>,
    pub payloads: Vec<PayloadAt>,
    /// The signed note.
    pub checkpoint: String,
    /// Whether the server lacks payloads or chunks that clients may have: see `Connection::lacking`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks: bool,
    /// The signed note up to which the server awaits entries; it orders nothing until they are back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub awaited: Option<String>,
    /// The server was restored and orders nothing yet: it lets devices that have more come first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayloadAt {
    pub index: u64,
    pub payload: SaltedPayload,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submit {
    pub offers: Vec<Offer>,
    /// All are appended in one step, or none is.
    pub together: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmitAnswer {
    /// One for each offer; after a refusal of a `together` request the others say `request.together`.
    pub outcomes: Vec<Submitted>,
    /// Includes all that is recorded here.
    pub checkpoint: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Submitted {
    Recorded { statement: StatementId, index: u64 },
    Refused { refusal: SignedRefusal, params: std::collections::BTreeMap<String, String> },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantChunks {
    pub paper: PaperId,
    pub rev: RevId,
    pub names: Vec<ChunkName>,
}

pub type SpaceId = ecabinet_domain::Nonce;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpaceInfo {
    pub space: SpaceId,
    pub ops: u64,
    /// Sealed keys.
    #[serde(default)]
    pub keys: u64,
}

/// The sealed keys of a shared space as somebody who belongs to it sees them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedKeys {
    /// Those for the asking device.
    pub sealed: Vec<SealedKey>,
    /// Who has been given which key.
    pub given: Vec<Given>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Given {
    pub epoch: u32,
    pub key: KeyId,
    pub to: DeviceId,
}

/// What a device holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub meeting: MeetingId,
    /// The version of the meeting whose papers are all on the device; 0 for none.
    pub ready_version: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceReport {
    pub device: DeviceId,
    /// ms since 1970, by the server's clock.
    pub last_contact: u64,
    pub ready: Vec<Report>,
}

/// How a device opens a session: it signs the server's challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRequest {
    pub body: BodyId,
    pub who: Who,
    pub challenge: Hash,
    pub signature: Signature,
}

/// A device, or the holder of an invitation, who may read headers to make his enrolment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Who {
    Device(DeviceId),
    Invitation(PublicKey),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionAnswer {
    /// Sent as `authorization: Bearer <token>`.
    pub token: String,
}

/// The bytes that open a session when signed.
pub fn session_message(body: BodyId, who: &Who, challenge: &Hash) -> Vec<u8> {
    let (tag, id) = match who {
        Who::Device(id) => (b"d", id.0),
        Who::Invitation(key) => (b"i", key.0),
    };
    [b"ecabinet/v1/session\n", &body.0[..], tag, &id, &challenge.0].concat()
}
