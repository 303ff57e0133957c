//! Acts that are more than one step: each makes its statements and queues them.

mod attendance;
mod conclusion;
mod create;
mod dossier;
mod floor;
mod form;
mod hands;
mod join;
mod people;
mod poll;
mod position;
mod registrar;
mod reply;
mod sign;

pub use attendance::NewSubstitute;
pub use conclusion::NewConclusion;
pub use create::{Created, NewBody};
pub use dossier::{Dossier, DossierPaper};
pub(crate) use form::may_send;
pub use form::{NewAnswer, NewForm};
pub use hands::Seen;
pub use join::{Invited, Joined};
pub(crate) use join::{forget_codes, untold_code};
pub use people::{InvitationMade, NewMember};
pub use poll::{NewBallot, Standing, Vote};
pub(crate) use poll::{papers_of, result, results, standing};
pub use position::NewPosition;
pub use reply::NewReply;
