//! Tells stories: `ecabinet-sim FROM COUNT` says which seeds went wrong, `ecabinet-sim tell SEED` tells one aloud, and
//! `ecabinet-sim soak MINUTES FOLDER` goes on from the seed at which the last one stopped.

use ecabinet_sim::{Cast, Ran, seeds, tell};
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Seeds after which a soak writes down how far it has come.
const STRETCH: u64 = 500;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| args.get(at).and_then(|arg| arg.parse::<u64>().ok());
    match (args.first().map(String::as_str), number(0), number(1), args.get(2)) {
        (Some("tell"), _, Some(seed), _) => {
            let ended = tell(&Cast::found(), seed, true);
            ended.words.iter().for_each(|word| println!("{word}"));
            println!("{} events, trace {:016x}: {}", ended.events, ended.trace, ended.verdict());
            ExitCode::from(u8::from(ended.wrong.is_some()))
        }
        (Some("soak"), _, Some(minutes), Some(folder)) => match soak(minutes, Path::new(folder)) {
            Ok(failed) => ExitCode::from(u8::from(failed > 0)),
            Err(error) => {
                eprintln!("{folder}: {error}");
                ExitCode::from(2)
            }
        },
        (_, Some(from), Some(count), _) => {
            let (ran, wrong) = stretch(from, count);
            wrong.iter().for_each(|wrong| println!("{wrong}"));
            println!("{ran}");
            ExitCode::from(u8::from(ran.failed > 0))
        }
        _ => {
            eprintln!("ecabinet-sim FROM COUNT | tell SEED | soak MINUTES FOLDER");
            ExitCode::from(2)
        }
    }
}

/// Stories of so many seeds, and a line for each that went wrong.
fn stretch(from: u64, count: u64) -> (Ran, Vec<String>) {
    let wrong = Mutex::new(Vec::new());
    let ran = seeds(from..from + count, |seed, ended| {
        let line = ended.wrong.as_ref().map(|wrong| format!("seed {seed}: {wrong}"));
        wrong.lock().expect("whole").extend(line);
        true
    });
    (ran, wrong.into_inner().expect("whole"))
}

/// Gives how many stories went wrong.
fn soak(minutes: u64, folder: &Path) -> io::Result<u64> {
    fs::create_dir_all(folder)?;
    let (next, found) = (folder.join("next"), folder.join("found"));
    let mut seed: u64 = fs::read_to_string(&next).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    let (begun, first, mut failed) = (Instant::now(), seed, 0);
    while begun.elapsed() < Duration::from_secs(60 * minutes) {
        let (ran, wrong) = stretch(seed, STRETCH);
        let mut list = fs::File::options().create(true).append(true).open(&found)?;
        for line in &wrong {
            println!("{line}");
            writeln!(list, "{line}")?;
        }
        seed += STRETCH;
        failed += ran.failed;
        fs::write(&next, seed.to_string())?;
        println!("{seed} in all: {ran}");
    }
    println!("{} stories in this run, {failed} wrong", seed - first);
    Ok(failed)
}
