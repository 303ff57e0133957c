//! Whole entries: left out, moved, doubled, given another time, taken from elsewhere.

use crate::dice::Dice;
use crate::sequence::{Place, Sequence};

/// Changes the sequence and says how; none if chance found nothing to change.
pub type Edit = fn(&mut Sequence<'_>, &mut Dice) -> Option<String>;

pub const EDITS: [(&str, Edit); 8] = [
    ("an entry is left out", leave_out),
    ("several entries are left out", leave_out_several),
    ("two entries change places", swap),
    ("two neighbours change places", swap_neighbours),
    ("an entry is there twice", double),
    ("an entry is moved", shift),
    ("an entry has another time", retime),
    ("entries from one on have other times", retime_from),
];

fn leave_out(sequence: &mut Sequence<'_>, dice: &mut Dice) -> Option<String> {
    let at = dice.below(sequence.places.len());
    sequence.places.remove(at);
    Some(format!("entry {at}"))
}

fn leave_out_several(sequence: &mut Sequence<'_>, dice: &mut Dice) -> Option<String> {
    let from = dice.below(sequence.places.len() - 1);
    let until = (from + 2 + dice.below(4)).min(sequence.places.len());
    sequence.places.drain(from..until);
    Some(format!("entries {from} to {}", until - 1))
}

/// The entries move, the times stay where they are: a server that orders otherwise stamps otherwise too.
fn exchange(sequence: &mut Sequence<'_>, one: usize, other: usize, stamped: bool) {
    sequence.places.swap(one, other);
    if stamped {
        let time = sequence.places[one].leaf.time;
        sequence.places[one].leaf.time = sequence.places[other].leaf.time;
        sequence.places[other].leaf.time = time;
    }
}

fn swap(sequence: &mut Sequence<'_>, dice: &mut Dice) -> Option<String> {
    let (one, other) = (dice.below(sequence.places.len()), dice.below(sequence.places.len()));
    let stamped = dice.flip();
    exchange(sequence, one, other, stamped);
    (one != other).then(|| format!("entries {one} and {other}, stamped anew: {stamped}"))
}

fn swap_neighbours(sequence: &mut Sequence<'_>, dice: &mut Dice) -> Option<String> {
    let one = dice.below(sequence.places.len() - 1);
    let stamped = dice.flip();
    exchange(sequence, one, one + 1, stamped);
    Some(format!("entries {one} and {}, stamped anew: {stamped}", one + 1))
}

fn double(sequence: &mut Sequence<'_>, dice: &mut Dice) -> Option<String> {
    let (from, to) = (dice.below(sequence.places.len()), dice.below(sequence.places.len() + 1));
    let mut again = sequence.places[from].clone();
    // As a server would stamp what it has once more.
    let stamped = dice.flip() && to > 0;
    if stamped {
        again.leaf.time = sequence.places[to - 1].leaf.time;
    }
    sequence.places.insert(to, again);
    Some(format!("entry {from}, again at {to}, stamped anew: {stamped}"))
}

fn shift(sequence: &mut Sequence<'_>, dice: &mut Dice) -> Option<String> {
    let (from, to) = (dice.below(sequence.places.len()), dice.below(sequence.places.len()));
    let times: Vec<u64> = sequence.places.iter().map(|place| place.leaf.time).collect();
    let moved: Place = sequence.places.remove(from);
    sequence.places.insert(to, moved);
    let stamped = dice.flip();
    if stamped {
        for (place, time) in sequence.places.iter_mut().zip(times) {
            place.leaf.time = time;
        }
    }
    (from != to).then(|| format!("entry {from} to {to}, stamped anew: {stamped}"))
}

fn retime(sequence: &mut Sequence<'_>, dice: &mut Dice) -> Option<String> {
    let at = dice.below(sequence.places.len());
    let old = sequence.places[at].leaf.time;
    let before = at.checked_sub(1).map_or(0, |before| sequence.places[before].leaf.time);
    let after = sequence.places.get(at + 1).map_or(old + 60_000, |after| after.leaf.time);
    let new = match dice.below(4) {
        0 => before,
        1 => after,
        2 => before + dice.next() % (after - before + 1),
        _ => old + 1 + dice.next() % 100_000,
    };
    sequence.places[at].leaf.time = new;
    Some(format!("entry {at}, {old} to {new}"))
}

fn retime_from(sequence: &mut Sequence<'_>, dice: &mut Dice) -> Option<String> {
    let at = dice.below(sequence.places.len());
    let more = 1 + dice.next() % 3_600_000;
    sequence.places[at..].iter_mut().for_each(|place| place.leaf.time += more);
    Some(format!("{more} ms later from entry {at} on"))
}
