//! A record made by real programs, with all that may befall ballots, devices and payloads.

use crate::original::Original;
use ecabinet_domain::{Choice, GroupId, StatementId};
use ecabinet_record::KeyPair;
use ecabinet_record::export::Export;
use ecabinet_tests::Cabinet;

/// All of it as a minister exports it, and the part about one meeting.
pub async fn told() -> [Original; 2] {
    let cabinet = Cabinet::open().await;
    let chair = cabinet.join(0, "chair").await;
    let minister = cabinet.join(1, "minister").await;
    let tablet = cabinet.join(1, "tablet").await;
    cabinet.confirm(&minister, &tablet).await;
    let away = cabinet.join(2, "away").await;
    let leaving = cabinet.join(3, "leaving").await;
    let registrar = cabinet.registrar.client();
    registrar
        .set_group(cabinet.body, GroupId([7; 16]), "Tổ mẫu", vec![Cabinet::id(1), Cabinet::id(2)])
        .expect("a group");
    let unused = registrar.invite(cabinet.body, Cabinet::id(4), 3_600_000).expect("an invitation");
    cabinet.registrar.sync().await;
    registrar.revoke_invitation(cabinet.body, unused.invitation).expect("revoked");
    // As high as these programs go.
    while registrar.raise_level(cabinet.body).is_ok() {
        cabinet.registrar.sync().await;
    }

    let first = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(first.meeting).await;
    cabinet.all_present(first.meeting).await;
    for person in [&chair, &minister, &tablet, &away, &leaving] {
        person.sync().await;
    }
    // On a paper that is replaced; one of two devices; one that is sent after the close.
    leaving.vote(poll, Choice::No);
    leaving.sync().await;
    cabinet.publish(Some(first.meeting), "Điều 1, sửa").await;
    for person in [&chair, &minister, &tablet, &away] {
        person.sync().await;
    }
    away.vote(poll, Choice::No);
    for (person, choice) in [(&chair, Choice::Yes), (&minister, Choice::Yes), (&tablet, Choice::No)] {
        person.vote(poll, choice);
    }
    for person in [&chair, &minister, &tablet] {
        person.sync().await;
    }
    minister.vote(poll, Choice::Abstain);
    minister.sync().await;
    cabinet.close_poll(poll).await;

    let second = cabinet.publish(None, "Điều 2").await;
    let other = cabinet.open_poll(second.meeting).await;
    for person in [&chair, &minister] {
        person.sync().await;
        person.vote(other, Choice::Yes);
        person.sync().await;
    }
    erase(&cabinet, other).await;
    cabinet.close_poll(other).await;
    let open = cabinet.open_poll(second.meeting).await;
    minister.sync().await;
    minister.client().revoke_device(cabinet.body, tablet.device(), Some("mất".into())).expect("revoked");
    registrar.retire_member(cabinet.body, Cabinet::id(3)).expect("retired");
    // Who has not seen each other: what comes last may come in any order.
    chair.sync().await;
    minister.vote(open, Choice::Yes);
    chair.vote(open, Choice::No);
    for person in [&cabinet.registrar, &away, &minister, &chair] {
        person.sync().await;
    }
    minister.sync().await;
    // Late, and nobody has seen the close yet.
    let last = cabinet.open_poll(second.meeting).await;
    minister.sync().await;
    minister.vote(last, Choice::Yes);
    cabinet.close_poll(last).await;
    minister.sync().await;

    let log = std::fs::read_to_string(cabinet.server.data.join("log.key")).expect("the log's keys");
    let log: Vec<KeyPair> = log.lines().map(key).collect();
    let export = |name, meeting| {
        let exported = minister.client().export(cabinet.body, meeting).expect("an export");
        let export = Export::read_zip(exported.zip().expect("a ZIP")).expect("it reads");
        Original::new(name, export, log.clone(), Vec::new())
    };
    [export("whole", None), export("of a meeting", Some(first.meeting))]
}

fn key(line: &str) -> KeyPair {
    KeyPair::from_seed(&hex::decode(line).expect("hex").try_into().expect("64 bytes"))
}

/// The payload of the first ballot on this poll is erased before anybody else has it.
async fn erase(cabinet: &Cabinet, poll: StatementId) {
    cabinet.secretary.sync().await;
    let state = cabinet.secretary.client().state(cabinet.body).expect("a state");
    let index = state.polls[&poll].ballots[0].index;
    cabinet.secretary.client().erase_payload(cabinet.body, index, "nhầm").expect("erased");
    cabinet.secretary.sync().await;
}
