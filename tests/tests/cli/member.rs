//! A member: reading, voting, noting.

use crate::kit::{Office, folder, has, other, pdf, rows, text};
use ecabinet_tests::{Cabinet, Cli, sealed_files};
use serde_json::{Value, json};

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_that_could_not_be_printed_is_told_by_the_next_join() {
    let office = Office::open(0).await;
    let invited = office.registrar.done("invite", &["invite", &Cabinet::id(1).to_string()]);
    let (laptop, link) = (office.new_home("laptop"), text(&invited["link"]));
    let join = ["join", &link, "--device-name", "Máy xách tay", "--vault-key", "passphrase"];
    let full = std::fs::File::options().write(true).open("/dev/full").expect("a device");
    let cut =
        laptop.command(&join).stdout(full).stderr(std::process::Stdio::null()).status().expect("starts");
    assert!(!cut.success(), "joined, and could not say so");
    laptop.done("sync", &["sync"]);
    let (home, secret) = (laptop.home.to_string_lossy(), laptop.secret.to_string_lossy());
    let quiet =
        other("ecabinet", &[&join[..], &["--quiet", "--home", &home, "--secret-file", &secret]].concat());
    assert_eq!((quiet.exit, quiet.stdout.as_str()), (0, ""), "nobody saw it");
    let told = laptop.done("join", &join);
    assert!(ecabinet_record::code::ungroup(&text(&told["recovery_code"])).is_ok());
    assert_eq!(laptop.fails(6, &join), "body.already_joined", "from now on it is on paper only");
}

#[tokio::test(flavor = "multi_thread")]
async fn sync_once_and_the_record_only() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    let papers = folder(&office, "papers", &[("01 Ngân sách/01 Tờ trình.pdf", "paper.pdf")]);
    office.secretary.done("publish", &["publish", &papers, "--starts", "2026-11-24 08:00"]);
    let only = minister.done("sync", &["sync", "--record-only"]);
    has(&only, &["position", "root", "fetched_bytes", "reused_bytes", "papers", "outbox"]);
    has(&only["outbox"], &["saved", "received", "recorded", "counted", "refused"]);
    assert_eq!(only["papers"], json!({ "ready": 1, "total": 2 }));
    let entries = only["fetched_bytes"].as_u64().expect("bytes");
    assert!(entries > 0 && entries < 20_000, "three entries: {entries}");
    let whole = minister.done("sync", &["sync", "--once"]);
    let size = std::fs::metadata(pdf("paper.pdf")).expect("a file").len();
    assert_eq!((&whole["fetched_bytes"], &whole["papers"]["ready"]), (&json!(size), &json!(2)));
    let again = minister.done("sync", &["sync"]);
    assert_eq!(again["fetched_bytes"], 0);
    assert_eq!(again["reused_bytes"].as_u64(), whole["reused_bytes"].as_u64().map(|bytes| bytes + size));
    let checked = office.cabinet.server.check();
    assert_eq!((&again["position"], &again["root"]), (&checked["entries"], &checked["root"]));
    assert_eq!(minister.fails(2, &["sync", "--once", "--follow"]), "usage.arguments");
}

#[tokio::test(flavor = "multi_thread")]
async fn meeting_list_show_and_paper_list_check() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    let meeting = office.meeting.to_string();
    let listed = minister.done("meeting list", &["meeting", "list"]);
    has(&rows(&listed, "meetings")[0], &["id", "title", "starts", "place", "version", "items"]);
    let shown = minister.done("meeting show", &["meeting", "show", &meeting]);
    has(&shown, &["id", "title", "starts", "place", "version", "items"]);
    has(&shown["items"][0], &["number", "id", "title", "agency", "papers", "polls"]);
    assert_eq!(shown["items"][0]["polls"], json!([{ "poll": office.poll, "open": true }]));
    assert_eq!(minister.fails(1, &["meeting", "show", &"0".repeat(32)]), "meeting.unknown");
    let papers = minister.done("paper list", &["paper", "list", &meeting]);
    let paper = rows(&papers, "papers")[0].clone();
    has(&paper, &["id", "rev", "title", "pages", "size", "ready", "signed", "sha256"]);
    let checked = minister.done("paper check", &["paper", "check", &text(&paper["id"])]);
    has(&checked, &["paper", "rev", "sha256", "size", "chunks"]);
    assert_eq!(checked["sha256"], paper["sha256"]);
    let out = office.path("paper out.pdf");
    let exported = minister.done("paper export", &["paper", "export", &text(&paper["id"]), "--out", &out]);
    has(&exported, &["paper", "rev", "sha256", "size"]);
    let bytes = std::fs::read(&out).expect("a file");
    assert_eq!(json!(ecabinet_record::hash::sha256(&bytes)), paper["sha256"]);
    assert_eq!(minister.fails(6, &["paper", "export", &text(&paper["id"]), "--out", &out]), "file.exists");

    let file = &sealed_files(&minister.home)[0];
    let mut bytes = std::fs::read(file).expect("bytes");
    bytes[5] ^= 1;
    std::fs::write(file, bytes).expect("written");
    assert_eq!(minister.fails(1, &["paper", "check", &text(&paper["id"])]), "paper.damaged");
}

