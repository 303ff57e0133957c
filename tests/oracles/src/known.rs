//! What keys have really signed: the worked example and the vectors. Nobody here has any of their secrets, so whatever
//! else is believed is forged.

use ecabinet_domain::{BodyId, PublicKey, StatementId};
use ecabinet_record::export::Export;
use ecabinet_record::{Checkpoint, Leaf, Receipt, Replica, Trust};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub(crate) struct Known {
    pub(crate) example: Export,
    pub(crate) body: BodyId,
    /// The log's keys, one after another.
    pub(crate) log_keys: Vec<PublicKey>,
    /// The example's replica after each of its entries, from none on.
    pub(crate) replicas: Vec<Replica>,
    /// Statements that their authors have signed.
    pub(crate) statements: BTreeSet<StatementId>,
    /// Leaves that stand in some tree.
    pub(crate) leaves: BTreeSet<Vec<u8>>,
    /// What each note says that a log's key has signed: body, size, root.
    pub(crate) signed: BTreeSet<String>,
    /// Each vector: what it is about, and what it gives.
    pub(crate) vectors: Vec<(String, Value)>,
    /// Expectations for the worked example.
    pub(crate) expected: Value,
}

pub(crate) fn assets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/record-vectors")
}

pub(crate) fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(load)
}

/// What a note says and a key signs: its first three lines.
pub(crate) fn says(checkpoint: &Checkpoint) -> String {
    checkpoint.note.split_inclusive('\n').take(3).collect()
}

fn load() -> Known {
    let example = Export::read(&assets().join("example")).expect("the example");
    let json = |path: PathBuf| -> Value {
        let text = std::fs::read(&path).expect("a vector");
        serde_json::from_slice(&text).expect("JSON")
    };
    let expected = json(assets().join("example.json"));
    let mut replicas = vec![Replica::default()];
    for leaf in &example.entries {
        let mut next = replicas.last().expect("one").clone();
        next.replay(leaf, Trust::Verify).expect("the example holds");
        replicas.push(next);
    }
    let state = replicas.last().and_then(Replica::state).expect("a body");
    let (body, log_keys) = (state.body, state.log_keys.iter().map(|(_, key)| *key).collect());
    let mut known = Known {
        body,
        log_keys,
        statements: BTreeSet::new(),
        leaves: example.entries.iter().cloned().collect(),
        signed: BTreeSet::new(),
        vectors: Vec::new(),
        replicas,
        example,
        expected,
    };
    for part in ["negative", "edge"] {
        let files = std::fs::read_dir(assets().join(part)).expect("vectors");
        let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
        files.sort();
        for mut vector in files.into_iter().map(json) {
            let about = vector["about"].as_str().expect("about").to_owned();
            known.vectors.push((about, vector["given"].take()));
        }
    }
    known.learn();
    known
}

impl Known {
    fn learn(&mut self) {
        let mut notes = vec![self.example.checkpoint.clone()];
        let receipt = self.expected["receipt"]["text"].as_str().expect("a receipt");
        notes.push(Receipt::parse(receipt).expect("the example's").checkpoint.note);
        for (about, given) in &self.vectors {
            match about.as_str() {
                "replay" => self.leaves.extend(leaves(given)),
                "checkpoint" => notes.extend(given["note"].as_str().map(str::to_owned)),
                "receipt" => {
                    let receipt = given["text"].as_str().and_then(|text| Receipt::parse(text).ok());
                    notes.extend(receipt.map(|receipt| receipt.checkpoint.note));
                }
                _ => {}
            }
        }
        let parsed = self.leaves.iter().filter_map(|leaf| Leaf::parse(leaf));
        self.statements = parsed.map(|leaf| leaf.envelope.id()).collect();
        let checkpoints = notes.iter().filter_map(|note| Checkpoint::parse(note));
        self.signed = checkpoints.map(|checkpoint| says(&checkpoint)).collect();
    }
}

/// The leaves that a vector about replay gives.
pub(crate) fn leaves(given: &Value) -> Vec<Vec<u8>> {
    let leaves = given["leaves"].as_array().expect("leaves").iter();
    leaves.map(|leaf| hex::decode(leaf.as_str().expect("hex")).expect("hex")).collect()
}
