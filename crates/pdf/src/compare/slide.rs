//! What was put in beside its like, or taken out from beside it, might have been put a few words earlier or later: "a b" in
//! "a b a b". It is told where a sentence or a paragraph begins; if all of it might be its neighbour, nobody can tell which of
//! the two is the old one.

use super::align::{Order, Run};
use super::flow::{Flow, Token};

/// Moves the ends of runs to where a writer would have put them. For each word of the old version, whether it might as well
/// be another one of the new version.
pub(super) fn settle(old: &Flow, new: &Flow, runs: &mut [Run]) -> Vec<bool> {
    let mut unsure = vec![false; old.tokens.len()];
    let kept: Vec<usize> = (0..runs.len()).filter(|at| runs[*at].order == Order::Kept).collect();
    for pair in kept.windows(2) {
        let (before, after) = (runs[pair[0]], runs[pair[1]]);
        let (old_end, new_end) = (before.old + before.len, before.new + before.len);
        let (flow, from, to) = match (after.old - old_end, after.new - new_end) {
            (0, 0) => continue,
            (0, _) => (new, new_end, after.new),
            (_, 0) => (old, old_end, after.old),
            _ => continue,
        };
        let same = |(a, b): &(&Token, &Token)| a.word == b.word;
        let (words, longest) = (&flow.tokens, (before.len - 1, after.len - 1));
        let down = words[from..].iter().zip(&words[to..]).take(longest.1).take_while(same).count();
        let up =
            words[..from].iter().rev().zip(words[..to].iter().rev()).take(longest.0).take_while(same).count();
        if up + down >= to - from {
            unsure[after.old..after.old + down].fill(true);
            unsure[old_end - up..old_end].fill(true);
            continue;
        }
        let best = (from - up..=from + down).max_by_key(|at| (flow.begins(*at), *at == from)).unwrap_or(from);
        let (longer, shorter) = (best.saturating_sub(from), from.saturating_sub(best));
        runs[pair[0]].len = before.len + longer - shorter;
        let after = &mut runs[pair[1]];
        (after.old, after.new) = (after.old + longer - shorter, after.new + longer - shorter);
        after.len = after.len + shorter - longer;
    }
    unsure
}

impl Flow {
    /// 2 where a paragraph begins, 1 where a sentence does.
    fn begins(&self, at: usize) -> u8 {
        match at.checked_sub(1) {
            None => 2,
            Some(_) if self.paragraphs.binary_search_by_key(&at, |paragraph| paragraph.start).is_ok() => 2,
            Some(before) => u8::from(self.tokens[before].stops),
        }
    }
}
