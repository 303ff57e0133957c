//! `ecabinet-server`: the server on the command line.

mod program;

use clap::Parser;

fn main() -> std::process::ExitCode {
    program::run(program::Arguments::parse())
}
