//! `ecabinet`: the client on the command line. `docs/cli.md` says what scripts may rely on.

mod args;
mod commands;
mod failure;
mod home;
mod new_file;
mod output;
mod text;
mod time;
mod wiped;

use args::Cli;
use clap::Parser;
use failure::Failure;
use std::process::ExitCode;

// What is freed is wiped: keys, PINs, papers and notes leave nothing behind them on the heap.
#[global_allocator]
static WIPING: ecabinet_wall::Wiping = ecabinet_wall::WIPING;

fn main() -> ExitCode {
    ecabinet_wall::keep_apart();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // Help and version are not failures.
        Err(error) if !error.use_stderr() => {
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            // Nothing was parsed: what a script asks for is looked for by hand.
            if std::env::args_os().any(|argument| argument == "--json") {
                output::usage(&error);
            } else {
                let _ = error.print();
            }
            return ExitCode::from(2);
        }
    };
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_env("ECABINET_LOG"))
        .with_writer(std::io::stderr)
        .init();
    rustls::crypto::ring::default_provider().install_default().ok();
    let common = cli.common.clone();
    let run = std::panic::catch_unwind(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.map_err(Failure::from)?.block_on(commands::run(cli))
    });
    match run {
        Ok(Ok(code)) => ExitCode::from(code),
        Ok(Err(failure)) => {
            output::failure(&common, &failure);
            ExitCode::from(failure.exit())
        }
        Err(_) => {
            output::failure(&common, &Failure::new("bug"));
            ExitCode::from(70)
        }
    }
}
