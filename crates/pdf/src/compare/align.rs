//! Which word of one version is which of the other: runs of words that stand once in each are found first, in whatever order
//! they stand; what lies between is compared word by word.

use imara_diff::{Algorithm, Diff, InternedInput};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Words that are the same in both versions, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub old: usize,
    pub new: usize,
    pub len: usize,
    pub order: Order,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// Before and after the same as in the other version.
    Kept,
    /// Elsewhere, and its words stand nowhere else in either version.
    Moved,
    /// Elsewhere, if it is the same: words that were taken out here and put in there.
    Alike,
}

/// Words in a row that identify a place, if they stand once.
const GRAM: usize = 5;
/// Fewer words in a row are not said to have moved.
const MOVED: usize = 10;

/// All runs, by their place in the old version; no word is in two.
pub(super) fn align(old: &[u32], new: &[u32]) -> Vec<Run> {
    let mut taken = Taken { old: vec![false; old.len()], new: vec![false; new.len()] };
    let found = grown(unique(old, new, |_| true, |_| true), old, new);
    let kept = heaviest_chain(&found);
    let mut runs = Vec::new();
    let (mut old_end, mut new_end) = (0, 0);
    for run in &kept {
        // Grown, they may overlap: what the one before has is cut off, so that they stay in order.
        let over = old_end.max(run.old) - run.old;
        let over = over.max(new_end.max(run.new) - run.new);
        if over < run.len {
            let rest = Run { old: run.old + over, new: run.new + over, len: run.len - over, ..*run };
            runs.extend(taken.take(rest, Order::Kept, 1));
            (old_end, new_end) = (rest.old + rest.len, rest.new + rest.len);
        }
    }
    let kept: HashSet<(usize, usize)> = kept.iter().map(|run| (run.old, run.new)).collect();
    let mut elsewhere: Vec<Run> =
        found.into_iter().filter(|run| !kept.contains(&(run.old, run.new))).collect();
    elsewhere.sort_by_key(|run| (usize::MAX - run.len, run.old));
    for run in elsewhere {
        runs.extend(taken.take(run, Order::Moved, MOVED));
    }
    runs.sort_by_key(|run| run.old);
    runs.extend(between(old, new, &runs, &mut taken));
    let free = unique(old, new, |at| !taken.old[at], |at| !taken.new[at]);
    let mut alike = free;
    alike.sort_by_key(|run| (usize::MAX - run.len, run.old));
    for run in alike {
        runs.extend(taken.take(run, Order::Alike, MOVED));
    }
    runs.sort_by_key(|run| run.old);
    runs
}

struct Taken {
    old: Vec<bool>,
    new: Vec<bool>,
}

impl Taken {
    /// The parts of a run that nothing else has, if they are long enough.
    fn take(&mut self, run: Run, order: Order, least: usize) -> Vec<Run> {
        let mut parts = Vec::new();
        let mut at = 0;
        while at < run.len {
            let free = (at..run.len).take_while(|i| !self.old[run.old + i] && !self.new[run.new + i]).count();
            if free >= least {
                parts.push(Run { old: run.old + at, new: run.new + at, len: free, order });
                self.old[run.old + at..][..free].fill(true);
                self.new[run.new + at..][..free].fill(true);
            }
            at += free + 1;
        }
        parts
    }
}

/// Runs of words that stand once in each version, among those that are looked at.
fn unique(
    old: &[u32],
    new: &[u32],
    of_old: impl Fn(usize) -> bool,
    of_new: impl Fn(usize) -> bool,
) -> Vec<Run> {
    let once = |words: &[u32], of: &dyn Fn(usize) -> bool| {
        let mut places: HashMap<[u32; GRAM], Option<usize>> = HashMap::new();
        for (at, gram) in words.windows(GRAM).enumerate() {
            if (at..at + GRAM).all(of) {
                let gram = gram.try_into().expect("so long");
                places.entry(gram).and_modify(|place| *place = None).or_insert(Some(at));
            }
        }
        places
    };
    let (in_old, in_new) = (once(old, &of_old), once(new, &of_new));
    let pairs = in_old.iter().filter_map(|(gram, place)| Some(((*place)?, in_new.get(gram).copied()??)));
    let mut pairs: Vec<(usize, usize)> = pairs.collect();
    pairs.sort_unstable();
    let mut runs: Vec<Run> = Vec::new();
    for (old, new) in pairs {
        match runs.last_mut() {
            // Overlaps the last one or touches it, on the same line.
            Some(run) if run.old + new == run.new + old && old <= run.old + run.len => {
                run.len = old + GRAM - run.old;
            }
            _ => runs.push(Run { old, new, len: GRAM, order: Order::Kept }),
        }
    }
    runs
}

