//! Meetings, agenda items, papers and their revisions, as far as headers tell.

use crate::{Audience, ItemId, MeetingId, MemberId, PaperId, RevId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meeting {
    /// Of the last `meeting.publish`, from 1; 0 before the first.
    pub version: u64,
    /// Position of the last `meeting.publish`: where title, time and place are found.
    pub published_at: Option<u64>,
    pub agenda: Agenda,
    pub attendance: BTreeMap<MemberId, Presence>,
    /// What members say of themselves, each with its position: counts for nothing until it is set.
    pub claims: BTreeMap<MemberId, (Presence, u64)>,
}

/// The published agenda, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Agenda(pub Vec<Placement>);

/// An item's place on the agenda with the revisions that are current.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Placement {
    pub item: ItemId,
    pub papers: Vec<Rev>,
}

/// A paper in one revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rev {
    pub paper: PaperId,
    pub rev: RevId,
}

impl Agenda {
    pub fn place(&self, item: ItemId) -> Option<&Placement> {
        self.0.iter().find(|place| place.item == item)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub meeting: MeetingId,
    /// Position of the last `item.set`: where title, agency and time are found.
    pub set_at: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    pub item: ItemId,
    /// Every revision and the position of the entry that holds its title and manifest, oldest first.
    pub revs: Vec<(RevId, u64)>,
    /// Who may sign the newest revision.
    pub signers: Vec<MemberId>,
    /// Who may see the newest revision: a signed one keeps it.
    pub audience: Vec<Audience>,
    /// Revisions made by signing, with the signer.
    pub signed: BTreeMap<RevId, MemberId>,
}

impl Paper {
    /// Revisions after this one, oldest first.
    pub fn after(&self, rev: RevId) -> impl Iterator<Item = RevId> {
        self.revs.iter().map(|(known, _)| *known).skip_while(move |known| *known != rev).skip(1)
    }

    /// Whether `later` is `rev` with signatures: nothing but signing lies between them.
    pub fn is_signed_copy(&self, rev: RevId, later: RevId) -> bool {
        let mut between = self.after(rev).take_while(|known| *known != later).chain([later]);
        between.all(|known| self.signed.contains_key(&known))
    }

    /// This revision with all signatures that its text has by now.
    pub fn newest_copy(&self, rev: RevId) -> RevId {
        self.after(rev).take_while(|later| self.signed.contains_key(later)).last().unwrap_or(rev)
    }

    /// Who has signed this revision's text, newest first, each with the revision that he made.
    pub fn signatures(&self, rev: RevId) -> impl Iterator<Item = (RevId, MemberId)> {
        let known = self.revs.iter().rev().map(|(known, _)| *known);
        let back = known.skip_while(move |known| *known != rev);
        back.map_while(|known| Some((known, *self.signed.get(&known)?)))
    }

    pub fn has_signed(&self, rev: RevId, member: MemberId) -> bool {
        self.signatures(rev).any(|(_, signer)| signer == member)
    }
}

/// A member's attendance at a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    Present,
    Remote,
    Absent,
    /// Someone attends in the member's place (họp thay): not counted as present.
    Substitute,
}

impl Presence {
    pub fn counts(self) -> bool {
        matches!(self, Presence::Present | Presence::Remote)
    }
}
