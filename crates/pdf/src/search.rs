use crate::{Anchor, Folded, PageText, Rect, fold};
use serde::{Deserialize, Serialize};

/// A place where the words sought stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    pub page: u32,
    /// Characters of the page's text, end exclusive.
    pub start: u32,
    pub end: u32,
    /// One box a line, in page points.
    pub rects: Vec<Rect>,
    /// The words as they are written there, and around them.
    pub anchor: Anchor,
}

/// Finds `query` on a page: without regard to case, diacritics, đ/d, line ends and runs of blanks.
pub fn find(page: u32, text: &PageText, query: &str) -> Vec<Hit> {
    let query = fold(query);
    if query.is_empty() {
        return Vec::new();
    }
    let folded = Folded::new(&text.text);
    // Byte offsets to character offsets, walked once since matches come in order.
    let mut walked = (0usize, 0usize);
    let mut hits = Vec::new();
    let length = query.chars().count();
    for (byte, _) in folded.text.match_indices(&query) {
        walked.1 += folded.text[walked.0..byte].chars().count();
        walked.0 = byte;
        let start = folded.origin[walked.1];
        let end = folded.origin[walked.1 + length - 1] + 1;
        hits.push(Hit { page, start, end, rects: text.rects(start..end), anchor: text.anchor(start..end) });
    }
    hits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Glyph;

    #[test]
    fn finds_across_lines_and_counts_characters() {
        let glyphs: Vec<Glyph> = "Đó là Nghị\r\nquyết, nghị quyết!"
            .chars()
            .map(|c| Glyph { c, rect: Rect { x0: 0.0, y0: 0.0, x1: 1.0, y1: 1.0 } })
            .collect();
        let text = PageText::new(&glyphs, 0);
        let hits = find(4, &text, " NGHI  quyet ");
        assert_eq!(
            hits.iter().map(|h| (h.page, h.start, h.end)).collect::<Vec<_>>(),
            [(4, 6, 16), (4, 18, 28)]
        );
        assert_eq!(hits[0].anchor.exact, "Nghị quyết");
        assert_eq!(hits[0].rects.len(), 2);
        assert!(find(4, &text, "  ").is_empty());
    }
}
