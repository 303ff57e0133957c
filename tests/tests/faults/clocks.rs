//! Clocks that are wrong.

use ecabinet_client::{Clock, Env};
use ecabinet_domain::{Choice, StatementId};
use ecabinet_tests::{Cabinet, Person};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// A clock that is wrong by so many ms.
struct Wrong(i64);

impl Clock for Wrong {
    fn now(&self) -> u64 {
        now().saturating_add_signed(self.0)
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as u64
}

#[tokio::test(flavor = "multi_thread")]
async fn people_whose_clocks_are_a_day_wrong_join_vote_and_are_counted_by_position() {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let cabinet = Cabinet::open().await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    let mut people = Vec::new();
    for (member, wrong) in [(1, DAY), (2, -DAY), (3, -DAY)] {
        let env = Env { clock: Arc::new(Wrong(wrong)), ..Env::real() };
        let mut person = Person::new(cabinet.path(&format!("member {member}")), env);
        let ticket = cabinet.invite(Cabinet::id(member)).await;
        let looked = person.client().look_at_invitation(&ticket).await.expect("an invitation for an hour");
        assert!(looked.first);
        person.join(&ticket).await.expect("joins");
        person.sync().await;
        people.push(person);
    }
    let [ahead, behind, late] = &people[..] else { panic!("three") };
    let first = ahead.vote(poll, Choice::Yes);
    ahead.sync().await;
    let second = behind.vote(poll, Choice::No);
    behind.sync().await;
    let third = ahead.vote(poll, Choice::No);
    ahead.sync().await;
    let after = late.vote(poll, Choice::Yes);
    cabinet.close_poll(poll).await;
    for person in &people {
        person.sync().await;
    }
    assert_eq!((ahead.state(first), ahead.state(third)), ("superseded".into(), "counted".into()));
    assert_eq!(behind.state(second), "counted");
    assert_eq!(late.state(after), "late", "though his clock says that it was yesterday");
    let result = behind.client().result(cabinet.body, poll).expect("a result");
    assert_eq!((result.yes, result.no, result.silent), (0, 2, 3));

    let at = |person: &Person, ballot: StatementId| {
        let act = person.client().act_state(cabinet.body, ballot).expect("an act");
        (act.row.index.expect("a position"), act.recorded_at.expect("a time"), act.saved_at)
    };
    let in_order = [at(ahead, first), at(behind, second), at(ahead, third), at(late, after)];
    assert!(in_order.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 <= two[1].1), "{in_order:?}");
    assert!(in_order.iter().all(|(_, recorded, _)| now() - recorded < 600_000), "by the server's clock");
    assert!(in_order[0].2 > in_order[0].1 && in_order[1].2 < in_order[1].1, "their own times are claims");
}
