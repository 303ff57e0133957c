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
