//! Answers that nobody signed, and statements that nobody may make.

use crate::{held, refused, tapped};
use ecabinet_client::{CaPin, Dial, HttpDial, ca_hash};
use ecabinet_domain::{Act, Choice, Hash, Header, Int, Nonce, RevId, StatementId};
use ecabinet_protocol::content::{self, PaperContent};
use ecabinet_protocol::sync::*;
use ecabinet_record::refusal::SignedRefusal;
use ecabinet_record::{Envelope, KeyPair, Payload};
use ecabinet_tests::{Cabinet, Line, code};
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_signed_moves_no_act() {
    let cabinet = Cabinet::open().await;
    let (mut minister, line) = tapped(&cabinet, 1, "minister").await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    minister.sync().await;
    let genuine = genuine_refusal(&cabinet, &line).await;
    let ballot = minister.vote(poll, Choice::Yes);
    let (body, size) = (cabinet.body, held(&minister).0);
    let instead = |outcome: fn(StatementId, SignedRefusal) -> SignedRefusal, given: SignedRefusal| {
        line.passing().submit = Some(Box::new(move |request| {
            let id = request.offers[0].envelope().id();
            let refusal = outcome(id, given.clone());
            let outcomes = vec![Submitted::Refused { refusal, params: Default::default() }];
            Some(SubmitAnswer { outcomes, checkpoint: String::new() })
        }));
    };
    let stranger = SignedRefusal::sign(body, ballot, 1, size, "poll.closed", &KeyPair::from_seed(&[9; 64]));
    instead(|_, given| given, stranger);
    assert_eq!(refused(&minister).await.code(), "server.refusal", "signed by somebody else");
    instead(|_, given| given, genuine.clone());
    assert_eq!(refused(&minister).await.code(), "server.answer", "of another statement");
    instead(|statement, given| SignedRefusal { statement, ..given }, genuine);
    assert_eq!(refused(&minister).await.code(), "server.refusal", "of another statement, renamed");
    minister.restart();
    assert_eq!(minister.state(ballot), "saved");

    line.passing().submit = Some(Box::new(move |request| {
        let statement = request.offers[0].envelope().id();
        let outcomes = vec![Submitted::Recorded { statement, index: size }];
        Some(SubmitAnswer { outcomes, checkpoint: String::new() })
    }));
    minister.sync().await;
    assert_eq!(minister.state(ballot), "received", "the server says so, and that is all");
    assert_eq!(code(minister.client().receipt(body, ballot)), "receipt.none");
    assert_eq!(code(minister.client().drop_act(body, ballot)), "act.cannot_drop");
    line.leave();
    minister.sync().await;
    assert_eq!(minister.state(ballot), "recorded");
    cabinet.close_poll(poll).await;
    minister.sync().await;
    assert_eq!(minister.client().result(body, poll).expect("a result").yes, 1);
}

/// A refusal that the server did sign, of a statement that nobody will miss.
async fn genuine_refusal(cabinet: &Cabinet, line: &Line) -> SignedRefusal {
    let offer = line.passing().offers.last().expect("something was sent").clone();
    let mut header = Header::parse(&offer.header).expect("a header");
    header.nonce = Nonce([1; 16]);
    let offer = Offer::new(Envelope::sign(&header, &KeyPair::from_seed(&[9; 64])), None);
    refusal_of(cabinet, &*line.session(), offer).await.1
}

