//! The command line as `docs/cli.md` promises it: a test for each line, the real programs, their JSON and exit status.

mod common;
mod kit;
mod member;
mod pdf;
mod publish;
mod record;
mod registrar;
mod room;
mod secretariat;
mod server;
mod sign;
mod vault;
