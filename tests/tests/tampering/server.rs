//! What a server can do with the keys that it has: leave out, order otherwise, stamp otherwise, and sign the new root. What
//! people have signed it cannot say.

use crate::dice::Dice;
use crate::expect::Expect;
use crate::original::Original;
use crate::record::{EDITS, Edit};
use crate::sequence::{Seal, Sequence};
use ecabinet_record::export::Export;

/// A record told otherwise, with something that somebody else had kept.
pub struct Vouched {
    pub how: String,
    pub export: Export,
    /// What must be found without the anchor, if anything is.
    pub alone: Expect,
    /// Whether nothing may be found without it.
    pub may_hold: bool,
    /// A checkpoint or a receipt that the server gave before.
    pub anchor: String,
    pub anchored: Expect,
}

/// What only a server would try.
const MORE: [(&str, Edit); 4] = [
    ("the tail is cut", cut),
    ("a late ballot is ordered before the close", made_timely),
    ("statements that do not know of each other change places", independent),
    ("the last entries have other times", late_times),
];

pub fn classes() -> usize {
    EDITS.len() + MORE.len()
}

/// None if chance finds nothing to change.
pub fn make(class: usize, original: &Original, dice: &mut Dice) -> (&'static str, Option<Vouched>) {
    let (name, edit) = EDITS.iter().chain(&MORE).nth(class).expect("a class");
    let mut sequence = Sequence::of(original);
    let how = edit(&mut sequence, dice);
    (name, how.and_then(|how| vouched(how, &sequence, dice)))
}

fn vouched(how: String, sequence: &Sequence<'_>, dice: &mut Dice) -> Option<Vouched> {
    let original = sequence.original;
    let from = sequence.first_change()? as u64;
    let (alone, may_hold) = sequence.expect(Seal::Log);
    // Of any time after what was changed.
    let size = from + 1 + dice.next() % (original.size() as u64 - from).max(1);
    let size = size.min(original.size() as u64);
    let receipt = dice.flip().then(|| dice.next() % size);
    let anchor = match receipt {
        Some(index) => original.receipt(index, size).to_text(),
        None => original.checkpoint(size).note,
    };
    let code = if sequence.log_key(size) != original.log_key(original.headers.iter(), size) {
        // The log's key was replaced by an entry that is not there any more, or elsewhere.
        "anchor.not_signed"
    } else if size > sequence.places.len() as u64 {
        "anchor.beyond"
    } else {
        "anchor.conflict"
    };
    let anchored = match receipt {
        Some(index) => Expect::entry(index, &[code]),
        None => Expect::export(&[code]),
    };
    let export = sequence.export(Seal::Log);
    let how = format!("{how}; anchor of size {size}, a receipt of {receipt:?}");
    // A record to which something was added only behind what the anchor knows is no contradiction.
    (size > from).then_some(Vouched { how, export, alone, may_hold, anchor, anchored })
}

fn cut(sequence: &mut Sequence<'_>, dice: &mut Dice) -> Option<String> {
    let size = 1 + dice.below(sequence.places.len() - 1);
    sequence.places.truncate(size);
    Some(format!("at {size}"))
}

fn made_timely(sequence: &mut Sequence<'_>, dice: &mut Dice) -> Option<String> {
    let original = sequence.original;
    let closes: Vec<usize> = (0..original.size()).filter(|at| original.kind(*at) == "poll.close").collect();
    let close = *dice.one(&closes)?;
    let poll = &original.headers[close]["data"]["poll"];
    let late: Vec<usize> = (close + 1..original.size())
        .filter(|at| original.kind(*at) == "ballot.cast" && original.headers[*at]["data"]["poll"] == *poll)
        .collect();
    let late = *dice.one(&late)?;
    let times: Vec<u64> = sequence.places.iter().map(|place| place.leaf.time).collect();
    let ballot = sequence.places.remove(late);
    sequence.places.insert(close, ballot);
    for (place, time) in sequence.places.iter_mut().zip(times) {
        place.leaf.time = time;
    }
    Some(format!("the ballot {late} before the close {close}"))
}

/// Neighbours of which the second had not seen the first, nearest to the end.
fn independent(sequence: &mut Sequence<'_>, dice: &mut Dice) -> Option<String> {
    let original = sequence.original;
    let seen = |at: usize| original.headers[at]["seen"]["size"].as_u64().expect("a size") as usize;
    let last = (0..original.size()).map(seen).max()?;
    // Nobody had seen anything behind it.
    let free: Vec<usize> = (last..original.size() - 1).collect();
    let one = *dice.one(&free)?;
    let (first, second) = (sequence.places[one].leaf.time, sequence.places[one + 1].leaf.time);
    sequence.places.swap(one, one + 1);
    (sequence.places[one].leaf.time, sequence.places[one + 1].leaf.time) = (first, second);
    Some(format!("entries {one} and {}", one + 1))
}

fn late_times(sequence: &mut Sequence<'_>, dice: &mut Dice) -> Option<String> {
    let original = sequence.original;
    let seen = |at: usize| original.headers[at]["seen"]["size"].as_u64().expect("a size") as usize;
    let last = (0..original.size()).map(seen).max()?;
    let from = last + dice.below(original.size().checked_sub(last).filter(|rest| *rest > 0)?);
    let more = 1 + dice.next() % 3_600_000;
    sequence.places[from..].iter_mut().for_each(|place| place.leaf.time += more);
    Some(format!("{more} ms later from entry {from} on"))
}
