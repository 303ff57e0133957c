//! Sessions, chunks and spaces: who may what.

mod kit;

use bytes::Bytes;
use ecabinet_domain::act::*;
use ecabinet_domain::*;
use ecabinet_protocol::ApiError;
use ecabinet_protocol::content::{self, ChunkName};
use ecabinet_protocol::pairing::{PairSays, PairStep, Pairing};
use ecabinet_protocol::space::{SealedKey, StoredOp};
use ecabinet_protocol::sync::*;
use ecabinet_record::KeyPair;
use ecabinet_server::Session;
use kit::*;
use std::time::Duration;

async fn open_session(cabinet: &Cabinet, who: Who, keys: &KeyPair) -> Answer<Session> {
    let challenge = cabinet.app.challenge()?;
    let signature = keys.sign(&session_message(cabinet.body, &who, &challenge));
    let request = SessionRequest { body: cabinet.body, who, challenge, signature };
    let answer = cabinet.app.open_session(request).await?;
    cabinet.app.resume(&answer.token).await
}

fn code<T>(answer: Answer<T>) -> String {
    answer.map(drop).unwrap_err().code
}

fn said<T>(answer: Answer<T>) -> String {
    answer.map_or_else(|error| error.code, |_| "ok".into())
}

#[tokio::test]
async fn a_session_is_opened_by_the_devices_key_only() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let anna = cabinet.member(&["member"]).await;
    let session = open_session(&cabinet, anna.who(), &anna.keys).await.unwrap();
    assert!(!session.entries(0).await.unwrap().leaves.is_empty());

    let other = KeyPair::from_seed(&random());
    assert_eq!(code(open_session(&cabinet, anna.who(), &other).await), "session.signature");
    assert_eq!(code(open_session(&cabinet, Who::Device(other.id()), &other).await), "device.unknown");
    let challenge = Hash([1; 32]);
    let signature = anna.keys.sign(&session_message(cabinet.body, &anna.who(), &challenge));
    let request = SessionRequest { body: cabinet.body, who: anna.who(), challenge, signature };
    assert_eq!(code(cabinet.app.open_session(request).await), "session.challenge");
    assert_eq!(code(cabinet.app.resume("00").await), "session.invalid");

    let retire = MemberRetire { member: anna.member };
    cabinet.say(&cabinet.registrar, say(retire, As::REGISTRAR)).await;
    assert_eq!(code(session.entries(0).await), "member.retired", "at once, with the token still good");
    assert_eq!(code(open_session(&cabinet, anna.who(), &anna.keys).await), "member.retired");
}

#[tokio::test]
async fn a_revoked_device_is_given_the_record_up_to_its_revocation_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let desk = cabinet.member(&[Member::SECRETARIAT]).await;
    let anna = cabinet.member(&["member"]).await;
    let published = cabinet.publish(&desk, ALL, vec![]).await;
    let (_, at) =
        cabinet.say(&cabinet.registrar, say(DeviceRevoke { device: anna.keys.id() }, As::REGISTRAR)).await;
    cabinet.publish(&desk, ALL, vec![]).await;

    let session = open_session(&cabinet, anna.who(), &anna.keys).await.unwrap();
    let page = session.entries(0).await.unwrap();
    assert!(page.payloads.is_empty(), "no payload, not even one that she has seen");
    let mut replica = ecabinet_record::Replica::default();
    for leaf in &page.leaves {
        replica.replay(leaf, ecabinet_record::Trust::Verify).unwrap();
    }
    let checkpoint = ecabinet_record::Checkpoint::parse(&page.checkpoint).unwrap();
    assert_eq!((checkpoint.size, checkpoint.root), (at + 1, replica.tree().root()), "nothing after it");
    assert!(checkpoint.verify(&log_key().public().sign), "signed: it proves to her that she is revoked");
    let revoked = replica.state().unwrap().devices[&anna.keys.id()].revoked.expect("she reads it");
    assert_eq!((revoked.at, revoked.by.device), (at, cabinet.registrar.keys.id()));

    let offer = cabinet.offer(&anna, say(DeviceRevoke { device: desk.keys.id() }, Member::VOTE));
    let step = PairStep { with: desk.keys.id(), commitment: Hash([1; 32]), says: PairSays::Commit };
    let want = WantChunks { paper: published.rev.paper, rev: published.rev.rev, names: vec![] };
    let answers = [
        code(session.payloads(vec![0]).await),
        code(session.submit(Submit { offers: vec![offer], together: false }).await),
        code(session.missing_chunks(vec![]).await),
        code(session.put_chunks(vec![]).await),
        code(session.chunks(want, &mut |_, _| true).await),
        code(session.spaces().await),
        code(session.append_ops(vec![]).await),
        code(session.ops(Nonce(random()), 0).await),
        code(session.put_space_keys(vec![]).await),
        code(session.space_keys().await),
        code(session.pair(vec![step]).await),
        code(session.board().await),
        code(session.ahead(Ahead { checkpoint: page.checkpoint.clone(), size: 0, proof: vec![] }).await),
        code(session.lacking().await),
        code(session.put_payloads(vec![]).await),
        code(session.wait(0).await),
    ];
    assert!(answers.iter().all(|code| code == "device.revoked"), "{answers:?}");
}

