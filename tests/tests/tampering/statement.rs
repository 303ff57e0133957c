//! One statement: its header, its signature, its form, its author, and what another has signed in its place.

use crate::classes::{Case, Tampering};
use crate::dice::Dice;
use crate::expect::Expect;
use crate::original::{Original, stranger};
use crate::sequence::{Seal, Sequence};
use crate::values;
use ecabinet_domain::{BodyId, DeviceKeys, Signature};
use ecabinet_record::invitation::enrolment_proof;
use ecabinet_record::{Envelope, KeyPair};
use serde_json::{Value, json};

const CONTEXT: &[u8] = b"ecabinet/v1/statement\n";

/// The header as this author would sign it.
fn signed(header: &Value, keys: &KeyPair) -> Envelope {
    let header = serde_json::to_vec(header).expect("plain data");
    let signature = keys.sign(&[CONTEXT, &header].concat());
    Envelope { header, signature }
}

/// The export in which one entry is another.
fn replaced(original: &Original, at: usize, envelope: Envelope, expect: Expect, how: String) -> Tampering {
    let mut sequence = Sequence::of(original);
    sequence.places[at].leaf.envelope = envelope;
    Tampering::of(how, sequence.export(Seal::Kept), expect)
}

/// What a header that is another gives before anybody looks at what it does.
fn unsigned(original: &Original, at: usize) -> Vec<&'static str> {
    let mut codes = vec!["header.malformed", "signature.invalid", "device.unknown"];
    match original.kind(at) {
        "body.genesis" => codes.extend(["genesis.invalid", "key.invalid"]),
        "device.enrol" => codes.extend(["invitation.unknown", "device.id", "key.invalid"]),
        "registrar.change" | "log.key" | "invitation.issue" => codes.push("key.invalid"),
        _ => {}
    }
    codes
}

pub fn header_damaged(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let (original, at) = (case.original, dice.below(case.original.size()));
    let mut envelope = original.leaves[at].envelope.clone();
    dice.damage(&mut envelope.header);
    let expect = Expect::entry(at as u64, &unsigned(original, at));
    Some(replaced(original, at, envelope, expect, format!("entry {at}, one bit")))
}

/// What it says is another, and the signature is still the old one.
pub fn header_edited(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let (original, at) = (case.original, dice.below(case.original.size()));
    let mut header = original.headers[at].clone();
    let path = values::change(&mut header, dice, &original.headers)?;
    let envelope = Envelope {
        header: serde_json::to_vec(&header).expect("plain data"),
        signature: original.leaves[at].envelope.signature,
    };
    let mut codes = unsigned(original, at);
    if path == "/device" {
        // The name of another device that is known and may not sign.
        codes.extend(["device.pending", "device.revoked", "member.retired"]);
    }
    Some(replaced(original, at, envelope, Expect::entry(at as u64, &codes), format!("entry {at}, {path}")))
}

/// Other bytes that mean the same are another statement.
pub fn header_respaced(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let (original, at) = (case.original, dice.below(case.original.size()));
    let mut envelope = original.leaves[at].envelope.clone();
    let colons: Vec<usize> =
        (0..envelope.header.len()).filter(|place| matches!(envelope.header[*place], b'{' | b',')).collect();
    envelope.header.insert(dice.one(&colons)? + 1, b' ');
    // A ballot's header may be too long by it.
    let expect = Expect::entry(at as u64, &["signature.invalid", "header.malformed"]);
    Some(replaced(original, at, envelope, expect, format!("entry {at}")))
}

pub fn signature_damaged(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let (original, at) = (case.original, dice.below(case.original.size()));
    let mut envelope = original.leaves[at].envelope.clone();
    dice.damage(&mut envelope.signature.0);
    let expect = Expect::entry(at as u64, &["signature.invalid"]);
    Some(replaced(original, at, envelope, expect, format!("entry {at}")))
}