#[tokio::test(flavor = "multi_thread")]
async fn vote_and_the_outbox_without_a_network() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    let poll = office.poll.to_string();
    office.cabinet.server.kill();
    let saved = minister.done("vote", &["vote", &poll, "yes"]);
    assert_eq!(saved["state"], "saved");
    assert_eq!(minister.fails(6, &["vote", &poll, "no"]), "ballot.stands");
    let replaced = minister.done("vote", &["vote", &poll, "no", "--replace", "--text", "Cần xem lại"]);
    assert_eq!(minister.fails(1, &["vote", &poll, "other"]), "ballot.choice");
    let listed = minister.done("outbox list", &["outbox", "list"]);
    let newest = &rows(&listed, "acts")[0];
    has(newest, &["statement", "kind", "state", "entry", "code", "saved_at"]);
    assert_eq!((&newest["statement"], &newest["state"]), (&replaced["statement"], &json!("saved")));
    let third = minister.done("vote", &["vote", &poll, "yes", "--replace"]);
    let drop_it = ["outbox", "drop", &text(&third["statement"])];
    assert_eq!(minister.fails(2, &drop_it), "usage.yes");
    minister.done("outbox drop", &[&drop_it[..], &["--yes"]].concat());

    office.cabinet.server.resume();
    assert_eq!(minister.done("outbox retry", &["outbox", "retry"])["retried"], 0);
    let listed = minister.done("outbox list", &["outbox", "list"]);
    let states: Vec<&Value> = rows(&listed, "acts").iter().map(|act| &act["state"]).take(2).collect();
    assert_eq!(states, ["recorded", "superseded"]);
    assert_eq!(
        minister.fails(1, &["outbox", "drop", &text(&replaced["statement"]), "--yes"]),
        "act.cannot_drop"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn note_add_list() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    let papers = minister.done("paper list", &["paper", "list", &office.meeting.to_string()]);
    let paper = text(&rows(&papers, "papers")[0]["id"]);
    let made = minister.done("note add", &["note", "add", &paper, "--page", "1", "Hỏi nguồn vốn"]);
    let space = |who: &Cli| rows(&who.done("space list", &["space", "list"]), "spaces").clone();
    let own = space(&minister);
    has(&own[0], &["space", "epoch", "objects", "unsent"]);
    assert_eq!((own.len(), &own[0]["objects"], &own[0]["unsent"]), (1, &json!(1), &json!(0)));
    assert!(space(&office.registrar).is_empty(), "a registrar's device has none");
    assert_eq!(minister.fails(2, &["note", "add", &paper, "--page", "0", "Trang nào?"]), "usage.arguments");
    for args in [&["note", "list"][..], &["note", "list", "--paper", &paper]] {
        let listed = minister.done("note list", args);
        let note = &rows(&listed, "notes")[0];
        has(note, &["note", "kind", "paper", "rev", "page", "exact", "texts", "changed"]);
        assert_eq!(
            (&note["note"], &note["page"], &note["texts"]),
            (&made["note"], &json!(1), &json!(["Hỏi nguồn vốn"]))
        );
    }
    let other_paper = minister.done("note list", &["note", "list", "--paper", &"0".repeat(32)]);
    assert!(rows(&other_paper, "notes").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn member_staff_and_note_share_shared() {
    let mut office = Office::open(2).await;
    let [member, aide] = [1, 2].map(|at| Cabinet::id(at).to_string());
    let staff = ["member", "staff", &member, &aide];
    assert_eq!(office.registrar.fails(1, &staff), "level.needed");
    for _ in 0..2 {
        office.registrar.done("level raise", &["level", "raise", "--yes"]);
    }
    assert_eq!(office.registrar.done("member staff", &staff)["state"], "recorded");
    assert_eq!(office.registrar.done("member staff", &staff)["statement"], Value::Null, "known already");
    let listed = office.registrar.done("member list", &["member", "list"]);
    let row =
        rows(&listed, "members").iter().find(|row| row["id"] == member.as_str()).expect("listed").clone();
    assert_eq!(row["staff"], json!([aide]));

    let (minister, specialist) = (office.member(0), office.member(1));
    for who in [&minister, &specialist] {
        who.done("sync", &["sync", "--record-only"]);
    }
    let papers = minister.done("paper list", &["paper", "list", &office.meeting.to_string()]);
    let paper = text(&rows(&papers, "papers")[0]["id"]);
    let made = minister.done("note add", &["note", "add", &paper, "--page", "1", "Hỏi nguồn vốn"]);
    let (note, group) = (text(&made["note"]), format!("staff:{member}"));
    let shared = minister.done("note share", &["note", "share", &note, "--with", &group]);
    assert_eq!(shared["shared"], json!([group]));
    let own = minister.done("note list", &["note", "list"]);
    assert_eq!(rows(&own, "notes")[0]["shared"], json!([group]));
    let seen = specialist.done("note shared", &["note", "shared", "--paper", &paper]);
    let there = &rows(&seen, "notes")[0];
    has(there, &["note", "by", "group", "kind", "paper", "rev", "page", "exact", "texts", "changed"]);
    assert_eq!((&there["by"], &there["texts"]), (&json!(member), &json!(["Hỏi nguồn vốn"])));
    let spaces = specialist.done("space list", &["space", "list"]);
    let owners: Vec<&Value> = rows(&spaces, "spaces").iter().map(|space| &space["owner"]).collect();
    assert!(owners.contains(&&json!(group)), "{owners:?}");
    let elsewhere = ["note", "share", &note, "--with", &format!("staff:{aide}")];
    assert_eq!(minister.fails(1, &elsewhere), "space.owner");
    minister.done("note share", &["note", "share", &note]);
    let seen = specialist.done("note shared", &["note", "shared"]);
    assert!(rows(&seen, "notes").is_empty(), "taken back");
}
