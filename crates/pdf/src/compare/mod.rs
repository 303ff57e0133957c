//! Two versions of a paper: where what was marked in the one is in the other, and what changed between them.
//!
//! Compared is the text as it is read. What stands on every page, how lines and pages break, and how paragraphs are
//! numbered is no change.

mod align;
mod area;
mod changes;
mod flow;
mod place;
mod slide;

use crate::PageText;
use align::{Order, Run};
pub use area::{AreaPlaced, Shift};
pub use changes::{Change, Kind, Piece};
use flow::Flow;
pub use place::{Placed, Span};

/// What became of the text of one version in another.
pub struct Comparison {
    old: Flow,
    new: Flow,
    /// By their place in the old version; no word is in two.
    runs: Vec<Run>,
    /// For each word of the old version its run.
    run_of: Vec<Option<u32>>,
    /// Words of the old version that might as well be others of the new one.
    unsure: Vec<bool>,
    /// Words of the old version that are in no run, and those of the new one.
    gone: Vec<bool>,
    added: Vec<bool>,
}

impl Comparison {
    /// Compares the texts of all pages.
    pub fn new(old: &[PageText], new: &[PageText]) -> Comparison {
        let (old, new) = Flow::of_both(old, new);
        let numbers = |flow: &Flow| flow.tokens.iter().map(|token| token.word).collect::<Vec<_>>();
        let mut runs = align::align(&numbers(&old), &numbers(&new));
        let unsure = slide::settle(&old, &new, &mut runs);
        bind_labels(&old, &new, &mut runs);
        let mut run_of = vec![None; old.tokens.len()];
        let mut added = vec![true; new.tokens.len()];
        for (number, run) in (0u32..).zip(&runs) {
            run_of[run.old..run.old + run.len].fill(Some(number));
            added[run.new..run.new + run.len].fill(false);
        }
        let gone = run_of.iter().map(Option::is_none).collect();
        Comparison { old, new, runs, run_of, unsure, gone, added }
    }

    /// Whether one of the two has no words, as a scan has none: then nothing can be said.
    pub fn is_blind(&self) -> bool {
        self.old.tokens.is_empty() || self.new.tokens.is_empty()
    }

    /// The word of the new version that a word of the old one is, and how it came there.
    fn now(&self, old: usize) -> Option<(usize, Order)> {
        let run = &self.runs[(*self.run_of.get(old)?)? as usize];
        Some((run.new + old - run.old, run.order))
    }
}

/// A number belongs to what it numbers.
fn bind_labels(old: &Flow, new: &Flow, runs: &mut Vec<Run>) {
    for run in runs.iter_mut() {
        run.len -= usize::from(old.is_label(run.old + run.len - 1));
    }
    runs.retain(|run| run.len > 0);
    for run in runs {
        let labels = run.old > 0 && run.new > 0 && old.is_label(run.old - 1) && new.is_label(run.new - 1);
        if labels {
            (run.old, run.new, run.len) = (run.old - 1, run.new - 1, run.len + 1);
        }
    }
}

#[cfg(test)]
mod tests;
