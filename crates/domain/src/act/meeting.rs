//! Kinds about meetings and papers.

use crate::strict::{Int, nullable};
use crate::{Agenda, ItemId, MeetingId, MemberId, PaperId, Presence, RevId, StatementId};
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

/// `attendance.claim`, level 3: a member says so himself; it counts once the secretariat sets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttendanceClaim {
    pub meeting: MeetingId,
    pub state: Presence,
}

/// `substitute.ask`, level 3: the substitution's id is this statement's; payload: why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubstituteAsk {
    /// Null: any meeting.
    #[serde(deserialize_with = "nullable")]
    pub meeting: Option<MeetingId>,
    pub substitute: MemberId,
    /// ms since 1970, held against the entry times of ballots.
    pub from: Int,
    pub until: Int,
}

/// `substitute.approve`, level 3
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubstituteApprove {
    pub request: StatementId,
}

/// `substitute.end`, level 3
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubstituteEnd {
    pub request: StatementId,
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
