//! What is kept folded may be there or not, whole or not, of this record or another: what is opened is the same.

use super::*;
use crate::body::Says;
use crate::env::{Clock, Env, Random};
use crate::vault::{BodyRow, bodies, record};
use ecabinet_domain::act::{BodyGenesis, Carries, DeviceEnrol, InvitationIssue, MemberAdd, PayloadErase};
use ecabinet_domain::{
    Act, As, Audience, DeviceKeys, Hash, Header, Int, Member, MemberId, Nonce, Seen, StatementId,
};
use ecabinet_record::invitation::enrolment_proof;
use ecabinet_record::{Checkpoint, Entry, Envelope, KeyPair, Leaf, Payload, Trust, hash};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering::Relaxed};
use tempfile::TempDir;

const ENTRIES: u64 = 24;

struct Noon;

impl Clock for Noon {
    fn now(&self) -> u64 {
        1_795_694_400_000
    }
}

/// Each time other bytes, in each test the same.
struct Counted(AtomicU8);

impl Random for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, Relaxed));
    }
}

/// A body in the making, as its registrar's device holds it.
struct Story {
    dir: TempDir,
    env: Env,
    vault: Vault,
    body: Body,
    /// What would have been kept after each entry.
    kept: Vec<Vec<u8>>,
    /// A payload that comes after the next entry.
    late: Option<(u64, Payload)>,
}

impl Story {
    /// Members come into office, the last of them erases a payload: of three payloads one comes with its entry, one later,
    /// one never. Of another `seed` it is another body.
    fn new(seed: u8) -> Story {
        let dir = tempfile::tempdir().unwrap();
        let random = Arc::new(Counted(AtomicU8::new(seed)));
        let env = Env { clock: Arc::new(Noon), random, ..Env::real() };
        let keys = KeyPair::from_seed(&[1; 64]);
        let genesis = genesis(&env, &keys);
        let row = BodyRow {
            id: 0,
            body: BodyId(genesis.id().0),
            server: String::new(),
            ca: Hash([2; 32]),
            device: keys.id(),
            keys,
            ticket: None,
            checkpoint: String::new(),
            contact: None,
        };
        let mut vault = open(dir.path(), &env);
        let id = vault.transact(|tx| bodies::add(tx, &row)).unwrap();
        let body = Body::empty(BodyRow { id, ..row }, env.level);
        let mut story = Story { dir, env, vault, body, kept: Vec::new(), late: None };
        story.append(genesis, None);
        for number in 1..ENTRIES - 3 {
            story.admit(number);
        }
        let secretary = story.enrol(MemberId([1; 16]));
        story.say_by(&secretary, Member::SECRETARIAT, PayloadErase { entry: Int::from(6) });
        story
    }

    fn enrol(&mut self, member: MemberId) -> KeyPair {
        let (secret, keys) = ([9; 16], KeyPair::from_seed(&[8; 64]));
        let invited = KeyPair::from_invitation(&secret);
        let expires = Int::new(Noon.now() + 1).unwrap();
        let invitation = self.say(InvitationIssue { member, key: invited.public().sign, expires });
        let DeviceKeys { sign, enc } = keys.public();
        let proof = enrolment_proof(&invited, self.body.row.body, invitation, &keys.public());
        self.say_by(&keys, Member::VOTE, DeviceEnrol { invitation, sign, enc, proof, recovery: None });
        keys
    }

    fn admit(&mut self, number: u64) {
        let order = Int::new(number).unwrap();
        let offices = vec![Member::SECRETARIAT.to_owned()];
        self.say(MemberAdd { member: MemberId([number as u8; 16]), offices, order });
    }

    fn say(&mut self, act: impl Into<Act>) -> StatementId {
        self.say_by(&self.body.row.keys.clone(), As::REGISTRAR, act)
    }

    fn say_by(&mut self, keys: &KeyPair, capacity: &str, act: impl Into<Act>) -> StatementId {
        let act = act.into();
        let says = Says::to_all(&self.body.replica.size()).filter(|_| act.carries() != Carries::Never);
        let (envelope, payload) = self.body.make_by(keys, &self.env, capacity, act, says).unwrap();
        let id = envelope.id();
        self.append(envelope, payload);
        id
    }

