//! A vote counts exactly once, and everybody can prove it.

use ecabinet_client::packs::NewPaper;
use ecabinet_domain::{Audience, Choice, Verdict};
use ecabinet_tests::{Cabinet, code, program, run};
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_made_on_a_plane_is_recorded_counted_and_provable() {
    let mut cabinet = Cabinet::open().await;
    let mut minister = cabinet.join(1, "minister").await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    cabinet.all_present(published.meeting).await;
    let got = minister.sync().await;
    assert_eq!((got.papers.ready, got.papers.total), (1, 1));

    cabinet.server.kill();
    minister.restart();
    let ballot = minister.vote(poll, Choice::Yes);
    assert_eq!(minister.state(ballot), "saved");
    assert_eq!(code(minister.client().sync(cabinet.body, false).await), "net.unreachable");
    minister.restart();
    assert_eq!(minister.state(ballot), "saved", "what waits survives a restart");

    cabinet.server.resume();
    minister.sync().await;
    assert_eq!(minister.state(ballot), "recorded");
    for other in 2..5 {
        let person = cabinet.join(other, &format!("member {other}")).await;
        person.sync().await;
        person.vote(poll, if other < 4 { Choice::Yes } else { Choice::No });
        person.sync().await;
    }
    cabinet.secretary.sync().await;
    assert_eq!(code(cabinet.secretary.client().result(cabinet.body, poll)), "poll.open");
    cabinet.close_poll(poll).await;

    minister.sync().await;
    assert_eq!(minister.state(ballot), "counted");
    let result = minister.client().result(cabinet.body, poll).expect("a result");
    assert_eq!((result.n, result.present, result.yes, result.no, result.silent), (5, 5, 3, 1, 1));
    assert_eq!((result.quorum_needed, result.pass_needed, result.result), (4, 3, Verdict::Passed));
    assert_eq!(cabinet.secretary.client().result(cabinet.body, poll).expect("a result"), result);

    let export = cabinet.path("export");
    let exported = minister.client().export(cabinet.body, None).expect("an export");
    exported.write_folder(&export).expect("written");
    let body = cabinet.body.to_string();
    let verified =
        run(Command::new(program("ecabinet-verify")).arg(&export).args(["--json", "--body", &body]));
    assert_eq!(verified.exit, 0, "{}{}", verified.stdout, verified.stderr);
    assert_eq!(verified.json["holds"], true);
    assert_eq!(verified.json["polls"][0]["yes"], 3);
    assert_eq!(verified.json["polls"][0]["agrees"], true);
    assert_eq!(cabinet.server.check()["entries"], verified.json["entries"]);

    let receipt = minister.client().receipt(cabinet.body, ballot).expect("a receipt");
    assert!(receipt.len() < 4096);
    let anchor = cabinet.path("receipt.txt");
    std::fs::write(&anchor, receipt).expect("written");
    let mut verify = Command::new(program("ecabinet-verify"));
    let anchored = run(verify.arg(&export).args(["--json", "--body", &body, "--anchor"]).arg(&anchor));
    assert_eq!(anchored.exit, 0, "{}{}", anchored.stdout, anchored.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ballot_that_arrives_after_the_close_is_late_kept_and_shown_so() {
    let cabinet = Cabinet::open().await;
    let minister = cabinet.join(1, "minister").await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    minister.sync().await;
    let ballot = minister.vote(poll, Choice::Yes);
    cabinet.close_poll(poll).await;
    minister.sync().await;
    assert_eq!(minister.state(ballot), "late");
    let result = minister.client().result(cabinet.body, poll).expect("a result");
    assert_eq!((result.yes, result.silent), (0, 5));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ballot_on_a_paper_that_was_replaced_is_stale_until_its_author_confirms() {
    let cabinet = Cabinet::open().await;
    let minister = cabinet.join(1, "minister").await;
    let first = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(first.meeting).await;
    minister.sync().await;
    let ballot = minister.vote(poll, Choice::Yes);
    let second = cabinet.publish(Some(first.meeting), "Điều 1, sửa").await;
    assert_eq!(second.version, 2);
    assert!(second.shared_bytes > second.new_bytes, "what has not changed is not sent again");
    minister.sync().await;
    assert_eq!(minister.state(ballot), "stale");
    let confirmed = minister.vote(poll, Choice::Yes);
    minister.sync().await;
    assert_eq!((minister.state(confirmed), minister.state(ballot)), ("recorded".into(), "superseded".into()));
    cabinet.close_poll(poll).await;
    minister.sync().await;
    assert_eq!(minister.state(confirmed), "counted");
    assert_eq!(minister.client().result(cabinet.body, poll).expect("a result").yes, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_of_thirty_papers_is_voted_on_also_by_whom_one_of_them_is_kept_from() {
    let cabinet = Cabinet::open().await;
    let (chair, minister) = (cabinet.join(0, "chair").await, cabinet.join(1, "minister").await);
    let papers = (1..=30).map(|number| NewPaper {
        title: format!("Phụ lục {number}"),
        path: format!("1/{number}.pdf"),
        bytes: format!("%PDF-1.4 phu luc {number}").into_bytes(),
        pages: 1,
        audience: vec![if number == 30 { Audience::Office("chair".into()) } else { Audience::All }],
        signers: Vec::new(),
        watermark: false,
    });
    let published = cabinet.publish_papers(papers.collect()).await;
    let poll = cabinet.open_poll(published.meeting).await;
    for (person, sees) in [(&chair, 30), (&minister, 29)] {
        assert_eq!(person.sync().await.papers.ready, sees);
        let ballot = person.vote(poll, Choice::Yes);
        person.sync().await;
        assert_eq!(person.state(ballot), "recorded");
    }
    cabinet.close_poll(poll).await;
    minister.sync().await;
    assert_eq!(minister.client().result(cabinet.body, poll).expect("a result").yes, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_devices_voting_apart_one_ballot_stands_and_the_other_is_shown() {
    let cabinet = Cabinet::open().await;
    let laptop = cabinet.join(1, "laptop").await;
    let tablet = cabinet.join(1, "tablet").await;
    cabinet.confirm(&laptop, &tablet).await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    laptop.sync().await;
    tablet.sync().await;
    let (yes, no) = (laptop.vote(poll, Choice::Yes), tablet.vote(poll, Choice::No));
    laptop.sync().await;
    tablet.sync().await;
    assert_eq!((laptop.state(yes), tablet.state(no)), ("recorded".into(), "superseded".into()));
    cabinet.close_poll(poll).await;
    tablet.sync().await;
    let result = tablet.client().result(cabinet.body, poll).expect("a result");
    assert_eq!((result.yes, result.no), (1, 0));
}
