//! Publishing a folder, and who has received what was published.

use super::Failure;
use crate::content::ItemKind;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A folder as it would be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FolderView {
    pub folder: String,
    /// The folder's own name.
    pub name: String,
    pub title: String,
    #[ts(type = "number | null")]
    pub starts: Option<u64>,
    pub place: Option<String>,
    /// Of the agenda that would be published, from 1.
    pub version: u32,
    /// In agenda order.
    pub items: Vec<FolderItem>,
    /// All that keeps it from being published.
    pub problems: Vec<FolderProblem>,
    /// Names what was read: just that is published.
    pub token: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FolderItem {
    pub title: String,
    pub agency: Option<String>,
    pub minutes: Option<u32>,
    pub kind: Option<ItemKind>,
    /// Not all may see it.
    pub restricted: bool,
    pub papers: Vec<FolderPaper>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FolderPaper {
    pub title: String,
    #[ts(type = "number")]
    pub bytes: u64,
    pub pages: u32,
    /// Not all may see it.
    pub restricted: bool,
    pub change: PaperChange,
}

/// What becomes of a paper with this publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PaperChange {
    New,
    /// It replaces the version that is published.
    Replaced,
    Same,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FolderProblem {
    /// In the folder.
    pub path: String,
    pub failure: Failure,
}

/// Arguments: a folder on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FolderRef {
    pub body: String,
    pub folder: String,
}

/// Arguments: publishes a folder as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PublishFolder {
    pub body: String,
    pub folder: String,
    pub token: String,
    pub title: String,
    #[ts(type = "number")]
    pub starts: u64,
    pub place: Option<String>,
    /// Why this version replaces the last, in a line.
    pub reason: Option<String>,
}

/// Who has received a meeting's papers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReceivedView {
    /// The publication is not in the record yet: nobody has it.
    pub waiting: bool,
    pub title: String,
    /// That is published now.
    pub version: u32,
    /// Those who have a vote, in protocol order.
    pub rows: Vec<ReceivedRow>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReceivedRow {
    pub member: String,
    pub name: String,
    pub title: String,
    pub state: Received,
    /// How many devices he uses.
    pub devices: u32,
    /// When one of them was last in touch.
    #[ts(type = "number | null")]
    pub contact: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Received {
    /// All of the version that is published now is on one of his devices.
    All,
    /// An earlier version is.
    Earlier,
    None,
    /// He uses no device.
    NoDevice,
}
