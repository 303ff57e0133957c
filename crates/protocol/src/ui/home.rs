//! Home: what is to be done, what has changed, what was sent.

use super::{ActState, ActView, DeviceRow, LossView, MeetingRow, Readiness};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HomeView {
    /// The one thing to do now.
    pub hero: Option<Hero>,
    /// The member's devices that wait for his word.
    pub waiting: Vec<DeviceRow>,
    /// What a restored server has lost and the person has not read yet, newest first.
    pub losses: Vec<LossView>,
    /// By deadline; the hero's own work is not among them.
    pub tasks: Vec<Task>,
    /// At most three, newest first.
    pub changes: Vec<Change>,
    /// At most five, newest first.
    pub recent: Vec<ActView>,
    /// For "nothing to do": the meeting that comes.
    pub next_meeting: Option<MeetingRow>,
}

/// The card on top: open poll, then signature, then a meeting live or within 24 h, then going on reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Hero {
    pub kind: WorkKind,
    pub target: Target,
    pub subject: String,
    /// The item's title, where the subject is another.
    pub item: Option<String>,
    pub agency: Option<String>,
    /// Of a meeting its start, of a poll or a signature when it is due.
    #[ts(type = "number | null")]
    pub at: Option<u64>,
    pub place: Option<String>,
    pub readiness: Option<Readiness>,
    /// Of a poll that was voted in but asks again.
    pub state: Option<ActState>,
    /// For whom it is prepared, if not for the person himself.
    pub whom: Option<String>,
    /// It is due so soon that the body reminds of it.
    pub soon: bool,
}

/// A line of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    pub kind: WorkKind,
    pub target: Target,
    pub subject: String,
    /// The item's title, where the subject is another.
    pub item: Option<String>,
    pub agency: Option<String>,
    #[ts(type = "number | null")]
    pub due: Option<u64>,
    pub state: Option<ActState>,
    /// For whom it is prepared, if not for the person himself.
    pub whom: Option<String>,
    /// It is due so soon that the body reminds of it.
    pub soon: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum WorkKind {
    /// A poll is open.
    Vote,
    /// A ballot does not stand: its draft has changed, another replaced it, or it is lost.
    VoteAgain,
    /// An opinion form asks for an answer.
    Answer,
    /// An answer does not stand.
    AnswerAgain,
    /// The person's staff have drafted his answer.
    AnswerDrafted,
    /// For a member's staff: his answer is to be drafted.
    Draft,
    /// He has sent the draft back.
    DraftAgain,
    /// For a member's staff: items of a meeting that comes have no brief yet.
    Brief,
    /// For the office: an opinion form that is not handed in yet.
    WriteForm,
    /// It was sent back.
    MendForm,
    /// It waits to be approved.
    ApproveForm,
    Sign,
    Meeting,
    /// Go on reading.
    Read,
}

/// What a card or a line opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Target {
    Meeting {
        meeting: String,
    },
    Item {
        item: String,
    },
    Poll {
        poll: String,
    },
    Form {
        form: String,
    },
    /// A form that the office prepares.
    FormDraft {
        draft: String,
    },
    /// Page from 0.
    Paper {
        paper: String,
        rev: String,
        page: u32,
    },
    Sign {
        paper: String,
        rev: String,
    },
    Devices,
}

/// Something that is new since the member last looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Change {
    pub kind: ChangeKind,
    pub target: Target,
    pub subject: String,
    /// The item's title, where the subject is a paper's.
    pub item: Option<String>,
    /// The reason that was given with it.
    pub why: Option<String>,
    #[ts(type = "number")]
    pub at: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ChangeKind {
    MeetingPublished,
    AgendaChanged,
    PaperReplaced,
    PaperSigned,
    PollOpened,
    PollClosed,
    FormSent,
    FormClosed,
    /// The chair has concluded on an item.
    Concluded,
}
