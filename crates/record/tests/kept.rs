//! A replica that goes on from what was kept of it is the one that folds everything again.

mod kit;

use ecabinet_domain::LEVEL;
use ecabinet_record::{Replica, Trust, hash};
use kit::Log;
use kit::play::{Throw, throw};
use kit::story::Story;
use proptest::prelude::*;
use std::path::Path;
use std::sync::LazyLock;

static STORY: LazyLock<Log> = LazyLock::new(|| Story::new().log);
static START: LazyLock<Log> = LazyLock::new(|| Story::new().before("first poll"));

/// Of the form and the rules of today: what the records below are kept as. A change of either gives another number. Then
/// `Replica::FORM` is raised by one, so that nobody goes on from what was folded otherwise, and both stand here.
const FORM: (u32, &str) = (4, "7b1626bd81512dd997231c3281c4cf76d86c05837899b2728ed23c0311c432b0");

#[test]
fn another_form_or_other_rules_have_another_number() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/record-vectors/edge");
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut kept = STORY.replica.keep();
    for file in files {
        let vector: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        let mut log = Log::of(&STORY.leaves[..vector["given"]["prefix"].as_u64().unwrap() as usize]);
        for leaf in vector["given"]["leaves"].as_array().unwrap() {
            let _ = log.push(hex::decode(leaf.as_str().unwrap()).unwrap());
        }
        kept.extend(log.replica.keep());
    }
    assert_eq!((Replica::FORM, &*hash::sha256(&kept).to_string()), FORM);
}

#[test]
fn what_is_cut_changed_or_of_another_level_is_no_replica_or_another() {
    let kept = STORY.replica.keep();
    assert_eq!(Replica::kept(&kept, LEVEL).as_ref(), Some(&STORY.replica));
    assert_eq!(Replica::kept(&kept, LEVEL + 1), None);
    for cut in 0..kept.len() {
        assert_eq!(Replica::kept(&kept[..cut], LEVEL), None, "cut at {cut}");
    }
    for at in 0..kept.len() {
        let mut other = kept.clone();
        other[at] ^= 1 << (at % 8);
        assert_ne!(Replica::kept(&other, LEVEL).as_ref(), Some(&STORY.replica), "changed at {at}");
    }
    let longer = [&kept[..], &[0]].concat();
    assert_eq!(Replica::kept(&longer, LEVEL), None);
}

/// The log after these statements: those that hold.
fn played(throws: &[Throw]) -> Log {
    let mut log = START.clone();
    throws.iter().for_each(|throw| drop(log.push(throw.leaf(&log))));
    log
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn from_any_cut_of_any_record_the_rest_leads_to_the_same(
        throws in prop::collection::vec(throw(), 1..60),
        cut in 0usize..200,
        cut_again in 0usize..200,
    ) {
        let log = played(&throws);
        let mut cuts = [cut % (log.leaves.len() + 1), cut_again % (log.leaves.len() + 1)];
        cuts.sort();
        let mut replica = Replica::reading(LEVEL);
        let mut from = 0;
        // Kept, gone on with, and kept again.
        for to in cuts.into_iter().chain([log.leaves.len()]) {
            for leaf in &log.leaves[from..to] {
                prop_assert!(replica.replay(leaf, Trust::Kept).is_ok());
            }
            let kept = replica.keep();
            replica = Replica::kept(&kept, LEVEL).expect("just kept");
            prop_assert_eq!(replica.keep(), kept);
            from = to;
        }
        prop_assert_eq!(&replica, &log.replica);
    }
}
