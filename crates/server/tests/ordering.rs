//! What is recorded, what is refused, and that neither is lost.

mod kit;

use ecabinet_domain::act::*;
use ecabinet_domain::*;
use ecabinet_protocol::sync::*;
use ecabinet_record::{Checkpoint, Replica, Trust};
use ecabinet_server::clock::{Clock, MAX_JUMP};
use ecabinet_server::store::{SqliteStore, Store};
use kit::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[tokio::test]
async fn refusals_are_signed_and_name_the_rule() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let desk = cabinet.member(&[Member::SECRETARIAT]).await;
    let anna = cabinet.member(&["member"]).await;
    let pack = cabinet.publish(&desk, ALL, vec![]).await;
    let poll = cabinet.open_poll(&desk, pack.item).await;
    let code = async |offer: Offer| {
        let answer = cabinet.submit(&desk, vec![offer], false).await;
        cabinet.refused(&answer.outcomes[0])
    };

    let may_not = cabinet.offer(&anna, say(PollClose { poll }, Member::VOTE));
    assert_eq!(code(may_not).await, "capacity.may_not");
    let stranger = Actor::new(anna.member);
    assert_eq!(code(cabinet.ballot(&stranger, poll, pack.rev, YES)).await, "device.unknown");
    assert_eq!(code(cabinet.ballot(&anna, poll, pack.rev, "{}")).await, "ballot.payload");
    let other = r#"{"choice":"other","papers":[]}"#;
    assert_eq!(code(cabinet.ballot(&anna, poll, pack.rev, other)).await, "ballot.payload", "not in the rule");
    let mut forged = cabinet.ballot(&anna, poll, pack.rev, YES);
    forged.signature.0[0] ^= 1;
    assert_eq!(code(forged).await, "signature.invalid");
    let mut bare = cabinet.ballot(&anna, poll, pack.rev, YES);
    bare.payload = None;
    assert_eq!(code(bare).await, "payload.missing");
    let mut changed = cabinet.ballot(&anna, poll, pack.rev, YES);
    changed.payload.as_mut().unwrap().bytes = br#"{"choice":"no","papers":[]}"#.to_vec().into();
    assert_eq!(code(changed).await, "payload.commitment");
    let mut extra = cabinet.offer(&desk, say(PollClose { poll }, Member::SECRETARIAT));
    extra.payload = Some(SaltedPayload { salt: Hash([0; 32]), bytes: b"x".to_vec().into() });
    assert_eq!(code(extra).await, "payload.unexpected");
    let key = ecabinet_record::KeyPair::from_seed(&random()).public().sign;
    let rotation = cabinet.offer(&cabinet.registrar, say(LogKey { key }, As::REGISTRAR));
    assert_eq!(code(rotation).await, "log_key.not_held");

    // And the good one stands, once.
    let ballot = cabinet.ballot(&anna, poll, pack.rev, YES);
    let first = cabinet.submit(&desk, vec![ballot.clone()], false).await;
    let again = cabinet.submit(&anna, vec![ballot.clone(), ballot], false).await;
    assert_eq!(again.outcomes, [first.outcomes[0].clone(), first.outcomes[0].clone()]);
    assert_eq!(again.checkpoint, first.checkpoint);
}

