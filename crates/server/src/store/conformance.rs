//! What every store must do. A new one calls `conformance` with a way to make empty stores.

use super::*;
use ecabinet_domain::{MeetingId, MemberId, Nonce, Signature};
use serde_bytes::ByteBuf;

const BODY: BodyId = BodyId([1; 32]);
const TOKEN: Hash = Hash([2; 32]);

pub(super) fn conformance(make: impl Fn() -> Box<dyn Store>) {
    bodies_are_admitted_by_token(&*make());
    append_compares_and_sets(&*make());
    entries_come_in_pages(&*make());
    erase(&*make(), b"secret");
    lost_entries_come_back(&*make());
    a_record_is_held(&*make());
    chunks_are_noted(&*make());
    spaces_keep_their_chains(&*make());
    sealed_keys_go_to_their_addressee(&*make());
    pairings_take_turns_and_are_forgotten(&*make());
    reports_are_the_last(&*make());
    confirmations_are_counted(&*make());
}

fn entry(n: u8, payload: Option<&[u8]>) -> NewEntry {
    let payload = payload.map(|bytes| Payload { salt: [n; 32], bytes: bytes.to_vec() });
    NewEntry { leaf: vec![n; 100], payload }
}

fn root(n: u8) -> Hash {
    Hash([n; 32])
}

fn created(store: &dyn Store) -> Head {
    store.add_token(TOKEN, 1).unwrap();
    assert!(store.create_body(BODY, &entry(0, None), root(1), TOKEN).unwrap());
    Head { size: 1, root: root(1) }
}

fn bodies_are_admitted_by_token(store: &dyn Store) {
    let genesis = entry(0, Some(b"body"));
    let create = |body, token| store.create_body(body, &genesis, root(1), token);
    assert!(matches!(create(BODY, TOKEN), Err(StoreError::Token)));
    assert!(store.bodies().unwrap().is_empty());
    store.add_token(TOKEN, 2).unwrap();
    store.add_token(TOKEN, 9).unwrap();
    assert_eq!(store.token_left(TOKEN).unwrap(), 2, "a token is added once");
    assert!(create(BODY, TOKEN).unwrap());
    assert!(!create(BODY, TOKEN).unwrap());
    assert_eq!(store.token_left(TOKEN).unwrap(), 1);
    let other = BodyId([7; 32]);
    assert!(create(other, TOKEN).unwrap());
    assert!(matches!(create(BodyId([8; 32]), TOKEN), Err(StoreError::Token)));
    assert_eq!(store.bodies().unwrap().len(), 2);
    assert_eq!(store.body_by_prefix([7; 16]).unwrap(), Some(other));
    assert_eq!(store.body_by_prefix([9; 16]).unwrap(), None);
    assert_eq!(store.head(BODY).unwrap(), Head { size: 1, root: root(1) });
    assert!(matches!(store.head(BodyId([9; 32])), Err(StoreError::UnknownBody)));
    assert!(matches!(store.look(BodyId([9; 32])), Err(StoreError::UnknownBody)));
    assert_eq!(store.payload(BODY, 0).unwrap(), genesis.payload);
}

fn append_compares_and_sets(store: &dyn Store) {
    let from = created(store);
    let entries = [entry(1, Some(b"one")), entry(2, None)];
    let append = |from, to| {
        store.append(BODY, &Append { from, entries: &entries, root: root(to), erase: &[], step: Step::Usual })
    };
    append(from, 3).unwrap();
    let head = Head { size: 3, root: root(3) };
    assert_eq!(store.head(BODY).unwrap(), head);
    let conflicts =
        [from, Head { size: 3, root: root(4) }, Head { size: 2, ..head }, Head { size: 4, ..head }];
    for stale in conflicts {
        let Err(StoreError::Conflict(now)) = append(stale, 5) else { panic!("{stale:?} was taken") };
        assert_eq!(now, head);
    }
    assert_eq!(store.entries(BODY, 0, usize::MAX).unwrap().len(), 3, "nothing was written");
    assert_eq!(store.payload(BODY, 1).unwrap().unwrap().bytes, b"one");
    assert_eq!(store.payload(BODY, 2).unwrap(), None);
}

