//! The vectors in `assets/record-vectors/`: what the generator makes is what stands there, and every vector gives just
//! what it expects. `ECABINET_WRITE_VECTORS=1` writes them anew.

mod kit;

#[path = "vectors/chain.rs"]
mod chain;
#[path = "vectors/check.rs"]
mod check;
#[path = "vectors/content.rs"]
mod content;
#[path = "vectors/decisions.rs"]
mod decisions;
#[path = "vectors/devices.rs"]
mod devices;
#[path = "vectors/edge.rs"]
mod edge;
#[path = "vectors/example.rs"]
mod example;
#[path = "vectors/form.rs"]
mod form;
#[path = "vectors/meetings.rs"]
mod meetings;
#[path = "vectors/notes.rs"]
mod notes;
#[path = "vectors/rules.rs"]
mod rules;

use kit::Log;
use kit::story::Story;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Makes vectors: their files' names without number, in order.
struct Maker {
    story: Story,
    negative: Vec<(String, Value)>,
    edge: Vec<(String, Value)>,
}

impl Maker {
    fn all() -> Maker {
        let mut maker = Maker { story: Story::new(), negative: Vec::new(), edge: Vec::new() };
        form::make(&mut maker);
        chain::make(&mut maker);
        rules::make(&mut maker);
        decisions::make(&mut maker);
        devices::make(&mut maker);
        meetings::make(&mut maker);
        edge::make(&mut maker);
        notes::make(&mut maker);
        content::make(&mut maker);
        maker
    }

    /// Leaves behind a prefix of the example, of which the first is bad.
    fn replay(
        &mut self,
        rule: &str,
        name: &str,
        description: &str,
        log: &Log,
        leaves: Vec<Vec<u8>>,
        code: &str,
    ) {
        self.replay_at(rule, name, description, log, leaves, 0, code);
    }

    #[allow(clippy::too_many_arguments, reason = "a row of a table")]
    fn replay_at(
        &mut self,
        rule: &str,
        name: &str,
        description: &str,
        log: &Log,
        leaves: Vec<Vec<u8>>,
        bad: u64,
        code: &str,
    ) {
        let (given, prefix) = self.given(log, leaves);
        let expect = json!({"code": code, "index": prefix + bad});
        self.other(rule, name, description, "replay", given, expect);
    }

    /// Leaves behind a prefix of the example, all of which hold.
    fn holds(&mut self, rule: &str, name: &str, description: &str, log: &Log, leaves: Vec<Vec<u8>>) {
        let (given, _) = self.given(log, leaves);
        let mut vector = json!({"description": description, "rule": rule, "about": "replay", "given": given});
        vector["expect"] = check::found(&vector, Path::new(""), &self.story.log);
        assert!(vector["expect"].get("code").is_none(), "{name}: {}", vector["expect"]);
        self.edge.push((name.to_owned(), vector));
    }

    fn given(&self, log: &Log, leaves: Vec<Vec<u8>>) -> (Value, u64) {
        let same = log.leaves.iter().zip(&self.story.log.leaves).take_while(|(a, b)| a == b).count();
        let own = log.leaves[same..].iter().chain(&leaves).map(hex::encode).collect::<Vec<_>>();
        (json!({"prefix": same, "leaves": own}), log.size())
    }

    fn other(&mut self, rule: &str, name: &str, description: &str, about: &str, given: Value, expect: Value) {
        let vector = json!({"description": description, "rule": rule, "about": about, "given": given, "expect": expect});
        self.negative.push((name.to_owned(), vector));
    }

