//! Conclusions: written by the secretariat, confirmed by the chair, corrected in the open.

use ecabinet_client::NewConclusion;
use ecabinet_domain::{Audience, Base, Choice, ItemId, Member, Outcome, PassRule, Rule, StatementId};
use ecabinet_protocol::content::PollContent;
use ecabinet_protocol::ui::{Conclusion, ConclusionView};
use ecabinet_tests::{Cabinet, Person, code};

fn write(item: ItemId, outcome: Outcome, poll: Option<StatementId>, text: &str) -> NewConclusion {
    let by = (outcome == Outcome::Changes).then(|| Cabinet::id(2));
    NewConclusion { item, outcome, by, poll, text: text.into() }
}

fn seen(person: &Person, item: ItemId) -> Vec<ConclusionView> {
    person.client().conclusions(person.body(), item).expect("conclusions")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_secretariat_writes_holds_once_the_chair_has_confirmed_it_and_is_corrected_in_the_open() {
    let mut cabinet = Cabinet::open().await;
    let meeting = cabinet.publish(None, "Điều 1").await.meeting;
    let item = cabinet.item(meeting, 1);
    cabinet.all_present(meeting).await;
    cabinet.raise().await;
    let poll = cabinet.open_poll(meeting).await;
    let office = cabinet.secretary.client();
    let early = write(item, Outcome::Adopted, Some(poll), "Thông qua");
    assert_eq!(code(office.conclude(cabinet.body, early)), "poll.open");
    let mut chair = cabinet.join(0, "chair").await;
    chair.sync().await;
    chair.vote(poll, Choice::Yes);
    chair.sync().await;
    cabinet.close_poll(poll).await;

    // A draft of the office: nobody takes it for the chair's word.
    office
        .conclude(cabinet.body, write(item, Outcome::Changes, Some(poll), "Thông qua, giao Bộ hoàn chỉnh"))
        .expect("written");
    let again = write(item, Outcome::Adopted, None, "Thông qua");
    assert_eq!(code(office.conclude(cabinet.body, again)), "conclusion.waiting");
    assert_eq!(seen(&cabinet.secretary, item)[0].written_at, None, "it is on its way");
    cabinet.secretary.sync().await;
    let minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    let proposed = seen(&minister, item).remove(0);
    assert_eq!((proposed.conclusion, proposed.confirmed_at), (Conclusion::Changes, None));
    assert_eq!(proposed.text.as_deref(), Some("Thông qua, giao Bộ hoàn chỉnh"));
    assert!(proposed.by.is_some() && proposed.capacity == "secretariat");

    // The chair confirms it without a network.
    let conclusion: StatementId = proposed.statement.parse().expect("an id");
    chair.sync().await;
    cabinet.server.kill();
    chair.restart();
    chair.client().confirm_conclusion(cabinet.body, conclusion).expect("confirmed");
    let waiting = seen(&chair, item).remove(0);
    assert_eq!((waiting.confirming, waiting.confirmed_at), (true, None), "not shown as more than it is");
    cabinet.server.resume();
    chair.sync().await;
    minister.sync().await;
    assert!(seen(&minister, item)[0].confirmed_at.is_some());
    assert_eq!(code(chair.client().confirm_conclusion(cabinet.body, conclusion)), "conclusion.confirmed");

    // Corrected twice: all of them stay to be read, the newest first.
    for text in ["Thông qua, giao hai Bộ hoàn chỉnh", "Thông qua, giao ba Bộ hoàn chỉnh"] {
        chair
            .client()
            .conclude(cabinet.body, write(item, Outcome::Changes, Some(poll), text))
            .expect("corrected");
        chair.sync().await;
    }
    minister.sync().await;
    let all = seen(&minister, item);
    let texts: Vec<&str> = all.iter().filter_map(|view| view.text.as_deref()).collect();
    let expected = [
        "Thông qua, giao ba Bộ hoàn chỉnh",
        "Thông qua, giao hai Bộ hoàn chỉnh",
        "Thông qua, giao Bộ hoàn chỉnh",
    ];
    assert_eq!(texts, expected);
    assert!(all[0].confirmed_at.is_some() && all[0].capacity == "chair", "the chair's own stands at once");
    let former = chair.client().confirm_conclusion(cabinet.body, conclusion);
    assert_eq!(code(former), "conclusion.replaced");
    let member = minister.client().conclude(cabinet.body, write(item, Outcome::Rejected, None, "Không"));
    assert_eq!(code(member), "capacity.not_held");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_ballots_are_for_the_chair_alone_others_learn_the_result_from_his_conclusion() {
    let mut cabinet = Cabinet::open().await;
    let meeting = cabinet.publish(None, "Điều 1").await.meeting;
    let item = cabinet.item(meeting, 1);
    cabinet.raise().await;
    let rule = Rule {
        see: Some(vec![Audience::Office(Member::CHAIR.into())]),
        ..Rule::plain(
            vec![Choice::Yes, Choice::No],
            PassRule { base: Base::Cast, num: 1, den: 2, strict: true },
        )
    };
    let question = PollContent {
        question: "Đồng ý về nhân sự?".into(),
        basis: "Quy chế mẫu".into(),
        labels: Default::default(),
        options: Vec::new(),
    };
    let poll = cabinet.secretary.client().open_poll(cabinet.body, item, rule, &question).expect("a poll");
    cabinet.secretary.sync().await;
    let chair = cabinet.join(0, "chair").await;
    let minister = cabinet.join(1, "minister").await;
    for (person, choice) in [(&chair, Choice::Yes), (&minister, Choice::Yes)] {
        person.sync().await;
        person.vote(poll, choice);
        person.sync().await;
    }
    cabinet.close_poll(poll).await;
    chair.sync().await;
    let counted = chair.client().result(cabinet.body, poll).expect("he sees them");
    assert_eq!((counted.yes, counted.no), (2, 0));
    minister.sync().await;
    // His own he has, and it does not pass for the count.
    assert_eq!(code(minister.client().result(cabinet.body, poll)), "poll.not_shown");
    chair
        .client()
        .conclude(cabinet.body, write(item, Outcome::Adopted, Some(poll), "Đồng ý"))
        .expect("concluded");
    chair.sync().await;
    minister.sync().await;
    assert_eq!(seen(&minister, item)[0].conclusion, Conclusion::Adopted);
}
