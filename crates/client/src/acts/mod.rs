//! Acts that are more than one step: each makes its statements and queues them.

mod create;
mod join;
mod people;
mod poll;
mod sign;

pub use create::{Created, NewBody};
pub(crate) use join::recovery_code;
pub use join::{Invited, Joined};
pub use people::{InvitationMade, NewMember};
pub(crate) use poll::result;
pub use poll::{Standing, Vote};
pub use sign::Signing;
