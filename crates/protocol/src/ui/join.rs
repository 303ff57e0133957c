//! Joining a body, and opening the vault.

use super::{Failure, Label, PairState};
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
    pub state: PairState,
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
    /// A PIN; a passphrase where there is no keyring to keep its other half.
    pub secret: String,
    pub lock: LockKind,
}

/// What opens the vault every day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LockKind {
    /// A PIN, with a secret in the keyring of the operating system.
    Pin,
    /// A passphrase alone.
    Passphrase,
}

/// Whether the keyring of the operating system keeps a secret now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KeyringView {
    /// Why not.
    pub failure: Option<Failure>,
}

/// This device was revoked, and what it held is destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FarewellView {
    /// Told only where this device belongs to another body yet.
    pub body: Option<Label>,
    pub by: RevokedBy,
    /// By the server's clock.
    #[ts(type = "number")]
    pub at: u64,
    /// Minutes east of UTC of the clock that it is told in.
    pub zone: i16,
    /// Position of the entry that says so.
    #[ts(type = "number")]
    pub entry: u64,
    /// Acts that were never recorded and are lost.
    pub acts: Vec<LostActs>,
    /// Notes of which something was on this device only.
    #[ts(type = "number")]
    pub notes: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RevokedBy {
    Registrar,
    OwnDevice,
    BodyKey,
}

/// So many acts of a kind, such as `ballot.cast`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LostActs {
    pub kind: String,
    #[ts(type = "number")]
    pub count: u64,
}