#[tokio::test]
async fn the_invited_and_the_pending_see_headers_and_what_they_join() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let anna = cabinet.member(&["member"]).await;
    let own_at = cabinet.sees(&anna).await[1];
    cabinet.add_member(&["member"]).await;
    let invitation = cabinet.invite(anna.member).await;
    let who = Who::Invitation(invitation.1.public().sign);
    let session = open_session(&cabinet, who, &invitation.1).await.unwrap();
    let page = session.entries(0).await.unwrap();
    let seen: Vec<u64> = page.payloads.iter().map(|at| at.index).collect();
    assert_eq!(seen, [0, own_at]);
    assert_eq!(page.leaves.len(), cabinet.entries(&anna).await.leaves.len());
    assert_eq!(code(session.spaces().await), "device.not_active");

    let further = Actor::new(anna.member);
    let offers = vec![cabinet.enrolment(&further, &invitation)];
    session.submit(Submit { offers, together: false }).await.unwrap();
    assert_eq!(code(session.entries(0).await), "invitation.used");
    let pending = open_session(&cabinet, further.who(), &further.keys).await.unwrap();
    let page = pending.entries(0).await.unwrap();
    assert_eq!(page.payloads.iter().map(|at| at.index).collect::<Vec<_>>(), [0, own_at]);

    let revoke = InvitationRevoke { invitation: cabinet.invite(anna.member).await.0 };
    let invited = cabinet.invite(anna.member).await;
    cabinet.say(&cabinet.registrar, say(revoke, As::REGISTRAR)).await;
    let revoke = InvitationRevoke { invitation: invited.0 };
    cabinet.say(&cabinet.registrar, say(revoke, As::REGISTRAR)).await;
    let who = Who::Invitation(invited.1.public().sign);
    assert_eq!(code(open_session(&cabinet, who, &invited.1).await), "invitation.revoked");
}

async fn fetch(session: &Session, rev: Rev, names: &[ChunkName]) -> Answer<Vec<(ChunkName, Bytes)>> {
    let mut got = Vec::new();
    let request = WantChunks { paper: rev.paper, rev: rev.rev, names: names.to_vec() };
    session
        .chunks(request, &mut |name, bytes| {
            got.push((name, bytes));
            true
        })
        .await?;
    Ok(got)
}

