//! Headers whose form is wrong: rules 1, 2, 12, 22.

use crate::Maker;
use crate::kit::story::*;
use crate::kit::*;
use ecabinet_domain::act::*;
use ecabinet_domain::*;

type Change = fn(&str) -> String;

pub(crate) fn make(maker: &mut Maker) {
    let attendance = AttendanceSet { meeting: meeting(), member: member("b"), state: Presence::Present };
    let changes: &[(&str, &str, &str, Change)] = &[
        ("1", "hex-uppercase", "A hex id in capitals.", |h| edit(h, "\"device\":\"", |id| id.to_uppercase())),
        ("1", "hex-short", "A hex id of 31 bytes.", |h| edit(h, "\"device\":\"", |id| id[2..].to_owned())),
        ("1", "key-unknown", "A key that the format does not know.", |h| h.replacen('{', "{\"x\":0,", 1)),
        ("1", "key-twice", "The same key twice, with the same value.", |h| h.replacen('{', "{\"v\":1,", 1)),
        ("1", "key-lacking", "No nonce.", |h| cut(h, "\"nonce\":\"", "\",")),
        ("1", "data-key-unknown", "An unknown key in data.", |h| {
            h.replace("\"data\":{", "\"data\":{\"x\":0,")
        }),
        ("1", "data-key-twice", "The same key twice in data.", |h| {
            h.replace("\"data\":{", "\"data\":{\"state\":\"present\",")
        }),
        ("1", "escape", "An escape: the text it makes is a right one.", |h| {
            h.replace("\"present\"", "\"pre\\u0073ent\"")
        }),
        ("1", "not-ascii", "A letter beyond ASCII in `as`.", |h| h.replace("\"secretariat\"", "\"thư ký\"")),
        ("1", "line-break", "A line break between tokens.", |h| h.replacen('{', "{\n", 1)),
        ("1", "float", "An integer written with a fraction.", |h| h.replace("\"v\":1,", "\"v\":1.0,")),
        ("1", "exponent", "An integer written with an exponent.", |h| h.replace("\"v\":1,", "\"v\":1e0,")),
        ("1", "negative", "A negative integer.", |h| edit_int(h, "\"claimed\":", "-1")),
        ("1", "negative-zero", "Zero with a sign.", |h| edit_int(h, "\"claimed\":", "-0")),
        ("1", "int-2-53", "An integer of 2^53.", |h| edit_int(h, "\"claimed\":", "9007199254740992")),
        ("1", "int-true", "`true` where an integer belongs.", |h| edit_int(h, "\"claimed\":", "true")),
        ("1", "int-string", "An integer in quotes.", |h| edit_int(h, "\"claimed\":", "\"1\"")),
        ("1", "null-optional", "null for an optional key that should be left out.", |h| {
            h.replacen('{', "{\"payload\":null,", 1)
        }),
        ("1", "trailing", "A second value behind the header.", |h| format!("{h}{{}}")),
        ("1", "enum-object", "An object in the place of a word.", |h| {
            h.replace("\"present\"", "{\"present\":null}")
        }),
        ("1", "seen-array", "An array in the place of an object.", seen_array),
        ("1", "not-json", "No JSON at all.", |_| "a statement".to_owned()),
        ("1", "empty", "An empty header.", |_| String::new()),
        ("2", "version", "Another version of the form.", |h| h.replace("\"v\":1,", "\"v\":2,")),
        ("2", "body-null", "No body in a kind other than genesis.", null_body),
        ("2", "kind-unknown", "A kind that level 1 does not know.", |h| {
            h.replace("attendance.set", "attendance.get")
        }),
        ("22", "kind-read", "\"Opened\" must never enter the record.", |h| {
            h.replace("attendance.set", "paper.opened")
        }),
        ("2", "audience-alone", "An audience without a payload.", |h| {
            h.replacen('{', "{\"audience\":[\"all\"],", 1)
        }),
        ("2", "payload-alone", "A payload without an audience.", |h| payload(h, "")),
        ("2", "audience-empty", "A payload for nobody.", |h| payload(h, ",\"audience\":[]")),
        ("2", "audience-word", "A group of an audience that is none of the five forms.", |h| {
            payload(h, ",\"audience\":[\"members\"]")
        }),
        ("2", "audience-office", "An office that no one can hold.", |h| {
            payload(h, ",\"audience\":[\"office:all\"]")
        }),
        ("2", "audience-short", "A group's id of 15 bytes.", |h| {
            payload(h, ",\"audience\":[\"group:000102030405060708090a0b0c0d0e\"]")
        }),
        ("2", "audience-many", "65 groups in an audience.", |h| {
            payload(h, &format!(",\"audience\":[{}]", vec!["\"all\""; 65].join(",")))
        }),
        ("12", "data-array", "Data as an array.", |h| {
            let at = h.find("\"data\":").expect("data");
            format!("{}\"data\":[]}}", &h[..at])
        }),
        ("12", "presence-unknown", "A state of attendance that is none of the four.", |h| {
            h.replace("\"present\"", "\"late\"")
        }),
    ];
    let log = maker.story.before("first close");
    let header = text(&log, &secretary(), attendance.clone());
    for (rule, name, description, change) in changes {
        let changed = change(&header);
        assert_ne!(changed, header, "{name}");
        let leaf = log.raw(changed.as_bytes(), &secretary().keys);
        maker.replay(rule, &format!("header-{name}"), description, &log, vec![leaf], "header.malformed");
    }
    payloads(maker, &log);
    ballots(maker, &log);
}