fn entries_come_in_pages(store: &dyn Store) {
    let from = created(store);
    let entries: Vec<NewEntry> = (1..10).map(|n| entry(n, None)).collect();
    store
        .append(BODY, &Append { from, entries: &entries, root: root(9), erase: &[], step: Step::Usual })
        .unwrap();
    let firsts = |from, max| -> Vec<u8> {
        store.entries(BODY, from, max).unwrap().iter().map(|leaf| leaf[0]).collect()
    };
    assert_eq!(firsts(0, usize::MAX), (0..10).collect::<Vec<_>>());
    assert_eq!(firsts(4, 250), [4, 5]);
    assert_eq!(firsts(4, 0), [4], "one at least");
    assert!(firsts(10, 250).is_empty());
}

/// Stores a payload and destroys it.
pub(super) fn erase(store: &dyn Store, secret: &[u8]) {
    let from = created(store);
    let entries = [entry(1, Some(secret)), entry(2, Some(b"kept"))];
    store
        .append(BODY, &Append { from, entries: &entries, root: root(3), erase: &[], step: Step::Usual })
        .unwrap();
    assert_eq!(store.payload(BODY, 1).unwrap().unwrap().bytes, secret);
    let from = Head { size: 3, root: root(3) };
    // Of an earlier entry, and of one that comes in the same step.
    let both = [entry(3, Some(secret)), entry(4, None)];
    store
        .append(BODY, &Append { from, entries: &both, root: root(5), erase: &[1, 3], step: Step::Usual })
        .unwrap();
    assert_eq!(store.payload(BODY, 1).unwrap(), None);
    assert_eq!(store.payload(BODY, 3).unwrap(), None);
    assert_eq!(store.payload(BODY, 2).unwrap().unwrap().bytes, b"kept");
    assert_eq!(store.entries(BODY, 1, 0).unwrap(), [entries[0].leaf.clone()], "the entry stays");
}

fn lost_entries_come_back(store: &dyn Store) {
    let from = created(store);
    let note =
        |size| Checkpoint::sign(BODY, size, root(size as u8), &ecabinet_record::KeyPair::from_seed(&[3; 64]));
    let append = |from: Head, entries: &[NewEntry], step| {
        let to = from.size + entries.len() as u64;
        store.append(BODY, &Append { from, entries, root: root(to as u8), erase: &[], step })
    };
    let taken_back = |lacking| Step::TakenBack { lacking, held_until: 0 };
    let size = || {
        let size = store.waits(BODY).unwrap().awaited.map(|awaited| awaited.size);
        assert_eq!(store.look(BODY).unwrap(), (store.head(BODY).unwrap(), size.is_some()));
        size
    };
    store.await_entries(BODY, from, &note(1)).unwrap();
    assert_eq!(size(), None, "it is here");
    for more in [3, 5, 4] {
        store.await_entries(BODY, from, &note(more)).unwrap();
    }
    for other in [Head { size: 2, ..from }, Head { root: root(9), ..from }] {
        let refused = store.await_entries(BODY, other, &note(7));
        assert!(matches!(refused, Err(StoreError::Conflict(now)) if now == from), "said of another record");
    }
    assert_eq!(store.waits(BODY).unwrap(), Waits { awaited: Some(note(5)), hold: None }, "the largest");
    let two = [entry(1, None), entry(2, None)];
    assert!(matches!(append(from, &two, Step::Usual), Err(StoreError::Held(Some(5)))));
    append(from, &two, taken_back(&[1, 2])).unwrap();
    assert_eq!((size(), store.lacking(BODY).unwrap()), (Some(5), vec![1, 2]), "not all are back");

    let payload = Payload { salt: [4; 32], bytes: b"back".to_vec() };
    store.put_payload(BODY, 1, &payload).unwrap();
    store.put_payload(BODY, 0, &payload).unwrap();
    assert_eq!(store.payload(BODY, 1).unwrap(), Some(payload));
    assert_eq!(store.payload(BODY, 0).unwrap(), None, "it lacks none");
    store.set_whole(BODY, 1).unwrap();
    assert_eq!(store.lacking(BODY).unwrap(), [2]);

    let head = store.head(BODY).unwrap();
    append(head, &[entry(3, None), entry(4, None)], taken_back(&[])).unwrap();
    assert_eq!(size(), None);
    let head = store.head(BODY).unwrap();
    store.await_entries(BODY, head, &note(9)).unwrap();
    let less = append(head, &[entry(5, None)], Step::NewEpoch(8));
    assert!(matches!(less, Err(StoreError::Held(Some(9)))), "more is awaited than is given up");
    append(head, &[entry(5, None)], Step::NewEpoch(9)).unwrap();
    assert_eq!(size(), None, "given up");
    append(store.head(BODY).unwrap(), &[entry(6, None)], Step::Usual).unwrap();
    let erased = Append {
        from: store.head(BODY).unwrap(),
        entries: &[entry(7, None)],
        root: root(8),
        erase: &[2],
        step: Step::Usual,
    };
    store.append(BODY, &erased).unwrap();
    assert!(store.lacking(BODY).unwrap().is_empty(), "what was erased is not asked for");
}