#[tokio::test]
async fn chunks_are_had_through_a_paper_that_one_may_see() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let desk = cabinet.member(&[Member::SECRETARIAT]).await;
    let [anna, bert] = [cabinet.member(&["member"]).await, cabinet.member(&["member"]).await];
    let hers = cabinet.publish(&desk, &[Audience::Member(anna.member)], vec![]).await;
    let his = cabinet.publish(&desk, &[Audience::Member(bert.member)], vec![]).await;
    let names =
        [&b"second part"[..], b"first part"].map(|part| content::chunk_name(&cabinet.chunk_key, part));

    let got = fetch(&cabinet.as_(&anna).await, hers.rev, &names).await.unwrap();
    assert_eq!(got, [(names[0], Bytes::from("second part")), (names[1], Bytes::from("first part"))]);
    let anna_asks = cabinet.as_(&anna).await;
    assert_eq!(
        code(fetch(&anna_asks, his.rev, &names).await),
        "paper.not_visible",
        "though she has the very chunks"
    );
    let unknown = Rev { paper: hers.rev.paper, rev: his.rev.rev };
    assert_eq!(code(fetch(&anna_asks, unknown, &names).await), "paper.not_visible");
    let stranger = content::chunk_name(&cabinet.chunk_key, b"other");
    assert_eq!(code(fetch(&anna_asks, hers.rev, &[stranger]).await), "chunk.not_of_paper");

    assert_eq!(anna_asks.missing_chunks(names.to_vec()).await.unwrap(), names, "no oracle");
    let desk_asks = cabinet.as_(&desk).await;
    assert_eq!(desk_asks.missing_chunks(vec![names[0], stranger]).await.unwrap(), [stranger]);
    let chunk = |bytes: &'static [u8]| vec![(stranger, Bytes::from_static(bytes))];
    assert_eq!(code(anna_asks.put_chunks(chunk(b"other")).await), "chunk.may_not");
    assert_eq!(code(desk_asks.put_chunks(chunk(b"another")).await), "chunk.name");
}

#[tokio::test]
async fn a_paper_is_published_with_its_chunks_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let desk = cabinet.member(&[Member::SECRETARIAT]).await;
    let anna = cabinet.member(&["member"]).await;
    let pack = cabinet.publish(&desk, ALL, vec![anna.member]).await;
    let (item, paper, rev) = (pack.item, pack.rev.paper, RevId(random()));
    let publish = |content| {
        let act = PaperPublish { item, paper, rev, signers: vec![] };
        say(act, Member::SECRETARIAT).with(content::write(&content), ALL)
    };
    let absent = cabinet.paper("Tờ trình", &[b"first part", b"not there"]);
    let outcome = cabinet.try_say(&desk, publish(absent.clone())).await;
    assert_eq!(cabinet.refused(&outcome), "paper.chunks_missing");
    let outcome = cabinet.try_say(&anna, publish(absent.clone())).await;
    assert_eq!(
        cabinet.refused(&outcome),
        "capacity.not_held",
        "who may not publish learns nothing of chunks"
    );
    let mut wrong = absent;
    wrong.manifest.size += 1;
    assert_eq!(cabinet.refused(&cabinet.try_say(&desk, publish(wrong)).await), "paper.manifest");
    let mut shifted = cabinet.paper("Tờ trình", &[b"first part", b"second part"]);
    shifted.manifest.chunks[0].size += 1;
    shifted.manifest.chunks[1].size -= 1;
    let outcome = cabinet.try_say(&desk, publish(shifted)).await;
    assert_eq!(cabinet.refused(&outcome), "paper.chunk_size", "though their sum is right");

    // A named signer may bring the chunks of what he signed.
    let signed = cabinet.upload(&anna, "Tờ trình", &[b"first part", b"second part", b"signature"]).await;
    let signed = content::SignContent {
        title: signed.title,
        before: Hash([1; 32]),
        after: signed.manifest.sha256,
        manifest: signed.manifest,
    };
    let act = PaperSign { paper, rev: pack.rev.rev, new_rev: rev };
    cabinet.say(&anna, say(act, Member::VOTE).with(content::write(&signed), ALL)).await;
    let signature = content::chunk_name(&cabinet.chunk_key, b"signature");
    let got = fetch(&cabinet.as_(&desk).await, Rev { paper, rev }, &[signature]).await.unwrap();
    assert_eq!(got[0].1, "signature");
}

fn op(by: &Actor, space: SpaceId, n: u64, prev: Hash, text: &[u8]) -> StoredOp {
    let (device, nonce) = (by.keys.id(), vec![0; 24].into());
    let ciphertext = text.to_vec().into();
    StoredOp { space, epoch: 1, device, n, prev, nonce, ciphertext, signature: Signature([0; 64]) }
        .sign(&by.keys)
}

