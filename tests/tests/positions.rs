//! Positions before a meeting: stated on a plane, changed, asked for again when the papers change, seen by whoever sees the
//! item.

use ecabinet_client::NewPosition;
use ecabinet_domain::{Audience, ItemId, Stance, StatementId};
use ecabinet_protocol::ui::{ActState, Stance as Seen};
use ecabinet_tests::{Cabinet, Person, code};

fn say(person: &Person, item: ItemId, choice: Stance, text: Option<&str>) -> StatementId {
    let new = NewPosition { item, choice, text: text.map(str::to_owned) };
    person.client().state_position(person.body(), new).expect("stated")
}

fn own(person: &Person, item: ItemId) -> (Option<Seen>, ActState) {
    let own = person.client().own_position(person.body(), item).expect("read").expect("a position");
    (own.stance, own.state)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_position_stated_on_a_plane_is_recorded_changed_and_asked_for_again() {
    let mut cabinet = Cabinet::open().await;
    let meeting = cabinet.publish(None, "Điều 1").await.meeting;
    let item = cabinet.item(meeting, 1);
    let mut minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    let early = NewPosition { item, choice: Stance::Agree, text: None };
    assert_eq!(code(minister.client().state_position(cabinet.body, early)), "level.needed");
    cabinet.raise().await;
    minister.sync().await;

    // Whoever objects says why; on a plane it waits on this device.
    let mute = NewPosition { item, choice: Stance::Object, text: Some("  ".into()) };
    assert_eq!(code(minister.client().state_position(cabinet.body, mute)), "position.text");
    cabinet.server.kill();
    minister.restart();
    say(&minister, item, Stance::Object, Some("Chưa rõ nguồn vốn"));
    assert_eq!(own(&minister, item), (Some(Seen::Object), ActState::Saved));
    let seen = minister.client().positions(cabinet.body, item).expect("positions");
    assert_eq!((seen.object, seen.silent), (0, 5), "what waits is not told as said");
    cabinet.server.resume();
    minister.sync().await;
    assert_eq!(own(&minister, item), (Some(Seen::Object), ActState::Recorded));

    // The chair sees who objects and why, the others too; a later word takes its place.
    let chair = cabinet.join(0, "chair").await;
    chair.sync().await;
    let seen = chair.client().positions(cabinet.body, item).expect("positions");
    assert_eq!((seen.object, seen.speak, seen.agree, seen.silent, seen.unseen), (1, 0, 0, 4, 0));
    let row = &seen.members[1];
    assert_eq!(
        (row.member.parse(), row.stance, row.text.as_deref(), row.stale),
        (Ok(Cabinet::id(1)), Some(Seen::Object), Some("Chưa rõ nguồn vốn"), false)
    );
    say(&minister, item, Stance::Speak, None);
    minister.sync().await;
    chair.sync().await;
    let seen = chair.client().positions(cabinet.body, item).expect("positions");
    assert_eq!((seen.object, seen.speak, seen.silent), (0, 1, 4));

    // Another device of his knows what he said.
    let tablet = cabinet.join(1, "tablet").await;
    cabinet.confirm(&minister, &tablet).await;
    assert_eq!(own(&tablet, item), (Some(Seen::Speak), ActState::Recorded));
    say(&tablet, item, Stance::Agree, None);
    tablet.sync().await;
    minister.sync().await;
    assert_eq!(own(&minister, item), (Some(Seen::Agree), ActState::Recorded));

    // The paper is replaced: he is asked, and the chair is told that it was about the former one.
    cabinet.publish(Some(meeting), "Điều 1, sửa").await;
    for person in [&minister, &chair] {
        person.sync().await;
    }
    assert_eq!(own(&minister, item), (Some(Seen::Agree), ActState::Stale));
    assert!(chair.client().positions(cabinet.body, item).expect("positions").members[1].stale);
    say(&minister, item, Stance::Agree, None);
    minister.sync().await;
    assert_eq!(own(&minister, item).1, ActState::Recorded);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_see_an_item_sees_no_position_on_it() {
    let cabinet = Cabinet::open().await;
    let few: Vec<Audience> = [0, 1].map(|member| Audience::Member(Cabinet::id(member))).to_vec();
    let few = [few, vec![Audience::Office("secretariat".into())]].concat();
    let meeting = cabinet.publish_for(None, &[("Nội dung hẹp", "Điều 1", few)]).await.meeting;
    let item = cabinet.item(meeting, 1);
    cabinet.raise().await;
    let minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    say(&minister, item, Stance::Object, Some("Lý do kín"));
    minister.sync().await;
    let other = cabinet.join(2, "other").await;
    other.sync().await;
    let seen = other.client().positions(cabinet.body, item).expect("positions");
    assert_eq!((seen.object, seen.unseen, seen.silent), (0, 1, 4), "that he said something is no secret");
    assert!(!cabinet.holds(&other.home, "Lý do kín".as_bytes()));
    // The secretariat has no vote, and nothing to state.
    let secretary = cabinet.secretary.client();
    let none = NewPosition { item, choice: Stance::Agree, text: None };
    assert_eq!(code(secretary.state_position(cabinet.body, none)), "member.no_vote");
}
