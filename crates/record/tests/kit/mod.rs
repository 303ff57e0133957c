//! A body to test with: actors with keys made from their names, and a log that they write into.
#![allow(dead_code, unreachable_pub, reason = "each test program uses a part")]

pub mod cast;
pub mod play;
pub mod story;

use ecabinet_domain::*;
use ecabinet_record::{Envelope, KeyPair, Leaf, Payload, Replica, Trust, hash};
use std::collections::BTreeMap;

/// Of the first entry, in ms since 1970.
pub const START: u64 = 1_767_000_000_000;

/// Somebody who signs: a device, or a printed code.
#[derive(Clone)]
pub struct Actor {
    pub keys: KeyPair,
    /// The header's `as`.
    pub capacity: &'static str,
}

impl Actor {
    pub fn new(name: &str, capacity: &'static str) -> Actor {
        Actor { keys: keys(name), capacity }
    }

    pub fn acting_as(&self, capacity: &'static str) -> Actor {
        Actor { keys: self.keys.clone(), capacity }
    }
}

/// A log with the payloads of all its entries.
#[derive(Clone, Default)]
pub struct Log {
    pub replica: Replica,
    pub leaves: Vec<Vec<u8>>,
    pub payloads: BTreeMap<u64, Payload>,
}

impl Log {
    /// The log that these leaves make.
    pub fn of(leaves: &[Vec<u8>]) -> Log {
        let mut log = Log::default();
        leaves.iter().for_each(|leaf| drop(log.push(leaf.clone()).unwrap()));
        log
    }

    pub fn state(&self) -> &State {
        self.replica.state().expect("a genesis")
    }

    pub fn size(&self) -> u64 {
        self.replica.size()
    }

    /// What an honest device would sign now, with a payload where the kind wants one.
    pub fn header(&self, by: &Actor, act: impl Into<Act>) -> Header {
        let act = act.into();
        let root = self.replica.tree().root();
        let mut header = Header {
            body: self.replica.body(),
            level: 1,
            device: by.keys.id(),
            nonce: Nonce([0; 16]),
            claimed: int(START + self.size() * 1000 + 250),
            seen: Seen { size: int(self.size()), root },
            capacity: As(by.capacity.to_owned()),
            act,
            payload: None,
            audience: Vec::new(),
        };
        header.nonce = Nonce(first16(&hash::sha256(&header.to_bytes()).0));
        if header.act.carries() == act::Carries::Must {
            header = with_payload(header, b"{}");
        }
        header
    }

    /// The entry that a server, honest or not, would make of a header.
    pub fn leaf(&self, header: &Header, keys: &KeyPair) -> Vec<u8> {
        self.raw(&header.to_bytes(), keys)
    }

    pub fn raw(&self, header: &[u8], keys: &KeyPair) -> Vec<u8> {
        let signature = keys.sign(&[b"ecabinet/v1/statement\n", header].concat());
        self.sealed(header, signature)
    }

    pub fn sealed(&self, header: &[u8], signature: Signature) -> Vec<u8> {
        let envelope = Envelope { header: header.to_vec(), signature };
        Leaf { time: START + self.size() * 1000, envelope }.to_bytes()
    }

    pub fn push(&mut self, leaf: Vec<u8>) -> Result<Option<ecabinet_record::Entry>, ecabinet_record::Bad> {
        let entry = self.replica.replay(&leaf, Trust::Verify)?;
        self.leaves.push(leaf);
        Ok(entry)
    }

    /// Appends a statement that must hold.
    pub fn put(&mut self, by: &Actor, act: impl Into<Act>) -> StatementId {
        let header = self.header(by, act);
        self.put_header(by, header, b"{}")
    }

    /// The same with a payload of one's own.
    pub fn say(&mut self, by: &Actor, act: impl Into<Act>, payload: &str) -> StatementId {
        let header = with_payload(self.header(by, act), payload.as_bytes());
        self.put_header(by, header, payload.as_bytes())
    }

    fn put_header(&mut self, by: &Actor, header: Header, payload: &[u8]) -> StatementId {
        let index = self.size();
        if header.payload.is_some() {
            self.payloads.insert(index, Payload { salt: salt(&header), bytes: payload.to_vec() });
        }
        let leaf = self.leaf(&header, &by.keys);
        let entry = self.push(leaf).unwrap_or_else(|bad| panic!("{bad}: {:?}", header.act));
        entry.expect("level 1").statement.id
    }
}

/// The header with a commitment to this payload, for the audience given or for all.
pub fn with_payload(mut header: Header, payload: &[u8]) -> Header {
    if header.audience.is_empty() {
        header.audience = vec![Audience::All];
    }
    let payload = Payload { salt: salt(&header), bytes: payload.to_vec() };
    header.payload = Some(payload.commitment());
    header
}

fn salt(header: &Header) -> [u8; 32] {
    hash::concat(&[b"salt of ", &header.nonce.0]).0
}

pub fn keys(name: &str) -> KeyPair {
    let half = |which: &str| hash::sha256(format!("{which} {name}").as_bytes()).0;
    KeyPair::from_seed(&[half("sign"), half("enc")].concat().try_into().expect("64 bytes"))
}

pub fn id16(name: &str) -> [u8; 16] {
    first16(&hash::sha256(name.as_bytes()).0)
}

pub fn int(value: u64) -> Int {
    Int::new(value).expect("below 2^53")
}

fn first16(bytes: &[u8]) -> [u8; 16] {
    bytes[..16].try_into().expect("16 bytes")
}

pub fn ballot(poll: StatementId, replaces: Option<StatementId>, basis: &[Rev]) -> act::BallotCast {
    act::BallotCast { poll, replaces, basis: Basis::of(basis), in_place_of: None }
}

/// More than half of all members, two thirds present, the chair's own ballot in a tie.
pub fn usual_rule() -> Rule {
    Rule {
        quorum: Some(Fraction { num: 2, den: 3 }),
        tie: Some(Tie { office: Member::CHAIR.to_owned() }),
        ..Rule::plain(
            vec![Choice::Yes, Choice::No, Choice::Abstain, Choice::Other],
            PassRule { base: Base::Members, num: 1, den: 2, strict: true },
        )
    }
}
