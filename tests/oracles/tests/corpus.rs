//! What the fuzzer has kept, read again by the programs as they are now; and what it begins with.

use ecabinet_oracles::{TARGETS, seeds};
use std::collections::BTreeMap;
use std::path::Path;

/// Below it a corpus has been lost, not minimised.
const FEWEST: usize = 20;

#[test]
fn what_the_fuzzer_kept_still_holds() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    for target in TARGETS {
        let mut count = 0;
        for file in std::fs::read_dir(corpus.join(target.name)).expect("a corpus") {
            let path = file.expect("a file").path();
            // Told before it is read: what panics is the last one named.
            println!("{}", path.display());
            target.look(&std::fs::read(&path).expect("an input"));
            count += 1;
        }
        assert!(count >= FEWEST, "{}: {count} inputs", target.name);
    }
}

#[test]
fn every_target_has_something_to_begin_with() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (target, bytes) in seeds::of_vectors() {
        let target = TARGETS.iter().find(|known| known.name == target).expect("a target");
        target.look(&bytes);
        *counts.entry(target.name).or_default() += 1;
    }
    assert_eq!(counts.len(), TARGETS.len(), "{counts:?}");
}
