//! Entries that fail before the rules of their kind: leaf, time, author, keys, signature, `seen`, level, genesis.

use crate::Maker;
use crate::form::text;
use crate::kit::story::*;
use crate::kit::*;
use curve25519_dalek::constants::EIGHT_TORSION;
use curve25519_dalek::edwards::CompressedEdwardsY;
use ecabinet_domain::act::*;
use ecabinet_domain::*;
use ecabinet_record::{Leaf, hash};

pub(crate) fn make(maker: &mut Maker) {
    leaves(maker);
    genesis_cases(maker);
    authors(maker);
    new_keys(maker);
    signatures(maker);
    seen_and_level(maker);
}

fn leaves(maker: &mut Maker) {
    let log = maker.story.before("second poll");
    let leaf = log.leaf(&log.header(&registrar(), add("e", &["member"], 9)), &registrar().keys);
    let changed = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut leaf = leaf.clone();
        change(&mut leaf);
        vec![leaf]
    };
    let bad = "leaf.malformed";
    maker.replay("7", "leaf-version", "Another first byte.", &log, changed(&|l| l[0] = 2), bad);
    maker.replay(
        "7",
        "leaf-short",
        "The last byte of the signature lacks.",
        &log,
        changed(&|l| l.truncate(l.len() - 1)),
        bad,
    );
    maker.replay("7", "leaf-long", "A byte behind the signature.", &log, changed(&|l| l.push(0)), bad);
    maker.replay(
        "7",
        "leaf-cut",
        "Cut inside the length of the header.",
        &log,
        changed(&|l| l.truncate(11)),
        bad,
    );
    let time = |time: u64| changed(&|l: &mut Vec<u8>| l[1..9].copy_from_slice(&time.to_be_bytes()));
    maker.replay("7", "leaf-time-2-53", "A time of 2^53.", &log, time(1 << 53), bad);
    let header = vec![b' '; MAX_HEADER + 1];
    let leaf = log.raw(&header, &registrar().keys);
    // 64 KiB of spaces: the length alone is wrong.
    maker.replay("7", "leaf-header-65537", "A header of 65,537 bytes.", &log, vec![leaf], bad);
    let earlier = time(log.replica.last_time() - 1);
    maker.replay("7", "time-backwards", "A time below the previous entry's.", &log, earlier, "leaf.time");
    let again = Leaf { time: log.replica.last_time(), ..Leaf::parse(log.leaves.last().unwrap()).unwrap() };
    let description = "The previous statement again, signature and all, as a new entry.";
    maker.replay("4", "statement-again", description, &log, vec![again.to_bytes()], "statement.again");
}

