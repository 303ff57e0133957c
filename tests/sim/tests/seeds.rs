//! Thousands of stories, each by its seed. One that goes wrong is told aloud by
//! `cargo run -p ecabinet-sim -- tell SEED`.

use ecabinet_sim::{Cast, seeds, tell};
use std::sync::Mutex;

/// Stories in an ordinary run of the tests; `make soak` goes on from there.
const SEEDS: u64 = 2_000;

#[test]
fn the_same_seed_is_the_same_story() {
    let (one, other) = (Cast::found(), Cast::found());
    for seed in 0..20 {
        let (first, again) = (tell(&one, seed, true), tell(&other, seed, true));
        assert_eq!(first.words, again.words, "seed {seed}");
        assert_eq!(first.trace, again.trace, "seed {seed}");
    }
    assert_ne!(tell(&one, 1, false).trace, tell(&one, 2, false).trace, "another seed is another story");
}

#[test]
fn apps_open_from_what_is_kept_folded_and_fold_what_came_since() {
    let cast = Cast::found();
    let words: Vec<String> = (0..8).flat_map(|seed| tell(&cast, seed, true).words).collect();
    let opened = words.iter().filter_map(|word| {
        let (kept, all) =
            word.split_once(" opens with ")?.1.strip_suffix(" entries kept folded")?.split_once(" of ")?;
        Some((kept.parse::<u64>().ok()?, all.parse::<u64>().ok()?))
    });
    // What does not fit is kept anew at once, with all that there is: where more has come it did fit.
    let went_on = opened.filter(|(kept, all)| 0 < *kept && kept < all).count();
    assert!(went_on > 4, "{went_on} openings");
}

#[test]
fn thousands_of_stories_end_well() {
    let count = std::env::var("SIM_SEEDS").ok().and_then(|count| count.parse().ok()).unwrap_or(SEEDS);
    let wrong = Mutex::new(Vec::new());
    let ran = seeds(0..count, |seed, ended| {
        wrong
            .lock()
            .expect("whole")
            .extend(ended.wrong.as_ref().map(|wrong| format!("seed {seed}: {wrong}")));
        true
    });
    println!("{ran}");
    let wrong = wrong.into_inner().expect("whole");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
