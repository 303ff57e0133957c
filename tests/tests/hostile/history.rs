//! Entries that are not those of the record.

use crate::{entry, held, refused, tapped};
use ecabinet_domain::{Choice, Hash};
use ecabinet_protocol::sync::EntriesPage;
use ecabinet_record::{Checkpoint, KeyPair};
use ecabinet_tests::Cabinet;

#[tokio::test(flavor = "multi_thread")]
async fn entries_altered_left_out_or_swapped_are_refused_and_nothing_of_them_is_kept() {
    let cabinet = Cabinet::open().await;
    let (mut minister, line) = tapped(&cabinet, 1, "minister").await;
    let older = line.session().entries(0).await.expect("a page").checkpoint;
    cabinet.invite(Cabinet::id(2)).await;
    minister.sync().await;
    let before = held(&minister);
    let from = before.0;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;

    type Tamper = Box<dyn FnMut(&mut EntriesPage) + Send>;
    let last = |page: &mut EntriesPage| page.leaves.len() - 1;
    let (body, stranger) = (cabinet.body, KeyPair::from_seed(&[9; 64]));
    let tampers: Vec<(&str, Tamper, &str, Option<u64>)> = vec![
        ("a letter", Box::new(|page| page.leaves[1][60] ^= 1), "server.bad_entry", Some(from + 1)),
        (
            "a signature",
            Box::new(|page| *page.leaves[2].last_mut().expect("bytes") ^= 1),
            "server.bad_entry",
            Some(from + 2),
        ),
        (
            "a time",
            Box::new(move |page| {
                let at = last(page);
                page.leaves[at][2] ^= 1
            }),
            "server.other_root",
            None,
        ),
        ("left out", Box::new(|page| drop(page.leaves.remove(1))), "server.bad_entry", Some(from + 1)),
        ("swapped", Box::new(|page| page.leaves.swap(0, 1)), "server.bad_entry", Some(from)),
        (
            "twice",
            Box::new(|page| page.leaves.insert(1, page.leaves[0].clone())),
            "server.bad_entry",
            Some(from + 1),
        ),
        (
            "somebody else's word",
            Box::new(move |page| {
                let real = Checkpoint::parse(&page.checkpoint).expect("a checkpoint");
                page.checkpoint = Checkpoint::sign(body, real.size, real.root, &stranger).note;
            }),
            "server.checkpoint",
            None,
        ),
        (
            "a word for another root",
            Box::new(|page| {
                let real = Checkpoint::parse(&page.checkpoint).expect("a checkpoint");
                let root = page.checkpoint.lines().nth(2).expect("a root").to_owned();
                let other = ecabinet_record::code::base64::encode(&[7; 32]);
                assert_ne!(real.root, Hash([7; 32]));
                page.checkpoint = page.checkpoint.replace(&root, &other);
            }),
            "server.checkpoint",
            None,
        ),
        ("an older word", Box::new(move |page| page.checkpoint = older.clone()), "server.behind", None),
    ];
    for (what, mut tamper, expected, named) in tampers {
        line.passing().page = Some(Box::new(move |at, page| {
            if at == from && page.leaves.len() == 4 {
                tamper(page);
            }
        }));
        let error = refused(&minister).await;
        assert_eq!((error.code(), entry(&error)), (expected, named), "{what}: {error}");
        assert_eq!(held(&minister), before, "{what}");
        assert!(minister.client().meetings(cabinet.body).expect("a list").is_empty(), "{what}");
    }
    minister.restart();
    assert_eq!(held(&minister), before);

    line.leave();
    minister.sync().await;
    assert_eq!(held(&minister), held(&cabinet.secretary));
    let ballot = minister.vote(poll, Choice::Yes);
    minister.sync().await;
    assert_eq!(minister.state(ballot), "recorded");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rewritten_history_is_refused_by_the_first_entry_that_differs() {
    let mut cabinet = Cabinet::open().await;
    let mut minister = cabinet.join(1, "minister").await;
    let (other, deceived) = (cabinet.join(2, "other").await, cabinet.join(3, "deceived").await);
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    for person in [&minister, &other, &deceived] {
        person.sync().await;
    }
    cabinet.server.kill();
    let (honest, forked) = (cabinet.server.data.clone(), cabinet.server.copy_data("forked"));
    cabinet.server.resume();
    let differs = held(&minister).0;
    other.vote(poll, Choice::No);
    other.sync().await;
    minister.sync().await;
    let before = held(&minister);

    cabinet.server.kill();
    cabinet.server.data = forked;
    cabinet.server.resume();
    let ballot = minister.vote(poll, Choice::Yes);
    deceived.vote(poll, Choice::Yes);
    deceived.sync().await;
    let error = refused(&minister).await;
    assert_eq!((error.code(), entry(&error)), ("server.rewritten", Some(differs)), "as long: {error}");
    deceived.vote(poll, Choice::No);
    deceived.sync().await;
    let error = refused(&minister).await;
    assert_eq!((error.code(), entry(&error)), ("server.rewritten", Some(differs)), "longer: {error}");
    minister.restart();
    assert_eq!(held(&minister), before);
    assert_eq!(minister.state(ballot), "saved");

    cabinet.server.kill();
    cabinet.server.data = honest;
    cabinet.server.resume();
    minister.sync().await;
    assert_eq!(minister.state(ballot), "recorded");
    let error = refused(&deceived).await;
    assert_eq!(
        (error.code(), entry(&error)),
        ("server.rewritten", Some(differs)),
        "who was deceived learns it"
    );
    cabinet.close_poll(poll).await;
    minister.sync().await;
    let result = minister.client().result(cabinet.body, poll).expect("a result");
    assert_eq!((result.yes, result.no, result.silent), (1, 1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_the_server_has_not_signed_are_no_evidence_of_a_fork() {
    let cabinet = Cabinet::open().await;
    let (minister, line) = tapped(&cabinet, 1, "minister").await;
    cabinet.publish(None, "Điều 1").await;
    line.passing().page = Some(Box::new(|_, page| {
        // The signature's last byte, of every entry.
        page.leaves.iter_mut().for_each(|leaf| *leaf.last_mut().expect("bytes") ^= 1);
    }));
    assert_eq!(refused(&minister).await.code(), "server.bad_entry");
    assert!(minister.client().forks(cabinet.body).expect("evidence").is_empty());
    line.leave();
    minister.sync().await;
}
