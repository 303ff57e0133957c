use super::align::Order;
use super::flow::Flow;
use super::{Comparison, flow::Token};
use std::collections::HashSet;
use std::ops::Range;

/// Characters of one page's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub page: u32,
    pub start: u32,
    pub end: u32,
}

/// Where words of the old version are in the new one. There is no fourth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placed {
    /// The same words in the same place of the text: one span a page.
    Same(Vec<Span>),
    /// Most of the words, but not all, or in other surroundings.
    Changed(Vec<Span>),
    /// Gone, or in no place that is sure. What stood before it ends here now, if that is known.
    Gone(Option<Span>),
}

/// How many words before and after are looked at.
const AROUND: usize = 8;
/// How many of them must have stayed with a mark.
const ENOUGH: usize = 5;
/// How many words on either side make a mark's words its own.
const NEXT: usize = 3;
/// How many words away a double is looked for.
const NEAR: usize = 200;

impl Comparison {
    /// Places characters of a page of the old version.
    pub fn place(&self, page: u32, chars: Range<u32>) -> Placed {
        let of_all_pages =
            self.old.furniture.iter().any(|line| {
                (line.page, line.start < chars.end, line.end > chars.start) == (page, true, true)
            });
        let words = self.old.within(page, chars);
        let now: Vec<Option<(usize, Order)>> = words.clone().map(|at| self.now(at)).collect();
        let (Some(first), Some(last)) = (now.iter().flatten().next(), now.iter().flatten().last()) else {
            return Placed::Gone(self.end_of_before(words.start));
        };
        let together = now.windows(2).all(|pair| match (pair[0], pair[1]) {
            (Some((a, _)), Some((b, _))) => b == a + 1,
            _ => false,
        });
        let whole = together && now[0].is_some() && !of_all_pages;
        let sure = || {
            first.1 != Order::Alike
                && !words.clone().any(|at| self.unsure[at])
                && (self.is_enclosed(&words) || !self.has_a_double(&words, *first))
                && self.has_stayed(&words, first.0)
        };
        if whole && sure() {
            return Placed::Same(self.new.spans(first.0..last.0 + 1));
        }
        self.changed(&words, &now)
    }

    /// Whether enough of the words around stand around the new place too. Three words or more that stand once in both
    /// versions need no witness.
    fn has_stayed(&self, words: &Range<usize>, new: usize) -> bool {
        let before = (1..=AROUND).filter(|by| match (words.start.checked_sub(*by), new.checked_sub(*by)) {
            (Some(old), Some(_)) => self.now(old).is_some_and(|(at, _)| at < new && new - at <= *by + 2),
            (None, None) => true,
            _ => false,
        });
        let end = new + words.len();
        let after = (0..AROUND).filter(|by| match (words.end + by, end + by) {
            (old, at) if old < self.old.tokens.len() && at < self.new.tokens.len() => {
                self.now(old).is_some_and(|(at, _)| at >= end && at - end <= by + 2)
            }
            (old, at) => old >= self.old.tokens.len() && at >= self.new.tokens.len(),
        });
        let (before, after) = (before.count(), after.count());
        before + after >= ENOUGH || self.identifies(words)
    }

    /// Whether the whole paragraphs and the words before and after them are in one run.
    fn is_enclosed(&self, words: &Range<usize>) -> bool {
        let Some(run) = self.run_of[words.start].map(|run| self.runs[run as usize]) else { return false };
        let paragraphs = &self.old.paragraphs;
        let first = &paragraphs[paragraphs.partition_point(|paragraph| paragraph.end <= words.start)];
        let last = &paragraphs[paragraphs.partition_point(|paragraph| paragraph.end < words.end)];
        let (old_end, new_end) = (run.old + run.len, run.new + run.len);
        let begins = run.old + AROUND <= first.start || run.old == 0 && run.new == 0;
        let ends = old_end >= last.end + AROUND
            || old_end == self.old.tokens.len() && new_end == self.new.tokens.len();
        begins && ends
    }

