//! Checkpoints, receipts and refusals that do not hold: rules 9, 10, 15, 16.

use crate::Maker;
use crate::kit::*;
use ecabinet_domain::*;
use ecabinet_record::refusal::SignedRefusal;
use ecabinet_record::{Checkpoint, KeyPair, Receipt};
use serde_json::json;

pub(crate) fn make(maker: &mut Maker) {
    checkpoints(maker);
    receipts(maker);
    refusals(maker);
}

fn checkpoints(maker: &mut Maker) {
    let log = &maker.story.log;
    let (body, size, root) = (log.state().body, log.size(), log.replica.tree().root());
    let [old, new] = maker.story.log_keys.clone();
    let right = Checkpoint::sign(body, size, root, &new).note;
    let note = |size, root, key: &KeyPair| Checkpoint::sign(body, size, root, key).note;
    let other_body = Checkpoint::sign(BodyId([7; 32]), size, root, &new).note;
    let line = right.lines().last().unwrap().to_owned();
    let witness = right.replace(&format!("ecabinet/{body} "), "witness.example/w1 ");
    let witness = witness.replacen("witness.example/w1\n", &format!("ecabinet/{body}\n"), 1);
    let size_line = format!("\n{size}\n");
    let malformed = "checkpoint.malformed";
    let not_signed = "checkpoint.not_signed";
    let former = log.replica.tree().root_at(size - 1).unwrap();
    for (rule, name, description, text, code) in [
        (
            "9",
            "size-zero-led",
            "A size with a leading zero.",
            right.replace(&size_line, &format!("\n0{size}\n")),
            malformed,
        ),
        (
            "9",
            "size-signed",
            "A size with a sign.",
            right.replace(&size_line, &format!("\n+{size}\n")),
            malformed,
        ),
        (
            "9",
            "carriage-return",
            "Lines that end like a letter of DOS.",
            right.replace('\n', "\r\n"),
            malformed,
        ),
        (
            "9",
            "no-signature",
            "Nothing behind the blank line.",
            right.replace(&format!("{line}\n"), ""),
            malformed,
        ),
        ("9", "no-line-end", "The last line does not end.", right.trim_end().to_owned(), malformed),
        ("9", "name-other", "Another kind of log.", right.replacen("ecabinet/", "other/", 1), malformed),
        (
            "9",
            "body-uppercase",
            "The body's id in capitals.",
            right.replacen(&body.to_string(), &body.to_string().to_uppercase(), 1),
            malformed,
        ),
        ("9", "fourth-line", "A line more in the text.", right.replacen("\n\n", "\nmore\n\n", 1), malformed),
        (
            "1",
            "base64-stray-bits",
            "A root whose base64 has bits behind the last byte.",
            stray_bits(&right),
            malformed,
        ),
        ("1", "base64-no-padding", "A root without padding.", right.replacen("=\n\n", "\n\n", 1), malformed),
        ("9", "other-body", "Another body's checkpoint, well signed.", other_body, "checkpoint.other_body"),
        (
            "17",
            "shorter",
            "An older size, well signed by the same key.",
            note(size - 1, former, &new),
            "checkpoint.size",
        ),
        ("8", "other-root", "Another root, well signed.", note(size, former, &new), "checkpoint.root"),
        ("9", "former-key", "Signed by the former log key.", note(size, root, &old), not_signed),
        (
            "9",
            "next-key",
            "Signed by the newest log key, one entry too early.",
            note(size, root, &keys("third log")),
            not_signed,
        ),
        (
            "9",
            "key-id",
            "Another key id before the right signature.",
            change_blob(&right, |blob| blob[0] ^= 1),
            not_signed,
        ),
        (
            "9",
            "signature",
            "One bit of the signature flipped.",
            change_blob(&right, |blob| blob[40] ^= 1),
            not_signed,
        ),
        ("9", "hyphen", "A hyphen in the place of the dash.", right.replace('\u{2014}', "-"), not_signed),
        (
            "9",
            "line-carriage-return",
            "A carriage return behind the signature.",
            right.replace(&line, &format!("{line}\r")),
            not_signed,
        ),
        ("10", "witness-alone", "The signature under a witness's name only.", witness, not_signed),
    ] {
        let given =
            json!({"note": text, "body": body, "size": size, "root": root, "log_key": new.public().sign});
        maker.other(
            rule,
            &format!("checkpoint-{name}"),
            description,
            "checkpoint",
            given,
            json!({ "code": code }),
        );
    }
}

