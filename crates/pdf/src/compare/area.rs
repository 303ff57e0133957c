//! What lies on a place of a page and not on words, as ink and pinned notes do, goes where the words go that it lies on and
//! beside, if these have stayed together as they were.

use super::{Comparison, Placed, Span};
use crate::layout::Line;
use crate::{PageText, Rect, Word};
use std::ops::{Deref, Range};

/// Where an area of the old version is in the new one. There is no fourth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum AreaPlaced {
    /// All that it lies on and beside is the same and lies as it did.
    Same(Shift),
    /// Most of it, and that lies as it did.
    Changed(Shift),
    /// Gone, or its surroundings have parted; the page where some of them are.
    Gone(Option<u32>),
}

/// How far an area has moved, in points, and to which page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shift {
    pub page: u32,
    pub dx: f32,
    pub dy: f32,
}

/// Words farther from an area than this say nothing of it, in points.
const REACH: f32 = 72.0;
/// Words of a line that are looked for together.
const TOGETHER: usize = 4;
/// So far words may move against each other, in points: a justified line is spaced anew.
const SLACK: f32 = 3.0;
/// Fewer groups of words prove nothing.
const LEAST: usize = 2;
/// No more lines are asked.
const MOST_LINES: usize = 12;

impl Comparison {
    /// Places an area of a page of the old version; `new` gives pages of the new one with their boxes.
    pub fn place_area<P: Deref<Target = PageText>>(
        &self,
        page: u32,
        old: &PageText,
        area: Rect,
        new: impl Fn(u32) -> P,
    ) -> AreaPlaced {
        let of_this_page = |span: &&Span| span.page == page;
        let furniture: Vec<&Span> = self.old.furniture.iter().filter(of_this_page).collect();
        let beside = old.beside_area(area, |line| {
            furniture.iter().any(|span| span.start < line.end && line.start < span.end)
        });
        let (mut shifts, mut near, mut others) = (Vec::new(), None, 0);
        for words in &beside {
            match self.place(page, words.clone()) {
                Placed::Same(spans) => match shift(old, words, &spans, &new) {
                    Some(shift) => shifts.push(shift),
                    // Its line breaks elsewhere: what lay beside it no longer does.
                    None => return AreaPlaced::Gone(spans.first().map(|span| span.page)),
                },
                Placed::Changed(spans) => {
                    others += 1;
                    near = near.or(spans.first().map(|span| span.page));
                }
                Placed::Gone(span) => {
                    others += 1;
                    near = near.or(span.map(|span| span.page));
                }
            }
        }
        let Some(first) = shifts.first().copied() else { return AreaPlaced::Gone(near) };
        let agree = shifts.iter().all(|shift| {
            let far = (shift.dx - first.dx).abs().max((shift.dy - first.dy).abs());
            shift.page == first.page && far <= SLACK
        });
        if !agree || shifts.len() < LEAST || shifts.len() < 2 * others {
            return AreaPlaced::Gone(Some(first.page));
        }
        let now = Rect {
            x0: area.x0 + first.dx,
            y0: area.y0 + first.dy,
            x1: area.x1 + first.dx,
            y1: area.y1 + first.dy,
        };
        // Words may have come to lie under it.
        let covers =
            |text: &PageText, area: Rect| text.words.iter().filter(|word| meets(&word.rect, &area)).count();
        let as_it_was = others == 0 && covers(old, area) == covers(&new(first.page), now);
        if as_it_was { AreaPlaced::Same(first) } else { AreaPlaced::Changed(first) }
    }
}

/// How far words of one line have moved, if they still stand on one line as wide.
fn shift<P: Deref<Target = PageText>>(
    old: &PageText,
    words: &Range<u32>,
    spans: &[Span],
    new: impl Fn(u32) -> P,
) -> Option<Shift> {
    let [span] = spans else { return None };
    let page = new(span.page);
    let (was, is) = (old.rects(words.clone()), page.rects(span.start..span.end));
    let ([was], [is]) = (was.as_slice(), is.as_slice()) else { return None };
    let (dx, dy) = (is.x0 - was.x0, is.y0 - was.y0);
    let as_wide = (is.x1 - was.x1 - dx).abs() <= SLACK && (is.y1 - was.y1 - dy).abs() <= SLACK;
    as_wide.then_some(Shift { page: span.page, dx, dy })
}

