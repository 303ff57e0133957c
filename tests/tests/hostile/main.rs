//! A server, or somebody on the line, that lies: found out, named, and nothing of it is kept.

use ecabinet_client::{CaPin, Dial, Error, HttpDial, Pair, ca_hash};
use ecabinet_domain::act::Epoch;
use ecabinet_domain::{Act, As, Choice, Hash, Header, Int, Nonce, RevId, Seen, StatementId};
use ecabinet_protocol::content::{self, PaperContent};
use ecabinet_protocol::pairing::{PairSays, PairStep};
use ecabinet_protocol::sync::*;
use ecabinet_record::refusal::SignedRefusal;
use ecabinet_record::{Checkpoint, Envelope, KeyPair, Leaf, Payload, Tree, leaf};
use ecabinet_tests::{Cabinet, Line, Person, code};
use tempfile::TempDir;

/// A member who sits at a line that is not his alone.
async fn tapped(cabinet: &Cabinet, member: usize, name: &str) -> (Person, Line) {
    let line = Line::default();
    let ticket = cabinet.invite(Cabinet::id(member)).await;
    let mut person = Person::new(cabinet.path(name), line.env());
    person.join(&ticket).await.expect("joins");
    person.sync().await;
    (person, line)
}

async fn refused(person: &Person) -> Error {
    person.client().sync(person.body(), false).await.expect_err("refused")
}

/// The entry that an error names.
fn entry(error: &Error) -> Option<u64> {
    error.0.params.get("entry").map(|entry| entry.parse().expect("a position"))
}

/// Position and root of what a person holds.
fn held(person: &Person) -> (u64, String) {
    let summary = person.client().summary(person.body(), Default::default()).expect("a summary");
    (summary.position, summary.root)
}

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

/// A record as a server tells it that lies and holds the log's key: these leaves, signed.
fn told(cabinet: &Cabinet, leaves: Vec<Vec<u8>>) -> impl FnMut(u64, &mut EntriesPage) + Send + use<> {
    let seed = std::fs::read_to_string(cabinet.server.data.join("log.key")).expect("the key");
    let key = KeyPair::from_seed(&ecabinet_domain::from_hex(seed.trim()).expect("a seed"));
    let tree = tree_of(&leaves);
    let note = Checkpoint::sign(cabinet.body, tree.size(), tree.root(), &key).note;
    move |from, page| {
        let from = leaves.len().min(from as usize);
        page.leaves = leaves[from..].iter().cloned().map(Into::into).collect();
        page.payloads.clear();
        page.checkpoint = note.clone();
    }
}

fn tree_of(leaves: &[Vec<u8>]) -> Tree {
    let mut tree = Tree::default();
    leaves.iter().for_each(|leaf| tree.push(leaf::hash(leaf)));
    tree
}

/// The same statement at another time.
fn at(leaf: &[u8], time: u64) -> Vec<u8> {
    Leaf { time, ..Leaf::parse(leaf).expect("a leaf") }.to_bytes()
}

