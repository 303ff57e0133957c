//! `ecabinet-server`: the server on the command line.

mod program;

use clap::Parser;

fn main() -> std::process::ExitCode {
    ecabinet_wall::keep_apart();
    program::run(program::Arguments::parse())
}
