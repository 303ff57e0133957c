//! Every poll counted anew, and the claimed results held against it.

mod claim;
mod words;

pub(crate) use words::Words;

use crate::payload::Opened;
use crate::walk::Walk;
use crate::{Failure, Outcomes, PollReport, Report, Void};
use claim::Claims;
use ecabinet_domain::{BallotPayload, Fate, Poll, State, StatementId, Tally, tally};
use ecabinet_record::export::Export;

pub(crate) fn count(report: &mut Report, export: &Export, walk: &Walk, state: &State, payloads: &Opened<'_>) {
    report.outcomes = outcomes(state, walk.stands.len() as u64);
    let mut polls: Vec<(&StatementId, &Poll)> = state.polls.iter().collect();
    polls.sort_by_key(|(_, poll)| poll.opened_at);
    for (id, poll) in &polls {
        report.void.extend(void(poll, payloads));
        report.polls.push(recount(**id, poll, state, payloads));
    }
    report.void.sort_by_key(|void| void.index);
    match Claims::parse(&export.results) {
        None => report.failures.push(Failure::of_export("results.malformed", "results.json")),
        Some(claims) => hold_against(report, claims),
    }
}

/// Of all entries: what is not a ballot and stands is ok.
fn outcomes(state: &State, entries: u64) -> Outcomes {
    let mut outcomes = Outcomes { ineligible: state.strays.len() as u64, ..Outcomes::default() };
    for poll in state.polls.values() {
        for ballot in &poll.ballots {
            match poll.fate(ballot, state) {
                Fate::Ok => {}
                Fate::Late => outcomes.late += 1,
                Fate::Superseded => outcomes.superseded += 1,
                Fate::Stale => outcomes.stale += 1,
                Fate::Ineligible => outcomes.ineligible += 1,
            }
        }
    }
    let Outcomes { late, superseded, stale, ineligible, .. } = outcomes;
    outcomes.ok = entries - late - superseded - stale - ineligible;
    outcomes
}

/// Ballots that a server should have refused: their payload is there and is no choice of the rule.
fn void(poll: &Poll, payloads: &Opened<'_>) -> Vec<Void> {
    let is_void =
        |index| payloads.get(index).is_some_and(|bytes| BallotPayload::parse(bytes, &poll.rule).is_none());
    let ballots = poll.ballots.iter().filter(|ballot| is_void(ballot.index));
    ballots.map(|ballot| Void { index: ballot.index, statement: ballot.statement }).collect()
}

fn recount(id: StatementId, poll: &Poll, state: &State, payloads: &Opened<'_>) -> PollReport {
    let mut needs = Vec::new();
    let counted = tally(poll, state, |ballot| match payloads.get(ballot.index) {
        Some(bytes) => Some(BallotPayload::parse(bytes, &poll.rule)?.choice),
        None => {
            needs.push(ballot.index);
            None
        }
    });
    needs.sort_unstable();
    let mut report = PollReport {
        poll: id,
        item: poll.item,
        opened: poll.opened_at,
        closed: poll.close.as_ref().map(|close| close.index),
        n: None,
        present: None,
        yes: None,
        no: None,
        abstain: None,
        other: None,
        silent: None,
        quorum_needed: None,
        pass_needed: None,
        tie_by: None,
        result: "open",
        needs,
        claimed: None,
        agrees: None,
        words: Words::of(poll, state, payloads),
    };
    if let Some(tally) = counted {
        report.fill(tally);
    }
    report
}

impl PollReport {
    fn fill(&mut self, tally: Tally) {
        // Known from headers alone.
        (self.n, self.present, self.quorum_needed) =
            (Some(tally.n), Some(tally.present), Some(tally.quorum_needed));
        self.result = "unverifiable";
        if self.needs.is_empty() {
            (self.yes, self.no, self.abstain) = (Some(tally.yes), Some(tally.no), Some(tally.abstain));
            (self.other, self.silent, self.pass_needed) =
                (Some(tally.other), Some(tally.silent), Some(tally.pass_needed));
            self.result = words::verdict(tally.result);
            self.tie_by = tally.tie_by;
        }
    }

    /// Whether a claim says what was computed; none where that is not known.
    fn agrees_with(&self, claim: &Tally) -> Option<bool> {
        let headers =
            [(self.n, claim.n), (self.present, claim.present), (self.quorum_needed, claim.quorum_needed)];
        if headers.iter().any(|(computed, claimed)| *computed != Some(*claimed)) {
            return Some(false);
        }
        if self.result == "unverifiable" {
            return None;
        }
        let counts = [
            (self.yes, claim.yes),
            (self.no, claim.no),
            (self.abstain, claim.abstain),
            (self.other, claim.other),
            (self.silent, claim.silent),
            (self.pass_needed, claim.pass_needed),
        ];
        let same = counts.iter().all(|(computed, claimed)| *computed == Some(*claimed));
        Some(same && self.tie_by == claim.tie_by && self.result == words::verdict(claim.result))
    }
}

fn hold_against(report: &mut Report, claims: Claims) {
    for (id, claim) in claims.0 {
        let Some(poll) = report.polls.iter_mut().find(|poll| poll.poll == id) else {
            report.failures.push(failure(id, "a result of a poll that the record does not know"));
            continue;
        };
        poll.agrees = poll.agrees_with(&claim);
        poll.claimed = Some(claim);
        if poll.agrees == Some(false) {
            report.failures.push(failure(id, "the record gives another result"));
        }
    }
}

fn failure(poll: StatementId, detail: &str) -> Failure {
    Failure { index: None, statement: Some(poll), code: "result.claim", detail: detail.to_owned() }
}
