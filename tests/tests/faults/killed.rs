//! SIGKILL at random moments: a `make soak` does the same with `ECABINET_KILLS` a thousand times.

use crate::load::{Load, Office, Voter};
use crate::{Dice, quick, times, verify};
use ecabinet_client::ActState;
use ecabinet_domain::StatementId;
use ecabinet_tests::{Cabinet, Cli};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;

/// The variable that says how often each of the two programs is killed; and how often here.
pub const KILLS: &str = "ECABINET_KILLS";
pub const HERE: usize = 15;

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_at_random_moments_loses_nothing_that_it_acknowledged() {
    let cabinet = Cabinet::open_in(TempDir::new().expect("a folder"), quick()).await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    let mut people = Vec::new();
    for member in 0..4 {
        let person = cabinet.join(member, &format!("member {member}")).await;
        person.sync().await;
        people.push(person);
    }
    let Cabinet { dir, mut server, secretary, body, registrar: _registrar, .. } = cabinet;
    let load = Load::begin(body, poll, secretary, people);

    let mut dice = Dice::throw();
    for _ in 0..times(KILLS, HERE) {
        tokio::time::sleep(dice.ms(400)).await;
        server.kill();
        tokio::time::sleep(dice.ms(60)).await;
        server.resume();
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    let (Office { secretary, meetings }, voters) = load.end().await;
    secretary.sync().await;
    for Voter { person, .. } in &voters {
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
    for Voter { person, cast, acknowledged } in &voters {
        let summary = person.sync().await;
        assert_eq!((summary.outbox.saved, summary.outbox.received, summary.outbox.refused), (0, 0, 0));
        assert!(!acknowledged.is_empty());
        for (ballot, receipt) in acknowledged {
            assert_eq!(&person.client().receipt(body, *ballot).expect("still there"), receipt);
        }
        receipts.extend(acknowledged.iter().map(|(_, receipt)| receipt.clone()));
        // All at once: each question goes through all acts.
        let acts = person.client().acts(body).expect("acts").into_iter();
        let acts: BTreeMap<StatementId, ActState> = acts.map(|act| (act.statement, act.state)).collect();
        let states: Vec<ActState> = cast.iter().map(|ballot| acts[ballot]).collect();
        let (last, former) = states.split_last().expect("ballots");
        assert_eq!(*last, ActState::Counted);
        assert!(former.iter().all(|state| *state == ActState::Superseded), "{states:?}");
    }
    let reader = &voters[0].person;
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
    let kills = times(KILLS, HERE);
    let mut cabinet = Cabinet::open_in(TempDir::new().expect("a folder"), quick()).await;
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
    // A blow that falls on one that has ended is none: the next falls sooner, in ms.
    let mut within = 250;
    for round in 0.. {
        if killed == kills {
            break;
        }
        assert!(round < 20 * kills, "most had ended before the blow fell: {killed} of {round}");
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
        tokio::time::sleep(dice.ms(within)).await;
        let _ = child.kill();
        let output = child.wait_with_output().expect("ended");
        match output.status.code() {
            None => {
                killed += 1;
                within = (within * 5 / 4).min(250);
            }
            Some(code) => {
                assert_eq!(code, 0, "{args:?}: {}", String::from_utf8_lossy(&output.stdout));
                within = (within * 4 / 5).max(10);
            }
        }
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
    println!("killed {killed}");

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
