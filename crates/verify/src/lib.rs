//! Recomputes everything from an export, trusting nobody: replay, root, payloads, results, anchors, witnesses.
//!
//! A pure function of the export and the question: no network, no home, no clock.

pub mod people;

mod anchor;
mod note;
mod payload;
mod poll;
mod question;
mod report;
mod walk;
mod witness;

pub use people::Lang;
pub use question::Question;
pub use report::{
    About, AnchorReport, ByQuestion, Counts, EpochReport, Failure, Missing, Outcomes, PollReport, Report,
    Void, WitnessReport,
};
pub use witness::{NotAWitness, WitnessKey};

use ecabinet_domain::{State, act::Epoch};
use ecabinet_record::Zone;
use ecabinet_record::export::{Export, Unreadable};
use walk::Walk;

/// Verifies an export. The first bad entry ends the verification: nothing is told of a record that does not replay.
pub fn verify(export: &Export, question: &Question) -> Report {
    let walk = Walk::new(&export.entries);
    let mut report = Report::new(question, export.entries.len() as u64, walk.root());
    if let Some(failure) = walk.failure() {
        report.failures.push(failure);
        return report.judged();
    }
    let Some(state) = walk.replica.state() else {
        let detail = "there are no entries".to_owned();
        report.failures.push(Failure { index: Some(0), statement: None, code: "genesis.missing", detail });
        return report.judged();
    };
    report.body = Some(state.body);
    if question.body.is_some_and(|body| body != state.body) {
        report
            .failures
            .push(Failure::of_export("body.other", format!("the record is of body {}", state.body)));
    }
    report.failures.extend(note::check(&export.checkpoint, &walk.replica, state));
    let payloads = payload::Opened::new(export, &walk, state);
    report.failures.extend(payloads.failures());
    (report.erased, report.withheld) = payloads.missing_counts();
    report.missing = payloads.missing().to_vec();
    report.epochs = epochs(state);
    report.zone = zone(&payloads);
    match walk.replica.beyond() {
        None => poll::count(&mut report, export, &walk, state, &payloads),
        Some(index) => report.failures.push(beyond(index)),
    }
    for text in &question.anchors {
        let (anchor, failure) = anchor::check(text, &export.entries, &walk.replica, state);
        report.anchors.push(anchor);
        report.failures.extend(failure);
    }
    for key in &question.witnesses {
        let (witness, failure) = witness::check(key, &export.checkpoint);
        report.witnesses.push(witness);
        report.failures.extend(failure);
    }
    report.judged()
}

fn epochs(state: &State) -> Vec<EpochReport> {
    let report = |(index, epoch): &(u64, Epoch)| EpochReport {
        index: *index,
        number: epoch.number.get(),
        size: epoch.size.get(),
        root: epoch.root,
    };
    state.epochs.iter().map(report).collect()
}

/// The clock of the body whose genesis' payload is there: its own, or the default if it names none that is known here.
fn zone(payloads: &payload::Opened) -> Option<Zone> {
    let genesis: serde_json::Value = payloads.json(0)?;
    let named = genesis["timezone"].as_str().and_then(|zone| zone.parse().ok());
    Some(named.unwrap_or_default())
}

/// Entries above our level are hashed and not understood: neither they nor any result can be vouched for.
fn beyond(index: u64) -> Failure {
    let detail = "the record goes on at a level that this program does not know".to_owned();
    Failure { index: Some(index), statement: None, code: "level.beyond", detail }
}

/// The report on a folder or ZIP that is there but is no export by its form.
pub fn malformed(error: &Unreadable, question: &Question) -> Report {
    let mut report = Report::new(question, 0, None);
    report.failures.push(Failure::of_export(error.code(), error));
    report.judged()
}
