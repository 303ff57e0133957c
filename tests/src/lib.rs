//! The people and programs of a story: a real server process, real clients with real vaults.

mod accessible;
mod app;
mod cabinet;
mod canaries;
mod certificate;
mod cli;
mod dialog;
mod display;
mod driver;
mod folder;
mod keyring;
mod line;
mod logind;
mod memory;
mod moved;
mod notices;
mod paper;
mod people;
mod programs;
mod sealed;
mod server;
mod stopped;

pub use app::{App, SIZES};
pub use cabinet::{Cabinet, MEMBERS};
pub use canaries::{Canaries, Canary, Found, Search, told};
pub use certificate::{PASSWORD, certificate};
pub use cli::Cli;
pub use driver::Driver;
pub use folder::{DRAFT, DYKES, Folder, INVESTMENT, PERSONNEL, SCHOOLS};
pub use keyring::Keyring;
pub use line::{Line, Passing};
pub use logind::{Logind, lock_screen};
pub use memory::{Memory, vault_key, vault_secrets};
pub use moved::Moved;
pub use notices::{Notice, Notices};
pub use paper::{endless_pdf, text_pdf};
pub use people::{PASSPHRASE, Person};
pub use programs::{Ran, program, run};
pub use sealed::{sealed_bytes, sealed_files};
pub use server::Server;
pub use stopped::{Stopped, copy_folder};

/// Shows a story's failure with its code.
pub fn code<T>(result: Result<T, ecabinet_client::Error>) -> String {
    match result {
        Ok(_) => "ok".into(),
        Err(error) => error.code().to_owned(),
    }
}
