use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Parser)]
#[command(name = "ecabinet", version, about = "A cabinet's papers, notes and votes, on the command line")]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Args, Clone)]
pub struct Common {
    /// Folder of this device's vault
    #[arg(long, global = true, env = "ECABINET_HOME")]
    pub home: Option<PathBuf>,
    /// Body, when the home holds several
    #[arg(long, global = true)]
    pub body: Option<String>,
    /// One JSON object on standard output
    #[arg(long, global = true)]
    pub json: bool,
    #[arg(long, global = true, value_enum, default_value = "vi")]
    pub lang: Lang,
    #[arg(long, global = true)]
    pub quiet: bool,
    /// File with the PIN or passphrase; `-` for standard input
    #[arg(long, global = true, env = "ECABINET_SECRET_FILE")]
    pub secret_file: Option<PathBuf>,
    /// How a new vault is opened from now on
    #[arg(long, global = true, value_enum, default_value = "keyring")]
    pub vault_key: VaultKey,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    Vi,
    En,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VaultKey {
    Keyring,
    Passphrase,
}

#[derive(Subcommand)]
pub enum Command {
    /// Create a body
    #[command(subcommand)]
    Body(BodyCommand),
    #[command(subcommand)]
    Member(MemberCommand),
    /// Invite a member to enrol a device, or `invite revoke ID`
    #[command(args_conflicts_with_subcommands = true)]
    Invite(Invite),
    /// Accept an invitation: a link, a file, or typed groups
    Join {
        invitation: String,
        #[arg(long)]
        device_name: String,
        /// Where the personal recovery code is written, for a first device
        #[arg(long)]
        recovery_out: Option<PathBuf>,
    },
    #[command(subcommand)]
    Device(DeviceCommand),
    Sync {
        /// One round (the default)
        #[arg(long, conflicts_with = "follow")]
        once: bool,
        /// Stay in touch, a line for each round
        #[arg(long)]
        follow: bool,
        /// The record only, no papers
        #[arg(long)]
        record_only: bool,
    },
    /// Publish a folder of PDF files as a meeting; sub-folders are agenda items
    Publish(Publish),
    #[command(subcommand)]
    Meeting(MeetingCommand),
    #[command(subcommand)]
    Paper(PaperCommand),
    /// Any PDF, through the sandboxed worker
    #[command(subcommand)]
    Pdf(PdfCommand),
    #[command(subcommand)]
    Poll(PollCommand),
    Vote {
        poll: String,
        #[arg(value_enum)]
        choice: Choice,
        #[arg(long)]
        text: Option<String>,
        /// Replace the ballot that stands
        #[arg(long)]
        replace: bool,
    },
    #[command(subcommand)]
    Outbox(OutboxCommand),
    #[command(subcommand)]
    Attendance(AttendanceCommand),
    #[command(subcommand)]
    Note(NoteCommand),
    /// Who has what, and who has voted
    Status {
        #[arg(long)]
        meeting: Option<String>,
    },
    /// The proof of a statement, or `receipt check FILE`
    #[command(args_conflicts_with_subcommands = true)]
    Receipt(Receipt),
    /// The record and the payloads that this device may see, for anyone to verify
    Export {
        #[arg(long)]
        out: PathBuf,
    },
    #[command(subcommand)]
    Payload(PayloadCommand),
    #[command(subcommand)]
    Vault(VaultCommand),
}

#[derive(Subcommand)]
pub enum BodyCommand {
    Create {
        #[arg(long)]
        server: String,
        /// The server's CA certificate, brought by hand
        #[arg(long)]
        ca: PathBuf,
        #[arg(long)]
        token_file: PathBuf,
        #[arg(long)]
        config: PathBuf,
        /// Where the body's recovery key is written, to be printed and locked away
        #[arg(long)]
        recovery_out: PathBuf,
    },
}

#[derive(Subcommand)]
pub enum MemberCommand {
    Add {
        #[arg(long)]
        file: PathBuf,
    },
    /// Set the groups that an audience file names
    Groups {
        #[arg(long)]
        file: PathBuf,
    },
    Retire {
        member: String,
    },
    List,
}

#[derive(Args)]
pub struct Invite {
    #[command(subcommand)]
    pub command: Option<InviteCommand>,
    pub member: Option<String>,
    /// Such as 72h, 30m, 7d
    #[arg(long, default_value = "72h")]
    pub expires: String,
    #[arg(long)]
    pub out: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum InviteCommand {
    Revoke { invitation: String },
}

#[derive(Subcommand)]
pub enum DeviceCommand {
    List,
    Confirm {
        device: String,
    },
    Revoke {
        device: String,
        #[arg(long)]
        why: Option<String>,
    },
}

#[derive(Args)]
pub struct Publish {
    pub folder: PathBuf,
    /// The meeting that a changed folder is published to again; else the one it was published to from here
    #[arg(long)]
    pub meeting: Option<String>,
    #[arg(long)]
    pub title: Option<String>,
    /// RFC 3339 or `YYYY-MM-DD HH:MM`, local to the body (+07:00)
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
}

#[derive(Subcommand)]
pub enum PdfCommand {
    Info {
        file: PathBuf,
    },
    Render {
        file: PathBuf,
        /// From 1
        #[arg(long)]
        page: Option<u32>,
        #[arg(long, default_value_t = 150)]
        dpi: u32,
        #[arg(long)]
        out: Option<PathBuf>,
        #[arg(long)]
        all: bool,
        #[arg(long)]
        out_dir: Option<PathBuf>,
    },
    Text {
        file: PathBuf,
    },
    Search {
        file: PathBuf,
        query: String,
    },
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
pub enum Choice {
    Yes,
    No,
    Abstain,
    Other,
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
pub enum PayloadCommand {
    Erase {
        entry: u64,
        #[arg(long)]
        why: String,
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
