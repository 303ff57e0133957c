//! A member's devices: a further one is confirmed, a lost one is revoked and ends.

mod lost;
mod pairing;
mod words;

use ecabinet_client::{Mark, MarkKind};
use ecabinet_record::{KeyPair, code::ungroup};
use ecabinet_tests::{Cabinet, Person};

/// The keys of a printed code.
fn printed(text: &str) -> KeyPair {
    KeyPair::from_code(&ungroup(text).expect("groups")[..16].try_into().expect("16 bytes"))
}

/// A mark on the first paper of the newest meeting.
fn mark(person: &Person) -> Mark {
    let client = person.client();
    let meeting = client.next_meeting(person.body()).expect("a list").expect("a meeting");
    let rev = client.meeting(person.body(), meeting).expect("a meeting").items[0].papers[0].rev;
    Mark {
        kind: MarkKind::Highlight,
        paper: rev.paper,
        rev: rev.rev,
        page: 2,
        quads: vec![[72.0, 100.0, 200.0, 100.0, 72.0, 114.0, 200.0, 114.0]],
        exact: "nguồn vốn".into(),
        prefix: "bố trí ".into(),
        suffix: " đầu tư công".into(),
        colour: "yellow".into(),
        ..Mark::note(rev, 2)
    }
}

fn write(person: &Person, text: &str) {
    person.client().add_mark(person.body(), &mark(person), Some(text)).expect("kept");
}

fn notes(person: &Person) -> Vec<String> {
    let notes = person.client().notes(person.body(), None).expect("notes");
    let mut texts: Vec<String> = notes.into_iter().flat_map(|note| note.texts).collect();
    texts.sort();
    texts
}

/// Epoch of the key that the next note is sealed with.
fn epoch(person: &Person) -> u32 {
    person.client().spaces(person.body()).expect("spaces")[0].epoch
}

fn status(person: &Person, of: &Person) -> &'static str {
    let rows = person.client().devices(person.body()).expect("devices");
    rows.iter().find(|row| row.device == of.device()).expect("a device").status
}

/// A member with a laptop and a tablet, a published paper on both.
async fn two(cabinet: &Cabinet) -> (Person, Person) {
    let laptop = cabinet.join(1, "laptop").await;
    let tablet = cabinet.join(1, "tablet").await;
    cabinet.confirm(&laptop, &tablet).await;
    cabinet.publish(None, "Điều 1").await;
    laptop.sync().await;
    tablet.sync().await;
    (laptop, tablet)
}
