//! Kinds about polls.

use crate::strict::nullable;
use crate::{Basis, ItemId, Rule, StatementId};
use serde::{Deserialize, Serialize};

/// `poll.open`: the poll's id is this statement's; payload: question, labels, legal basis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PollOpen {
    pub item: ItemId,
    pub rule: Rule,
}

/// `poll.close`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PollClose {
    pub poll: StatementId,
}

/// `ballot.cast`; payload: choice, text, the SHA-256 behind each revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BallotCast {
    pub poll: StatementId,
    /// The member's current ballot that this one takes the place of; null for the first.
    #[serde(deserialize_with = "nullable")]
    pub replaces: Option<StatementId>,
    /// The item's current revisions as the voter's device knew them.
    pub basis: Basis,
}
