//! Papers made of real sentences, edited with known truth, and set as pages.

use super::{Glyph, Rect, Span};
use crate::PageText;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;
use std::sync::OnceLock;

pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Label {
    Article,
    Point,
    Letter,
    None,
}

#[derive(Clone)]
struct Paragraph {
    label: Label,
    /// What numbers it is one word of its own.
    label_id: u32,
    words: Vec<(u32, String)>,
}

#[derive(Clone)]
pub struct Paper {
    paragraphs: Vec<Paragraph>,
    next_id: u32,
}

/// Sentences of the sample papers, paragraph by paragraph.
fn prose() -> &'static [String] {
    static PROSE: OnceLock<Vec<String>> = OnceLock::new();
    PROSE.get_or_init(|| {
        let mut found = Vec::new();
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/sample/papers"), &mut found);
        found.sort();
        found.dedup();
        assert!(found.len() > 100, "{} paragraphs", found.len());
        found
    })
}

fn read(dir: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(dir).expect("the sample papers") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "typ") {
            for line in std::fs::read_to_string(&path).expect("a paper").lines() {
                let line = line.trim().trim_start_matches("#k").trim_start_matches(['[', '=', '+', '-', ' ']);
                let line = line.trim_end_matches([',', ']', ')']).trim();
                if line.split(' ').count() >= 6
                    && !line.contains(['#', '{', '}', '"', '*', '_', '[', '$', '\\', '('])
                    && !line.contains("=>")
                {
                    found.push(line.to_owned());
                }
            }
        }
    }
}

/// What papers of this kind say again and again.
const BOILERPLATE: [&str; 6] = [
    "Giao Bộ trưởng, Thủ trưởng cơ quan ngang bộ, Chủ tịch Ủy ban địa bàn tổ chức thực hiện.",
    "Trong quá trình thực hiện, nếu có vướng mắc, các cơ quan báo cáo Thủ tướng xem xét, quyết định.",
    "Kinh phí thực hiện do ngân sách trung ương bảo đảm theo quy định của pháp luật về ngân sách.",
    "Văn phòng Chính phủ theo dõi, đôn đốc và báo cáo định kỳ hằng quý.",
    "Bộ Ngân khố chủ trì, phối hợp với các cơ quan có liên quan.",
    "Không có ý kiến khác.",
];

impl Paper {
    pub fn compiled(dice: &mut Dice) -> Paper {
        let mut paper = Paper { paragraphs: Vec::new(), next_id: 0 };
        for _ in 0..20 + dice.below(80) {
            let made = paper.paragraph(dice);
            paper.paragraphs.push(made);
        }
        paper
    }

    /// Paragraphs as they are: what numbers each, and its words.
    pub fn written(paragraphs: &[&str]) -> Paper {
        let mut paper = Paper { paragraphs: Vec::new(), next_id: 0 };
        for paragraph in paragraphs {
            let (label, text) = paragraph.split_once('|').expect("a label");
            let label = if label == "Điều" { Label::Article } else { Label::Point };
            let made = Paragraph { label, label_id: paper.id(), words: paper.words(text) };
            paper.paragraphs.push(made);
        }
        paper
    }

    fn paragraph(&mut self, dice: &mut Dice) -> Paragraph {
        let label = *dice.pick(&[
            Label::Article,
            Label::Point,
            Label::Point,
            Label::Letter,
            Label::None,
            Label::None,
        ]);
        let text =
            if dice.percent(15) { (*dice.pick(&BOILERPLATE)).to_owned() } else { dice.pick(prose()).clone() };
        Paragraph { label, label_id: self.id(), words: self.words(&text) }
    }

    fn id(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }

    fn words(&mut self, text: &str) -> Vec<(u32, String)> {
        text.split_whitespace().map(|word| (self.id(), word.to_owned())).collect()
    }

