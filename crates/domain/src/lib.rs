//! The rules of the cabinet, pure: body, member, meeting, agenda, access, poll, statement.
//!
//! Architecture invariant: no I/O, no clock, no randomness, no async. They are arguments. Text for people is made
//! elsewhere: a refusal is a code with parameters.

mod access;
mod apply;
mod author;
mod debate;
mod decide;
mod device;
mod id;
pub mod kept;
mod meeting;
mod member;
#[doc(hidden)]
pub mod planted;
mod poll;
mod refusal;
mod rule;
mod state;
mod statement;
pub mod strict;
mod tally;

pub mod act;

pub use access::{Audience, Viewer};
pub use act::Act;
pub use act::Totals;
pub use author::{As, Author, Holder};
pub use debate::{
    Conclusion, OpinionOf, Outcome, Position, PositionPayload, Reply, Stance, Substitution, Taken,
};
pub use device::{Device, DeviceKeys, DeviceStatus, Invitation, InvitationStatus, Revoked};
pub use id::*;
pub use meeting::{Agenda, Item, Meeting, Paper, Placement, Presence, Rev};
pub use member::Member;
pub use poll::{
    Arrival, Ballot, BallotPayload, Basis, Choice, Close, Fate, Form, FormPayload, Hands, HandsPayload,
    Opinion, PaperHash, Poll, PollOf, Pulled, SeenHand, SeenHands,
};
pub use refusal::Refusal;
pub use rule::{Base, Fraction, Options, PassRule, Rule, Tie};
pub use state::{Fold, Group, Staff, State};
pub use statement::{Header, MAX_BALLOT_HEADER, MAX_HEADER, Seen, Statement};
pub use strict::Int;
pub use tally::{Counted, Tally, Verdict, tally};

/// The highest level of kinds and rules that this code knows.
pub const LEVEL: u32 = 3;
/// A payload's largest size in bytes; larger things are chunk manifests named by hash.
pub const MAX_PAYLOAD: usize = 1 << 20;