fn a_record_is_held(store: &dyn Store) {
    let from = created(store);
    let append = |from: Head, step| {
        let to = root(from.size as u8 + 1);
        store.append(BODY, &Append { from, entries: &[entry(1, None)], root: to, erase: &[], step })
    };
    let hold = |until| store.hold(BODY, Hold { until }).unwrap();
    let held = || {
        let hold = store.waits(BODY).unwrap().hold;
        assert_eq!(store.look(BODY).unwrap(), (store.head(BODY).unwrap(), hold.is_some()));
        hold
    };
    assert_eq!(held(), None);
    hold(None);
    assert!(matches!(append(from, Step::Usual), Err(StoreError::Held(None))));
    assert!(store.waits(BODY).unwrap().held_at(u64::MAX), "not by itself");
    append(from, Step::TakenBack { lacking: &[], held_until: 7 }).unwrap();
    assert_eq!(held(), Some(Hold { until: Some(7) }), "whoever else has more may still come");
    let waits = store.waits(BODY).unwrap();
    assert!(waits.held_at(6) && !waits.held_at(7));
    let head = store.head(BODY).unwrap();
    assert!(matches!(append(head, Step::Usual), Err(StoreError::Held(None))), "until somebody releases it");
    store.release(BODY).unwrap();
    append(head, Step::Usual).unwrap();
    append(store.head(BODY).unwrap(), Step::TakenBack { lacking: &[], held_until: 7 }).unwrap();
    assert_eq!(held(), None, "what is not held stays so");
    hold(Some(9));
    append(store.head(BODY).unwrap(), Step::NewEpoch(9)).unwrap();
    assert_eq!(held(), None);
}

fn chunks_are_noted(store: &dyn Store) {
    created(store);
    let chunk = |n| ChunkRef { name: Hash([n; 32]), size: n.into() };
    store.note_chunks(BODY, &[chunk(2), chunk(1)]).unwrap();
    store.note_chunks(BODY, &[chunk(2), chunk(3)]).unwrap();
    let asked = [9, 3, 8].map(|n| Hash([n; 32]));
    assert_eq!(store.chunk_sizes(BODY, &asked).unwrap(), [None, Some(3), None]);
    assert_eq!(store.lacking_chunks(BODY, &asked).unwrap(), [asked[0], asked[2]]);
    assert_eq!(store.chunks(BODY).unwrap(), [chunk(1), chunk(2), chunk(3)]);
}

const ANNA: SpaceOwner = SpaceOwner::Member(MemberId([1; 16]));
const BERT: SpaceOwner = SpaceOwner::Member(MemberId([2; 16]));
const HER_STAFF: SpaceOwner = SpaceOwner::Staff(MemberId([1; 16]));
const SPACE: SpaceId = Nonce([5; 16]);

