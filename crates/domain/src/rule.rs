//! The rule of a poll: data of the body, set when the poll opens, never hard-coded as law.

use crate::strict::{Int, present};
use crate::{Choice, Refusal};
use serde::{Deserialize, Serialize};

/// How a poll is decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What may be chosen: distinct, `yes` among them.
    pub choices: Vec<Choice>,
    /// Members that must be present, as a share of all members, rounded up; left out where none is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub quorum: Option<Fraction>,
    pub pass: PassRule,
    /// Whose own ballot decides when exactly half of the base said yes; left out: such a poll fails.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub tie: Option<Tie>,
    /// When the poll is meant to close, in ms since 1970: shown only; a poll is closed by `poll.close`.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub closes: Option<Int>,
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
    /// Whether the rule can decide a poll at all.
    pub fn check(&self) -> Result<(), Refusal> {
        let mut seen = Vec::new();
        for choice in &self.choices {
            if seen.contains(choice) {
                return Err(Refusal::new("rule.choices"));
            }
            seen.push(*choice);
        }
        if !seen.contains(&Choice::Yes) || seen.len() < 2 {
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
