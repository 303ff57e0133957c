//! In the meeting: hands that are counted, speakers, who is there, and who acts in whose place.

use ecabinet_client::{NewBallot, NewMember, NewSubstitute, Seen};
use ecabinet_domain::act::Totals;
use ecabinet_domain::{
    Base, Choice, Int, MeetingId, MemberId, Opinion, PassRule, Presence, Rule, StatementId, Verdict,
};
use ecabinet_protocol::content::{MemberContent, PollContent};
use ecabinet_protocol::ui::SubstituteStage;
use ecabinet_tests::{Cabinet, Person, code, program, run};
use std::process::Command;

/// A meeting of one item in a body of the third level.
async fn meeting() -> (Cabinet, MeetingId) {
    let cabinet = Cabinet::open().await;
    let meeting = cabinet.publish(None, "Điều 1").await.meeting;
    cabinet.all_present(meeting).await;
    cabinet.raise().await;
    (cabinet, meeting)
}

async fn member(cabinet: &Cabinet, number: usize) -> Person {
    let person = cabinet.join(number, &format!("member {number}")).await;
    person.sync().await;
    person
}

fn totals(yes: u32, no: u32) -> Seen {
    let [yes, no, none] = [yes, no, 0].map(Int::from);
    Seen::Totals(Totals { yes, no, abstain: none, other: none })
}

