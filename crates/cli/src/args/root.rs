//! What touches the body's root of trust: losses of the server, and those who answer for it.

use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum EpochCommand {
    /// Declare that entries are lost for good; everyone goes on with what the server has
    Begin {
        #[arg(long)]
        why: String,
        /// Size of the checkpoint that ended with what is lost; else what the server awaits, or what this device had
        #[arg(long, requires = "root")]
        size: Option<u64>,
        /// Its root
        #[arg(long, requires = "size")]
        root: Option<String>,
        /// The body's printed recovery key, where no registrar is left: this home's device takes their place
        #[arg(long)]
        recovery_file: Option<PathBuf>,
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

#[derive(Subcommand)]
pub enum RegistrarCommand {
    /// Make this home a device that a registrar can take in; --body names the body
    Offer {
        #[arg(long)]
        server: String,
        /// The server's CA certificate, brought by hand
        #[arg(long)]
        ca: PathBuf,
        /// Where the device's public keys are written, for a registrar
        #[arg(long)]
        out: PathBuf,
    },
    /// Take registrars' devices in or out
    Change {
        /// What `registrar offer` has written
        #[arg(long)]
        add: Vec<PathBuf>,
        /// A device
        #[arg(long)]
        remove: Vec<String>,
        /// The body's printed recovery key: this home's device takes the place of all registrars
        #[arg(long, conflicts_with_all = ["add", "remove"])]
        recovery_file: Option<PathBuf>,
    },
    List,
}

#[derive(Subcommand)]
pub enum LogKeyCommand {
    /// Let the server's newest key sign the record from now on
    Rotate {
        /// What `ecabinet-server log-key` has shown
        #[arg(long)]
        key: Option<String>,
    },
}

#[derive(Subcommand)]
pub enum LevelCommand {
    /// Let the rules of the next level into the record: older programs then only read
    Raise {
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Subcommand)]
pub enum CaCommand {
    /// Name the CA that the server has prepared; every device that takes this in accepts it
    Rotate {
        /// Its certificate, brought by hand
        #[arg(long)]
        ca: PathBuf,
    },
    /// Accept on this device a CA that was brought by hand
    Accept {
        #[arg(long)]
        ca: PathBuf,
    },
}
