//! What holds whatever is offered to a record.

mod kit;

use ecabinet_domain::*;
use ecabinet_record::{Admission, Leaf, Looked, Replica, Trust};
use kit::Log;
use kit::play::{Throw, throw};
use kit::story::{self, Story};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The example up to its first poll: people, papers, an agenda, attendance; and a device that waits.
static START: LazyLock<Log> = LazyLock::new(|| {
    let mut log = Story::new().before("first poll");
    let invitation = log.put(&story::registrar(), story::issue("b", "e"));
    let new = story::device("new");
    let enrolment = story::enrol(log.state().body, invitation, "e", &new.keys);
    log.put(&new, enrolment);
    let rule = kit::usual_rule();
    log.put(&story::secretary(), act::PollOpen { item: story::item("budget"), rule });
    log
});

/// What a ballot's payload would say: any function of the ballot does, and one of six is void.
fn says(ballot: &Ballot) -> Vec<u8> {
    let choices = [Choice::Yes, Choice::No, Choice::Abstain, Choice::Other, Choice::Option, Choice::Yes];
    let choice = choices[usize::from(ballot.statement.0[0] % 6)];
    let payload = BallotPayload { choice, options: None, text: None, papers: Vec::new() };
    serde_json::to_vec(&payload).expect("plain data")
}

fn count(poll: &Poll, state: &State) -> Option<Tally> {
    let of = |index| poll.ballots.iter().find(|ballot| ballot.index == index).map(says);
    Some(tally(poll, state, of)?.whole()?.remove(0))
}

/// A poll's result, and its ballots' fates in their order.
type Outcome = (Option<Tally>, Vec<(StatementId, Fate)>);

/// Outcomes of all closed polls.
fn closed(state: &State) -> BTreeMap<StatementId, Outcome> {
    let fates = |poll: &Poll| poll.ballots.iter().map(|b| (b.statement, poll.fate(b, state))).collect();
    let polls = state.polls.iter().filter(|(_, poll)| !poll.is_open());
    polls.map(|(id, poll)| (*id, (count(poll, state), fates(poll)))).collect()
}

/// Looked at by a record as it was some entries ago, whichever key its device had then: its turn says the same.
fn looked(leaf: &Leaf, before: &Replica) -> Looked {
    let mut looked = Looked::new(leaf.envelope.clone());
    let former = START.replica.expected_key(&looked).or_else(|| before.log_key(0));
    former.iter().for_each(|key| looked.try_key(key));
    looked
}

/// Offers the statements one by one, and holds each step against the laws.
fn play(throws: &[Throw]) -> Log {
    let mut log = START.clone();
    for throw in throws {
        let leaf = throw.leaf(&log);
        let before = log.replica.clone();
        let was_closed = closed(log.state());
        let admitted = Leaf::parse(&leaf).map(|leaf| before.admit(&looked(&leaf, &before), leaf.time));
        match log.push(leaf.clone()) {
            Ok(_) => {
                let Some(Ok(Admission::New(admitted, bytes))) = &admitted else { panic!("{admitted:?}") };
                assert_eq!(*bytes, leaf);
                let mut stood = before.clone();
                assert!(stood.stand(admitted) && !stood.stand(admitted), "it stands once");
                assert_eq!(
                    (stood.state(), stood.tree().root()),
                    (log.replica.state(), log.replica.tree().root())
                );
                assert_eq!(log.size(), before.size() + 1);
            }
            Err(bad) => {
                match admitted {
                    Some(Err(refusal)) => assert_eq!(refusal, bad.refusal),
                    Some(Ok(Admission::Known(_))) => {
                        assert!(["leaf.time", "statement.again"].contains(&bad.refusal.code))
                    }
                    other => panic!("{bad}, and admitted: {other:?}"),
                }
                assert_eq!(log.replica.state(), before.state(), "a refused statement changed the state");
                assert_eq!(
                    (log.size(), log.replica.tree().root(), log.replica.last_time()),
                    (before.size(), before.tree().root(), before.last_time())
                );
            }
        }
        let now_closed = closed(log.state());
        for (id, (tally, fates)) in was_closed {
            assert_eq!(now_closed[&id].0, tally, "a closed poll's result changed");
            assert_eq!(now_closed[&id].1[..fates.len()], fates, "a closed poll's ballot changed");
        }
    }
    log
}

/// Counts anew from the ballots alone: not by member, as `tally` does.
fn recount(poll: &Poll, state: &State) -> [u64; 4] {
    let mut counts = [0; 4];
    for ballot in poll.ballots.iter().filter(|ballot| poll.fate(ballot, state) == Fate::Ok) {
        if let Some(said) = poll.read(&says(ballot)) {
            counts[said[0].choice as usize] += 1;
        }
    }
    counts
}

