use serde::{Deserialize, Serialize};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A box in page points: x to the right, y downwards, from the page's top left corner as shown.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Rect {
    pub x0: f32,
    pub y0: f32,
    pub x1: f32,
    pub y1: f32,
}

impl Rect {
    pub fn is_empty(&self) -> bool {
        self.x1 <= self.x0 || self.y1 <= self.y0
    }

    pub(crate) fn join(self, other: Self) -> Self {
        match (self.is_empty(), other.is_empty()) {
            (true, _) => other,
            (_, true) => self,
            _ => Self {
                x0: self.x0.min(other.x0),
                y0: self.y0.min(other.y0),
                x1: self.x1.max(other.x1),
                y1: self.y1.max(other.y1),
            },
        }
    }
}

/// The text of one page. All indices count characters (Unicode scalar values) of `text`, not bytes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PageText {
    /// In NFC; one space between words, one `\n` between lines, neither at the ends.
    pub text: String,
    /// For each character its box; empty for line ends and blanks that are not drawn.
    pub boxes: Vec<Rect>,
    pub words: Vec<Word>,
    pub lines: Vec<Line>,
    /// The page's own `/Rotate`: quarter turns clockwise, already applied to all boxes.
    pub quarter_turns: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Word {
    pub start: u32,
    pub end: u32,
    pub rect: Rect,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub start: u32,
    pub end: u32,
    pub rect: Rect,
}

/// What a mark keeps of its place, so that it can be placed again on another version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Anchor {
    pub exact: String,
    /// Up to 64 characters before and after.
    pub before: String,
    pub after: String,
}

/// One character as it lies on the page, in the order in which it was drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glyph {
    pub c: char,
    pub rect: Rect,
}

const CONTEXT: usize = 64;

impl PageText {
    /// Puts what was drawn across columns into the order of reading, composes marks with their letters and groups the result into
    /// words and lines.
    pub fn new(glyphs: &[Glyph], quarter_turns: u8) -> Self {
        let mut page = Self { quarter_turns, ..Self::default() };
        let ordered = crate::columns::in_order(glyphs);
        let mut rest = ordered.as_deref().unwrap_or(glyphs);
        while let [first, tail @ ..] = rest {
            let marks = tail.iter().take_while(|g| is_combining_mark(g.c)).count();
            let cluster = &rest[..1 + marks];
            rest = &rest[1 + marks..];
            match first.c {
                '\n' => page.end_line(),
                c if c.is_whitespace() && c != '\r' => page.push_blank(first.rect),
                // A hyphen that pdfium takes for a word broken at a line's end.
                '\u{2}' => page.push(&[Glyph { c: '\u{ad}', ..*first }]),
                c if c.is_control() => {}
                _ => page.push(cluster),
            }
        }
        page.end_line();
        if page.text.pop().is_some() {
            page.boxes.pop();
        }
        page.group();
        page
    }

    /// The boxes of a range, joined line by line: what a selection or highlight covers.
    pub fn rects(&self, range: Range<u32>) -> Vec<Rect> {
        let lines = self.lines.iter().map(|l| l.start.max(range.start)..l.end.min(range.end));
        lines.map(|r| self.join(r)).filter(|r| !r.is_empty()).collect()
    }

    /// The words of a range and what surrounds them; line ends are spaces.
    pub fn anchor(&self, range: Range<u32>) -> Anchor {
        let chars: Vec<char> = self.text.chars().map(|c| if c == '\n' { ' ' } else { c }).collect();
        let end = (range.end as usize).min(chars.len());
        let start = (range.start as usize).min(end);
        Anchor {
            exact: chars[start..end].iter().collect(),
            before: chars[start.saturating_sub(CONTEXT)..start].iter().collect(),
            after: chars[end..(end + CONTEXT).min(chars.len())].iter().collect(),
        }
    }

    /// Where an anchor's words stand on this page, line ends as spaces: of several places the one with the most of its context,
    /// then the one nearest to `near`.
    pub fn find(&self, anchor: &Anchor, near: Option<Rect>) -> Option<Range<u32>> {
        let chars: Vec<char> = self.text.chars().map(|c| if c == '\n' { ' ' } else { c }).collect();
        let exact: Vec<char> = anchor.exact.chars().collect();
        if exact.is_empty() {
            return None;
        }
        let places = chars.windows(exact.len()).enumerate().filter(|(_, window)| *window == exact);
        let context = |start: usize, end: usize| {
            let before = anchor.before.chars().rev().zip(chars[..start].iter().rev());
            let after = anchor.after.chars().zip(&chars[end..]);
            before.take_while(|(a, b)| a == *b).count() + after.take_while(|(a, b)| a == *b).count()
        };
        let distance = |start: usize| {
            let (here, near) = (self.boxes.get(start).copied().unwrap_or_default(), near.unwrap_or_default());
            ((here.y0 - near.y0).abs() + (here.x0 - near.x0).abs()) as i64
        };
        let best = places.map(|(start, _)| start).max_by_key(|start| {
            let start = *start;
            (context(start, start + exact.len()), -distance(start))
        })?;
        Some(best as u32..(best + exact.len()) as u32)
    }

