use super::align::Order;
use super::{Comparison, Span};
use std::ops::Range;

/// A paragraph that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub kind: Kind,
    /// In the old version; none for what was added.
    pub old: Vec<Span>,
    /// In the new version; for what was removed, where it would stand, if that is known.
    pub new: Vec<Span>,
    /// The paragraph's words in the order of reading, those of both versions; empty unless `Reworded`.
    pub pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Added,
    Removed,
    Reworded,
    Moved,
}

/// Words of a paragraph that were there before, or were put in, or taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Kept(Vec<Span>),
    /// In the new version.
    Added(Vec<Span>),
    /// In the old version.
    Removed(Vec<Span>),
}

impl Comparison {
    /// What changed, paragraph by paragraph, in the order of the new version.
    pub fn changes(&self) -> Vec<Change> {
        let mut from: Vec<Option<(usize, Order)>> = vec![None; self.new.tokens.len()];
        for run in &self.runs {
            (0..run.len).for_each(|by| from[run.new + by] = Some((run.old + by, run.order)));
        }
        let mut found: Vec<((usize, usize), Change)> = Vec::new();
        for paragraph in &self.new.paragraphs {
            if let Some(change) = self.changed_paragraph(paragraph, &from) {
                found.push(((paragraph.start, 1), change));
            }
        }
        for paragraph in &self.old.paragraphs {
            let stayed = paragraph.clone().filter(|at| self.now(*at).is_some()).count();
            if 3 * stayed >= paragraph.len() {
                continue;
            }
            let before = (0..paragraph.start).rev().find_map(|at| self.now(at)).map(|(at, _)| at);
            let new = before.map(|at| self.new.spans(at..at + 1)).unwrap_or_default();
            let new = new.into_iter().map(|span| Span { start: span.end, ..span }).collect();
            let old = self.old.spans(paragraph.clone());
            let change = Change { kind: Kind::Removed, old, new, pieces: Vec::new() };
            found.push(((before.map_or(0, |at| at + 1), 0), change));
        }
        found.sort_by_key(|(place, _)| *place);
        found.into_iter().map(|(_, change)| change).collect()
    }

    fn changed_paragraph(&self, new: &Range<usize>, from: &[Option<(usize, Order)>]) -> Option<Change> {
        let came: Vec<usize> = new.clone().filter_map(|at| from[at]).map(|(old, _)| old).collect();
        let spans = self.new.spans(new.clone());
        if 3 * came.len() < new.len() {
            return Some(Change { kind: Kind::Added, old: Vec::new(), new: spans, pieces: Vec::new() });
        }
        let moved = new.clone().filter(|at| from[*at].is_some_and(|(_, order)| order != Order::Kept)).count();
        let old = *came.iter().min()?..*came.iter().max()? + 1;
        let whole = came.len() == new.len() && came.windows(2).all(|pair| pair[1] == pair[0] + 1);
        if 2 * moved > new.len() {
            return Some(Change {
                kind: Kind::Moved,
                old: self.old.spans(old),
                new: spans,
                pieces: Vec::new(),
            });
        }
        if whole {
            return None;
        }
        let pieces = self.pieces(new, from);
        let old = self.old.spans(old);
        Some(Change { kind: Kind::Reworded, old, new: spans, pieces })
    }

    fn pieces(&self, new: &Range<usize>, from: &[Option<(usize, Order)>]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let first = new.clone().find_map(|at| from[at]).map_or(0, |(old, _)| old);
        let paragraphs = &self.old.paragraphs;
        // The next word of the old version, from the beginning of the paragraph there.
        let mut next = paragraphs[paragraphs.partition_point(|paragraph| paragraph.end <= first)].start;
        let mut at = new.start;
        while at < new.end {
            let start = at;
            if let Some((old, _)) = from[at] {
                self.removed(next..old, &mut pieces);
                next = old;
                while at < new.end && from[at].is_some_and(|(from, _)| from == next) {
                    (at, next) = (at + 1, next + 1);
                }
                pieces.push(Piece::Kept(self.new.spans(start..at)));
            } else {
                while at < new.end && from[at].is_none() {
                    at += 1;
                }
                pieces.push(Piece::Added(self.new.spans(start..at)));
            }
        }
        let last = &paragraphs[paragraphs.partition_point(|paragraph| paragraph.end < next)];
        self.removed(next..last.end, &mut pieces);
        // What was taken out stands before what was put in for it.
        for at in 1..pieces.len() {
            if matches!((&pieces[at - 1], &pieces[at]), (Piece::Added(_), Piece::Removed(_))) {
                pieces.swap(at - 1, at);
            }
        }
        pieces
    }

    /// The words of a stretch of the old version that are nowhere now.
    fn removed(&self, old: Range<usize>, pieces: &mut Vec<Piece>) {
        let mut gone = old.filter(|at| self.now(*at).is_none());
        if let Some(first) = gone.next() {
            let last = gone.next_back().unwrap_or(first);
            pieces.push(Piece::Removed(self.old.spans(first..last + 1)));
        }
    }
}
