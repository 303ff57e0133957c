//! What the registrar may ask for.

use clap::{Args, Subcommand};
use std::path::PathBuf;

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
    /// Say who prepares for a member: the whole list; nobody if none is named
    Staff {
        member: String,
        staff: Vec<String>,
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
    /// The link as a picture, to be scanned or printed
    #[arg(long, value_name = "PNG")]
    pub qr: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum InviteCommand {
    Revoke { invitation: String },
}

#[derive(Subcommand)]
pub enum DeviceCommand {
    List,
    /// A further device of one's own, after comparing six digits; as a second registrar, without
    Confirm {
        #[arg(required_unless_present = "code_file")]
        device: Option<String>,
        /// What the other device's `device list` shows; asked for on a terminal
        #[arg(long)]
        digits: Option<String>,
        /// This device itself, by the member's printed recovery code
        #[arg(long, conflicts_with_all = ["device", "digits"])]
        code_file: Option<PathBuf>,
    },
    /// On a device that waits: new digits
    Restart,
    Revoke {
        device: String,
        #[arg(long)]
        why: Option<String>,
    },
}