fn op(device: u8, n: u64, prev: Hash) -> StoredOp {
    let (nonce, ciphertext) = (ByteBuf::from(vec![0; 24]), ByteBuf::from(vec![device; 100]));
    let signature = Signature([n as u8; 64]);
    StoredOp { space: SPACE, epoch: 1, device: DeviceId([device; 32]), n, prev, nonce, ciphertext, signature }
}

fn spaces_keep_their_chains(store: &dyn Store) {
    created(store);
    let zero = Hash([0; 32]);
    let one = op(1, 1, zero);
    let two = op(1, 2, one.hash());
    let others = op(2, 1, zero);
    let append = |owner, ops: &[&StoredOp]| {
        store.append_ops(BODY, owner, &ops.iter().map(|op| (*op).clone()).collect::<Vec<_>>())
    };
    assert!(matches!(append(ANNA, &[&one, &op(1, 3, zero)]), Err(StoreError::SpaceGap(2))));
    assert!(store.spaces(BODY, ANNA).unwrap().is_empty(), "one step: nothing was written");
    assert!(matches!(append(ANNA, &[&op(1, 0, zero)]), Err(StoreError::SpaceGap(1))));
    assert!(matches!(append(ANNA, &[&op(1, 1, root(9))]), Err(StoreError::SpaceFork)));
    let before = store.beside(BODY).unwrap();
    append(ANNA, &[&one, &others]).unwrap();
    assert_ne!(store.beside(BODY).unwrap(), before);
    append(ANNA, &[&one, &two]).unwrap();
    assert!(matches!(append(ANNA, &[&op(1, 3, one.hash())]), Err(StoreError::SpaceFork)));
    assert!(matches!(append(ANNA, &[&op(1, 2, zero)]), Err(StoreError::SpaceFork)));
    assert!(matches!(append(BERT, &[&op(3, 1, zero)]), Err(StoreError::SpaceOwner)));
    assert_eq!(store.spaces(BODY, ANNA).unwrap(), [SpaceInfo { space: SPACE, ops: 3, keys: 0 }]);
    assert!(store.spaces(BODY, BERT).unwrap().is_empty());
    let ops = |owner, from, max| store.ops(BODY, owner, SPACE, from, max).unwrap();
    assert_eq!(ops(ANNA, 0, usize::MAX), [one.clone(), others.clone(), two]);
    assert_eq!(ops(ANNA, 1, 0), [others]);
    assert!(ops(ANNA, 3, usize::MAX).is_empty());
    assert!(ops(BERT, 0, usize::MAX).is_empty());
    assert!(matches!(append(HER_STAFF, &[&op(1, 3, zero)]), Err(StoreError::SpaceOwner)));
    assert!(ops(HER_STAFF, 0, usize::MAX).is_empty());
}

fn sealed_keys_go_to_their_addressee(store: &dyn Store) {
    created(store);
    let key = |epoch, to: u8, sealed: u8| SealedKey {
        space: SPACE,
        epoch,
        to: DeviceId([to; 32]),
        key: None,
        sealed: ByteBuf::from(vec![sealed]),
        by: DeviceId([1; 32]),
        signature: Signature([0; 64]),
    };
    let before = store.beside(BODY).unwrap();
    store.put_space_keys(BODY, ANNA, &[key(1, 1, 7), key(1, 2, 7)]).unwrap();
    assert_ne!(store.beside(BODY).unwrap(), before);
    store.put_space_keys(BODY, ANNA, &[key(1, 1, 8), key(2, 1, 8)]).unwrap();
    assert!(matches!(store.put_space_keys(BODY, BERT, &[key(1, 3, 7)]), Err(StoreError::SpaceOwner)));
    // Another device began the same epoch with a key of its own: both are kept.
    let other = SealedKey { by: DeviceId([2; 32]), ..key(3, 1, 9) };
    store.put_space_keys(BODY, ANNA, &[key(3, 1, 8), other.clone()]).unwrap();
    let to = |owner, ids: &[u8]| {
        let ids: Vec<_> = ids.iter().map(|id| DeviceId([*id; 32])).collect();
        store.space_keys(BODY, owner, &ids).unwrap()
    };
    assert_eq!(to(ANNA, &[1]), [key(1, 1, 7), key(1, 1, 8), key(2, 1, 8), key(3, 1, 8), other]);
    assert_eq!(to(ANNA, &[1, 2]).len(), 6);
    assert!(to(BERT, &[1]).is_empty());
    let all = |owner| store.all_space_keys(BODY, owner, SPACE).unwrap().len();
    assert_eq!((all(ANNA), all(HER_STAFF)), (6, 0));
    assert_eq!(store.spaces(BODY, ANNA).unwrap(), [SpaceInfo { space: SPACE, ops: 0, keys: 6 }]);
}

