//! Checkpoints and receipts from elsewhere against an export that tells it differently.

mod kit;

use ecabinet_domain::act::ItemSet;
use ecabinet_verify::{Question, verify};
use kit::{acts::*, ask::*, keys};
use serde_json::json;

#[test]
fn truncated_entries_betray_themselves() {
    let (story, export) = told();
    let mut short = export.clone();
    short.entries.pop();
    short.payloads.pop_last();
    assert_eq!(codes(&verify(&short, &of_body(story))), [(None, "checkpoint.size")]);
    // With the older checkpoint the export agrees with itself; only an anchor knows better.
    let older = story.log.checkpoint(story.log.size() - 1, &keys(NEXT_LOG)).note;
    short.checkpoint = older;
    assert_eq!(codes(&verify(&short, &of_body(story))), []);
    let question = Question { anchors: vec![export.checkpoint.clone()], ..of_body(story) };
    assert_eq!(codes(&verify(&short, &question)), [(None, "anchor.beyond")]);
    let receipt = story.log.receipt(story.log.size() - 1, story.log.size(), &keys(NEXT_LOG));
    let question = Question { anchors: vec![receipt.to_text()], ..of_body(story) };
    assert_eq!(codes(&verify(&short, &question))[0].1, "anchor.beyond");
}

#[test]
fn a_history_told_differently_conflicts_with_what_was_kept() {
    let (story, export) = told();
    let last = story.log.size() - 1;
    // The same record but for its last entry, properly signed by the same log.
    let mut forked = kit::Log::new();
    for (index, bytes) in (0..last).zip(&export.entries) {
        let envelope = ecabinet_record::Leaf::parse(bytes).unwrap().envelope;
        forked.force_envelope(envelope, export.payloads.get(&index).cloned());
    }
    let act =
        ItemSet { meeting: ecabinet_domain::MeetingId([1; 16]), item: ecabinet_domain::ItemId([2; 16]) };
    forked.say(&keys(SECRETARY), "secretariat", act, Some(json!({"title": "Khác"})));
    let forked = forked.export(&keys(NEXT_LOG), story.claims());
    assert_eq!(codes(&verify(&forked, &of_body(story))), []);
    let receipt = story.log.receipt(last, last + 1, &keys(NEXT_LOG)).to_text();
    for anchor in [export.checkpoint.clone(), receipt] {
        let question = Question { anchors: vec![anchor], ..of_body(story) };
        assert_eq!(codes(&verify(&forked, &question))[0].1, "anchor.conflict");
    }
}

#[test]
fn what_a_registrar_has_declared_lost_is_told_apart_from_a_conflict() {
    use ecabinet_domain::act::Epoch;
    let (story, export) = told();
    let size = story.log.size();
    let lost = |number, size, root| Epoch { number: kit::int(number), size: kit::int(size), root };
    let mut again = kit::Log::new();
    for (index, bytes) in (0..size).zip(&export.entries) {
        let envelope = ecabinet_record::Leaf::parse(bytes).unwrap().envelope;
        again.force_envelope(envelope, export.payloads.get(&index).cloned());
    }
    let (body, root) = (again.body.unwrap(), ecabinet_domain::Hash([1; 32]));
    let ours = again.tree.root_at(size).unwrap();
    again.say(&keys(REGISTRAR), "registrar", lost(1, size + 5, root), None);
    again.say(&keys(REGISTRAR), "registrar", lost(2, size, ours), None);
    let again = again.export(&keys(NEXT_LOG), story.claims());
    let signed = |size, root| ecabinet_record::Checkpoint::sign(body, size, root, &keys(NEXT_LOG)).note;
    let verdict = |anchor| {
        let report = verify(&again, &Question { anchors: vec![anchor], ..of_body(story) });
        let epochs: Vec<_> = report.epochs.iter().map(|one| (one.index, one.number, one.size)).collect();
        assert_eq!(epochs, [(size, 1, size + 5), (size + 1, 2, size)]);
        codes(&report)
    };
    assert_eq!(verdict(signed(size + 5, root)), [(None, "anchor.lost")]);
    assert_eq!(verdict(signed(size + 4, root)), [(None, "anchor.beyond")]);
    assert_eq!(verdict(signed(size, ours)), [], "what is here is not lost, whatever an epoch says");
    assert_eq!(verdict(signed(size, root)), [(None, "anchor.conflict")]);
}

#[test]
fn anchors_that_conflict_or_prove_nothing_are_named() {
    let (story, export) = told();
    let (log, size) = (&story.log, story.log.size());
    let body = log.body.unwrap();
    let conflict = ecabinet_record::Checkpoint::sign(body, 12, ecabinet_domain::Hash([1; 32]), &keys(LOG));
    let other = ecabinet_record::Checkpoint::sign(
        ecabinet_domain::BodyId([9; 32]),
        12,
        log.tree.root_at(12).unwrap(),
        &keys(LOG),
    );
    let mut path = log.receipt(5, size, &keys(NEXT_LOG));
    path.path[0].0[0] ^= 1;
    let mut leaf = log.receipt(5, size, &keys(NEXT_LOG));
    leaf.index = 6;
    for (anchor, index, code) in [
        (conflict.note, None, "anchor.conflict"),
        (other.note, None, "anchor.other_body"),
        // The former key for a size that the new one must sign, and the other way round.
        (log.checkpoint(21, &keys(LOG)).note, None, "anchor.not_signed"),
        (log.checkpoint(20, &keys(NEXT_LOG)).note, None, "anchor.not_signed"),
        (path.to_text(), Some(5), "anchor.path"),
        (leaf.to_text(), Some(6), "anchor.path"),
        ("hello".to_owned(), None, "anchor.malformed"),
        ("c2sp.org/tlog-proof@v1\n".to_owned(), None, "anchor.malformed"),
    ] {
        let question = Question { anchors: vec![anchor], ..of_body(story) };
        let report = verify(export, &question);
        assert_eq!(codes(&report), [(index, code)]);
        assert!(!report.anchors[0].holds && report.exit_code() == 1);
    }
}
