//! Kinds about meetings and papers.

use crate::strict::Int;
use crate::{Agenda, ItemId, MeetingId, MemberId, PaperId, Presence, RevId};
use serde::{Deserialize, Serialize};

/// `item.set`; payload: title, agency, time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemSet {
    pub meeting: MeetingId,
    pub item: ItemId,
}

/// `paper.publish`: a revision of a paper; payload: title and manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperPublish {
    pub item: ItemId,
    pub paper: PaperId,
    pub rev: RevId,
    /// Members who may sign this revision.
    pub signers: Vec<MemberId>,
}

/// `meeting.publish`: the whole agenda, replacing the former; payload: title, time, place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeetingPublish {
    pub meeting: MeetingId,
    /// One more than the last, from 1.
    pub version: Int,
    pub agenda: Agenda,
}

/// `attendance.set`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttendanceSet {
    pub meeting: MeetingId,
    pub member: MemberId,
    pub state: Presence,
}

/// `paper.sign`: a signed revision takes the place of the one it signs; payload: SHA-256 before and after, manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperSign {
    pub paper: PaperId,
    pub rev: RevId,
    pub new_rev: RevId,
}

/// `payload.erase`: the payload of an earlier entry is destroyed, the proof stays; payload: why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayloadErase {
    pub entry: Int,
}
