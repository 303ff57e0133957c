//! Every refusal has a stable code, and every code has words in both languages for those who meet it: nothing is told in
//! code alone, and no words are kept for what nobody says.

use ecabinet_protocol::words;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Where codes are given.
const GIVEN: [&str; 12] = [
    "crates/domain/src",
    "crates/record/src",
    "crates/protocol/src",
    "crates/disk/src",
    "crates/wall/src",
    "crates/pdf/src",
    "crates/pades/src",
    "crates/client/src",
    "crates/server/src",
    "crates/cli/src",
    "crates/verify/src",
    "src-tauri/src",
];
/// Where they are told, to whom.
const COMMAND_LINE: &str = "crates/cli/src/text.rs";
const ADMINISTRATOR: &str = "crates/server/src/program/failure.rs";
const VERIFIER: [&str; 2] = ["crates/verify/src/people.rs", "crates/verify/src/main.rs"];
const APP: &str = "ui/src/lib/errors/words.ts";

/// Names that look like a code and are a file's.
const FILES: [&str; 20] = [
    "ca.key",
    "ca.pem",
    "commands.ts",
    "doctor.pdf",
    "epochs.sql",
    "errors.ts",
    "farewell.json",
    "folded.sql",
    "index.ts",
    "item.toml",
    "losses.sql",
    "meeting.toml",
    "pairing.sql",
    "places.sql",
    "record.db",
    "results.json",
    "schema.sql",
    "server.toml",
    "session.key",
    "words.txt",
];
const MORE_FILES: [&str; 6] =
    ["audience.toml", "reminders.json", "search.db", "settings.json", "slots.json", "vault.db"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Rust files under a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(path);
        }
    }
}

/// Words with a dot that are whole text literals: codes, kinds of statements, names of files.
fn dotted(source: &str) -> impl Iterator<Item = &str> {
    let own = source.split("#[cfg(test)]\nmod tests {").next().expect("a beginning");
    let lines = own.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| {
        // Every second part lies between quotes; `planted` names bugs that the simulation is tried with.
        let parts: Vec<&str> = line.split('"').collect();
        let literals = (1..parts.len()).step_by(2).filter(|at| !parts[at - 1].ends_with("planted("));
        literals.map(|at| parts[at]).filter(|text| is_dotted(text)).collect::<Vec<_>>()
    })
}

fn is_dotted(text: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|letter: char| letter.is_ascii_lowercase())
            && word.chars().all(|letter| matches!(letter, 'a'..='z' | '0'..='9' | '_'))
    };
    text.split_once('.').is_some_and(|(area, rest)| is_word(area) && is_word(rest))
}

/// Kinds of statements are no codes, unless something else gives them as one.
fn kinds() -> BTreeSet<String> {
    let acts = read("crates/domain/src/act/mod.rs");
    let is_act =
        |line: &&str| ["Must,", "May,", "Never,"].iter().any(|carries| line.trim_end().ends_with(carries));
    acts.lines().filter(is_act).flat_map(dotted).map(str::to_owned).collect()
}

/// Each code with the crates that give it.
fn given() -> BTreeMap<String, BTreeSet<String>> {
    let told = [COMMAND_LINE, ADMINISTRATOR, VERIFIER[0]].map(|path| root().join(path));
    let mut codes = BTreeMap::<String, BTreeSet<String>>::new();
    for folder in GIVEN {
        let mut files = Vec::new();
        sources(&root().join(folder), &mut files);
        for file in files.into_iter().filter(|file| !told.contains(file) && !file.ends_with("tests.rs")) {
            let source = std::fs::read_to_string(&file).expect("a source");
            for code in dotted(&source) {
                codes.entry(code.to_owned()).or_default().insert(folder.to_owned());
            }
        }
    }
    FILES.iter().chain(&MORE_FILES).for_each(|file| {
        codes.remove(*file);
    });
    codes
}

/// Codes in a source in which words are told.
fn told_in(path: &str) -> BTreeSet<String> {
    dotted(&read(path)).map(str::to_owned).collect()
}

fn shared() -> BTreeSet<String> {
    words::all().map(|words| words.code.to_owned()).collect()
}

/// Of the app's own words: keys of its table.
fn app() -> BTreeSet<String> {
    let source = read(APP);
    let keys = source.lines().filter_map(|line| line.trim_start().strip_prefix('"')?.split_once("\": ("));
    keys.map(|(code, _)| code.to_owned()).collect()
}

#[test]
fn every_code_has_words_for_whoever_meets_it() {
    let (shared, kinds) = (shared(), kinds());
    let command_line: BTreeSet<_> = shared.union(&told_in(COMMAND_LINE)).cloned().collect();
    let administrator: BTreeSet<_> = shared.union(&told_in(ADMINISTRATOR)).cloned().collect();
    let verifier: BTreeSet<_> =
        VERIFIER.iter().flat_map(|path| told_in(path)).chain(shared.clone()).collect();
    let given = given();
    assert!(given.len() > 300 && kinds.len() > 20, "{} codes, {} kinds", given.len(), kinds.len());
    let lacking: Vec<_> = given
        .iter()
        .filter(|(code, by)| {
            let only = |folder: &str| by.len() == 1 && by.contains(folder);
            let told = match () {
                () if only("crates/cli/src") => &command_line,
                () if only("crates/server/src") => &administrator,
                () if only("crates/verify/src") => &verifier,
                // It may come to any of them: the app has the shared words too.
                () => &shared,
            };
            !told.contains(*code) && !kinds.contains(*code)
        })
        .collect();
    assert!(lacking.is_empty(), "without words: {lacking:?}");
}

#[test]
fn no_words_are_kept_for_a_code_that_nobody_gives() {
    let given = given();
    let told = shared().into_iter().chain(app()).chain(told_in(COMMAND_LINE)).chain(told_in(ADMINISTRATOR));
    let told = told.chain(told_in(VERIFIER[0]));
    let idle: BTreeSet<_> = told.filter(|code| !given.contains_key(code)).collect();
    assert!(idle.is_empty(), "nobody gives {idle:?}");
}

#[test]
fn words_say_the_same_in_both_languages_and_speak_to_nobody_by_a_pronoun() {
    let mut before = BTreeSet::new();
    for words::Words { code, vi, en } in words::all() {
        assert!(before.insert(code), "{code} twice");
        assert!(is_dotted(code) && vi.len() > 10 && en.len() > 10, "{code}");
        assert_eq!(params(vi), params(en), "{code}");
        assert!([vi, en].iter().all(|text| text.ends_with('.')), "{code} is no sentence");
        assert!(!format!(" {} ", vi.to_lowercase()).contains(" bạn "), "{code}");
    }
}

/// `{name}`s of a text.
fn params(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}