/// S + L in place of S: the same point, another number.
pub fn signature_other_number(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    const L: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let (original, at) = (case.original, dice.below(case.original.size()));
    let mut envelope = original.leaves[at].envelope.clone();
    let mut carry = 0u16;
    for (byte, more) in envelope.signature.0[32..].iter_mut().zip(L) {
        carry += u16::from(*byte) + u16::from(more);
        *byte = carry as u8;
        carry >>= 8;
    }
    let expect = Expect::entry(at as u64, &["signature.invalid"]);
    Some(replaced(original, at, envelope, expect, format!("entry {at}")))
}

pub fn signature_of_another(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let original = case.original;
    let (at, from) = (dice.below(original.size()), dice.below(original.size()));
    let mut envelope = original.leaves[at].envelope.clone();
    envelope.signature = original.leaves[from].envelope.signature;
    let expect = Expect::entry(at as u64, &["signature.invalid"]);
    (at != from).then(|| replaced(original, at, envelope, expect, format!("entry {at} by that of {from}")))
}

pub fn signed_by_stranger(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let (original, at) = (case.original, dice.below(case.original.size()));
    let mut envelope = original.leaves[at].envelope.clone();
    envelope.signature = stranger().sign(&[CONTEXT, &envelope.header].concat());
    let expect = Expect::entry(at as u64, &["signature.invalid"]);
    Some(replaced(original, at, envelope, expect, format!("entry {at}")))
}

/// A stranger says it in his own name.
pub fn said_by_stranger(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let (original, at) = (case.original, dice.below(case.original.size()));
    let mut header = original.headers[at].clone();
    header["device"] = json!(stranger().id());
    let code = match original.kind(at) {
        "body.genesis" => "genesis.invalid",
        "device.enrol" => "device.id",
        _ => "device.unknown",
    };
    let expect = Expect::entry(at as u64, &[code]);
    Some(replaced(original, at, signed(&header, &stranger()), expect, format!("entry {at}")))
}

/// A stranger enrols a device of his by an invitation whose secret he does not have.
pub fn enrolment_forged(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let original = case.original;
    let enrolments: Vec<usize> =
        (0..original.size()).filter(|at| original.kind(*at) == "device.enrol").collect();
    let at = *dice.one(&enrolments)?;
    let (keys, mut header) = (stranger(), original.headers[at].clone());
    let public @ DeviceKeys { sign, enc } = keys.public();
    header["device"] = json!(keys.id());
    (header["data"]["sign"], header["data"]["enc"]) = (json!(sign), json!(enc));
    let old = dice.flip();
    if !old {
        let invitation = header["data"]["invitation"].as_str()?.parse().ok()?;
        header["data"]["proof"] = json!(enrolment_proof(&keys, original.body, invitation, &public));
    }
    let expect = Expect::entry(at as u64, &["invitation.proof"]);
    Some(replaced(original, at, signed(&header, &keys), expect, format!("entry {at}, the old proof: {old}")))
}

/// The beginning is told anew by a stranger, with himself as a registrar beside the others or alone.
pub fn genesis_forged(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let (original, keys) = (case.original, stranger());
    let mut header = original.headers[0].clone();
    header["device"] = json!(keys.id());
    let beside = dice.flip();
    let registrars = header["data"]["registrars"].as_array_mut()?;
    if !beside {
        registrars.clear();
    }
    registrars.push(json!(keys.public()));
    if dice.flip() {
        header["data"]["log_key"] = json!(keys.public().sign);
    }
    let codes: &[&str] =
        if beside { &["seen.other", "body.other"] } else { &["device.unknown", "invitation.unknown"] };
    let expect = Expect::entry(1, codes);
    Some(replaced(original, 0, signed(&header, &keys), expect, format!("beside the others: {beside}")))
}

pub fn leaf_malformed(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let (original, at) = (case.original, dice.below(case.original.size()));
    let mut export = original.export.clone();
    let bytes = &mut export.entries[at];
    let how = match dice.below(5) {
        0 => {
            bytes[0] ^= 1 << dice.below(8);
            "another first byte"
        }
        1 => {
            bytes[9 + dice.below(4)] ^= 1 << dice.below(8);
            "another length"
        }
        2 => {
            bytes.truncate(dice.below(bytes.len()));
            "cut"
        }
        3 => {
            bytes.push(0);
            "longer"
        }
        _ => {
            bytes[1..9].copy_from_slice(&(1u64 << 53).to_be_bytes());
            "a time beyond all"
        }
    };
    let expect = Expect::entry(at as u64, &["leaf.malformed"]);
    Some(Tampering::of(format!("entry {at}, {how}"), export, expect))
}

