use crate::{DeviceKeys, MemberId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A person of the body: a member with a vote, the secretariat, or staff, by the offices held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub id: MemberId,
    /// `member` gives a vote; `chair` and `secretariat` give the acts of their office; others are the body's own.
    pub offices: Vec<String>,
    /// Protocol order (thứ tự lễ tân), from 1.
    pub order: u64,
    /// Position in the record of the entry that last set the offices: where name and title are found.
    pub set_at: u64,
    /// Position of the entry that first put the member in office.
    pub since: u64,
    /// Position of the retirement.
    pub until: Option<u64>,
    /// Offices that he held and holds no more, by the position of the entry that took them: his retirement, or others in their
    /// place.
    pub gave_up: BTreeMap<String, u64>,
    /// Public halves of the personal recovery code, from the first enrolment.
    pub recovery: Option<DeviceKeys>,
}

impl Member {
    pub const VOTE: &str = "member";
    pub const CHAIR: &str = "chair";
    pub const SECRETARIAT: &str = "secretariat";
    /// Head of office: where somebody holds it, opinion forms are sent with his approval only.
    pub const HEAD: &str = "head";

    pub fn in_office(&self) -> bool {
        self.until.is_none()
    }

    pub fn holds(&self, office: &str) -> bool {
        self.in_office() && self.offices.iter().any(|held| held == office)
    }

    pub fn has_vote(&self) -> bool {
        self.holds(Self::VOTE)
    }
}

/// The name of an office: 1 to 32 of a-z, 0-9, `-`, not one of the words that name other capacities.
pub(crate) fn is_office(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !["registrar", "recovery", "all"].contains(&text)
}