/// The same poll with its ballots kept, and its members listed, in another order.
fn reordered(poll: &Poll, by: usize) -> Poll {
    let mut poll = poll.clone();
    let count = poll.ballots.len();
    if count > 0 {
        poll.ballots.rotate_left(by % count);
        poll.ballots.reverse();
        let place = |at: usize| count - 1 - (at + count - by % count) % count;
        poll.current.values_mut().for_each(|at| *at = place(*at));
    }
    if let Some(close) = &mut poll.close {
        close.members.reverse();
    }
    poll
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_offered_the_laws_hold(throws in prop::collection::vec(throw(), 1..50), by in 0usize..50) {
        let log = play(&throws);
        let state = log.state();
        for poll in state.polls.values() {
            let mut voted = BTreeMap::<MemberId, u32>::new();
            for ballot in poll.ballots.iter().filter(|ballot| poll.fate(ballot, state) == Fate::Ok) {
                *voted.entry(ballot.member).or_default() += 1;
            }
            prop_assert!(voted.values().all(|ballots| *ballots == 1), "a member counts twice: {:?}", voted);
            let Some(tally) = count(poll, state) else { continue };
            prop_assert_eq!([tally.yes, tally.no, tally.abstain, tally.other], recount(poll, state));
            prop_assert_eq!(tally.yes + tally.no + tally.abstain + tally.other + tally.silent, tally.n);
            prop_assert_eq!(count(&reordered(poll, by), state), Some(tally));
        }
        for trust in [Trust::Verify, Trust::Kept] {
            let mut again = Replica::default();
            for leaf in &log.leaves {
                again.replay(leaf, trust).unwrap();
            }
            prop_assert_eq!(again.state(), log.replica.state());
            prop_assert_eq!(again.tree().root(), log.replica.tree().root());
        }
    }


    /// Looked at on all cores or one by one, whole or with a byte changed: the same stands, and the same is refused.
    #[test]
    fn many_at_once_are_taken_as_one_by_one(throws in prop::collection::vec(throw(), 1..50), at: usize, place: usize, to: u8) {
        let mut leaves = play(&throws).leaves;
        for damaged in [false, true] {
            if damaged {
                let at = at % leaves.len();
                let place = place % leaves[at].len();
                leaves[at][place] = to;
            }
            let (mut one, mut entries) = (Replica::default(), 0);
            let ended = leaves.iter().try_for_each(|leaf| one.replay(leaf, Trust::Verify).map(|_| entries += 1));
            let (mut many, mut taken) = (Replica::default(), 0);
            prop_assert_eq!(many.replay_all(&leaves, |_| taken += 1), ended);
            prop_assert_eq!((many.state(), taken), (one.state(), entries));
            prop_assert_eq!((many.tree().root(), many.last_time()), (one.tree().root(), one.last_time()));
        }
    }

    #[test]
    fn no_bytes_make_a_replica_panic(at in 0usize..38, cut in 0usize..2000, to: u8, junk in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut leaf = START.leaves[at].clone();
        let place = cut % leaf.len();
        leaf[place] = to;
        let mut short = leaf.clone();
        short.truncate(place);
        for bytes in [leaf, short, junk] {
            let mut replica = START.replica.clone();
            let _ = replica.replay(&bytes, Trust::Verify);
            let _ = Replica::default().replay(&bytes, Trust::Verify);
            let _ = Header::parse(&bytes);
        }
    }

    /// What a header says survives being written and read; and no byte of it can change without notice.
    #[test]
    fn a_header_reads_back(throws in prop::collection::vec(throw(), 1..4)) {
        for throw in throws {
            let leaf = throw.leaf(&START);
            let header = Leaf::parse(&leaf).unwrap().envelope.header;
            let read = Header::parse(&header);
            prop_assert_eq!(read.map(|read| read.to_bytes()), Some(header));
        }
    }
}

/// The dice reach what they are meant to: otherwise the laws hold of nothing.
#[test]
fn the_throws_reach_every_fate_and_most_kinds() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let (mut kinds, mut fates) = (BTreeMap::<&str, u32>::new(), BTreeMap::<Fate, u32>::new());
    for _ in 0..80 {
        let throws = prop::collection::vec(throw(), 50).new_tree(&mut runner).unwrap().current();
        let log = play(&throws);
        for leaf in &log.leaves[START.leaves.len()..] {
            let header = Header::parse(&Leaf::parse(leaf).unwrap().envelope.header).unwrap();
            *kinds.entry(header.act.kind()).or_default() += 1;
        }
        for poll in log.state().polls.values().filter(|poll| !poll.is_open()) {
            poll.ballots.iter().for_each(|b| *fates.entry(poll.fate(b, log.state())).or_default() += 1);
        }
    }
    assert_eq!(fates.len(), 5, "{fates:?}");
    assert!(fates.values().all(|times| *times >= 5), "{fates:?}");
    let untried = ["body.genesis", "body.level", "log.key", "epoch", "ca.set"];
    // What is of level 3 is grown by the second verifier's own dice, which both programs then judge.
    let first = Act::KINDS.iter().zip(Act::LEVELS).filter(|(_, level)| **level == 1).map(|(kind, _)| kind);
    let lack: Vec<_> = first.filter(|kind| !kinds.contains_key(**kind) && !untried.contains(kind)).collect();
    assert!(lack.is_empty(), "{lack:?} of {kinds:?}");
}
