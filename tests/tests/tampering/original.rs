//! An export that holds, laid open: what a tamperer may read of it, and the keys that the tests know besides.

use ecabinet_domain::{BodyId, DeviceId, PublicKey};
use ecabinet_record::export::Export;
use ecabinet_record::{Checkpoint, KeyPair, Leaf, Receipt, Tree, hash, leaf};
use ecabinet_verify::{Question, Report, verify};
use serde_json::Value;
use std::collections::HashMap;
use std::path::Path;

pub struct Original {
    pub name: &'static str,
    pub export: Export,
    pub body: BodyId,
    pub leaves: Vec<Leaf>,
    pub headers: Vec<Value>,
    pub tree: Tree,
    /// What is found in it.
    pub report: Report,
    /// The log's keys.
    log: Vec<KeyPair>,
    /// Those devices' keys that the tests know.
    devices: HashMap<DeviceId, KeyPair>,
}

impl Original {
    pub fn new(name: &'static str, export: Export, log: Vec<KeyPair>, devices: Vec<KeyPair>) -> Original {
        let report = verify(&export, &Question::default());
        assert!(report.holds, "{name}: {:?}", report.failures);
        let leaves: Vec<Leaf> =
            export.entries.iter().map(|bytes| Leaf::parse(bytes).expect("it holds")).collect();
        let header = |leaf: &Leaf| serde_json::from_slice(&leaf.envelope.header).expect("it holds");
        Original {
            name,
            body: report.body.expect("it holds"),
            headers: leaves.iter().map(header).collect(),
            leaves,
            tree: Tree::of(export.entries.iter().map(|bytes| leaf::hash(bytes)).collect()),
            report,
            export,
            log,
            devices: devices.into_iter().map(|keys| (keys.id(), keys)).collect(),
        }
    }

    /// The worked example of the format; its keys come from names.
    pub fn example() -> Original {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/record-vectors/example");
        let log = ["log", "second log", "third log"].map(keys).to_vec();
        let people = [
            "registrar",
            "second registrar",
            "third registrar",
            "secretary",
            "chair",
            "chair2",
            "b",
            "b2",
            "c",
            "d",
            "d2",
        ];
        Original::new("example", Export::read(&folder).expect("it is there"), log, people.map(keys).to_vec())
    }

    pub fn size(&self) -> usize {
        self.leaves.len()
    }

    pub fn kind(&self, at: usize) -> &str {
        self.headers[at]["kind"].as_str().expect("it holds")
    }

    /// The question of somebody who knows the body and nothing else.
    pub fn question(&self) -> Question {
        Question { body: Some(self.body), ..Question::default() }
    }

    /// The keys of the statement's author, if the tests know them.
    pub fn author(&self, at: usize) -> Option<&KeyPair> {
        let device: DeviceId = self.headers[at]["device"].as_str()?.parse().ok()?;
        self.devices.get(&device)
    }

    /// The log's key that signs so many entries in a record of these headers; its last one where there is no genesis.
    pub fn log_key<'a>(&self, headers: impl Iterator<Item = &'a Value>, size: u64) -> PublicKey {
        let mut key = None;
        for (index, header) in (0..).zip(headers) {
            let named = match header["kind"].as_str() {
                Some("body.genesis") => header["data"]["log_key"].as_str(),
                Some("log.key") if index + 2 <= size => header["data"]["key"].as_str(),
                _ => None,
            };
            key = named.map(|hex| PublicKey(ecabinet_domain::from_hex(hex).expect("it holds"))).or(key);
        }
        key.unwrap_or_else(|| self.log.last().expect("a key").public().sign)
    }

    /// What the server signs with where this is the log's key.
    pub fn secret_of(&self, key: &PublicKey) -> &KeyPair {
        self.log.iter().find(|keys| keys.public().sign == *key).expect("the log's key is known")
    }

    /// The server's checkpoint of the first so many entries.
    pub fn checkpoint(&self, size: u64) -> Checkpoint {
        let root = self.tree.root_at(size).expect("a size of the record");
        let key = self.log_key(self.headers.iter(), size);
        Checkpoint::sign(self.body, size, root, self.secret_of(&key))
    }

    pub fn receipt(&self, index: u64, size: u64) -> Receipt {
        let leaf = self.export.entries[index as usize].clone();
        Receipt::new(&self.tree, index, leaf, self.checkpoint(size)).expect("an entry of the record")
    }
}

/// Keys from a name, as the example's are made.
pub fn keys(name: &str) -> KeyPair {
    let half = |which: &str| hash::sha256(format!("{which} {name}").as_bytes()).0;
    KeyPair::from_seed(&[half("sign"), half("enc")].concat().try_into().expect("64 bytes"))
}

/// Somebody who is nobody in any body.
pub fn stranger() -> KeyPair {
    keys("a stranger who tampers")
}
