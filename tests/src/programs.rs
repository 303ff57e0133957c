use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A program of ours, built beside the tests.
pub fn program(name: &str) -> PathBuf {
    let exe = std::env::current_exe().expect("a path");
    // Tests lie in target/<profile>/deps, programs beside the one asked for.
    let dir = exe.parent().expect("a folder");
    let dir = if dir.ends_with("deps") { dir.parent().expect("target/<profile>") } else { dir };
    let path = dir.join(name);
    assert!(path.exists(), "{} is not built: run `cargo build --workspace --bins`", path.display());
    path
}

/// How a program ended.
pub struct Ran {
    pub exit: i32,
    pub json: Value,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a program to its end.
pub fn run(command: &mut Command) -> Ran {
    let output = command.stdin(Stdio::null()).output().expect("the program starts");
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    Ran {
        exit: output.status.code().unwrap_or(-1),
        json: stdout.lines().last().and_then(|line| serde_json::from_str(line).ok()).unwrap_or(Value::Null),
        stdout,
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
