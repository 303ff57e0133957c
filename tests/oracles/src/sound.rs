//! What is true of every state that a record gives, whatever is in the record.

use ecabinet_domain::{Arrival, BallotPayload, Choice, FormPayload, Holder, Opinion, Poll, State, tally};
use std::collections::BTreeSet;

/// # Panics
/// The state of a record of so many entries is not sound.
pub(crate) fn check(state: &State, size: u64) {
    assert!((1..=16).contains(&state.registrars().count()), "a body has registrars");
    assert!(state.log_keys.windows(2).all(|two| two[0].0 < two[1].0), "one log key at a time");
    for device in state.devices.values() {
        assert!(device.enrolled_at < size);
        if let Holder::Member(member) = device.holder {
            assert!(state.members.contains_key(&member), "a device of nobody");
        }
    }
    for member in state.recoveries.values() {
        assert!(state.members.contains_key(member), "a recovery code of nobody");
    }
    for (erased, by) in &state.erased {
        assert!(erased < by && *by < size);
    }
    agendas(state);
    for poll in state.polls.values() {
        assert!(poll.questions.iter().all(|rule| rule.check().is_ok()));
        assert!(poll.items.iter().all(|item| state.items.contains_key(item)));
        ballots(poll, size);
        for said in [Choice::Yes, Choice::No, Choice::Abstain, Choice::Other] {
            count(poll, state, &says(poll, said));
        }
        count(poll, state, b"void");
    }
}

fn agendas(state: &State) {
    for (id, meeting) in &state.meetings {
        let mut seen = BTreeSet::new();
        for place in &meeting.agenda.0 {
            assert!(seen.insert(place.item), "an item has one place");
            assert_eq!(state.items.get(&place.item).map(|item| item.meeting), Some(*id));
            for rev in &place.papers {
                let paper = state.papers.get(&rev.paper).expect("a paper that was published");
                assert!(paper.item == place.item && paper.revs.iter().any(|(known, _)| *known == rev.rev));
            }
        }
    }
}

fn ballots(poll: &Poll, size: u64) {
    assert!(poll.ballots.windows(2).all(|two| two[0].index < two[1].index && two[0].time <= two[1].time));
    for ballot in &poll.ballots {
        assert!(poll.opened_at < ballot.index && ballot.index < size);
        let late = poll.close.as_ref().is_some_and(|close| close.index < ballot.index);
        assert!(!late || ballot.arrival != Arrival::Current, "a late ballot counts");
    }
    for (member, at) in &poll.current {
        let ballot = &poll.ballots[*at];
        assert!(ballot.member == *member && ballot.arrival == Arrival::Current);
        let newer =
            poll.ballots[at + 1..].iter().any(|b| b.member == *member && b.arrival == Arrival::Current);
        assert!(!newer, "the last one that arrived as current stands");
    }
}

/// The payload of a ballot that says this to every question.
fn says(poll: &Poll, choice: Choice) -> Vec<u8> {
    let answer = Opinion { choice, options: None, text: None };
    match poll.form() {
        Some(_) => {
            let answers = vec![answer; poll.questions.len()];
            serde_json::to_vec(&FormPayload { answers, advice: None, papers: Vec::new() })
        }
        None => serde_json::to_vec(&BallotPayload { choice, options: None, text: None, papers: Vec::new() }),
    }
    .expect("plain data")
}

/// Every member counts once, whatever the ballots say; hands and positions are void here.
fn count(poll: &Poll, state: &State, said: &[u8]) {
    let mut counted = BTreeSet::new();
    let result = tally(poll, state, |index| {
        let ballot = poll.ballots.iter().find(|ballot| ballot.index == index);
        if let Some(ballot) = ballot {
            assert!(counted.insert(ballot.member), "a member counted twice");
        }
        Some(if ballot.is_some() { said } else { b"void" })
    });
    let Some(close) = &poll.close else {
        assert!(result.is_none());
        return;
    };
    let results = result.expect("a closed poll has a result").whole().expect("nothing lacks");
    assert_eq!(results.len(), poll.questions.len());
    let members: BTreeSet<_> = close.members.iter().collect();
    assert!(members.len() == close.members.len());
    let is_void = poll.read(said).is_none();
    for (result, rule) in results.iter().zip(&poll.questions) {
        assert_eq!(result.n, members.len() as u64);
        assert!(result.present <= result.n);
        let cast = result.yes + result.no + result.abstain + result.other + result.alternative.unwrap_or(0);
        assert_eq!(cast + result.silent, result.n);
        let by_ballot = if is_void { 0 } else { counted.len() as u64 };
        assert_eq!(cast - result.hands.unwrap_or(0), by_ballot);
        assert!(result.tie_by.is_none() || rule.tie.is_some());
    }
}
