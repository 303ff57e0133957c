//! What a statement does: its `kind` and `data`.

mod debate;
mod meeting;
mod people;
mod poll;
mod root;

pub use debate::*;
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
    ($($level:literal $kind:literal $name:ident $carries:ident,)*) => {
        /// An act of the record. Every kind of every level is here.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Act { $($name($name),)* }

        impl Act {
            /// Every kind of every level.
            pub const KINDS: &[&str] = &[$($kind),*];

            /// The level that each of them is of, in the same order.
            pub const LEVELS: &[u64] = &[$($level),*];

            pub fn kind(&self) -> &'static str {
                match self { $(Act::$name(_) => $kind,)* }
            }

            pub fn carries(&self) -> Carries {
                match self { $(Act::$name(_) => Carries::$carries,)* }
            }

            /// The level from which on the kind is known, and what its data says.
            pub fn level(&self) -> u64 {
                match self {
                    Act::PollOpen(act) if act.rule.level() > 1 => act.rule.level(),
                    Act::BallotCast(act) if act.in_place_of.is_some() => 3,
                    $(Act::$name(_) => $level,)*
                }
            }

            /// What no single key of the data says: which go together, and with a payload.
            pub(crate) fn is_formed(&self, payload: bool) -> bool {
                match self {
                    Act::HandsEnter(act) => act.is_formed(payload),
                    Act::FormSend(act) => act.approver.is_none() || act.agency.is_some(),
                    Act::ConclusionWrite(act) => act.by.is_none() || act.outcome == crate::Outcome::Changes,
                    Act::AttendanceClaim(act) => act.state != crate::Presence::Substitute,
                    _ => true,
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
    1 "body.genesis" BodyGenesis Must,
    1 "body.level" BodyLevel Never,
    1 "registrar.change" RegistrarChange Never,
    1 "log.key" LogKey Never,
    1 "epoch" Epoch May,
    2 "ca.set" CaSet Never,
    1 "member.add" MemberAdd Must,
    1 "member.retire" MemberRetire May,
    1 "invitation.issue" InvitationIssue Never,
    1 "invitation.revoke" InvitationRevoke Never,
    1 "device.enrol" DeviceEnrol May,
    1 "device.confirm" DeviceConfirm Never,
    1 "device.revoke" DeviceRevoke May,
    1 "group.set" GroupSet Must,
    1 "item.set" ItemSet Must,
    1 "paper.publish" PaperPublish Must,
    1 "meeting.publish" MeetingPublish Must,
    1 "attendance.set" AttendanceSet May,
    1 "poll.open" PollOpen Must,
    1 "poll.close" PollClose Never,
    1 "ballot.cast" BallotCast Must,
    1 "paper.sign" PaperSign Must,
    1 "payload.erase" PayloadErase Must,
    3 "staff.set" StaffSet May,
    3 "form.send" FormSend Must,
    3 "block.open" BlockOpen Must,
    3 "poll.pull" PollPull May,
    3 "poll.extend" PollExtend May,
    3 "poll.recall" PollRecall May,
    3 "hands.enter" HandsEnter May,
    3 "hands.confirm" HandsConfirm Never,
    3 "position.state" PositionState Must,
    3 "attendance.claim" AttendanceClaim May,
    3 "substitute.ask" SubstituteAsk May,
    3 "substitute.approve" SubstituteApprove Never,
    3 "substitute.end" SubstituteEnd May,
    3 "floor.ask" FloorAsk Never,
    3 "floor.leave" FloorLeave Never,
    3 "floor.order" FloorOrder Never,
    3 "conclusion.write" ConclusionWrite Must,
    3 "conclusion.confirm" ConclusionConfirm Never,
    3 "reply.write" ReplyWrite Must,
    3 "reply.approve" ReplyApprove Never,
}
