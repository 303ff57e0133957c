//! A note is never lost, and nobody but its writer reads it.

use ecabinet_client::{InkPoint, Mark, MarkKind, Note, Stroke, Strokes};
use ecabinet_tests::{Cabinet, Person};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_note_written_offline_comes_to_the_second_device_and_the_server_cannot_read_it() {
    const SECRET: &str = "Cần hỏi lại về nguồn vốn KHONGAIDOC";
    let mut cabinet = Cabinet::open().await;
    let mut laptop = cabinet.join(1, "laptop").await;
    let published = cabinet.publish(None, "Điều 1").await;
    laptop.sync().await;
    let rev =
        laptop.client().meeting(cabinet.body, published.meeting).expect("the meeting").items[0].papers[0].rev;
    let mark = Mark {
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
    };
    cabinet.server.kill();
    let note = laptop.client().add_mark(cabinet.body, &mark, Some(SECRET)).expect("kept");
    laptop.restart();
    assert_eq!(laptop.client().notes(cabinet.body, None).expect("notes")[0].texts, [SECRET]);
    cabinet.server.resume();
    laptop.sync().await;

    let tablet = cabinet.join(1, "tablet").await;
    tablet.sync().await;
    assert!(
        tablet.client().notes(cabinet.body, None).expect("none").is_empty(),
        "no key before it is confirmed"
    );
    cabinet.confirm(&laptop, &tablet).await;
    tablet.sync().await;
    tablet.sync().await;
    let here = tablet.client().notes(cabinet.body, Some(rev.paper)).expect("notes");
    assert_eq!(
        (here[0].id.clone(), here[0].mark.clone(), here[0].texts.clone()),
        (note.clone(), mark, vec![SECRET.into()])
    );

    tablet.client().set_note(cabinet.body, &note, "Viết trên máy tính bảng").expect("kept");
    // Within one millisecond the devices' ids would say which is the later one.
    tokio::time::sleep(Duration::from_millis(5)).await;
    laptop.client().set_note(cabinet.body, &note, "Viết trên máy xách tay").expect("kept");
    tablet.sync().await;
    laptop.sync().await;
    tablet.sync().await;
    let (a, b) = (laptop.client().notes(cabinet.body, None), tablet.client().notes(cabinet.body, None));
    let (a, b) = (a.expect("notes"), b.expect("notes"));
    assert_eq!(a, b);
    assert_eq!(a[0].texts, ["Viết trên máy xách tay", "Viết trên máy tính bảng"], "both edits survive");

    for secret in [SECRET, "KHONGAIDOC", "máy tính bảng"] {
        assert!(
            !cabinet.holds(&cabinet.server.data, secret.as_bytes()),
            "the server holds no plain byte of it"
        );
        assert!(!cabinet.holds(&laptop.home, secret.as_bytes()), "nor does the disk");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ink_drawn_erased_and_coloured_apart_on_two_devices_is_all_there() {
    let mut cabinet = Cabinet::open().await;
    let laptop = cabinet.join(1, "laptop").await;
    let published = cabinet.publish(None, "Điều 1").await;
    laptop.sync().await;
    let rev =
        laptop.client().meeting(cabinet.body, published.meeting).expect("the meeting").items[0].papers[0].rev;
    let tablet = cabinet.join(1, "tablet").await;
    tablet.sync().await;
    cabinet.confirm(&laptop, &tablet).await;
    meet(&laptop, &tablet).await;

    let mark = Mark { kind: MarkKind::Ink, colour: "blue".into(), ..Mark::note(rev, 0) };
    let first = Strokes::from([stroke('a', 100.0), stroke('b', 130.0)]);
    let ink = laptop.client().add_ink(cabinet.body, &mark, &first).expect("kept");
    meet(&laptop, &tablet).await;
    assert_eq!(the_ink(&tablet).strokes, the_ink(&laptop).strokes);

    // Both without network: one draws on and gives it another colour, the other erases a stroke, moves it and writes to it.
    cabinet.server.kill();
    laptop.client().draw(cabinet.body, &ink, &Strokes::from([stroke('c', 160.0)]), &[], &[]).expect("kept");
    laptop.client().recolour_mark(cabinet.body, &ink, "rose").expect("kept");
    let gone = stroke('a', 0.0).0;
    tablet.client().draw(cabinet.body, &ink, &Strokes::new(), &[gone], &[]).expect("kept");
    let to = |mark: Mark| Mark { page: 1, shift: (0.0, 12.0), ..mark };
    tablet.client().move_mark(cabinet.body, &ink, to).expect("kept");
    tablet.client().set_note(cabinet.body, &ink, "Xem lại hình này").expect("kept");
    cabinet.server.resume();
    meet(&laptop, &tablet).await;
    let (a, b) = (the_ink(&laptop), the_ink(&tablet));
    assert_eq!(a, b);
    let ids: Vec<char> = a.strokes.keys().filter_map(|id| id.chars().next()).collect();
    assert_eq!(ids, ['b', 'c'], "drawn here, erased there");
    assert_eq!((a.mark.colour.as_str(), a.mark.page, a.mark.shift), ("rose", 1, (0.0, 12.0)));
    assert_eq!(a.texts, ["Xem lại hình này"]);

    // One takes it away while the other draws on: what he drew is not lost.
    laptop.client().remove_mark(cabinet.body, &ink).expect("kept");
    tablet.client().draw(cabinet.body, &ink, &Strokes::from([stroke('d', 190.0)]), &[], &[]).expect("kept");
    meet(&laptop, &tablet).await;
    assert_eq!(the_ink(&laptop).strokes.len(), 3);

    // Taken away with all of it in sight it is gone on both; brought back it is what it was.
    laptop.client().remove_mark(cabinet.body, &ink).expect("kept");
    meet(&laptop, &tablet).await;
    assert!(tablet.client().notes(cabinet.body, None).expect("notes").is_empty());
    tablet.client().restore_mark(cabinet.body, &ink).expect("kept");
    meet(&laptop, &tablet).await;
    let back = the_ink(&laptop);
    assert_eq!((back.id.as_str(), back.strokes.len(), back.texts.len()), (ink.as_str(), 3, 1));
    let nothing =
        laptop.client().restore_mark(cabinet.body, "none").err().map(|error| error.code().to_owned());
    assert_eq!(nothing.as_deref(), Some("note.unknown"));
}

/// A stroke that is known by its letter.
fn stroke(letter: char, x: f32) -> (String, Stroke) {
    let points = (0..20u8).map(|n| {
        let n = f32::from(n);
        InkPoint { x: x + n, y: 300.0 + n * 0.5, pressure: 0.5 }
    });
    (letter.to_string().repeat(16), Stroke { width: 1.5, points: points.collect() })
}

fn the_ink(person: &Person) -> Note {
    let mut notes = person.client().notes(person.body(), None).expect("notes");
    assert_eq!(notes.len(), 1, "{notes:?}");
    notes.remove(0)
}

/// Each has what the other wrote.
async fn meet(a: &Person, b: &Person) {
    // Within one millisecond the devices' ids would say which is the later one.
    tokio::time::sleep(Duration::from_millis(5)).await;
    for person in [a, b, a, b] {
        person.sync().await;
    }
}
