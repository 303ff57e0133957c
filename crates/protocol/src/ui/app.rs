//! The application as a whole: is there a vault, which bodies, how it is set, what has changed.

use super::{FarewellView, LockKind, PendingDevice};
use crate::ApiError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// What went wrong: a stable dotted code with parameters. The interface makes the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Failure {
    pub code: String,
    pub params: BTreeMap<String, String>,
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Failure {
        Failure { code: error.code, params: error.params }
    }
}

/// A text that is data of the body, in Vietnamese and perhaps in English.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Label {
    pub vi: String,
    pub en: Option<String>,
}

/// What the shell shows before anything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppView {
    pub stage: Stage,
    /// What this device said when it was revoked, until its person has read it.
    pub farewells: Vec<FarewellView>,
    pub lock: LockKind,
    /// Empty unless the vault is open.
    pub bodies: Vec<BodyRow>,
    pub settings: Settings,
    /// The invitation link that the program was opened with.
    pub invitation: Option<String>,
    /// Of the program, such as "0.1.0".
    pub version: String,
}

/// How far this device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// No vault yet: an invitation is needed.
    New,
    /// A vault that waits for its PIN.
    Locked,
    Open,
}

/// A body that this device belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BodyRow {
    pub body: String,
    pub name: Label,
    /// Minutes east of UTC of the clock that its times are told in.
    pub zone: i16,
    pub me: Me,
    /// This device still has to be confirmed.
    pub pending: Option<PendingDevice>,
    /// The member's private notes cannot be opened here yet: the code says why.
    pub notes_held: Option<Failure>,
    /// Of the member's first device, in groups of four, until the person says that he has kept it.
    pub recovery_code: Option<String>,
}

/// The person in this body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    pub member: String,
    pub name: String,
    /// Position, such as "Bộ trưởng Bộ Thủy nông".
    pub title: String,
    /// `member`, `chair`, `secretariat`, and the body's own.
    pub offices: Vec<String>,
}

/// The connection to one body's server, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    pub reach: Reach,
    /// When everything was last fetched.
    #[ts(type = "number | null")]
    pub updated_at: Option<u64>,
    /// Acts that wait to be recorded.
    pub waiting: u32,
    /// Why there is no connection, if it is not simply the network.
    pub failure: Option<Failure>,
    /// The server's history is wrong: reading goes on, voting and signing are held.
    pub held: Option<Failure>,
}

/// Whether the server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Reach {
    /// It has been asked and has not answered yet, since the vault was opened.
    #[default]
    Connecting,
    Online,
    /// It answers, but was restored from a backup and records nothing until what it lost is back.
    Healing,
    Offline,
}

/// How the person has set this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    pub language: Language,
    pub theme: Theme,
    /// Percent, 100 to 200.
    pub text_size: u16,
    /// Dims pages in the dark theme.
    pub dim_pages: bool,
    /// Locks after so many minutes without use; 0 never.
    pub lock_after_minutes: u16,
    /// A file from before it was kept lacks it.
    #[serde(default)]
    pub tools: Tools,
    /// Groups whose marks are not shown on papers.
    #[serde(default)]
    pub hidden_layers: Vec<String>,
}

/// What the person marked with last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Tools {
    /// Of marks on words.
    pub colour: String,
    pub ink: String,
    /// Of the pen, in tenths of a point.
    pub width: u16,
}

impl Default for Tools {
    fn default() -> Self {
        Self { colour: "yellow".into(), ink: "blue".into(), width: 18 }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Language {
    Vi,
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    System,
    Light,
    Dark,
}

/// The one event, named "changed": which views to load again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Changed {
    pub topics: Vec<Topic>,
}

/// What a view is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Topic {
    /// The vault was locked or opened, a body joined, a setting changed.
    App,
    /// Anything folded from the record: members, devices, meetings, polls.
    Record,
    Outbox,
    /// What of the papers is here.
    Papers,
    Notes,
    Connection,
    /// More papers can be searched.
    Search,
    /// Something is to be reminded of.
    Reminders,
}

/// Arguments: in which body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InBody {
    pub body: String,
}

/// Arguments: whether the window takes the whole screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FullScreen {
    pub on: bool,
}