/// Kinds that must or must never carry a payload; rule numbers beyond 32 bits; genesis with a body.
fn payloads(maker: &mut Maker, log: &Log) {
    let bad = "header.malformed";
    let mut header = log.header(&secretary(), ItemSet { meeting: meeting(), item: item("new") });
    (header.payload, header.audience) = (None, Vec::new());
    let leaf = log.leaf(&header, &secretary().keys);
    maker.replay(
        "12",
        "payload-lacks",
        "An item without the payload that it must carry.",
        log,
        vec![leaf],
        bad,
    );
    let close = log.header(&secretary(), PollClose { poll: maker.story.polls[0] });
    let leaf = log.leaf(&with_payload(close, b"{}"), &secretary().keys);
    maker.replay("12", "payload-never", "A payload on a kind that never carries one.", log, vec![leaf], bad);
    let open = text(log, &secretary(), PollOpen { item: item("budget"), rule: usual_rule() });
    let leaf = log.raw(open.replace("\"den\":3", "\"den\":4294967296").as_bytes(), &secretary().keys);
    maker.replay("14", "rule-32-bit", "A denominator of 2^32.", log, vec![leaf], bad);
    let mut first = Log::default().header(&registrar(), genesis());
    first.body = Some(log.state().body);
    let leaf = Log::default().leaf(&first, &registrar().keys);
    maker.replay("2", "genesis-body", "A genesis that names a body.", &Log::default(), vec![leaf], bad);
}

fn ballots(maker: &mut Maker, log: &Log) {
    let revs: Vec<Rev> = (0..9).map(|n| rev("budget", n)).collect();
    let cast = text(log, &device("d"), ballot(maker.story.polls[0], None, &revs));
    let long = format!("{cast}{}", " ".repeat(MAX_BALLOT_HEADER + 1 - cast.len()));
    let leaf = log.raw(long.as_bytes(), &device("d").keys);
    maker.replay(
        "2",
        "ballot-long",
        "A ballot's header of 1,537 bytes.",
        log,
        vec![leaf],
        "header.malformed",
    );
    let lacks = cast.replace("\"replaces\":null,", "");
    let leaf = log.raw(lacks.as_bytes(), &device("d").keys);
    let description = "A ballot that leaves out `replaces`, which may be null but not lack.";
    maker.replay("12", "ballot-replaces-lacks", description, log, vec![leaf], "header.malformed");
}

pub(crate) fn text(log: &Log, by: &Actor, act: impl Into<Act>) -> String {
    String::from_utf8(log.header(by, act).to_bytes()).expect("ASCII")
}

/// Changes the string behind a mark.
fn edit(header: &str, mark: &str, change: impl Fn(&str) -> String) -> String {
    let from = header.find(mark).expect("the mark") + mark.len();
    let to = from + header[from..].find('"').expect("its end");
    format!("{}{}{}", &header[..from], change(&header[from..to]), &header[to..])
}

fn edit_int(header: &str, mark: &str, value: &str) -> String {
    let from = header.find(mark).expect("the mark") + mark.len();
    let to = from + header[from..].find(',').expect("its end");
    format!("{}{value}{}", &header[..from], &header[to..])
}

fn cut(header: &str, from: &str, to: &str) -> String {
    let at = header.find(from).expect("the mark");
    let end = at + from.len() + header[at + from.len()..].find(to).expect("its end") + to.len();
    format!("{}{}", &header[..at], &header[end..])
}

fn null_body(header: &str) -> String {
    cut(header, "\"body\":\"", "\",").replacen('{', "{\"body\":null,", 1)
}

fn payload(header: &str, audience: &str) -> String {
    format!("{},\"payload\":\"{}\"{audience}}}", &header[..header.len() - 1], "ab".repeat(32))
}

fn seen_array(header: &str) -> String {
    header
        .replace("\"seen\":{\"size\":", "\"seen\":[")
        .replace(",\"root\":", ",")
        .replace("},\"as\"", "],\"as\"")
}
