//! A member's further devices: confirmed after comparing six digits, or by the printed code, and never otherwise.

use crate::status;
use ecabinet_client::{Clock, Env, Pair};
use ecabinet_tests::{Cabinet, Person, code};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

fn confirm(cabinet: &Cabinet, old: &Person, new: &Person, digits: Option<&str>) -> String {
    code(old.client().confirm_device(cabinet.body, new.device(), digits))
}

/// Other digits than these.
fn others(digits: &str) -> String {
    digits.bytes().map(|digit| char::from((digit - b'0' + 1) % 10 + b'0')).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_further_device_is_confirmed_with_the_six_digits_that_both_show_and_no_others() {
    let cabinet = Cabinet::open().await;
    let laptop = cabinet.join(1, "laptop").await;
    let tablet = cabinet.join(1, "tablet").await;
    laptop.client().sync(cabinet.body, true).await.expect("sync");
    assert_eq!(laptop.digits_with(&tablet), None, "the tablet has not revealed its half");
    assert_eq!(confirm(&cabinet, &laptop, &tablet, None), "pairing.waiting");

    let (here, there) = cabinet.digits(&laptop, &tablet).await;
    let digits = here.clone().expect("digits");
    assert_eq!(here, there, "the same on both screens");
    assert!(digits.len() == 6 && digits.bytes().all(|digit| digit.is_ascii_digit()), "{digits}");
    assert_eq!(confirm(&cabinet, &laptop, &tablet, None), "pairing.compare");
    assert_eq!(confirm(&cabinet, &laptop, &tablet, Some(&others(&digits))), "pairing.digits");
    assert_eq!(confirm(&cabinet, &laptop, &tablet, Some("")), "pairing.digits");
    laptop.sync().await;
    assert_eq!(status(&laptop, &tablet), "pending", "nothing was confirmed");

    let spoken = format!("{} {}", &digits[..3], &digits[3..]);
    assert_eq!(confirm(&cabinet, &laptop, &tablet, Some(&spoken)), "ok");
    laptop.sync().await;
    tablet.sync().await;
    assert_eq!((status(&laptop, &tablet), status(&tablet, &tablet)), ("active", "active"));
    assert_eq!((laptop.digits_with(&tablet), tablet.digits_with(&laptop)), (None, None), "done with");
}

#[tokio::test(flavor = "multi_thread")]
async fn pairing_goes_on_although_both_devices_are_closed_between_and_the_server_forgets() {
    let mut cabinet = Cabinet::open().await;
    let mut laptop = cabinet.join(1, "laptop").await;
    laptop.sync().await;
    let mut tablet = cabinet.join(1, "tablet").await;
    tablet.restart();
    cabinet.server.kill();
    let forgetful = cabinet.server.copy_data("before the answer");
    cabinet.server.resume();

    laptop.sync().await;
    laptop.restart();
    cabinet.server.kill();
    std::fs::remove_dir_all(&cabinet.server.data).expect("removed");
    std::fs::rename(forgetful, &cabinet.server.data).expect("put back");
    cabinet.server.resume();
    tablet.sync().await;
    assert_eq!(tablet.digits_with(&laptop), None, "the answer is lost");
    laptop.sync().await;
    tablet.sync().await;
    tablet.restart();
    let shown = tablet.digits_with(&laptop).expect("digits, of an answer that was said again");
    cabinet.server.kill();
    cabinet.server.resume();
    laptop.sync().await;
    laptop.restart();
    tablet.restart();
    assert_eq!(laptop.digits_with(&tablet).as_ref(), Some(&shown));
    assert_eq!(tablet.digits_with(&laptop).as_ref(), Some(&shown));
    assert_eq!(confirm(&cabinet, &laptop, &tablet, Some(&shown)), "ok");
    laptop.sync().await;
    tablet.sync().await;
    assert_eq!(status(&tablet, &tablet), "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_begins_again_makes_new_digits_but_not_without_end() {
    let cabinet = Cabinet::open().await;
    let laptop = cabinet.join(1, "laptop").await;
    let tablet = cabinet.join(1, "tablet").await;
    assert_eq!(code(laptop.client().restart_pairing(cabinet.body)), "device.not_pending");
    let mut seen: Vec<String> = Vec::new();
    for _ in 0..5 {
        let (here, there) = cabinet.digits(&laptop, &tablet).await;
        assert_eq!(here, there);
        let digits = here.expect("digits");
        if let Some(former) = seen.last() {
            assert_ne!(*former, digits);
            assert_eq!(confirm(&cabinet, &laptop, &tablet, Some(former)), "pairing.digits", "no longer hold");
        }
        seen.push(digits);
        tablet.client().restart_pairing(cabinet.body).expect("begun again");
    }
    assert_eq!(cabinet.digits(&laptop, &tablet).await, (None, None));
    assert_eq!(confirm(&cabinet, &laptop, &tablet, seen.last().map(String::as_str)), "pairing.spent");
    assert_eq!(laptop.client().pairs(cabinet.body).expect("pairs"), [(tablet.device(), Pair::Spent)]);
    assert_eq!(
        tablet.client().pairs(cabinet.body).expect("pairs"),
        [(laptop.device(), Pair::Spent)],
        "it is told"
    );
    tablet.client().restart_pairing(cabinet.body).expect("begun again");
    assert_eq!(cabinet.digits(&laptop, &tablet).await, (None, None));
    assert_eq!(
        tablet.client().pairs(cabinet.body).expect("pairs"),
        [(laptop.device(), Pair::Spent)],
        "and again"
    );

    // Revoked and invited again, it is another device, with rounds of its own.
    cabinet.registrar.sync().await;
    cabinet.registrar.client().revoke_device(cabinet.body, tablet.device(), None).expect("revoked");
    cabinet.registrar.sync().await;
    assert_eq!(code(tablet.client().sync(cabinet.body, true).await), "device.wiped");
    let again = cabinet.join(1, "again").await;
    cabinet.confirm(&laptop, &again).await;
    assert_eq!(status(&laptop, &again), "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn beginning_again_while_the_other_device_answers_costs_no_round() {
    let cabinet = Cabinet::open().await;
    let laptop = cabinet.join(1, "laptop").await;
    let tablet = cabinet.join(1, "tablet").await;
    // Its person has lost patience; the laptop hears at this moment what the tablet said before.
    tablet.client().restart_pairing(cabinet.body).expect("begun again");
    laptop.sync().await;
    tablet.client().restart_pairing(cabinet.body).expect("and once more, before it has heard the answer");
    for round in 1..=5 {
        let (here, there) = cabinet.digits(&laptop, &tablet).await;
        assert!(here.is_some() && here == there, "round {round} of five: {here:?} {there:?}");
        tablet.client().restart_pairing(cabinet.body).expect("begun again");
    }
    cabinet.digits(&laptop, &tablet).await;
    assert_eq!(tablet.client().pairs(cabinet.body).expect("pairs"), [(laptop.device(), Pair::Spent)]);
}

/// A clock that is set by hand.
struct Watch(AtomicU64);

impl Clock for Watch {
    fn now(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_whose_other_does_not_answer_says_so_and_begins_again() {
    let cabinet = Cabinet::open().await;
    let laptop = cabinet.join(1, "laptop").await;
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let watch = Arc::new(Watch(AtomicU64::new(Env::real().clock.now())));
    let mut tablet = Person::new(cabinet.path("tablet"), Env { clock: watch.clone(), ..Env::real() });
    tablet.join(&ticket).await.expect("joins");
    let said = |tablet: &Person| tablet.client().pairs(cabinet.body).expect("pairs")[0].1.clone();
    assert_eq!(said(&tablet), Pair::Waiting);
    watch.0.fetch_add(59_000, Relaxed);
    tablet.sync().await;
    assert_eq!(said(&tablet), Pair::Waiting);
    watch.0.fetch_add(1_000, Relaxed);
    assert_eq!(said(&tablet), Pair::Unanswered, "its person is told what to do");
    tablet.restart();
    assert_eq!(said(&tablet), Pair::Unanswered);

    tablet.client().restart_pairing(cabinet.body).expect("begun again");
    tablet.sync().await;
    assert_eq!(said(&tablet), Pair::Waiting);
    watch.0.fetch_add(600_000, Relaxed);
    let (here, there) = cabinet.digits(&laptop, &tablet).await;
    assert!(here.is_some() && here == there, "late, but it was answered");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_device_in_use_has_digits_of_its_own_and_any_of_them_may_confirm() {
    let cabinet = Cabinet::open().await;
    let laptop = cabinet.join(1, "laptop").await;
    let desktop = cabinet.join(1, "desktop").await;
    cabinet.confirm(&laptop, &desktop).await;
    let tablet = cabinet.join(1, "tablet").await;
    let with_laptop = cabinet.digits(&laptop, &tablet).await;
    let with_desktop = cabinet.digits(&desktop, &tablet).await;
    assert_eq!(with_laptop.0, with_laptop.1);
    assert_eq!(with_desktop.0, with_desktop.1);
    let (one, other) = (with_laptop.0.expect("digits"), with_desktop.0.expect("digits"));
    assert_ne!(one, other);
    assert_eq!(confirm(&cabinet, &desktop, &tablet, Some(&one)), "pairing.digits");
    assert_eq!(confirm(&cabinet, &desktop, &tablet, Some(&other)), "ok");
    desktop.sync().await;
    laptop.sync().await;
    assert_eq!(status(&laptop, &tablet), "active");
    assert!(laptop.client().pairs(cabinet.body).expect("pairs").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_open_apps_come_to_their_digits_by_themselves() {
    let cabinet = Cabinet::open().await;
    let laptop = cabinet.join(1, "laptop").await;
    let tablet = cabinet.join(1, "tablet").await;
    let both = async {
        while laptop.digits_with(&tablet).is_none() || tablet.digits_with(&laptop).is_none() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        ended = laptop.client().follow(cabinet.body, drop) => panic!("{ended:?}"),
        ended = tablet.client().follow(cabinet.body, drop) => panic!("{ended:?}"),
        () = both => {}
        () = tokio::time::sleep(std::time::Duration::from_secs(20)) => panic!("no digits"),
    }
    assert_eq!(laptop.digits_with(&tablet), tablet.digits_with(&laptop));
}
