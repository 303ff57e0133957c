//! Papers and what of them is on this device.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How much of some papers is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Readiness {
    pub ready: u32,
    pub total: u32,
    #[ts(type = "number")]
    pub bytes_ready: u64,
    #[ts(type = "number")]
    pub bytes_total: u64,
}

/// A paper in its current revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PaperRow {
    pub paper: String,
    pub rev: String,
    /// Which revision this is, from 1.
    pub version: u32,
    pub title: String,
    pub pages: u32,
    #[ts(type = "number")]
    pub bytes: u64,
    #[ts(type = "number")]
    pub bytes_ready: u64,
    pub state: PaperState,
    /// How many have signed this revision.
    pub signatures: u32,
    /// The member is asked to sign it.
    pub sign_due: bool,
    /// Own marks on it, in all its revisions.
    pub marks: u32,
    /// Page from 0 where the member stopped; none if never opened.
    pub last_page: Option<u32>,
    /// Replaced since the member opened it.
    pub changed: bool,
    /// How many paragraphs changed since then, once they were compared.
    pub changed_paragraphs: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PaperState {
    /// All of it is here.
    Ready,
    Loading,
    Missing,
    /// Taken back: its content is gone from this device.
    Withdrawn,
}

/// Downloads of a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SyncView {
    pub readiness: Readiness,
    pub paused: bool,
    /// Bytes are coming in now.
    pub running: bool,
}

/// Arguments: one revision of a paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PaperRef {
    pub body: String,
    pub paper: String,
    pub rev: String,
}

/// Arguments: holds downloads, or lets them go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Pause {
    pub paused: bool,
}
