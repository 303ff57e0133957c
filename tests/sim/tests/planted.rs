//! The simulation's own strength: bugs planted on purpose, each found before its seeds run out.
#![cfg(feature = "planted")]

use ecabinet_domain::planted::plant;
use ecabinet_sim::seeds;
use std::sync::Mutex;

const SEEDS: u64 = 2_000;

const BUGS: &[&str] = &[
    "vault.not_synced",
    "store.not_synced",
    "slots.not_synced",
    "chunk.not_synced",
    "server.chunk_not_synced",
    "statement.twice",
    "time.goes_back",
    "ballot.replaces_ignored",
    "ballot.late_counts",
    "ballot.stale_counts",
    "ballot.shown_early",
    "device.revoked_acts",
    "outbox.received_early",
    "pull.twice",
    "notes.over_unseen",
    "notes.not_folded",
    "sequencer.answers_unstored",
    "deadline.ignored",
    "hands.ballot_besides",
    "position.stale_votes",
    "substitute.besides",
    "block.pulled_decided",
    "share.taken_back_stays",
    "space.left_served",
    "space.key_not_given",
];

#[test]
fn every_planted_bug_is_found_within_two_thousand_seeds() {
    let mut missed = Vec::new();
    for bug in BUGS {
        plant(bug);
        let found = Mutex::new(None);
        let ran = seeds(0..SEEDS, |seed, ended| {
            let Some(wrong) = &ended.wrong else { return true };
            found.lock().expect("whole").get_or_insert((seed, wrong.clone()));
            false
        });
        match found.into_inner().expect("whole") {
            Some((seed, wrong)) => println!("{bug}: seed {seed}, {} stories: {wrong}", ran.stories),
            None => missed.push(bug),
        }
    }
    plant("");
    assert!(missed.is_empty(), "not found: {missed:?}");
}
