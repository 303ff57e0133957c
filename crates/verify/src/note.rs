//! The export's own checkpoint, and the form of signed notes.

use crate::Failure;
use ecabinet_domain::State;
use ecabinet_record::code::base64;
use ecabinet_record::{Checkpoint, Replica};

/// One signature line: `— <name> base64(key id ‖ signature)`.
pub(crate) struct Line<'a> {
    pub(crate) name: &'a str,
    pub(crate) key_id: [u8; 4],
    pub(crate) signature: Vec<u8>,
}

/// A note's text and its signature lines; lines of another form are passed over.
pub(crate) fn split(note: &str) -> Option<(&str, Vec<Line<'_>>)> {
    let at = note.find("\n\n")?;
    Some((&note[..=at], note[at + 2..].split('\n').filter_map(line).collect()))
}

fn line(text: &str) -> Option<Line<'_>> {
    let (name, blob) = text.strip_prefix("\u{2014} ")?.split_once(' ')?;
    let blob = base64::decode(blob)?;
    let (key_id, signature) = blob.split_first_chunk()?;
    Some(Line { name, key_id: *key_id, signature: signature.to_vec() })
}

/// What is wrong with the checkpoint that closes the export.
pub(crate) fn check(note: &str, replica: &Replica, state: &State) -> Option<Failure> {
    let fail = |code, detail: String| Some(Failure::of_export(code, detail));
    let Some(checkpoint) = Checkpoint::parse(note) else {
        return fail("checkpoint.malformed", "not a signed note of a log".into());
    };
    let (size, root) = (replica.size(), replica.tree().root());
    if checkpoint.body != state.body {
        fail("checkpoint.other_body", format!("of body {}", checkpoint.body))
    } else if checkpoint.size != size {
        fail(
            "checkpoint.size",
            format!("it vouches for {} entries, the export holds {size}", checkpoint.size),
        )
    } else if checkpoint.root != root {
        fail("checkpoint.root", format!("it vouches for root {}, the entries give {root}", checkpoint.root))
    } else if !checkpoint.verify(&state.log_key(size)) {
        fail("checkpoint.not_signed", format!("not by the log's key for size {size}"))
    } else {
        None
    }
}