fn meets(a: &Rect, b: &Rect) -> bool {
    a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1
}

/// How far apart two stretches are; 0 if they meet.
fn gap(a: (f32, f32), b: (f32, f32)) -> f32 {
    (a.0 - b.1).max(b.0 - a.1).max(0.0)
}

impl PageText {
    /// The words that an area covers, else those of the nearest line.
    pub fn beside(&self, area: Rect) -> String {
        let covered: Vec<&Word> = self.words.iter().filter(|word| meets(&word.rect, &area)).collect();
        let range = match (covered.first(), covered.last()) {
            (Some(first), Some(last)) => Some(first.start..last.end.max(first.end)),
            _ => self.beside_area(area, |_| false).into_iter().next(),
        };
        let Some(Range { start, end }) = range else { return String::new() };
        self.anchor(start..end.min(start + 120)).exact
    }

    /// Groups of words that an area lies on and beside, the nearest line's first: of the lines at its height, and of those
    /// next above and below.
    fn beside_area(&self, area: Rect, skip: impl Fn(&Line) -> bool) -> Vec<Range<u32>> {
        let height = |rect: &Rect| (rect.y0, rect.y1);
        let far = |line: &&Line| gap(height(&line.rect), height(&area));
        let lines = || self.lines.iter().filter(|line| !skip(line) && far(line) <= REACH);
        let above = lines().filter(|line| line.rect.y1 <= area.y0).map(|line| line.rect.y1).reduce(f32::max);
        let below = lines().filter(|line| line.rect.y0 >= area.y1).map(|line| line.rect.y0).reduce(f32::min);
        let mut asked: Vec<&Line> = lines()
            .filter(|line| {
                let rect = &line.rect;
                // Next to each other in a table or in columns.
                let half = (rect.y1 - rect.y0) / 2.0;
                far(line) == 0.0 && rect.y1 > area.y0 && rect.y0 < area.y1
                    || above.is_some_and(|above| rect.y1 <= area.y0 && above - rect.y1 < half)
                    || below.is_some_and(|below| rect.y0 >= area.y1 && rect.y0 - below < half)
            })
            .collect();
        asked.sort_by(|a, b| far(a).total_cmp(&far(b)));
        let is_near = |line: &&Line| gap((line.rect.x0, line.rect.x1), (area.x0, area.x1)) <= REACH;
        if !asked.iter().any(is_near) {
            return Vec::new();
        }
        // Of a large area its first and its last lines.
        if asked.len() > MOST_LINES {
            asked.drain(MOST_LINES / 2..asked.len() - MOST_LINES / 2);
        }
        asked.into_iter().flat_map(|line| self.nearest_words(line, area)).collect()
    }

    /// Words of a line as near to an area as can be, in groups.
    fn nearest_words(&self, line: &Line, area: Rect) -> Vec<Range<u32>> {
        let from = self.words.partition_point(|word| word.start < line.start);
        let to = self.words.partition_point(|word| word.start < line.end);
        let words = &self.words[from..to.max(from)];
        let far = |word: &Word| gap((word.rect.x0, word.rect.x1), (area.x0, area.x1));
        let Some(nearest) = words.iter().map(far).reduce(f32::min) else { return Vec::new() };
        let first = words.iter().position(|word| far(word) <= nearest).unwrap_or(0);
        let last = words.iter().rposition(|word| far(word) <= nearest).unwrap_or(first);
        // Some on either side: a word that stays while its neighbours change is no witness.
        let (first, last) = (first.saturating_sub(TOGETHER - 1), (last + TOGETHER).min(words.len()));
        let groups = words[first..last].chunks(TOGETHER);
        groups.map(|group| group[0].start..group[group.len() - 1].end).collect()
    }
}
