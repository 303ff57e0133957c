use crate::known::{Known, known};
use crate::sound;
use ecabinet_record::{Admission, Leaf, Replica, Trust, leaf};

/// Entries after a prefix of the worked example; the first byte says after how many. They are folded as if they were
/// signed, or the fuzzer would never come past the signatures; beside it, nothing is accepted that nobody has signed.
pub(crate) fn read(bytes: &[u8]) {
    let Some((at, mut rest)) = bytes.split_first() else { return };
    let known = known();
    let mut replica = known.replicas[*at as usize % known.replicas.len()].clone();
    while !rest.is_empty() {
        let (leaf, next) = rest.split_at(length(rest));
        rest = next;
        form(leaf);
        strict(known, &replica, leaf);
        if !step(&mut replica, leaf) {
            return;
        }
    }
}

/// How far a leaf reaches: as far as it says, or to the end.
fn length(bytes: &[u8]) -> usize {
    let said = bytes.get(9..13).and_then(|said| said.try_into().ok()).map(u32::from_be_bytes);
    said.map_or(bytes.len(), |said| 13 + said as usize + 64).min(bytes.len())
}

fn form(bytes: &[u8]) {
    if let Some(leaf) = Leaf::parse(bytes) {
        assert_eq!(leaf.to_bytes(), bytes, "one form only");
    }
}

/// Replay with signatures and the server's admission say the same, and only of what was signed.
fn strict(known: &Known, replica: &Replica, bytes: &[u8]) {
    let Some(leaf) = Leaf::parse(bytes) else { return };
    let replayed = replica.clone().replay(bytes, Trust::Verify);
    let id = leaf.envelope.id();
    if replica.is_outdated() {
        return;
    }
    if replayed.is_ok() {
        assert!(known.statements.contains(&id), "a statement that nobody has signed");
    }
    match replica.admit(&leaf.envelope.clone().into(), leaf.time) {
        Ok(Admission::Known(index)) => {
            assert_eq!(replica.position(id), Some(index));
            assert!(replayed.is_err(), "one statement twice");
        }
        Ok(Admission::New(admitted, new)) => {
            // The server stamps a time that does not go back.
            assert!(admitted.entry.time >= replica.last_time() && admitted.entry.index == replica.size());
            assert!(leaf.time < replica.last_time() || replayed.is_ok(), "admitted and not replayed");
            let (mut stood, mut folded) = (replica.clone(), replica.clone());
            assert!(stood.stand(&admitted) && !stood.stand(&admitted), "it stands once");
            folded.replay(&new, Trust::Verify).expect("admitted and not replayed");
            assert_eq!((stood.tree().root(), stood.state()), (folded.tree().root(), folded.state()));
        }
        Err(_) => assert!(replayed.is_err(), "replayed and not admitted"),
    }
}

/// An entry that holds grows the tree by itself alone and leaves a sound state; a bad one changes nothing. False: it is
/// bad.
fn step(replica: &mut Replica, bytes: &[u8]) -> bool {
    let (size, root, state) = (replica.size(), replica.tree().root(), replica.state().cloned());
    if replica.replay(bytes, Trust::Kept).is_err() {
        assert_eq!((replica.size(), replica.tree().root()), (size, root), "a bad entry changed the tree");
        assert_eq!(replica.state(), state.as_ref(), "a bad entry changed the state");
        return false;
    }
    assert_eq!(replica.size(), size + 1);
    assert_eq!(replica.tree().root_at(size), Some(root), "an earlier root changed");
    assert_eq!(replica.tree().leaf(size), Some(leaf::hash(bytes)));
    let again = replica.clone().replay(bytes, Trust::Kept).expect_err("one statement twice");
    assert_eq!(again.refusal.code, "statement.again");
    if let Some(state) = replica.state() {
        sound::check(state, replica.size());
    }
    true
}
