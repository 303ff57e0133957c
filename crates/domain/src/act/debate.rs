//! Kinds about what goes before a vote and comes after it, level 3: positions, speakers, conclusions, replies to opinions.

use crate::strict::{Int, nullable, present};
use crate::{Basis, ItemId, MemberId, Outcome, StatementId, Taken};
use serde::{Deserialize, Serialize};

/// `position.state`; payload: agree, speak or object, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PositionState {
    pub item: ItemId,
    /// The item's current revisions as the author's device knew them.
    pub basis: Basis,
}

/// `floor.ask`: the author wishes to speak.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FloorAsk {
    pub item: ItemId,
}

/// `floor.leave`: he no longer does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FloorLeave {
    pub item: ItemId,
}

/// `floor.order`: who speaks on the item, in order; the whole list, replacing the former.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FloorOrder {
    pub item: ItemId,
    pub members: Vec<MemberId>,
}

/// `conclusion.write`; payload: its text. The chair's own stands at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConclusionWrite {
    pub item: ItemId,
    /// The conclusion that it corrects; null for the first.
    #[serde(deserialize_with = "nullable")]
    pub replaces: Option<StatementId>,
    pub outcome: Outcome,
    /// Who makes the changes; only where there are some to make.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub by: Option<MemberId>,
    /// The closed poll that it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub poll: Option<StatementId>,
}

/// `conclusion.confirm`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConclusionConfirm {
    pub conclusion: StatementId,
}

/// `reply.write`: what the submitting agency makes of an opinion; payload: its explanation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyWrite {
    pub form: StatementId,
    pub ballot: StatementId,
    /// From 0.
    pub question: Int,
    pub taken: Taken,
}

/// `reply.approve`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplyApprove {
    pub form: StatementId,
    /// 1 to 1,000.
    pub replies: Vec<StatementId>,
}
