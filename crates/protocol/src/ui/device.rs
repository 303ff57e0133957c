//! The member's devices.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DevicesView {
    /// Waiting ones first, then active, then revoked.
    pub devices: Vec<DeviceRow>,
}

/// One device of the member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeviceRow {
    pub device: String,
    pub name: String,
    pub status: DeviceStatus,
    /// This very device.
    pub this: bool,
    #[ts(type = "number")]
    pub enrolled_at: u64,
    /// Of a waiting device, seen from one in use: the six digits to compare, or why there are none.
    pub pairing: Option<PairState>,
}

/// How far two devices have come to their six digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum PairState {
    /// The other one has not been heard yet.
    Waiting,
    /// Both show these.
    Digits { digits: String },
    /// On a waiting device: no answer has come for a minute.
    Unanswered,
    /// Somebody is in between: not to be confirmed.
    Broken,
    /// It has begun too often and is answered no more: to be revoked and invited again.
    Spent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum DeviceStatus {
    Pending,
    Active,
    Revoked,
}

/// Arguments: one device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeviceRef {
    pub body: String,
    pub device: String,
}

/// Arguments: revokes a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RevokeDevice {
    pub body: String,
    pub device: String,
    pub pin: String,
}

/// Arguments: confirms a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConfirmDevice {
    pub body: String,
    pub device: String,
    /// Those that the person compared.
    pub digits: String,
    pub pin: String,
}
