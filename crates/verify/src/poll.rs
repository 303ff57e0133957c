//! Every poll counted anew, and the claimed results held against it.

mod claim;
mod words;

pub(crate) use words::{QuestionWords, Words};

use crate::payload::Opened;
use crate::walk::Walk;
use crate::{About, ByQuestion, Counts, Failure, Outcomes, PollReport, Report, Void};
use claim::Claims;
use ecabinet_domain::{Fate, Poll, State, StatementId, Tally, tally};
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
    let is_void = |index| payloads.get(index).is_some_and(|bytes| poll.read(bytes).is_none());
    let ballots = poll.ballots.iter().filter(|ballot| is_void(ballot.index));
    ballots.map(|ballot| Void { index: ballot.index, statement: ballot.statement }).collect()
}

fn recount(id: StatementId, poll: &Poll, state: &State, payloads: &Opened<'_>) -> PollReport {
    let (counts, needs) = match tally(poll, state, |index| payloads.get(index)) {
        Some(counted) => {
            let verifiable = counted.missing.is_empty();
            let of = |tally| if verifiable { Counts::of(tally) } else { Counts::of_headers(tally, poll) };
            (counted.tallies.into_iter().map(of).collect(), counted.missing)
        }
        None => {
            let result = if poll.recalled.is_some() { "recalled" } else { "open" };
            (vec![Counts { result, ..Counts::default() }; poll.questions.len()], Vec::new())
        }
    };
    let about = match poll.is_block() {
        true => About::Block {
            items: poll.items.clone(),
            pulled: poll.items.iter().filter(|item| poll.pulled.contains_key(item)).copied().collect(),
        },
        false => About::Item { item: poll.item() },
    };
    PollReport {
        poll: id,
        about,
        opened: poll.opened_at,
        closed: poll.close.as_ref().map(|close| close.index),
        recalled: poll.recalled,
        answers: by_question(poll, counts),
        needs,
        claimed: None,
        agrees: None,
        words: Words::of(poll, state, payloads),
    }
}

fn by_question<T>(poll: &Poll, mut each: Vec<T>) -> ByQuestion<T> {
    match poll.form() {
        Some(_) => ByQuestion::Form { tallies: each },
        None => ByQuestion::One(each.remove(0)),
    }
}

impl Counts {
    fn of(tally: Tally) -> Counts {
        Counts {
            n: Some(tally.n),
            present: Some(tally.present),
            yes: Some(tally.yes),
            no: Some(tally.no),
            abstain: Some(tally.abstain),
            other: Some(tally.other),
            silent: Some(tally.silent),
            quorum_needed: Some(tally.quorum_needed),
            pass_needed: Some(tally.pass_needed),
            tie_by: tally.tie_by,
            result: words::verdict(tally.result),
            favour: tally.favour,
            options: tally.options,
            alternative: tally.alternative,
            adopted: tally.adopted,
            hands: tally.hands,
            positions: tally.positions,
        }
    }

    /// What is known without the payloads. Who was present for a form is who answered.
    fn of_headers(tally: Tally, poll: &Poll) -> Counts {
        Counts {
            n: Some(tally.n),
            present: poll.form().is_none().then_some(tally.present),
            quorum_needed: Some(tally.quorum_needed),
            result: "unverifiable",
            ..Counts::default()
        }
    }

    /// Whether a claim says what was computed; none where that is not known.
    fn agree_with(&self, claim: &Tally) -> Option<bool> {
        let claim = Counts::of(claim.clone());
        if self.result != "unverifiable" {
            return Some(*self == claim);
        }
        let present = self.present.is_none() || self.present == claim.present;
        let headers = self.n == claim.n && present && self.quorum_needed == claim.quorum_needed;
        if headers { None } else { Some(false) }
    }
}

impl PollReport {
    fn agrees_with(&self, claim: &ByQuestion<Tally>) -> Option<bool> {
        let (counts, claims) = (self.answers.all(), claim.all());
        let alike = matches!(
            (&self.answers, claim),
            (ByQuestion::One(_), ByQuestion::One(_)) | (ByQuestion::Form { .. }, ByQuestion::Form { .. })
        );
        if !alike || counts.len() != claims.len() || self.closed.is_none() {
            return Some(false);
        }
        let each = counts.iter().zip(claims).map(|(counts, claim)| counts.agree_with(claim));
        let each: Vec<Option<bool>> = each.collect();
        if each.contains(&Some(false)) {
            return Some(false);
        }
        if each.contains(&None) { None } else { Some(true) }
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
