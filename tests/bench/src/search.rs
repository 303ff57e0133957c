//! The first hits of a search over 100,000 pages, and whether any are missed: against reading every page by other means.

use crate::measure::*;
use anyhow::{Context, Result, ensure};
use ecabinet_client::Env;
use ecabinet_client::search::{Ask, Index, Shelved};
use ecabinet_domain::RevId;
use ecabinet_pdf::{FileSource, Format, Program, Query, Render, Rotation, Worker};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const PAGES_OF_PAPER: usize = 50;
const WORDS_OF_PAGE: usize = 380;
/// Pages that the desk writes at once.
const AT_ONCE: usize = 8;
/// Hits that a person is shown, and of one paper.
const SHOWN: usize = 50;
const OF_EACH: usize = 3;
/// Papers of the meeting that he is in, which come first.
const NEAR: usize = 25;

pub fn run(dir: &Path, size: Size) -> Result<Vec<Row>> {
    let papers = size.pick(2_000, 4);
    let mut made = Made::new(sample_sentences()?);
    let index = Index::open(dir, &Env::real(), &[3; 32])?;
    let (mut writing, timed) = (0.0, size.pick(40, 2));
    for entry in 0..papers {
        let texts: Vec<String> = (0..PAGES_OF_PAPER).map(|_| made.page()).collect();
        let paper = Shelved { body: 1, entry: entry as u64 };
        // As the desk writes, once the index is large; until then a whole paper at once, which is quicker.
        let last = papers - entry <= timed;
        let at_once = if last { AT_ONCE } else { PAGES_OF_PAPER };
        let (time, added) = seconds(|| {
            texts.chunks(at_once).enumerate().try_for_each(|(at, some)| {
                let rev = RevId([(entry % 251) as u8; 16]);
                index.add(paper, rev, texts.len() as u32, (at * at_once) as u32, some)
            })
        });
        added?;
        if last {
            writing += time;
        }
    }
    let pages = papers * PAGES_OF_PAPER;
    let queries = made.queries(size.pick(1_000, 40));
    let by_scan = made.missed(&index, &queries, size.pick(25, 40))?;

    drop(index);
    let (opening, index) = seconds(|| Index::open(dir, &Env::real(), &[3; 32]));
    let index = index?;
    let ask = Ask {
        body: 1,
        first: (0..NEAR as u64).map(|at| Shelved { body: 1, entry: papers as u64 / 2 + at }).collect(),
        rest: true,
        without: Vec::new(),
        most: SHOWN,
        each: OF_EACH,
    };
    let (mut middle, mut late, mut worst) = (Samples::default(), Samples::default(), (0.0, String::new()));
    for _ in 0..size.rounds() {
        let mut times = Vec::new();
        for query in &queries {
            let (time, found) = seconds(|| index.find(&Query::read(query), &ask));
            found?;
            times.push(time * 1e3);
            if time * 1e3 > worst.0 {
                worst = (time * 1e3, query.clone());
            }
        }
        times.sort_by(f64::total_cmp);
        middle.0.push(times[times.len() / 2]);
        late.0.push(times[times.len() * 99 / 100]);
    }
    let bytes: u64 = ["search.db", "search.db-wal"]
        .iter()
        .filter_map(|name| Some(std::fs::metadata(dir.join(name)).ok()?.len()))
        .sum();
    let what = format!(
        "{pages} pages of {WORDS_OF_PAGE} words in {papers} papers, {} queries; the index has {:.0} MB, opens in {:.0} ms",
        queries.len(),
        bytes as f64 / 1e6,
        opening * 1e3
    );
    let beside = beside(&index, size)?;
    let each = Samples(vec![writing / (timed * PAGES_OF_PAPER) as f64 * 1e3]);
    Ok(vec![
        Row::alone(&format!("search, first {SHOWN} hits, 99 of 100"), Unit::Millis, late, 20.0)
            .note(format!("{what}; the slowest of all {:.1} ms: {}", worst.0, worst.1)),
        Row::alone("the same, half of them", Unit::Millis, middle, 20.0).note(by_scan),
        Row::alone("a page written to the index", Unit::Millis, each, 5.0)
            .note(format!("its text is there; eight pages at once, the last {timed} papers")),
        beside,
    ])
}

