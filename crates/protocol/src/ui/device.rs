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
    /// Of a waiting device: six digits to compare with those on its screen.
    pub digits: Option<String>,
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

/// Arguments: confirms or revokes a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConfirmDevice {
    pub body: String,
    pub device: String,
    pub pin: String,
}
