//! Members who vote again and again and a secretary who publishes, until they are told to stop.

use crate::{publication, tried};
use ecabinet_domain::{BodyId, Choice, MeetingId, StatementId};
use ecabinet_tests::Person;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;

/// How long somebody waits who finds no server.
const OFFLINE: Duration = Duration::from_millis(50);

pub struct Load {
    stop: Arc<AtomicBool>,
    sure: Arc<AtomicU64>,
    voting: Vec<JoinHandle<Voter>>,
    publishing: JoinHandle<Office>,
}

pub struct Voter {
    pub person: Person,
    /// In the order in which they were cast.
    pub cast: Vec<StatementId>,
    /// Ballots of which he was told that they are recorded, with the receipts.
    pub acknowledged: Vec<(StatementId, String)>,
}

pub struct Office {
    pub secretary: Person,
    pub meetings: Vec<MeetingId>,
}

impl Load {
    pub fn begin(body: BodyId, poll: StatementId, secretary: Person, people: Vec<Person>) -> Load {
        let (stop, sure) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let voting = people.into_iter().map(|person| {
            let (stop, sure) = (stop.clone(), sure.clone());
            tokio::spawn(vote(body, poll, person, stop, sure))
        });
        let voting = voting.collect();
        let publishing = tokio::spawn(publish(body, secretary, stop.clone()));
        Load { stop, sure, voting, publishing }
    }

    /// Entries that the record has for sure: somebody was told of the last one.
    pub fn sure(&self) -> u64 {
        self.sure.load(Ordering::SeqCst)
    }

    pub async fn end(self) -> (Office, Vec<Voter>) {
        self.stop.store(true, Ordering::SeqCst);
        let office = self.publishing.await.expect("the secretary");
        let mut voters = Vec::new();
        for voter in self.voting {
            voters.push(voter.await.expect("a voter"));
        }
        (office, voters)
    }
}

async fn vote(
    body: BodyId,
    poll: StatementId,
    person: Person,
    stop: Arc<AtomicBool>,
    sure: Arc<AtomicU64>,
) -> Voter {
    let (mut cast, mut acknowledged) = (Vec::new(), Vec::new());
    while !stop.load(Ordering::SeqCst) {
        let choice = if cast.len() % 2 == 0 { Choice::Yes } else { Choice::No };
        let ballot = person.vote(poll, choice);
        cast.push(ballot);
        if !tried(person.client(), body).await {
            // He does not vote a thousand times while the server is away.
            tokio::time::sleep(OFFLINE).await;
        }
        let act = person.client().act_state(body, ballot).expect("an act");
        if let (Some(index), "recorded") = (act.row.index, person.state(ballot).as_str()) {
            acknowledged.push((ballot, person.client().receipt(body, ballot).expect("a receipt")));
            sure.fetch_max(index + 1, Ordering::SeqCst);
        }
    }
    Voter { person, cast, acknowledged }
}

async fn publish(body: BodyId, secretary: Person, stop: Arc<AtomicBool>) -> Office {
    let mut meetings = Vec::new();
    while !stop.load(Ordering::SeqCst) {
        let next = publication(&format!("Phiên họp {}", meetings.len()), 150_000);
        meetings.push(secretary.client().publish(body, next).expect("published").meeting);
        if !tried(secretary.client(), body).await {
            tokio::time::sleep(OFFLINE).await;
        }
    }
    Office { secretary, meetings }
}
