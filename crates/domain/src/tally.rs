//! The result of a poll: a pure function of its rules, its close and what was chosen.

use crate::{
    Ballot, Base, Choice, Close, Fate, HandsPayload, Int, MemberId, Opinion, Poll, PositionPayload, Rule,
    SeenHand, Stance, State,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The result of one question. Integers only. `yes + no + abstain + other + silent == n`, where there are no options.
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
    /// Where more than yes counts in favour: how many do.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::present")]
    pub favour: Option<u64>,
    /// How many chose each option.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::present")]
    pub options: Option<Vec<u64>>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::present")]
    pub alternative: Option<u64>,
    /// Options that pass, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::present")]
    pub adopted: Option<Vec<u64>>,
    /// How many of those counted were counted by hand.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::present")]
    pub hands: Option<u64>,
    /// How many of those counted were positions.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::strict::present")]
    pub positions: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Passed,
    Failed,
    /// The quorum was not reached: nothing is decided.
    Inquorate,
}

/// A closed poll, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Question by question.
    pub tallies: Vec<Tally>,
    /// Entries whose payloads lack though the result needs them, ascending: then no tally is to be believed.
    pub missing: Vec<u64>,
}

impl Counted {
    /// None if something that it needs lacks.
    pub fn whole(self) -> Option<Vec<Tally>> {
        self.missing.is_empty().then_some(self.tallies)
    }
}

/// Counts a poll; none while it is open, and if it was recalled. `payload` gives an entry's payload, none where it lacks.
pub fn tally<P: AsRef<[u8]>>(
    poll: &Poll,
    state: &State,
    mut payload: impl FnMut(u64) -> Option<P>,
) -> Option<Counted> {
    let close = poll.close.as_ref()?;
    let mut counts: Vec<Count> = poll.questions.iter().map(Count::new).collect();
    let mut missing = BTreeSet::new();
    for member in &close.members {
        let mut said = None;
        for source in sources(poll, close, state, *member) {
            let Some(bytes) = payload(source.entry()) else {
                missing.insert(source.entry());
                break;
            };
            said = source.read(bytes.as_ref(), poll);
            if said.is_some() {
                break;
            }
        }
        let Some((how, answers)) = said else { continue };
        for (at, (count, answer)) in counts.iter_mut().zip(answers).enumerate() {
            let ties = close.tie_members[at] == Some(*member);
            if let Some(answer) = answer {
                count.add(answer, how, ties);
            }
        }
    }
    let tallies = counts.into_iter().map(|count| count.judge(poll, close)).collect();
    Some(Counted { tallies, missing: missing.into_iter().collect() })
}

/// Where a member's choice may be found.
enum Source<'a> {
    Ballot(&'a Ballot),
    Hand(SeenHand),
    Position(u64),
}

#[derive(Clone, Copy)]
enum How {
    Ballot,
    Hand,
    Position,
}

/// What holds comes first; the next only if that is void.
fn sources<'a>(
    poll: &'a Poll,
    close: &Close,
    state: &State,
    member: MemberId,
) -> impl Iterator<Item = Source<'a>> + use<'a> {
    let ballot = poll.current_of(member).filter(|b| poll.fate(b, state) == Fate::Ok).map(Source::Ballot);
    let hand = close.hands.get(&member).copied().map(Source::Hand);
    let position = close.positions.get(&member).copied().map(Source::Position);
    ballot.into_iter().chain(hand).chain(position)
}

impl Source<'_> {
    fn entry(&self) -> u64 {
        match self {
            Source::Ballot(ballot) => ballot.index,
            Source::Hand(hand) => hand.entry,
            Source::Position(entry) => *entry,
        }
    }

    /// What the payload says to each question; none if it is void.
    fn read(&self, payload: &[u8], poll: &Poll) -> Option<(How, Vec<Option<Opinion>>)> {
        let plain = |choice| {
            let answer = Opinion { choice, options: None, text: None };
            answer.fits(poll.rule()).then_some(vec![Some(answer)])
        };
        match self {
            Source::Ballot(_) => {
                let answers = poll.read(payload)?;
                Some((How::Ballot, answers.into_iter().map(Some).collect()))
            }
            Source::Hand(hand) => {
                let said = HandsPayload::parse(payload, hand.of)?;
                Some((How::Hand, plain(said.choices[hand.place])?))
            }
            Source::Position(_) => {
                let answers = match PositionPayload::parse(payload)?.choice {
                    Stance::Agree => plain(Choice::Yes)?,
                    Stance::Object => plain(Choice::No)?,
                    Stance::Speak => vec![None],
                };
                Some((How::Position, answers))
            }
        }
    }
}

