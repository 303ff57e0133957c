//! What goes before a vote and comes after it, as far as headers tell.

use crate::{Basis, Int, MeetingId, MemberId, StatementId};
use serde::{Deserialize, Serialize};

/// A member's position on an item before the meeting: the choice is a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    pub statement: StatementId,
    /// Position of the entry.
    pub at: u64,
    pub basis: Basis,
    /// All may see it: only such a one may stand for a ballot, so that the result can be proven to all.
    pub public: bool,
}

/// The payload of `position.state`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PositionPayload {
    pub choice: Stance,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::present")]
    pub text: Option<String>,
}

impl PositionPayload {
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        crate::strict::read_text(bytes)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stance {
    /// No objection.
    Agree,
    /// Wishes to speak.
    Speak,
    Object,
}

/// Someone acts in a member's place for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Substitution {
    pub member: MemberId,
    pub substitute: MemberId,
    /// None: any meeting.
    pub meeting: Option<MeetingId>,
    /// ms since 1970.
    pub from: u64,
    pub until: u64,
    pub asked_at: u64,
    pub approved: Option<u64>,
    pub ended: Option<u64>,
}

impl Substitution {
    /// Whether the substitute may act for the member at a meeting at an entry's time.
    pub fn holds(&self, meeting: Option<MeetingId>, time: u64) -> bool {
        let here = self.meeting.is_none() || self.meeting == meeting;
        here && self.approved.is_some() && self.ended.is_none() && (self.from..self.until).contains(&time)
    }
}

/// What was concluded on an item; its text is a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conclusion {
    pub statement: StatementId,
    /// Position of the entry: where its text is found.
    pub at: u64,
    pub outcome: Outcome,
    /// Who makes the changes.
    pub by: Option<MemberId>,
    pub poll: Option<StatementId>,
    /// Position at which the chair wrote or confirmed it.
    pub confirmed: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    Adopted,
    /// Adopted with changes to make.
    Changes,
    Deferred,
    Rejected,
}

/// What the submitting agency makes of an opinion; its explanation is a payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub statement: StatementId,
    pub at: u64,
    pub form: StatementId,
    pub taken: Taken,
    pub approved: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Taken {
    /// Taken in.
    Yes,
    /// In part.
    Part,
    /// Not taken in, and why.
    Explained,
}

/// Of which ballot and which of its questions something is said.
pub type OpinionOf = (StatementId, Int);
