//! Signing a paper.

use super::{Failure, PageSize};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A paper that is to be signed or has been.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignView {
    pub paper: String,
    /// The one to sign, or the one that the person has signed.
    pub rev: String,
    pub version: u32,
    pub title: String,
    pub item: String,
    pub item_number: u32,
    pub item_title: String,
    pub pages: Vec<PageSize>,
    /// In protocol order.
    pub signers: Vec<SignerRow>,
    /// The person's own part.
    pub state: SignState,
    /// Why it cannot be signed here now, such as a paper that is not all here.
    pub cannot_sign: Option<Failure>,
    /// Where the signature is offered to stand; none once it stands there.
    pub place: Option<SignPlace>,
    /// The key file used last on this device.
    pub last_file: Option<PickedFile>,
}

/// One who may sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignerRow {
    pub member: String,
    pub name: String,
    pub title: String,
    #[ts(type = "number | null")]
    pub signed_at: Option<u64>,
    pub me: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SignState {
    /// The person is not among the signers.
    NotAsked,
    Due,
    /// Signed here, waiting to be recorded.
    Saved,
    Received,
    Recorded,
    /// The paper was replaced or signed by another meanwhile: sign again.
    Refused,
}

/// Where the visible signature stands, in points; page from 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct SignPlace {
    pub page: u32,
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

/// Arguments: signs a paper with a key file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SignPaper {
    pub body: String,
    pub paper: String,
    pub rev: String,
    /// Path of the PKCS#12 file.
    pub file: String,
    /// Of the key file.
    pub password: String,
    /// None: a signature without a picture.
    pub place: Option<SignPlace>,
    pub pin: String,
}

/// Arguments: lets the person pick a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PickFile {
    pub purpose: FilePurpose,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FilePurpose {
    Invitation,
    /// PKCS#12: .p12 or .pfx.
    SigningKey,
    /// PDF.
    Paper,
}

/// A file that the person has picked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PickedFile {
    pub path: String,
    pub name: String,
}
