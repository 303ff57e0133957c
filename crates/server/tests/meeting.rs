//! A meeting from the body's creation to the result, through the traits.

mod kit;

use ecabinet_domain::act::*;
use ecabinet_domain::*;
use ecabinet_protocol::content::{self, Why};
use ecabinet_protocol::sync::*;
use ecabinet_record::{Checkpoint, Replica, Trust};
use kit::*;

#[tokio::test]
async fn payloads_are_released_by_audience_and_time() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let desk = cabinet.member(&[Member::SECRETARIAT]).await;
    let [chair, anna, bert] = [
        cabinet.member(&["member", "chair"]).await,
        cabinet.member(&["member"]).await,
        cabinet.member(&["member"]).await,
    ];
    let for_anna = [Audience::Member(anna.member)];
    let pack = cabinet.publish(&desk, &for_anna, vec![]).await;

    assert!(cabinet.sees(&anna).await.contains(&pack.paper_at));
    assert!(cabinet.sees(&desk).await.contains(&pack.paper_at), "its author sees it");
    assert!(!cabinet.sees(&bert).await.contains(&pack.paper_at));
    assert!(!cabinet.sees(&chair).await.contains(&pack.paper_at));

    let poll = cabinet.open_poll(&desk, pack.item).await;
    let ballot = cabinet.ballot(&anna, poll, pack.rev, YES);
    let answer = cabinet.submit(&anna, vec![ballot], false).await;
    let Submitted::Recorded { index, .. } = answer.outcomes[0] else { panic!("{answer:?}") };
    assert!(cabinet.sees(&anna).await.contains(&index), "her own at once");
    let bert_asks = cabinet.as_(&bert).await;
    assert!(bert_asks.payloads(vec![index]).await.unwrap().is_empty(), "nobody's else before the close");
    assert!(!cabinet.sees(&chair).await.contains(&index));

    cabinet.say(&desk, say(PollClose { poll }, Member::SECRETARIAT)).await;
    let released = bert_asks.payloads(vec![index, 99_999]).await.unwrap();
    assert_eq!(released[0].payload.bytes.as_slice(), YES.as_bytes());
    assert_eq!(released.len(), 1);

    // A device of the same member sees what he wrote.
    let further = cabinet.enrol(anna.member).await;
    cabinet.say(&anna, say(DeviceConfirm { device: further.keys.id() }, Member::VOTE)).await;
    assert!(cabinet.sees(&further).await.contains(&pack.paper_at));

    let why = content::write(&Why { why: "yêu cầu".into() });
    let erase = PayloadErase { entry: Int::new(pack.paper_at).unwrap() };
    cabinet.say(&desk, say(erase, Member::SECRETARIAT).with(why, ALL)).await;
    assert!(!cabinet.sees(&anna).await.contains(&pack.paper_at));
    assert!(!cabinet.sees(&desk).await.contains(&pack.paper_at));
}

#[tokio::test]
async fn what_is_served_replays_to_the_signed_root() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let desk = cabinet.member(&[Member::SECRETARIAT]).await;
    cabinet.publish(&desk, ALL, vec![]).await;
    let page = cabinet.entries(&desk).await;
    let mut replica = Replica::default();
    let mut commitments = Vec::new();
    for leaf in &page.leaves {
        commitments.push(replica.replay(leaf, Trust::Verify).unwrap().unwrap().statement.header.payload);
    }
    let checkpoint = Checkpoint::parse(&page.checkpoint).unwrap();
    assert_eq!((checkpoint.size, checkpoint.root), (replica.size(), replica.tree().root()));
    assert!(checkpoint.verify(&replica.log_key(checkpoint.size).unwrap()));
    for at in page.payloads {
        let payload = ecabinet_record::Payload::from(at.payload);
        assert!(payload.opens(&commitments[at.index as usize].unwrap()));
    }
}

#[tokio::test]
async fn the_same_genesis_is_answered_as_before_and_a_token_is_spent_once() {
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path());
    let registrar = Actor::new(MemberId([0; 16]));
    let first = CreateBody { token: TOKEN.into(), genesis: genesis(&registrar.keys, Hash([1; 32])) };
    let note = app.create_body(first.clone()).await.unwrap();
    let checkpoint = Checkpoint::parse(&note).unwrap();
    assert_eq!(checkpoint.size, 1);
    assert!(checkpoint.verify(&log_key().public().sign));
    assert_eq!(app.create_body(first.clone()).await.unwrap(), note);
    let second = CreateBody { token: TOKEN.into(), genesis: genesis(&registrar.keys, Hash([2; 32])) };
    assert_eq!(app.create_body(second).await.unwrap_err().code, "admission.token");

    let body = BodyId::from(first.genesis.envelope().id());
    assert_eq!(app.find_body(body.0[..16].try_into().unwrap()).await.unwrap(), body);
    assert_eq!(app.find_body([0; 16]).await.unwrap_err().code, "body.unknown");
}

#[tokio::test]
async fn a_genesis_must_name_this_servers_keys_and_open_its_payload() {
    let dir = tempfile::tempdir().unwrap();
    let app = open(dir.path());
    let keys = ecabinet_record::KeyPair::from_seed(&random());
    let mut genesis = genesis(&keys, Hash([1; 32]));
    genesis.payload.as_mut().unwrap().salt = Hash([0; 32]);
    let create = CreateBody { token: TOKEN.into(), genesis };
    assert_eq!(app.create_body(create).await.unwrap_err().code, "payload.commitment");
}

#[tokio::test]
async fn the_board_is_for_desk_and_chair() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let desk = cabinet.member(&[Member::SECRETARIAT]).await;
    let anna = cabinet.member(&["member"]).await;
    let pack = cabinet.publish(&desk, ALL, vec![]).await;
    let report = Report { meeting: pack.meeting, ready_version: 1 };
    let before = cabinet.app.info().await.unwrap().time;
    cabinet.as_(&anna).await.report(vec![report.clone()]).await.unwrap();
    assert_eq!(cabinet.as_(&anna).await.board().await.unwrap_err().code, "capacity.not_held");
    let board = cabinet.as_(&desk).await.board().await.unwrap();
    let hers = board.iter().find(|device| device.device == anna.keys.id()).unwrap();
    assert_eq!(hers.ready, [report]);
    assert!(hers.last_contact >= before);
}
