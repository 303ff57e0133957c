//! Where a server keeps what it holds. The doc comments are the contract; `conformance` holds every store to it.

#[cfg(test)]
mod conformance;
mod schema;
mod sqlite;

pub use sqlite::SqliteStore;

use ecabinet_domain::{BodyId, DeviceId, Hash};
use ecabinet_protocol::content::{ChunkName, ChunkRef};
use ecabinet_protocol::pairing::{PairSays, PairStep, Pairing};
use ecabinet_protocol::space::{SealedKey, SpaceOwner, StoredOp};
use ecabinet_protocol::sync::{DeviceReport, Report, SpaceId, SpaceInfo};
use ecabinet_record::{Checkpoint, Payload};

/// What the servers of an installation share. Every verb that writes is one durable step: when it has returned, the
/// writing survives a power cut; when it has failed, all of it or nothing of it may have been written. Any number of
/// servers may run on one store.
pub trait Store: Send + Sync {
    /// Puts a body's first entry and spends one body of the token. False, and nothing is spent, if the body is there
    /// already. `Token` if the token is unknown or spent.
    fn create_body(
        &self,
        body: BodyId,
        genesis: &NewEntry,
        root: Hash,
        token: Hash,
    ) -> Result<bool, StoreError>;
    fn bodies(&self) -> Result<Vec<BodyId>, StoreError>;
    /// The body whose id begins so.
    fn body_by_prefix(&self, prefix: [u8; 16]) -> Result<Option<BodyId>, StoreError>;

    /// Where the body's record ends. `UnknownBody` if there is none.
    fn head(&self, body: BodyId) -> Result<Head, StoreError>;
    /// The same for whoever is about to append, and whether there is anything in `waits`.
    fn look(&self, body: BodyId) -> Result<(Head, bool), StoreError> {
        Ok((self.head(body)?, self.waits(body)? != Waits::default()))
    }
    /// Appends all entries with their payloads, destroys the payloads of `erase`, and sets the head, if the record
    /// still ends at `from` (compare and set on size and root); else `Conflict` with where it ends now. `Held` if entries
    /// are awaited, or the record is held, and this is a usual step.
    fn append(&self, body: BodyId, append: &Append) -> Result<(), StoreError>;
    /// Leaves from a position on, in order: at least one if there is one, then as many as stay within `max_bytes`.
    fn entries(&self, body: BodyId, from: u64, max_bytes: usize) -> Result<Vec<Vec<u8>>, StoreError>;
    /// The payload of the entry at this position; none if it has none, or no more.
    fn payload(&self, body: BodyId, index: u64) -> Result<Option<Payload>, StoreError>;

    /// Notes that entries up to this checkpoint were recorded and are not here, if the record still ends at `from`
    /// (compare and set); else `Conflict`. From now on no `Step::Usual` is appended, until the record has come so far or
    /// a new epoch has begun. Changes nothing if as much or more is awaited.
    fn await_entries(&self, body: BodyId, from: Head, awaited: &Checkpoint) -> Result<(), StoreError>;
    /// From now on no `Step::Usual` is appended until `release`, a new epoch, or as the hold says; in place of a former
    /// hold.
    fn hold(&self, body: BodyId, hold: Hold) -> Result<(), StoreError>;
    /// Ends the hold. What is awaited stays awaited.
    fn release(&self, body: BodyId) -> Result<(), StoreError>;
    fn waits(&self, body: BodyId) -> Result<Waits, StoreError>;
    /// Positions of entries that were taken back and still lack their payload or something that it names, in order.
    fn lacking(&self, body: BodyId) -> Result<Vec<u64>, StoreError>;
    /// Puts the payload of an entry that lacks one; of any other it changes nothing.
    fn put_payload(&self, body: BodyId, index: u64, payload: &Payload) -> Result<(), StoreError>;
    /// Notes that the entry at this position lacks nothing any longer.
    fn set_whole(&self, body: BodyId, index: u64) -> Result<(), StoreError>;

    /// Notes chunks that lie in the chunk store.
    fn note_chunks(&self, body: BodyId, chunks: &[ChunkRef]) -> Result<(), StoreError>;
    /// The size of each chunk, in the order given; none for one that was never noted.
    fn chunk_sizes(&self, body: BodyId, names: &[ChunkName]) -> Result<Vec<Option<u32>>, StoreError>;
    /// Those of the names that were never noted, in the order given.
    fn lacking_chunks(&self, body: BodyId, names: &[ChunkName]) -> Result<Vec<ChunkName>, StoreError> {
        let sizes = self.chunk_sizes(body, names)?;
        Ok(names.iter().zip(sizes).filter(|(_, size)| size.is_none()).map(|(name, _)| *name).collect())
    }
    /// All chunks noted, by name.
    fn chunks(&self, body: BodyId) -> Result<Vec<ChunkRef>, StoreError>;