#[tokio::test]
async fn a_space_takes_its_members_chains_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let [anna, bert] = [cabinet.member(&["member"]).await, cabinet.member(&["member"]).await];
    let (hers, his) = (cabinet.as_(&anna).await, cabinet.as_(&bert).await);
    let (space, zero) = (Nonce(random()), Hash([0; 32]));
    let first = op(&anna, space, 1, zero, b"one");
    let second = op(&anna, space, 2, first.hash(), b"two");

    assert_eq!(code(hers.append_ops(vec![second.clone()]).await), "space.gap");
    hers.append_ops(vec![first.clone()]).await.unwrap();
    hers.append_ops(vec![first.clone(), second.clone()]).await.unwrap();
    let gap = hers.append_ops(vec![op(&anna, space, 4, second.hash(), b"four")]).await.unwrap_err();
    assert_eq!(gap, ApiError::new("space.gap").with("next", 3));
    assert_eq!(code(hers.append_ops(vec![op(&anna, space, 3, zero, b"three")]).await), "space.fork");
    assert_eq!(code(hers.append_ops(vec![op(&anna, space, 2, first.hash(), b"2")]).await), "space.fork");
    let mut forged = op(&anna, space, 3, second.hash(), b"three");
    forged.ciphertext = b"3".to_vec().into();
    assert_eq!(code(hers.append_ops(vec![forged]).await), "space.signature");
    assert_eq!(code(his.append_ops(vec![op(&bert, space, 1, zero, b"mine")]).await), "space.owner");
    assert_eq!(code(his.append_ops(vec![op(&anna, space, 3, second.hash(), b"x")]).await), "space.device");

    assert_eq!(hers.spaces().await.unwrap(), [SpaceInfo { space, ops: 2, keys: 0 }]);
    assert_eq!(hers.ops(space, 1).await.unwrap(), [second]);
    assert!(his.spaces().await.unwrap().is_empty());
    assert!(his.ops(space, 0).await.unwrap().is_empty());

    let sealed = |to: DeviceId| {
        let key = SealedKey {
            space,
            epoch: 1,
            to,
            key: None,
            sealed: b"x".to_vec().into(),
            by: anna.keys.id(),
            signature: Signature([0; 64]),
        };
        key.sign(&anna.keys)
    };
    hers.put_space_keys(vec![sealed(anna.keys.id())]).await.unwrap();
    assert_eq!(code(hers.put_space_keys(vec![sealed(bert.keys.id())]).await), "space.addressee");
    assert_eq!(hers.space_keys().await.unwrap(), [sealed(anna.keys.id())]);
    assert!(his.space_keys().await.unwrap().is_empty());
}

