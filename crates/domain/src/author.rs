use crate::{DeviceId, MemberId};
use serde::{Deserialize, Serialize};

/// Whose a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// A registrar of the body.
    Registrar,
    /// The body's printed recovery key.
    BodyRecovery,
    Member(MemberId),
    /// A member's printed personal recovery code.
    Recovery(MemberId),
}

/// Who made a statement: an authenticated device and its holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Author {
    pub device: DeviceId,
    pub holder: Holder,
}

/// The capacity in which an act is done: the header's `as`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct As(pub String);

impl As {
    pub const REGISTRAR: &str = "registrar";
    pub const RECOVERY: &str = "recovery";

    pub fn is(&self, name: &str) -> bool {
        self.0 == name
    }
}
