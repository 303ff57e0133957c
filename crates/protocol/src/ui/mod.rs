//! What the user interface shows and asks for: views, arguments, commands, and one event.
//!
//! Texts that are data (titles, names, questions) are strings; everything that the interface words itself is a stable
//! code. Ids are lowercase hex, times are ms since 1970, lengths on pages are points from the top left corner.
//! `bindings.rs` writes all of it as TypeScript to `ui/src/lib/bindings`.

mod act;
mod app;
#[cfg(test)]
mod bindings;
mod chair;
mod command;
mod device;
mod form;
mod home;
mod join;
mod loss;
mod meeting;
mod paper;
mod poll;
mod reader;
mod reply;
mod result;
mod search;
mod sign;

pub use crate::content::ItemKind;
pub use act::{ActRef, ActState, ActView, OutboxView};
pub use app::{
    AppView, BodyRow, Changed, Connection, Failure, FullScreen, InBody, Label, Language, Me, Reach, Settings,
    Stage, Theme, Topic,
};
pub use chair::{
    AttendanceRow, ChairItem, ChairView, Count, Counts, Presence, RuleOffer, SetAttendance, StartPoll,
};
pub use command::Commands;
pub use device::{ConfirmDevice, DeviceRef, DeviceRow, DeviceStatus, DevicesView, PairState, RevokeDevice};
pub use form::{
    AnswerForm, AnswerView, AskedMember, ExtendForm, FormRef, FormResultView, FormRow, FormStage, FormView,
    MemberOpinion, Opinion, QuestionResult, QuestionView, RecallForm, Recalled,
};
pub use home::{Change, ChangeKind, Hero, HomeView, Target, Task, WorkKind};
pub use join::{
    AcceptInvitation, FarewellView, InvitationPreview, InvitationSource, Joined, KeyringView, LockKind,
    LookAtInvitation, LostActs, PairView, PendingDevice, Recover, RevokedBy, Unlock, UseRecoveryCode,
};
pub use loss::{LossView, LostAct, LostKind, Redo};
pub use meeting::{AgendaRow, AgendaView, ItemRef, ItemView, MeetingRef, MeetingRow, Phase};
pub use paper::{PaperRef, PaperRow, PaperState, Pause, Readiness, SyncView};
pub use poll::{
    BallotView, CastBallot, Choice, ChoiceView, PollBrief, PollPaper, PollRef, PollView, RuleView, ShareBase,
};
pub use reader::{
    AddMark, CopyWords, Draw, FindHit, FindInPaper, LinkView, MarkKind, MarkRef, MarkState, MarkView,
    MarkWords, MoveMark, NotedPaper, OutlineRow, PageRect, PageRef, PageSize, PageText, PaperNotes,
    PieceKind, PieceView, Quad, QuadsOn, ReaderView, Recolour, SaveWithMarks, SetNote, SetReadingPosition,
    Stroke, TextChange, TextChangeKind, TextChanges, WordBox,
};
pub use reply::{ApproveReplies, ReplyView, SaveTable, TableKind, Taken, WriteReply};
pub use result::{Check, MemberBallot, Outcome, ReceiptView, ResultView};
pub use search::{
    FoundPiece, NoteHit, PageHit, PaperHits, SearchAll, SearchReach, SearchView, TitleHit, WordlessPaper,
};
pub use sign::{FilePurpose, PickFile, PickedFile, SignPaper, SignPlace, SignState, SignView, SignerRow};
