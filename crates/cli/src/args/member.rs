//! What every member may ask for.

use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum MeetingCommand {
    List,
    Show { meeting: String },
}

#[derive(Subcommand)]
pub enum PaperCommand {
    List {
        meeting: String,
    },
    /// Verify all chunks; writes nothing plain
    Check {
        paper: String,
    },
    /// Take a paper from this device as a plain file, if the body lets papers leave
    Export {
        paper: String,
        #[arg(long)]
        out: PathBuf,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Stance {
    Agree,
    Speak,
    Object,
}

#[derive(Subcommand)]
pub enum PositionCommand {
    /// State a position; it takes the place of the one before
    State {
        #[arg(long)]
        meeting: String,
        /// Its id, or its number on the agenda
        #[arg(long)]
        item: String,
        #[arg(value_enum)]
        choice: Stance,
        /// Why; whoever objects says so
        #[arg(long)]
        text: Option<String>,
    },
    List {
        #[arg(long)]
        meeting: String,
    },
}

#[derive(Subcommand)]
pub enum OutboxCommand {
    List,
    Retry,
    Drop {
        statement: String,
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Subcommand)]
pub enum SpaceCommand {
    /// Private spaces whose keys are on this device
    List,
}

#[derive(Args)]
pub struct Sign {
    /// A paper of the body, or any PDF file
    pub what: String,
    /// The key and its certificate
    #[arg(long)]
    pub p12: PathBuf,
    /// File with the password of the .p12; `-` for standard input. Of a plain file --secret-file does as well
    #[arg(long)]
    pub p12_secret_file: Option<PathBuf>,
    /// An empty signature field that is there; else one is made that is not seen
    #[arg(long)]
    pub field: Option<String>,
    /// Where the signed file goes; of a paper the signed revision goes into the record
    #[arg(long)]
    pub out: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum NoteCommand {
    Add {
        paper: String,
        /// From 1
        #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
        page: u32,
        text: String,
    },
    List {
        #[arg(long)]
        paper: Option<String>,
    },
    /// Let groups see a note, and nobody else; without a group nobody does
    Share {
        note: String,
        /// `all`, or `staff:MEMBER` of whose staff one is or has
        #[arg(long = "with", value_name = "GROUP")]
        groups: Vec<String>,
    },
    /// Notes that others share
    Shared {
        #[arg(long)]
        paper: Option<String>,
    },
}

#[derive(Args)]
pub struct Receipt {
    #[command(subcommand)]
    pub command: Option<ReceiptCommand>,
    pub statement: Option<String>,
    #[arg(long)]
    pub out: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum ReceiptCommand {
    /// Offline; the body is given by the global --body
    Check {
        file: PathBuf,
        #[arg(long)]
        log_key: String,
    },
}

#[derive(Subcommand)]
pub enum VaultCommand {
    Info,
    /// Open with the printed recovery code and set a new lock
    Recover {
        #[arg(long)]
        code_file: PathBuf,
    },
    /// Destroy the keys to this home
    Wipe {
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Args)]
pub struct Export {
    /// The folder, to be made
    #[arg(long, value_name = "DIR", required_unless_present = "zip")]
    pub out: Option<PathBuf>,
    /// Only this meeting's payloads; all headers nonetheless
    #[arg(long)]
    pub meeting: Option<String>,
    /// The same as one file, for transport
    #[arg(long, value_name = "FILE")]
    pub zip: Option<PathBuf>,
}
