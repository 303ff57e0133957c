//! The offline core: vault, outbox, sync, packs, notes. `Client` is all that a user interface can do.
//!
//! Clock, randomness, keyring, disk and network are parameters (`Env`): the simulation gives its own.

mod acts;
mod body;
mod client;
mod desk;
mod doctor;
mod downloads;
#[cfg(test)]
mod dying;
mod env;
mod error;
mod export;
mod farewell;
mod folded;
mod losses;
mod os;
pub mod packs;
mod pairing;
pub mod publishing;
mod seal;
pub mod search;
mod signature;
mod slots;
mod spaces;
mod status;
mod sync;
pub mod typeset;
mod vault;
mod views;

pub use acts::{
    Created, Dossier, DossierPaper, InvitationMade, Invited, Joined, NewAnswer, NewBallot, NewBody,
    NewConclusion, NewForm, NewMember, NewPosition, NewReply, NewSubstitute, Seen, Standing, Vote,
};
pub use client::{Changed, Client};
pub use desk::{Desk, DeskCommands, PrintJob, Shell};
pub use doctor::{ServerFound, check_keyring};
pub use env::{Clock, Cost, Costs, Env, Keyring, Random};
pub use error::{Error, Result};
pub use export::Exported;
pub use farewell::{Farewell, RevokedBy};
pub use losses::{Loss, Lost};
pub use pairing::Pair;
pub use signature::{SignPlace, Signing, sign_worker};
pub use slots::{Lock, uses_keyring};
pub use spaces::{
    AnswerDraft, Brief, BriefPart, DraftStage, FormDraft, FormDraftStage, InkPoint, Mark, MarkKind, Note,
    Quad, SharedNote, SpaceRow, Stroke, Strokes, TeamText,
};
pub use status::{Act, ActState, MemberRow};
pub use sync::{Awaited, CaPin, Dial, Fetched, HttpDial, OutboxCount, Progress, Summary, ca_hash};
pub use vault::{Fork, OutboxRow, Saved};
pub use views::{BoardDevice, BoardRow, DeviceRow, ItemView, MeetingRow, MeetingView, PaperView, PollRef};