fn pairings_take_turns_and_are_forgotten(store: &dyn Store) {
    created(store);
    let (new, old, third) = (DeviceId([1; 32]), DeviceId([2; 32]), DeviceId([3; 32]));
    let say = |with: DeviceId, commitment, says, time| {
        let step = PairStep { with, commitment: root(commitment), says };
        let (new, old) = if with == new { (new, old) } else { (new, with) };
        let before = store.beside(BODY).unwrap();
        store.pair(BODY, new, old, &step, time).unwrap();
        store.beside(BODY).unwrap() != before
    };
    let of = |device, since| store.pairings(BODY, device, since).unwrap();
    assert!(!say(new, 7, PairSays::Answer(root(8)), 10));
    assert!(of(new, 0).is_empty(), "nothing has begun");
    assert!(say(old, 7, PairSays::Commit, 10));
    assert!(!say(old, 7, PairSays::Reveal(root(9)), 20));
    assert!(say(new, 7, PairSays::Answer(root(8)), 30));
    assert!(say(third, 6, PairSays::Commit, 40));
    let begun = Pairing::begin(new, old, root(7));
    let answered = Pairing { answer: Some(root(8)), ..begun.clone() };
    assert_eq!(of(old, 0), [answered.clone()], "revealed too early, and passed over");
    assert!(say(old, 7, PairSays::Reveal(root(9)), 50));
    let revealed = Pairing { reveal: Some(root(9)), ..answered };
    let other = Pairing::begin(new, third, root(6));
    assert_eq!(of(new, 0), [revealed.clone(), other.clone()]);
    assert_eq!(of(new, 45), [revealed]);
    assert_eq!(of(third, 0), [], "forgotten for good");
    assert!(say(old, 5, PairSays::Commit, 60), "another one, as many messages or fewer");
    assert_eq!(of(old, 0), [Pairing::begin(new, old, root(5))], "another commitment begins anew");
}

fn reports_are_the_last(store: &dyn Store) {
    created(store);
    let (device, other) = (DeviceId([1; 32]), DeviceId([2; 32]));
    let ready = |meeting, ready_version| Report { meeting: MeetingId([meeting; 16]), ready_version };
    store.report(BODY, device, 10, &[ready(1, 1)]).unwrap();
    store.report(BODY, device, 20, &[ready(1, 2), ready(3, 1)]).unwrap();
    store.report(BODY, device, 30, &[ready(2, 1), ready(3, 0)]).unwrap();
    store.report(BODY, device, 40, &[]).unwrap();
    store.report(BODY, other, 50, &[]).unwrap();
    let first = DeviceReport { device, last_contact: 40, ready: vec![ready(1, 2), ready(2, 1), ready(3, 0)] };
    let second = DeviceReport { device: other, last_contact: 50, ready: vec![] };
    assert_eq!(store.reports(BODY).unwrap(), [first, second]);
}

fn confirmations_are_counted(store: &dyn Store) {
    assert_eq!(store.clock_confirmed().unwrap(), 0);
    store.confirm_clock().unwrap();
    store.confirm_clock().unwrap();
    assert_eq!(store.clock_confirmed().unwrap(), 2);
}
