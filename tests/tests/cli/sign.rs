//! Signing with a key file.

use crate::kit::{has, other, pdf, text};
use ecabinet_domain::Choice;
use ecabinet_tests::{Cabinet, Cli, PASSWORD, certificate, program, run};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn sign_an_adopted_paper() {
    let cabinet = Cabinet::open().await;
    let (mut chair, mut minister) = (cabinet.join(0, "chair").await, cabinet.join(1, "minister").await);
    let published = cabinet.publish_pdf(std::fs::read(pdf("paper.pdf")).expect("a paper")).await;
    let poll = cabinet.open_poll(published.meeting).await;
    cabinet.all_present(published.meeting).await;
    for person in [&chair, &minister] {
        person.sync().await;
        person.vote(poll, Choice::Yes);
        person.sync().await;
    }
    cabinet.close_poll(poll).await;
    let (chair, minister) = (Cli::of(&mut chair), Cli::of(&mut minister));
    for who in [&chair, &minister] {
        who.done("sync", &["sync"]);
    }

    let path = |name: &str| cabinet.path(name).to_string_lossy().into_owned();
    let (p12, password, wrong) = (path("chair.p12"), path("password"), path("wrong"));
    certificate(Path::new(&p12));
    std::fs::write(&password, format!("{PASSWORD}\n")).expect("written");
    std::fs::write(&wrong, "sai\n").expect("written");
    let meeting = published.meeting.to_string();
    let listed = || chair.done("paper list", &["paper", "list", &meeting])["papers"][0].clone();
    let paper = text(&listed()["id"]);
    assert_eq!(listed()["signed"], false);
    let sign = ["sign", &paper, "--p12", &p12, "--p12-secret-file"];
    let with = |secret: &str| [&sign[..], &[secret]].concat().join("\n");
    let call = |who: &Cli, line: String| who.run(&line.split('\n').collect::<Vec<_>>());
    let refused = call(&chair, with(&wrong));
    assert_eq!((refused.exit, refused.code().as_str()), (4, "sign.p12_password"));
    let refused = call(&minister, with(&password));
    assert_eq!((refused.exit, refused.code().as_str()), (1, "paper.not_signer"));
    assert_eq!(chair.fails(2, &["sign", "không có", "--p12", &p12]), "usage.id");

    let signed = call(&chair, with(&password));
    assert_eq!(signed.exit, 0, "{}{}", signed.stdout, signed.stderr);
    assert_eq!((&signed.json["schema"], &signed.json["state"]), (&json!("sign/1"), &json!("recorded")));
    has(&signed.json, &["statement", "paper"]);
    assert_eq!(listed()["signed"], true);
    minister.done("sync", &["sync"]);
    let out = path("signed.pdf");
    minister.done("paper export", &["paper", "export", &paper, "--out", &out]);
    assert_valid(Path::new(&out));
}

#[test]
fn sign_any_pdf_file() {
    let dir = tempfile::TempDir::new().expect("a folder");
    let path = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    let (p12, password) = (path("key.p12"), path("password"));
    certificate(Path::new(&p12));
    std::fs::write(&password, format!("{PASSWORD}\n")).expect("written");
    let form = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/pades/tests/data/form.pdf");
    let form = form.to_string_lossy().into_owned();
    let sign = |file: &str, out: &str, more: &[&str]| {
        let secret = ["--json", "--secret-file", &password, "sign", file, "--p12", &p12, "--out", out];
        other("ecabinet", &[&secret[..], more].concat())
    };
    for (file, name, more) in [
        (pdf("paper.pdf").to_string_lossy().into_owned(), "unseen.pdf", &[][..]),
        (form.clone(), "in its field.pdf", &["--field", "Cabinet.Chair"][..]),
    ] {
        let out = path(name);
        let signed = sign(&file, &out, more);
        assert_eq!(signed.exit, 0, "{}{}", signed.stdout, signed.stderr);
        has(&signed.json, &["schema", "sha256", "size"]);
        let (before, after) = (std::fs::read(&file).expect("bytes"), std::fs::read(&out).expect("bytes"));
        assert!(after.starts_with(&before), "the original is an exact prefix");
        assert_eq!(signed.json["size"], after.len());
        assert_valid(Path::new(&out));
        let again = sign(&file, &out, more);
        assert_eq!((again.exit, again.code().as_str()), (6, "file.exists"));
    }
    for (file, more, exit, code) in [
        (form.as_str(), &["--field", "Không có"][..], 5, "sign.field_missing"),
        (&pdf("encrypted.pdf").to_string_lossy(), &[], 5, "sign.encrypted"),
        (&pdf("text.pdf").to_string_lossy(), &[], 5, "sign.damaged"),
    ] {
        let refused = sign(file, &path("nothing.pdf"), more);
        assert_eq!((refused.exit, refused.code().as_str()), (exit, code));
        assert!(!PathBuf::from(path("nothing.pdf")).exists(), "nothing is left behind");
    }
    let nowhere = other("ecabinet", &["--json", "sign", &form, "--p12", &p12]);
    assert_eq!((nowhere.exit, nowhere.code().as_str()), (2, "usage.out"));
    let mut piped = Command::new("sh");
    let (program, out) = (program("ecabinet"), path("piped.pdf"));
    let script = format!(
        "'{}' sign '{form}' --p12 '{p12}' --p12-secret-file - --out '{out}' <'{password}'",
        program.display()
    );
    assert_eq!(run(piped.args(["-c", &script])).exit, 0);
}

/// By a tool that is not ours.
fn assert_valid(file: &Path) {
    let judged = run(Command::new("pdfsig").arg("-nocert").arg(file));
    assert!(judged.stdout.contains("Signature is Valid"), "{}{}", judged.stdout, judged.stderr);
}