    /// The next version: some edits of each kind, as many as a drafting committee makes.
    pub fn edited(&self, dice: &mut Dice) -> Paper {
        let mut paper = self.clone();
        for _ in 0..1 + dice.below(12) {
            let at = dice.below(paper.paragraphs.len());
            match dice.below(8) {
                0 => {
                    let made = paper.paragraph(dice);
                    paper.paragraphs.insert(at, made);
                }
                1 => drop(paper.paragraphs.remove(at)),
                2 => {
                    let count = 1 + dice.below(3.min(paper.paragraphs.len() - at));
                    let block: Vec<Paragraph> = paper.paragraphs.drain(at..at + count).collect();
                    let to = dice.below(paper.paragraphs.len() + 1);
                    paper.paragraphs.splice(to..to, block);
                }
                3 => {
                    let source = dice.pick(prose()).clone();
                    let words = paper.words(&source);
                    let paragraph = &mut paper.paragraphs[at].words;
                    let to = dice.below(paragraph.len() + 1);
                    let some = 1 + dice.below(words.len());
                    paragraph.splice(to..to, words.into_iter().take(some));
                }
                4 => {
                    let paragraph = &mut paper.paragraphs[at].words;
                    let from = dice.below(paragraph.len());
                    let count = 1 + dice.below((paragraph.len() - from).min(12));
                    if count < paragraph.len() {
                        paragraph.drain(from..from + count);
                    }
                }
                5 | 6 => paper.reword(at, dice),
                _ => {
                    let copied = dice.below(paper.paragraphs.len());
                    let text: Vec<String> =
                        paper.paragraphs[copied].words.iter().map(|(_, word)| word.clone()).collect();
                    let words = paper.words(&text.join(" "));
                    let label = paper.paragraphs[copied].label;
                    let label_id = paper.id();
                    paper.paragraphs.insert(at, Paragraph { label, label_id, words });
                }
            }
        }
        paper
    }

    /// Other words for some of a paragraph's.
    fn reword(&mut self, at: usize, dice: &mut Dice) {
        for _ in 0..1 + dice.below(4) {
            let source: Vec<String> = dice.pick(prose()).split_whitespace().map(str::to_owned).collect();
            let length = self.paragraphs[at].words.len();
            let from = dice.below(length);
            let count = 1 + dice.below((length - from).min(5));
            let begin = dice.below(source.len());
            let some: Vec<String> = source[begin..].iter().take(1 + dice.below(5)).cloned().collect();
            let mut words = self.words(&some.join(" "));
            let replaced = &self.paragraphs[at].words[from..from + count];
            // What is put in the place of itself has stayed.
            for ((id, word), (was, same)) in words.iter_mut().zip(replaced) {
                if word != same {
                    break;
                }
                *id = *was;
            }
            for ((id, word), (was, same)) in words.iter_mut().rev().zip(replaced.iter().rev()) {
                if word != same {
                    break;
                }
                *id = *was;
            }
            self.paragraphs[at].words.splice(from..from + count, words);
        }
    }
}

/// A paper as pages, with where each of its words stands.
pub struct Set {
    pub pages: Vec<PageText>,
    places: Vec<(u32, Span)>,
    /// For each word the text of its paragraph.
    paragraphs: Vec<Rc<str>>,
}

pub struct Mark {
    pub ids: Vec<u32>,
    pub page: u32,
    pub chars: Range<u32>,
}

impl Mark {
    pub fn span(&self) -> Span {
        Span { page: self.page, start: self.chars.start, end: self.chars.end }
    }
}

impl Set {
    pub fn of(paper: &Paper, dice: &mut Dice) -> Set {
        let mut setter = Setter {
            across: 55 + dice.below(50),
            down: 28 + dice.below(20),
            head: format!("Dự thảo lần {}", 1 + dice.below(9)),
            curly: dice.percent(50),
            glyphs: Vec::new(),
            line: 0,
            column: 0,
            set: Set { pages: Vec::new(), places: Vec::new(), paragraphs: Vec::new() },
        };
        setter.begin_page();
        let mut numbers = [0; 3];
        for paragraph in &paper.paragraphs {
            let label = match paragraph.label {
                Label::Article => {
                    numbers = [numbers[0] + 1, 0, 0];
                    Some(format!("Điều {}.", numbers[0]))
                }
                Label::Point => {
                    numbers = [numbers[0], numbers[1] + 1, 0];
                    Some(format!("{}.", numbers[1]))
                }
                Label::Letter => {
                    numbers[2] += 1;
                    Some(format!("{})", char::from(b'a' + (numbers[2] - 1) as u8 % 26)))
                }
                Label::None => None,
            };
            setter.column = 4;
            if let Some(label) = label {
                setter.word(paragraph.label_id, &label);
            }
            for (id, word) in &paragraph.words {
                setter.word(*id, word);
            }
            setter.end_line();
            let text: Vec<&str> = paragraph.words.iter().map(|(_, word)| word.as_str()).collect();
            setter.set.paragraphs.resize(setter.set.places.len(), text.join(" ").into());
        }
        setter.end_page();
        setter.set
    }

