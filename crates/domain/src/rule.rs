//! The rule of a question: data of the body, set when it is asked, never hard-coded as law.

use crate::strict::{Int, only_true, present};
use crate::{Audience, Choice, Refusal};
use serde::{Deserialize, Serialize};

/// How a question is decided. What is named of level 3 is left out in a body below it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What may be chosen: distinct, `yes` or `option` among them.
    pub choices: Vec<Choice>,
    /// Members that must be present, as a share of all members, rounded up; left out where none is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub quorum: Option<Fraction>,
    pub pass: PassRule,
    /// Whose own ballot decides when exactly half of the base said yes; left out: such a poll fails.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub tie: Option<Tie>,
    /// When the poll is meant to close, in ms since 1970: shown only, unless `hard`; a poll is closed by `poll.close`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub closes: Option<Int>,
    /// Options to choose from instead of yes and no.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub options: Option<Options>,
    /// Choices that count in favour; left out: yes alone.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub yes: Option<Vec<Choice>>,
    /// A silence procedure: whoever says nothing at all is in favour.
    #[serde(default, skip_serializing_if = "is_not", deserialize_with = "only_true")]
    pub silent: bool,
    /// A single no fails it.
    #[serde(default, skip_serializing_if = "is_not", deserialize_with = "only_true")]
    pub objection: bool,
    /// What comes at `closes` or later does not count.
    #[serde(default, skip_serializing_if = "is_not", deserialize_with = "only_true")]
    pub hard: bool,
    /// An approved substitute is present and votes.
    #[serde(default, skip_serializing_if = "is_not", deserialize_with = "only_true")]
    pub substitutes: bool,
    /// Only those in the room are present, and only their ballots count.
    #[serde(default, skip_serializing_if = "is_not", deserialize_with = "only_true")]
    pub room: bool,
    /// A position stands for a ballot.
    #[serde(default, skip_serializing_if = "is_not", deserialize_with = "only_true")]
    pub positions: bool,
    /// The count may be shown before the close.
    #[serde(default, skip_serializing_if = "is_not", deserialize_with = "only_true")]
    pub running: bool,
    /// Who may see ballots.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub see: Option<Vec<Audience>>,
}

fn is_not(value: &bool) -> bool {
    !*value
}

/// How many options there are, and how many one may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    pub count: u32,
    pub most: u32,
}

/// The share of a base that must say yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PassRule {
    pub base: Base,
    pub num: u32,
    pub den: u32,
    /// More than the share (true), or at least the share (false).
    pub strict: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fraction {
    pub num: u32,
    pub den: u32,
}

/// Of whom a share is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Base {
    /// All members in office at the close.
    Members,
    /// Those present, in the room or remotely.
    Present,
    /// Those whose ballot counts.
    Cast,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tie {
    pub office: String,
}

impl Rule {
    /// A plain rule of level 1: nothing else is asked for.
    pub fn plain(choices: Vec<Choice>, pass: PassRule) -> Rule {
        Rule {
            choices,
            quorum: None,
            pass,
            tie: None,
            closes: None,
            options: None,
            yes: None,
            silent: false,
            objection: false,
            hard: false,
            substitutes: false,
            room: false,
            positions: false,
            running: false,
            see: None,
        }
    }

    /// The lowest level of a body in which such a rule may stand.
    pub fn level(&self) -> u64 {
        let choices = self.choices.iter().any(|choice| choice.is_of_options());
        let flags = self.silent || self.objection || self.hard || self.substitutes || self.room;
        let more = flags || self.positions || self.running || self.see.is_some();
        if choices || more || self.options.is_some() || self.yes.is_some() { 3 } else { 1 }
    }

    /// Whether a choice counts in favour of what is asked.
    pub fn favours(&self, choice: Choice) -> bool {
        self.yes.as_ref().map_or(choice == Choice::Yes, |yes| yes.contains(&choice))
    }

    /// Whether the rule can decide a question at all.
    pub fn check(&self) -> Result<(), Refusal> {
        let has = |choice| self.choices.contains(&choice);
        let distinct = |choices: &[Choice]| {
            choices.iter().enumerate().all(|(at, choice)| !choices[..at].contains(choice))
        };
        if !distinct(&self.choices) || self.choices.len() < 2 || has(Choice::Yes) == has(Choice::Option) {
            return Err(Refusal::new("rule.choices"));
        }
        let some = |options: &Options| (1..=options.count).contains(&options.most) && options.count <= 20;
        if has(Choice::Option) != self.options.as_ref().is_some_and(some)
            || (has(Choice::Alternative) || self.options.is_some()) && !has(Choice::Option)
        {
            return Err(Refusal::new("rule.choices"));
        }
        let may =
            |choice: &Choice| has(*choice) && matches!(choice, Choice::Yes | Choice::Abstain | Choice::Other);
        let sound = |yes: &Vec<Choice>| distinct(yes) && yes.contains(&Choice::Yes) && yes.iter().all(may);
        if !self.yes.as_ref().is_none_or(sound) {
            return Err(Refusal::new("rule.choices"));
        }
        let share = |num: u32, den: u32| num > 0 && num <= den && den <= 1000;
        if !share(self.pass.num, self.pass.den) || self.quorum.is_some_and(|q| !share(q.num, q.den)) {
            return Err(Refusal::new("rule.share"));
        }
        if self.pass.strict && self.pass.num == self.pass.den {
            return Err(Refusal::new("rule.share"));
        }
        // Against two thirds, half of the votes and one man's yes must not pass.
        let half = self.pass.num * 2 == self.pass.den;
        if self.tie.as_ref().is_some_and(|tie| !half || !crate::member::is_office(&tie.office)) {
            return Err(Refusal::new("rule.tie"));
        }
        let yes_and_no = self.options.is_none();
        // Silence is a share of all members, or of nothing.
        let of_all = self.pass.base == Base::Members;
        let silence = self.silent && !(yes_and_no && of_all);
        if silence || self.positions && !yes_and_no || self.objection && !has(Choice::No) {
            return Err(Refusal::new("rule.silent"));
        }
        if self.hard && self.closes.is_none() {
            return Err(Refusal::new("rule.hard"));
        }
        if self.see.as_ref().is_some_and(|see| !(1..=64).contains(&see.len())) {
            return Err(Refusal::new("rule.see"));
        }
        Ok(())
    }

    /// How many of `members` must be present.
    pub fn quorum_needed(&self, members: u64) -> u64 {
        self.quorum.map_or(0, |q| (members * u64::from(q.num)).div_ceil(q.den.into()))
    }

    /// How many of `base` must say yes: somebody always must.
    pub fn pass_needed(&self, base: u64) -> u64 {
        let (product, den) = (base * u64::from(self.pass.num), u64::from(self.pass.den));
        if self.pass.strict { product / den + 1 } else { product.div_ceil(den).max(1) }
    }
}