/// Pages drawn while others are read for the index without a pause, against alone: worse than what the desk does, which waits for
/// the reader.
fn beside(index: &Index, size: Size) -> Result<Row> {
    let files = sample_files()?;
    let program = Program::at(ecabinet_tests::program("ecabinet-pdf-worker"));
    let open = |program: &Program| {
        Worker::open(program, Arc::new(FileSource::open(&files[0])?)).map_err(anyhow::Error::from)
    };
    let mut reader = open(&program)?;
    let pages = reader.info().pages.len() as u32;
    let mut draw = |_| -> Result<f64> {
        let begun = std::time::Instant::now();
        let turns = size.pick(60, 2);
        for turn in 0..turns {
            let render =
                Render { page: turn % pages, width: 1500, rotation: Rotation::None, format: Format::Webp };
            reader.render(render)?;
        }
        Ok(begun.elapsed().as_secs_f64() * 1e3 / f64::from(turns))
    };
    let mut samples = (Samples::default(), Samples::default());
    draw(0)?;
    for round in 0..size.rounds() {
        samples.1.0.push(draw(round)?);
        let over = AtomicBool::new(false);
        let (drawn, read) = std::thread::scope(|scope| {
            let behind = scope.spawn(|| -> Result<()> {
                ecabinet_wall::stand_behind(None);
                let mut worker = open(&program.clone().behind())?;
                let mut read = 0u32;
                while read == 0 || !over.load(Ordering::Relaxed) {
                    let text = worker.text(read % pages)?.text;
                    let paper = Shelved { body: 2 + round as i64, entry: u64::from(read) };
                    index.add(paper, RevId([0; 16]), 1, 0, &[text])?;
                    read += 1;
                }
                Ok(())
            });
            let drawn = draw(round);
            over.store(true, Ordering::Relaxed);
            (drawn, behind.join().expect("no panic"))
        });
        samples.0.0.push(drawn?);
        read?;
    }
    Ok(Row::new("a page drawn while papers are read", Unit::Millis, samples, Goal::RatioAtMost(1.1))
        .note("peer: alone; 1500 pixels wide, WebP; read and written without a pause, the desk waits for the reader"))
}

fn sample_files() -> Result<Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/sample/papers");
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in std::fs::read_dir(&root).context("make sample has run")?.flatten() {
        let inside = std::fs::read_dir(folder.path()).into_iter().flatten().flatten().map(|file| file.path());
        files.extend(inside.filter(|file| file.extension().is_some_and(|ext| ext == "pdf")));
    }
    files.sort();
    Ok(files)
}

/// The sentences of the sample's papers, as a worker reads them.
fn sample_sentences() -> Result<Vec<String>> {
    let program = Program::at(ecabinet_tests::program("ecabinet-pdf-worker"));
    let mut sentences = Vec::new();
    for file in sample_files()? {
        let mut worker = Worker::open(&program, Arc::new(FileSource::open(&file)?))?;
        for page in 0..worker.info().pages.len() as u32 {
            let text = worker.text(page)?.text.replace(['"', '“', '”', '«', '»', '\n'], " ");
            let parts = text.split_inclusive(['.', ';', ':']).map(str::trim);
            sentences.extend(parts.filter(|part| part.split_whitespace().count() > 3).map(str::to_owned));
        }
    }
    ensure!(sentences.len() > 1000, "{} sentences", sentences.len());
    Ok(sentences)
}

/// Pages out of those sentences, a tenth of their words others of the same frequency; and all words that were used, by numbers.
struct Made {
    sentences: Vec<Vec<String>>,
    all: Vec<String>,
    numbers: HashMap<String, u32>,
    pages: Vec<Vec<u32>>,
    state: u64,
}

impl Made {
    fn new(sentences: Vec<String>) -> Made {
        let split = |text: &String| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let sentences: Vec<Vec<String>> = sentences.iter().map(split).collect();
        let all = sentences.concat();
        Made { sentences, all, numbers: HashMap::new(), pages: Vec::new(), state: 5 }
    }

    fn dice(&mut self, of: usize) -> usize {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % of
    }

    fn page(&mut self) -> String {
        let mut words: Vec<String> = Vec::new();
        while words.len() < WORDS_OF_PAGE {
            let sentence = self.dice(self.sentences.len());
            for word in self.sentences[sentence].clone() {
                words.push(match self.dice(100) {
                    0 => self.dice(20_000).to_string(),
                    1..=10 => {
                        let other = self.dice(self.all.len());
                        self.all[other].clone()
                    }
                    _ => word,
                });
            }
        }
        let text = words.join(" ");
        let ids = split(&text).into_iter().map(|word| {
            let next = self.numbers.len() as u32;
            *self.numbers.entry(word).or_insert(next)
        });
        self.pages.push(ids.collect());
        text
    }

