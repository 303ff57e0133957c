//! What a body of the third level has besides: positions, blocks, hands, speakers, substitutes, conclusions.

use crate::kit::{Office, folder, has, rows, sample, text};
use ecabinet_tests::Cabinet;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn positions_blocks_hands_speakers_substitutes_and_conclusions() {
    let mut office = Office::open(1).await;
    for _ in 0..2 {
        office.registrar.done("level raise", &["level", "raise", "--yes"]);
    }
    let two = [("01 Một/01 Tờ trình.pdf", "paper.pdf"), ("02 Hai/01 Tờ trình.pdf", "paper.pdf")];
    let papers = folder(&office, "papers", &two);
    office.secretary.done("sync", &["sync"]);
    let published = office.secretary.done("publish", &["publish", &papers, "--starts", "2026-11-24 08:00"]);
    let meeting = text(&published["meeting"]);
    let minister = office.member(0);
    minister.done("sync", &["sync"]);

    let object = ["position", "state", "--meeting", &meeting, "--item", "1", "object"];
    assert_eq!(minister.fails(1, &object), "position.text");
    let stated = minister.done("position state", &[&object[..], &["--text", "Chưa rõ"]].concat());
    assert_eq!(stated["state"], "recorded");
    let listed = minister.done("position list", &["position", "list", "--meeting", &meeting]);
    let first = &rows(&listed, "items")[0];
    has(first, &["number", "id", "title", "own", "object", "speak", "agree", "silent", "unseen", "members"]);
    assert_eq!((&first["own"]["choice"], &first["object"]), (&json!("object"), &json!(1)));

    let rule = sample("rule.toml");
    let block = ["block", "open", "--meeting", &meeting, "--item", "1", "2", "--rule", &rule];
    let poll = text(&office.secretary.done("block open", &block)["poll"]);
    minister.done("sync", &["sync"]);
    minister.done("poll pull", &["poll", "pull", &poll, "--item", "2", "--why", "Cần thảo luận"]);
    minister.done("vote", &["vote", &poll, "yes"]);
    assert_eq!(minister.fails(1, &["vote", &poll, "1,2", "--replace"]), "ballot.choice");
    assert_eq!(minister.fails(2, &["vote", &poll, "maybe", "--replace"]), "usage.opinion");

    let member = Cabinet::id(2).to_string();
    let entered =
        office.secretary.done("hands enter", &["hands", "enter", &poll, "--member", &format!("{member}=no")]);
    has(&entered, &["hands", "statement", "state"]);
    let confirm = ["hands", "confirm", &text(&entered["hands"])];
    assert_eq!(office.secretary.fails(1, &confirm), "capacity.not_held");

    let item = ["--meeting", &meeting, "--item", "2"];
    minister.done("floor ask", &[&["floor", "ask"][..], &item].concat());
    let speakers = minister.done("floor list", &[&["floor", "list"][..], &item].concat());
    assert_eq!(rows(&speakers, "speakers").len(), 1);
    office.secretary.done("sync", &["sync"]);
    office.secretary.done("floor order", &[&["floor", "order"][..], &item].concat());
    minister.done("sync", &["sync"]);
    assert_eq!(minister.fails(1, &[&["floor", "leave"][..], &item].concat()), "floor.none");

    minister.done("attendance claim", &["attendance", "claim", &meeting, "absent", "--why", "Đi công tác"]);
    let secretary = text(&rows(&minister.done("member list", &["member", "list"]), "members")[5]["id"]);
    let ask =
        ["substitute", "ask", &secretary, "--meeting", &meeting, "--from", "2026-11-24 00:00", "--until"];
    assert_eq!(minister.fails(1, &[&ask[..], &["2026-11-23 00:00"]].concat()), "substitute.time");
    let asked = minister.done("substitute ask", &[&ask[..], &["2099-11-25 00:00"]].concat());
    let request = text(&asked["request"]);
    office.secretary.done("sync", &["sync"]);
    office.secretary.done("substitute approve", &["substitute", "approve", &request]);
    let all = office.secretary.done("substitute list", &["substitute", "list", "--meeting", &meeting]);
    assert_eq!(rows(&all, "substitutes")[0]["stage"], "approved");
    minister.done("sync", &["sync"]);
    minister.done("substitute end", &["substitute", "end", &request]);

    office.secretary.done("sync", &["sync"]);
    office.secretary.done("poll close", &["poll", "close", &poll]);
    let result = office.secretary.done("poll result", &["poll", "result", &poll]);
    assert_eq!((rows(&result, "items").len(), rows(&result, "pulled").len()), (2, 1));
    let write =
        ["conclusion", "write", "--meeting", &meeting, "--item", "1", "adopted", "--poll", &poll, "--text"];
    let written = office.secretary.done("conclusion write", &[&write[..], &["Thông qua"]].concat());
    let confirm = ["conclusion", "confirm", &text(&written["conclusion"])];
    assert_eq!(office.secretary.fails(1, &confirm), "capacity.not_held");
    let listed = office.secretary.done("conclusion list", &["conclusion", "list", "--meeting", &meeting]);
    let conclusion = &rows(&rows(&listed, "items")[0], "conclusions")[0];
    assert_eq!((&conclusion["outcome"], &conclusion["confirmed"]), (&json!("adopted"), &json!(null)));

    let again = ["poll", "open", "--meeting", &meeting, "--item", "2", "--rule", &rule];
    let poll = text(&office.secretary.done("poll open", &again)["poll"]);
    let extended = ["poll", "extend", &poll, "--closes", "2099-11-24 17:00"];
    office.secretary.done("poll extend", &extended);
    office.secretary.done("poll recall", &["poll", "recall", &poll, "--why", "Mở nhầm"]);
    assert_eq!(office.secretary.fails(1, &["poll", "result", &poll]), "poll.recalled");
}
