//! What is taken out of the record, and what says that it holds.

use crate::kit::{Office, has, other, text};
use ecabinet_domain::Choice;
use ecabinet_tests::Ran;
use serde_json::json;
use std::path::Path;

#[tokio::test(flavor = "multi_thread")]
async fn receipt_of_a_statement_and_its_check() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    let statement = text(&minister.done("vote", &["vote", &office.poll.to_string(), "yes"])["statement"]);
    let out = office.path("receipt");
    minister.done("receipt", &["receipt", &statement, "--out", &out]);
    assert_eq!(minister.fails(6, &["receipt", &statement, "--out", &out]), "file.exists");
    let shown = minister.done("receipt", &["receipt", &statement]);
    assert_eq!(text(&shown["receipt"]).trim_end(), std::fs::read_to_string(&out).expect("a file").trim_end());
    assert_eq!(minister.fails(1, &["receipt", &"0".repeat(64)]), "receipt.none");

    let data = office.cabinet.server.data.to_string_lossy().into_owned();
    let listen = &office.cabinet.server.address;
    let server = other(
        "ecabinet-server",
        &["init", "--json", "--data", &data, "--name", "127.0.0.1", "--listen", listen],
    );
    let (body, key) = (office.cabinet.body.to_string(), text(&server.json["log_key"]));
    office.cabinet.server.kill();
    let check = |file: &str, body: &str, key: &str| {
        other("ecabinet", &["receipt", "check", file, "--json", "--body", body, "--log-key", key])
    };
    let held = check(&out, &body, &key);
    assert_eq!(
        (held.exit, &held.json["schema"]),
        (0, &json!("receipt check/1")),
        "{}{}",
        held.stdout,
        held.stderr
    );
    has(&held.json, &["holds", "statement", "index", "time", "size"]);
    assert_eq!((&held.json["holds"], &held.json["statement"]), (&json!(true), &json!(statement)));
    let failed = |ran: Ran| (ran.exit, ran.code());
    assert_eq!(failed(check(&out, &"0".repeat(64), &key)), (1, "receipt.other_body".into()));
    let another = ecabinet_record::KeyPair::from_seed(&[9; 64]).public().sign.to_string();
    assert_eq!(failed(check(&out, &body, &another)), (1, "receipt.not_signed".into()));
    let real = std::fs::read_to_string(&out).expect("a file");
    let index = held.json["index"].as_u64().expect("a position");
    let moved = office.path("moved");
    std::fs::write(&moved, real.replace(&format!("index {index}\n"), &format!("index {}\n", index - 1)))
        .expect("written");
    assert_eq!(failed(check(&moved, &body, &key)), (1, "receipt.path".into()));
    std::fs::write(&moved, "không phải").expect("written");
    assert_eq!(failed(check(&moved, &body, &key)), (5, "receipt.malformed".into()));
    assert_eq!(other("ecabinet", &["receipt", "check", &out, "--json", "--log-key", &key]).exit, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn export_and_what_the_verifier_says_of_it() {
    let mut office = Office::open(1).await;
    office.people[0].vote(office.poll, Choice::Yes);
    office.people[0].sync().await;
    office.secretary.done("poll close", &["poll", "close", &office.poll.to_string()]);
    let minister = office.member(0);
    minister.done("sync", &["sync"]);
    let (out, body) = (office.path("export"), office.cabinet.body.to_string());
    let exported = minister.done("export", &["export", "--out", &out]);
    has(&exported, &["entries", "root", "withheld", "erased"]);
    assert_eq!(minister.fails(6, &["export", "--out", &out]), "export.exists");
    let checked = office.cabinet.server.check();
    assert_eq!((&exported["entries"], &exported["root"]), (&checked["entries"], &checked["root"]));
    office.cabinet.server.kill();

    let report = office.path("report.txt");
    let verify = |args: &[&str]| other("ecabinet-verify", &[&[&out, "--json"], args].concat());
    let held = verify(&["--body", &body, "--report", &report]);
    assert_eq!((held.exit, &held.json["holds"]), (0, &json!(true)), "{}{}", held.stdout, held.stderr);
    has(
        &held.json,
        &["schema", "body", "identity_checked", "entries", "root", "anchors", "witnesses", "outcomes"],
    );
    has(&held.json, &["erased", "withheld", "polls", "failures"]);
    assert_eq!((&held.json["root"], &held.json["withheld"]), (&exported["root"], &exported["withheld"]));
    assert_eq!((&held.json["polls"][0]["yes"], &held.json["polls"][0]["agrees"]), (&json!(1), &json!(true)));
    assert!(std::fs::read_to_string(&report).expect("a report").len() > 100);
    let unnamed = verify(&[]);
    assert_eq!((unnamed.exit, &unnamed.json["identity_checked"]), (2, &json!(false)));
    assert_eq!(verify(&["--body", &body, "--require-witnesses", "1"]).exit, 2);
    assert_eq!(verify(&["--body", &"0".repeat(64)]).exit, 1);
    let (a, b) = (verify(&["--body", &body]), verify(&["--body", &body]));
    assert_eq!(a.stdout, b.stdout, "same input, same bytes out");

    let entries = Path::new(&out).join("entries");
    let mut bytes = std::fs::read(&entries).expect("entries");
    let at = bytes.len() - 3;
    bytes[at] ^= 1;
    std::fs::write(&entries, bytes).expect("written");
    let failed = verify(&["--body", &body]);
    assert_eq!((failed.exit, &failed.json["holds"]), (1, &json!(false)));
    has(&failed.json["failures"][0], &["index", "statement", "code", "detail"]);
    let nothing = other("ecabinet-verify", &["/nonexistent", "--json", "--body", &body]);
    assert_eq!(nothing.exit, 5);
    assert!(nothing.json["error"]["code"].is_string());
}