#[tokio::test]
async fn pairing_is_between_a_waiting_device_and_one_in_use_of_the_same_member() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let anna = cabinet.member(&["member"]).await;
    let bert = cabinet.member(&["member"]).await;
    let tablet = cabinet.enrol(anna.member).await;
    let (hers, his, new) = (cabinet.as_(&anna).await, cabinet.as_(&bert).await, cabinet.as_(&tablet).await);
    let (c, n, m) = (Hash([1; 32]), Hash([2; 32]), Hash([3; 32]));
    let say = |with: &Actor, says| vec![PairStep { with: with.keys.id(), commitment: c, says }];

    for wrong in [
        new.pair(say(&bert, PairSays::Commit)).await,
        new.pair(say(&tablet, PairSays::Commit)).await,
        hers.pair(say(&tablet, PairSays::Commit)).await,
        his.pair(say(&tablet, PairSays::Answer(m))).await,
        new.pair(say(&anna, PairSays::Answer(m))).await,
    ] {
        assert_eq!(code(wrong), "pairing.may_not");
    }
    let invitation = cabinet.invite(anna.member).await;
    let invited = open_session(&cabinet, Who::Invitation(invitation.1.public().sign), &invitation.1).await;
    assert_eq!(code(invited.unwrap().pair(say(&anna, PairSays::Commit)).await), "device.not_active");

    new.pair(say(&anna, PairSays::Commit)).await.unwrap();
    hers.pair(say(&tablet, PairSays::Answer(m))).await.unwrap();
    let said = new.pair(say(&anna, PairSays::Reveal(n))).await.unwrap();
    let (new_id, old) = (tablet.keys.id(), anna.keys.id());
    assert_eq!(said, [Pairing { new: new_id, old, commitment: c, answer: Some(m), reveal: Some(n) }]);
    assert_eq!(hers.pair(vec![]).await.unwrap(), said);
    assert!(his.pair(vec![]).await.unwrap().is_empty());

    let confirm = DeviceConfirm { device: new_id };
    cabinet.say(&anna, kit::say(confirm, Member::VOTE)).await;
    assert!(hers.pair(vec![]).await.unwrap().is_empty(), "done with");
    assert_eq!(code(new.pair(say(&anna, PairSays::Commit)).await), "pairing.may_not");
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_ends_when_the_record_or_ones_spaces_grow() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let anna = cabinet.member(&["member"]).await;
    let size = cabinet.entries(&anna).await.leaves.len() as u64;
    let session = cabinet.as_(&anna).await;
    assert_eq!(session.wait(size - 1).await.unwrap(), size, "at once");

    let waiting = tokio::spawn({
        let session = session.clone();
        async move { session.wait(size).await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!waiting.is_finished());
    cabinet.add_member(&["member"]).await;
    let grown = tokio::time::timeout(Duration::from_secs(5), waiting).await.unwrap().unwrap().unwrap();
    assert_eq!(grown, size + 1);

    let waiting = tokio::spawn({
        let session = session.clone();
        async move { session.wait(size + 1).await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    session.append_ops(vec![op(&anna, Nonce(random()), 1, Hash([0; 32]), b"one")]).await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), waiting).await.unwrap().unwrap().unwrap();

    let tablet = cabinet.enrol(anna.member).await;
    let size = cabinet.entries(&anna).await.leaves.len() as u64;
    let waiting = tokio::spawn({
        let session = session.clone();
        async move { session.wait(size).await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!waiting.is_finished());
    let step = PairStep { with: anna.keys.id(), commitment: Hash([1; 32]), says: PairSays::Commit };
    cabinet.as_(&tablet).await.pair(vec![step]).await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), waiting).await.unwrap().unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_ends_also_when_something_was_said_to_another_server_of_the_store() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let anna = cabinet.member(&["member"]).await;
    let size = cabinet.entries(&anna).await.leaves.len() as u64;
    let elsewhere = Cabinet { app: open(dir.path()), ..cabinet.clone() };
    let session = cabinet.as_(&anna).await;
    let wait = |size| {
        let session = session.clone();
        tokio::spawn(async move { session.wait(size).await })
    };
    let ended = async |waiting: tokio::task::JoinHandle<Answer<u64>>| {
        tokio::time::timeout(Duration::from_secs(5), waiting).await.unwrap().unwrap().unwrap()
    };

    let waiting = wait(size);
    // It has looked more than once, and found nothing.
    tokio::time::sleep(Duration::from_millis(4500)).await;
    assert!(!waiting.is_finished());
    let said = op(&anna, Nonce(random()), 1, Hash([0; 32]), b"one");
    elsewhere.as_(&anna).await.append_ops(vec![said]).await.unwrap();
    assert_eq!(ended(waiting).await, size);

    let waiting = wait(size);
    tokio::time::sleep(Duration::from_millis(100)).await;
    elsewhere.add_member(&["member"]).await;
    assert_eq!(ended(waiting).await, size + 1);
}

#[tokio::test]
async fn a_shared_space_is_for_those_whom_the_record_names() {
    use ecabinet_protocol::space::{SpaceOwner, key_id};
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let [anna, bert] = [cabinet.member(&["member"]).await, cabinet.member(&["member"]).await];
    let [aide, clerk] = [cabinet.member(&["staff"]).await, cabinet.member(&["staff"]).await];
    let (of_anna, zero) = (SpaceOwner::Staff(anna.member), Hash([0; 32]));
    let (hers, all) =
        (of_anna.shared_id(cabinet.body).unwrap(), SpaceOwner::All.shared_id(cabinet.body).unwrap());
    let append = async |by: &Actor, space| {
        said(cabinet.as_(by).await.append_ops(vec![op(by, space, 1, zero, b"one")]).await)
    };
    assert_eq!(append(&anna, all).await, "space.owner", "nothing is shared before level 3");
    for level in [2, 3] {
        let raise = BodyLevel { level: Int::new(level).unwrap() };
        cabinet.say(&cabinet.registrar, say(raise, As::REGISTRAR).at_level(level - 1)).await;
    }
    assert_eq!(
        append(&clerk, hers).await,
        "space.owner",
        "nobody takes the place of a space that is not there yet"
    );
    let staff = |staff: &[&Actor]| StaffSet {
        member: anna.member,
        staff: staff.iter().map(|actor| actor.member).collect(),
    };
    let set = |staff| say(staff, As::REGISTRAR).at_level(3);
    cabinet.say(&cabinet.registrar, set(staff(&[&aide]))).await;
    for (by, space, answer) in [
        (&anna, hers, "ok"),
        (&aide, hers, "ok"),
        (&bert, hers, "space.owner"),
        (&clerk, hers, "space.owner"),
        (&bert, all, "ok"),
        (&anna, all, "ok"),
        (&aide, all, "space.owner"),
    ] {
        assert_eq!(append(by, space).await, answer);
    }
    let read = async |by: &Actor, space| cabinet.as_(by).await.ops(space, 0).await.map(|ops| ops.len());
    assert_eq!((read(&aide, hers).await, read(&bert, all).await), (Ok(2), Ok(2)));
    assert!(read(&bert, hers).await.is_err() && read(&aide, all).await.is_err());
    let of_others = cabinet.as_(&anna).await.append_ops(vec![op(&clerk, hers, 1, zero, b"x")]).await;
    assert_eq!(code(of_others), "space.device");

    // Keys go to whoever belongs, once; who has been given which is told to those who belong.
    let sealed = |by: &Actor, to: &Actor| {
        let key = Some(key_id(hers, 5, &[7; 32]));
        let (to, sealed, signature) = (to.keys.id(), random::<48>().to_vec().into(), Signature([0; 64]));
        SealedKey { space: hers, epoch: 5, to, key, sealed, by: by.keys.id(), signature }.sign(&by.keys)
    };
    let put = async |by: &Actor, to| said(cabinet.as_(by).await.put_space_keys(vec![sealed(by, to)]).await);
    assert_eq!(put(&anna, &aide).await, "ok");
    assert_eq!(put(&aide, &anna).await, "ok");
    assert_eq!(put(&anna, &aide).await, "ok", "again is no harm");
    assert_eq!(
        (put(&anna, &bert).await, put(&bert, &anna).await),
        ("space.addressee".into(), "space.owner".into())
    );
    let keys = cabinet.as_(&aide).await.shared_keys(hers).await.unwrap();
    assert_eq!((keys.sealed.len(), keys.given.len()), (1, 2));
    let infos = cabinet.as_(&anna).await.shared().await.unwrap();
    let info = |space, ops, keys| SpaceInfo { space, ops, keys };
    assert!(infos == [info(hers, 2, 2), info(all, 2, 0)], "{infos:?}");
    assert!(cabinet.as_(&clerk).await.shared().await.unwrap().is_empty());

    cabinet.say(&cabinet.registrar, set(staff(&[&clerk]))).await;
    assert!(read(&aide, hers).await.is_err(), "she has left");
    assert_eq!((read(&clerk, hers).await, append(&clerk, hers).await), (Ok(2), "ok".into()));
    let retire = MemberRetire { member: bert.member };
    cabinet.say(&cabinet.registrar, say(retire, As::REGISTRAR).at_level(3)).await;
    assert!(cabinet.app.connect(cabinet.body, bert.who()).await.is_err());
}
