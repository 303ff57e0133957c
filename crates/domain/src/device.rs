use crate::{Author, DeviceId, Holder, MemberId, PublicKey};
use serde::{Deserialize, Serialize};

/// A device's two public keys: one signs (Ed25519), one receives (X25519).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceKeys {
    pub sign: PublicKey,
    pub enc: PublicKey,
}

/// A device known to the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub id: DeviceId,
    pub keys: DeviceKeys,
    pub holder: Holder,
    pub status: DeviceStatus,
    /// Position of the entry that brought the device in.
    pub enrolled_at: u64,
    /// The registrar's device that issued its invitation; none for registrars' own devices.
    pub invited_by: Option<DeviceId>,
    /// Who confirmed it; none for a first device and for one that waits.
    pub confirmed_by: Option<Author>,
    pub revoked: Option<Revoked>,
}

/// That a device was revoked: once, and for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revoked {
    /// Position of the entry that says so.
    pub at: u64,
    /// Of that entry, in ms since 1970.
    pub time: u64,
    pub by: Author,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceStatus {
    /// Enrolled, not yet confirmed: signs nothing.
    Pending,
    Active,
    Revoked,
}

/// An invitation to enrol one device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub member: MemberId,
    /// Public half of the key derived from the secret, which never leaves the invited device.
    pub key: PublicKey,
    /// By the entry's time, in ms since 1970.
    pub expires: u64,
    pub issued_by: DeviceId,
    pub status: InvitationStatus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationStatus {
    Open,
    Used,
    Revoked,
}
