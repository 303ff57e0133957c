//! The two programs that people have: what the library finds, both must find.

use crate::classes::Given;
use ecabinet_tests::{Ran, program, run};
use ecabinet_verify::Report;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct Verifiers {
    python: PathBuf,
    second: PathBuf,
    dir: tempfile::TempDir,
}

impl Verifiers {
    pub fn new() -> Verifiers {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let made = run(&mut Command::new(root.join("scripts/verifier.sh")));
        assert_eq!(made.exit, 0, "{}{}", made.stdout, made.stderr);
        Verifiers {
            python: made.stdout.trim().into(),
            second: root.join("tests/verifier/verify.py"),
            dir: tempfile::tempdir().expect("a folder"),
        }
    }

    /// What differs from the library's verdict, if anything does.
    pub fn differ(
        &self,
        number: u64,
        given: &Given,
        body: &str,
        anchor: Option<&str>,
        report: &Report,
    ) -> Vec<String> {
        let asked = if anchor.is_some() { "anchored" } else { "alone" };
        let path = self.dir.path().join(format!("{number}-{asked}"));
        given.write(&path);
        let mut args = vec![path.display().to_string(), "--body".into(), body.to_owned()];
        if let Some(text) = anchor {
            let file = path.with_extension("anchor");
            std::fs::write(&file, text).expect("written");
            args.extend(["--anchor".into(), file.display().to_string()]);
        }
        let ours = run(Command::new(program("ecabinet-verify")).args(&args).arg("--json"));
        let mut second = Command::new(&self.python);
        let theirs = run(second.env("PYTHONDONTWRITEBYTECODE", "1").arg(&self.second).args(&args));
        let told = plain(serde_json::to_value(report).expect("plain data"));
        let exit = i32::from(report.exit_code());
        let mut wrong = Vec::new();
        for (name, Ran { exit: ended, json, stderr, .. }) in
            [("ecabinet-verify", ours), ("verify.py", theirs)]
        {
            if ended != exit || plain(json.clone()) != told {
                wrong
                    .push(format!("{name} ends with {ended} where the library says {exit}: {json} {stderr}"));
            }
        }
        wrong
    }
}

/// Without the texts on which nothing depends.
fn plain(mut verdict: Value) -> Value {
    for failure in verdict["failures"].as_array_mut().into_iter().flatten() {
        failure.as_object_mut().map(|failure| failure.remove("detail"));
    }
    verdict
}
