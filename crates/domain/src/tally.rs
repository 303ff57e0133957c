//! The result of a poll: a pure function of its rule, its close and the choices of the ballots that count.

use crate::{Ballot, Base, Choice, Close, Fate, MemberId, Poll, State};
use serde::{Deserialize, Serialize};

/// Integers only. `yes + no + abstain + other + silent == n`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Members in office with a vote when the poll closed.
    pub n: u64,
    pub present: u64,
    pub yes: u64,
    pub no: u64,
    pub abstain: u64,
    pub other: u64,
    /// Members without a ballot that counts.
    pub silent: u64,
    pub quorum_needed: u64,
    pub pass_needed: u64,
    /// The office whose own ballot decided, if it came to that.
    pub tie_by: Option<String>,
    pub result: Verdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Passed,
    Failed,
    /// The quorum was not reached: nothing is decided.
    Inquorate,
}

/// Counts a closed poll; none while it is open. `choice` gives what a counting ballot's payload says; a ballot whose
/// payload is void is silent.
pub fn tally(poll: &Poll, state: &State, mut choice: impl FnMut(&Ballot) -> Option<Choice>) -> Option<Tally> {
    let close = poll.close.as_ref()?;
    let mut counts = [0u64; 4];
    let mut tie_vote = None;
    for member in &close.members {
        let Some(ballot) = poll.current_of(*member).filter(|b| poll.fate(b, state) == Fate::Ok) else {
            continue;
        };
        let Some(choice) = choice(ballot) else { continue };
        counts[choice as usize] += 1;
        if close.tie_member == Some(*member) {
            tie_vote = Some(choice);
        }
    }
    Some(judge(poll, close, counts, tie_vote))
}

fn judge(poll: &Poll, close: &Close, [yes, no, abstain, other]: [u64; 4], tie_vote: Option<Choice>) -> Tally {
    let (rule, n) = (&poll.rule, close.members.len() as u64);
    let cast = yes + no + abstain + other;
    let base = match rule.pass.base {
        Base::Members => n,
        Base::Present => close.present,
        Base::Cast => cast,
    };
    let (quorum_needed, pass_needed) = (rule.quorum_needed(n), rule.pass_needed(base));
    let tied = base > 0 && yes * 2 == base && yes < pass_needed;
    let tie_by = rule.tie.as_ref().filter(|_| tied).map(|tie| tie.office.clone());
    let passed = yes >= pass_needed || (tie_by.is_some() && tie_vote == Some(Choice::Yes));
    let result = match (close.present >= quorum_needed, passed) {
        (false, _) => Verdict::Inquorate,
        (true, true) => Verdict::Passed,
        (true, false) => Verdict::Failed,
    };
    let silent = n - cast;
    Tally {
        n,
        present: close.present,
        yes,
        no,
        abstain,
        other,
        silent,
        quorum_needed,
        pass_needed,
        tie_by,
        result,
    }
}

impl Close {
    /// Whether the member had a vote at the close.
    pub fn has_vote(&self, member: MemberId) -> bool {
        self.voters.contains(&member)
    }
}
