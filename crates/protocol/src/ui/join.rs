//! Joining a body, and opening the vault.

use super::Label;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where an invitation comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum InvitationSource {
    /// A link `ecabinet://join/...`, the content of an invitation file, or the groups as typed: told apart by the shell.
    Text { text: String },
    /// A file that the person has picked.
    File { path: String },
}

/// Arguments: looks at an invitation without accepting it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LookAtInvitation {
    pub source: InvitationSource,
}

/// What an invitation is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InvitationPreview {
    pub body: Label,
    pub member_name: String,
    pub member_title: String,
    #[ts(type = "number")]
    pub expires: u64,
    /// The member's first device: it gets a recovery code. A further one must be confirmed.
    pub first: bool,
    /// Offered as the device's name.
    pub device_name: String,
    /// There is no vault yet: a new PIN is set. Otherwise the vault's PIN is asked for.
    pub new_vault: bool,
}

/// Arguments: accepts an invitation; this device becomes the member's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AcceptInvitation {
    pub source: InvitationSource,
    /// Six digits or more.
    pub pin: String,
    pub device_name: String,
}

/// An accepted invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Joined {
    pub body: String,
    /// In groups of four; shown once, kept nowhere. Only for the member's first device.
    pub recovery_code: Option<String>,
    /// This device must be confirmed by another one, the recovery code or a registrar.
    pub pending: bool,
}

/// This device waits to be confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PendingDevice {
    pub device: String,
    pub name: String,
    /// One for each device of the member that is in use.
    pub pairs: Vec<PairView>,
}

/// What this waiting device shows for one in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PairView {
    pub device: String,
    /// When the device in use was enrolled: its name is not told to one that waits.
    #[ts(type = "number")]
    pub enrolled_at: u64,
    /// Six digits to compare on both devices, once they have talked.
    pub digits: Option<String>,
}

/// Arguments: the printed recovery code, in place of another device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UseRecoveryCode {
    pub body: String,
    pub code: String,
}

/// Arguments: opens the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Unlock {
    pub pin: String,
}

/// Arguments: opens the vault by the printed recovery code and sets a new PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Recover {
    pub code: String,
    pub pin: String,
}
