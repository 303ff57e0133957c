//! Chunks and payloads that are not those that were promised.

use crate::{entry, held, refused, tapped};
use ecabinet_domain::Choice;
use ecabinet_tests::{Cabinet, code};

#[tokio::test(flavor = "multi_thread")]
async fn a_chunk_with_wrong_bytes_is_not_kept_and_the_others_are() {
    let cabinet = Cabinet::open().await;
    let (minister, line) = tapped(&cabinet, 1, "minister").await;
    cabinet.publish(None, "Điều 1").await;
    let mut count = 0;
    line.passing().chunk = Some(Box::new(move |_, (_, bytes)| {
        count += 1;
        if count == 3 {
            let mut wrong = bytes.to_vec();
            wrong[7] ^= 1;
            *bytes = wrong.into();
        }
        true
    }));
    let error = refused(&minister).await;
    let first: Vec<_> = line.passing().arrived.clone();
    assert_eq!((error.code(), first.len()), ("chunk.wrong", 3), "{error}");
    assert_eq!(error.0.params["chunk"], first[2].to_string());
    let progress = minister.client().progress(cabinet.body).expect("progress");
    assert!(progress.bytes_ready > 0 && progress.ready == 0);

    line.leave();
    let got = minister.sync().await;
    assert_eq!((got.papers.ready, got.papers.total), (1, 1));
    let all = line.passing().arrived.clone();
    let times = |name| all.iter().filter(|one| *one == name).count();
    assert_eq!((times(&first[0]), times(&first[1]), times(&first[2])), (1, 1, 2), "what was right came once");
    assert_eq!(got.fetched_bytes, progress.bytes_total - progress.bytes_ready, "just what lacked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payload_that_does_not_open_its_commitment_is_refused() {
    let cabinet = Cabinet::open().await;
    let (minister, line) = tapped(&cabinet, 1, "minister").await;
    let (second, third) = (cabinet.join(2, "second").await, cabinet.join(3, "third").await);
    minister.sync().await;
    let before = held(&minister);
    let published = cabinet.publish(None, "Điều 1").await;
    line.passing().page = Some(Box::new(|_, page| {
        if let Some(one) = page.payloads.first_mut() {
            one.payload.bytes[0] ^= 1;
        }
    }));
    let error = refused(&minister).await;
    assert_eq!((error.code(), entry(&error)), ("server.payload", Some(before.0)));
    assert_eq!(held(&minister), before, "its page is not kept either");
    line.leave();
    minister.sync().await;

    let poll = cabinet.open_poll(published.meeting).await;
    for (person, choice) in [(&second, Choice::Yes), (&third, Choice::No)] {
        person.sync().await;
        person.vote(poll, choice);
        person.sync().await;
    }
    minister.sync().await;
    cabinet.close_poll(poll).await;
    line.passing().payloads = Some(Box::new(|payloads| {
        let [one, other] = &mut payloads[..] else { panic!("two ballots are released") };
        std::mem::swap(&mut one.payload, &mut other.payload);
    }));
    let error = refused(&minister).await;
    assert_eq!(error.code(), "server.payload");
    assert!(entry(&error) > Some(before.0));
    assert_eq!(code(minister.client().result(cabinet.body, poll)), "poll.unverifiable", "no wrong total");
    line.leave();
    minister.sync().await;
    let result = minister.client().result(cabinet.body, poll).expect("a result");
    assert_eq!((result.yes, result.no), (1, 1));
}
