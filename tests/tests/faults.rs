//! Whatever breaks, and whenever: what was acknowledged stays, what waits arrives, each vote counts once.

use ecabinet_client::packs::{NewItem, NewPaper, Publication};
use ecabinet_client::{Client, Clock, Env, Lock};
use ecabinet_domain::{Audience, BodyId, Choice, StatementId};
use ecabinet_protocol::content::{ItemContent, MeetingContent};
use ecabinet_protocol::sync::SubmitAnswer;
use ecabinet_tests::{Cabinet, Cli, Line, Person, program, run};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Chance with a seed that a failed story tells.
struct Dice(u64);

impl Dice {
    fn throw() -> Dice {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
        let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or(now.as_nanos() as u64) | 1;
        println!("SEED={seed}");
        Dice(seed)
    }

    /// Milliseconds below a bound.
    fn ms(&mut self, below: u64) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        Duration::from_millis(self.0 % below)
    }
}

/// A meeting with one paper of so many bytes that nothing compresses.
fn publication(title: &str, bytes: usize) -> Publication {
    let mut paper = format!("%PDF-1.4\n{title}\n").into_bytes();
    let mut state = 1u32;
    paper.extend((0..bytes).map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    }));
    let paper = NewPaper {
        title: "Tờ trình".into(),
        path: "01/Tờ trình.pdf".into(),
        bytes: paper,
        pages: 1,
        audience: vec![Audience::All],
        signers: Vec::new(),
    };
    let content = ItemContent { title: title.into(), path: "01".into(), ..Default::default() };
    Publication {
        meeting: None,
        content: MeetingContent { title: title.into(), starts: 1_795_482_000_000, place: None, reason: None },
        items: vec![NewItem { content, audience: vec![Audience::All], papers: vec![paper] }],
    }
}

/// Whether this round ended well; the only thing that may go wrong is the line.
async fn tried(client: &Client, body: BodyId) -> bool {
    match client.sync(body, true).await {
        Ok(_) => true,
        Err(error) => {
            assert!(Client::is_offline(&error), "{error}");
            false
        }
    }
}