    fn append(&mut self, envelope: Envelope, payload: Option<Payload>) {
        let leaf = Leaf { time: self.env.clock.now(), envelope }.to_bytes();
        let body = &mut self.body;
        let entry: Entry = body.replica.replay(&leaf, Trust::Verify).unwrap().unwrap();
        body.note_lack(&entry);
        let (size, root) = (body.replica.size(), body.replica.tree().root());
        let checkpoint = Checkpoint::sign(body.row.body, size, root, &body.row.keys);
        let index = entry.index;
        let mut come: Vec<_> = self.late.take().into_iter().collect();
        match index % 3 {
            0 => come.extend(payload.map(|payload| (index, payload))),
            1 => self.late = payload.map(|payload| (index, payload)),
            _ => {}
        }
        let row = body.row.id;
        self.vault
            .transact(|tx| {
                record::add_leaf(tx, row, index, &leaf)?;
                if let Act::PayloadErase(erase) = &entry.statement.header.act {
                    record::erase_payload(tx, row, erase.entry.get())?;
                }
                come.iter().try_for_each(|(index, payload)| record::add_payload(tx, row, *index, payload))?;
                record::set_checkpoint(tx, row, &checkpoint.note)
            })
            .unwrap();
        come.iter().for_each(|(index, _)| drop(body.lacking.remove(index)));
        body.row.checkpoint = checkpoint.note.clone();
        body.checkpoint = Some(checkpoint);
        self.kept.push(body.folded_bytes());
    }

    /// Keeps what was folded after so many entries.
    fn keep(&mut self, size: u64, bytes: &[u8]) {
        let row = self.body.row.id;
        self.vault.keep_folded(row, FORM, size, bytes).unwrap();
    }

    /// Opens the body anew: it must be as it is. Gives the entries from which opening went on.
    fn opens_the_same(&self) -> u64 {
        let opened = Body::load(self.body.row.clone(), &self.vault, self.env.level).unwrap();
        assert!(opened.replica == self.body.replica && opened.lacking == self.body.lacking);
        assert_eq!(opened.checkpoint, self.body.checkpoint);
        opened.kept
    }

    fn alter(&mut self, sql: &str) {
        self.vault.transact(|tx| Ok(tx.execute(sql, [])?)).unwrap();
    }
}

fn open(dir: &Path, env: &Env) -> Vault {
    Vault::open(dir, env, &[5; 32]).unwrap()
}

fn genesis(env: &Env, keys: &KeyPair) -> Envelope {
    let act = BodyGenesis {
        registrars: vec![keys.public()],
        recovery: KeyPair::from_seed(&[3; 64]).public(),
        log_key: keys.public().sign,
        ca: Hash([2; 32]),
        level: Int::from(1),
    };
    let payload = Payload { salt: env.random(), bytes: b"{}".to_vec() };
    let header = Header {
        body: None,
        level: 1,
        device: keys.id(),
        nonce: Nonce(env.random()),
        claimed: Int::from(1),
        seen: Seen { size: Int::from(0), root: hash::sha256(b"") },
        capacity: As(As::REGISTRAR.into()),
        act: act.into(),
        payload: Some(payload.commitment()),
        audience: vec![Audience::All],
    };
    Envelope::sign(&header, keys)
}

#[test]
fn from_every_cut_opening_gives_the_same() {
    let mut story = Story::new(0);
    assert_eq!(story.opens_the_same(), 0);
    for size in 1..=ENTRIES {
        let bytes = story.kept[size as usize - 1].clone();
        story.keep(size, &bytes);
        assert_eq!(story.opens_the_same(), size);
    }
}

#[test]
fn it_is_kept_when_enough_has_come_and_not_before() {
    let mut story = Story::new(0);
    let Story { vault, body, .. } = &mut story;
    body.keep_folded(vault, ENTRIES + 1).unwrap();
    assert_eq!(story.opens_the_same(), 0);
    story.body.keep_folded(&mut story.vault, ENTRIES).unwrap();
    assert_eq!((story.body.kept, story.opens_the_same()), (ENTRIES, ENTRIES));
    story.admit(30);
    story.body.keep_folded(&mut story.vault, 2).unwrap();
    assert_eq!(story.opens_the_same(), ENTRIES);
    story.admit(31);
    story.body.keep_folded(&mut story.vault, 2).unwrap();
    assert_eq!(story.opens_the_same(), ENTRIES + 2);
}