fn genesis_cases(maker: &mut Maker) {
    let log = Log::default();
    let mut case = |rule, name: &str, description, change: &dyn Fn(&mut Header, &mut BodyGenesis), code| {
        let mut act = genesis();
        let mut header = log.header(&registrar(), act.clone());
        change(&mut header, &mut act);
        header.act = act.into();
        let leaf = log.leaf(&header, &registrar().keys);
        maker.replay(rule, name, description, &log, vec![leaf], code);
    };
    let invalid = "genesis.invalid";
    case(
        "5",
        "genesis-stranger",
        "Signed by a device that is not among the registrars.",
        &|_, a| a.registrars = a.registrars[1..].to_vec(),
        invalid,
    );
    case(
        "5",
        "genesis-registrar-twice",
        "The same registrar twice.",
        &|_, a| a.registrars.push(a.registrars[0]),
        invalid,
    );
    case(
        "5",
        "genesis-recovery-is-registrar",
        "A registrar's keys as the recovery key.",
        &|_, a| a.recovery = a.registrars[1],
        invalid,
    );
    let seventeen = |_: &mut Header, a: &mut BodyGenesis| {
        a.registrars.extend((0..15).map(|n| keys(&format!("registrar {n}")).public()));
    };
    case("13", "genesis-17-registrars", "17 registrars' devices.", &seventeen, invalid);
    case("13", "genesis-level", "A body that starts at level 2.", &|_, a| a.level = int(2), invalid);
    case("13", "genesis-header-level", "A header of level 2.", &|h, _| h.level = 2, invalid);
    case(
        "13",
        "genesis-as",
        "Signed as recovery.",
        &|h, _| h.capacity = As("recovery".into()),
        "capacity.may_not",
    );
    case(
        "13",
        "genesis-seen-ahead",
        "It has seen an entry before the first.",
        &|h, _| h.seen.size = int(1),
        "seen.ahead",
    );
    case(
        "8",
        "genesis-seen-root",
        "The root of the empty log is H of nothing, not zeros.",
        &|h, _| h.seen.root = Hash([0; 32]),
        "seen.other",
    );
    case(
        "4",
        "genesis-key",
        "The log's key is of small order.",
        &|_, a| a.log_key = PublicKey([0; 32]),
        "key.invalid",
    );
    let other = maker.story.before("members");
    let mut header = other.header(&registrar(), add("b", &["member"], 1));
    header.seen = Seen { size: int(0), root: hash::sha256(b"") };
    let leaf = other.leaf(&header, &registrar().keys);
    maker.replay(
        "5",
        "genesis-lacks",
        "The first entry is of another kind.",
        &log,
        vec![leaf],
        "genesis.missing",
    );
    let log = maker.story.before("pack");
    let mut header = log.header(&registrar(), genesis());
    header.body = None;
    let leaf = log.leaf(&header, &registrar().keys);
    maker.replay("5", "genesis-again", "A second genesis.", &log, vec![leaf], "genesis.again");
    let mut header = log.header(&registrar(), add("e", &["member"], 9));
    header.body = Some(BodyId([7; 32]));
    let leaf = log.leaf(&header, &registrar().keys);
    maker.replay("5", "body-other", "A statement for another body.", &log, vec![leaf], "body.other");
}

fn authors(maker: &mut Maker) {
    let mut case = |rule, name: &str, description, at: &str, by: &Actor, act: Act, code| {
        let log = maker.story.before(at);
        let leaf = log.leaf(&log.header(by, act), &by.keys);
        maker.replay(rule, name, description, &log, vec![leaf], code);
    };
    let revoke: Act = DeviceRevoke { device: keys("b").id() }.into();
    case(
        "13",
        "device-unknown",
        "A device that nobody enrolled.",
        "pack",
        &device("stranger"),
        revoke.clone(),
        "device.unknown",
    );
    case(
        "13",
        "device-pending",
        "A further device confirms itself.",
        "pending",
        &device("b2"),
        DeviceConfirm { device: keys("b2").id() }.into(),
        "device.pending",
    );
    case(
        "13",
        "device-revoked",
        "A device signs after it was revoked.",
        "pack",
        &device("d2"),
        revoke.clone(),
        "device.revoked",
    );
    case(
        "13",
        "member-retired",
        "A device of a member who left office.",
        "retired",
        &device("d"),
        revoke.clone(),
        "member.retired",
    );
    let unseat = RegistrarChange { add: vec![], remove: vec![keys("registrar").id()] };
    case(
        "13",
        "registrar-removed",
        "A registrar's device after its removal.",
        "log key",
        &second_registrar(),
        unseat.into(),
        "device.revoked",
    );
    let log = maker.story.before("retired");
    let mut log = Log::of(&log.leaves);
    log.put(&registrar(), MemberRetire { member: member("chair") });
    let act = DeviceConfirm { device: keys("chair2").id() };
    let leaf = log.leaf(&log.header(&chair_code(), act), &chair_code().keys);
    let leaves = vec![log.leaves.last().unwrap().clone(), leaf];
    let log = maker.story.before("retired");
    maker.replay_at(
        "13",
        "recovery-retired",
        "The recovery code of a member who left office.",
        &log,
        leaves,
        1,
        "member.retired",
    );
}

