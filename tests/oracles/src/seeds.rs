//! What the fuzzer begins with: the record's vectors, and real exports.

use crate::known::{Known, known, leaves};
use crate::{export, frames};
use ecabinet_domain::{Act, Header};
use ecabinet_pdf::wire::Reply;
use ecabinet_pdf::{Format, Image, LinkTo, OutlineItem, PageLink, PageText, PdfError, Rect};
use ecabinet_protocol::content::{ChunkRef, Manifest, PaperContent};
use ecabinet_protocol::pairing::{PairSays, PairStep, Pairing};
use ecabinet_protocol::space::{SealedKey, StoredOp};
use ecabinet_protocol::sync::*;
use ecabinet_protocol::{ApiError, wire};
use ecabinet_record::export::Export;
use ecabinet_record::{Leaf, Payload};
use serde::Serialize;
use serde_bytes::ByteBuf;
use serde_json::Value;

/// Inputs, by the name of their target.
pub type Seeds = Vec<(&'static str, Vec<u8>)>;

/// Papers of each make: plain references and streams of them, forms, one that is certified, encrypted ones.
const PAPERS: [&[u8]; 7] = [
    include_bytes!("../../../crates/pades/tests/data/certified.pdf"),
    include_bytes!("../../../crates/pades/tests/data/classic.pdf"),
    include_bytes!("../../../crates/pades/tests/data/form.pdf"),
    include_bytes!("../../../crates/pades/tests/data/form-direct.pdf"),
    include_bytes!("../../../crates/pades/tests/data/stray.pdf"),
    include_bytes!("../../../crates/pades/tests/data/streams.pdf"),
    include_bytes!("../../../crates/pdf/tests/data/encrypted.pdf"),
];

/// Of the vectors in `assets/record-vectors`.
pub fn of_vectors() -> Seeds {
    let known = known();
    let mut seeds = of_export(&known.example);
    of_files(&mut seeds, &known.example);
    for (about, given) in &known.vectors {
        let text = |key: &str| given[key].as_str().unwrap_or_default().as_bytes().to_vec();
        match about.as_str() {
            "replay" => of_replay(&mut seeds, given),
            "checkpoint" => seeds.push(("checkpoint", text("note"))),
            "receipt" => seeds.push(("receipt", text("text"))),
            "ticket" => seeds.push(("invitation", text("text"))),
            "ballot" => seeds.push(("payload", with(b'V', &hex::decode(text("payload")).expect("hex")))),
            _ => {}
        }
    }
    of_example(&mut seeds, known);
    of_worker(&mut seeds);
    seeds.extend(PAPERS.iter().map(|paper| ("pdf", paper.to_vec())));
    seeds
}

fn of_replay(seeds: &mut Seeds, given: &Value) {
    let prefix = given["prefix"].as_u64().expect("a prefix") as u8;
    let leaves = leaves(given);
    seeds.push(("leaf", with(prefix, &leaves.concat())));
    let headers = leaves.iter().filter_map(|leaf| Some(Leaf::parse(leaf)?.envelope.header));
    seeds.extend(headers.map(|header| ("header", header)));
}

fn of_example(seeds: &mut Seeds, known: &Known) {
    for (prefix, leaf) in known.example.entries.iter().enumerate() {
        seeds.push(("leaf", with(prefix as u8, leaf)));
    }
    let text = |value: &Value| value.as_str().expect("a text").as_bytes().to_vec();
    seeds.push(("receipt", text(&known.expected["receipt"]["text"])));
    seeds.push(("invitation", text(&known.expected["ticket"]["link"])));
    seeds.push(("invitation", text(&known.expected["recovery"]["typed"])));
    for zone in ["+07:00", "-03:30", "+14:00"] {
        seeds.push(("payload", with(b'Z', zone.as_bytes())));
    }
}

/// Of the worked example: of another record, that is signed by others, nothing is believed.
fn of_files(seeds: &mut Seeds, export: &Export) {
    let files = export.files().map(|(name, content)| (name.to_owned(), content));
    // A number that is none of a file's: the whole ZIP.
    seeds.push(("export", with(u8::MAX, &export::write(&files))));
    for (number, (_, content)) in (0..).zip(&files) {
        seeds.push(("export", with(number, content)));
    }
}

/// An answer of each kind, and several in a row.
fn of_worker(seeds: &mut Seeds) {
    let image = |height: u32, format, bytes| Image { width: 60, height, format, bytes };
    let mut webp = b"RIFF\x1e\0\0\0WEBPVP8L\x11\0\0\0\x2f".to_vec();
    webp.extend((59u32 | 1 << 14).to_le_bytes());
    webp.resize(38, 0);
    let place = PageLink { rect: Rect::default(), to: LinkTo::Page { page: 1, y: Some(20.0) } };
    let replies = [
        Reply::Read { offset: 0, len: 100 },
        Reply::Image(image(2, Format::Rgba, vec![255; 480])),
        Reply::Image(image(2, Format::Webp, webp)),
        Reply::Drawn { width: 60, height: 80 },
        Reply::Text(PageText::default()),
        Reply::Hits(Vec::new()),
        Reply::Outline(vec![OutlineItem { title: "Phần một".into(), level: 1, page: Some(2), y: None }]),
        Reply::Links(vec![place]),
        Reply::Failed(PdfError::Crashed("why".into())),
    ];
    let frame = |reply: &Reply| {
        let mut frame = Vec::new();
        ecabinet_pdf::wire::send(&mut frame, reply).expect("in memory");
        frame
    };
    seeds.extend(replies.iter().map(|reply| ("answer", frame(reply))));
    seeds.push(("answer", replies.iter().flat_map(frame).collect()));
}

/// Of an export, what there is in it.
pub fn of_export(export: &Export) -> Seeds {
    let mut seeds = Seeds::new();
    seeds.push(("checkpoint", export.checkpoint.clone().into_bytes()));
    for (index, leaf) in (0..).zip(&export.entries) {
        let Some(leaf) = Leaf::parse(leaf) else { continue };
        let header = Header::parse(&leaf.envelope.header);
        if let (Some(header), Some(payload)) = (header, export.payloads.get(&index)) {
            of_payload(&mut seeds, &header.act, payload);
        }
        seeds.push(("header", leaf.envelope.header));
    }
    of_wire(&mut seeds, export);
    seeds
}

fn of_payload(seeds: &mut Seeds, act: &Act, payload: &Payload) {
    let kind = match act {
        Act::BodyGenesis(_) => b'B',
        Act::MemberAdd(_) => b'M',
        Act::DeviceEnrol(_) => b'D',
        Act::GroupSet(_) => b'G',
        Act::ItemSet(_) => b'I',
        Act::MeetingPublish(_) => b'E',
        Act::PollOpen(_) => b'Q',
        Act::BallotCast(_) => b'V',
        Act::PaperPublish(_) | Act::PaperSign(_) => {
            seeds.push(("manifest", payload.bytes.clone()));
            return;
        }
        _ => b'W',
    };
    seeds.push(("payload", with(kind, &payload.bytes)));
}

/// What crosses the network about a record, and a message of each other kind.
fn of_wire(seeds: &mut Seeds, export: &Export) {
    let leaves: Vec<ByteBuf> = export.entries.iter().take(4).cloned().map(ByteBuf::from).collect();
    let payloads = export.payloads.iter().take(3);
    let payloads: Vec<PayloadAt> = payloads
        .map(|(index, payload)| PayloadAt { index: *index, payload: payload.clone().into() })
        .collect();
    let offer = |leaf: &Vec<u8>| Some(Offer::new(Leaf::parse(leaf)?.envelope, None));
    let offers: Vec<Offer> = export.entries.iter().filter_map(offer).take(2).collect();
    let checkpoint = export.checkpoint.clone();
    let awaited = Some(checkpoint.clone());
    let back = HandBack { checkpoint: checkpoint.clone(), from: 1, leaves: leaves.clone() };
    message(seeds, "HandBack", &back);
    message(
        seeds,
        "Ahead",
        &Ahead { checkpoint: checkpoint.clone(), size: 1, proof: vec![hash(7), hash(8)] },
    );
    message(seeds, "Vec<PayloadAt>", &payloads);
    message(
        seeds,
        "EntriesPage",
        &EntriesPage { leaves, payloads, checkpoint, asks: true, awaited, held: true },
    );
    message(seeds, "Submit", &Submit { offers, together: true });
    of_others(seeds);
    let frame = |bytes: &[u8]| [&wire::frame_head(&hash(9), bytes.len())[..], bytes].concat();
    seeds.push(("frames", with(200, &[frame(b"one"), frame(b""), frame(&[7; 300])].concat())));
    let manifest = Manifest {
        sha256: hash(1),
        size: 30,
        pages: 2,
        chunks: vec![ChunkRef { name: hash(2), size: 10 }, ChunkRef { name: hash(3), size: 20 }],
    };
    let paper =
        PaperContent {
            title: "Tờ trình".into(), path: "01/Tờ trình.pdf".into(), manifest, watermark: false
        };
    seeds.push(("manifest", serde_json::to_vec(&paper).expect("plain data")));
    seeds.push(("manifest", serde_json::to_vec(&paper.manifest).expect("plain data")));
}

fn of_others(seeds: &mut Seeds) {
    let [device, other] = [1, 2].map(|byte| ecabinet_domain::DeviceId([byte; 32]));
    let signature = ecabinet_domain::Signature([4; 64]);
    let space = ecabinet_domain::Nonce([5; 16]);
    let op = StoredOp {
        space,
        epoch: 1,
        device,
        n: 1,
        prev: hash(0),
        nonce: ByteBuf::from([6; 24]),
        ciphertext: ByteBuf::from([7; 40]),
        signature,
    };
    message(seeds, "Vec<StoredOp>", &vec![op]);
    let sealed = ByteBuf::from([8; 80]);
    let key = SealedKey { space, epoch: 1, to: other, key: None, sealed, by: device, signature };
    message(seeds, "Vec<SealedKey>", &vec![key.clone()]);
    let given = vec![Given { epoch: 7, key: space, to: other }];
    let sealed = vec![SealedKey { key: Some(space), ..key }];
    message(seeds, "SharedKeys", &SharedKeys { sealed, given });
    message(seeds, "Vec<SpaceInfo>", &vec![SpaceInfo { space, ops: 3, keys: 2 }]);
    let steps = [PairSays::Commit, PairSays::Answer(hash(1)), PairSays::Reveal(hash(2))];
    let steps = steps.map(|says| PairStep { with: other, commitment: hash(3), says });
    message(seeds, "Vec<PairStep>", &steps.to_vec());
    message(seeds, "Vec<Pairing>", &vec![Pairing::begin(device, other, hash(3))]);
    message(seeds, "Lacking", &Lacking { payloads: vec![1, 300], chunks: vec![hash(4)] });
    message(seeds, "Vec<ChunkName>", &vec![hash(4), hash(5)]);
    message(seeds, "Vec<u64>", &vec![0, 1, 70_000]);
    let meeting = ecabinet_domain::MeetingId([9; 16]);
    let ready = vec![Report { meeting, ready_version: 2 }];
    message(seeds, "Vec<DeviceReport>", &vec![DeviceReport { device, last_contact: 1, ready }]);
    let who = Who::Device(device);
    let body = known().body;
    message(seeds, "SessionRequest", &SessionRequest { body, who, challenge: hash(6), signature });
    message(seeds, "SessionAnswer", &SessionAnswer { token: "token".into() });
    message(seeds, "ApiError", &ApiError::new("request.too_large").with("max", 5));
    let names = vec![hash(4)];
    let (paper, rev) = (ecabinet_domain::PaperId([1; 16]), ecabinet_domain::RevId([2; 16]));
    message(seeds, "WantChunks", &WantChunks { paper, rev, names });
    let recorded = Submitted::Recorded { statement: ecabinet_domain::StatementId([1; 32]), index: 5 };
    let refusal = serde_json::from_value(known().expected["refusal"].clone()).expect("the example's refusal");
    let refused = Submitted::Refused { refusal, params: [("size".to_owned(), "9".to_owned())].into() };
    let checkpoint = known().example.checkpoint.clone();
    message(seeds, "SubmitAnswer", &SubmitAnswer { outcomes: vec![recorded, refused], checkpoint });
}

fn message<T: Serialize>(seeds: &mut Seeds, kind: &str, message: &T) {
    let number = frames::KINDS.iter().position(|(name, _)| *name == kind);
    let number = number.unwrap_or_else(|| panic!("{kind} is not read")) as u8;
    seeds.push(("frames", with(number, &wire::encode(message))));
}

fn hash(byte: u8) -> ecabinet_domain::Hash {
    ecabinet_domain::Hash([byte; 32])
}

fn with(first: u8, rest: &[u8]) -> Vec<u8> {
    [&[first], rest].concat()
}
