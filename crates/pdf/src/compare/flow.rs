//! A paper's text as it is read: the words of all pages one after the other, without what stands on every page.

use super::Span;
use crate::PageText;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// A word, or one sign of punctuation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub page: u32,
    /// Characters of the page's text.
    pub start: u32,
    pub end: u32,
    /// Same word, same number, in both versions.
    pub word: u32,
    /// Ends a sentence or a part of one.
    pub stops: bool,
}

/// Words as numbers, for two versions together.
#[derive(Default)]
struct Words(HashMap<String, u32>);

#[derive(Debug, Default)]
pub(super) struct Flow {
    pub tokens: Vec<Token>,
    /// Tokens of each paragraph, one after the other, all of them.
    pub paragraphs: Vec<Range<usize>>,
    /// What stands on every page.
    pub furniture: Vec<Span>,
}

/// What a paragraph is numbered with is one word whatever the number is: renumbering is no change.
const LABEL: u32 = 0;

impl Words {
    fn number(&mut self, word: &str) -> u32 {
        let next = self.0.len() as u32 + 1;
        *self.0.entry(word.to_owned()).or_insert(next)
    }
}

impl Flow {
    /// Both versions, without what stands on the pages of either.
    pub fn of_both(old: &[PageText], new: &[PageText]) -> (Flow, Flow) {
        let furniture = Furniture::of([old, new]);
        let mut words = Words::default();
        (Flow::read(old, &furniture, &mut words), Flow::read(new, &furniture, &mut words))
    }

    pub fn is_label(&self, at: usize) -> bool {
        self.tokens[at].word == LABEL
    }

    fn read(pages: &[PageText], furniture: &Furniture, words: &mut Words) -> Flow {
        let mut flow = Flow::default();
        let mut before: Option<LineEnd> = None;
        for (number, page) in (0u32..).zip(pages) {
            let chars: Vec<char> = page.text.chars().collect();
            let margin = page.lines.iter().map(|line| line.rect.x0).fold(f32::INFINITY, f32::min);
            let right = page.lines.iter().map(|line| line.rect.x1).fold(0.0, f32::max);
            for (at, line) in page.lines.iter().enumerate() {
                if furniture.holds(page, at) {
                    flow.furniture.push(Span { page: number, start: line.start, end: line.end });
                    continue;
                }
                let text = &chars[line.start as usize..line.end as usize];
                let label = label(text);
                let gap = at.checked_sub(1).map(|above| line.rect.y0 - page.lines[above].rect.y1);
                let height = line.rect.y1 - line.rect.y0;
                let apart = gap.is_some_and(|gap| gap > 0.9 * height || gap < -2.0 * height);
                let indented = line.rect.x0 > margin + 0.5 * height;
                let begins = before.is_none_or(|before| {
                    before.short
                        || (before.stops || label > 0) && (apart || indented)
                        || before.stops && label > 0
                });
                if begins {
                    flow.end_paragraph();
                }
                flow.push_line(number, line.start, text, if begins { label } else { 0 }, words);
                let last = text.last().copied().unwrap_or(' ');
                before = Some(LineEnd {
                    stops: matches!(last, '.' | ';' | ':' | '!' | '?' | '…' | '/' | '”'),
                    short: line.rect.x1 < 0.8 * right,
                });
            }
        }
        flow.end_paragraph();
        flow
    }

    fn end_paragraph(&mut self) {
        let start = self.paragraphs.last().map_or(0, |last| last.end);
        if start < self.tokens.len() {
            self.paragraphs.push(start..self.tokens.len());
        }
    }

    /// `label` characters at the line's start number the paragraph.
    fn push_line(&mut self, page: u32, offset: u32, text: &[char], label: usize, words: &mut Words) {
        if label > 0 {
            let end = offset + label as u32;
            self.tokens.push(Token { page, start: offset, end, word: LABEL, stops: false });
        }
        let mut at = label;
        while at < text.len() {
            let start = at;
            while at < text.len() && (is_letter(text[at]) || at > start && is_within_number(text, at)) {
                at += 1;
            }
            if at == start {
                at += 1;
                if text[start].is_whitespace() {
                    continue;
                }
            }
            let spelt: String =
                text[start..at].iter().filter(|c| **c != SOFT).copied().nfkc().map(plain).collect();
            let word = words.number(&spelt);
            let stops = matches!(text[start], '.' | ';' | ':' | '!' | '?' | '…');
            let token = Token { page, start: offset + start as u32, end: offset + at as u32, word, stops };
            self.tokens.push(token);
        }
    }
}

