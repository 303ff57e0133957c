//! Papers that somebody broke on purpose: each is opened, drawn, read or refused with a code; a worker may die of it, the
//! program that asked does not, and another paper that is open stays as it was.
//!
//! `ECABINET_CORPUS=5000` for as many; a seed that fails is told again by `ECABINET_CORPUS_FROM=SEED ECABINET_CORPUS=1`.
//! `ECABINET_CORPUS_OF=FOLDER` takes the papers of a folder as they are, such as another program's tests, in the order of names.

mod common;

use common::{path, program, source};
use ecabinet_pdf::{Format, Paper, PdfError, Pool, Program, Render, Rotation};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Pages of a broken paper that are drawn and read.
const PAGES: usize = 3;

#[test]
fn broken_papers_are_drawn_as_far_as_they_go_and_hurt_nobody() {
    let number = |name: &str, or: u64| std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(or);
    let (first, count) = (number("ECABINET_CORPUS_FROM", 0), number("ECABINET_CORPUS", 120));
    let given = std::env::var_os("ECABINET_CORPUS_OF").map(|folder| papers_in(Path::new(&folder)));
    let count = given.as_ref().map_or(count, |files| files.len() as u64);
    let good = if given.is_none() { good_papers() } else { Vec::new() };
    // Short, since many wait for it.
    let pool = Pool::new(Program { deadline: Duration::from_secs(3), ..program() }, 4);
    let next = AtomicU64::new(first);
    let came = Mutex::new(BTreeMap::<String, u64>::new());
    std::thread::scope(|scope| {
        for hand in 0..2 {
            let (pool, good, given, next, came) = (&pool, &good, &given, &next, &came);
            scope.spawn(move || {
                let healthy = pool.open(&format!("healthy {hand}"), source("paper.pdf")).unwrap();
                let expected = healthy.render(page(0)).unwrap();
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count {
                        return;
                    }
                    let broken = Arc::new(match given {
                        Some(files) => std::fs::read(&files[(seed - first) as usize]).unwrap(),
                        None => broken(good, seed),
                    });
                    let outcome = use_it(pool, seed, broken);
                    pool.close(&seed.to_string());
                    for what in outcome {
                        *came.lock().unwrap().entry(what).or_default() += 1;
                    }
                    assert_eq!(healthy.render(page(0)), Ok(expected.clone()), "beside seed {seed}");
                }
            });
        }
    });
    let came = came.into_inner().unwrap();
    println!("{count} papers: {came:?}");
    let of = |what: &str| came.get(what).copied().unwrap_or_default();
    assert_eq!(of("opened") + of("not opened"), count);
    assert!(of("opened") > count / 4 && of("not opened") > 0, "of both kinds: {came:?}");
    assert!(of("drawn") > 0);
}

/// Everything that a reader does with a paper; what came of it, by codes.
fn use_it(pool: &Arc<Pool>, seed: u64, broken: Arc<Vec<u8>>) -> Vec<String> {
    let paper = match pool.open(&seed.to_string(), broken) {
        Ok(paper) => paper,
        Err(error) => return vec!["not opened".into(), code(seed, &error)],
    };
    let mut came = vec!["opened".to_owned()];
    let mut note = |what: &str, result: Result<(), PdfError>| {
        came.push(match result {
            Ok(()) => what.to_owned(),
            Err(error) => format!("not {what}: {}", code(seed, &error)),
        });
    };
    for n in 0..paper.info().pages.len().min(PAGES) as u32 {
        note("drawn", paper.render(page(n)).map(drop));
        note("read", whole_text(&paper, n));
    }
    note("searched", paper.search("nghi quyet", 10).map(drop));
    note("outlined", paper.outline().map(drop));
    came
}

/// A page's text is whole, whatever it is made of: words lie within it, boxes are numbers.
fn whole_text(paper: &Paper, page: u32) -> Result<(), PdfError> {
    let text = paper.text(page)?;
    let len = text.text.chars().count() as u32;
    for word in &text.words {
        assert!(word.start < word.end && word.end <= len, "{word:?} of {len}");
        let rect = word.rect;
        assert!([rect.x0, rect.y0, rect.x1, rect.y1].iter().all(|at| at.is_finite()), "{word:?}");
    }
    Ok(())
}