    /// Whether, of one paragraph, half of the words stand a second time nearby, in what was put in or taken out: either
    /// may be the old one.
    fn has_a_double(&self, words: &Range<usize>, (new, order): (usize, Order)) -> bool {
        let near = if order == Order::Kept { NEAR } else { usize::MAX };
        let first = self.old.paragraphs.partition_point(|paragraph| paragraph.end <= words.start);
        let touched = self.old.paragraphs[first..].iter().take_while(|paragraph| paragraph.start < words.end);
        touched.into_iter().any(|paragraph| {
            let start = words.start.max(paragraph.start);
            let from = start.saturating_sub(NEXT).max(paragraph.start);
            let to = (words.end + NEXT).min(paragraph.end);
            let length = (to - from).min(1 + 2 * NEXT);
            let grams: HashSet<Vec<u32>> = self.old.tokens[from..to].windows(length).map(numbers).collect();
            let double = |tokens: &[Token], free: &[bool], at: usize| {
                let end = (at + to - from).saturating_add(near).min(tokens.len());
                let near = at.saturating_sub(near).min(end)..end;
                let windows = tokens[near.clone()].windows(length).zip(free[near].windows(length));
                let free = windows.filter(|(_, free)| 2 * free.iter().filter(|free| **free).count() > length);
                let doubles: HashSet<Vec<u32>> =
                    free.map(|(gram, _)| numbers(gram)).filter(|gram| grams.contains(gram)).collect();
                !doubles.is_empty() && 2 * doubles.len() >= grams.len()
            };
            double(&self.old.tokens, &self.gone, start)
                || double(&self.new.tokens, &self.added, new + start - words.start)
        })
    }

    /// Whether the words stand once in each version.
    fn identifies(&self, words: &Range<usize>) -> bool {
        let sought = numbers(&self.old.tokens[words.clone()]);
        let once = |flow: &Flow| {
            let all = numbers(&flow.tokens);
            all.windows(sought.len()).filter(|window| *window == sought).take(2).count() == 1
        };
        sought.len() >= 3 && once(&self.old) && once(&self.new)
    }

    /// The densest place where half of the words or more are.
    fn changed(&self, words: &Range<usize>, now: &[Option<(usize, Order)>]) -> Placed {
        let mut places: Vec<usize> = now.iter().flatten().map(|(at, _)| *at).collect();
        places.sort_unstable();
        let widest = 2 * words.len() + 4;
        let mut best = 0..0;
        for from in 0..places.len() {
            let count = places[from..].iter().take_while(|at| **at < places[from] + widest).count();
            if count > best.len() {
                best = from..from + count;
            }
        }
        if 2 * best.len() >= words.len() {
            return Placed::Changed(self.new.spans(places[best.start]..places[best.end - 1] + 1));
        }
        Placed::Gone(self.end_of_before(words.start))
    }

    fn end_of_before(&self, word: usize) -> Option<Span> {
        let (at, _) = (0..word).rev().take(200).find_map(|before| self.now(before))?;
        let Token { page, end, .. } = self.new.tokens[at];
        Some(Span { page, start: end, end })
    }
}

fn numbers(tokens: &[Token]) -> Vec<u32> {
    tokens.iter().map(|token| token.word).collect()
}

impl Flow {
    /// The words that characters of a page touch.
    fn within(&self, page: u32, chars: Range<u32>) -> Range<usize> {
        let start = self.tokens.partition_point(|token| (token.page, token.end) <= (page, chars.start));
        let end = self.tokens.partition_point(|token| (token.page, token.start) < (page, chars.end));
        start..end.max(start)
    }

    /// Where words stand: one span a page.
    pub(super) fn spans(&self, words: Range<usize>) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        for token in &self.tokens[words] {
            match spans.last_mut() {
                Some(span) if span.page == token.page => span.end = token.end,
                _ => spans.push(Span { page: token.page, start: token.start, end: token.end }),
            }
        }
        spans
    }
}