    pub fn some_words(&self, dice: &mut Dice) -> Mark {
        loop {
            let from = dice.below(self.places.len());
            let count = 1 + [dice.below(3), dice.below(15), dice.below(60)][dice.below(3)];
            let places = &self.places[from..(from + count).min(self.places.len())];
            let (page, start) = (places[0].1.page, places[0].1.start);
            if places.iter().all(|(_, span)| span.page == page) {
                let chars = start..places[places.len() - 1].1.end;
                return Mark { ids: places.iter().map(|(id, _)| *id).collect(), page, chars };
            }
        }
    }

    /// Where these words stand, if all are there in a row.
    pub fn find(&self, ids: &[u32]) -> Option<Vec<Span>> {
        let at = self.places.iter().position(|(id, _)| *id == ids[0])?;
        let places = self.places.get(at..at + ids.len())?;
        if !places.iter().zip(ids).all(|((there, _), id)| there == id) {
            return None;
        }
        let mut spans: Vec<Span> = Vec::new();
        for (_, span) in places {
            match spans.last_mut() {
                Some(last) if last.page == span.page => last.end = span.end,
                _ => spans.push(*span),
            }
        }
        Some(spans)
    }

    /// A page and a place on it where somebody may have drawn: round some words, over lines, in the margin, in a blank.
    pub fn some_area(&self, dice: &mut Dice) -> (u32, Rect) {
        let (_, span) = *dice.pick(&self.places);
        let word = self.rect(span);
        let (wide, high) = (6.0 * dice.below(40) as f32, HEIGHT * dice.below(5) as f32);
        let area = match dice.below(4) {
            0 => Rect { x0: word.x0 - 2.0, y0: word.y0 - 2.0, x1: word.x1 + wide, y1: word.y1 + 2.0 },
            1 => Rect { x1: word.x1 + wide, y1: word.y1 + high, ..word },
            2 => Rect { x0: 2.0, x1: 20.0, y0: word.y0, y1: word.y1 + high },
            _ => {
                let (x, y) = (word.x0 + dice.below(30) as f32, word.y0 + dice.below(16) as f32);
                Rect { x0: x, y0: y, x1: x, y1: y }
            }
        };
        (span.page, area)
    }

