//! A small body with its log, made by the library that servers and clients use.
#![allow(dead_code)] // each test file uses a part

pub(crate) mod acts;
pub(crate) mod ask;

use ecabinet_domain::act::*;
use ecabinet_domain::{
    Act, As, Audience, BodyId, DeviceKeys, Hash, Header, Int, MemberId, Nonce, Seen, Signature, StatementId,
};
use ecabinet_record::code::base64;
use ecabinet_record::export::Export;
use ecabinet_record::{
    Checkpoint, Envelope, KeyPair, Leaf, Payload, Receipt, Replica, Tree, Trust, hash, leaf,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(crate) use acts::Story;

/// A log under one key, and everything said beside it.
#[derive(Clone)]
pub(crate) struct Log {
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) payloads: BTreeMap<u64, Payload>,
    pub(crate) tree: Tree,
    pub(crate) replica: Replica,
    pub(crate) body: Option<BodyId>,
    pub(crate) time: u64,
}

/// Keys by a name that is a number.
pub(crate) fn keys(number: u8) -> KeyPair {
    KeyPair::from_seed(&[number; 64])
}

pub(crate) fn int(value: u64) -> Int {
    Int::new(value).unwrap()
}

/// What is signed, before it is: to be changed by tests.
pub(crate) struct Draft {
    pub(crate) author: KeyPair,
    pub(crate) header: Header,
    pub(crate) payload: Option<Payload>,
}

impl Log {
    pub(crate) fn new() -> Log {
        let (entries, payloads) = (Vec::new(), BTreeMap::new());
        Log {
            entries,
            payloads,
            tree: Tree::default(),
            replica: Replica::default(),
            body: None,
            time: 1_764_000_000_000,
        }
    }

    pub(crate) fn size(&self) -> u64 {
        self.tree.size()
    }

    pub(crate) fn draft(
        &self,
        author: &KeyPair,
        capacity: &str,
        act: impl Into<Act>,
        payload: Option<Value>,
    ) -> Draft {
        let number = self.size() as u8;
        let payload =
            payload.map(|value| Payload { salt: [number; 32], bytes: value.to_string().into_bytes() });
        let header = Header {
            body: self.body,
            level: 1,
            device: author.id(),
            nonce: Nonce([number; 16]),
            claimed: int(self.time),
            seen: Seen { size: int(self.size()), root: self.tree.root() },
            capacity: As(capacity.to_owned()),
            act: act.into(),
            payload: payload.as_ref().map(Payload::commitment),
            audience: payload.iter().map(|_| Audience::All).collect(),
        };
        Draft { author: author.clone(), header, payload }
    }

    /// Appends without asking whether it may stand.
    pub(crate) fn force(&mut self, draft: Draft) -> StatementId {
        let envelope = Envelope::sign(&draft.header, &draft.author);
        self.force_envelope(envelope, draft.payload)
    }

    pub(crate) fn force_envelope(&mut self, envelope: Envelope, payload: Option<Payload>) -> StatementId {
        let id = envelope.id();
        self.time += 1000;
        let bytes = Leaf { time: self.time, envelope }.to_bytes();
        if let Some(payload) = payload {
            self.payloads.insert(self.size(), payload);
        }
        self.tree.push(leaf::hash(&bytes));
        let _ = self.replica.replay(&bytes, Trust::Kept);
        self.entries.push(bytes);
        self.body.get_or_insert(BodyId::from(id));
        id
    }

    /// Appends what may stand.
    pub(crate) fn say(
        &mut self,
        author: &KeyPair,
        capacity: &str,
        act: impl Into<Act>,
        payload: Option<Value>,
    ) -> StatementId {
        let draft = self.draft(author, capacity, act, payload);
        let size = self.size();
        let id = self.force(draft);
        assert_eq!(self.replica.size(), size + 1, "entry {size} is bad");
        id
    }

    pub(crate) fn checkpoint(&self, size: u64, log_key: &KeyPair) -> Checkpoint {
        Checkpoint::sign(self.body.unwrap(), size, self.tree.root_at(size).unwrap(), log_key)
    }

    pub(crate) fn receipt(&self, index: u64, size: u64, log_key: &KeyPair) -> Receipt {
        Receipt::new(&self.tree, index, self.entries[index as usize].clone(), self.checkpoint(size, log_key))
            .unwrap()
    }

    pub(crate) fn export(&self, log_key: &KeyPair, results: Value) -> Export {
        Export {
            entries: self.entries.clone(),
            payloads: self.payloads.clone(),
            checkpoint: self.checkpoint(self.size(), log_key).note,
            results: results.to_string().into_bytes(),
            blobs: Vec::new(),
        }
    }
}

/// A witness's vkey and its line on a checkpoint.
pub(crate) fn witness(number: u8, name: &str, checkpoint: &Checkpoint, time: u64) -> (String, String) {
    let keys = keys(number);
    let id = hash::concat(&[name.as_bytes(), b"\n", &[4], &keys.public().sign.0]);
    let vkey = format!(
        "{name}+{}+{}",
        hex::encode(&id.0[..4]),
        base64::encode(&[&[4], &keys.public().sign.0[..]].concat())
    );
    let text = checkpoint.note.split_inclusive("\n").take(3).collect::<String>();
    let Signature(signature) = keys.sign(format!("cosignature/v1\ntime {time}\n{text}").as_bytes());
    let blob = [&id.0[..4], &time.to_be_bytes(), &signature].concat();
    (vkey, format!("\u{2014} {name} {}\n", base64::encode(&blob)))
}