/// Sets an unused bit in the base64 of the root.
fn stray_bits(note: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let at = note.find("=\n\n").expect("the root's padding") - 1;
    let value = ALPHABET.find(&note[at..=at]).expect("a digit");
    format!("{}{}{}", &note[..at], &ALPHABET[value + 1..value + 2], &note[at + 1..])
}

fn change_blob(note: &str, change: impl Fn(&mut Vec<u8>)) -> String {
    use ecabinet_record::code::base64;
    let (head, blob) = note.trim_end().rsplit_once(' ').expect("a signature");
    let mut bytes = base64::decode(blob).expect("base64");
    change(&mut bytes);
    format!("{head} {}\n", base64::encode(&bytes))
}

fn receipts(maker: &mut Maker) {
    let log = &maker.story.log;
    let (body, size, root) = (log.state().body, log.size(), log.replica.tree().root());
    let key = maker.story.log_keys[1].clone();
    let index = maker.story.at["first close"] - 1;
    let checkpoint = Checkpoint::sign(body, size, root, &key);
    let right =
        Receipt::new(log.replica.tree(), index, log.leaves[index as usize].clone(), checkpoint).unwrap();
    let mut other_leaf = right.clone();
    other_leaf.leaf[20] ^= 1;
    let other_body =
        Receipt { checkpoint: Checkpoint::sign(BodyId([7; 32]), size, root, &key), ..right.clone() };
    let not_signed = Receipt { checkpoint: Checkpoint::sign(body, size, root, &keys("x")), ..right.clone() };
    let mut shorter = right.clone();
    shorter.path.pop();
    let mut longer = right.clone();
    longer.path.push(root);
    let text = right.to_text();
    let path = "receipt.path";
    for (name, description, text, code) in [
        ("format", "Another format line.", text.replace("@v1", "@v2"), "receipt.malformed"),
        (
            "no-extra",
            "The entry lacks.",
            text.replacen(text.lines().nth(1).unwrap(), "extra", 1),
            "receipt.malformed",
        ),
        (
            "index",
            "An index with a leading zero.",
            text.replacen("index ", "index 0", 1),
            "receipt.malformed",
        ),
        (
            "hash",
            "A hash of 31 bytes.",
            text.replacen(text.lines().nth(3).unwrap(), &"A".repeat(40), 1),
            "receipt.malformed",
        ),
        ("other-body", "Another body's checkpoint.", other_body.to_text(), "receipt.other_body"),
        ("not-signed", "Signed by a stranger.", not_signed.to_text(), "receipt.not_signed"),
        ("leaf", "Another entry.", other_leaf.to_text(), path),
        ("other-index", "Another position.", Receipt { index: index + 1, ..right.clone() }.to_text(), path),
        ("beyond", "A position behind the end.", Receipt { index: size, ..right.clone() }.to_text(), path),
        ("short", "A hash of the path lacks.", shorter.to_text(), path),
        ("long", "A hash too many.", longer.to_text(), path),
    ] {
        let given = json!({"text": text, "body": body, "log_key": key.public().sign});
        maker.other("15", &format!("receipt-{name}"), description, "receipt", given, json!({ "code": code }));
    }
}

fn refusals(maker: &mut Maker) {
    let body = maker.story.log.state().body;
    let key = maker.story.log_keys[1].clone();
    let right = SignedRefusal::sign(body, StatementId([5; 32]), START, 68, "poll.closed", &key);
    for (name, description, refusal) in [
        (
            "code",
            "Another code than was signed.",
            SignedRefusal { code: "poll.unknown".into(), ..right.clone() },
        ),
        ("size", "Another size than was signed.", SignedRefusal { size: 67, ..right.clone() }),
        (
            "body",
            "Signed for another body.",
            SignedRefusal::sign(BodyId([7; 32]), right.statement, START, 68, "poll.closed", &key),
        ),
        (
            "key",
            "Signed by the former log key.",
            SignedRefusal::sign(body, right.statement, START, 68, "poll.closed", &maker.story.log_keys[0]),
        ),
        (
            "not-ascii",
            "A code beyond ASCII, well signed.",
            SignedRefusal::sign(body, right.statement, START, 68, "đóng", &key),
        ),
    ] {
        let given = json!({"refusal": refusal, "body": body, "log_key": key.public().sign});
        let expect = json!({"code": "refusal.not_signed"});
        maker.other("16", &format!("refusal-{name}"), description, "refusal", given, expect);
    }
}
