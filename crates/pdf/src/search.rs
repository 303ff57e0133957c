use crate::{Anchor, Folded, PageText, Rect};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

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

/// A word of a text: letters and digits in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// As [`crate::fold`] has it.
    pub folded: String,
    /// In lower case, with its diacritics.
    pub written: String,
    /// Characters of the text, end exclusive.
    pub start: u32,
    pub end: u32,
}

/// The words of a text, in order.
pub fn words(text: &str) -> Vec<Token> {
    let folded = Folded::new(text);
    let mut words: Vec<Token> = Vec::new();
    let mut within = false;
    for (c, at) in folded.text.chars().zip(&folded.origin) {
        if !c.is_alphanumeric() {
            within = false;
            continue;
        }
        match words.last_mut().filter(|_| within) {
            Some(word) => {
                word.folded.push(c);
                word.end = at + 1;
            }
            None => words.push(Token { folded: c.into(), written: String::new(), start: *at, end: at + 1 }),
        }
        within = true;
    }
    let chars: Vec<char> = text.chars().collect();
    for word in &mut words {
        // Marks that are not composed belong to their letter.
        let marks = chars[word.end as usize..].iter().take_while(|c| is_combining_mark(**c)).count();
        word.end += marks as u32;
        word.written = written(&chars[word.start as usize..word.end as usize]);
    }
    words
}

/// As it is compared where diacritics count.
fn written(word: &[char]) -> String {
    word.iter().copied().nfc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// What a person seeks. Words in quotation marks stand together; the last word may still be growing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// All of it in a row, unless there are quotation marks.
    whole: Vec<Phrase>,
    apart: Vec<Phrase>,
}

/// Words in a row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Phrase {
    pub words: Vec<Term>,
    /// The last word may go on.
    pub open: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    pub folded: String,
    pub written: String,
}

/// In what way a text has the words of a query, the closest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Way {
    /// In a row, with the diacritics that were typed.
    Written,
    /// In a row, with or without diacritics.
    Whole,
    /// All of them, somewhere.
    Apart,
}

/// Words beyond are not looked at.
const WORDS: usize = 32;
/// A word of fewer letters that stands alone is whole: too many begin so.
const GROWING: usize = 2;

impl Query {
    pub fn read(text: &str) -> Query {
        let text: String = text.nfc().collect();
        let mut apart: Vec<Phrase> = Vec::new();
        let mut quoted = false;
        let pieces: Vec<&str> = text.split(['"', '“', '”', '„', '«', '»']).collect();
        let last = pieces.len() - 1;
        for (at, piece) in pieces.iter().enumerate() {
            let growing = |part: &str| at == last && piece.ends_with(part);
            if at % 2 == 1 {
                quoted |= !words(piece).is_empty();
                apart.extend(Phrase::of(piece, at == last && !piece.ends_with(char::is_whitespace)));
            } else {
                apart.extend(piece.split_whitespace().filter_map(|part| Phrase::of(part, growing(part))));
            }
        }
        // Only the last can still be growing, whatever the same word was before it.
        let end = apart.len().saturating_sub(1);
        apart.iter_mut().take(end).for_each(|phrase| phrase.open = false);
        let mut room = WORDS;
        for phrase in &mut apart {
            phrase.open &= phrase.words.len() <= room;
            phrase.words.truncate(room);
            room -= phrase.words.len();
        }
        apart.retain(|phrase| !phrase.words.is_empty());
        let end = apart.len().saturating_sub(1);
        // A first letter says nothing yet of what else is on the page, but what it would be in a row with.
        let begun =
            !quoted && apart.len() > 1 && apart[end].is_letter() && text.ends_with(char::is_alphanumeric);
        let whole = if quoted || apart.len() < 2 {
            apart.clone()
        } else {
            let words = apart.iter().flat_map(|phrase| phrase.words.clone()).collect();
            vec![Phrase { words, open: begun || apart[end].open }]
        };
        if begun {
            apart.pop();
        }
        Query { whole, apart }
    }

    pub fn is_empty(&self) -> bool {
        self.apart.is_empty()
    }

