//! What is taken out of the record, and what says that it holds.

use crate::kit::{Office, has, other, rows, text};
use ecabinet_domain::Choice;
use ecabinet_tests::{Cabinet, Cli, Ran};
use serde_json::{Value, json};
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

#[tokio::test(flavor = "multi_thread")]
async fn export_of_one_meeting_and_as_a_zip() {
    let cabinet = Cabinet::open().await;
    let (mut minister, mut polls) = (cabinet.join(1, "minister").await, Vec::new());
    for _ in 0..2 {
        let meeting = cabinet.publish(None, "Điều 1").await.meeting;
        let poll = cabinet.open_poll(meeting).await;
        cabinet.all_present(meeting).await;
        minister.sync().await;
        minister.vote(poll, Choice::Yes);
        minister.sync().await;
        cabinet.close_poll(poll).await;
        polls.push((meeting.to_string(), poll.to_string()));
    }
    let minister = Cli::of(&mut minister);
    minister.done("sync", &["sync"]);
    let body = cabinet.body.to_string();
    let path = |name: &str| cabinet.path(name).to_string_lossy().into_owned();
    let verified = |export: &str| {
        let ran = other("ecabinet-verify", &[export, "--json", "--body", &body]);
        assert_eq!(ran.exit, 0, "{}{}", ran.stdout, ran.stderr);
        ran.json
    };
    let result_of = |verdict: &Value, poll: &str| {
        let found =
            rows(verdict, "polls").iter().find(|found| found["poll"] == poll).expect("the poll").clone();
        (found["result"].clone(), found["agrees"].clone())
    };

    let (folder, zip) = (path("one"), path("one.zip"));
    let [(first, asked), (_, elsewhere)] = &polls[..] else { unreachable!("two meetings") };
    let all = minister.done("export", &["export", "--zip", &path("all.zip")]);
    let one = minister.done("export", &["export", "--out", &folder, "--meeting", first, "--zip", &zip]);
    assert_eq!((&one["entries"], &one["root"]), (&all["entries"], &all["root"]), "always the whole record");
    assert!(one["withheld"].as_u64() > all["withheld"].as_u64(), "{one} {all}");

    let verdict = verified(&folder);
    assert_eq!((&verdict["withheld"], &verdict["erased"]), (&one["withheld"], &one["erased"]));
    assert_eq!(result_of(&verdict, asked), (json!("failed"), json!(true)), "one of many members");
    assert_eq!(result_of(&verdict, elsewhere), (json!("unverifiable"), Value::Null));
    assert_eq!(verified(&zip), verdict, "the same in one file");
    for poll in [asked, elsewhere] {
        assert_eq!(result_of(&verified(&path("all.zip")), poll), (json!("failed"), json!(true)));
    }
    let missing = |kind: &str| rows(&verdict, "missing").iter().filter(|lack| lack["kind"] == kind).count();
    for (kind, withheld) in [
        ("body.genesis", 0),
        ("member.add", 0),
        ("meeting.publish", 1),
        ("item.set", 1),
        ("paper.publish", 1),
        ("poll.open", 1),
        ("ballot.cast", 1),
    ] {
        assert_eq!(missing(kind), withheld, "{kind}");
    }
    let report = other("ecabinet-verify", &[&zip, "--body", &body, "--lang", "en"]).stdout;
    assert!(report.contains("Times in this report: UTC+07:00 (the body's clock)"), "{report}");

    assert_eq!(minister.fails(6, &["export", "--zip", &zip]), "file.exists");
    assert_eq!(minister.fails(6, &["export", "--out", &folder, "--zip", &path("new.zip")]), "export.exists");
    assert!(!Path::new(&path("new.zip")).exists(), "nothing half done");
    assert_eq!(
        minister.fails(1, &["export", "--zip", &path("x"), "--meeting", &"0".repeat(32)]),
        "meeting.unknown"
    );
    assert_eq!(minister.fails(2, &["export", "--zip", &path("x"), "--meeting", "first"]), "usage.id");
    assert_eq!(minister.run(&["export"]).exit, 2, "neither folder nor file is named");
}