async fn leaves(line: &Line) -> Vec<Vec<u8>> {
    let page = line.session().entries(0).await.expect("a page");
    page.leaves.into_iter().map(|leaf| leaf.into_vec()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_epoch_that_a_registrar_has_begun_ends_no_other_record() {
    let cabinet = Cabinet::open().await;
    let (mut minister, line) = tapped(&cabinet, 1, "minister").await;
    let away = cabinet.join(2, "away").await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    minister.sync().await;
    away.sync().await;
    let kept = held(&minister).0 as usize;
    // A loss of which nothing is known here; nobody here has had any of it.
    let lost = Some((kept as u64 + 50, Hash([1; 32])));
    cabinet.registrar.client().begin_epoch(cabinet.body, lost, "Mất ổ đĩa").await.expect("a statement");
    away.vote(poll, Choice::No);
    away.sync().await;
    minister.sync().await;
    minister.vote(poll, Choice::Yes);
    minister.sync().await;
    let before = held(&minister);
    let truth = leaves(&line).await;
    let (epoch, vote) = (&truth[kept], &truth[kept + 1]);
    let time = Leaf::parse(vote).expect("a leaf").time;

    // It is said again, after something else; and where it stood, without what came after it.
    let again = [&truth[..kept], &[vote.clone(), at(epoch, time)]].concat();
    let shorter = [&truth[..kept], &[at(epoch, time)]].concat();
    for lie in [again, shorter] {
        line.passing().page = Some(Box::new(told(&cabinet, lie)));
        let found = refused(&minister).await;
        assert_eq!((found.code(), entry(&found)), ("server.rewritten", Some(kept as u64)));
        assert_eq!(held(&minister), before);
    }
    minister.restart();
    assert_eq!(held(&minister), before);
    line.leave();
    minister.sync().await;
    let fork = minister.client().forks(cabinet.body).expect("evidence").remove(0);
    assert_eq!((fork.entry, fork.here.size), (kept as u64, before.0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registrar_who_was_taken_out_cannot_undo_it_with_the_server() {
    let cabinet = Cabinet::open().await;
    let (minister, line) = tapped(&cabinet, 1, "minister").await;
    let ca = ca_hash(&std::fs::read(&cabinet.server.ca_file).expect("a file")).expect("a certificate");
    let mut keys = Vec::new();
    for name in ["second", "third"] {
        let line = Line::default();
        let person = Person::new(cabinet.path(name), line.env());
        let own = person.client().offer_registrar(&cabinet.server.address, ca, cabinet.body).expect("keys");
        cabinet.registrar.client().change_registrars(cabinet.body, vec![own], vec![]).expect("a statement");
        cabinet.registrar.sync().await;
        person.client().sync(cabinet.body, true).await.expect("sync");
        keys.push(line.keys());
    }
    minister.sync().await;
    let kept = held(&minister).0 as usize;
    let out = vec![keys[0].id()];
    cabinet.registrar.client().change_registrars(cabinet.body, vec![], out).expect("a statement");
    cabinet.registrar.sync().await;
    cabinet.invite(Cabinet::id(3)).await;
    minister.sync().await;
    let before = held(&minister);
    let truth = leaves(&line).await;
    let epoch_by = |keys: &KeyPair| {
        let seen = Seen { size: Int::from(kept as u32), root: tree_of(&truth[..kept]).root() };
        let root = before.1.parse().expect("a root");
        let act = Epoch { number: Int::from(1), size: Int::new(before.0).expect("small"), root };
        let header = Header {
            body: Some(cabinet.body),
            level: 1,
            device: keys.id(),
            nonce: Nonce([7; 16]),
            claimed: Int::from(1),
            seen,
            capacity: As(As::REGISTRAR.into()),
            act: act.into(),
            payload: None,
            audience: vec![],
        };
        let time = Leaf::parse(&truth[kept - 1]).expect("a leaf").time;
        let leaf = Leaf { time, envelope: Envelope::sign(&header, keys) }.to_bytes();
        [&truth[..kept], &[leaf]].concat()
    };

    line.passing().page = Some(Box::new(told(&cabinet, epoch_by(&keys[0]))));
    let found = refused(&minister).await;
    assert_eq!((found.code(), entry(&found)), ("server.rewritten", Some(kept as u64)));
    assert_eq!(held(&minister), before);
    // What is left: one who is in office, together with the server. It is seen.
    line.passing().page = Some(Box::new(told(&cabinet, epoch_by(&keys[1]))));
    minister.sync().await;
    assert_eq!(held(&minister).0, kept as u64 + 1);
    let loss = minister.client().losses(cabinet.body).expect("losses").remove(0);
    assert_eq!((loss.size, loss.lost.len() as u64), (before.0, before.0 - kept as u64));
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