struct LineEnd {
    /// Ends as a sentence or a point of a list does.
    stops: bool,
    /// Ends well before the margin.
    short: bool,
}

const SOFT: char = '\u{ad}';

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == SOFT
}

/// "4.900,5" is one word.
fn is_within_number(text: &[char], at: usize) -> bool {
    let digit = |at: usize| text.get(at).is_some_and(char::is_ascii_digit);
    matches!(text[at], '.' | ',') && digit(at - 1) && digit(at + 1)
}

/// Signs that typesetting exchanges for each other.
fn plain(c: char) -> char {
    match c {
        '“' | '”' | '„' | '«' | '»' => '"',
        '‘' | '’' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        c => c,
    }
}

/// Lines that stand on most pages of a version at the same height, without their numbers.
struct Furniture(HashSet<(String, i32)>);

/// How many lines from the top and from the bottom are looked at.
const EDGE: usize = 2;

impl Furniture {
    fn of(versions: [&[PageText]; 2]) -> Furniture {
        let mut found = HashSet::new();
        for pages in versions {
            let mut often: HashMap<(String, i32), (usize, bool)> = HashMap::new();
            for page in pages {
                for at in edge(page) {
                    let (count, outermost) = often.entry(at_height(page, at)).or_insert((0, true));
                    *count += 1;
                    *outermost &= is_outermost(page, at);
                }
            }
            // The first page may be without; two like lines among the others prove little.
            let many = often.into_iter().filter(|(_, (count, outermost))| {
                (*count >= 3 || *count == 2 && *outermost) && 5 * (count + 1) >= 3 * pages.len()
            });
            found.extend(many.map(|(line, _)| line));
        }
        Furniture(found)
    }

    fn holds(&self, page: &PageText, at: usize) -> bool {
        if !edge(page).any(|edge| edge == at) {
            return false;
        }
        let text = line_text(page, at);
        let digits = text.chars().filter(char::is_ascii_digit).count();
        // "3", "- 3 -": not the "6.840" of a table's last cell.
        let number = (1..=4).contains(&digits)
            && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '–' | '—'));
        is_outermost(page, at) && number || self.0.contains(&at_height(page, at))
    }
}

fn is_outermost(page: &PageText, at: usize) -> bool {
    at == 0 || at + 1 == page.lines.len()
}

/// A line without its digits, and how high it stands, in points.
fn at_height(page: &PageText, at: usize) -> (String, i32) {
    let text = line_text(page, at);
    let without_digits = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    (without_digits, page.lines[at].rect.y0.round() as i32)
}

fn edge(page: &PageText) -> impl Iterator<Item = usize> {
    let count = page.lines.len();
    (0..count).filter(move |at| *at < EDGE || at + EDGE >= count)
}

fn line_text(page: &PageText, at: usize) -> String {
    let line = page.lines[at];
    page.text.chars().skip(line.start as usize).take((line.end - line.start) as usize).collect()
}

/// Characters of what numbers a paragraph: "Điều 12.", "3.1.", "b)", "IV.", "Phụ lục II"; 0 if nothing does.
fn label(line: &[char]) -> usize {
    const NAMES: [&str; 12] = [
        "Điều",
        "Chương",
        "Mục",
        "Tiểu mục",
        "Phần",
        "Phụ lục",
        "Article",
        "Chapter",
        "Section",
        "Part",
        "Annex",
        "Appendix",
    ];
    for name in NAMES {
        let length = name.chars().count();
        let named =
            line.len() > length && name.chars().eq(line[..length].iter().copied()) && line[length] == ' ';
        if named {
            let number = number(&line[length + 1..]);
            let end = length + 1 + number;
            match line.get(end) {
                Some('.' | ':') if number > 0 => return end + 1,
                None if number > 0 => return end,
                _ => {}
            }
        }
    }
    let end = number(line);
    match line.get(end) {
        Some('.' | ')') if end > 0 && line.get(end + 1).is_none_or(|c| *c == ' ') => end + 1,
        _ => 0,
    }
}

/// Characters of a number as paragraphs have it: up to three digits, more after points; one letter; a Roman number.
fn number(text: &[char]) -> usize {
    let digits = |from: usize| text[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut end = digits(0);
    if (1..=3).contains(&end) {
        while text.get(end) == Some(&'.') && (1..=3).contains(&digits(end + 1)) {
            end += 1 + digits(end + 1);
        }
        return end;
    }
    let roman = text.iter().take_while(|c| matches!(c, 'I' | 'V' | 'X' | 'L')).count();
    match text {
        _ if roman > 0 => roman,
        [c, ..] if c.is_alphabetic() => 1,
        _ => 0,
    }
}