fn plain(choice: Choice) -> Opinion {
    Opinion { choice, options: None, text: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn hands_count_once_the_chair_has_seen_the_same_and_a_result_says_how_many_they_were() {
    let (cabinet, meeting) = meeting().await;
    let poll = cabinet.open_poll(meeting).await;
    let (chair, one) = (member(&cabinet, 0).await, member(&cabinet, 1).await);
    one.vote(poll, Choice::No);
    one.sync().await;
    let office = cabinet.secretary.client();
    cabinet.secretary.sync().await;
    assert_eq!(code(office.enter_hands(cabinet.body, poll, totals(9, 0))), "hands.too_many");
    let by_chair = chair.client().enter_hands(cabinet.body, poll, totals(3, 0));
    assert_eq!(code(by_chair), "capacity.not_held");
    let first = office.enter_hands(cabinet.body, poll, totals(3, 0)).expect("entered");
    cabinet.secretary.sync().await;

    // A ballot comes between counting and confirming: it is counted again.
    let two = member(&cabinet, 2).await;
    two.vote(poll, Choice::Yes);
    two.sync().await;
    chair.sync().await;
    assert_eq!(code(chair.client().confirm_hands(cabinet.body, first)), "hands.overtaken");
    cabinet.secretary.sync().await;
    let again = office.enter_hands(cabinet.body, poll, totals(2, 0)).expect("entered");
    cabinet.secretary.sync().await;
    chair.sync().await;
    chair.client().confirm_hands(cabinet.body, again).expect("confirmed");
    chair.sync().await;
    let three = member(&cabinet, 3).await;
    let besides = three.client().cast(
        cabinet.body,
        NewBallot { poll, opinion: plain(Choice::No), in_place_of: None, replace: false },
    );
    assert_eq!(code(besides), "poll.closed", "nobody knows whether his hand was counted");
    cabinet.secretary.sync().await;
    cabinet.close_poll(poll).await;
    one.sync().await;
    let tally = one.client().result(cabinet.body, poll).expect("a result");
    assert_eq!((tally.yes, tally.no, tally.silent, tally.hands), (3, 1, 1, Some(2)));
    assert_eq!(tally.result, Verdict::Passed);
}

#[tokio::test(flavor = "multi_thread")]
async fn hands_with_names_leave_the_poll_open_and_a_ballot_goes_before_them() {
    let (cabinet, meeting) = meeting().await;
    let poll = cabinet.open_poll(meeting).await;
    let chair = member(&cabinet, 0).await;
    let office = cabinet.secretary.client();
    let seen = [(Cabinet::id(2), Choice::Yes), (Cabinet::id(3), Choice::Yes)].to_vec();
    let hands = office.enter_hands(cabinet.body, poll, Seen::Members(seen)).expect("entered");
    cabinet.secretary.sync().await;
    chair.sync().await;
    chair.client().confirm_hands(cabinet.body, hands).expect("confirmed");
    chair.vote(poll, Choice::Yes);
    chair.sync().await;
    let two = member(&cabinet, 2).await;
    two.vote(poll, Choice::No);
    two.sync().await;
    cabinet.secretary.sync().await;
    cabinet.close_poll(poll).await;
    two.sync().await;
    let tally = two.client().result(cabinet.body, poll).expect("a result");
    assert_eq!((tally.yes, tally.no, tally.silent, tally.hands), (2, 1, 2, Some(1)));
    let export = cabinet.path("export");
    two.client().export(cabinet.body, None).expect("an export").write_folder(&export).expect("written");
    let body = cabinet.body.to_string();
    let verified =
        run(Command::new(program("ecabinet-verify")).arg(&export).args(["--json", "--body", &body]));
    assert_eq!(verified.exit, 0, "{}{}", verified.stdout, verified.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_the_floor_is_heard_in_the_order_that_the_chair_keeps() {
    let (cabinet, meeting) = meeting().await;
    let item = cabinet.item(meeting, 1);
    let mut people = Vec::new();
    for number in [1, 2, 3] {
        let person = member(&cabinet, number).await;
        person.client().ask_floor(cabinet.body, item).expect("asked");
        person.sync().await;
        people.push(person);
    }
    assert_eq!(code(people[0].client().ask_floor(cabinet.body, item)), "floor.again");
    people[1].client().leave_floor(cabinet.body, item).expect("left");
    people[1].sync().await;
    let chair = member(&cabinet, 0).await;
    let listed = |person: &Person| {
        let speakers = person.client().speakers(cabinet.body, item).expect("speakers");
        speakers.into_iter().map(|speaker| speaker.member).collect::<Vec<_>>()
    };
    let ids = |numbers: &[usize]| numbers.iter().map(|&n| Cabinet::id(n).to_string()).collect::<Vec<_>>();
    assert_eq!(listed(&chair), ids(&[1, 3]));
    let order = vec![Cabinet::id(3), Cabinet::id(1)];
    chair.client().order_floor(cabinet.body, item, order).expect("ordered");
    chair.sync().await;
    people[0].sync().await;
    assert_eq!(listed(&people[0]), ids(&[3, 1]));
    chair.client().order_floor(cabinet.body, item, vec![Cabinet::id(1)]).expect("one has spoken");
    chair.sync().await;
    people[0].sync().await;
    assert_eq!(listed(&people[0]), ids(&[1]));
    let by_member = people[0].client().order_floor(cabinet.body, item, Vec::new());
    assert_eq!(code(by_member), "capacity.not_held");
}

const DEPUTY: MemberId = MemberId([50; 16]);

/// A poll in which approved substitutes vote.
async fn poll_with_substitutes(cabinet: &Cabinet, meeting: MeetingId) -> StatementId {
    let pass = PassRule { base: Base::Members, num: 1, den: 2, strict: true };
    let rule = Rule { substitutes: true, ..Rule::plain(vec![Choice::Yes, Choice::No], pass) };
    let content = PollContent {
        question: "Thông qua?".into(),
        basis: "Quy chế mẫu".into(),
        labels: Default::default(),
        options: Vec::new(),
    };
    let item = cabinet.item(meeting, 1);
    let poll = cabinet.secretary.client().open_poll(cabinet.body, item, rule, &content).expect("a poll");
    cabinet.secretary.sync().await;
    poll
}

#[tokio::test(flavor = "multi_thread")]
async fn a_substitute_votes_once_he_is_approved_and_whom_he_stands_for_learns_of_it_before_the_close() {
    let (cabinet, meeting) = meeting().await;
    let deputy = NewMember {
        id: DEPUTY,
        offices: vec!["staff".into()],
        order: 50,
        content: MemberContent { name: "Người Dự Thay".into(), title: "Thứ trưởng".into() },
    };
    cabinet.registrar.client().add_members(cabinet.body, vec![deputy]).expect("added");
    cabinet.registrar.sync().await;
    let minister = member(&cabinet, 1).await;
    let ticket = cabinet.invite(DEPUTY).await;
    let mut deputy = Person::new(cabinet.path("deputy"), cabinet.env.clone());
    deputy.join(&ticket).await.expect("joins");

    // He says that he cannot come, and why; the secretariat sees it, the others do not.
    let claimed =
        minister.client().claim_attendance(cabinet.body, meeting, Presence::Absent, Some("Đi công tác"));
    claimed.expect("said");
    let ask = |substitute| NewSubstitute {
        meeting: Some(meeting),
        substitute,
        from: 0,
        until: 9_000_000_000_000,
        why: Some("Đi công tác".into()),
    };
    let voter = minister.client().ask_substitute(cabinet.body, ask(Cabinet::id(2)));
    assert_eq!(code(voter), "substitute.person", "who has a vote of his own stands for nobody");
    let request = minister.client().ask_substitute(cabinet.body, ask(DEPUTY)).expect("asked");
    minister.sync().await;
    let other = member(&cabinet, 2).await;
    assert!(!cabinet.holds(&other.home, "Đi công tác".as_bytes()));
    cabinet.secretary.sync().await;
    let seen = cabinet.secretary.client().substitutes(cabinet.body, Some(meeting)).expect("read").remove(0);
    assert_eq!((seen.stage, seen.why.as_deref()), (SubstituteStage::Asked, Some("Đi công tác")));

    // Not before he is approved.
    let poll = poll_with_substitutes(&cabinet, meeting).await;
    deputy.sync().await;
    let for_him =
        |choice| NewBallot { poll, opinion: plain(choice), in_place_of: Some(Cabinet::id(1)), replace: true };
    assert_eq!(code(deputy.client().cast(cabinet.body, for_him(Choice::Yes))), "substitute.may_not");
    let office = cabinet.secretary.client();
    office.approve_substitute(cabinet.body, request).expect("approved");
    office.set_attendance(cabinet.body, meeting, Cabinet::id(1), Presence::Substitute).expect("set");
    cabinet.secretary.sync().await;
    deputy.sync().await;
    let cast = deputy.client().cast(cabinet.body, for_him(Choice::No)).expect("cast");
    deputy.sync().await;
    assert_eq!(deputy.state(cast), "recorded");

    // The minister sees it at once, long before the close, and says it otherwise himself.
    minister.sync().await;
    let standing = minister.client().standing(cabinet.body, poll).expect("read").expect("a ballot");
    assert_eq!((standing.statement, standing.choice), (cast, Some(Choice::No)));
    other.sync().await;
    assert!(other.client().is_folded_well(cabinet.body).expect("read"));
    let own = minister.vote(poll, Choice::Yes);
    minister.sync().await;
    deputy.sync().await;
    assert_eq!((minister.state(own), deputy.state(cast)), ("recorded".into(), "superseded".into()));

    // Ended, he stands for nobody.
    minister.client().end_substitute(cabinet.body, request, None).expect("ended");
    minister.sync().await;
    deputy.sync().await;
    assert_eq!(code(deputy.client().cast(cabinet.body, for_him(Choice::No))), "substitute.may_not");
    cabinet.secretary.sync().await;
    cabinet.close_poll(poll).await;
    minister.sync().await;
    assert_eq!(minister.state(own), "counted");

    // Where the substitute's ballot is the last, his own device counts it among his acts.
    let again = minister.client().ask_substitute(cabinet.body, ask(DEPUTY)).expect("asked");
    minister.sync().await;
    cabinet.secretary.sync().await;
    office.approve_substitute(cabinet.body, again).expect("approved");
    cabinet.secretary.sync().await;
    let poll = poll_with_substitutes(&cabinet, meeting).await;
    deputy.sync().await;
    let opinion = plain(Choice::Yes);
    let ballot = NewBallot { poll, opinion, in_place_of: Some(Cabinet::id(1)), replace: false };
    let cast = deputy.client().cast(cabinet.body, ballot).expect("cast");
    deputy.sync().await;
    cabinet.secretary.sync().await;
    cabinet.close_poll(poll).await;
    let outbox = deputy.sync().await.outbox;
    assert_eq!((deputy.state(cast), outbox.counted), ("counted".into(), 1));
}
