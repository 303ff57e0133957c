//! The server: orders statements, stores, releases.
//!
//! Architecture invariant: a server keeps nothing that matters outside its store, so any number of servers may run on
//! one. What counts is decided by `ecabinet_domain` and `ecabinet_record`, never here; what is here decides who sees
//! what. The traits of `ecabinet_protocol::sync` are served in process by [`App`]; HTTP is a thin layer over it.

mod access;
mod app;
pub mod backup;
pub mod check;
pub mod chunks;
pub mod clock;
mod connection;
mod core;
pub mod data;
mod healing;
mod http;
mod keys;
mod offer;
mod pairing;
mod papers;
mod sequencer;
pub mod serve;
mod session;
mod settled;
mod spaces;
pub mod store;
mod tls;

pub use app::App;
pub use connection::Session;
pub use core::Metrics;
pub use data::{Config, DataDir};
pub use keys::ServerKeys;
pub use serve::Server;
pub use settled::Fault;
pub use tls::Authority;
