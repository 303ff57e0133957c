//! What a member's further devices need of the others, although something breaks in between.

use ecabinet_client::{Client, Env, Lock, Mark};
use ecabinet_record::{KeyPair, code::ungroup};
use ecabinet_tests::{Cabinet, Line, Person};

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_code_opens_every_device_of_its_member_also_one_whose_joining_was_cut_off() {
    let cabinet = Cabinet::open().await;
    let mut laptop = Person::new(cabinet.path("laptop"), Env::real());
    let joined = laptop.join(&cabinet.invite(Cabinet::id(1)).await).await.expect("joins");
    let printed = ungroup(&joined.recovery_code.expect("the first device prints it")).expect("groups");
    let code = KeyPair::from_code(&printed[..16].try_into().expect("16 bytes"));
    let mut tablet = cabinet.join(1, "tablet").await;

    let line = Line::default();
    let mut phone = Person::new(cabinet.path("phone"), line.env());
    let mut enrolled = false;
    line.passing().page = Some(Box::new(move |_, page| {
        // The record as the invited one sees it comes whole; what follows the enrolment does not.
        enrolled |= page.leaves.len() == 1;
        if enrolled {
            page.checkpoint.clear();
        }
    }));
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    phone.join(&ticket).await.expect_err("cut off behind its enrolment");
    line.leave();
    phone.restart();
    // Nobody joins again: it stays in touch as any other device.
    phone.client().sync(cabinet.body, true).await.expect("sync");

    for device in [&mut laptop, &mut tablet, &mut phone] {
        device.close();
        let lock = Lock::Passphrase("mật khẩu mới".to_owned().into());
        drop(Client::recover(&device.home, Env::real(), &code, &lock).expect("the code opens it"));
        drop(Client::open(&device.home, Env::real(), "mật khẩu mới").expect("and so does the new lock"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_was_confirmed_gets_the_notes_although_the_app_was_closed_at_once() {
    let cabinet = Cabinet::open().await;
    let published = cabinet.publish(None, "Điều 1").await;
    let mut laptop = cabinet.join(1, "laptop").await;
    laptop.sync().await;
    let rev = laptop.client().meeting(cabinet.body, published.meeting).expect("here").items[0].papers[0].rev;
    laptop.client().add_mark(cabinet.body, &Mark::note(rev, 0), Some("Hỏi nguồn vốn")).expect("a note");
    laptop.sync().await;
    let tablet = cabinet.join(1, "tablet").await;
    let (digits, _) = cabinet.digits(&laptop, &tablet).await;
    laptop.client().confirm_device(cabinet.body, tablet.device(), digits.as_deref()).expect("confirmed");
    // Nothing of it has reached the server yet.
    laptop.restart();
    for person in [&laptop, &tablet, &laptop, &tablet] {
        person.sync().await;
    }
    let notes = tablet.client().notes(cabinet.body, None).expect("notes");
    assert_eq!(notes.iter().map(|note| note.texts[0].as_str()).collect::<Vec<_>>(), ["Hỏi nguồn vốn"]);
}