    /// One end after a line, however many pdfium sees; no blank before it.
    fn end_line(&mut self) {
        if self.text.ends_with(' ') {
            self.text.pop();
            self.boxes.pop();
        }
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
            self.boxes.push(Rect::default());
        }
    }

    /// One blank between words: pdfium adds its own to those of the paper.
    fn push_blank(&mut self, rect: Rect) {
        if self.text.ends_with(' ') {
            let last = self.boxes.len() - 1;
            self.boxes[last] = self.boxes[last].join(rect);
        } else if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push(' ');
            self.boxes.push(rect);
        }
    }

    /// A letter with its marks.
    fn push(&mut self, cluster: &[Glyph]) {
        let rect = cluster.iter().fold(Rect::default(), |rect, g| rect.join(g.rect));
        for c in cluster.iter().map(|g| g.c).nfc() {
            self.text.push(c);
            self.boxes.push(rect);
        }
    }

    fn group(&mut self) {
        let chars: Vec<char> = self.text.chars().collect();
        for (start, end) in runs(&chars, |c| c == '\n') {
            self.lines.push(Line { start, end, rect: self.join(start..end) });
        }
        for (start, end) in runs(&chars, char::is_whitespace) {
            self.words.push(Word { start, end, rect: self.join(start..end) });
        }
    }

    fn join(&self, range: Range<u32>) -> Rect {
        let boxes = self.boxes.get(range.start as usize..range.end as usize).unwrap_or_default();
        boxes.iter().fold(Rect::default(), |rect, b| rect.join(*b))
    }
}

/// The stretches between separators, as start and end.
fn runs(chars: &[char], separator: impl Fn(char) -> bool) -> Vec<(u32, u32)> {
    let mut runs = Vec::new();
    let mut start = 0;
    for piece in chars.split(|c| separator(*c)) {
        let end = start + piece.len() as u32;
        if end > start {
            runs.push((start, end));
        }
        start = end + 1;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glyphs(text: &str) -> Vec<Glyph> {
        let place = |i: usize| Rect { x0: i as f32, y0: 0.0, x1: i as f32 + 1.0, y1: 2.0 };
        text.chars().enumerate().map(|(i, c)| Glyph { c, rect: place(i) }).collect()
    }

    #[test]
    fn composes_marks_and_joins_their_boxes() {
        let page = PageText::new(&glyphs("e\u{302}\u{301}a b\r\nc"), 0);
        assert_eq!(page.text, "ếa b\nc");
        assert_eq!(page.boxes.len(), 6);
        assert_eq!(page.boxes[0], Rect { x0: 0.0, y0: 0.0, x1: 3.0, y1: 2.0 });
        assert_eq!(page.words.iter().map(|w| (w.start, w.end)).collect::<Vec<_>>(), [(0, 2), (3, 4), (5, 6)]);
        assert_eq!(page.lines.iter().map(|l| (l.start, l.end)).collect::<Vec<_>>(), [(0, 4), (5, 6)]);
    }

    #[test]
    fn blanks_are_single() {
        let page = PageText::new(&glyphs(" \r\na  \u{a0}b \r\n\r\n c\u{0}\r\n"), 0);
        assert_eq!(page.text, "a b\nc");
        assert_eq!(page.boxes.len(), 5);
        assert_eq!((page.boxes[1].x0, page.boxes[1].x1), (4.0, 7.0));
        assert_eq!(PageText::new(&[], 0), PageText::default());
    }

    #[test]
    fn a_range_over_two_lines_has_two_boxes() {
        let page = PageText::new(&glyphs("ab cd\r\nef gh"), 0);
        assert_eq!(page.rects(3..8).len(), 2);
        assert!(page.rects(0..0).is_empty());
        assert!(page.rects(50..90).is_empty());
        let anchor = page.anchor(3..8);
        assert_eq!(
            (anchor.before.as_str(), anchor.exact.as_str(), anchor.after.as_str()),
            ("ab ", "cd ef", " gh")
        );
        assert_eq!(page.find(&anchor, None), Some(3..8));
    }

    #[test]
    fn of_two_like_places_the_one_with_the_context_is_found_or_else_the_nearest() {
        let page = PageText::new(&glyphs("một hai ba hai bốn"), 0);
        let anchor = |before: &str, after: &str| Anchor {
            exact: "hai".into(),
            before: before.into(),
            after: after.into(),
        };
        assert_eq!(page.find(&anchor("một ", " ba"), None), Some(4..7));
        assert_eq!(page.find(&anchor("ba ", " bốn"), None), Some(11..14));
        let near = Rect { x0: 11.0, y0: 0.0, x1: 14.0, y1: 2.0 };
        assert_eq!(page.find(&anchor("", ""), Some(near)), Some(11..14));
        assert_eq!(page.find(&anchor("", "x"), Some(Rect::default())), Some(4..7));
        assert_eq!(page.find(&Anchor { exact: "năm".into(), ..anchor("", "") }, None), None);
    }
}
