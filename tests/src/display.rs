//! A screen for each story that opens the app, so that two can be told side by side: their windows and keys do not meet.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// Lets a program open its windows on this process's own screen, which ends with the process. Where a process tells more than
/// one story, or is told what the screen is to be (nextest starts one for each), they share the one that is there.
pub fn on_screen(command: &mut Command) -> &mut Command {
    static SCREEN: OnceLock<String> = OnceLock::new();
    match std::env::var_os("NEXTEST") {
        Some(_) => command.env("DISPLAY", SCREEN.get_or_init(start)),
        None => command,
    }
}

/// Gives its name, such as `:7`.
fn start() -> String {
    let mut server = Command::new("setpriv")
        .args([
            "--pdeathsig",
            "KILL",
            "Xvfb",
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1920x1080x24",
            "-nolisten",
            "tcp",
        ])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb starts");
    let mut number = String::new();
    BufReader::new(server.stdout.take().expect("piped")).read_line(&mut number).expect("its number");
    format!(":{}", number.trim())
}