fn verify(export: &Path, body: BodyId, anchor: &Path) -> Value {
    let mut verify = Command::new(program("ecabinet-verify"));
    verify.arg(export).args(["--json", "--body", &body.to_string(), "--anchor"]).arg(anchor);
    let verified = run(&mut verify);
    assert_eq!(verified.exit, 0, "{}{}", verified.stdout, verified.stderr);
    verified.json
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_at_random_moments_loses_nothing_that_it_acknowledged() {
    const KILLS: usize = 8;
    let cabinet = Cabinet::open().await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    let mut people = Vec::new();
    for member in 0..4 {
        let person = cabinet.join(member, &format!("member {member}")).await;
        person.sync().await;
        people.push(person);
    }
    let Cabinet { dir, mut server, secretary, body, registrar: _registrar, .. } = cabinet;
    let stop = Arc::new(AtomicBool::new(false));

    let (stopped, mut meetings) = (stop.clone(), Vec::new());
    let publishing = tokio::spawn(async move {
        while !stopped.load(Ordering::Relaxed) {
            let next = publication(&format!("Phiên họp {}", meetings.len()), 150_000);
            meetings.push(secretary.client().publish(body, next).expect("published").meeting);
            tried(secretary.client(), body).await;
        }
        (secretary, meetings)
    });
    let voting = people.into_iter().map(|person| {
        let stopped = stop.clone();
        tokio::spawn(async move {
            let (mut cast, mut acknowledged) = (Vec::new(), Vec::new());
            while !stopped.load(Ordering::Relaxed) {
                let ballot = person.vote(poll, if cast.len() % 2 == 0 { Choice::Yes } else { Choice::No });
                cast.push(ballot);
                tried(person.client(), body).await;
                if person.state(ballot) == "recorded" {
                    acknowledged.push((ballot, person.client().receipt(body, ballot).expect("a receipt")));
                }
            }
            (person, cast, acknowledged)
        })
    });
    let voting: Vec<_> = voting.collect();

    let mut dice = Dice::throw();
    for _ in 0..KILLS {
        tokio::time::sleep(dice.ms(400)).await;
        server.kill();
        tokio::time::sleep(dice.ms(60)).await;
        server.resume();
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.store(true, Ordering::Relaxed);

    let (secretary, meetings) = publishing.await.expect("the secretary");
    let mut voters = Vec::new();
    for voter in voting {
        voters.push(voter.await.expect("a voter"));
    }
    secretary.sync().await;
    for (person, ..) in &voters {
        person.sync().await;
    }
    secretary.client().close_poll(body, poll).expect("closed");
    secretary.sync().await;
    let here: BTreeSet<_> =
        secretary.client().meetings(body).expect("meetings").into_iter().map(|row| row.id).collect();
    assert!(
        meetings.len() > 1 && meetings.iter().all(|id| here.contains(id)),
        "every meeting, and its papers"
    );
    assert_eq!(here.len(), meetings.len() + 1, "each once");

    let mut receipts = Vec::new();
    for (person, cast, acknowledged) in &voters {
        let summary = person.sync().await;
        assert_eq!((summary.outbox.saved, summary.outbox.received, summary.outbox.refused), (0, 0, 0));
        assert!(!acknowledged.is_empty());
        for (ballot, receipt) in acknowledged {
            assert_eq!(&person.client().receipt(body, *ballot).expect("still there"), receipt);
        }
        receipts.extend(acknowledged.iter().map(|(_, receipt)| receipt.clone()));
        let states: Vec<String> = cast.iter().map(|ballot| person.state(*ballot)).collect();
        let (last, former) = states.split_last().expect("ballots");
        assert_eq!(last, "counted");
        assert!(former.iter().all(|state| state == "superseded"), "{states:?}");
    }
    let (reader, ..) = &voters[0];
    let result = reader.client().result(body, poll).expect("a result");
    assert_eq!((result.yes + result.no, result.silent), (4, 1), "each once");

    let export = dir.path().join("export");
    let exported = reader.client().export(body, None).expect("an export");
    exported.write_folder(&export).expect("written");
    let mut entries = 0;
    for (at, receipt) in receipts.iter().enumerate().filter(|(at, _)| at % receipts.len().div_ceil(6) == 0) {
        let anchor = dir.path().join(format!("receipt {at}"));
        std::fs::write(&anchor, receipt).expect("written");
        entries = verify(&export, body, &anchor)["entries"].as_u64().expect("a number");
    }
    let checked = server.check();
    assert_eq!((checked["holds"].as_bool(), checked["entries"].as_u64()), (Some(true), Some(entries)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_killed_at_random_moments_keeps_what_it_answered() {
    const KILLS: usize = 12;
    let mut cabinet = Cabinet::open().await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await.to_string();
    let mut minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    let paper = minister.client().meeting(cabinet.body, published.meeting).expect("here").items[0].papers[0]
        .rev
        .paper;
    let paper = paper.to_string();
    let folder = cabinet.path("papers");
    std::fs::create_dir_all(folder.join("01 Nội dung")).expect("a folder");
    let sound = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/pdf/tests/data/paper.pdf");
    std::fs::copy(sound, folder.join("01 Nội dung/01 Tờ trình.pdf")).expect("a paper");
    let (his, office) = (Cli::of(&mut minister), Cli::of(&mut cabinet.secretary));

    let mut dice = Dice::throw();
    let (mut ballots, mut notes, mut versions, mut killed) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for round in 0..KILLS {
        let text = format!("Ghi chú {round}");
        let folder = folder.to_string_lossy();
        let title = format!("Phiên họp lần {round}");
        let (who, args): (&Cli, Vec<&str>) = match round % 4 {
            0 => (&his, vec!["vote", &poll, "yes", "--replace"]),
            1 => (&his, vec!["note", "add", &paper, "--page", "1", &text]),
            2 => (&office, vec!["publish", &folder, "--title", &title, "--starts", "2026-11-24 08:00"]),
            _ => (&his, vec!["sync"]),
        };
        let mut child = who
            .command(&args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("starts");
        tokio::time::sleep(dice.ms(500)).await;
        let _ = child.kill();
        let output = child.wait_with_output().expect("ended");
        killed += usize::from(!output.status.success());
        // What was answered before the blow fell stands, whether or not the program could still say good-bye.
        if let Ok(answer) = serde_json::from_slice::<Value>(&output.stdout) {
            match round % 4 {
                0 => ballots.push(answer["statement"].clone()),
                1 => notes.push(text.clone()),
                2 => versions.push((answer["meeting"].clone(), answer["version"].clone())),
                _ => {}
            }
        }
        who.done("outbox list", &["outbox", "list"]);
    }
    println!("killed {killed} of {KILLS}");

    for who in [&his, &office] {
        let synced = who.done("sync", &["sync"]);
        let outbox = &synced["outbox"];
        assert_eq!(
            (&outbox["saved"], &outbox["received"], &outbox["refused"]),
            (&0.into(), &0.into(), &0.into())
        );
    }
    let acts = his.done("outbox list", &["outbox", "list"]);
    let acts = acts["acts"].as_array().expect("acts");
    let cast: Vec<&Value> = acts.iter().filter(|act| act["kind"] == "ballot.cast").collect();
    for ballot in &ballots {
        assert!(cast.iter().any(|act| act["statement"] == *ballot), "answered and gone");
    }
    let standing = cast.iter().filter(|act| act["state"] == "recorded").count();
    assert!(
        standing == usize::from(!cast.is_empty()) && cast.iter().all(|act| act["state"] != "refused"),
        "{cast:?}"
    );
    let listed = his.done("note list", &["note", "list"]);
    let listed: Vec<&str> =
        listed["notes"].as_array().expect("notes").iter().filter_map(|n| n["texts"][0].as_str()).collect();
    assert!(notes.iter().all(|text| listed.contains(&text.as_str())), "{notes:?} of {listed:?}");
    assert_eq!(listed.iter().collect::<BTreeSet<_>>().len(), listed.len(), "none twice");
    let meetings = office.done("meeting list", &["meeting", "list"]);
    for (meeting, version) in &versions {
        let here =
            meetings["meetings"].as_array().expect("meetings").iter().find(|row| row["id"] == *meeting);
        assert!(here.expect("published")["version"].as_u64() >= version.as_u64());
    }
    assert!(
        meetings["meetings"].as_array().expect("meetings").len() <= 2,
        "one folder is one meeting: {meetings}"
    );
    assert_eq!(cabinet.server.check()["holds"], true);
}

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
    let came = line.passing().arrived.len();
    let sizes: Vec<usize> = line.passing().asked.iter().map(Vec::len).collect();
    assert!(asked == 2 && came == sizes[0] + 3, "cut in the second request: {came} of {sizes:?}");

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
    let cut_off: BTreeSet<_> = passing.asked[asked - 1].iter().collect();
    let again: Vec<_> =
        passing.asked[asked..].iter().flatten().filter(|name| !cut_off.contains(name)).collect();
    let before: BTreeSet<_> = passing.asked[..asked - 1].iter().flatten().collect();
    assert!(again.iter().all(|name| !before.contains(name)), "asked again only for the request that broke");
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

/// A clock that is wrong by so many ms.
struct Wrong(i64);

impl Clock for Wrong {
    fn now(&self) -> u64 {
        now().saturating_add_signed(self.0)
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as u64
}

#[tokio::test(flavor = "multi_thread")]
async fn people_whose_clocks_are_a_day_wrong_join_vote_and_are_counted_by_position() {
    const DAY: i64 = 24 * 60 * 60 * 1000;
    let cabinet = Cabinet::open().await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    let mut people = Vec::new();
    for (member, wrong) in [(1, DAY), (2, -DAY), (3, -DAY)] {
        let env = Env { clock: Arc::new(Wrong(wrong)), ..Env::real() };
        let mut person = Person::new(cabinet.path(&format!("member {member}")), env);
        let ticket = cabinet.invite(Cabinet::id(member)).await;
        let looked = person.client().look_at_invitation(&ticket).await.expect("an invitation for an hour");
        assert!(looked.first);
        person.join(&ticket).await.expect("joins");
        person.sync().await;
        people.push(person);
    }
    let [ahead, behind, late] = &people[..] else { panic!("three") };
    let first = ahead.vote(poll, Choice::Yes);
    ahead.sync().await;
    let second = behind.vote(poll, Choice::No);
    behind.sync().await;
    let third = ahead.vote(poll, Choice::No);
    ahead.sync().await;
    let after = late.vote(poll, Choice::Yes);
    cabinet.close_poll(poll).await;
    for person in &people {
        person.sync().await;
    }
    assert_eq!((ahead.state(first), ahead.state(third)), ("superseded".into(), "counted".into()));
    assert_eq!(behind.state(second), "counted");
    assert_eq!(late.state(after), "late", "though his clock says that it was yesterday");
    let result = behind.client().result(cabinet.body, poll).expect("a result");
    assert_eq!((result.yes, result.no, result.silent), (0, 2, 3));

    let at = |person: &Person, ballot: StatementId| {
        let act = person.client().act_state(cabinet.body, ballot).expect("an act");
        (act.row.index.expect("a position"), act.recorded_at.expect("a time"), act.saved_at)
    };
    let in_order = [at(ahead, first), at(behind, second), at(ahead, third), at(late, after)];
    assert!(in_order.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 <= two[1].1), "{in_order:?}");
    assert!(in_order.iter().all(|(_, recorded, _)| now() - recorded < 600_000), "by the server's clock");
    assert!(in_order[0].2 > in_order[0].1 && in_order[1].2 < in_order[1].1, "their own times are claims");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_is_one_processs_at_a_time() {
    let cabinet = Cabinet::open().await;
    let mut minister = cabinet.join(1, "minister").await;
    let second = Cli { home: minister.home.clone(), secret: minister.secret_file() };
    assert_eq!(second.fails(6, &["vault", "info"]), "home.busy");
    assert_eq!(second.fails(6, &["sync"]), "home.busy");
    let here = ecabinet_tests::code(Client::open(&minister.home, Env::real(), "gì cũng được").map(drop));
    assert_eq!(here, "home.busy", "said before any secret is tried");
    minister.sync().await;
    minister.close();

    let mut following = second.command(&["sync", "--follow"]).stdout(Stdio::piped()).spawn().expect("starts");
    let mut line = String::new();
    let mut said = std::io::BufReader::new(following.stdout.take().expect("piped"));
    std::io::BufRead::read_line(&mut said, &mut line).expect("a round");
    assert_eq!(serde_json::from_str::<Value>(&line).expect("an object")["schema"], "sync/1");
    assert_eq!(second.fails(6, &["sync"]), "home.busy");
    following.kill().expect("killed");
    following.wait().expect("ended");
    second.done("sync", &["sync"]);
    minister.open();
}
