use super::align::Order;
use super::{Comparison, Span};
use std::collections::HashMap;
use std::ops::Range;

/// A paragraph that is not as it was. Each word that is in one version only is in some change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub kind: Kind,
    /// In the old version; none for what was added.
    pub old: Vec<Span>,
    /// In the new version; for what was removed, where it would stand, if that is known.
    pub new: Vec<Span>,
    /// The paragraph's words in the order of reading, those of both versions; empty for what was added or removed whole.
    pub pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Added,
    Removed,
    Reworded,
    /// Elsewhere than before, and perhaps with other words.
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

/// Words of the old version that are gone, by the word of the new version that they stood before or after.
#[derive(Default)]
struct Gone {
    before: HashMap<usize, Range<usize>>,
    after: HashMap<usize, Range<usize>>,
}

/// A change, and where it stands among the others.
type Found = ((usize, usize), Change);

impl Comparison {
    /// What changed, paragraph by paragraph, in the order of the new version.
    pub fn changes(&self) -> Vec<Change> {
        let mut from: Vec<Option<(usize, Order)>> = vec![None; self.new.tokens.len()];
        for run in &self.runs {
            (0..run.len).for_each(|by| from[run.new + by] = Some((run.old + by, run.order)));
        }
        let (gone, mut found) = self.gone_words();
        for paragraph in &self.new.paragraphs {
            if let Some(change) = self.changed_paragraph(paragraph, &from, &gone) {
                found.push(((paragraph.start, 1), change));
            }
        }
        found.sort_by_key(|(place, _)| *place);
        found.into_iter().map(|(_, change)| change).collect()
    }

    /// Paragraphs that were taken out, by where they would stand; and what was taken out of those that stayed.
    fn gone_words(&self) -> (Gone, Vec<Found>) {
        let (mut gone, mut removed, mut last) = (Gone::default(), Vec::new(), None);
        for paragraph in &self.old.paragraphs {
            let before = last;
            let now: Vec<Option<usize>> =
                paragraph.clone().map(|at| self.now(at).map(|(at, _)| at)).collect();
            let stayed = now.iter().flatten().count();
            last = now.iter().flatten().last().copied().or(last);
            if 3 * stayed < paragraph.len() {
                let place = before.map(|at| self.new.spans(at..at + 1)).unwrap_or_default();
                let new = place.into_iter().map(|span| Span { start: span.end, ..span }).collect();
                let old = self.old.spans(paragraph.clone());
                let change = Change { kind: Kind::Removed, old, new, pieces: Vec::new() };
                removed.push(((before.map_or(0, |at| at + 1), 0), change));
                continue;
            }
            let mut at = 0;
            while at < now.len() {
                let length = now[at..].iter().take_while(|now| now.is_none()).count();
                let range = paragraph.start + at..paragraph.start + at + length;
                // A number goes with what it numbers.
                let counts = range.clone().any(|word| !self.old.is_label(word));
                match (
                    at.checked_sub(1).and_then(|before| now[before]),
                    now.get(at + length).copied().flatten(),
                ) {
                    _ if !counts => {}
                    (Some(before), _) => drop(gone.after.insert(before, range)),
                    (None, Some(after)) => drop(gone.before.insert(after, range)),
                    (None, None) => {}
                }
                at += length + 1;
            }
        }
        (gone, removed)
    }

    fn changed_paragraph(
        &self,
        new: &Range<usize>,
        from: &[Option<(usize, Order)>],
        gone: &Gone,
    ) -> Option<Change> {
        let came: Vec<(usize, Order)> = new.clone().filter_map(|at| from[at]).collect();
        let lost = new.clone().any(|at| gone.before.contains_key(&at) || gone.after.contains_key(&at));
        let added = new.clone().any(|at| from[at].is_none() && !self.new.is_label(at));
        let moved = came.iter().filter(|(_, order)| *order != Order::Kept).count();
        let spans = self.new.spans(new.clone());
        if 3 * came.len() < new.len() && added && !lost {
            return Some(Change { kind: Kind::Added, old: Vec::new(), new: spans, pieces: Vec::new() });
        }
        if !added && !lost && moved == 0 {
            return None;
        }
        let kind = if 2 * moved > new.len() { Kind::Moved } else { Kind::Reworded };
        let old = came.iter().map(|(old, _)| *old);
        let old = old.clone().min().zip(old.max()).map(|(first, last)| self.old.spans(first..last + 1));
        let pieces = self.pieces(new, from, gone);
        Some(Change { kind, old: old.unwrap_or_default(), new: spans, pieces })
    }

    fn pieces(&self, new: &Range<usize>, from: &[Option<(usize, Order)>], gone: &Gone) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut at = new.start;
        let push_gone = |pieces: &mut Vec<Piece>, range: Option<&Range<usize>>| {
            pieces.extend(range.map(|range| Piece::Removed(self.old.spans(range.clone()))));
        };
        while at < new.end {
            let start = at;
            push_gone(&mut pieces, gone.before.get(&at));
            let kept = from[at].is_some();
            loop {
                at += 1;
                let breaks = gone.after.contains_key(&(at - 1)) || gone.before.contains_key(&at);
                if at == new.end || from[at].is_some() != kept || breaks {
                    break;
                }
            }
            let spans = self.new.spans(start..at);
            pieces.push(if kept { Piece::Kept(spans) } else { Piece::Added(spans) });
            push_gone(&mut pieces, gone.after.get(&(at - 1)));
        }
        // What was taken out stands before what was put in for it.
        for at in 1..pieces.len() {
            if matches!((&pieces[at - 1], &pieces[at]), (Piece::Added(_), Piece::Removed(_))) {
                pieces.swap(at - 1, at);
            }
        }
        pieces
    }
}
