//! Tickets and ballots' payloads that do not read, exports that fail: rules 6, 11, 14, 17.

use crate::kit::story::*;
use crate::kit::*;
use crate::{Maker, example};
use ecabinet_domain::*;
use ecabinet_record::Payload;
use ecabinet_record::code::groups;
use ecabinet_record::invitation::Ticket;
use serde_json::{Value, json};

pub(crate) fn make(maker: &mut Maker) {
    tickets(maker);
    ballots(maker);
    exports(maker);
}

fn tickets(maker: &mut Maker) {
    let state = maker.story.log.state();
    let right = Ticket::new("cabinet.example:8443", state.body, state.ca, secret("b"));
    let typed = right.typed();
    let bytes =
        |version: u8, len: u8, rest: &[u8]| groups(&[&[version], &[1; 48][..], &[len], rest].concat());
    let not_whole = json!({"code": "ticket.not_whole"});
    let mut swapped: Vec<char> = typed.chars().collect();
    swapped[10] = if swapped[10] == 'A' { 'B' } else { 'A' };
    let swapped: String = swapped.into_iter().collect();
    let unlike = typed.replacen(&typed[5..6], "U", 1);
    let unlike_at = typed.find(&typed[5..6]).unwrap() / 5 + 1;
    for (name, description, text, expect) in [
        (
            "letter",
            "A wrong letter in the third group.",
            swapped,
            json!({"code": "ticket.mistyped", "group": 3}),
        ),
        (
            "letter-u",
            "A letter outside the alphabet.",
            unlike,
            json!({"code": "ticket.mistyped", "group": unlike_at}),
        ),
        ("unfinished", "The last letter lacks.", typed[..typed.len() - 1].to_owned(), not_whole.clone()),
        ("group-lacks", "The last group lacks.", typed[..typed.len() - 5].to_owned(), not_whole.clone()),
        ("empty", "Nothing.", "ecabinet://join/".to_owned(), not_whole.clone()),
        ("version", "Another version.", bytes(2, 4, b"h:80"), not_whole.clone()),
        ("no-server", "No server.", bytes(1, 0, b""), not_whole.clone()),
        ("not-utf8", "A server's name that is not UTF-8.", bytes(1, 2, &[0xff, 0xfe]), not_whole.clone()),
        ("trailing", "A byte behind the server's name.", bytes(1, 4, b"h:80x"), not_whole.clone()),
        (
            "stray-bits",
            "Bits behind the last byte that are not zero.",
            stray_digit(&bytes(1, 4, b"h:80")),
            not_whole,
        ),
    ] {
        maker.other("11", &format!("ticket-{name}"), description, "ticket", json!({ "text": text }), expect);
    }
}

/// The last group with its third digit one higher, and the check digit made right.
fn stray_digit(groups: &str) -> String {
    const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut digits: Vec<usize> = groups.chars().filter_map(|c| ALPHABET.find(c)).collect();
    let last = digits.len();
    digits[last - 2] += 1;
    digits[last - 1] = (digits[last - 1] + 11) % 32;
    let letter = |digit: &usize| ALPHABET.as_bytes()[*digit] as char;
    digits.chunks(4).map(|four| four.iter().map(letter).collect::<String>()).collect::<Vec<_>>().join("-")
}

