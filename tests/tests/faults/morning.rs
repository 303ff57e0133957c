//! A morning on which several bodies of one server meet at once, and the server is killed again and again while they vote.

use crate::killed::{HERE, KILLS};
use crate::{Dice, publication, quick, times, tried};
use ecabinet_client::{NewBody, NewMember, ca_hash};
use ecabinet_domain::{Base, BodyId, Choice, MemberId, PassRule, Rule, StatementId};
use ecabinet_protocol::content::{MemberContent, PollContent, Text};
use ecabinet_tests::{Person, Server, program, run};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tempfile::TempDir;

const BODIES: usize = 4;
const VOTERS: usize = 5;

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_vote_while_their_server_is_killed_count_every_ballot_once() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let dir = TempDir::new().expect("a folder");
    let mut server = Server::start(dir.path());
    let mut meetings = Vec::new();
    for number in 0..BODIES {
        meetings.push(Meeting::begin(dir.path(), &server, number).await);
    }

    let over = Arc::new(AtomicBool::new(false));
    let mut voting = Vec::new();
    for Meeting { poll, voters, .. } in &mut meetings {
        for (at, person) in std::mem::take(voters).into_iter().enumerate() {
            voting.push(tokio::spawn(vote(person, *poll, choice(at), over.clone())));
        }
    }
    let mut dice = Dice::throw();
    for _ in 0..times(KILLS, HERE).min(100) {
        tokio::time::sleep(dice.ms(300)).await;
        server.kill();
        tokio::time::sleep(dice.ms(60)).await;
        server.resume();
    }
    over.store(true, Ordering::SeqCst);
    let mut voters = Vec::new();
    for one in voting {
        voters.push(one.await.expect("a voter"));
    }

    for Meeting { body, chair, poll, .. } in &meetings {
        chair.sync().await;
        chair.client().close_poll(*body, *poll).expect("closed");
        chair.sync().await;
        let result = chair.client().result(*body, *poll).expect("a result");
        let said = |what: Choice| (0..VOTERS).filter(|at| choice(*at) == what).count() as u64;
        assert_eq!(
            (result.yes, result.no, result.abstain, result.silent),
            (said(Choice::Yes), said(Choice::No), said(Choice::Abstain), 1),
            "every ballot once, the chair has not voted"
        );
    }
    for (person, ballots) in &voters {
        let summary = person.sync().await;
        assert_eq!((summary.outbox.saved, summary.outbox.received, summary.outbox.refused), (0, 0, 0));
        let (last, former) = ballots.split_last().expect("ballots");
        assert_eq!(person.state(*last), "counted");
        assert!(former.iter().all(|ballot| person.state(*ballot) == "superseded"));
        person.client().receipt(person.body(), *last).expect("a receipt");
    }
    assert_eq!(server.check()["holds"], true);
}

fn choice(voter: usize) -> Choice {
    [Choice::Yes, Choice::No, Choice::Yes, Choice::Abstain][voter % 4].clone()
}

/// Votes, changes his mind and back, and tries to be heard until all is over and nothing waits.
async fn vote(
    person: Person,
    poll: StatementId,
    choice: Choice,
    over: Arc<AtomicBool>,
) -> (Person, Vec<StatementId>) {
    let body = person.body();
    let mut ballots = Vec::new();
    for choice in [Choice::No, Choice::Abstain, choice] {
        ballots.push(person.vote(poll, choice));
        while !tried(person.client(), body).await {
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }
    while !(over.load(Ordering::SeqCst) && tried(person.client(), body).await) {
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    (person, ballots)
}

/// A body with an open poll.
struct Meeting {
    body: BodyId,
    chair: Person,
    voters: Vec<Person>,
    poll: StatementId,
}

impl Meeting {
    async fn begin(dir: &Path, server: &Server, number: usize) -> Meeting {
        let home = |name: &str| dir.join(format!("body {number}, {name}"));
        let mut registrar = Person::new(home("registrar"), quick());
        let new = NewBody {
            server: server.address.clone(),
            ca: ca_hash(&std::fs::read(&server.ca_file).expect("a certificate")).expect("a certificate"),
            token: token(server),
            name: Text::vi("Ủy ban mẫu"),
            rules: Vec::new(),
            timezone: Default::default(),
            paper_export: true,
            head: None,
            deadlines: Default::default(),
        };
        let body = registrar.client().create_body(new).await.expect("a body").body;
        registrar.client().recovery_code_told(body).expect("printed");
        registrar.body = Some(body);
        let ids: Vec<MemberId> = (0..=VOTERS).map(|at| MemberId([at as u8 + 1; 16])).collect();
        let members = ids.iter().enumerate().map(|(at, id)| NewMember {
            id: *id,
            offices: if at == 0 {
                vec!["member".into(), "chair".into(), "secretariat".into()]
            } else {
                vec!["member".into()]
            },
            order: at as u64 + 1,
            content: MemberContent { name: format!("Thành viên Mẫu {at}"), title: "Ủy viên".into() },
        });
        registrar.client().add_members(body, members.collect()).expect("members");
        registrar.sync().await;
        let mut people = Vec::new();
        for (at, id) in ids.iter().enumerate() {
            let ticket = registrar.client().invite(body, *id, 3_600_000).expect("an invitation").ticket;
            registrar.sync().await;
            let mut person = Person::new(home(&format!("member {at}")), quick());
            person.join(&ticket).await.expect("joins");
            people.push(person);
        }
        let chair = people.remove(0);
        let published = chair.client().publish(body, publication("Phiên họp", 1000)).expect("published");
        chair.sync().await;
        let item = chair.client().meeting(body, published.meeting).expect("a meeting").items[0].id;
        let rule = Rule::plain(
            vec![Choice::Yes, Choice::No, Choice::Abstain],
            PassRule { base: Base::Members, num: 1, den: 2, strict: true },
        );
        let content = PollContent {
            question: "Thông qua?".into(),
            basis: "Quy chế mẫu".into(),
            labels: Default::default(),
            options: Vec::new(),
        };
        let poll = chair.client().open_poll(body, item, rule, &content).expect("a poll");
        chair.sync().await;
        for person in &people {
            person.sync().await;
        }
        Meeting { body, chair, voters: people, poll }
    }
}

/// What lets one more body be created.
fn token(server: &Server) -> String {
    let mut make = Command::new(program("ecabinet-server"));
    let made = run(make.args(["admission-token", "--bodies", "1", "--json", "--data"]).arg(&server.data));
    assert_eq!(made.exit, 0, "{}{}", made.stdout, made.stderr);
    made.json["admission_token"].as_str().expect("a token").to_owned()
}
