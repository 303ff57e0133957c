//! What can be said of a statement before it is its turn: on any core, by a record that may have grown since.

use super::Replica;
use crate::{Envelope, Leaf, leaf};
use ecabinet_domain::{Hash, Header, PublicKey, Statement, StatementId};

/// A statement that has been read, and perhaps held against its author's key.
#[derive(Debug, Clone)]
pub struct Looked {
    envelope: Envelope,
    id: StatementId,
    /// None if the header is malformed.
    statement: Option<Statement>,
    /// The key that the signature was held against, and whether it holds.
    tried: Option<(PublicKey, bool)>,
}

impl Looked {
    /// Reads it; its signature is left for its turn.
    pub fn new(envelope: Envelope) -> Looked {
        let id = envelope.id();
        let statement = Header::parse(&envelope.header).map(|header| Statement { id, header });
        Looked { envelope, id, statement, tried: None }
    }

    pub fn id(&self) -> StatementId {
        self.id
    }

    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// None if it is malformed.
    pub fn header(&self) -> Option<&Header> {
        self.statement.as_ref().map(|statement| &statement.header)
    }

    /// Holds the signature against a key. Its turn does so again only if the key must be another by then.
    pub fn try_key(&mut self, key: &PublicKey) {
        self.tried = Some((*key, self.envelope.verify(key)));
    }

    pub(super) fn statement(&self) -> Option<&Statement> {
        self.statement.as_ref()
    }

    pub(super) fn into_statement(self) -> Option<Statement> {
        self.statement
    }

    pub(super) fn is_signed_by(&self, key: &PublicKey) -> bool {
        match self.tried {
            Some((tried, holds)) if tried == *key => holds,
            _ => self.envelope.verify(key),
        }
    }
}

impl From<Envelope> for Looked {
    fn from(envelope: Envelope) -> Looked {
        Looked::new(envelope)
    }
}

impl Replica {
    /// The key that must have signed the statement if its device stays what it is; none if it is none yet, or no more.
    pub fn expected_key(&self, looked: &Looked) -> Option<PublicKey> {
        let (_, key) = self.state()?.author(looked.header()?.device)?;
        Some(key)
    }
}

/// A leaf's own part beside its statement.
pub(super) struct LookedLeaf {
    pub(super) time: u64,
    pub(super) hash: Hash,
    pub(super) looked: Looked,
}

impl LookedLeaf {
    /// None if the leaf is malformed.
    pub(super) fn new(bytes: &[u8]) -> Option<LookedLeaf> {
        let Leaf { time, envelope } = Leaf::parse(bytes)?;
        Some(LookedLeaf { time, hash: leaf::hash(bytes), looked: Looked::new(envelope) })
    }
}
