//! What is not his to see is not on his disk.

use ecabinet_domain::{Audience, GroupId};
use ecabinet_tests::{Cabinet, sealed_bytes, sealed_files};

#[tokio::test(flavor = "multi_thread")]
async fn a_member_outside_an_items_audience_has_no_trace_of_it_on_his_disk() {
    let cabinet = Cabinet::open().await;
    let group = GroupId([7; 16]);
    let insiders = vec![Cabinet::id(0), Cabinet::id(1)];
    cabinet.registrar.client().set_group(cabinet.body, group, "Tổ nhân sự", insiders).expect("a group");
    cabinet.registrar.sync().await;
    let (insider, outsider) = (cabinet.join(1, "insider").await, cabinet.join(2, "outsider").await);
    let restricted = vec![Audience::Group(group), Audience::Office("secretariat".into())];
    let items = [
        ("Công tác nhân sự KIENNGHIKIN", "Điều khoản kín", restricted),
        ("Nội dung chung", "Điều khoản chung", vec![Audience::All]),
    ];
    let published = cabinet.publish_for(None, &items).await;
    let (inside, outside) = (insider.sync().await, outsider.sync().await);
    assert_eq!((inside.papers.ready, inside.papers.total), (2, 2));
    assert_eq!((outside.papers.ready, outside.papers.total), (1, 1));

    let seen = outsider.client().meeting(cabinet.body, published.meeting).expect("the meeting");
    assert_eq!(seen.items.len(), 1);
    assert_eq!(
        (seen.items[0].number, seen.items[0].content.title.as_str()),
        (1, "Nội dung chung"),
        "no telling gap"
    );
    let kept = [&outsider, &insider].map(|person| sealed_bytes(&person.home));
    assert!(kept[0] > 0 && kept[0] < kept[1]);
    for person in [&insider, &outsider] {
        assert!(!cabinet.holds(&person.home, "KIENNGHIKIN".as_bytes()), "titles lie sealed");
        assert!(!cabinet.holds(&person.home, "Điều khoản".as_bytes()), "papers lie sealed");
    }

    let paper = insider.client().meeting(cabinet.body, published.meeting).expect("the meeting").items[0]
        .papers[0]
        .rev;
    assert!(insider.client().check_paper(cabinet.body, paper).is_ok());
    assert_eq!(ecabinet_tests::code(outsider.client().check_paper(cabinet.body, paper)), "paper.unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_paper_is_gone_from_every_disk_and_its_proof_stays() {
    let cabinet = Cabinet::open().await;
    let minister = cabinet.join(1, "minister").await;
    let published = cabinet.publish(None, "Điều 1").await;
    minister.sync().await;
    let view = minister.client().meeting(cabinet.body, published.meeting).expect("the meeting");
    let paper = view.items[0].papers[0].rev;
    assert!(minister.client().check_paper(cabinet.body, paper).is_ok());
    let at = minister.client().position_of(cabinet.body, paper).expect("its entry");
    cabinet.secretary.client().erase_payload(cabinet.body, at, "Gửi nhầm").expect("erased");
    cabinet.secretary.sync().await;
    minister.sync().await;
    assert_eq!(ecabinet_tests::code(minister.client().check_paper(cabinet.body, paper)), "paper.unknown");
    assert!(sealed_files(&minister.home).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_one_paper_leaves_another_that_still_waits_to_be_sent() {
    let mut cabinet = Cabinet::open().await;
    let second = second_secretary(&cabinet).await;
    let first = cabinet.publish(None, "Điều 1").await;
    second.sync().await;
    let gone =
        second.client().meeting(cabinet.body, first.meeting).expect("the meeting").items[0].papers[0].rev;
    let at = second.client().position_of(cabinet.body, gone).expect("its entry");

    cabinet.server.kill();
    let waiting = cabinet.queue_pdf(b"%PDF-1.4 bai khac".repeat(9_000));
    cabinet.server.resume();
    second.client().erase_payload(cabinet.body, at, "Gửi nhầm").expect("erased");
    second.sync().await;
    // The erasure is pulled first, while the publication is still in the outbox.
    cabinet.secretary.sync().await;
    let minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    let view = minister.client().meeting(cabinet.body, waiting.meeting).expect("it was published");
    assert!(minister.client().check_paper(cabinet.body, view.items[0].papers[0].rev).is_ok());

    let author = cabinet.secretary.client().acts(cabinet.body).expect("acts");
    let erased = author.iter().find(|act| act.row.index == Some(at)).expect("its publication");
    assert!(erased.row.payload.is_none(), "its author forgets what it said, too");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_folded_tells_nothing_of_an_erased_meeting() {
    let env = ecabinet_client::Env { folds_kept: 1, ..ecabinet_client::Env::real() };
    let cabinet = Cabinet::open_in(tempfile::TempDir::new().expect("a folder"), env).await;
    let mut minister = cabinet.join(1, "minister").await;
    let published = cabinet.publish(None, "Điều 1").await;
    minister.sync().await;
    let all_is_kept = |minister: &ecabinet_tests::Person| {
        let (kept, all) = minister.client().kept_folded(cabinet.body).expect("counted");
        assert!(minister.client().is_folded_well(cabinet.body).expect("folded"));
        assert_eq!(kept, all);
    };
    all_is_kept(&minister);
    minister.restart();
    all_is_kept(&minister);

    let state = minister.client().state(cabinet.body).expect("a state");
    let at = state.meetings[&published.meeting].published_at.expect("published");
    cabinet.secretary.client().erase_payload(cabinet.body, at, "Gửi nhầm").expect("erased");
    cabinet.secretary.sync().await;
    minister.sync().await;
    all_is_kept(&minister);
    minister.restart();
    all_is_kept(&minister);
    assert!(minister.client().meetings(cabinet.body).expect("meetings").is_empty());
}

/// A further person of the office, so that two work on one body.
async fn second_secretary(cabinet: &Cabinet) -> ecabinet_tests::Person {
    use ecabinet_client::{Env, NewMember};
    let id = ecabinet_domain::MemberId([98; 16]);
    let content = ecabinet_protocol::content::MemberContent {
        name: "Thư ký Mẫu 2".into(),
        title: "Văn phòng".into(),
    };
    let member = NewMember { id, offices: vec!["secretariat".into()], order: 98, content };
    cabinet.registrar.client().add_members(cabinet.body, vec![member]).expect("added");
    cabinet.registrar.sync().await;
    let ticket = cabinet.invite(id).await;
    let mut person = ecabinet_tests::Person::new(cabinet.path("secretary 2"), Env::real());
    person.join(&ticket).await.expect("joins");
    person
}
