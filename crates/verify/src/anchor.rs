//! Checkpoints and receipts kept elsewhere: the record must still hold what they prove.

use crate::{AnchorReport, Failure};
use ecabinet_domain::{State, act::Epoch};
use ecabinet_record::receipt::NoProof;
use ecabinet_record::{Checkpoint, Receipt, Replica};

/// What a receipt's text begins with.
const RECEIPT: &str = "c2sp.org/tlog-proof@";

pub(crate) fn check(
    text: &str,
    entries: &[Vec<u8>],
    replica: &Replica,
    state: &State,
) -> (AnchorReport, Option<Failure>) {
    let mut report = AnchorReport { kind: "unknown", size: None, index: None, holds: false };
    let found = if text.starts_with(RECEIPT) {
        report.kind = "receipt";
        receipt(text, entries, replica, state, &mut report)
    } else {
        checkpoint(text, replica, state, &mut report)
    };
    report.holds = found.is_ok();
    let failure =
        found.err().map(|(code, detail)| Failure { index: report.index, statement: None, code, detail });
    (report, failure)
}

type Wrong = (&'static str, String);

fn checkpoint(text: &str, replica: &Replica, state: &State, report: &mut AnchorReport) -> Result<(), Wrong> {
    let checkpoint = Checkpoint::parse(text);
    let checkpoint =
        checkpoint.ok_or(("anchor.malformed", "neither a checkpoint nor a receipt".to_owned()))?;
    report.kind = "checkpoint";
    report.size = Some(checkpoint.size);
    if checkpoint.body != state.body {
        return Err(("anchor.other_body", format!("of body {}", checkpoint.body)));
    }
    if !checkpoint.verify(&state.log_key(checkpoint.size)) {
        return Err(("anchor.not_signed", format!("not by the log's key for size {}", checkpoint.size)));
    }
    let here = replica.tree().root_at(checkpoint.size);
    if here != Some(checkpoint.root) {
        let named =
            |(_, epoch): &&(u64, Epoch)| epoch.size.get() == checkpoint.size && epoch.root == checkpoint.root;
        if let Some((index, epoch)) = state.epochs.iter().find(named) {
            let detail = format!("given up by epoch {} at entry {index}", epoch.number.get());
            return Err(("anchor.lost", detail));
        }
    }
    match here {
        None => {
            let detail =
                format!("the log once had {} entries, the export holds {}", checkpoint.size, replica.size());
            Err(("anchor.beyond", detail))
        }
        Some(root) if root != checkpoint.root => {
            let detail = format!("signed root {} at size {}, here {root}", checkpoint.root, checkpoint.size);
            Err(("anchor.conflict", detail))
        }
        Some(_) => Ok(()),
    }
}

fn receipt(
    text: &str,
    entries: &[Vec<u8>],
    replica: &Replica,
    state: &State,
    report: &mut AnchorReport,
) -> Result<(), Wrong> {
    let malformed = ("anchor.malformed", "not a receipt".to_owned());
    let receipt = Receipt::parse(text).map_err(|_| malformed)?;
    report.index = Some(receipt.index);
    checkpoint(&receipt.checkpoint.note, replica, state, report).inspect_err(|_| report.kind = "receipt")?;
    report.kind = "receipt";
    match receipt.check(state.body, &state.log_key(receipt.checkpoint.size)) {
        Ok(()) => {}
        Err(NoProof::Path) => {
            return Err(("anchor.path", "its path does not lead to the signed root".into()));
        }
        Err(other) => return Err(("anchor.malformed", other.to_string())),
    }
    let entry = usize::try_from(receipt.index).ok().and_then(|at| entries.get(at));
    if entry == Some(&receipt.leaf) {
        Ok(())
    } else {
        Err(("anchor.leaf", format!("entry {} is another one here", receipt.index)))
    }
}
