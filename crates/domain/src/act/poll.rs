//! Kinds about polls: single questions, forms of several, blocks of several items, and what is counted by hand.

use crate::strict::{Int, nullable, present};
use crate::{Basis, Choice, ItemId, MemberId, Rule, StatementId};
use serde::{Deserialize, Serialize};

/// `poll.open`: the poll's id is this statement's; payload: question, labels, legal basis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PollOpen {
    pub item: ItemId,
    pub rule: Rule,
}

/// `form.send`, level 3: an opinion form, a poll of several questions; payload: number, subject, questions, labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormSend {
    /// Its papers are the dossier.
    pub item: ItemId,
    /// Empty: all who have a vote.
    pub asked: Vec<MemberId>,
    /// 1 to 20.
    pub questions: Vec<Rule>,
    /// The office that replies to the opinions.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub agency: Option<String>,
    /// The office that approves what the agency replies.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub approver: Option<String>,
}

/// `block.open`, level 3: one vote over several items of a meeting; payload: question, labels, legal basis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockOpen {
    /// 2 to 64.
    pub items: Vec<ItemId>,
    pub rule: Rule,
}

/// `poll.pull`, level 3: a member takes an item out of a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PollPull {
    pub poll: StatementId,
    pub item: ItemId,
}

/// `poll.extend`, level 3
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PollExtend {
    pub poll: StatementId,
    /// ms since 1970.
    pub closes: Int,
}

/// `poll.recall`, level 3: it ends without a result; payload: why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PollRecall {
    pub poll: StatementId,
}

/// `poll.close`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PollClose {
    pub poll: StatementId,
}

/// `ballot.cast`; payload: choice, text, the SHA-256 behind each revision; on a form: the answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BallotCast {
    pub poll: StatementId,
    /// The member's current ballot that this one takes the place of; null for the first.
    #[serde(deserialize_with = "nullable")]
    pub replaces: Option<StatementId>,
    /// The current revisions as the voter's device knew them.
    pub basis: Basis,
    /// Level 3: whom the author votes for as a substitute.
    #[serde(rename = "for", default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub in_place_of: Option<MemberId>,
}

/// `hands.enter`, level 3: what the secretariat saw; payload, with `members`: their choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandsEnter {
    pub poll: StatementId,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub totals: Option<Totals>,
    /// Instead of totals: whose hands were seen, 1 to 1,000.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub members: Option<Vec<MemberId>>,
}

impl HandsEnter {
    pub(crate) fn is_formed(&self, payload: bool) -> bool {
        match (&self.totals, &self.members) {
            (Some(_), None) => !payload,
            (None, Some(members)) => payload && (1..=1000).contains(&members.len()),
            _ => false,
        }
    }
}

/// Hands counted without names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    pub yes: Int,
    pub no: Int,
    pub abstain: Int,
    pub other: Int,
}

impl Totals {
    pub fn sum(&self) -> u64 {
        self.of_choices().map(|(_, count)| count).sum()
    }

    pub(crate) fn of_choices(&self) -> impl Iterator<Item = (Choice, u64)> {
        let counts = [self.yes, self.no, self.abstain, self.other].map(Int::get);
        [Choice::Yes, Choice::No, Choice::Abstain, Choice::Other].into_iter().zip(counts)
    }
}

/// `hands.confirm`, level 3: the chair saw the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandsConfirm {
    pub hands: StatementId,
}