/// Offers a statement that must be refused; gives the code and the refusal, which the log's key has signed.
async fn refusal_of(cabinet: &Cabinet, session: &dyn Connection, offer: Offer) -> (String, SignedRefusal) {
    let ca = ca_hash(&std::fs::read(&cabinet.server.ca_file).expect("a file")).expect("a certificate");
    let gate = HttpDial.gate(&cabinet.server.address, &CaPin::whole(ca)).await.expect("a gate");
    let log_key = gate.info().await.expect("an answer").log_key;
    let id = offer.envelope().id();
    let answer = session.submit(Submit { offers: vec![offer], together: false }).await.expect("an answer");
    let Submitted::Refused { refusal, .. } = &answer.outcomes[0] else { panic!("it stands: {answer:?}") };
    assert_eq!(refusal.statement, id);
    assert!(refusal.verify(cabinet.body, &log_key), "the server stands by its refusal");
    (refusal.code.clone(), refusal.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_replayed_or_altered_by_another_counts_once_or_not_at_all() {
    let cabinet = Cabinet::open().await;
    let (minister, line) = tapped(&cabinet, 1, "minister").await;
    let (stranger, his_line) = tapped(&cabinet, 2, "stranger").await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    minister.sync().await;
    stranger.sync().await;
    let ballot = minister.vote(poll, Choice::Yes);
    minister.sync().await;
    let index =
        minister.client().act_state(cabinet.body, ballot).expect("an act").row.index.expect("recorded");
    let offer = line.passing().offers.last().expect("the ballot").clone();
    stranger.sync().await;
    let before = held(&stranger);

    let (session, his) = (his_line.session(), his_line.keys());
    let mut other_payload = offer.clone();
    other_payload.payload.as_mut().expect("a choice").bytes[12] ^= 1;
    for again in [&offer, &offer, &other_payload] {
        let request = Submit { offers: vec![again.clone()], together: false };
        let answer = session.submit(request).await.expect("an answer");
        assert_eq!(
            answer.outcomes,
            [Submitted::Recorded { statement: ballot, index }],
            "where it stands already"
        );
    }

    let header = Header::parse(&offer.header).expect("a header");
    let fresh = |n: u8| Header { nonce: Nonce([n; 16]), ..header.clone() };
    let own = |n: u8| Header { device: his.id(), ..fresh(n) };
    let signed =
        |header: &Header| Offer::new(Envelope::sign(header, &his), offer.payload.clone().map(Into::into));
    let altered = Offer { header: signed(&fresh(1)).header, ..offer.clone() };
    let mut no_payload = signed(&own(4));
    no_payload.payload = None;
    let mut wrong_payload = signed(&own(5));
    wrong_payload.payload.as_mut().expect("a choice").bytes[12] ^= 1;
    let mut elsewhere = own(6);
    elsewhere.seen.root = Hash([5; 32]);
    let mut ahead = own(7);
    ahead.seen.size = Int::new(before.0 + 1).expect("small");
    let offers = [
        (altered, "signature.invalid"),
        (signed(&fresh(2)), "signature.invalid"),
        (no_payload, "payload.missing"),
        (wrong_payload, "payload.commitment"),
        (signed(&elsewhere), "seen.other"),
        (signed(&ahead), "seen.ahead"),
    ];
    for (offer, expected) in offers {
        assert_eq!(refusal_of(&cabinet, &*session, offer).await.0, expected);
    }
    stranger.sync().await;
    assert_eq!(held(&stranger), before, "none of it is in the record");

    // A ballot of his own that would take the minister's away is kept, and takes nothing away.
    let mut replacing = own(8);
    let Act::BallotCast(act) = &mut replacing.act else { panic!("a ballot") };
    act.replaces = Some(ballot);
    let request = Submit { offers: vec![signed(&replacing)], together: false };
    let answer = session.submit(request).await.expect("an answer");
    assert!(matches!(answer.outcomes[0], Submitted::Recorded { .. }));
    cabinet.close_poll(poll).await;
    minister.sync().await;
    assert_eq!(minister.state(ballot), "counted");
    let result = minister.client().result(cabinet.body, poll).expect("a result");
    assert_eq!((result.yes, result.silent), (1, 4), "one ballot, once");

    let nobody = KeyPair::from_seed(&[9; 64]);
    let ca = ca_hash(&std::fs::read(&cabinet.server.ca_file).expect("a file")).expect("a certificate");
    let who = Who::Device(nobody.id());
    let pin = CaPin::whole(ca);
    let dialled = HttpDial.connect(&cabinet.server.address, &pin, cabinet.body, who, &nobody).await;
    assert_eq!(code(dialled.map(drop)), "device.unknown");
    let posing =
        HttpDial.connect(&cabinet.server.address, &pin, cabinet.body, Who::Device(line.keys().id()), &nobody);
    assert_eq!(code(posing.await.map(drop)), "session.signature");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_is_refused_whose_parts_are_said_to_be_of_other_sizes_though_their_sum_is_right() {
    let line = Line::default();
    let cabinet = Cabinet::open_in(TempDir::new().expect("a folder"), line.env()).await;
    cabinet.publish(None, "Điều 1").await;
    let (session, keys) = (line.session(), line.keys());
    let header = |offer: &Offer| Header::parse(&offer.header).expect("a header");
    let published = |offer: &&Offer| matches!(header(offer).act, Act::PaperPublish(_));
    let offer = line.passing().offers.iter().find(published).expect("the paper").clone();
    let honest: PaperContent =
        content::read(&offer.payload.as_ref().expect("its content").bytes).expect("a paper");
    let again = |n: u8, content: &PaperContent| {
        let payload = Payload { salt: [n; 32], bytes: content::write(content) };
        let mut header =
            Header { nonce: Nonce([n; 16]), payload: Some(payload.commitment()), ..header(&offer) };
        let Act::PaperPublish(act) = &mut header.act else { panic!("a paper") };
        act.rev = RevId([n; 16]);
        Offer::new(Envelope::sign(&header, &keys), Some(payload))
    };
    let mut shifted = honest.clone();
    shifted.manifest.chunks[0].size -= 1;
    shifted.manifest.chunks[1].size += 1;
    assert!(shifted.manifest.adds_up());
    assert_eq!(refusal_of(&cabinet, &*session, again(1, &shifted)).await.0, "paper.chunk_size");
    let honestly = Submit { offers: vec![again(2, &honest)], together: false };
    let answer = session.submit(honestly).await.expect("an answer");
    assert!(matches!(answer.outcomes[0], Submitted::Recorded { .. }), "{answer:?}");
}
