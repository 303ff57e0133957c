//! Commands, their output and their exit codes.

mod failure;

use clap::{Args, Parser, Subcommand};
use ecabinet_server::clock::{Clock as _, SystemClock};
use ecabinet_server::data::{self, Config, DataDir};
use ecabinet_server::serve::Server;
use ecabinet_server::store::Store;
use ecabinet_server::{backup, check};
use failure::Failure;
use serde::Serialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Orders the statements of bodies, stores them, and releases them to those who may see them.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// One JSON object on standard output.
    #[arg(long, global = true)]
    json: bool,
    /// Says nothing but failures.
    #[arg(long, global = true)]
    quiet: bool,
    /// Language of failures.
    #[arg(long, global = true, default_value = "vi", value_parser = ["vi", "en"])]
    lang: String,
}

#[derive(Subcommand)]
enum Command {
    /// Makes a data directory; safe to repeat.
    Init(Init),
    /// Serves until it is told to end.
    Serve(Serve),
    /// Makes a token that lets its holder create bodies.
    AdmissionToken {
        #[command(flatten)]
        at: At,
        #[arg(long)]
        bodies: u32,
    },
    /// Makes the log a new key; a registrar then says `ecabinet log-key rotate`.
    LogKey(At),
    /// The authority whose key clients pin.
    Ca {
        #[command(subcommand)]
        command: Ca,
    },
    /// Replays every record and looks for every chunk.
    Check {
        #[command(flatten)]
        at: At,
        /// Reads all chunks too.
        #[arg(long)]
        deep: bool,
    },
    /// Copies the data directory, secrets included, while it is served.
    Backup {
        #[command(flatten)]
        at: At,
        /// A directory that is not there yet.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// Makes a data directory of a backup. It orders nothing until devices that have more have brought it back, or
    /// until `release`.
    Restore {
        /// The backup.
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
        #[command(flatten)]
        at: At,
        /// It ends by itself after so many minutes; 0: it orders at once.
        #[arg(long, value_name = "MINUTES")]
        hold: Option<u64>,
    },
    /// Lets a restored server order again, though no device has brought anything back.
    Release(At),
    /// The clock by which statements are ordered.
    Clock {
        #[command(subcommand)]
        command: Clock,
    },
}

#[derive(Subcommand)]
enum Ca {
    /// Prepares another; a registrar then says `ecabinet ca rotate`.
    New(At),
    /// Puts the prepared one in the place of ours, from the next start on.
    Use {
        #[command(flatten)]
        at: At,
        /// Though registrars have not named it: devices must then be given it by hand.
        #[arg(long)]
        now: bool,
    },
}

#[derive(Subcommand)]
enum Clock {
    /// Says that the clock, which has jumped, is right now.
    Confirm(At),
}

#[derive(Args)]
struct At {
    /// The data directory.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

#[derive(Args)]
struct Init {
    #[command(flatten)]
    at: At,
    /// Host names or addresses by which clients reach the server.
    #[arg(long = "name", value_name = "HOST", value_delimiter = ',', required = true)]
    names: Vec<String>,
    /// Address and port to serve on; port 0: any that is free.
    #[arg(long, value_name = "ADDR", default_value = data::LISTEN)]
    listen: String,
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    at: At,
    /// Written, as JSON with `url` and `pid`, once the server accepts connections.
    #[arg(long, value_name = "PATH")]
    ready_file: Option<PathBuf>,
}

pub(crate) fn run(arguments: Arguments) -> ExitCode {
    log(arguments.quiet);
    match perform(&arguments.command) {
        Ok(done) => {
            if !arguments.quiet || arguments.json {
                print(&done, arguments.json);
            }
            // A check that was made and found something is no failure of the program.
            if done["holds"] == false { ExitCode::from(1) } else { ExitCode::SUCCESS }
        }
        Err(failure) => {
            failure.print(arguments.json, &arguments.lang);
            ExitCode::from(failure.exit)
        }
    }
}

fn perform(command: &Command) -> Result<Value, Failure> {
    match command {
        Command::Init(init) => {
            let config = Config { names: init.names.clone(), listen: init.listen.clone() };
            let done = DataDir::init(&init.at.data, &config)?;
            Ok(with_schema("init/1", to_value(&done)))
        }
        Command::Serve(serve) => {
            let data = DataDir::open(&serve.at.data)?;
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
            runtime.map_err(Failure::bug)?.block_on(until_ended(&data, serve.ready_file.as_deref()))
        }
        Command::AdmissionToken { at, bodies } => {
            let token = DataDir::open(&at.data)?.admission_token(*bodies)?;
            Ok(json!({ "schema": "admission-token/1", "admission_token": token, "bodies": bodies }))
        }
        Command::LogKey(at) => {
            let key = DataDir::open(&at.data)?.add_log_key()?;
            Ok(json!({ "schema": "log-key/1", "log_key": key }))
        }
        Command::Ca { command: Ca::New(at) } => {
            let (ca, file) = DataDir::open(&at.data)?.prepare_authority()?;
            Ok(json!({ "schema": "ca new/1", "ca_fingerprint": ca, "ca_file": file }))
        }
        Command::Ca { command: Ca::Use { at, now } } => {
            let ca = DataDir::open(&at.data)?.use_next_authority(*now)?;
            Ok(json!({ "schema": "ca use/1", "ca_fingerprint": ca }))
        }
        Command::Check { at, deep } => {
            let checked = check::check(&DataDir::open(&at.data)?, *deep)?;
            Ok(with_schema("check/1", to_value(&checked)))
        }
        Command::Backup { at, to } => {
            Ok(with_schema("backup/1", to_value(&backup::copy(&DataDir::open(&at.data)?, to)?)))
        }
        Command::Restore { from, at, hold } => {
            let until = hold.map(|minutes| SystemClock.wall().saturating_add(minutes.saturating_mul(60_000)));
            Ok(with_schema("restore/1", to_value(&backup::restore(&DataDir::open(from)?, &at.data, until)?)))
        }
        Command::Release(at) => {
            let bodies = DataDir::open(&at.data)?.release()?.into_iter();
            let bodies: Vec<_> =
                bodies.map(|(body, awaited)| json!({ "body": body, "awaited": awaited })).collect();
            Ok(json!({ "schema": "release/1", "bodies": bodies }))
        }
        Command::Clock { command: Clock::Confirm(at) } => {
            DataDir::open(&at.data)?.store()?.confirm_clock()?;
            Ok(json!({ "schema": "clock/1", "confirmed": true }))
        }
    }
}

async fn until_ended(data: &DataDir, ready_file: Option<&Path>) -> Result<Value, Failure> {
    // Before anyone is told that we serve: he may tell us to end at once.
    let ended = signals().map_err(Failure::bug)?;
    let server = Server::start(data).await?;
    let ready = json!({ "schema": "serve/1", "url": server.url(), "pid": std::process::id() });
    if let Some(path) = ready_file {
        data::write_ready(path, &ready.to_string())?;
    }
    tracing::info!(url = server.url(), "serving");
    ended.await;
    tracing::info!("draining");
    server.stop().await?;
    if let Some(path) = ready_file {
        let _ = std::fs::remove_file(path);
    }
    Ok(ready)
}

/// Resolves when the process is told to end; listens from now on.
#[cfg(unix)]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(windows)]
fn signals() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

/// Logs go to standard error; `RUST_LOG` says how much.
fn log(quiet: bool) {
    let level = if quiet { "error" } else { "info" };
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| level.into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

fn to_value(done: &impl Serialize) -> Value {
    serde_json::to_value(done).expect("plain data")
}

fn with_schema(schema: &str, mut value: Value) -> Value {
    value["schema"] = schema.into();
    value
}

fn print(done: &Value, json: bool) {
    if json {
        return println!("{done}");
    }
    for (name, value) in done.as_object().into_iter().flatten().filter(|(name, _)| *name != "schema") {
        match value.as_str() {
            Some(text) => println!("{name}: {text}"),
            None => println!("{name}: {value}"),
        }
    }
}