fn ballots(maker: &mut Maker) {
    let rule = Rule { choices: vec![Choice::Yes, Choice::No], ..usual_rule() };
    let paper = paper_hash(RevId([1; 16]));
    for (name, description, payload) in [
        ("choice", "A choice that is none of the four.", r#"{"choice":"maybe","papers":[]}"#.to_owned()),
        (
            "choice-of-rule",
            "A choice that the rule does not offer.",
            r#"{"choice":"abstain","papers":[]}"#.to_owned(),
        ),
        ("no-papers", "No papers.", r#"{"choice":"yes"}"#.to_owned()),
        ("key-unknown", "An unknown key.", r#"{"choice":"yes","papers":[],"x":0}"#.to_owned()),
        ("choice-twice", "Two choices.", r#"{"choice":"yes","choice":"no","papers":[]}"#.to_owned()),
        (
            "choice-twice-escaped",
            "Two choices, one key written with an escape.",
            r#"{"choice":"yes","ch\u006fice":"no","papers":[]}"#.to_owned(),
        ),
        (
            "null",
            "null for a text that should be left out.",
            r#"{"choice":"yes","text":null,"papers":[]}"#.to_owned(),
        ),
        ("array", "An array in the place of the object.", r#"["yes",[]]"#.to_owned()),
        (
            "paper-array",
            "An array in the place of a paper.",
            format!(r#"{{"choice":"yes","papers":[["{}","{}"]]}}"#, "01".repeat(16), "02".repeat(32)),
        ),
        (
            "choice-object",
            "An object in the place of a choice.",
            format!(r#"{{"choice":{{"yes":null}},"papers":[{paper}]}}"#),
        ),
        ("surrogate", "Half a surrogate pair.", r#"{"choice":"yes","text":"\ud800","papers":[]}"#.to_owned()),
        ("mark", "A byte order mark.", "\u{feff}{\"choice\":\"yes\",\"papers\":[]}".to_owned()),
        ("empty", "Nothing.", String::new()),
    ] {
        let given = json!({"rule": rule, "payload": hex::encode(payload)});
        maker.other(
            "14",
            &format!("ballot-{name}"),
            description,
            "ballot",
            given,
            json!({"code": "ballot.void"}),
        );
    }
    let mut not_utf8 = br#"{"choice":"yes","text":"?","papers":[]}"#.to_vec();
    not_utf8[24] = 0xff;
    let given = json!({"rule": rule, "payload": hex::encode(not_utf8)});
    maker.other(
        "14",
        "ballot-not-utf8",
        "A byte that is not UTF-8.",
        "ballot",
        given,
        json!({"code": "ballot.void"}),
    );
}

fn exports(maker: &mut Maker) {
    let log = &maker.story.log;
    let payload = |index: u64, payload: &Payload| {
        let len = (payload.bytes.len() as u32).to_be_bytes();
        hex::encode([&index.to_be_bytes()[..], &payload.salt, &len, &payload.bytes].concat())
    };
    let close = maker.story.at["first close"];
    let nothing = Payload { salt: [0; 32], bytes: b"{}".to_vec() };
    let mut false_claim: Value = serde_json::from_slice(&example::results(&maker.story)).unwrap();
    false_claim["polls"][0]["tally"]["result"] = json!("failed");
    let mut unknown_poll = false_claim.clone();
    unknown_poll["polls"] = json!([{"poll": "07".repeat(32), "tally": false_claim["polls"][0]["tally"]}]);
    let set = |value: &Value| json!({"results.json": {"set": hex::encode(value.to_string())}});
    let text = |text: &str| hex::encode(text);
    let blob = format!("blobs/{}", "00".repeat(32));
    let newest = log.size();
    for (rule, name, description, files, expect) in [
        (
            "17",
            "format",
            "Another format.",
            json!({"FORMAT": {"set": text("ecabinet-export 2\n")}}),
            json!({"code": "export.malformed"}),
        ),
        (
            "17",
            "unknown-file",
            "A file that the format does not know.",
            json!({"notes": {"set": text("x")}}),
            json!({"code": "export.unknown_file"}),
        ),
        ("17", "no-payloads", "A file lacks.", json!({"payloads": null}), json!({"code": "export.io"})),
        (
            "17",
            "entries-trailing",
            "A byte behind the entries.",
            json!({"entries": {"append": "00"}}),
            json!({"code": "export.malformed"}),
        ),
        (
            "17",
            "entries-cut",
            "The last entry cut by a byte.",
            json!({"entries": {"drop": 1}}),
            json!({"code": "export.malformed"}),
        ),
        (
            "17",
            "entries-empty",
            "No entries.",
            json!({"entries": {"set": ""}}),
            json!({"code": "genesis.missing", "index": 0}),
        ),
        (
            "17",
            "entry-lacks",
            "The last entry left out.",
            json!({"entries": {"drop": 4 + log.leaves[newest as usize - 1].len()}}),
            json!({"code": "checkpoint.size"}),
        ),
        (
            "17",
            "payloads-cut",
            "The last payload cut by a byte.",
            json!({"payloads": {"drop": 1}}),
            json!({"code": "export.malformed"}),
        ),
        (
            "17",
            "payloads-order",
            "A payload behind a later one.",
            json!({"payloads": {"append": payload(0, &log.payloads[&0])}}),
            json!({"code": "export.malformed"}),
        ),
        (
            "17",
            "checkpoint-not-utf8",
            "A checkpoint that is not UTF-8.",
            json!({"checkpoint": {"append": "ff"}}),
            json!({"code": "export.malformed"}),
        ),
        (
            "17",
            "blob-name",
            "A blob that is not its name.",
            json!({blob: {"set": text("x")}}),
            json!({"code": "export.malformed"}),
        ),
        (
            "6",
            "payload-mismatch",
            "A payload that does not open its commitment.",
            json!({"payloads": {"set": payload(0, &nothing)}}),
            json!({"code": "payload.mismatch", "index": 0}),
        ),
        (
            "6",
            "payload-unexpected",
            "A payload of an entry that has none.",
            json!({"payloads": {"set": payload(close, &nothing)}}),
            json!({"code": "payload.unexpected", "index": close}),
        ),
        (
            "6",
            "payload-beyond",
            "A payload behind the end.",
            json!({"payloads": {"append": payload(newest, &nothing)}}),
            json!({"code": "payload.unexpected", "index": newest}),
        ),
        (
            "17",
            "results-false",
            "A result that the record does not give.",
            set(&false_claim),
            json!({"code": "result.claim"}),
        ),
        (
            "17",
            "results-unknown",
            "A result of a poll that the record does not know.",
            set(&unknown_poll),
            json!({"code": "result.claim"}),
        ),
        (
            "17",
            "results-form",
            "Results of another form.",
            set(&json!([])),
            json!({"code": "results.malformed"}),
        ),
    ] {
        maker.other(
            rule,
            &format!("export-{name}"),
            description,
            "export",
            json!({ "files": files }),
            expect,
        );
    }
}
