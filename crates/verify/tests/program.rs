//! The program itself: exit codes, JSON, files.

mod kit;

use kit::Story;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ecabinet-verify")).args(args).output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn it_answers_in_json_by_exit_code_and_in_words() {
    let story = Story::tell();
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    story.export().write(Path::new(&at("export"))).unwrap();
    fs::write(at("anchor"), &story.export().checkpoint).unwrap();
    let body = story.log.body.unwrap().to_string();

    let (export, report, anchor) = (at("export"), at("report.txt"), at("anchor"));
    let args = [&export, "--body", &body, "--anchor", &anchor, "--json", "--report", &report, "--lang", "en"];
    let first = run(&args);
    assert_eq!(first.status.code(), Some(0));
    let verdict = json(&first);
    assert_eq!(verdict["schema"], "ecabinet-verify/1");
    assert_eq!((&verdict["holds"], &verdict["body"]), (&Value::Bool(true), &Value::String(body.clone())));
    assert_eq!(verdict["polls"][0]["result"], "passed");
    assert!(fs::read_to_string(&report).unwrap().contains("IT HOLDS"));
    assert_eq!(run(&args).stdout, first.stdout, "same input, same bytes out");

    assert_eq!(run(&[&export, "--json"]).status.code(), Some(2));
    assert_eq!(run(&[&export, "--body", &body, "--require-witnesses", "1"]).status.code(), Some(2));
    let words = String::from_utf8(run(&[&export, "--body", &body]).stdout).unwrap();
    assert!(words.contains("ĐÚNG") && words.contains("THÔNG QUA"));
    assert!(run(&[&export, "--body", &body, "--quiet"]).stdout.is_empty());

    fs::write(at("export") + "/notes.txt", "x").unwrap();
    let failed = run(&[&export, "--body", &body, "--json"]);
    assert_eq!(failed.status.code(), Some(1));
    assert_eq!(json(&failed)["failures"][0]["code"], "export.unknown_file");

    let none = run(&[&at("nowhere"), "--json"]);
    assert_eq!(
        (none.status.code(), &json(&none)["error"]["code"]),
        (Some(5), &Value::String("export.io".into()))
    );
    assert_eq!(run(&[&export, "--body", "abc"]).status.code(), Some(2));

    fs::write(at("export.zip"), "PK").unwrap();
    let torn = run(&[&at("export.zip"), "--body", &body, "--json"]);
    assert_eq!(torn.status.code(), Some(1), "it is there, and is no export");
    assert_eq!(json(&torn)["failures"][0]["code"], "export.malformed");
}
