//! What lies beside the entries: payloads, claims, the checkpoint.

use crate::classes::{Case, Tampering};
use crate::dice::Dice;
use crate::expect::Expect;
use crate::original::stranger;
use crate::values;
use ecabinet_domain::{BodyId, Hash, StatementId};
use ecabinet_record::export::Export;
use ecabinet_record::{Checkpoint, Payload};
use serde_json::{Value, json};

fn payload_at(case: &Case<'_>, dice: &mut Dice) -> Option<u64> {
    let indexes: Vec<u64> = case.original.export.payloads.keys().copied().collect();
    dice.one(&indexes).copied()
}

fn mismatch(case: &Case<'_>, index: u64, payload: Payload, how: &str) -> Tampering {
    let mut export = case.original.export.clone();
    export.payloads.insert(index, payload);
    Tampering::of(format!("of entry {index}, {how}"), export, Expect::entry(index, &["payload.mismatch"]))
}

pub fn payload_damaged(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let index = payload_at(case, dice)?;
    let mut payload = case.original.export.payloads[&index].clone();
    match dice.below(3) {
        0 if !payload.bytes.is_empty() => dice.damage(&mut payload.bytes),
        1 => payload.bytes.push(b' '),
        _ => {
            payload.bytes.pop()?;
        }
    }
    Some(mismatch(case, index, payload, "one byte"))
}

pub fn salt_damaged(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let index = payload_at(case, dice)?;
    let mut payload = case.original.export.payloads[&index].clone();
    dice.damage(&mut payload.salt);
    Some(mismatch(case, index, payload, "its salt"))
}

/// What it says is another: a choice, a title, a paper's hash.
pub fn payload_edited(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let index = payload_at(case, dice)?;
    let mut payload = case.original.export.payloads[&index].clone();
    let mut says: Value = serde_json::from_slice(&payload.bytes).ok()?;
    let path = values::change(&mut says, dice, &case.original.headers)?;
    payload.bytes = serde_json::to_vec(&says).expect("plain data");
    if dice.flip() {
        payload.salt = dice.bytes();
    }
    Some(mismatch(case, index, payload, &path))
}

/// One that was truly made, and for another entry.
pub fn payload_of_another(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let (one, other) = (payload_at(case, dice)?, payload_at(case, dice)?);
    let mut export = case.original.export.clone();
    let (first, second) = (export.payloads[&one].clone(), export.payloads[&other].clone());
    if first == second {
        return None;
    }
    export.payloads.insert(one, second);
    let exchanged = dice.flip();
    if exchanged {
        export.payloads.insert(other, first);
    }
    let first = if exchanged { one.min(other) } else { one };
    let how = format!("of entry {one} that of {other}, exchanged: {exchanged}");
    Some(Tampering::of(how, export, Expect::entry(first, &["payload.mismatch"])))
}

pub fn payload_too_many(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let original = case.original;
    let bare: Vec<u64> = (0..original.size())
        .filter(|at| original.headers[*at].get("payload").is_none())
        .map(|at| at as u64)
        .chain([original.size() as u64, u64::MAX])
        .collect();
    let index = *dice.one(&bare)?;
    let payload = original.export.payloads[&payload_at(case, dice)?].clone();
    let mut export = original.export.clone();
    export.payloads.insert(index, payload);
    Some(Tampering::of(format!("at entry {index}"), export, Expect::entry(index, &["payload.unexpected"])))
}

fn claims(export: &Export) -> Value {
    serde_json::from_slice(&export.results).expect("it holds")
}

fn claimed(case: &Case<'_>, claims: &Value, expect: &[&'static str], how: String) -> Tampering {
    let mut export = case.original.export.clone();
    export.results = serde_json::to_vec(claims).expect("plain data");
    Tampering::of(how, export, Expect::export(expect))
}

/// The claims about polls that can be counted here: of the others something can be said that nobody can contradict.
fn countable(case: &Case<'_>, claims: &Value) -> Vec<usize> {
    let counted = |claim: &Value| {
        let report = case.original.report.polls.iter().find(|poll| json!(poll.poll) == claim["poll"]);
        report.is_some_and(|poll| poll.agrees == Some(true))
    };
    let polls = claims["polls"].as_array().expect("it holds");
    (0..polls.len()).filter(|at| counted(&polls[*at])).collect()
}

pub fn claim_edited(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let mut claims = claims(&case.original.export);
    let at = *dice.one(&countable(case, &claims))?;
    let claim = &mut claims["polls"][at];
    let path = dice.one(&values::paths(claim))?.clone();
    let place = claim.pointer_mut(&path).expect("a path of it");
    let old = place.clone();
    *place = match &old {
        Value::String(word) if path.ends_with("/result") => {
            let words = ["passed", "failed", "inquorate"];
            (*dice.one(&words.into_iter().filter(|other| other != word).collect::<Vec<_>>())?).into()
        }
        Value::Null => "chair".into(),
        other => values::other(other, &path, dice, &[]),
    };
    if *place == old {
        return None;
    }
    Some(claimed(case, &claims, &["result.claim", "results.malformed"], format!("claim {at}, {path}")))
}

/// Each poll's claim is that of another.
pub fn claims_exchanged(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let mut claims = claims(&case.original.export);
    let countable = countable(case, &claims);
    let (one, other) = (*dice.one(&countable)?, *dice.one(&countable)?);
    let first = claims["polls"][one]["poll"].take();
    let second = std::mem::replace(&mut claims["polls"][other]["poll"], first);
    if one == other {
        return None;
    }
    claims["polls"][one]["poll"] = second;
    let tally = |at: usize| {
        let mut claim = claims["polls"][at].clone();
        claim["poll"].take();
        claim
    };
    let differ = tally(one) != tally(other);
    let how = format!("claims {one} and {other}");
    differ.then(|| claimed(case, &claims, &["result.claim"], how))
}

