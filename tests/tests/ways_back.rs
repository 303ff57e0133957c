//! The server's machine is lost and restored from an older backup: the way back to the same log.

use ecabinet_client::{CaPin, Dial, Error, HttpDial, Mark, ca_hash};
use ecabinet_domain::{Audience, Choice, Hash, MeetingId, Presence, PublicKey, StatementId};
use ecabinet_protocol::sync::{Ahead, HandBack, Report};
use ecabinet_record::{Checkpoint, KeyPair};
use ecabinet_tests::{Cabinet, Cli, Line, Person, code, sealed_files};

/// Position and root of what a person holds.
fn held(person: &Person) -> (u64, String) {
    let summary = person.client().summary(person.body(), Default::default()).expect("a summary");
    (summary.position, summary.root)
}

async fn refused(person: &Person) -> Error {
    person.client().sync(person.body(), false).await.expect_err("refused")
}

/// How much the server has, and what of it is missing.
fn server(cabinet: &Cabinet) -> (u64, u64) {
    let found = cabinet.server.look();
    assert_eq!(found["failures"].as_array().map(Vec::len), Some(0), "{found}");
    (found["entries"].as_u64().expect("a number"), found["missing"].as_u64().expect("a number"))
}

/// Twenty entries that the next backup would have held.
async fn twenty_more(cabinet: &Cabinet, meeting: MeetingId) {
    for at in 0..20 {
        let state = if at % 2 == 0 { Presence::Absent } else { Presence::Present };
        let client = cabinet.secretary.client();
        client.set_attendance(cabinet.body, meeting, Cabinet::id(at % 5), state).expect("noted");
    }
    cabinet.secretary.sync().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_server_heals_from_the_clients_and_the_same_log_goes_on() {
    let mut cabinet = Cabinet::open().await;
    let (chair, minister) = (cabinet.join(0, "chair").await, cabinet.join(1, "minister").await);
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    let away = cabinet.join(2, "away").await;
    for person in [&chair, &minister, &away] {
        person.sync().await;
    }
    let backup = cabinet.server.backup("backup");
    let (kept, _) = server(&cabinet);

    let (yes, no) = (minister.vote(poll, Choice::Yes), chair.vote(poll, Choice::No));
    minister.sync().await;
    chair.sync().await;
    twenty_more(&cabinet, published.meeting).await;
    let second = cabinet.publish(None, "Điều 2, sau bản sao lưu").await;
    minister.sync().await;
    let before = held(&minister);
    assert!(before.0 >= kept + 25, "{} of {}", kept, before.0);
    let receipt = minister.client().receipt(cabinet.body, yes).expect("a receipt");

    cabinet.server.restore(&backup);
    assert_eq!(server(&cabinet), (kept, 0));
    away.sync().await;
    assert_eq!(held(&away).0, kept, "he knows of no loss");
    minister.sync().await;
    assert_eq!(held(&minister), before);
    away.sync().await;
    assert_eq!(held(&away), before, "the same entries at the same places and times");
    assert_eq!(minister.client().receipt(cabinet.body, yes).expect("a receipt"), receipt);
    assert_eq!(away.client().progress(cabinet.body).expect("progress").ready, 2, "the lost paper too");
    assert_eq!(second.version, 1);
    assert_eq!(server(&cabinet).1, 1, "the chair's ballot is with the chair alone");

    let late_yes = away.vote(poll, Choice::Yes);
    let round = away.sync().await;
    assert!(round.held && round.awaited.is_none(), "somebody may have still more");
    assert_eq!(away.state(late_yes), "saved");
    let released = cabinet.server.release();
    assert_eq!(released["bodies"][0]["awaited"], serde_json::Value::Null);
    assert!(!away.sync().await.held);
    assert_eq!(away.state(late_yes), "recorded");
    cabinet.secretary.sync().await;
    cabinet.close_poll(poll).await;
    minister.sync().await;
    assert_eq!(code(minister.client().result(cabinet.body, poll)), "poll.unverifiable", "no wrong total");
    chair.sync().await;
    assert_eq!(server(&cabinet).1, 0);
    for (person, ballot) in [(&minister, yes), (&chair, no), (&away, late_yes)] {
        person.sync().await;
        assert_eq!(person.state(ballot), "counted");
        let result = person.client().result(cabinet.body, poll).expect("a result");
        assert_eq!((result.yes, result.no, result.silent), (2, 1, 2), "each ballot once");
    }
    assert_eq!(cabinet.server.check()["holds"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_clients_bring_back_each_what_was_theirs_to_see() {
    let mut cabinet = Cabinet::open().await;
    let (first, second) = (cabinet.join(1, "first").await, cabinet.join(2, "second").await);
    let mut own = Vec::new();
    for person in [&first, &second] {
        person.sync().await;
    }
    let backup = cabinet.server.backup("backup");
    let (for_first, for_second) =
        (vec![Audience::Member(Cabinet::id(1))], vec![Audience::Member(Cabinet::id(2))]);
    let items = [("Của một", "Điều 1", for_first), ("Của hai", "Điều 2", for_second)];
    cabinet.publish_for(None, &items).await;
    for person in [&first, &second] {
        own.push(person.sync().await.papers.ready);
    }
    assert_eq!(own, [1, 1]);
    let before = held(&first);

    cabinet.server.restore(&backup);
    first.sync().await;
    let (entries, missing) = server(&cabinet);
    assert_eq!(entries, before.0);
    assert!(missing > 0, "the other's item and paper");
    second.sync().await;
    assert_eq!(server(&cabinet), (before.0, 0));
    // A member's device that has nothing yet finds it all there.
    cabinet.server.release();
    let tablet = cabinet.join(1, "tablet").await;
    cabinet.confirm(&first, &tablet).await;
    assert_eq!(tablet.sync().await.papers.ready, 1);
    assert_eq!(cabinet.server.check()["holds"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_made_after_the_backup_come_back_to_all_devices_of_their_author() {
    let mut cabinet = Cabinet::open().await;
    let published = cabinet.publish(None, "Điều 1").await;
    let laptop = cabinet.join(1, "laptop").await;
    let tablet = cabinet.join(1, "tablet").await;
    cabinet.confirm(&laptop, &tablet).await;
    tablet.sync().await;
    let meeting = laptop.client().meeting(cabinet.body, published.meeting).expect("a meeting");
    let rev = meeting.items[0].papers[0].rev;
    let note = |person: &Person, text: &str| {
        person.client().add_mark(cabinet.body, &Mark::note(rev, 0), Some(text)).expect("a note");
    };
    let texts = |person: &Person| {
        let notes = person.client().notes(cabinet.body, None).expect("notes");
        let mut texts: Vec<String> = notes.into_iter().flat_map(|note| note.texts).collect();
        texts.sort();
        texts
    };
    note(&laptop, "1");
    laptop.sync().await;
    tablet.sync().await;
    let backup = cabinet.server.backup("backup");
    note(&laptop, "2");
    note(&laptop, "3");
    laptop.sync().await;
    tablet.sync().await;
    assert_eq!(texts(&tablet), ["1", "2", "3"]);

    cabinet.server.restore(&backup);
    note(&tablet, "4");
    tablet.sync().await;
    note(&laptop, "5");
    laptop.sync().await;
    tablet.sync().await;
    laptop.sync().await;
    for person in [&laptop, &tablet] {
        assert_eq!(texts(person), ["1", "2", "3", "4", "5"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_continuation_is_refused_and_the_server_waits_for_the_true_one() {
    let mut cabinet = Cabinet::open().await;
    let line = Line::default();
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut minister = Person::new(cabinet.path("minister"), line.env());
    minister.join(&ticket).await.expect("joins");
    let away = cabinet.join(2, "away").await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    minister.sync().await;
    away.sync().await;
    let backup = cabinet.server.backup("backup");
    let (kept, _) = server(&cabinet);
    twenty_more(&cabinet, published.meeting).await;
    minister.sync().await;
    let before = held(&minister);

    cabinet.server.restore(&backup);
    let session = line.session();
    let stranger = KeyPair::from_seed(&[9; 64]);
    let forged = Checkpoint::sign(cabinet.body, kept + 1, Hash([7; 32]), &stranger);
    let word = Ahead { checkpoint: forged.note.clone(), size: kept, proof: Vec::new() };
    let refusal = session.ahead(word).await.expect_err("nobody's word");
    assert_eq!(refusal.code, "healing.checkpoint");
    cabinet.server.release();
    let back = HandBack { checkpoint: forged.note, from: kept, leaves: vec![vec![1].into()] };
    assert_eq!(session.hand_back(back).await.expect_err("nobody's word").code, "healing.entry");

    type Forge = Box<dyn FnMut(&mut HandBack) + Send>;
    let forgeries: [(&str, Forge); 4] = [
        ("a letter", Box::new(|back| back.leaves[3][60] ^= 1)),
        ("a time", Box::new(|back| back.leaves.last_mut().expect("leaves")[2] ^= 1)),
        ("left out", Box::new(|back| drop(back.leaves.remove(4)))),
        ("one less", Box::new(|back| drop(back.leaves.pop()))),
    ];
    for (what, forge) in forgeries {
        line.passing().back = Some(forge);
        let refusal = refused(&minister).await;
        assert!(["server.behind", "healing.gap"].contains(&refusal.code()), "{what}: {refusal}");
        assert_eq!(server(&cabinet).0, kept, "{what}");
    }
    let ballot = away.vote(poll, Choice::Yes);
    let awaited = away.sync().await.awaited.expect("it says what it waits for");
    assert_eq!((awaited.size, awaited.root.to_string()), before);
    assert_eq!(
        (away.state(ballot).as_str(), server(&cabinet).0),
        ("saved", kept),
        "nothing is ordered meanwhile"
    );
    cabinet.server.kill();
    cabinet.server.resume();
    away.sync().await;
    assert_eq!(away.state(ballot), "saved", "after a restart neither");

    line.leave();
    minister.sync().await;
    away.sync().await;
    assert_eq!((away.state(ballot).as_str(), server(&cabinet)), ("recorded", (before.0 + 1, 0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_fork_is_refused_with_both_checkpoints_as_evidence() {
    let Forked { cabinet, mut minister, before, differs, .. } = forked().await;
    let refusal = refused(&minister).await;
    assert_eq!(refusal.code(), "server.rewritten");
    let told = |name: &str| refusal.0.params[name].clone();
    assert_eq!(
        (told("entry"), told("here"), told("here_root")),
        (differs.to_string(), before.0.to_string(), before.1.clone())
    );
    assert_eq!(
        (told("there"), told("there_root")),
        (held(&cabinet.secretary).0.to_string(), held(&cabinet.secretary).1)
    );
    minister.restart();
    assert_eq!(held(&minister), before, "what he held stays");

    let log_key = log_key(&cabinet).await;
    let fork = minister.client().forks(cabinet.body).expect("evidence").remove(0);
    assert!(fork.here.verify(&log_key) && fork.there.verify(&log_key), "the server stands by both");
    assert_eq!(
        (fork.entry, fork.here.size, fork.here.root.to_string()),
        (differs, before.0, before.1.clone())
    );
    assert_ne!(fork.here.root, fork.there.root);
    let cli = Cli::of(&mut minister);
    assert_eq!(cli.fails(1, &["sync"]), "server.rewritten");
    let printed = cli.done("fork list", &["fork", "list"]);
    assert_eq!(printed["forks"][0]["entry"], differs);
    assert_eq!(printed["forks"][0]["here"]["checkpoint"], fork.here.note.as_str());
    assert_eq!(printed["forks"][0]["there"]["checkpoint"], fork.there.note.as_str());
}

/// A server that was restored and went on with something else, and a member who has what it had before.
struct Forked {
    cabinet: Cabinet,
    minister: Person,
    /// Between the minister and the server.
    line: Line,
    away: Person,
    poll: StatementId,
    /// The minister's ballot, which the server has lost.
    lost: StatementId,
    /// What the minister holds.
    before: (u64, String),
    /// The first entry that differs.
    differs: u64,
}

async fn forked() -> Forked {
    let mut cabinet = Cabinet::open().await;
    let line = Line::default();
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut minister = Person::new(cabinet.path("minister"), line.env());
    minister.join(&ticket).await.expect("joins");
    let away = cabinet.join(2, "away").await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    for person in [&minister, &away] {
        person.sync().await;
    }
    let backup = cabinet.server.backup("backup");
    let (differs, _) = server(&cabinet);
    let lost = minister.vote(poll, Choice::Yes);
    minister.sync().await;
    let before = held(&minister);
    cabinet.server.restore(&backup);
    // Nobody is asked, and the administrator does not wait.
    cabinet.server.release();
    away.vote(poll, Choice::No);
    away.sync().await;
    away.vote(poll, Choice::Abstain);
    away.sync().await;
    cabinet.secretary.sync().await;
    Forked { cabinet, minister, line, away, poll, lost, before, differs }
}

async fn log_key(cabinet: &Cabinet) -> PublicKey {
    let ca = ca_hash(&std::fs::read(&cabinet.server.ca_file).expect("a file")).expect("a certificate");
    let gate = HttpDial.gate(&cabinet.server.address, &CaPin::whole(ca)).await.expect("a gate");
    gate.info().await.expect("an answer").log_key
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_for_good_is_given_up_by_a_registrar_and_everyone_goes_on() {
    let Forked { cabinet, minister, line, away, poll, lost, before, differs } = forked().await;
    let root = before.1.parse().expect("a root");
    let begin = |lost| cabinet.registrar.client().begin_epoch(cabinet.body, lost, "Mất ổ đĩa máy chủ");
    assert_eq!(code(begin(None).await), "epoch.nothing_lost", "the registrar knows of none");
    // One that names less than he has, and one that was made for another loss, however great.
    for (number, size) in [before.0 - 1, before.0, before.0 + 7].into_iter().enumerate() {
        begin(Some((size, Hash([1; 32])))).await.expect("a statement");
        let found = refused(&minister).await;
        assert_eq!(found.code(), "server.rewritten", "epoch {number} is not about what he has");
        assert_eq!(held(&minister), before);
    }
    begin(Some((before.0, root))).await.expect("a statement");

    let evidence = minister.client().forks(cabinet.body).expect("forks").len();
    line.passing().cut = Some(differs);
    assert_ne!(refused(&minister).await.code(), "server.rewritten", "a line that breaks contradicts nothing");
    assert_eq!(held(&minister), before);
    assert_eq!(minister.client().forks(cabinet.body).expect("forks").len(), evidence);
    line.leave();
    minister.sync().await;
    cabinet.secretary.sync().await;
    assert_eq!(held(&minister), held(&cabinet.secretary));
    let losses = minister.client().losses(cabinet.body).expect("losses");
    let loss = losses.last().expect("an epoch");
    assert_eq!((losses.len(), loss.epoch, loss.size, loss.root), (4, 4, before.0, root));
    assert_eq!(loss.why.as_deref(), Some("Mất ổ đĩa máy chủ"));
    let had: Vec<_> =
        loss.lost.iter().map(|lost| (lost.index, lost.statement, lost.kind, lost.own)).collect();
    assert_eq!(had, [(differs, lost, "ballot.cast", true)]);
    assert_eq!(minister.state(lost), "refused");
    let act = minister.client().act_state(cabinet.body, lost).expect("an act");
    assert_eq!(act.error.expect("why").code, "epoch.lost");

    let again = minister.vote(poll, Choice::Yes);
    minister.sync().await;
    assert_eq!(minister.state(again), "recorded");
    cabinet.close_poll(poll).await;
    for person in [&minister, &away] {
        person.sync().await;
        let result = person.client().result(cabinet.body, poll).expect("a result");
        assert_eq!((result.yes, result.no, result.abstain), (1, 0, 1));
        assert_eq!(person.client().losses(cabinet.body).expect("losses").len(), 4, "everyone is told");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_waits_in_vain_goes_on_when_a_registrar_gives_up() {
    let mut cabinet = Cabinet::open().await;
    let line = Line::default();
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut minister = Person::new(cabinet.path("minister"), line.env());
    minister.join(&ticket).await.expect("joins");
    let published = cabinet.publish(None, "Điều 1").await;
    cabinet.registrar.sync().await;
    let backup = cabinet.server.backup("backup");
    let (kept, _) = server(&cabinet);
    twenty_more(&cabinet, published.meeting).await;
    minister.sync().await;
    let before = held(&minister);
    cabinet.server.restore(&backup);
    // He announces what he has, and is never heard of again.
    line.passing().back = Some(Box::new(|back| drop(back.leaves.pop())));
    refused(&minister).await;

    let registrar = Cli::of(&mut cabinet.registrar);
    registrar.done("sync", &["sync"]);
    assert_eq!(registrar.fails(2, &["epoch", "begin", "--why", "Mất"]), "usage.yes");
    let begun = registrar.done("epoch begin", &["epoch", "begin", "--why", "Mất máy chủ", "--yes"]);
    assert_eq!(
        (&begun["size"], &begun["root"]),
        (&before.0.into(), &before.1.clone().into()),
        "what the server awaits"
    );
    assert_eq!((&begun["epoch"], &begun["entry"]), (&1.into(), &kept.into()));
    let listed = registrar.done("epoch list", &["epoch", "list"]);
    assert_eq!(listed["epochs"][0]["why"], "Mất máy chủ");
    assert_eq!(listed["epochs"][0]["lost"].as_array().map(Vec::len), Some(0), "this device had none of it");
    cabinet.registrar.open();
    cabinet.invite(Cabinet::id(2)).await;
    assert_eq!(server(&cabinet).0, kept + 2);

    // He was not lost after all: he learns what was.
    line.leave();
    minister.sync().await;
    let losses = minister.client().losses(cabinet.body).expect("losses");
    assert_eq!((losses[0].lost.len() as u64, held(&minister).0), (before.0 - kept, kept + 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_in_what_is_lost_counts_again_and_can_be_erased_again() {
    let mut cabinet = Cabinet::open().await;
    let (chair, mut minister) = (cabinet.join(0, "chair").await, cabinet.join(1, "minister").await);
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    for person in [&chair, &minister] {
        person.sync().await;
    }
    let (no, yes) = (chair.vote(poll, Choice::No), minister.vote(poll, Choice::Yes));
    chair.sync().await;
    minister.sync().await;
    cabinet.secretary.sync().await;
    cabinet.close_poll(poll).await;
    for person in [&chair, &minister] {
        person.sync().await;
    }
    let result = |person: &Person| person.client().result(cabinet.body, poll);
    let before = result(&minister).expect("a result");
    assert_eq!((before.yes, before.no), (1, 1));
    let paper =
        minister.client().meeting(cabinet.body, published.meeting).expect("a meeting").items[0].papers[0].rev;
    let at = minister.client().position_of(cabinet.body, paper).expect("its entry");
    let ballot = chair.client().act_state(cabinet.body, no).expect("an act").row.index.expect("recorded");
    let backup = cabinet.server.backup("backup");

    let erase =
        |entry| cabinet.secretary.client().erase_payload(cabinet.body, entry, "Gửi nhầm").expect("erased");
    erase(at);
    erase(ballot);
    cabinet.secretary.sync().await;
    minister.sync().await;
    assert_eq!(code(result(&minister)), "poll.unverifiable");
    assert_eq!((sealed_files(&minister.home).len(), minister.state(yes).as_str()), (0, "counted"));
    let lost = held(&minister);
    cabinet.server.restore(&backup);
    cabinet.server.release();
    cabinet.invite(Cabinet::id(3)).await;
    assert_eq!(refused(&minister).await.code(), "server.rewritten");
    let given_up = Some((lost.0, lost.1.parse().expect("a root")));
    cabinet.registrar.client().begin_epoch(cabinet.body, given_up, "Mất ổ đĩa").await.expect("a statement");

    minister.sync().await;
    assert_eq!(result(&minister).expect("a result"), before, "nobody has erased anything");
    assert!(minister.client().check_paper(cabinet.body, paper).is_ok(), "fetched again");
    minister.restart();
    assert_eq!(result(&minister).expect("a result"), before);
    cabinet.secretary.sync().await;
    let erase =
        |entry| cabinet.secretary.client().erase_payload(cabinet.body, entry, "Gửi nhầm").expect("erased");
    erase(at);
    cabinet.secretary.sync().await;
    minister.sync().await;
    assert_eq!(sealed_files(&minister.home).len(), 0, "and is gone from the disk again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_is_damaged_on_one_disk_is_passed_over_and_comes_from_another() {
    let mut cabinet = Cabinet::open().await;
    let (first, second) = (cabinet.join(1, "first").await, cabinet.join(2, "second").await);
    let backup = cabinet.server.backup("backup");
    cabinet.publish(None, "Điều 1").await;
    for person in [&first, &second] {
        assert_eq!(person.sync().await.papers.ready, 1);
    }
    let file = &sealed_files(&first.home)[0];
    let mut parts = std::fs::read(file).expect("bytes");
    parts[0] ^= 1;
    std::fs::write(file, parts).expect("damaged");

    cabinet.server.restore(&backup);
    let round = first.sync().await;
    assert_eq!(round.unreadable, 1, "it is said");
    assert_eq!(server(&cabinet).1, 1, "all but that one is back");
    let without = first.sync().await;
    assert_eq!(
        (without.unreadable, without.papers.ready),
        (0, 0),
        "it is asked for, and the server lacks it"
    );
    assert_eq!(second.sync().await.unreadable, 0);
    assert_eq!(first.sync().await.papers.ready, 1, "it came back from another device");
    cabinet.server.release();
    let tablet = cabinet.join(1, "tablet").await;
    cabinet.confirm(&first, &tablet).await;
    assert_eq!(tablet.sync().await.papers.ready, 1, "all of it is on the server");
    assert_eq!(cabinet.server.check()["holds"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_registrar_is_left_and_the_server_waits_in_vain() {
    let mut cabinet = Cabinet::open().await;
    let line = Line::default();
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut minister = Person::new(cabinet.path("minister"), line.env());
    minister.join(&ticket).await.expect("joins");
    let away = cabinet.join(2, "away").await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    minister.sync().await;
    away.sync().await;
    let backup = cabinet.server.backup("backup");
    let (kept, _) = server(&cabinet);
    minister.vote(poll, Choice::Yes);
    minister.sync().await;
    let before = held(&minister);
    cabinet.registrar.close();
    std::fs::remove_dir_all(&cabinet.registrar.home).expect("the only registrar's machine burns, too");
    cabinet.server.restore(&backup);
    line.passing().back = Some(Box::new(|back| drop(back.leaves.pop())));
    refused(&minister).await;
    assert_eq!(server(&cabinet).0, kept);

    let other = Cli::at(&cabinet.path("other"));
    let (ca, out) =
        (cabinet.server.ca_file.display().to_string(), cabinet.path("other.txt").display().to_string());
    let (body, printed) = (cabinet.body.to_string(), cabinet.path("printed.txt").display().to_string());
    std::fs::write(&printed, &cabinet.printed).expect("written");
    let args = ["registrar", "offer", "--body", &body, "--server", &cabinet.server.address, "--ca", &ca];
    let offered =
        other.done("registrar offer", &[&args[..], &["--out", &out, "--vault-key", "passphrase"]].concat());
    let by_printed = ["--recovery-file", printed.as_str()];
    let alone = [&["registrar", "change"][..], &by_printed].concat();
    assert_eq!(other.fails(1, &alone), "server.healing", "that alone would only make a fork");
    assert_eq!(server(&cabinet).0, kept);
    let begin = [&["epoch", "begin", "--why", "Mất hết máy", "--yes"][..], &by_printed].concat();
    let begun = other.done("epoch begin", &begin);
    assert_eq!((&begun["size"], &begun["root"]), (&before.0.into(), &before.1.clone().into()));
    assert_eq!((&begun["epoch"], &begun["entry"]), (&1.into(), &(kept + 1).into()));
    let registrars = other.done("registrar list", &["registrar", "list"]);
    assert_eq!(registrars["registrars"], serde_json::json!([offered["device"]]));
    other.done("invite", &["invite", &Cabinet::id(3).to_string()]);
    let ballot = away.vote(poll, Choice::No);
    away.sync().await;
    assert_eq!(away.state(ballot), "recorded");

    // Who had been given up comes back and goes on with everyone.
    line.leave();
    minister.sync().await;
    assert_eq!(held(&minister), held(&away));
    assert_eq!(minister.client().losses(cabinet.body).expect("losses")[0].lost.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_server_records_nothing_before_it_is_released() {
    let mut cabinet = Cabinet::open().await;
    let mut minister = cabinet.join(1, "minister").await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    minister.sync().await;
    let backup = cabinet.server.backup("backup");
    let restored = cabinet.server.restore_with(&backup, &[]);
    assert_eq!(restored["held"], true);
    let ballot = minister.vote(poll, Choice::Yes);
    minister.sync().await;
    assert_eq!(minister.state(ballot), "saved");
    assert_eq!(cabinet.server.look()["bodies"][0]["held"], true);
    cabinet.server.kill();
    cabinet.server.resume();
    let cli = Cli::of(&mut minister);
    let round = cli.done("sync", &["sync"]);
    assert_eq!((&round["held"], &round["awaited"]), (&true.into(), &serde_json::Value::Null));
    minister.open();
    assert_eq!(minister.state(ballot), "saved", "nor after a restart");
    cabinet.server.release();
    minister.sync().await;
    assert_eq!(minister.state(ballot), "recorded");

    cabinet.server.restore_with(&backup, &["--hold", "0"]);
    minister.sync().await;
    cabinet.secretary.sync().await;
    assert_eq!(minister.state(ballot), "recorded", "brought back by who had it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_device_holds_is_told_once_and_anew_to_a_restored_server() {
    let mut cabinet = Cabinet::open().await;
    let line = Line::default();
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut minister = Person::new(cabinet.path("minister"), line.env());
    minister.join(&ticket).await.expect("joins");
    let told = || std::mem::take(&mut line.passing().reported);
    let first = cabinet.publish(None, "Điều 1").await.meeting;
    let second = cabinet.publish(None, "Điều 2").await.meeting;
    let backup = cabinet.server.backup("backup");
    let says = |meeting, ready_version| Report { meeting, ready_version };
    let mut both = vec![says(first, 1), says(second, 1)];
    both.sort_by_key(|report| report.meeting);

    minister.sync().await;
    assert_eq!(told(), [both.clone()], "all meetings in one request");
    minister.sync().await;
    assert!(told().is_empty(), "the server knows");
    minister.restart();
    minister.sync().await;
    minister.sync().await;
    assert_eq!(told(), [both], "a start tells all once: the server may be an older one by now");
    cabinet.publish(Some(first), "Điều 1, đã sửa").await;
    minister.sync().await;
    assert_eq!(told(), [[says(first, 2)]], "what is new, and nothing else");

    cabinet.server.restore(&backup);
    line.leave();
    minister.sync().await;
    cabinet.server.release();
    minister.sync().await;
    let desk = cabinet.secretary.client();
    for (meeting, version) in [(first, 2), (second, 1)] {
        let board = desk.board(cabinet.body, Some(meeting)).await.expect("a board");
        let his = board.into_iter().find(|row| row.member == Cabinet::id(1)).expect("his row");
        assert_eq!(his.devices[0].ready_version, version, "of {meeting} after the restore");
    }
    told();
    minister.sync().await;
    assert!(told().is_empty(), "and once again it knows");
}
