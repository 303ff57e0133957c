//! One vote over several items: opened over what nobody objects to, an item taken out of it, counted for the rest.

use ecabinet_client::NewBallot;
use ecabinet_domain::{
    Audience, Base, Choice, Int, MeetingId, Opinion, Options, PassRule, Rule, StatementId, Tally, Tie,
    Verdict,
};
use ecabinet_protocol::content::PollContent;
use ecabinet_tests::{Cabinet, Person, code, program, run};
use std::collections::BTreeMap;
use std::process::Command;

fn content(question: &str, options: &[&str]) -> PollContent {
    PollContent {
        question: question.into(),
        basis: "Quy chế mẫu".into(),
        labels: BTreeMap::new(),
        options: options.iter().map(|&option| option.to_owned()).collect(),
    }
}

fn rule() -> Rule {
    let pass = PassRule { base: Base::Members, num: 1, den: 2, strict: true };
    Rule {
        tie: Some(Tie { office: "chair".into() }),
        ..Rule::plain(vec![Choice::Yes, Choice::No, Choice::Abstain], pass)
    }
}

/// Three items and one vote over all of them, in a body of the third level.
async fn block() -> (Cabinet, MeetingId, StatementId) {
    let cabinet = Cabinet::open().await;
    let all = || vec![Audience::All];
    let items = [("Một", "Điều 1", all()), ("Hai", "Điều 2", all()), ("Ba", "Điều 3", all())];
    let meeting = cabinet.publish_for(None, &items).await.meeting;
    cabinet.all_present(meeting).await;
    cabinet.raise().await;
    let items = [1, 2, 3].map(|number| cabinet.item(meeting, number)).to_vec();
    let opened =
        cabinet.secretary.client().open_block(cabinet.body, items, rule(), &content("Thông qua?", &[]));
    let block = opened.expect("opened");
    cabinet.secretary.sync().await;
    (cabinet, meeting, block)
}

