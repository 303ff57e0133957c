//! Whole exports, tampered with in more than ten thousand ways: each must be caught, for the reason that is its own; and what
//! is only packed otherwise must pass.
//!
//! Every way has a number, which says what is done to which export. `ECABINET_TAMPERING=NUMBER` does that one alone. The
//! worked example is always the same; the records of real programs are made anew each time, so what fails on one of them is
//! kept in `target/tampering`.

mod archive;
mod beside;
mod classes;
mod container;
mod dice;
mod expect;
mod harmless;
mod original;
mod programs;
mod record;
mod sequence;
mod server;
mod statement;
mod told;
mod values;

use classes::{Case, Given, Tampering};
use dice::Dice;
use ecabinet_verify::{Question, Report, malformed, verify};
use original::Original;
use programs::Verifiers;
use server::Vouched;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Without keys, with the log's keys, and only packed otherwise.
const TAMPERED: u64 = 9_000;
const VOUCHED: u64 = 2_000;
const REPACKED: u64 = 1_000;
/// One of so many is given to the programs too.
const SAMPLE: u64 = 200;

/// How often a class is tried before another export is taken.
const TRIES: usize = 40;

#[tokio::test(flavor = "multi_thread")]
async fn every_tampering_is_caught_and_nothing_harmless_is() {
    let [whole, part] = told::told().await;
    let originals = [Original::example(), whole, part];
    let verifiers = Verifiers::new();
    let all = Tampered { originals: &originals, verifiers: &verifiers };
    if let Ok(number) = std::env::var("ECABINET_TAMPERING") {
        let number = number.parse().expect("a number");
        println!("{:?}", all.tell(number).expect("it is caught"));
        return;
    }
    let told = all.tell_all(TAMPERED + VOUCHED + REPACKED);
    for (class, counts) in &told {
        println!("{class}: {counts:?}");
    }
    let classes = classes::classes() + server::classes() + 1;
    assert_eq!(told.len(), classes, "each class was made");
    // The server's word is all that these rest on: without an anchor nobody can know.
    for class in [
        "with the log's key: the tail is cut",
        "with the log's key: a late ballot is ordered before the close",
        "with the log's key: statements that do not know of each other change places",
        "with the log's key: the last entries have other times",
    ] {
        assert!(told[class].alone > 0, "{class}");
    }
}

/// What a number came to.
#[derive(Debug)]
struct Told {
    class: String,
    /// What it was caught by.
    code: &'static str,
    /// It held without the anchor.
    alone: bool,
}

#[derive(Debug, Default)]
struct Counts {
    alone: u64,
    codes: BTreeMap<&'static str, u64>,
}

struct Tampered<'a> {
    originals: &'a [Original],
    verifiers: &'a Verifiers,
}

