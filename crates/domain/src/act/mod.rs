//! What a statement does: its `kind` and `data`.

mod meeting;
mod people;
mod poll;
mod root;

pub use meeting::*;
pub use people::*;
pub use poll::*;
pub use root::*;

use crate::strict;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Whether a kind carries a payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carries {
    Must,
    May,
    Never,
}

macro_rules! acts {
    ($($kind:literal $name:ident $carries:ident,)*) => {
        /// An act of the record. Every kind of every level is here.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Act { $($name($name),)* }

        impl Act {
            /// Every kind of every level.
            pub const KINDS: &[&str] = &[$($kind),*];

            pub fn kind(&self) -> &'static str {
                match self { $(Act::$name(_) => $kind,)* }
            }

            pub fn carries(&self) -> Carries {
                match self { $(Act::$name(_) => Carries::$carries,)* }
            }

            /// The level from which on the kind is known.
            pub fn level(&self) -> u64 {
                match self {
                    Act::CaSet(_) => 2,
                    _ => 1,
                }
            }

            pub(crate) fn parse(kind: &str, data: &RawValue) -> Option<Act> {
                fn read<'de, T: Deserialize<'de> + Serialize>(data: &'de RawValue) -> Option<T> {
                    strict::read(data.get().as_bytes())
                }
                match kind { $($kind => read(data).map(Act::$name),)* _ => None }
            }

            pub(crate) fn data(&self) -> Box<RawValue> {
                fn raw<T: Serialize>(data: &T) -> Box<RawValue> {
                    serde_json::value::to_raw_value(data).expect("plain data")
                }
                match self { $(Act::$name(data) => raw(data),)* }
            }
        }

        $(impl From<$name> for Act {
            fn from(data: $name) -> Act { Act::$name(data) }
        })*
    };
}

acts! {
    "body.genesis" BodyGenesis Must,
    "body.level" BodyLevel Never,
    "registrar.change" RegistrarChange Never,
    "log.key" LogKey Never,
    "epoch" Epoch May,
    "ca.set" CaSet Never,
    "member.add" MemberAdd Must,
    "member.retire" MemberRetire May,
    "invitation.issue" InvitationIssue Never,
    "invitation.revoke" InvitationRevoke Never,
    "device.enrol" DeviceEnrol May,
    "device.confirm" DeviceConfirm Never,
    "device.revoke" DeviceRevoke May,
    "group.set" GroupSet Must,
    "item.set" ItemSet Must,
    "paper.publish" PaperPublish Must,
    "meeting.publish" MeetingPublish Must,
    "attendance.set" AttendanceSet May,
    "poll.open" PollOpen Must,
    "poll.close" PollClose Never,
    "ballot.cast" BallotCast Must,
    "paper.sign" PaperSign Must,
    "payload.erase" PayloadErase Must,
}