    /// The ways that differ, the closest first.
    pub fn ways(&self) -> Vec<Way> {
        let mut ways = Vec::new();
        if self.is_empty() {
            return ways;
        }
        if self.whole.iter().flat_map(|phrase| &phrase.words).any(Term::is_marked) {
            ways.push(Way::Written);
        }
        ways.push(Way::Whole);
        if self.whole != self.apart {
            ways.push(Way::Apart);
        }
        ways
    }

    /// What must stand in a text, each of them.
    pub fn phrases(&self, way: Way) -> &[Phrase] {
        if way == Way::Apart { &self.apart } else { &self.whole }
    }

    /// Where they stand among the words of a text, in order; nothing if one of them is missing.
    pub fn places(&self, words: &[Token], way: Way) -> Vec<Range<u32>> {
        let mut all = Vec::new();
        for phrase in self.phrases(way) {
            let before = all.len();
            all.extend(phrase.places(words, way == Way::Written));
            if all.len() == before {
                return Vec::new();
            }
        }
        all.sort_by_key(|place| (place.start, place.end));
        all.dedup();
        all
    }
}

impl Phrase {
    fn of(text: &str, open: bool) -> Option<Phrase> {
        let words: Vec<Term> =
            words(text).into_iter().map(|Token { folded, written, .. }| Term { folded, written }).collect();
        let last = words.last()?;
        let long = words.len() > 1 || last.folded.chars().count() >= GROWING;
        let open = open && long && text.ends_with(char::is_alphanumeric);
        Some(Phrase { words, open })
    }

    fn is_letter(&self) -> bool {
        matches!(&*self.words, [word] if word.folded.chars().count() == 1)
    }

    fn places<'a>(&'a self, words: &'a [Token], written: bool) -> impl Iterator<Item = Range<u32>> + 'a {
        let is = move |term: &Term, word: &Token, open: bool| {
            let (sought, found) =
                if written { (&term.written, &word.written) } else { (&term.folded, &word.folded) };
            if open { found.starts_with(sought.as_str()) } else { found == sought }
        };
        let count = self.words.len();
        words.windows(count).filter_map(move |window| {
            let mut pairs = self.words.iter().zip(window).enumerate();
            let all = pairs.all(|(at, (term, word))| is(term, word, self.open && at + 1 == count));
            all.then(|| window[0].start..window[count - 1].end)
        })
    }
}

impl Term {
    /// It was typed with diacritics.
    pub fn is_marked(&self) -> bool {
        self.written != self.folded
    }
}

/// Finds a query's words on a page.
pub fn find(page: u32, text: &PageText, query: &Query, way: Way) -> Vec<Hit> {
    let places = query.places(&words(&text.text), way);
    let hit = |Range { start, end }| Hit {
        page,
        start,
        end,
        rects: text.rects(start..end),
        anchor: text.anchor(start..end),
    };
    places.into_iter().map(hit).collect()
}

