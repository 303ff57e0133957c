use crate::known::{known, says};
use ecabinet_record::{Checkpoint, Receipt, code::base64, leaf};
use ecabinet_verify::{Question, WitnessKey, verify};

/// A note that is read says just what stands in it, and one that verifies says what its key has signed.
pub(crate) fn checkpoint(bytes: &[u8]) {
    let Ok(note) = std::str::from_utf8(bytes) else { return };
    // Anything may be given as a witness' key.
    let _ = note.parse::<WitnessKey>();
    let Some(checkpoint) = Checkpoint::parse(note) else { return };
    believed(&checkpoint, note);
}

fn believed(checkpoint: &Checkpoint, note: &str) {
    assert_eq!(checkpoint.note, note, "the note is kept as it came");
    let (body, size, root) = (checkpoint.body, checkpoint.size, base64::encode(&checkpoint.root.0));
    assert_eq!(says(checkpoint), format!("ecabinet/{body}\n{size}\n{root}\n"), "one form only");
    for key in &known().log_keys {
        if checkpoint.verify(key) {
            assert!(known().signed.contains(&says(checkpoint)), "nobody has signed this");
        }
    }
}

/// A receipt is written as it was read; one that holds proves an entry that stands in a signed tree.
pub(crate) fn receipt(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(receipt) = Receipt::parse(text) else { return };
    assert_eq!(receipt.to_text(), text, "one form only");
    believed(&receipt.checkpoint, &receipt.checkpoint.note);
    let known = known();
    let holds = known.log_keys.iter().any(|key| receipt.check(known.body, key).is_ok());
    if holds {
        assert!(known.leaves.contains(&receipt.leaf), "an entry that nobody has made");
        assert!(receipt.index < receipt.checkpoint.size);
    }
    as_anchor(text, &receipt, holds);
}

/// The verifier takes it as an anchor only if it holds, and then only for the entry that stands there.
fn as_anchor(text: &str, receipt: &Receipt, holds: bool) {
    let mut export = known().example.clone();
    // Replaying all of it for each input takes too long.
    export.entries.truncate(if holds { usize::MAX } else { 1 });
    export.payloads.clear();
    let question = Question { anchors: vec![text.to_owned()], ..Question::default() };
    let report = verify(&export, &question);
    let [anchor] = &report.anchors[..] else { panic!("one anchor was given") };
    if anchor.holds {
        assert!(holds, "the verifier believes what does not hold");
        let entry = usize::try_from(receipt.index).ok().and_then(|at| export.entries.get(at));
        assert_eq!(entry.map(|entry| leaf::hash(entry)), Some(leaf::hash(&receipt.leaf)));
    }
}
