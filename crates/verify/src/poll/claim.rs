//! `results.json`: what the exporter says the results are.

use crate::ByQuestion;
use ecabinet_domain::strict::present;
use ecabinet_domain::{Int, StatementId, Tally, Verdict};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

pub(crate) struct Claims(pub(crate) Vec<(StatementId, ByQuestion<Tally>)>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    polls: Vec<Claim>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    poll: StatementId,
    /// Of a single question; of a form `tallies` instead.
    #[serde(default, deserialize_with = "present")]
    tally: Option<Counted>,
    #[serde(default, deserialize_with = "present")]
    tallies: Option<Vec<Counted>>,
}

/// The eleven fields of rule 14, all there (`Tally` itself would let `tie_by` lack), and those of level 3.
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
    #[serde(default, deserialize_with = "present")]
    favour: Option<Int>,
    #[serde(default, deserialize_with = "present")]
    options: Option<Vec<Int>>,
    #[serde(default, deserialize_with = "present")]
    alternative: Option<Int>,
    #[serde(default, deserialize_with = "present")]
    adopted: Option<Vec<Int>>,
    #[serde(default, deserialize_with = "present")]
    hands: Option<Int>,
    #[serde(default, deserialize_with = "present")]
    positions: Option<Int>,
}

impl Claims {
    /// None unless it is exact: no unknown, missing or repeated key, no poll twice.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Claims> {
        let file: File = serde_json::from_slice(bytes).ok().filter(|_| has_shape(bytes))?;
        let distinct: BTreeSet<_> = file.polls.iter().map(|claim| claim.poll).collect();
        let once = distinct.len() == file.polls.len();
        let claims = file.polls.into_iter().map(|claim| {
            let said = match (claim.tally, claim.tallies) {
                (Some(tally), None) => ByQuestion::One(tally.into_tally()),
                (None, Some(tallies)) => {
                    ByQuestion::Form { tallies: tallies.into_iter().map(Counted::into_tally).collect() }
                }
                _ => return None,
            };
            Some((claim.poll, said))
        });
        let claims: Option<Vec<_>> = claims.collect();
        claims.filter(|_| once).map(Claims)
    }
}

/// Serde would take an array for an object, and an object for a word.
fn has_shape(bytes: &[u8]) -> bool {
    let Ok(Value::Object(file)) = serde_json::from_slice(bytes) else { return false };
    let polls = file.get("polls").and_then(Value::as_array);
    let is_word = |tally: &Value| tally.get("result").is_some_and(Value::is_string);
    let are_words = |poll: &Value| match (poll.get("tally"), poll.get("tallies").and_then(Value::as_array)) {
        (Some(tally), _) => is_word(tally),
        (None, Some(tallies)) => tallies.iter().all(is_word),
        (None, None) => false,
    };
    polls.is_some_and(|polls| polls.iter().all(are_words))
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
            favour: self.favour.map(Int::get),
            options: self.options.map(numbers),
            alternative: self.alternative.map(Int::get),
            adopted: self.adopted.map(numbers),
            hands: self.hands.map(Int::get),
            positions: self.positions.map(Int::get),
        }
    }
}

fn numbers(list: Vec<Int>) -> Vec<u64> {
    list.into_iter().map(Int::get).collect()
}
