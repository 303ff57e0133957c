//! `results.json`: what the exporter says the results are.

use ecabinet_domain::{Int, StatementId, Tally, Verdict};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

pub(crate) struct Claims(pub(crate) Vec<(StatementId, Tally)>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    polls: Vec<Claim>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    poll: StatementId,
    tally: Counted,
}

/// The eleven fields of rule 14, all there: `Tally` itself would let `tie_by` lack.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Counted {
    n: Int,
    present: Int,
    yes: Int,
    no: Int,
    abstain: Int,
    other: Int,
    silent: Int,
    quorum_needed: Int,
    pass_needed: Int,
    #[serde(deserialize_with = "ecabinet_domain::strict::nullable")]
    tie_by: Option<String>,
    result: Verdict,
}

impl Claims {
    /// None unless it is exact: no unknown, missing or repeated key, no poll twice.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Claims> {
        let file: File = serde_json::from_slice(bytes).ok().filter(|_| has_shape(bytes))?;
        let distinct: BTreeSet<_> = file.polls.iter().map(|claim| claim.poll).collect();
        let once = distinct.len() == file.polls.len();
        once.then(|| {
            Claims(file.polls.into_iter().map(|claim| (claim.poll, claim.tally.into_tally())).collect())
        })
    }
}

/// Serde would take an array for an object, and an object for a word.
fn has_shape(bytes: &[u8]) -> bool {
    let Ok(Value::Object(file)) = serde_json::from_slice(bytes) else { return false };
    let polls = file.get("polls").and_then(Value::as_array);
    let is_word =
        |poll: &Value| poll.get("tally").and_then(|tally| tally.get("result")).is_some_and(Value::is_string);
    polls.is_some_and(|polls| polls.iter().all(is_word))
}

impl Counted {
    fn into_tally(self) -> Tally {
        Tally {
            n: self.n.get(),
            present: self.present.get(),
            yes: self.yes.get(),
            no: self.no.get(),
            abstain: self.abstain.get(),
            other: self.other.get(),
            silent: self.silent.get(),
            quorum_needed: self.quorum_needed.get(),
            pass_needed: self.pass_needed.get(),
            tie_by: self.tie_by,
            result: self.result,
        }
    }
}