/// The choices of one question, counted.
struct Count<'a> {
    rule: &'a Rule,
    choices: [u64; 6],
    options: Vec<u64>,
    hands: u64,
    positions: u64,
    /// What the holder of the tie-breaking office said.
    tie: Option<Opinion>,
}

impl<'a> Count<'a> {
    fn new(rule: &'a Rule) -> Self {
        let options = vec![0; rule.options.map_or(0, |options| options.count as usize)];
        Count { rule, choices: [0; 6], options, hands: 0, positions: 0, tie: None }
    }

    fn add(&mut self, answer: Opinion, how: How, ties: bool) {
        self.choices[answer.choice as usize] += 1;
        for number in answer.options.iter().flatten() {
            self.options[number.get() as usize - 1] += 1;
        }
        match how {
            How::Ballot => {}
            How::Hand => self.hands += 1,
            How::Position => self.positions += 1,
        }
        if ties {
            self.tie = Some(answer);
        }
    }

    fn judge(mut self, poll: &Poll, close: &Close) -> Tally {
        if let Some(totals) = close.totals {
            let seen = [totals.yes, totals.no, totals.abstain, totals.other].map(Int::get);
            self.choices.iter_mut().zip(seen).for_each(|(count, seen)| *count += seen);
            self.hands += seen.iter().sum::<u64>();
        }
        let (rule, n) = (self.rule, close.members.len() as u64);
        let [yes, no, abstain, other, _, alternative] = self.choices;
        let cast: u64 = self.choices.iter().sum();
        // No more hands than members: the close is not accepted otherwise.
        let silent = n.saturating_sub(cast);
        let present = if poll.form().is_some() { cast } else { close.present };
        let base = match rule.pass.base {
            Base::Members => n,
            Base::Present => present,
            Base::Cast => cast,
        };
        let (quorum_needed, pass_needed) = (rule.quorum_needed(n), rule.pass_needed(base));
        let mut tied = false;
        let mut passes = |count: u64, for_it: &dyn Fn(&Opinion) -> bool| {
            let half = rule.tie.is_some() && base > 0 && count * 2 == base && count < pass_needed;
            tied |= half;
            count >= pass_needed || half && self.tie.as_ref().is_some_and(for_it)
        };
        let favour = self.favour(close.quiet);
        // One objection fails all of it.
        let objected = rule.objection && no > 0;
        let adopted = rule.options.map(|_| {
            let each = self.options.iter().zip(1u64..);
            let passing = each.filter(|(count, number)| {
                passes(**count, &|answer| {
                    answer.options.iter().flatten().any(|chosen| chosen.get() == *number)
                })
            });
            passing.map(|(_, number)| number).filter(|_| !objected).collect::<Vec<_>>()
        });
        let agreed = match &adopted {
            Some(adopted) => !adopted.is_empty(),
            None => passes(favour, &|answer| rule.favours(answer.choice)),
        };
        let passed = agreed && !objected;
        let result = match (present >= quorum_needed, passed) {
            (false, _) => Verdict::Inquorate,
            (true, true) => Verdict::Passed,
            (true, false) => Verdict::Failed,
        };
        let some = |count: u64| (count > 0).then_some(count);
        Tally {
            n,
            present,
            yes,
            no,
            abstain,
            other,
            silent,
            quorum_needed,
            pass_needed,
            tie_by: rule.tie.as_ref().filter(|_| tied).map(|tie| tie.office.clone()),
            result,
            favour: (rule.yes.is_some() || rule.silent).then_some(favour),
            alternative: rule.options.map(|_| alternative),
            adopted,
            hands: some(self.hands),
            positions: some(self.positions),
            options: rule.options.map(|_| self.options),
        }
    }

    fn favour(&self, quiet: u64) -> u64 {
        const ALL: [Choice; 6] =
            [Choice::Yes, Choice::No, Choice::Abstain, Choice::Other, Choice::Option, Choice::Alternative];
        let said = ALL.iter().zip(self.choices).filter(|(choice, _)| self.rule.favours(**choice));
        let said: u64 = said.map(|(_, count)| count).sum();
        said + if self.rule.silent { quiet } else { 0 }
    }
}

impl Close {
    /// Whether the member had a vote at the close.
    pub fn has_vote(&self, member: MemberId) -> bool {
        self.voters.contains(&member)
    }
}
