//! Whole entries in another choice, order or time, and what must come of it: foreseen from the statements' own `seen`, not
//! by asking the verifier.

use crate::expect::Expect;
use crate::original::{Original, stranger};
use ecabinet_domain::{Hash, StatementId};
use ecabinet_record::export::Export;
use ecabinet_record::{Checkpoint, Leaf, Tree, leaf};
use serde_json::Value;
use std::collections::{BTreeMap, HashSet};

/// Who signs the checkpoint of the tampered record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seal {
    /// Nobody: the old one is kept.
    Kept,
    /// Somebody with a key of his own, over the new root.
    Stranger,
    /// The server, over the new root.
    Log,
}

#[derive(Clone)]
pub struct Sequence<'a> {
    pub original: &'a Original,
    pub places: Vec<Place>,
}

#[derive(Clone)]
pub struct Place {
    /// Its payload is that of this entry.
    pub from: Option<usize>,
    pub leaf: Leaf,
    pub header: Value,
}

impl<'a> Sequence<'a> {
    pub fn of(original: &'a Original) -> Sequence<'a> {
        let place = |(at, leaf): (usize, &Leaf)| Place {
            from: Some(at),
            leaf: leaf.clone(),
            header: original.headers[at].clone(),
        };
        Sequence { original, places: original.leaves.iter().enumerate().map(place).collect() }
    }

    pub fn entries(&self) -> Vec<Vec<u8>> {
        self.places.iter().map(|place| place.leaf.to_bytes()).collect()
    }

    /// The first position that is another than it was; none if all are there as they were.
    pub fn first_change(&self) -> Option<usize> {
        let entries = self.entries();
        let old = &self.original.export.entries;
        let same = entries.iter().zip(old).take_while(|(new, old)| new == old).count();
        (same < entries.len().max(old.len())).then_some(same)
    }

    /// The key that the log must have for so many of these entries.
    pub fn log_key(&self, size: u64) -> ecabinet_domain::PublicKey {
        self.original.log_key(self.places.iter().map(|place| &place.header), size)
    }

    pub fn export(&self, seal: Seal) -> Export {
        let (original, entries) = (self.original, self.entries());
        let mut payloads = BTreeMap::new();
        for (index, place) in (0..).zip(&self.places) {
            let payload = place.from.and_then(|from| original.export.payloads.get(&(from as u64)));
            payload.map(|payload| payloads.insert(index, payload.clone()));
        }
        let tree = Tree::of(entries.iter().map(|entry| leaf::hash(entry)).collect());
        let size = entries.len() as u64;
        let sign = |keys| Checkpoint::sign(original.body, size, tree.root(), keys).note;
        let checkpoint = match seal {
            Seal::Kept => original.export.checkpoint.clone(),
            Seal::Stranger => sign(&stranger()),
            Seal::Log => sign(original.secret_of(&self.log_key(size))),
        };
        // No claim is made about what has changed.
        let results = match seal {
            Seal::Log => br#"{"polls":[]}"#.to_vec(),
            _ => original.export.results.clone(),
        };
        Export { entries, payloads, checkpoint, results, blobs: Vec::new() }
    }

    /// Where replay must end at the latest, and by what: a time that goes back, a statement that stands already, or one
    /// whose author had seen another record.
    fn certain(&self) -> Option<(u64, &'static str)> {
        let (mut tree, mut ids, mut last) = (Tree::default(), HashSet::new(), 0);
        let mut roots: Vec<Hash> = vec![tree.root()];
        for (index, place) in (0..).zip(&self.places) {
            let id: StatementId = place.leaf.envelope.id();
            if place.leaf.time < last {
                return Some((index, "leaf.time"));
            }
            if !ids.insert(id) {
                return Some((index, "statement.again"));
            }
            if index == 0 && place.header["kind"] != "body.genesis" {
                return Some((0, "genesis.missing"));
            }
            let seen = place.header["seen"]["size"].as_u64().expect("a size");
            let root: Hash = place.header["seen"]["root"].as_str().expect("a root").parse().expect("a root");
            if seen > index {
                return Some((index, "seen.ahead"));
            }
            if roots[seen as usize] != root {
                return Some((index, "seen.other"));
            }
            last = place.leaf.time;
            tree.push(leaf::hash(&place.leaf.to_bytes()));
            roots.push(tree.root());
        }
        None
    }

    /// What the first failure must be. An empty record has none of these; `None` if the export may hold.
    pub fn expect(&self, seal: Seal) -> (Expect, bool) {
        let Some(from) = self.first_change().map(|at| at as u64) else { return (Expect::nothing(), true) };
        let size = self.places.len() as u64;
        let certain = self.certain();
        let until = certain.map_or(size, |(index, _)| index);
        let mut expect = Expect::nothing();
        if from <= until {
            expect = expect.or_decided(from..=until);
        }
        let of_level = |at: usize| self.original.kind(at) == "body.level";
        if (from as usize..self.original.size()).any(of_level) {
            // What the body's level no longer allows, or not yet.
            expect = expect.or_among(from..=until, &["header.malformed", "level.ahead"]);
        }
        if let Some((index, code)) = certain {
            return (expect.or_entry(index, &[code]), false);
        }
        match seal {
            Seal::Log => (expect, true),
            Seal::Stranger => (expect.or_export(&["checkpoint.not_signed"]), false),
            Seal::Kept if size == self.original.size() as u64 => {
                (expect.or_export(&["checkpoint.root"]), false)
            }
            Seal::Kept => (expect.or_export(&["checkpoint.size"]), false),
        }
    }
}
