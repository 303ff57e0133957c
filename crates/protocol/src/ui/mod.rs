//! What the user interface shows and asks for: views, arguments, commands, and one event.
//!
//! Texts that are data (titles, names, questions) are strings; everything that the interface words itself is a stable
//! code. Ids are lowercase hex, times are ms since 1970, lengths on pages are points from the top left corner.
//! `bindings.rs` writes all of it as TypeScript to `ui/src/lib/bindings`.

mod act;
mod app;
mod attendance;
#[cfg(test)]
mod bindings;
mod chair;
mod command;
mod conclusion;
mod device;
mod floor;
mod form;
mod form_draft;
mod group;
mod hands;
mod home;
mod join;
mod loss;
mod meeting;
mod paper;
mod poll;
mod position;
mod publish;
mod reader;
mod reminder;
mod reply;
mod result;
mod search;
mod sign;
mod staff;

pub use crate::content::ItemKind;
pub use act::{ActRef, ActState, ActView, OutboxView};
pub use app::{
    AppView, BodyRow, Changed, Connection, Failure, FullScreen, InBody, Label, Language, Me, Reach, Settings,
    Stage, Theme, Topic,
};
pub use attendance::{
    AskSubstitute, Candidate, ClaimAttendance, ClaimView, MyAttendance, SubstituteRef, SubstituteStage,
    SubstituteView,
};
pub use chair::{
    AttendanceRow, ChairBlock, ChairItem, ChairView, Count, Counts, Presence, RecallPoll, RuleOffer,
    SetAttendance, StartBlock, StartPoll,
};
pub use command::Commands;
pub use conclusion::{Conclude, Conclusion, ConclusionRef, ConclusionView};
pub use device::{ConfirmDevice, DeviceRef, DeviceRow, DeviceStatus, DevicesView, PairState, RevokeDevice};
pub use floor::{FloorView, OrderFloor, Speaker};
pub use form::{
    AnswerForm, AnswerView, AskedMember, ExtendForm, FormRef, FormResultView, FormRow, FormStage, FormView,
    MemberOpinion, Opinion, QuestionResult, QuestionView, RecallForm, Recalled,
};
pub use form_draft::{
    ApproveFormDraft, DraftPaper, FormDraft, FormDraftRef, FormDraftRow, FormDraftStage, FormDraftView,
    FormDrafts, ItemOffer, KeepFormDraft, OfficeOffer, PersonOffer, QuestionDraft, ReturnFormDraft,
};
pub use group::{GroupKind, GroupView, MarkBy, ShareMark};
pub use hands::{EnterHands, Hand, HandTotal, HandsRef, HandsView, NewHand};
pub use home::{Change, ChangeKind, Hero, HomeView, Target, Task, WorkKind};
pub use join::{
    AcceptInvitation, FarewellView, InvitationPreview, InvitationSource, Joined, KeyringView, LockKind,
    LookAtInvitation, LostActs, PairView, PendingDevice, Recover, RevokedBy, Unlock, UseRecoveryCode,
};
pub use loss::{LossView, LostAct, LostKind, Redo};
pub use meeting::{AgendaRow, AgendaView, ItemRef, ItemView, MeetingRef, MeetingRow, Phase};
pub use paper::{PaperRef, PaperRow, PaperState, Pause, Readiness, SyncView};
pub use poll::{
    BallotView, CastBallot, Choice, ChoiceView, ForOther, PollBrief, PollItem, PollPaper, PollRef, PollView,
    PullItem, PulledView, RuleView, ShareBase,
};
pub use position::{MemberPosition, NewPosition, PositionView, PositionsView, Stance, StatePositions};
pub use publish::{
    FolderItem, FolderPaper, FolderProblem, FolderRef, FolderView, PaperChange, PublishFolder, Received,
    ReceivedRow, ReceivedView,
};
pub use reader::{
    AddMark, CopyWords, Draw, FindHit, FindInPaper, LinkView, MarkKind, MarkRef, MarkState, MarkView,
    MarkWords, MoveMark, NotedPaper, OutlineRow, PageRect, PageRef, PageSize, PageText, PaperNotes,
    PieceKind, PieceView, Quad, QuadsOn, ReaderView, Recolour, SetNote, SetReadingPosition, Stroke,
    TextChange, TextChangeKind, TextChanges, WithMarks, WordBox,
};
pub use reminder::{GiveReminder, RemindedForm, Reminder};
pub use reply::{ApproveReplies, ReplyView, SaveTable, TableKind, Taken, WriteReply};
pub use result::{Check, Means, MemberBallot, Outcome, ReceiptView, ResultView};
pub use search::{
    FoundPiece, NoteHit, PageHit, PaperHits, SearchAll, SearchReach, SearchView, TitleHit, WordlessPaper,
};
pub use sign::{FilePurpose, PickFile, PickedFile, SignPaper, SignPlace, SignState, SignView, SignerRow};
pub use staff::{
    AnswerDraft, BriefPart, BriefText, BriefView, DraftAnswer, DraftRow, DraftSaid, DraftStage, DraftView,
    KeepAnswer, SendBack, SetBrief,
};
