//! What may be typed, as `docs/cli.md` promises it.

mod member;
mod pdf;
mod registrar;
mod root;
mod secretariat;

pub use member::*;
pub use pdf::*;
pub use registrar::*;
pub use root::*;
pub use secretariat::*;

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
    /// One vote over several items
    #[command(subcommand)]
    Block(BlockCommand),
    /// What was concluded on items
    #[command(subcommand)]
    Conclusion(ConclusionCommand),
    /// What a member says of an item before the meeting
    #[command(subcommand)]
    Position(PositionCommand),
    /// Opinion forms
    #[command(subcommand)]
    Form(FormCommand),
    Vote {
        poll: String,
        /// yes, no, abstain, other, alternative, or numbers of options such as 1,3
        choice: String,
        #[arg(long)]
        text: Option<String>,
        /// As an approved substitute: the member whose vote it is
        #[arg(long = "for", value_name = "MEMBER")]
        in_place_of: Option<String>,
        /// Replace the ballot that stands
        #[arg(long)]
        replace: bool,
    },
    #[command(subcommand)]
    Outbox(OutboxCommand),
    #[command(subcommand)]
    Attendance(AttendanceCommand),
    /// Show of hands
    #[command(subcommand)]
    Hands(HandsCommand),
    /// Who speaks on an item
    #[command(subcommand)]
    Floor(FloorCommand),
    /// Who acts in whose place
    #[command(subcommand)]
    Substitute(SubstituteCommand),
    #[command(subcommand)]
    Note(NoteCommand),
    #[command(subcommand)]
    Space(SpaceCommand),
    /// Sign an adopted paper, or any PDF file
    Sign(Sign),
    /// Who has what, and who has voted
    Status {
        #[arg(long)]
        meeting: Option<String>,
    },
    /// The proof of a statement, or `receipt check FILE`
    #[command(args_conflicts_with_subcommands = true)]
    Receipt(Receipt),
    /// The record and the payloads that this device may see, for anyone to verify
    Export(Export),
    #[command(subcommand)]
    Payload(PayloadCommand),
    /// Whether this device has what it needs
    Doctor,
    #[command(subcommand)]
    Vault(VaultCommand),
    #[command(subcommand)]
    Registrar(RegistrarCommand),
    #[command(subcommand)]
    LogKey(LogKeyCommand),
    #[command(subcommand)]
    Ca(CaCommand),
    #[command(subcommand)]
    Level(LevelCommand),
    #[command(subcommand)]
    Epoch(EpochCommand),
    #[command(subcommand)]
    Fork(ForkCommand),
}