async fn member(cabinet: &Cabinet, number: usize) -> Person {
    let person = cabinet.join(number, &format!("member {number}")).await;
    person.sync().await;
    person
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_taken_out_of_a_block_is_not_decided_by_it_and_the_ballots_stand() {
    let (cabinet, meeting, block) = block().await;
    let (one, two) = (member(&cabinet, 1).await, member(&cabinet, 2).await);
    let first = one.vote(block, Choice::Yes);
    one.sync().await;
    two.sync().await;

    // Somebody wants the second item debated; whoever has voted need not vote again.
    let second = cabinet.item(meeting, 2);
    two.client().pull_item(cabinet.body, block, second, Some("Cần thảo luận thêm")).expect("taken out");
    two.sync().await;
    assert_eq!(code(two.client().pull_item(cabinet.body, block, second, None)), "block.pulled");
    let again = two.vote(block, Choice::Yes);
    two.sync().await;
    one.sync().await;
    assert_eq!([one.state(first), two.state(again)], ["recorded", "recorded"]);
    let shown = one.client().meeting(cabinet.body, meeting).expect("the meeting");
    let asked = |number: usize| shown.items[number - 1].polls.len();
    assert_eq!([1, 2, 3].map(asked), [1, 0, 1], "the one that was taken out is asked about by no poll");

    for number in [0, 3] {
        let person = member(&cabinet, number).await;
        person.vote(block, Choice::Yes);
        person.sync().await;
    }
    cabinet.close_poll(block).await;
    one.sync().await;
    assert_eq!(one.state(first), "counted");
    let tally: Tally = one.client().result(cabinet.body, block).expect("a result");
    assert_eq!((tally.n, tally.yes, tally.silent, tally.result), (5, 4, 1, Verdict::Passed));
    assert_eq!(
        code(one.client().pull_item(cabinet.body, block, cabinet.item(meeting, 1), None)),
        "poll.closed"
    );

    // It is voted on apart, and anyone can verify which of them was decided by which vote.
    let apart = cabinet.open_poll_on(meeting, 2, "Thông qua nội dung hai?").await;
    cabinet.close_poll(apart).await;
    let export = cabinet.path("export");
    one.sync().await;
    one.client().export(cabinet.body, None).expect("an export").write_folder(&export).expect("written");
    let body = cabinet.body.to_string();
    let verified =
        run(Command::new(program("ecabinet-verify")).arg(&export).args(["--json", "--body", &body]));
    assert_eq!(verified.exit, 0, "{}{}", verified.stdout, verified.stderr);
    let polls = verified.json["polls"].as_array().expect("polls");
    let told = polls.iter().find(|poll| poll["poll"] == block.to_string()).expect("the block");
    assert_eq!(told["pulled"], serde_json::json!([second]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_is_for_the_same_people_to_see_and_one_that_is_taken_back_has_no_result() {
    let (cabinet, meeting, block) = block().await;
    let few = vec![Audience::Member(Cabinet::id(1)), Audience::Office("secretariat".into())];
    let other = [("Kín", "Điều 1", few), ("Mở", "Điều 2", vec![Audience::All])];
    let mixed = cabinet.publish_for(None, &other).await.meeting;
    let client = cabinet.secretary.client();
    let items = [1, 2].map(|number| cabinet.item(mixed, number)).to_vec();
    assert_eq!(code(client.open_block(cabinet.body, items, rule(), &content("?", &[]))), "block.audience");
    let alone = vec![cabinet.item(meeting, 1)];
    assert_eq!(code(client.open_block(cabinet.body, alone, rule(), &content("?", &[]))), "block.items");
    let one = member(&cabinet, 1).await;
    client.recall_poll(cabinet.body, block, "Mở nhầm").expect("taken back");
    cabinet.secretary.sync().await;
    let late = one.vote(block, Choice::Yes);
    one.sync().await;
    assert_eq!(one.state(late), "late");
    assert_eq!(code(one.client().result(cabinet.body, block)), "poll.recalled");
    assert_eq!(
        code(one.client().pull_item(cabinet.body, block, cabinet.item(meeting, 1), None)),
        "poll.closed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_of_options_is_voted_on_like_any_other() {
    let (cabinet, meeting, _) = block().await;
    let of_options = Rule {
        options: Some(Options { count: 3, most: 2 }),
        choices: vec![Choice::Option, Choice::Alternative, Choice::Abstain],
        tie: None,
        ..rule()
    };
    let item = cabinet.item(meeting, 1);
    let asked = content("Trụ sở đặt ở đâu?", &["Lam Thủy", "Minh Giang", "Sơn Hà"]);
    let poll = cabinet.secretary.client().open_poll(cabinet.body, item, of_options, &asked).expect("a poll");
    cabinet.secretary.sync().await;
    let cast = |person: &Person, choice, numbers: &[u32]| {
        let options = numbers.iter().map(|&number| Int::from(number)).collect::<Vec<_>>();
        let opinion = Opinion { choice, options: (!options.is_empty()).then_some(options), text: None };
        person.client().cast(cabinet.body, NewBallot { poll, opinion, in_place_of: None, replace: false })
    };
    let one = member(&cabinet, 1).await;
    assert_eq!(code(cast(&one, Choice::Yes, &[])), "ballot.choice");
    assert_eq!(code(cast(&one, Choice::Option, &[1, 2, 3])), "ballot.choice");
    assert_eq!(code(cast(&one, Choice::Option, &[4])), "ballot.choice");
    cast(&one, Choice::Option, &[1, 3]).expect("cast");
    one.sync().await;
    for (number, choice, options) in
        [(2, Choice::Option, &[3][..]), (3, Choice::Option, &[2, 3]), (4, Choice::Abstain, &[])]
    {
        let person = member(&cabinet, number).await;
        cast(&person, choice, options).expect("cast");
        person.sync().await;
    }
    cabinet.close_poll(poll).await;
    one.sync().await;
    let tally = one.client().result(cabinet.body, poll).expect("a result");
    assert_eq!((tally.options, tally.abstain, tally.silent), (Some(vec![1, 1, 3]), 1, 1));
    assert_eq!((tally.adopted, tally.result), (Some(vec![3]), Verdict::Passed));
}