impl Tampered<'_> {
    /// By all cores; panics with the first that went wrong, after all are told.
    fn tell_all(&self, numbers: u64) -> BTreeMap<String, Counts> {
        let (next, told) = (AtomicU64::new(0), Mutex::new((BTreeMap::<String, Counts>::new(), Vec::new())));
        let work = || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= numbers {
                    return;
                }
                let one = self.tell(number);
                let mut told = told.lock().expect("no panic");
                match one {
                    Ok(one) => {
                        let counts = told.0.entry(one.class).or_default();
                        *counts.codes.entry(one.code).or_default() += 1;
                        counts.alone += u64::from(one.alone);
                    }
                    Err(wrong) => told.1.push(wrong),
                }
            }
        };
        std::thread::scope(|scope| {
            let cores = std::thread::available_parallelism().map_or(2, usize::from);
            (0..cores).for_each(|_| {
                scope.spawn(work);
            });
        });
        let (counts, wrong) = told.into_inner().expect("no panic");
        assert!(wrong.is_empty(), "{} went wrong:\n{}", wrong.len(), wrong[..wrong.len().min(20)].join("\n"));
        counts
    }

    fn tell(&self, number: u64) -> Result<Told, String> {
        if number < TAMPERED {
            self.tampered(number)
        } else if number < TAMPERED + VOUCHED {
            self.vouched(number)
        } else {
            self.repacked(number)
        }
    }

    /// The exports, the one first whose turn it is, each with one of another body.
    fn cases(&self, turn: usize) -> impl Iterator<Item = Case<'_>> {
        (0..self.originals.len()).map(move |at| {
            let original = &self.originals[(turn + at) % self.originals.len()];
            let other = self.originals.iter().find(|other| other.body != original.body).expect("two bodies");
            Case { original, other }
        })
    }

    fn tampered(&self, number: u64) -> Result<Told, String> {
        let (class, turn) = (number as usize % classes::classes(), number as usize / classes::classes());
        let mut dice = Dice::new(number);
        for case in self.cases(turn) {
            for _ in 0..TRIES {
                let (name, made) = classes::make(class, &case, &mut dice);
                let Some(Tampering { how, given, expect }) = made else { continue };
                let what = format!("{number}: {name}: {how} ({})", case.original.name);
                let report = self.ask(number, case.original, &given, None, &what)?;
                return match report.failures.first() {
                    Some(first) if expect.is_met_by(first) => {
                        Ok(Told { class: name.into(), code: first.code, alone: false })
                    }
                    first => {
                        Err(kept(number, case.original, &given, format!("{what}: {first:?}, not {expect}")))
                    }
                };
            }
        }
        Err(format!("{number}: no export can be tampered with so"))
    }

    fn vouched(&self, number: u64) -> Result<Told, String> {
        let (class, turn) = (number as usize % server::classes(), number as usize / server::classes());
        let mut dice = Dice::new(number);
        for case in self.cases(turn) {
            for _ in 0..TRIES {
                let (name, made) = server::make(class, case.original, &mut dice);
                let Some(Vouched { how, export, alone, may_hold, anchor, anchored }) = made else { continue };
                let what = format!("{number}: with the log's key: {name}: {how} ({})", case.original.name);
                let given = Given::Export(export);
                let report = self.ask(number, case.original, &given, None, &what)?;
                let held = report.holds;
                let met = match report.failures.first() {
                    None => may_hold,
                    Some(first) => alone.is_met_by(first),
                };
                if !met {
                    return Err(kept(
                        number,
                        case.original,
                        &given,
                        format!("{what}: {:?}, not {alone}, may hold: {may_hold}", report.failures.first()),
                    ));
                }
                let mut code = report.failures.first().map_or("holds", |first| first.code);
                if held {
                    let report = self.ask(number, case.original, &given, Some(&anchor), &what)?;
                    let first = report.failures.first();
                    code = first.map_or("holds", |first| first.code);
                    if !first.is_some_and(|first| anchored.is_met_by(first)) {
                        return Err(kept(
                            number,
                            case.original,
                            &given,
                            format!("{what}: {first:?}, not {anchored}"),
                        ));
                    }
                }
                return Ok(Told { class: format!("with the log's key: {name}"), code, alone: held });
            }
        }
        Err(format!("{number}: no export can be tampered with so"))
    }

    fn repacked(&self, number: u64) -> Result<Told, String> {
        let mut dice = Dice::new(number);
        let original = &self.originals[number as usize % self.originals.len()];
        let (how, given) = harmless::repacked(original, &mut dice);
        let what = format!("{number}: harmless: {how} ({})", original.name);
        // What was kept of any time agrees with it.
        let size = 1 + dice.next() % original.size() as u64;
        let anchor = original.receipt(dice.next() % size, size).to_text();
        let report = self.ask(number, original, &given, Some(&anchor), &what)?;
        match harmless::wrong(original, &report) {
            None => Ok(Told { class: "harmless".into(), code: "holds", alone: true }),
            Some(wrong) => Err(kept(number, original, &given, format!("{what}: {wrong}"))),
        }
    }

    /// Asks the library, and the programs about one of so many.
    fn ask(
        &self,
        number: u64,
        original: &Original,
        given: &Given,
        anchor: Option<&str>,
        what: &str,
    ) -> Result<Report, String> {
        let question =
            Question { anchors: anchor.map(str::to_owned).into_iter().collect(), ..original.question() };
        let report = given
            .read()
            .map_or_else(|error| malformed(&error, &question), |export| verify(&export, &question));
        if Dice::new(!number).next().is_multiple_of(SAMPLE) {
            let body = original.body.to_string();
            let differ = self.verifiers.differ(number, given, &body, anchor, &report);
            if !differ.is_empty() {
                return Err(kept(number, original, given, format!("{what}: {}", differ.join("; "))));
            }
        }
        Ok(report)
    }
}

/// Keeps what went wrong to be looked at; gives what went wrong.
fn kept(number: u64, original: &Original, given: &Given, wrong: String) -> String {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tampering").join(number.to_string());
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).expect("a folder");
    original.export.write(&dir.join("original")).expect("written");
    given.write(&dir.join("tampered"));
    wrong
}