fn new_keys(maker: &mut Maker) {
    let log = maker.story.before("log key");
    let good = CompressedEdwardsY(keys("k").public().sign.0).decompress().expect("a point");
    let torsion = (good + EIGHT_TORSION[1]).compress().0;
    let mut wrapped = [0xff; 32];
    (wrapped[0], wrapped[31]) = (0xee, 0x7f);
    let mut off = [0; 32];
    off[0] = 2;
    for (name, description, key) in [
        ("key-small-order", "A key of order 4.", [0; 32]),
        ("key-torsion", "A key outside the prime-order subgroup.", torsion),
        ("key-not-canonical", "A key whose y is not below the field's prime.", wrapped),
        ("key-no-point", "A key that is no point of the curve.", off),
    ] {
        let leaf = log.leaf(&log.header(&registrar(), LogKey { key: PublicKey(key) }), &registrar().keys);
        maker.replay("4", name, description, &log, vec![leaf], "key.invalid");
    }
}

fn signatures(maker: &mut Maker) {
    let log = maker.story.before("second poll");
    let header = text(&log, &registrar(), add("e", &["member"], 9));
    let right = registrar().keys.sign(&[b"ecabinet/v1/statement\n", header.as_bytes()].concat());
    let mut case = |rule, name: &str, description, signature: Signature| {
        let leaf = log.sealed(header.as_bytes(), signature);
        maker.replay(rule, name, description, &log, vec![leaf], "signature.invalid");
    };
    case(
        "4",
        "signature-no-context",
        "Signed without the context.",
        registrar().keys.sign(header.as_bytes()),
    );
    let by_other = second_registrar().keys.sign(&[b"ecabinet/v1/statement\n", header.as_bytes()].concat());
    case("4", "signature-other-device", "Signed by another device than the one named.", by_other);
    case("4", "signature-s-plus-l", "S plus the group's order.", Signature(plus_order(right.0)));
    let mut flipped = right;
    flipped.0[3] ^= 1;
    case("4", "signature-flipped", "One bit of R flipped.", flipped);
    let changed = header.replace("\"order\":9", "\"order\":1");
    let leaf = log.sealed(changed.as_bytes(), right);
    maker.replay(
        "4",
        "signature-other-text",
        "The header changed after it was signed.",
        &log,
        vec![leaf],
        "signature.invalid",
    );
    let spaced = log.sealed(header.replacen(':', ": ", 1).as_bytes(), right);
    let description = "The header written anew: the same JSON, other bytes.";
    maker.replay("1", "signature-re-encoded", description, &log, vec![spaced], "signature.invalid");
    let again = log.header(&device("b"), DeviceConfirm { device: keys("b2").id() });
    let leaf = log.leaf(&again, &device("c").keys);
    maker.replay(
        "13",
        "signature-before-rules",
        "The signature is checked before the rules of the kind.",
        &log,
        vec![leaf],
        "signature.invalid",
    );
}

fn seen_and_level(maker: &mut Maker) {
    let log = maker.story.before("second poll");
    let mut case = |rule, name: &str, description, change: &dyn Fn(&mut Header), code| {
        let mut header = log.header(&registrar(), add("e", &["member"], 9));
        change(&mut header);
        let leaf = log.leaf(&header, &registrar().keys);
        maker.replay(rule, name, description, &log, vec![leaf], code);
    };
    let size = log.size();
    case(
        "20",
        "seen-ahead",
        "It has seen a longer log than this one.",
        &|h| h.seen.size = int(size + 1),
        "seen.ahead",
    );
    case(
        "20",
        "seen-fork",
        "It has seen another log of this size.",
        &|h| h.seen.root = Hash([9; 32]),
        "seen.other",
    );
    case(
        "13",
        "seen-root-of-other-size",
        "The newest root with an older size.",
        &|h| h.seen.size = int(size - 1),
        "seen.other",
    );
    case(
        "13",
        "level-ahead",
        "A header of a level that the body has not reached.",
        &|h| h.level = 2,
        "level.ahead",
    );
    case("13", "level-zero", "A header of level 0.", &|h| h.level = 0, "level.ahead");
}

/// R ‖ S + L, which a lax verifier takes for the same signature.
fn plus_order(mut signature: [u8; 64]) -> [u8; 64] {
    let order: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0;
    for (byte, add) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*byte) + u16::from(add) + carry;
        (*byte, carry) = (sum as u8, sum >> 8);
    }
    signature
}
