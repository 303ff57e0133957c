//! The worked example as an export, and what every verifier must find in it.

use crate::kit::story::*;
use crate::kit::*;
use ecabinet_domain::*;
use ecabinet_record::export::Export;
use ecabinet_record::invitation::Ticket;
use ecabinet_record::refusal::SignedRefusal;
use ecabinet_record::{Checkpoint, Leaf, Receipt};
use serde_json::{Value, json};

/// The entry whose payload the example keeps back: a member's name.
pub(crate) const WITHHELD: u64 = 3;

pub(crate) fn export(story: &Story) -> Export {
    let state = story.log.state();
    let mut payloads = story.log.payloads.clone();
    payloads.retain(|index, _| !state.erased.contains_key(index) && *index != WITHHELD);
    let entries = story.log.leaves.clone();
    Export {
        entries,
        payloads,
        checkpoint: checkpoint(story).note,
        results: results(story),
        blobs: Vec::new(),
    }
}

pub(crate) fn checkpoint(story: &Story) -> Checkpoint {
    let log = &story.log;
    Checkpoint::sign(log.state().body, log.size(), log.replica.tree().root(), &story.log_keys[1])
}

/// `results.json`: by one who has all payloads.
pub(crate) fn results(story: &Story) -> Vec<u8> {
    let polls: Vec<Value> =
        story.polls.iter().map(|id| json!({"poll": id, "tally": count(story, *id)})).collect();
    json!({ "polls": polls }).to_string().into_bytes()
}

fn count(story: &Story, id: StatementId) -> Tally {
    let state = story.log.state();
    let poll = &state.polls[&id];
    let said = |index| Some(&story.log.payloads[&index].bytes);
    tally(poll, state, said).expect("closed").tallies.remove(0)
}

pub(crate) fn expected(story: &Story) -> Value {
    let state = story.log.state();
    let keys: Vec<Value> =
        state.log_keys.iter().map(|(from, key)| json!({"from_size": from, "key": key})).collect();
    let erased: Vec<Value> =
        state.erased.iter().map(|(entry, by)| json!({"entry": entry, "by": by})).collect();
    json!({
        "body": state.body,
        "size": story.log.size(),
        "root": story.log.replica.tree().root(),
        "log_keys": keys,
        "outcomes": outcomes(story),
        "polls": polls(story),
        "void": void(story),
        "erased": erased,
        "withheld": [WITHHELD],
        "ticket": ticket(story),
        "recovery": recovery(),
        "receipt": receipt(story),
        "refusal": refusal(story),
    })
}

/// Every entry with what became of it.
fn outcomes(story: &Story) -> Vec<Value> {
    let state = story.log.state();
    let leaves = story.log.leaves.iter().enumerate();
    let outcome = |(index, leaf): (usize, &Vec<u8>)| {
        let leaf = Leaf::parse(leaf).expect("a leaf");
        let kind = Header::parse(&leaf.envelope.header).expect("a header").act.kind();
        json!({"index": index, "kind": kind, "statement": leaf.envelope.id(), "outcome": fate(state, index as u64)})
    };
    leaves.map(outcome).collect()
}

pub(crate) fn fate(state: &State, index: u64) -> Fate {
    if state.strays.contains_key(&index) {
        return Fate::Ineligible;
    }
    let ballot = |poll: &Poll| {
        poll.ballots.iter().find(|ballot| ballot.index == index).map(|ballot| poll.fate(ballot, state))
    };
    state.polls.values().find_map(ballot).unwrap_or(Fate::Ok)
}

fn polls(story: &Story) -> Vec<Value> {
    let state = story.log.state();
    let poll = |id: &StatementId| {
        let poll = &state.polls[id];
        let needs = |ballot: &&Ballot| {
            poll.fate(ballot, state) == Fate::Ok && state.erased.contains_key(&ballot.index)
        };
        let verifiable = !poll.ballots.iter().any(|ballot| needs(&ballot));
        let tally = verifiable.then(|| count(story, *id));
        let closed = poll.close.as_ref().map(|close| close.index);
        json!({"poll": id, "opened": poll.opened_at, "closed": closed, "verifiable": verifiable, "tally": tally})
    };
    story.polls.iter().map(poll).collect()
}

fn void(story: &Story) -> Vec<u64> {
    let polls = story.log.state().polls.values();
    let ballots = polls.flat_map(|poll| poll.ballots.iter().map(move |ballot| (poll, ballot.index)));
    let is_void = |(poll, index): &(&Poll, u64)| poll.read(&story.log.payloads[index].bytes).is_none();
    ballots.filter(is_void).map(|(_, index)| index).collect()
}

fn ticket(story: &Story) -> Value {
    let state = story.log.state();
    let ticket = Ticket::new("cabinet.example:8443", state.body, state.ca, secret("chair"));
    json!({
        "link": ticket.link(),
        "server": ticket.server,
        "body_prefix": hex::encode(ticket.body),
        "ca_prefix": hex::encode(ticket.ca),
        "secret": hex::encode(ticket.secret),
        "invitation_key": ticket.keys().public().sign,
    })
}

fn recovery() -> Value {
    let keys = chair_code().keys;
    let typed = ecabinet_record::code::groups(&CHAIR_CODE);
    json!({"code": hex::encode(CHAIR_CODE), "typed": typed, "keys": keys.public(), "device": keys.id()})
}

/// Of the last ballot of the first poll that counts.
fn receipt(story: &Story) -> Value {
    let index = story.at["first close"] - 3;
    let leaf = story.log.leaves[index as usize].clone();
    let receipt = Receipt::new(story.log.replica.tree(), index, leaf, checkpoint(story)).expect("in the log");
    json!({"index": index, "text": receipt.to_text()})
}

fn refusal(story: &Story) -> Value {
    let (body, size) = (story.log.state().body, story.log.size());
    let statement = StatementId([5; 32]);
    json!(SignedRefusal::sign(body, statement, START, size, "poll.closed", &story.log_keys[1]))
}