/// Whether a short text, such as a title, has all words of a query, and in what way.
pub fn matches(text: &str, query: &Query) -> Option<Way> {
    let words = words(text);
    query.ways().into_iter().find(|way| !query.places(&words, *way).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Glyph;

    fn page(text: &str) -> PageText {
        let glyphs: Vec<Glyph> =
            text.chars().map(|c| Glyph { c, rect: Rect { x0: 0.0, y0: 0.0, x1: 1.0, y1: 1.0 } }).collect();
        PageText::new(&glyphs, 0)
    }

    fn places(text: &str, query: &str, way: Way) -> Vec<String> {
        let query = Query::read(query);
        let chars: Vec<char> = text.chars().collect();
        let places = query.places(&words(text), way);
        places.into_iter().map(|at| chars[at.start as usize..at.end as usize].iter().collect()).collect()
    }

    #[test]
    fn finds_across_lines_and_counts_characters() {
        let text = page("Đó là Nghị\r\nquyết, nghị quyết!");
        let hits = find(4, &text, &Query::read(" NGHI  quyet "), Way::Whole);
        assert_eq!(
            hits.iter().map(|h| (h.page, h.start, h.end)).collect::<Vec<_>>(),
            [(4, 6, 16), (4, 18, 28)]
        );
        assert_eq!(hits[0].anchor.exact, "Nghị quyết");
        assert_eq!(hits[0].rects.len(), 2);
        assert!(find(4, &text, &Query::read("  "), Way::Whole).is_empty());
    }

    #[test]
    fn words_are_letters_and_digits_with_their_places() {
        let found = words("Số 12/NQ–HĐND: «đê» 1.340 tỷ, công\u{ad}chức e\u{302}\u{301} ½");
        let told: Vec<_> = found.iter().map(|w| (w.folded.as_str(), w.written.as_str(), w.start)).collect();
        assert_eq!(
            told,
            [
                ("so", "số", 0),
                ("12", "12", 3),
                ("nq", "nq", 6),
                ("hdnd", "hđnd", 9),
                ("de", "đê", 16),
                ("1", "1", 20),
                ("340", "340", 22),
                ("ty", "tỷ", 26),
                ("congchuc", "côngchức", 30),
                ("e", "ế", 40),
                ("1", "½", 44),
                ("2", "½", 44)
            ]
        );
    }

    #[test]
    fn with_diacritics_and_without_composed_or_not() {
        let text = "Nghị quyết của Chính phủ; nghi vấn quyết toán";
        for query in ["nghi quyet", "NGHỊ QUYẾT", "Nghi\u{323} quye\u{302}\u{301}t", "nghị  quyet"] {
            assert_eq!(places(text, query, Way::Whole), ["Nghị quyết"], "{query}");
        }
        assert_eq!(places(text, "nghị quyết", Way::Written), ["Nghị quyết"]);
        assert!(places(text, "nghĩ quyết", Way::Written).is_empty());
        assert_eq!(places("Đường, duong", "duong", Way::Whole), ["Đường", "duong"]);
        assert_eq!(places("Đường, duong", "đường", Way::Written), ["Đường"]);
    }

    #[test]
    fn the_last_word_grows_and_quotation_marks_hold_words_together() {
        let text = "Nghị quyết của Chính phủ";
        assert_eq!(places(text, "nghi quy", Way::Whole), ["Nghị quyết"]);
        assert!(places(text, "nghi quy ", Way::Whole).is_empty(), "a blank ends it");
        assert!(places(text, "\"nghi quy\"", Way::Whole).is_empty(), "so does a quotation mark");
        assert_eq!(places(text, "“chính ph", Way::Whole), ["Chính phủ"]);
        assert_eq!(places(text, "chinh p", Way::Whole), ["Chính phủ"]);
        assert_eq!(places(text, "quyet p", Way::Apart), ["quyết"], "a first letter says nothing yet");
        assert!(places(text, "p", Way::Whole).is_empty() && places(text, "chinh p ", Way::Apart).is_empty());
        assert!(places(text, "chinh quyet", Way::Whole).is_empty());
        assert_eq!(places(text, "chinh quyet", Way::Apart), ["quyết", "Chính"]);
        assert!(places(text, "\"chinh quyet\"", Way::Apart).is_empty());
        assert!(places(text, "quyet dinh", Way::Apart).is_empty(), "each must be there");
        assert_eq!(Query::read("\"nghi quyet\" x").ways(), [Way::Whole]);
        assert_eq!(Query::read("nghị quyet").ways(), [Way::Written, Way::Whole, Way::Apart]);
        assert_eq!(Query::read("12/NQ-CP").ways(), [Way::Whole], "one thing that was typed");
        assert_eq!(places("Số 12/NQ-CP và 12 NQ", "12/nq-cp", Way::Whole), ["12/NQ-CP"]);
        for nothing in ["", "  ", "\"\"", "., -", "\" \" !"] {
            assert!(Query::read(nothing).is_empty() && Query::read(nothing).ways().is_empty());
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let long = "một hai ba bốn ".repeat(20);
        let query = Query::read(&long);
        assert_eq!(query.phrases(Way::Whole)[0].words.len(), WORDS);
        assert_eq!(query.phrases(Way::Apart).len(), WORDS);
    }
}
