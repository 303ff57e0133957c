//! Digits of two devices, with somebody between them.

use crate::tapped;
use ecabinet_client::Pair;
use ecabinet_domain::Hash;
use ecabinet_protocol::pairing::{PairSays, PairStep};
use ecabinet_tests::{Cabinet, Line, Person, code};

/// The digits that each of two devices shows for the other, and what comes of confirming with those of the new one.
async fn compare(cabinet: &Cabinet, old: &Person, new: &Person) -> (Option<String>, Option<String>, String) {
    let (here, there) = cabinet.digits(old, new).await;
    let confirmed = old.client().confirm_device(cabinet.body, new.device(), there.as_deref());
    (here, there, code(confirmed))
}

#[tokio::test(flavor = "multi_thread")]
async fn another_nonce_than_the_old_devices_makes_other_digits() {
    let cabinet = Cabinet::open().await;
    let laptop = cabinet.join(1, "laptop").await;
    let (tablet, line) = tapped(&cabinet, 1, "tablet").await;
    let said = |line: &Line| line.passing().said.iter().map(|step| step.says).collect::<Vec<_>>();
    assert!(said(&line).iter().all(|says| *says == PairSays::Commit), "nothing is revealed unanswered");
    line.passing().hear = Some(Box::new(|said| said.iter_mut().for_each(|pairing| pairing.answer = None)));
    laptop.sync().await;
    tablet.sync().await;
    assert!(said(&line).iter().all(|says| *says == PairSays::Commit), "nor while the answer is kept back");

    line.passing().hear = Some(Box::new(|said| {
        said.iter_mut().filter_map(|pairing| pairing.answer.as_mut()).for_each(|nonce| nonce.0[0] ^= 1);
    }));
    let (here, there, confirmed) = compare(&cabinet, &laptop, &tablet).await;
    assert!(here.is_some() && there.is_some() && here != there, "{here:?} {there:?}");
    assert_eq!(confirmed, "pairing.digits");

    // What was heard first stays, whatever is said afterwards.
    line.leave();
    assert_eq!(compare(&cabinet, &laptop, &tablet).await, (here, there, confirmed));
    tablet.client().restart_pairing(cabinet.body).expect("begun again");
    assert_eq!(compare(&cabinet, &laptop, &tablet).await.2, "ok", "on an honest line");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_that_was_not_committed_to_is_not_believed() {
    let cabinet = Cabinet::open().await;
    let (laptop, line) = tapped(&cabinet, 1, "laptop").await;
    let tablet = cabinet.join(1, "tablet").await;
    line.passing().hear = Some(Box::new(|said| {
        said.iter_mut().filter_map(|pairing| pairing.reveal.as_mut()).for_each(|nonce| nonce.0[0] ^= 1);
    }));
    let (here, there, confirmed) = compare(&cabinet, &laptop, &tablet).await;
    assert!(there.is_some());
    assert_eq!((here, confirmed.as_str()), (None, "pairing.broken"));
    line.leave();
    let (here, _, confirmed) = compare(&cabinet, &laptop, &tablet).await;
    assert_eq!((here, confirmed.as_str()), (None, "pairing.broken"), "for good");
    tablet.client().restart_pairing(cabinet.body).expect("begun again");
    assert_eq!(compare(&cabinet, &laptop, &tablet).await.2, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_puts_his_own_device_in_the_place_of_the_new_one_shows_other_digits() {
    let cabinet = Cabinet::open().await;
    let (laptop, line) = tapped(&cabinet, 1, "laptop").await;
    let (tablet, tablets_line) = tapped(&cabinet, 1, "tablet").await;
    let intruder = cabinet.join(1, "intruder").await;
    laptop.sync().await;
    intruder.sync().await;

    // The tablet is told the nonce that the laptop gave the intruder, as if the laptop knew of the tablet only.
    let for_the_intruder = line.passing().said.iter().find_map(|step| match step.says {
        PairSays::Answer(nonce) if step.with == intruder.device() => Some(nonce),
        _ => None,
    });
    let nonce = for_the_intruder.expect("an answer");
    tablets_line.passing().hear =
        Some(Box::new(move |said| said.iter_mut().for_each(|pairing| pairing.answer = Some(nonce))));
    for person in [&tablet, &intruder, &laptop, &tablet] {
        person.sync().await;
    }
    let shown = tablet.digits_with(&laptop).expect("digits");
    let asked = laptop.digits_with(&intruder).expect("digits");
    assert_ne!(shown, asked);
    let device = intruder.device();
    assert_eq!(code(laptop.client().confirm_device(cabinet.body, device, Some(&shown))), "pairing.digits");

    // Nor does the tablet's own commitment help: it holds the tablet's keys.
    intruder.client().restart_pairing(cabinet.body).expect("begun again");
    let stolen = tablets_line.passing().said.iter().find(|step| step.says == PairSays::Commit).cloned();
    let stolen = stolen.expect("a commitment").commitment;
    let revealed = tablets_line.passing().said.iter().find_map(|step| match step.says {
        PairSays::Reveal(nonce) => Some(nonce),
        _ => None,
    });
    line.passing().hear = Some(Box::new(move |said| {
        for pairing in said.iter_mut().filter(|pairing| pairing.new == device) {
            (pairing.commitment, pairing.reveal) = (stolen, revealed);
        }
    }));
    laptop.sync().await;
    let pairs = laptop.client().pairs(cabinet.body).expect("pairs");
    assert!(pairs.contains(&(device, Pair::Broken)), "{pairs:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_has_few_chances_to_meet_the_digits() {
    let cabinet = Cabinet::open().await;
    let (laptop, line) = tapped(&cabinet, 1, "laptop").await;
    let tablet = cabinet.join(1, "tablet").await;
    let mut n = 0;
    line.passing().hear = Some(Box::new(move |said| {
        n += 1;
        for pairing in said {
            (pairing.commitment, pairing.answer, pairing.reveal) = (Hash([n; 32]), None, None);
        }
    }));
    for _ in 0..4 {
        laptop.sync().await;
    }
    // All zeros say that no more answers come.
    let answers = |step: &&PairStep| matches!(step.says, PairSays::Answer(nonce) if nonce != Hash([0; 32]));
    let answers = line.passing().said.iter().filter(answers).count();
    assert_eq!(answers, 5);
    line.leave();
    assert_eq!(compare(&cabinet, &laptop, &tablet).await.2, "pairing.spent");
}
