//! What touches the body's root of trust: losses of the server, and those who answer for it.

use clap::Subcommand;

#[derive(Subcommand)]
pub enum EpochCommand {
    /// Declare that entries are lost for good; everyone goes on with what the server has
    Begin {
        #[arg(long)]
        why: String,
        /// Size of the largest checkpoint known to be lost; else what the server awaits, or what this device had
        #[arg(long, requires = "root")]
        size: Option<u64>,
        /// Its root
        #[arg(long, requires = "size")]
        root: Option<String>,
        #[arg(long)]
        yes: bool,
    },
    /// What was lost, and what this device had of it
    List,
}

#[derive(Subcommand)]
pub enum ForkCommand {
    /// Evidence that the server has signed two histories
    List,
}
