//! Acts that are more than one step: each makes its statements and queues them.

mod create;
mod form;
mod join;
mod people;
mod poll;
mod registrar;
mod reply;
mod sign;

pub use create::{Created, NewBody};
pub use form::{NewAnswer, NewForm};
pub use join::{Invited, Joined};
pub(crate) use join::{forget_codes, untold_code};
pub use people::{InvitationMade, NewMember};
pub use poll::{Standing, Vote};
pub(crate) use poll::{papers_of, result, results, standing};
pub use reply::NewReply;
