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