/// Runs made as long as the words agree; those that become one are one.
fn grown(runs: Vec<Run>, old: &[u32], new: &[u32]) -> Vec<Run> {
    let mut grown: Vec<Run> = Vec::new();
    for mut run in runs {
        if let Some(last) = grown.last()
            && last.old + run.new == last.new + run.old
            && run.old < last.old + last.len
        {
            continue;
        }
        while run.old > 0 && run.new > 0 && old[run.old - 1] == new[run.new - 1] {
            (run.old, run.new, run.len) = (run.old - 1, run.new - 1, run.len + 1);
        }
        let more = old[run.old + run.len..].iter().zip(&new[run.new + run.len..]);
        run.len += more.take_while(|(old, new)| old == new).count();
        grown.push(run);
    }
    grown
}

/// The runs in the same order in both versions that hold the most words.
fn heaviest_chain(runs: &[Run]) -> Vec<Run> {
    // By their beginnings in the new version, the best chain that ends there: kept as a staircase.
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by_key(|at| (runs[*at].old, runs[*at].new));
    let mut best: Vec<(usize, Option<usize>)> = vec![(0, None); runs.len()];
    let mut stairs: std::collections::BTreeMap<usize, usize> = std::collections::BTreeMap::new();
    for at in order {
        let run = runs[at];
        let before = stairs.range(..run.new).next_back().map(|(_, before)| *before);
        let weight = run.len + before.map_or(0, |before| best[before].0);
        best[at] = (weight, before);
        let worse: Vec<usize> = stairs
            .range(run.new..)
            .take_while(|(_, other)| best[**other].0 <= weight)
            .map(|(new, _)| *new)
            .collect();
        for new in worse {
            stairs.remove(&new);
        }
        if stairs.range(..=run.new).next_back().is_none_or(|(_, other)| best[*other].0 < weight) {
            stairs.insert(run.new, at);
        }
    }
    let mut chain = Vec::new();
    let mut at = stairs.last_key_value().map(|(_, at)| *at);
    while let Some(here) = at {
        chain.push(runs[here]);
        at = best[here].1;
    }
    chain.reverse();
    chain
}

/// What is the same between kept runs that follow each other.
fn between(old: &[u32], new: &[u32], runs: &[Run], taken: &mut Taken) -> Vec<Run> {
    let mut found = Vec::new();
    let (mut from_old, mut from_new) = (0, 0);
    let kept = runs.iter().filter(|run| run.order == Order::Kept).map(|run| (run.old, run.new, run.len));
    for (to_old, to_new, len) in kept.chain([(old.len(), new.len(), 0)]) {
        if from_old < to_old && from_new < to_new {
            let free_old: Vec<usize> = (from_old..to_old).filter(|at| !taken.old[*at]).collect();
            let free_new: Vec<usize> = (from_new..to_new).filter(|at| !taken.new[*at]).collect();
            for run in word_by_word(old, new, &free_old, &free_new) {
                found.extend(taken.take(run, Order::Kept, 1));
            }
        }
        (from_old, from_new) = (to_old + len, to_new + len);
    }
    found
}

fn word_by_word(old: &[u32], new: &[u32], free_old: &[usize], free_new: &[usize]) -> Vec<Run> {
    let mut input: InternedInput<u32> = InternedInput::default();
    input.update_before(free_old.iter().map(|at| old[*at]));
    input.update_after(free_new.iter().map(|at| new[*at]));
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let mut runs: Vec<Run> = Vec::new();
    let (mut o, mut n) = (0, 0);
    let mut same = |o: Range<usize>, n: usize| {
        for (o, n) in o.clone().zip(n..) {
            let (old, new) = (free_old[o], free_new[n]);
            match runs.last_mut() {
                Some(run) if run.old + run.len == old && run.new + run.len == new => run.len += 1,
                _ => runs.push(Run { old, new, len: 1, order: Order::Kept }),
            }
        }
    };
    for hunk in diff.hunks() {
        same(o..hunk.before.start as usize, n);
        (o, n) = (hunk.before.end as usize, hunk.after.end as usize);
    }
    same(o..free_old.len(), n);
    runs
}
