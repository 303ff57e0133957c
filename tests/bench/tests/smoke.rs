//! The measures still run: one round of the smallest sizes. What they come to is nobody's figure.

use std::process::Command;

#[test]
fn every_measure_runs() {
    let out = tempfile::tempdir().expect("a folder");
    let bench = env!("CARGO_BIN_EXE_ecabinet-bench");
    let mut run = Command::new(bench);
    let ran = run.args(["run", "--smoke", "--out"]).arg(out.path()).output().expect("it starts");
    let (told, failed) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{told}{failed}");
    for measure in [
        "ballots",
        "cast",
        "close",
        "monday",
        "record",
        "first sync",
        "one paper changed",
        "page 1",
        "open",
        "search",
    ] {
        assert!(
            told.lines().any(|line| line.starts_with(&format!("| {measure}"))),
            "no {measure} in\n{told}"
        );
    }
}
