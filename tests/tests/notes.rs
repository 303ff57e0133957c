//! A note is never lost, and nobody but its writer reads it.

use ecabinet_client::{Mark, MarkKind};
use ecabinet_tests::Cabinet;

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
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
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