#[test]
fn what_is_damaged_is_thrown_away() {
    let mut story = Story::new(0);
    let bytes = story.kept[15].clone();
    for at in (0..bytes.len()).step_by(31) {
        story.keep(16, &bytes);
        let other = [&bytes[..at], &[bytes[at] ^ 4], &bytes[at + 1..]].concat();
        let row = story.body.row.id;
        let sql = "UPDATE folded SET bytes = ?2 WHERE body = ?1";
        story.vault.transact(|tx| Ok(tx.execute(sql, rusqlite::params![row, other])?)).unwrap();
        assert_eq!(story.opens_the_same(), 0, "changed at {at}");
        let cut = &bytes[..at];
        story.vault.transact(|tx| Ok(tx.execute(sql, rusqlite::params![row, cut])?)).unwrap();
        assert_eq!(story.opens_the_same(), 0, "cut at {at}");
        // Whoever can write a sum can write what does not decode.
        story.keep(16, cut);
        assert_eq!(story.opens_the_same(), 0, "cut at {at}, with its sum");
    }
    for sql in [
        "UPDATE folded SET size = 15",
        "UPDATE folded SET form = form + 1",
        "UPDATE folded SET sum = x'00'",
        "UPDATE folded SET sum = zeroblob(32)",
    ] {
        story.keep(16, &bytes);
        story.alter(sql);
        assert_eq!(story.opens_the_same(), 0, "{sql}");
    }
}

#[test]
fn what_was_folded_from_another_record_is_thrown_away() {
    let (mut story, other) = (Story::new(0), Story::new(100));
    story.keep(16, &other.kept[15]);
    assert_eq!(story.opens_the_same(), 0);
    // A record that ends before.
    let mut short = Story::new(0);
    let bytes = short.kept[15].clone();
    short.keep(16, &bytes);
    short.alter("DELETE FROM entries WHERE idx >= 9");
    short.alter("DELETE FROM payloads WHERE idx >= 9");
    let folded = Folded::of(&short.vault, short.body.row.id, Folded::nothing(short.env.level)).unwrap();
    let root = folded.replica.tree().root();
    let checkpoint = Checkpoint::sign(short.body.row.body, 9, root, &short.body.row.keys);
    short.body.row.checkpoint = checkpoint.note.clone();
    short.body.checkpoint = Some(checkpoint);
    (short.body.replica, short.body.lacking) = (folded.replica, folded.lacking);
    assert_eq!(short.opens_the_same(), 0);
}

#[test]
fn pages_that_the_disk_has_spoiled_stop_no_opening() {
    const PAGE: usize = 4096;
    let mut story = Story::new(0);
    let bytes = story.kept[ENTRIES as usize - 1].clone();
    // So large that most pages are of it: what follows what is kept is no part of it.
    let large = [&bytes[..], &vec![7; 40 * PAGE]].concat();
    story.keep(ENTRIES, &large);
    story.vault.db().query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let whole = std::fs::read(story.dir.path().join("vault.db")).unwrap();
    let (mut opened, mut went_on) = (0, 0);
    for page in 1..whole.len() / PAGE {
        let dir = tempfile::tempdir().unwrap();
        let mut file = whole.clone();
        file[page * PAGE + 100] ^= 1;
        std::fs::write(dir.path().join("vault.db"), file).unwrap();
        // On a page of entries it may stop it, as before.
        let Ok((mut vault, mut bodies)) = Client::load(dir.path(), &story.env, &[5; 32]) else { continue };
        let body = &mut bodies[0];
        assert!(body.replica == story.body.replica && body.lacking == story.body.lacking);
        let writes = body.keep_folded(&mut vault, 1).and_then(|()| vault.set_setting("goes", "on"));
        (opened, went_on) = (opened + 1, went_on + usize::from(writes.is_ok()));
    }
    assert!(opened >= 60 && went_on >= 40, "{opened} opened, {went_on} went on");
}

/// Of the form of today: what a body of these entries is kept as. If it changes, `FORM` is raised by one, or
/// `Replica::FORM` if it is the replica's, so that nobody goes on from what was kept otherwise; both stand here.
#[test]
fn another_form_has_another_number() {
    let mut story = Story::new(0);
    story.body.starts = BTreeMap::from([(3, 1_795_694_400_000)]);
    let sum = hash::sha256(&story.body.folded_bytes()).to_string();
    assert_eq!((FORM, &*sum), (0x402, "eb1a4d90086b2bd01e9db2affc66c649fa3f81cb83be410fad202245974b0468"));
}
