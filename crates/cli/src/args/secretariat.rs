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
    Close {
        poll: String,
    },
    Result {
        poll: String,
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
}

#[derive(Subcommand)]
pub enum PayloadCommand {
    Erase {
        entry: u64,
        #[arg(long)]
        why: String,
    },
}