    /// Appends operations of one owner in one step. The owner of a space is whoever appends to it first. An operation
    /// that stands already is passed over; otherwise each must be its device's next (`SpaceGap`), must name the hash of
    /// the one before (`SpaceFork`), and the space must be the owner's (`SpaceOwner`).
    fn append_ops(&self, body: BodyId, owner: SpaceOwner, ops: &[StoredOp]) -> Result<(), StoreError>;
    /// The owner's spaces, by id.
    fn spaces(&self, body: BodyId, owner: SpaceOwner) -> Result<Vec<SpaceInfo>, StoreError>;
    /// Operations in the order in which they came, from a place on; limits as for `entries`. Empty for another's space.
    fn ops(
        &self,
        body: BodyId,
        owner: SpaceOwner,
        space: SpaceId,
        from: u64,
        max_bytes: usize,
    ) -> Result<Vec<StoredOp>, StoreError>;
    /// Keeps sealed keys, each in place of a former one of the same space, epoch and addressee; the owner as for
    /// `append_ops`.
    fn put_space_keys(&self, body: BodyId, owner: SpaceOwner, keys: &[SealedKey]) -> Result<(), StoreError>;
    /// Keys sealed to any of these, of spaces of this owner.
    fn space_keys(
        &self,
        body: BodyId,
        owner: SpaceOwner,
        to: &[DeviceId],
    ) -> Result<Vec<SealedKey>, StoreError>;
    /// All sealed keys of a space, by epoch. None of another's space.
    fn all_space_keys(
        &self,
        body: BodyId,
        owner: SpaceOwner,
        space: SpaceId,
    ) -> Result<Vec<SealedKey>, StoreError>;

    /// Takes a message of the pairing of two devices, said at `time` (ms since 1970) by either. One that is not in its turn
    /// (`Pairing::take`) is passed over; a pairing begins with a commitment.
    fn pair(
        &self,
        body: BodyId,
        new: DeviceId,
        old: DeviceId,
        step: &PairStep,
        time: u64,
    ) -> Result<(), StoreError>;
    /// Pairings of a device, on either side, by their two devices. Those without a message since are forgotten, whosever
    /// they are.
    fn pairings(&self, body: BodyId, device: DeviceId, since: u64) -> Result<Vec<Pairing>, StoreError>;

    /// How much has been said beside the record of a body, by whomever. 0 for an unknown body.
    fn beside(&self, body: BodyId) -> Result<Beside, StoreError>;

    /// Notes when a device last spoke, in ms since 1970, and what it then said it holds, in one step.
    fn report(&self, body: BodyId, device: DeviceId, time: u64, reports: &[Report])
    -> Result<(), StoreError>;
    /// What each device last said, by device and meeting.
    fn reports(&self, body: BodyId) -> Result<Vec<DeviceReport>, StoreError>;

    /// Lets the holder of a token create so many bodies. The store knows the token's hash only.
    fn add_token(&self, token: Hash, bodies: u32) -> Result<(), StoreError>;
    /// How many bodies the token still creates.
    fn token_left(&self, token: Hash) -> Result<u32, StoreError>;
    /// How often an administrator has confirmed the clock.
    fn clock_confirmed(&self) -> Result<u64, StoreError>;
    fn confirm_clock(&self) -> Result<(), StoreError>;
}

/// What grows beside a record. Another value means that something was said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beside {
    /// Operations of all spaces, and their keys.
    pub spaces: u64,
    /// Messages of pairings, and when they came.
    pub pairings: (u64, u64),
}

/// The end of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Entries.
    pub size: u64,
    pub root: Hash,
}

/// An entry to append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    pub leaf: Vec<u8>,
    pub payload: Option<Payload>,
}

/// One step of a record.
#[derive(Debug)]
pub struct Append<'a> {
    pub from: Head,
    pub entries: &'a [NewEntry],
    /// The root with these entries.
    pub root: Hash,
    /// Positions whose payloads are destroyed.
    pub erase: &'a [u64],
    pub step: Step<'a>,
}

/// Why a record grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// Somebody did something.
    Usual,
    /// Entries that were lost are back; these of them lack their payloads. A hold, if there is one, now lasts until
    /// then, in ms since 1970.
    TakenBack { lacking: &'a [u64], held_until: u64 },
    /// A registrar gives up what is awaited up to this size; `Held` if more is awaited by now. A hold is over.
    NewEpoch(u64),
}

/// Why a restored record does not grow yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waits {
    /// Entries up to here were recorded and are not here.
    pub awaited: Option<Checkpoint>,
    pub hold: Option<Hold>,
}

/// Devices that have more than a restored record are let come first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hold {
    /// When it is over, in ms since 1970; none: not by itself.
    pub until: Option<u64>,
}

impl Waits {
    /// Whether a hold is in force at `now`, in ms since 1970.
    pub fn held_at(&self, now: u64) -> bool {
        self.hold.is_some_and(|hold| hold.until.is_none_or(|until| now < until))
    }
}

#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    #[error("store.unknown_body")]
    UnknownBody,
    #[error("store.conflict at {0:?}")]
    Conflict(Head),
    /// Entries are awaited up to this size; none: the record is held.
    #[error("server.healing up to {0:?}")]
    Held(Option<u64>),
    #[error("admission.token")]
    Token,
    /// The device's next operation in the space would be this.
    #[error("space.gap, next is {0}")]
    SpaceGap(u64),
    #[error("space.fork")]
    SpaceFork,
    #[error("space.owner")]
    SpaceOwner,
    /// The store was written by a newer program.
    #[error("store.newer: schema {0}")]
    Newer(u32),
    #[error("store.failed: {0}")]
    Failed(String),
}

impl StoreError {
    pub fn code(&self) -> &'static str {
        match self {
            StoreError::UnknownBody => "body.unknown",
            StoreError::Conflict(_) => "store.conflict",
            StoreError::Held(_) => "server.healing",
            StoreError::Token => "admission.token",
            StoreError::SpaceGap(_) => "space.gap",
            StoreError::SpaceFork => "space.fork",
            StoreError::SpaceOwner => "space.owner",
            StoreError::Newer(_) => "store.newer",
            StoreError::Failed(_) => "store.failed",
        }
    }
}