/// What the same device has signed in another body.
pub fn of_another_body(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let original = case.original;
    let at = 1 + dice.below(original.size() - 1);
    let mut header = original.headers[at].clone();
    header["body"] = json!(BodyId(dice.bytes()));
    let keys = original.author(at)?;
    let expect = Expect::entry(at as u64, &["body.other"]);
    Some(replaced(original, at, signed(&header, keys), expect, format!("entry {at}")))
}

/// A whole entry of another body's record, in the place of ours or beside it.
pub fn from_another_record(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let (original, at) = (case.original, dice.below(case.original.size()));
    let mut sequence = Sequence::of(original);
    let from = dice.below(case.other.size());
    let time = sequence.places[at].leaf.time;
    let mut foreign = sequence.places[at].clone();
    foreign.leaf = case.other.leaves[from].clone();
    foreign.leaf.time = time;
    let beside = dice.flip();
    if beside {
        sequence.places.insert(at, foreign);
    } else {
        sequence.places[at] = foreign;
    }
    let is_genesis = case.other.kind(from) == "body.genesis";
    let expect = match (at, is_genesis) {
        // Their genesis holds for itself; what follows is not theirs.
        (0, true) => Expect::entry(1, &["device.unknown", "invitation.unknown", "seen.other"]),
        (0, false) => Expect::entry(0, &["genesis.missing"]),
        _ => Expect::entry(at as u64, &["device.unknown", "invitation.unknown"]),
    };
    let how = format!("entry {from} of {} at {at}, beside ours: {beside}", case.other.name);
    Some(Tampering::of(how, sequence.export(Seal::Kept), expect))
}

/// The author himself signs another statement for the place of his own.
pub fn said_anew_by_its_author(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let (original, at) = (case.original, dice.below(case.original.size()));
    let keys = original.author(at)?.clone();
    let mut header = original.headers[at].clone();
    let mut data = header["data"].take();
    let path = values::change(&mut data, dice, &original.headers)?;
    header["data"] = data;
    let envelope = signed(&header, &keys);
    let mut sequence = Sequence::of(original);
    sequence.places[at].leaf.envelope = envelope;
    let (expect, _) = sequence.expect(Seal::Kept);
    let here = [
        "header.malformed",
        "key.invalid",
        "device.id",
        "invitation.proof",
        "genesis.invalid",
        "level.ahead",
    ];
    let mut expect = expect.or_entry(at as u64, &here);
    if original.kind(at) == "body.genesis" {
        // Another genesis is another body.
        expect = expect.or_entry(1, &["seen.other", "body.other", "signature.invalid"]);
    }
    if original.kind(at) == "body.level" {
        expect = expect.or_among(at as u64..=original.size() as u64, &["header.malformed", "level.ahead"]);
    }
    if original.kind(at) == "invitation.issue" {
        let until = original.size() as u64;
        expect = expect.or_among(at as u64..=until, &["invitation.proof"]);
    }
    let how = format!("entry {at}, {path}");
    Some(Tampering::of(how, sequence.export(Seal::Kept), expect))
}

/// Nobody's signature of nothing.
pub fn signature_of_zeros(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let (original, at) = (case.original, dice.below(case.original.size()));
    let mut envelope = original.leaves[at].envelope.clone();
    let mut zeros = [0u8; 64];
    // R = S = 0 holds where a lax check meets the identity.
    zeros[0] = u8::from(dice.flip());
    envelope.signature = Signature(zeros);
    let expect = Expect::entry(at as u64, &["signature.invalid"]);
    Some(replaced(original, at, envelope, expect, format!("entry {at}")))
}
