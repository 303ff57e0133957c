//! What the secretariat and the chair may ask for.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Args)]
pub struct Publish {
    pub folder: PathBuf,
    /// The meeting that a changed folder is published to again; else the one it was published to from here
    #[arg(long)]
    pub meeting: Option<String>,
    #[arg(long)]
    pub title: Option<String>,
    /// RFC 3339 or `YYYY-MM-DD HH:MM`, on the body's clock
    #[arg(long)]
    pub starts: Option<String>,
    #[arg(long)]
    pub place: Option<String>,
    /// Why this version replaces the last
    #[arg(long)]
    pub reason: Option<String>,
    #[arg(long)]
    pub audience: Option<PathBuf>,
    /// The papers of an opinion form, not a meeting
    #[arg(long)]
    pub dossier: bool,
    /// Check and count only
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Subcommand)]
pub enum PollCommand {
    Open {
        #[arg(long)]
        meeting: String,
        /// Its id, or its number on the agenda
        #[arg(long)]
        item: String,
        #[arg(long)]
        rule: PathBuf,
        #[arg(long)]
        closes: Option<String>,
    },
    /// Take an item out of a block vote
    Pull {
        poll: String,
        /// Its id, or its number on the agenda
        #[arg(long)]
        item: String,
        #[arg(long)]
        why: Option<String>,
    },
    /// Meant to close at another, later time
    Extend {
        poll: String,
        #[arg(long)]
        closes: String,
    },
    /// Take a poll back, without a result
    Recall {
        poll: String,
        #[arg(long)]
        why: String,
    },
    Close {
        poll: String,
    },
    Result {
        poll: String,
    },
}

#[derive(Subcommand)]
pub enum BlockCommand {
    /// Open one vote over several items
    Open {
        #[arg(long)]
        meeting: String,
        /// Ids, or numbers on the agenda
        #[arg(long, required = true, num_args = 1..)]
        item: Vec<String>,
        #[arg(long)]
        rule: PathBuf,
        #[arg(long)]
        closes: Option<String>,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Outcome {
    Adopted,
    Changes,
    Deferred,
    Rejected,
}

#[derive(Subcommand)]
pub enum ConclusionCommand {
    /// Conclude on an item, or correct what was concluded
    Write {
        #[arg(long)]
        meeting: String,
        /// Its id, or its number on the agenda
        #[arg(long)]
        item: String,
        #[arg(value_enum)]
        outcome: Outcome,
        /// The member who makes the changes
        #[arg(long)]
        by: Option<String>,
        /// The closed poll that it rests on
        #[arg(long)]
        poll: Option<String>,
        #[arg(long)]
        text: String,
    },
    /// As the chair: what the secretariat wrote holds
    Confirm { conclusion: String },
    List {
        #[arg(long)]
        meeting: String,
    },
}

#[derive(Subcommand)]
pub enum FormCommand {
    /// Send an opinion form on an item whose papers are its dossier
    Send {
        #[arg(long)]
        meeting: String,
        /// Its id, or its number in the dossier
        #[arg(long, default_value = "1")]
        item: String,
        #[arg(long)]
        form: PathBuf,
        /// When answers are due; goes before what the file says
        #[arg(long)]
        due: Option<String>,
    },
    List,
    Show {
        form: String,
    },
    /// Sign and send an answer, one word for each question: yes, no, abstain, other, alternative, or numbers of options
    Answer {
        form: String,
        #[arg(required = true)]
        opinions: Vec<String>,
        /// Text to a question, as `2=...`; may be repeated
        #[arg(long, value_name = "N=TEXT")]
        text: Vec<String>,
        /// What the advising unit says
        #[arg(long)]
        advice: Option<String>,
        #[arg(long)]
        replace: bool,
    },
    Extend {
        form: String,
        #[arg(long)]
        due: String,
    },
    Recall {
        form: String,
        #[arg(long)]
        why: String,
    },
    Close {
        form: String,
    },
    Result {
        form: String,
    },
    /// Reply to a member's opinion on a closed form: taken in, in part, or explained
    Reply {
        form: String,
        /// Whose opinion
        member: String,
        #[arg(long, default_value_t = 1)]
        question: u32,
        #[arg(long, value_parser = ["yes", "part", "explained"])]
        taken: String,
        #[arg(long, default_value = "")]
        text: String,
    },
    /// Approve all replies that are not approved
    Approve {
        form: String,
    },
    /// The table of opinions and replies, as .pdf, .xlsx or .json
    Table {
        form: String,
        #[arg(long)]
        out: PathBuf,
        #[arg(long, default_value = "vi", value_parser = ["vi", "en"])]
        language: String,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Presence {
    Present,
    Remote,
    Absent,
    Substitute,
}

#[derive(Subcommand)]
pub enum AttendanceCommand {
    Set {
        meeting: String,
        member: String,
        #[arg(value_enum)]
        state: Presence,
    },
    /// What one says of oneself: it counts once the secretariat has set it
    Claim {
        meeting: String,
        #[arg(value_enum)]
        state: Presence,
        #[arg(long)]
        why: Option<String>,
    },
}

#[derive(Subcommand)]
pub enum HandsCommand {
    /// Enter a show of hands: totals, or whose hand was raised for what
    Enter {
        poll: String,
        #[arg(long, default_value = "0")]
        yes: u32,
        #[arg(long, default_value = "0")]
        no: u32,
        #[arg(long, default_value = "0")]
        abstain: u32,
        #[arg(long, default_value = "0")]
        other: u32,
        /// Instead of totals; may be repeated
        #[arg(long, value_name = "MEMBER=CHOICE", conflicts_with_all = ["yes", "no", "abstain", "other"])]
        member: Vec<String>,
    },
    /// As the chair: they were seen so
    Confirm { hands: String },
}

#[derive(Subcommand)]
pub enum FloorCommand {
    /// Ask for the floor on an item
    Ask {
        #[arg(long)]
        meeting: String,
        #[arg(long)]
        item: String,
    },
    Leave {
        #[arg(long)]
        meeting: String,
        #[arg(long)]
        item: String,
    },
    /// Who speaks, in order; whoever is left out is done
    Order {
        #[arg(long)]
        meeting: String,
        #[arg(long)]
        item: String,
        members: Vec<String>,
    },
    List {
        #[arg(long)]
        meeting: String,
        #[arg(long)]
        item: String,
    },
}

#[derive(Subcommand)]
pub enum SubstituteCommand {
    /// Ask that somebody without a vote act in one's place
    Ask {
        member: String,
        /// Left out: at any meeting
        #[arg(long)]
        meeting: Option<String>,
        #[arg(long)]
        from: String,
        #[arg(long)]
        until: String,
        #[arg(long)]
        why: Option<String>,
    },
    Approve {
        request: String,
    },
    End {
        request: String,
        #[arg(long)]
        why: Option<String>,
    },
    List {
        #[arg(long)]
        meeting: Option<String>,
    },
}

#[derive(Subcommand)]
pub enum PayloadCommand {
    Erase {
        entry: u64,
        #[arg(long)]
        why: String,
    },
}