pub fn claim_invented(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let mut claims = claims(&case.original.export);
    let polls = claims["polls"].as_array_mut().expect("it holds");
    let mut claim = dice.one(polls)?.clone();
    let open = case.original.report.polls.iter().find(|poll| poll.counts().result == "open");
    let (poll, how) = match (dice.below(3), open) {
        (0, Some(open)) => (json!(open.poll), "of an open poll"),
        (1, _) => {
            polls.push(claim);
            return Some(claimed(case, &claims, &["results.malformed"], "the same twice".into()));
        }
        _ => (json!(StatementId(dice.bytes())), "of no poll"),
    };
    claim["poll"] = poll;
    polls.push(claim);
    Some(claimed(case, &claims, &["result.claim"], how.into()))
}

pub fn claims_malformed(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let mut export = case.original.export.clone();
    let text = String::from_utf8(export.results.clone()).ok()?;
    let (how, results) = match dice.below(6) {
        0 => ("empty", String::new()),
        1 => ("a key more", text.replacen('{', r#"{"note":1,"#, 1)),
        2 => ("cut", text[..dice.below(text.len() - 1)].to_owned()),
        3 => ("something behind", format!("{text}x")),
        4 => ("a number that is none", text.replacen(':', r#":{"x":NaN},"y":"#, 1)),
        _ => ("an array", format!("[{text}]")),
    };
    export.results = results.into_bytes();
    Some(Tampering::of(how.into(), export, Expect::export(&["results.malformed"])))
}

fn noted(case: &Case<'_>, note: String, codes: &[&'static str], how: String) -> Tampering {
    let export = Export { checkpoint: note, ..case.original.export.clone() };
    Tampering::of(how, export, Expect::export(codes))
}

/// Of every byte but the line's end, which nobody signs.
pub fn checkpoint_damaged(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let mut bytes = case.original.export.checkpoint.clone().into_bytes();
    let at = dice.below(bytes.len());
    bytes[at] ^= 1 << dice.below(7);
    let note = String::from_utf8(bytes).ok()?;
    let codes = [
        "checkpoint.malformed",
        "checkpoint.other_body",
        "checkpoint.size",
        "checkpoint.root",
        "checkpoint.not_signed",
    ];
    Some(noted(case, note, &codes, format!("byte {at}")))
}

pub fn checkpoint_edited(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let note = case.original.export.checkpoint.clone();
    let mut lines: Vec<String> = note.split('\n').map(str::to_owned).collect();
    let (how, code) = match dice.below(5) {
        0 => {
            lines[0] = format!("ecabinet/{}", BodyId(dice.bytes()));
            ("the body", "checkpoint.other_body")
        }
        1 => {
            let size: u64 = lines[1].parse().ok()?;
            lines[1] = (size + 1 - 2 * u64::from(dice.flip())).to_string();
            ("the size", "checkpoint.size")
        }
        2 => {
            lines[2] = ecabinet_record::code::base64::encode(&Hash(dice.bytes()).0);
            ("the root", "checkpoint.root")
        }
        3 => {
            lines.insert(3, "more".into());
            ("a line more in the text", "checkpoint.malformed")
        }
        _ => {
            lines[4] = lines[4].replacen("ecabinet/", "ecabinet.", 1);
            ("the signer's name", "checkpoint.not_signed")
        }
    };
    Some(noted(case, lines.join("\n"), &[code], how.into()))
}

/// Signed by somebody who is not the log, also under its key's id.
pub fn checkpoint_forged(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let original = case.original;
    let size = original.size() as u64;
    let forged = Checkpoint::sign(original.body, size, original.tree.root(), &stranger()).note;
    let old = dice.below(3);
    let (how, note) = match old {
        0 => ("a stranger's signature", forged),
        1 => {
            // The key's id is the log's; the signature is not.
            let (text, line) = original.export.checkpoint.rsplit_once(' ')?;
            let own = ecabinet_record::code::base64::decode(line.trim_end())?;
            let theirs = ecabinet_record::code::base64::decode(forged.rsplit_once(' ')?.1.trim_end())?;
            let blob = [&own[..4], &theirs[4..]].concat();
            (
                "a stranger's under the log's id",
                format!("{text} {}\n", ecabinet_record::code::base64::encode(&blob)),
            )
        }
        _ => {
            // What the log did sign, of fewer entries.
            let earlier = original.checkpoint(dice.next() % size).note;
            let text = original.export.checkpoint.split_once("\n\n")?.0.to_owned();
            ("the log's signature of another size", format!("{text}\n\n{}", earlier.split_once("\n\n")?.1))
        }
    };
    Some(noted(case, note, &["checkpoint.not_signed"], how.into()))
}

pub fn checkpoint_of_another_size(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let size = dice.next() % case.original.size() as u64;
    let note = case.original.checkpoint(size).note;
    Some(noted(case, note, &["checkpoint.size"], format!("of {size} entries")))
}

pub fn another_body(case: &Case<'_>, _: &mut Dice) -> Option<Tampering> {
    let export = case.other.export.clone();
    Some(Tampering::of(case.other.name.into(), export, Expect::export(&["body.other"])))
}
