//! The line breaks, or the program ends, in the middle of something long.

use crate::publication;
use ecabinet_client::{Client, Env, Lock, NewBody, ca_hash};
use ecabinet_protocol::content::Text;
use ecabinet_protocol::sync::SubmitAnswer;
use ecabinet_tests::{Cabinet, Line, Person, Server, code};
use std::collections::BTreeSet;
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn a_download_cut_in_the_middle_goes_on_where_it_stopped() {
    let mut cabinet = Cabinet::open().await;
    let line = Line::default();
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut minister = Person::new(cabinet.path("minister"), line.env());
    minister.join(&ticket).await.expect("joins");
    cabinet.secretary.client().publish(cabinet.body, publication("Phiên họp", 9 << 20)).expect("published");
    cabinet.secretary.sync().await;
    let records = minister.client().sync(cabinet.body, true).await.expect("the record").fetched_bytes;
    assert!(records > 0);

    let (pid, mut count) = (cabinet.server.pid().to_string(), 0);
    line.passing().chunk = Some(Box::new(move |request, _| {
        count += usize::from(request == 2);
        if count < 4 {
            return true;
        }
        // What was still on its way is lost with the server.
        let killed = Command::new("kill").args(["-KILL", &pid]).status().expect("kill starts");
        assert!(killed.success());
        false
    }));
    let cut = minister.client().sync(cabinet.body, false).await.expect_err("the line breaks");
    assert!(Client::is_offline(&cut), "{cut}");
    let middle = minister.client().progress(cabinet.body).expect("progress");
    assert!(middle.bytes_ready > 0 && middle.bytes_ready < middle.bytes_total, "{middle:?}");
    let asked = line.passing().asked.len();
    let came: BTreeSet<_> = line.passing().arrived.iter().copied().collect();
    let of_second = line.passing().asked[1].iter().filter(|name| came.contains(name)).count();
    assert_eq!(of_second, 3, "cut in the second request");

    minister.restart();
    cabinet.server.kill();
    cabinet.server.resume();
    line.leave();
    let rest = minister.sync().await;
    assert_eq!((rest.papers.ready, rest.papers.total), (1, 1));
    assert_eq!(rest.fetched_bytes, middle.bytes_total - middle.bytes_ready, "just what lacked");
    assert_eq!(rest.reused_bytes, middle.bytes_ready);
    let passing = line.passing();
    let arrived: BTreeSet<_> = passing.arrived.iter().collect();
    assert_eq!(arrived.len(), passing.arrived.len(), "nothing came twice");
    let mut again = passing.asked[asked..].iter().flatten();
    assert!(again.all(|name| !came.contains(name)), "asked again only for what had not come");
    drop(passing);
    let paper = minister.client().meetings(cabinet.body).expect("meetings")[0].id;
    let rev = minister.client().meeting(cabinet.body, paper).expect("here").items[0].papers[0].rev;
    assert!(minister.client().check_paper(cabinet.body, rev).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_join_that_is_cut_off_goes_on_and_still_tells_the_recovery_code() {
    let cabinet = Cabinet::open().await;
    for (member, when) in [(1, "before the server hears of it"), (2, "after it is recorded")] {
        let line = Line::default();
        let ticket = cabinet.invite(Cabinet::id(member)).await;
        let mut person = Person::new(cabinet.path(when), line.env());
        let mut sent = member == 1;
        match member {
            1 => {
                line.passing().submit =
                    Some(Box::new(|_| Some(SubmitAnswer { outcomes: vec![], checkpoint: String::new() })))
            }
            _ => {
                line.passing().page = Some(Box::new(move |_, page| {
                    // The record as the invited one sees it comes whole; what follows the enrolment does not.
                    sent |= page.leaves.len() == 1;
                    if sent {
                        page.checkpoint.clear();
                    }
                }))
            }
        }
        assert!(person.join(&ticket).await.is_err(), "{when}");
        person.restart();
        line.leave();
        let printed = person.join(&ticket).await.expect("goes on").recovery_code.expect("told");
        person.sync().await;
        assert_eq!(ecabinet_tests::code(person.join(&ticket).await), "body.already_joined");
        person.close();
        let code =
            ecabinet_record::code::ungroup(&printed).expect("groups")[..16].try_into().expect("16 bytes");
        let lock = Lock::Passphrase("mật khẩu mới".to_owned().into());
        let key = ecabinet_record::KeyPair::from_code(&code);
        drop(Client::recover(&person.home, Env::real(), &key, &lock).expect("the code opens the vault"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_that_nobody_has_read_yet_is_told_again_and_then_no_more() {
    let cabinet = Cabinet::open().await;
    let (body, ticket) = (cabinet.body, cabinet.invite(Cabinet::id(1)).await);
    let mut person = Person::new(cabinet.path("minister"), Env::real());
    let joined = person.client().join(&ticket, "Máy thử").await.expect("joins");
    assert!(joined.recovery_code.is_some(), "a first device gets one");
    // The power is cut before the program has shown it; from then on the app stays in touch as ever.
    person.restart();
    person.client().sync(body, false).await.expect("sync");
    person.restart();
    assert_eq!(person.client().recovery_code(body).expect("answers"), joined.recovery_code);
    assert_eq!(person.client().join(&ticket, "Máy thử").await.expect("the same again"), joined);

    person.client().recovery_code_told(body).expect("told");
    for _ in 0..2 {
        assert_eq!(person.client().recovery_code(body).expect("answers"), None);
        let again = person.client().join(&ticket, "Máy thử").await;
        assert_eq!(ecabinet_tests::code(again), "body.already_joined");
        person.restart();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_whose_recovery_key_nobody_has_read_yet_is_given_again_and_then_no_more() {
    let dir = tempfile::TempDir::new().expect("a folder");
    let server = Server::start(dir.path());
    let new = NewBody {
        server: server.address.clone(),
        ca: ca_hash(&std::fs::read(&server.ca_file).expect("a certificate")).expect("a certificate"),
        token: server.token.clone(),
        name: Text::vi("Ủy ban mẫu"),
        rules: Vec::new(),
        timezone: Default::default(),
        paper_export: false,
        head: None,
        deadlines: Default::default(),
    };
    let line = Line::default();
    let mut registrar = Person::new(dir.path().join("registrar"), line.env());
    // The server has the body and the token is spent; the line breaks before the program knows.
    line.passing().cut = Some(0);
    assert_eq!(code(registrar.client().create_body(new.clone()).await), "net.cut");
    registrar.restart();
    line.leave();
    let other = NewBody { name: Text::vi("Ủy ban khác"), ..new.clone() };
    assert_eq!(code(registrar.client().create_body(other).await), "body.begun", "another one is asked for");
    // It is made, and the power is cut before the key is written down.
    let first = registrar.client().create_body(new.clone()).await.expect("goes on");
    registrar.restart();
    let again = registrar.client().create_body(new.clone()).await.expect("the same again");
    assert_eq!((again.body, &again.recovery_code), (first.body, &first.recovery_code));

    registrar.client().recovery_code_told(first.body).expect("told");
    for _ in 0..2 {
        assert_eq!(code(registrar.client().create_body(new.clone()).await), "admission.token");
        registrar.restart();
    }
    // The key that was told is the body's: it takes the place of a registrar who is lost.
    registrar.close();
    let heir = Person::new(dir.path().join("heir"), Env::real());
    heir.client().offer_registrar(&new.server, new.ca, first.body).expect("an offer");
    let printed = ecabinet_record::code::ungroup(&again.recovery_code).expect("groups");
    let printed = printed[..16].try_into().expect("16 bytes");
    heir.client().recover_registrar(first.body, &printed).await.expect("in his place");
}