    /// The most frequent words, sentences' parts, words in a row that nobody wrote, beginnings, diacritics, rare words.
    fn queries(&mut self, count: usize) -> Vec<String> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        self.all.iter().for_each(|word| *counts.entry(plain(word)).or_default() += 1);
        counts.retain(|word, _| word.chars().all(char::is_alphanumeric));
        let mut frequent: Vec<String> = counts.keys().cloned().collect();
        frequent.sort_by_key(|word| std::cmp::Reverse(counts[word]));
        let mut queries = BTreeSet::new();
        while queries.len() < count {
            let kind = self.dice(20);
            let common = |made: &mut Made, of: usize| frequent[made.dice(of.min(frequent.len()))].clone();
            let sentence = self.dice(self.sentences.len());
            let sentence = self.sentences[sentence].clone();
            let start = self.dice(sentence.len() - 3);
            let long = 2 + self.dice(5);
            let part = sentence[start..(start + long).min(sentence.len())].join(" ");
            let query = match kind {
                0..=3 => format!("{} ", common(self, 200)),
                4..=7 => plain(&part),
                8..=9 => part,
                10..=11 => format!("\"{part}\""),
                12..=14 => format!("\"{} {}\"", common(self, 40), common(self, 40)),
                15 => format!("\"{} {} {}\"", common(self, 40), common(self, 40), common(self, 40)),
                16 => format!("{} {} {}", common(self, 40), common(self, 400), common(self, 40)),
                17..=18 => {
                    let long = 2 + self.dice(2);
                    common(self, 400).chars().take(long).collect()
                }
                _ => self.dice(20_000).to_string(),
            };
            queries.insert(query);
        }
        queries.into_iter().collect()
    }

    /// Compares all hits of some queries with what reading every page gives.
    fn missed(&self, index: &Index, queries: &[String], most: usize) -> Result<String> {
        let everywhere = Ask {
            body: 1,
            first: Vec::new(),
            rest: true,
            without: Vec::new(),
            most: usize::MAX,
            each: usize::MAX,
        };
        let mut total = 0;
        for query in queries.iter().step_by((queries.len() / most).max(1)) {
            let found = index.pages(&Query::read(query), &everywhere)?;
            let found: BTreeSet<usize> = found
                .iter()
                .map(|(paper, page)| paper.entry as usize * PAGES_OF_PAPER + *page as usize)
                .collect();
            let scanned = self.scan(query);
            let (missed, beyond) = (scanned.difference(&found).count(), found.difference(&scanned).count());
            ensure!(missed + beyond == 0, "{query}: {missed} pages missed, {beyond} beyond");
            total += found.len();
        }
        Ok(format!(
            "every hit of {} queries is found, and nothing else: {total} pages by reading all of them",
            most.min(queries.len())
        ))
    }

    fn scan(&self, query: &str) -> BTreeSet<usize> {
        let in_a_row = query.starts_with('"');
        let growing = !in_a_row && query.ends_with(char::is_alphanumeric);
        // What was typed without a blank stands together, as in `12/NQ-CP`.
        let groups: Vec<Vec<String>> = if in_a_row {
            vec![split(query)]
        } else {
            query.split_whitespace().map(split).filter(|group| !group.is_empty()).collect()
        };
        let (mut groups, mut growing) = (groups, growing);
        // A first letter says nothing yet.
        if growing && groups.len() > 1 && groups.last().is_some_and(|last| last.concat().chars().count() == 1)
        {
            groups.pop();
            growing = false;
        }
        let sought: Vec<Vec<Vec<bool>>> = groups
            .iter()
            .enumerate()
            .map(|(at, group)| {
                let of_word = |(place, word): (usize, &String)| {
                    let end = at + 1 == groups.len() && place + 1 == group.len();
                    let open = growing && end && (group.len() > 1 || word.chars().count() > 1);
                    let is = |known: &&String| if open { known.starts_with(word) } else { *known == word };
                    let mut sought = vec![false; self.numbers.len()];
                    self.numbers
                        .keys()
                        .filter(is)
                        .for_each(|known| sought[self.numbers[known] as usize] = true);
                    sought
                };
                group.iter().enumerate().map(of_word).collect()
            })
            .collect();
        let has = |page: &Vec<u32>| {
            sought.iter().all(|group| {
                page.windows(group.len())
                    .any(|row| row.iter().zip(group).all(|(id, sought)| sought[*id as usize]))
            })
        };
        let pages = self.pages.iter().enumerate().filter(|(_, page)| has(page));
        pages.map(|(at, _)| at).collect()
    }
}

fn split(text: &str) -> Vec<String> {
    let text = plain(text);
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Without diacritics, by a table of the Vietnamese letters.
fn plain(text: &str) -> String {
    const TABLE: [(&str, char); 7] = [
        ("áàảãạăắằẳẵặâấầẩẫậ", 'a'),
        ("éèẻẽẹêếềểễệ", 'e'),
        ("íìỉĩị", 'i'),
        ("óòỏõọôốồổỗộơớờởỡợ", 'o'),
        ("úùủũụưứừửữự", 'u'),
        ("ýỳỷỹỵ", 'y'),
        ("đ", 'd'),
    ];
    let fold = |c: char| match c {
        '²' => '2',
        '³' => '3',
        c => TABLE.iter().find(|(all, _)| all.contains(c)).map_or(c, |(_, plain)| *plain),
    };
    // A hyphen at a line's end is in the text, not in the word.
    text.to_lowercase().chars().filter(|c| *c != '\u{ad}').map(fold).collect()
}