    /// Every file but the example's, by path.
    fn files(&self) -> BTreeMap<String, Value> {
        let numbered = |folder: &str, list: &[(String, Value)]| {
            let name = |at: usize, name: &str| format!("{folder}/{:03}-{name}.json", at + 1);
            list.iter().enumerate().map(|(at, (n, vector))| (name(at, n), vector.clone())).collect::<Vec<_>>()
        };
        let mut files: BTreeMap<_, _> = numbered("negative", &self.negative).into_iter().collect();
        files.extend(numbered("edge", &self.edge));
        files.insert("example.json".to_owned(), example::expected(&self.story));
        files.insert("tally.json".to_owned(), edge::tallies(self.story.log.state()));
        files
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/record-vectors")
}

fn stored() -> BTreeMap<String, Value> {
    let mut files = BTreeMap::new();
    let mut read = |name: String| {
        let text = fs::read_to_string(folder().join(&name)).expect("a vector");
        files.insert(name, serde_json::from_str(&text).expect("JSON"));
    };
    for sub in ["negative", "edge"] {
        for file in fs::read_dir(folder().join(sub)).expect("vectors") {
            read(format!("{sub}/{}", file.expect("a file").file_name().to_string_lossy()));
        }
    }
    ["example.json", "tally.json"].iter().for_each(|name| read(name.to_string()));
    files
}

fn write(maker: &Maker) {
    for part in ["example", "negative", "edge"] {
        let _ = fs::remove_dir_all(folder().join(part));
    }
    fs::create_dir_all(folder()).unwrap();
    example::export(&maker.story).write(&folder().join("example")).unwrap();
    for (name, value) in maker.files() {
        let path = folder().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{value:#}\n")).unwrap();
    }
}

#[test]
fn the_generator_makes_what_is_stored() {
    let maker = Maker::all();
    if std::env::var_os("ECABINET_WRITE_VECTORS").is_some() {
        write(&maker);
    }
    let (made, stored) = (maker.files(), stored());
    assert_eq!(made.keys().collect::<Vec<_>>(), stored.keys().collect::<Vec<_>>());
    made.iter().for_each(|(name, value)| assert_eq!(value, &stored[name], "{name}"));
    let read = ecabinet_record::export::Export::read(&folder().join("example")).unwrap();
    let made = example::export(&maker.story);
    assert_eq!(
        (read.entries, read.payloads, read.checkpoint),
        (made.entries, made.payloads, made.checkpoint)
    );
}

#[test]
fn every_stored_vector_gives_what_it_expects() {
    let example = folder().join("example");
    let export = ecabinet_record::export::Export::read(&example).unwrap();
    let log = Log::of(&export.entries);
    let mut wrong = Vec::new();
    let vectors = stored();
    for (name, vector) in vectors.iter().filter(|(name, _)| name.contains('/')) {
        let found = check::found(vector, &example, &log);
        if found != vector["expect"] {
            wrong.push(format!("{name}: expects {} and gives {found}", vector["expect"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_example_holds() {
    check::verify(&folder().join("example")).unwrap();
    let example: Value = stored().remove("example.json").unwrap();
    let receipt = json!({"about": "receipt", "given": {
        "text": example["receipt"]["text"], "body": example["body"], "log_key": example["log_keys"][1]["key"],
    }});
    let refusal = json!({"about": "refusal", "given": {
        "refusal": example["refusal"], "body": example["body"], "log_key": example["log_keys"][1]["key"],
    }});
    let ticket = json!({"about": "ticket", "given": {"text": example["ticket"]["link"]}});
    for vector in [receipt, refusal, ticket] {
        assert_eq!(check::found(&vector, Path::new(""), &Log::default()), json!({}), "{vector}");
    }
}

/// Every code of the reference stands in a vector, but those that only a server or a verifier says.
#[test]
fn every_code_of_the_reference_has_a_vector() {
    let text = fs::read_to_string(folder().join("../../docs/record-format.md")).unwrap();
    let vectors = stored();
    let had: BTreeSet<&str> =
        vectors.values().filter_map(|vector| vector["expect"]["code"].as_str()).collect();
    let is_code = |word: &&str| {
        let letters = word.bytes().all(|b| b.is_ascii_lowercase() || b == b'.' || b == b'_');
        letters && word.matches('.').count() == 1 && !word.starts_with('.') && !word.ends_with('.')
    };
    let not_codes =
        ["results.json", "recovery.sign", "data.level", "seen.size", "seen.root", "quorum.num", "quorum.den"];
    let by_server = ["level.beyond", "epoch.moved"];
    // Told by a verifier that is given evidence from elsewhere: `ecabinet-verify`'s own tests hold them.
    let by_verifier = |word: &&&str| word.starts_with("anchor.") || word.starts_with("witness.");
    let codes = text.split('`').filter(is_code).filter(|word| !ecabinet_domain::Act::KINDS.contains(word));
    let codes: BTreeSet<&str> =
        codes.filter(|word| !not_codes.contains(word) && !by_server.contains(word)).collect();
    let codes: BTreeSet<&str> = codes.iter().filter(|word| !by_verifier(word)).copied().collect();
    assert!(codes.len() > 60, "{codes:?}");
    let lack: Vec<_> = codes.difference(&had).collect();
    assert!(lack.is_empty(), "no vector for {lack:?}");
}