#[tokio::test]
async fn together_is_all_or_none() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let desk = cabinet.member(&[Member::SECRETARIAT]).await;
    let (meeting, item) = (MeetingId(random()), ItemId(random()));
    let item_set = || say(ItemSet { meeting, item }, Member::SECRETARIAT).with("{}", ALL);
    let known = cabinet.offer(&desk, item_set());
    cabinet.submit(&desk, vec![known.clone()], false).await;
    let before = cabinet.entries(&desk).await;

    let unknown = PollClose { poll: StatementId([1; 32]) };
    let offers = vec![
        known,
        cabinet.offer(&desk, item_set()),
        cabinet.offer(&desk, say(unknown, Member::SECRETARIAT)),
        cabinet.offer(&desk, item_set()),
    ];
    let answer = cabinet.submit(&desk, offers.clone(), true).await;
    assert!(matches!(answer.outcomes[0], Submitted::Recorded { .. }), "it stood before");
    let codes: Vec<_> = answer.outcomes[1..].iter().map(|outcome| cabinet.refused(outcome)).collect();
    assert_eq!(codes, ["request.together", "poll.unknown", "request.together"]);
    assert_eq!(cabinet.entries(&desk).await, before);

    // One by one, the others stand; and the sequencer's own replica was put right again.
    let answer = cabinet.submit(&desk, offers, false).await;
    let recorded = |outcome: &&Submitted| matches!(outcome, Submitted::Recorded { .. });
    assert_eq!(answer.outcomes.iter().filter(recorded).count(), 3);
    let (size, _) = replayed(&cabinet.entries(&desk).await);
    assert_eq!(size, before.leaves.len() as u64 + 2);
}