    /// Words that an area touches, and the nearest to it above, below, left and right, with their boxes.
    pub fn around(&self, page: u32, area: Rect) -> Vec<(u32, Rect)> {
        let here = self.places.iter().filter(|(_, span)| span.page == page);
        let words: Vec<(u32, Rect)> = here.map(|(id, span)| (*id, self.rect(*span))).collect();
        let (x, y) = ((area.x0 + area.x1) / 2.0, (area.y0 + area.y1) / 2.0);
        let across = |rect: &Rect| (rect.x0 - x).max(x - rect.x1).max(0.0);
        let in_rows = |rect: &Rect| rect.y0 < area.y1.max(area.y0 + 0.1) && rect.y1 > area.y0;
        let nearest = |far: &dyn Fn(&Rect) -> Option<f32>| {
            let far = words.iter().filter_map(|word| Some((far(&word.1)?, *word)));
            far.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, word)| word)
        };
        let next = [
            nearest(&|rect| (rect.y1 <= area.y0).then(|| 1000.0 * (area.y0 - rect.y1) + across(rect))),
            nearest(&|rect| (rect.y0 >= area.y1).then(|| 1000.0 * (rect.y0 - area.y1) + across(rect))),
            nearest(&|rect| {
                (in_rows(rect) && rect.x1 <= area.x0).then(|| area.x0 - rect.x1 + (rect.y0 - y).abs())
            }),
            nearest(&|rect| {
                (in_rows(rect) && rect.x0 >= area.x1).then(|| rect.x0 - area.x1 + (rect.y0 - y).abs())
            }),
        ];
        let touched =
            words.iter().copied().filter(|(_, rect)| in_rows(rect) && rect.x0 < area.x1 && rect.x1 > area.x0);
        touched.chain(next.into_iter().flatten()).collect()
    }

    /// Where a word stands.
    pub fn box_of(&self, id: u32) -> Option<(u32, Rect)> {
        let (_, span) = self.places.iter().find(|(known, _)| *known == id)?;
        Some((span.page, self.rect(*span)))
    }

    /// The word that begins at a place of a page.
    pub fn at(&self, page: u32, x: f32, y: f32, slack: f32) -> Option<u32> {
        let begins = |span: &Span| {
            let rect = self.rect(*span);
            (rect.x0 - x).abs() <= slack && (rect.y0 - y).abs() <= slack
        };
        Some(self.places.iter().find(|(_, span)| span.page == page && begins(span))?.0)
    }

    /// The text of the paragraph that a word stands in, and its place there.
    pub fn paragraph_of(&self, id: u32) -> Option<(Rc<str>, usize)> {
        let at = self.places.iter().position(|(known, _)| *known == id)?;
        let text = &self.paragraphs[at];
        let start = self.paragraphs[..at]
            .iter()
            .rposition(|other| !Rc::ptr_eq(other, text))
            .map_or(0, |before| before + 1);
        Some((text.clone(), at - start))
    }

    fn rect(&self, span: Span) -> Rect {
        self.pages[span.page as usize].rects(span.start..span.end).first().copied().unwrap_or_default()
    }

    pub fn text(&self, spans: &[Span]) -> String {
        let cut = |span: &Span| -> String {
            let text = &self.pages[span.page as usize].text;
            text.chars().skip(span.start as usize).take((span.end - span.start) as usize).collect()
        };
        spans.iter().map(cut).collect::<Vec<_>>().join(" ").replace('\n', " ")
    }

    /// The texts of the paragraphs that spans touch, and whether each stands once in the paper.
    pub fn paragraphs(&self, spans: &[Span]) -> Vec<(Rc<str>, bool)> {
        let touched = |span: &Span| {
            let within =
                |there: &Span| there.page == span.page && there.start < span.end && there.end > span.start;
            let places = self.places.iter().zip(&self.paragraphs);
            places
                .filter(move |((_, there), _)| within(there))
                .map(|(_, text)| text.clone())
                .collect::<Vec<_>>()
        };
        let mut texts: Vec<Rc<str>> = spans.iter().flat_map(touched).collect();
        texts.dedup_by(|a, b| Rc::ptr_eq(a, b));
        let mut all = self.paragraphs.clone();
        all.dedup_by(|a, b| Rc::ptr_eq(a, b));
        texts
            .into_iter()
            .map(|text| (text.clone(), all.iter().filter(|other| **other == text).count() == 1))
            .collect()
    }
}

struct Setter {
    across: usize,
    down: usize,
    head: String,
    curly: bool,
    glyphs: Vec<Glyph>,
    line: usize,
    column: usize,
    set: Set,
}

const HEIGHT: f32 = 16.0;

impl Setter {
    fn begin_page(&mut self) {
        let number = self.set.pages.len() + 1;
        let head = format!("{} – trang {number}", self.head);
        head.chars().for_each(|c| self.glyph(c));
        self.end_line();
    }

    fn end_page(&mut self) {
        self.column = 30;
        let number = (self.set.pages.len() + 1).to_string();
        number.chars().for_each(|c| self.glyph(c));
        let page = PageText::new(&std::mem::take(&mut self.glyphs), 0);
        self.set.pages.push(page);
        (self.line, self.column) = (0, 0);
    }

    fn glyph(&mut self, c: char) {
        let (x, y) = (self.column as f32 * 6.0, self.line as f32 * HEIGHT);
        self.glyphs.push(Glyph { c, rect: Rect { x0: x, y0: y, x1: x + 6.0, y1: y + 12.0 } });
        self.column += 1;
    }

    fn end_line(&mut self) {
        self.glyphs.push(Glyph { c: '\n', rect: Rect::default() });
        (self.line, self.column) = (self.line + 1, 0);
    }

    fn word(&mut self, id: u32, word: &str) {
        let length = word.chars().count();
        if self.column > 4 && self.column + 1 + length > self.across {
            self.end_line();
            if self.line >= self.down {
                self.end_page();
                self.begin_page();
            }
        } else if self.column > 0 && !matches!(self.glyphs.last(), None | Some(Glyph { c: '\n', .. })) {
            self.glyph(' ');
        }
        let start = self.glyphs.len() as u32;
        for c in word.chars() {
            self.glyph(match c {
                '“' | '”' if !self.curly => '"',
                '–' if !self.curly => '-',
                c => c,
            });
        }
        let page = self.set.pages.len() as u32;
        self.set.places.push((id, Span { page, start, end: self.glyphs.len() as u32 }));
    }
}