fn code(seed: u64, error: &PdfError) -> String {
    let known = [
        "pdf.not_pdf",
        "pdf.encrypted",
        "pdf.truncated",
        "pdf.page_missing",
        "pdf.size",
        "pdf.timeout",
        "pdf.crashed",
    ];
    assert!(known.contains(&error.code()), "seed {seed}: {error}");
    error.code().to_owned()
}

fn page(page: u32) -> Render {
    Render { page, width: 600, rotation: Rotation::None, format: Format::Rgba }
}

/// Whole papers, as they are and unpacked: in the latter what is broken lies within pages and not only between them.
fn good_papers() -> Vec<Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let mut all = Vec::new();
    for file in files() {
        all.push(std::fs::read(&file).unwrap());
        let plain = folder.path().join("plain.pdf");
        let done =
            Command::new("qpdf").args(["--qdf", "--object-streams=disable"]).arg(&file).arg(&plain).status();
        // Some papers of this folder are broken already.
        if done.is_ok_and(|done| matches!(done.code(), Some(0 | 3))) {
            all.push(std::fs::read(&plain).unwrap());
        }
    }
    all.retain(|paper| paper.len() < 4 << 20);
    assert!(all.len() > 8, "enough to break");
    all
}

fn files() -> Vec<PathBuf> {
    let own = path("paper.pdf").parent().unwrap().to_owned();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/sample/papers");
    let items = std::fs::read_dir(sample).into_iter().flatten().flatten().map(|item| item.path());
    let mut folders: Vec<PathBuf> = items.collect();
    folders.push(own);
    folders.iter().flat_map(|folder| papers_in(folder)).collect()
}

fn papers_in(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path());
    let mut files: Vec<PathBuf> = files.filter(|file| file.extension() == Some("pdf".as_ref())).collect();
    files.sort();
    files
}

/// The same seed is the same paper.
fn broken(good: &[Vec<u8>], seed: u64) -> Vec<u8> {
    let mut dice = Dice(seed);
    let mut paper = good[dice.below(good.len())].clone();
    for _ in 0..1 + dice.below(6) {
        if paper.len() < 64 {
            break;
        }
        let at = dice.below(paper.len());
        let piece = at..(at + 1 + dice.below(400)).min(paper.len());
        match dice.below(9) {
            0 => piece.for_each(|at| paper[at] ^= 1 << dice.below(8)),
            1 => paper[at] = dice.below(256) as u8,
            2 => drop(paper.drain(piece)),
            3 => paper.truncate(at),
            4 => {
                let copy = paper[piece].to_vec();
                let to = dice.below(paper.len());
                paper.splice(to..to, copy);
            }
            5 => {
                let other = &good[dice.below(good.len())];
                let from = dice.below(other.len());
                let to = (from + 2000).min(other.len());
                paper.splice(at..at, other[from..to].iter().copied());
            }
            _ => number(&mut paper, at, &mut dice),
        }
    }
    paper
}

/// Another number in the place of the next one: a length, a reference, a size, an operand.
fn number(paper: &mut Vec<u8>, from: usize, dice: &mut Dice) {
    let Some(place) = digits(paper, from) else { return };
    const ODD: [&str; 12] = [
        "0",
        "1",
        "-1",
        "2147483647",
        "2147483648",
        "-2147483648",
        "4294967296",
        "99999999999999999999",
        "1e9",
        "0.0000001",
        "65535",
        "3",
    ];
    let near = dice.below(40).to_string();
    let other = if dice.below(2) == 0 { ODD[dice.below(ODD.len())] } else { &near };
    paper.splice(place, other.bytes());
}

fn digits(paper: &[u8], from: usize) -> Option<Range<usize>> {
    let start = from + paper[from..].iter().position(u8::is_ascii_digit)?;
    let length = paper[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    Some(start..start + length)
}

/// Splitmix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}