/// Size and state that the entries replay to, every signature checked.
fn replayed(page: &EntriesPage) -> (u64, State) {
    let mut replica = Replica::default();
    page.leaves.iter().for_each(|leaf| drop(replica.replay(leaf, Trust::Verify).unwrap()));
    let checkpoint = Checkpoint::parse(&page.checkpoint).unwrap();
    assert_eq!((checkpoint.size, checkpoint.root), (replica.size(), replica.tree().root()));
    (replica.size(), replica.state().unwrap().clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_ballots_at_once_count_once_each() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Arc::new(Cabinet::create(dir.path()).await);
    let desk = cabinet.member(&[Member::SECRETARIAT]).await;
    let pack = cabinet.publish(&desk, ALL, vec![]).await;
    let poll = cabinet.open_poll(&desk, pack.item).await;
    let mut voters = Vec::new();
    for _ in 0..50 {
        voters.push(cabinet.member(&["member"]).await);
    }
    let votes = voters.into_iter().map(|voter| {
        let cabinet = cabinet.clone();
        tokio::spawn(async move {
            let ballot = cabinet.ballot(&voter, poll, pack.rev, YES);
            let first = cabinet.submit(&voter, vec![ballot.clone()], false);
            let twice = cabinet.submit(&voter, vec![ballot], false);
            let (first, twice) = tokio::join!(first, twice);
            assert_eq!(first.outcomes, twice.outcomes);
            let Submitted::Recorded { index, .. } = first.outcomes[0] else { panic!("{first:?}") };
            assert!(
                Checkpoint::parse(&first.checkpoint).unwrap().size > index,
                "recorded: under a checkpoint"
            );
            index
        })
    });
    let mut indexes = BTreeSet::new();
    for vote in votes.collect::<Vec<_>>() {
        assert!(indexes.insert(vote.await.unwrap()));
    }
    assert_eq!(indexes.len(), 50);
    let (_, state) = replayed(&cabinet.entries(&desk).await);
    assert_eq!(state.polls[&poll].current.len(), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_race_on_one_store() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let desk = cabinet.member(&[Member::SECRETARIAT]).await;
    let other = Cabinet { app: open(dir.path()), ..cabinet_of(&cabinet) };
    let cabinets = [Arc::new(cabinet), Arc::new(other)];
    let mut tasks = Vec::new();
    for n in 0..40 {
        let (cabinet, desk) = (cabinets[n % 2].clone(), desk.clone());
        tasks.push(tokio::spawn(async move {
            let act = ItemSet { meeting: MeetingId(random()), item: ItemId(random()) };
            let (_, index) = cabinet.say(&desk, say(act, Member::SECRETARIAT).with("{}", ALL)).await;
            // Its author finds it at once, whichever server is asked.
            assert!(cabinet.sees(&desk).await.contains(&index));
            index
        }));
    }
    let mut indexes = BTreeSet::new();
    for task in tasks {
        assert!(indexes.insert(task.await.unwrap()), "one place, one entry");
    }
    let pages = [cabinets[0].entries(&desk).await, cabinets[1].entries(&desk).await];
    assert_eq!(pages[0], pages[1]);
    replayed(&pages[0]);
}

fn cabinet_of(cabinet: &Cabinet) -> Cabinet {
    Cabinet {
        app: cabinet.app.clone(),
        body: cabinet.body,
        registrar: cabinet.registrar.clone(),
        chunk_key: cabinet.chunk_key,
    }
}

#[tokio::test]
async fn a_revocation_on_one_server_works_on_the_other() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let anna = cabinet.member(&["member"]).await;
    let other = Cabinet { app: open(dir.path()), ..cabinet_of(&cabinet) };
    let session = other.as_(&anna).await;
    let revoke = DeviceRevoke { device: anna.keys.id() };
    cabinet.say(&cabinet.registrar, say(revoke, As::REGISTRAR)).await;
    assert_eq!(session.wait(0).await.unwrap_err().code, "device.revoked");
}

#[tokio::test]
async fn a_restart_gives_the_same_checkpoint_and_loses_nothing_acknowledged() {
    let dir = tempfile::tempdir().unwrap();
    let cabinet = Cabinet::create(dir.path()).await;
    let desk = cabinet.member(&[Member::SECRETARIAT]).await;
    let pack = cabinet.publish(&desk, ALL, vec![]).await;
    let last = cabinet.open_poll(&desk, pack.item).await;
    let before = cabinet.entries(&desk).await;
    // As after a kill: the files as they are at this moment, nothing closed or flushed.
    let copy = tempfile::tempdir().unwrap();
    copy_tree(dir.path(), copy.path());
    let killed = Cabinet { app: open(copy.path()), ..cabinet_of(&cabinet) };
    assert_eq!(killed.entries(&desk).await, before);
    let Cabinet { app, body, registrar, chunk_key } = cabinet;
    drop(app);
    let again = Cabinet { app: open(dir.path()), body, registrar, chunk_key };
    assert_eq!(again.entries(&desk).await, before);
    assert!(replayed(&before).1.polls.contains_key(&last));
}

fn copy_tree(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir(&to).unwrap();
            copy_tree(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[derive(Default)]
struct SetClock {
    wall: AtomicU64,
}

impl Clock for SetClock {
    fn wall(&self) -> u64 {
        self.wall.load(Ordering::SeqCst)
    }

    fn monotonic(&self) -> u64 {
        0
    }
}

#[tokio::test]
async fn a_jumping_clock_stops_ordering_until_it_is_confirmed() {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(SetClock::default());
    clock.wall.store(1_800_000_000_000, Ordering::SeqCst);
    let cabinet = Cabinet::create_in(open_with(dir.path(), clock.clone())).await;
    let desk = cabinet.member(&[Member::SECRETARIAT]).await;
    let offer = || {
        let act = ItemSet { meeting: MeetingId(random()), item: ItemId(random()) };
        let offers = vec![cabinet.offer(&desk, say(act, Member::SECRETARIAT).with("{}", ALL))];
        Submit { offers, together: false }
    };
    clock.wall.fetch_add(MAX_JUMP + 1, Ordering::SeqCst);
    let session = cabinet.as_(&desk).await;
    let refused = offer();
    assert_eq!(session.submit(refused.clone()).await.unwrap_err().code, "clock.jumped");
    assert_eq!(cabinet.app.ready().await.unwrap_err().code, "clock.jumped");
    assert!(!session.entries(0).await.unwrap().leaves.is_empty(), "reading goes on");
    SqliteStore::open(&dir.path().join("record.db")).unwrap().confirm_clock().unwrap();
    session.submit(refused).await.unwrap();
    clock.wall.fetch_sub(MAX_JUMP / 2, Ordering::SeqCst);
    session.submit(offer()).await.unwrap();
    let times: Vec<u64> = session.entries(0).await.unwrap().leaves.iter().map(|leaf| time(leaf)).collect();
    assert!(times.is_sorted(), "{times:?}");
}

fn time(leaf: &[u8]) -> u64 {
    ecabinet_record::Leaf::parse(leaf).unwrap().time
}
