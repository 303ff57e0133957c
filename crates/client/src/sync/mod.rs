//! Sync: push what waits, pull what is new, verify it, fetch what belongs to us. Catching up by position is the truth;
//! hints only say when to look.

mod dial;
mod download;
mod healing;
mod http;
mod plan;
pub(crate) mod pull;
mod push;
mod report;
mod run;
mod tls;

pub use dial::Dial;
pub(crate) use healing::Needs;
pub use http::HttpDial;
pub(crate) use plan::Paper;
pub use run::{Awaited, Fetched, OutboxCount, Progress, Summary};
pub use tls::{CaPin, ca_hash};
