//! The secretariat and the chair at a meeting.

use crate::kit::{Office, has, rows, sample, text};
use ecabinet_tests::Cabinet;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn poll_open_close_result() {
    let mut office = Office::open(2).await;
    let (meeting, rule) = (office.meeting.to_string(), sample("rule.toml"));
    let opened = office.secretary.done(
        "poll open",
        &[
            "poll",
            "open",
            "--meeting",
            &meeting,
            "--item",
            "1",
            "--rule",
            &rule,
            "--closes",
            "2026-11-24 17:00",
        ],
    );
    has(&opened, &["poll", "statement", "state"]);
    assert_eq!((&opened["poll"], &opened["state"]), (&opened["statement"], &json!("recorded")));
    let item = text(&office.secretary.done("meeting show", &["meeting", "show", &meeting])["items"][0]["id"]);
    office
        .secretary
        .done("poll open", &["poll", "open", "--meeting", &meeting, "--item", &item, "--rule", &rule]);
    let unknown = ["poll", "open", "--meeting", &meeting, "--item", "7", "--rule", &rule];
    assert_eq!(office.secretary.fails(1, &unknown), "item.unknown");
    let broken = office.path("rule.toml");
    std::fs::write(&broken, "choices = [\"no\"]\n[text]\nquestion = \"?\"\nbasis = \"\"\n").expect("written");
    let malformed = ["poll", "open", "--meeting", &meeting, "--item", "1", "--rule", &broken];
    assert_eq!(office.secretary.fails(5, &malformed), "config.malformed");

    let poll = text(&opened["poll"]);
    let (one, other) = (office.member(0), office.member(1));
    for (who, choice) in [(&one, "yes"), (&other, "abstain")] {
        who.done("sync", &["sync"]);
        who.done("vote", &["vote", &poll, choice]);
    }
    assert_eq!(one.fails(1, &["poll", "result", &poll]), "poll.open");
    let closed = office.secretary.done("poll close", &["poll", "close", &poll]);
    assert_eq!(closed["state"], "recorded");
    one.done("sync", &["sync"]);
    let result = one.done("poll result", &["poll", "result", &poll]);
    let fields = [
        "poll",
        "n",
        "present",
        "yes",
        "no",
        "abstain",
        "other",
        "silent",
        "quorum_needed",
        "pass_needed",
        "tie_by",
        "result",
    ];
    has(&result, &fields);
    assert_eq!(
        (&result["n"], &result["yes"], &result["abstain"], &result["silent"]),
        (&json!(5), &json!(1), &json!(1), &json!(3))
    );
    assert_eq!((&result["pass_needed"], &result["result"]), (&json!(3), &json!("inquorate")));
    assert_eq!(one.fails(1, &["vote", &poll, "no", "--replace"]), "poll.closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn attendance_set() {
    let office = Office::open(0).await;
    let (meeting, member) = (office.meeting.to_string(), Cabinet::id(1).to_string());
    for state in ["present", "remote", "absent", "substitute"] {
        let set = office.secretary.done("attendance set", &["attendance", "set", &meeting, &member, state]);
        assert_eq!(set["state"], "recorded");
        assert!(set["statement"].is_string());
    }
    assert_eq!(
        office.secretary.fails(2, &["attendance", "set", &meeting, &member, "asleep"]),
        "usage.arguments"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn status_tells_who_has_what_and_who_has_voted() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    minister.done("vote", &["vote", &office.poll.to_string(), "yes"]);
    office.secretary.done("sync", &["sync"]);
    let status = office.secretary.done("status", &["status", "--meeting", &office.meeting.to_string()]);
    let members = rows(&status, "members");
    let row = members.iter().find(|row| row["name"] == "Thành viên Mẫu 2").expect("the minister");
    assert_eq!(row["voted"], json!([office.poll]));
    has(&row["devices"][0], &["received_version", "last_contact"]);
    assert_eq!(row["devices"][0]["received_version"], 1);
    assert!(row["devices"][0]["last_contact"].is_u64());
    let silent = members.iter().find(|row| row["name"] == "Thành viên Mẫu 3").expect("another");
    assert_eq!((&silent["voted"], &silent["devices"]), (&json!([]), &json!([])));
    assert_eq!(
        office.secretary.done("status", &["status"])["meeting"],
        json!(office.meeting),
        "the next one"
    );
    assert_eq!(minister.fails(1, &["status"]), "capacity.not_held");
}

#[tokio::test(flavor = "multi_thread")]
async fn payload_erase() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    let acts = office.secretary.done("outbox list", &["outbox", "list"]);
    let paper =
        rows(&acts, "acts").iter().find(|act| act["kind"] == "paper.publish").expect("a paper").clone();
    has(&paper, &["statement", "kind", "state", "entry"]);
    let entry = paper["entry"].to_string();
    let erased = office.secretary.done("payload erase", &["payload", "erase", &entry, "--why", "Gửi nhầm"]);
    assert_eq!(erased["state"], "recorded");
    minister.done("sync", &["sync"]);
    let listed = minister.done("paper list", &["paper", "list", &office.meeting.to_string()]);
    assert!(rows(&listed, "papers").is_empty(), "{listed}");
    let out = office.path("export");
    let exported = minister.done("export", &["export", "--out", &out]);
    assert_eq!(exported["erased"], 1);
    assert_eq!(minister.fails(1, &["payload", "erase", &entry, "--why", "Không"]), "capacity.not_held");
}
