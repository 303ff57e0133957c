//! Those who answer for a body, and their keys: one is lost, all are lost, one is changed.

use ecabinet_client::{Env, Vote};
use ecabinet_domain::{Choice, LEVEL};
use ecabinet_tests::{Cabinet, Cli, Person, Server, code, program, run};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A person at the command line whose home is not made yet.
fn somebody(home: &Path) -> Cli {
    Cli::at(home)
}

/// Offers a home as a registrar's device; gives its id.
fn offer(who: &Cli, server: &Server, body: &str, out: &str) -> String {
    let ca = server.ca_file.display().to_string();
    let args = ["registrar", "offer", "--body", body, "--server", &server.address, "--ca", &ca, "--out", out];
    let made = who.done("registrar offer", &[&args[..], &["--vault-key", "passphrase"]].concat());
    assert_eq!(made["body"], body);
    made["device"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_registrars_one_is_lost_and_the_other_goes_on() {
    let mut cabinet = Cabinet::open().await;
    let minister = cabinet.join(1, "minister").await;
    let lost = cabinet.registrar.client().device_of(cabinet.body).expect("a device").to_string();
    let body = cabinet.body.to_string();
    let first = Cli::of(&mut cabinet.registrar);
    let second = somebody(&cabinet.path("second"));
    let keys = cabinet.path("second.txt").display().to_string();
    let device = offer(&second, &cabinet.server, &body, &keys);
    assert_eq!(second.fails(1, &["sync"]), "device.unknown", "an offer alone gives no right");
    let listed = first.done("registrar list", &["registrar", "list"]);
    assert_eq!(
        (&listed["registrars"], &listed["advice"]),
        (&vec![lost.clone()].into(), &"registrar.second".into())
    );
    let taken = first.done("registrar change", &["registrar", "change", "--add", &keys]);
    assert_eq!((&taken["state"], &taken["advice"]), (&"recorded".into(), &Value::Null));
    assert_eq!(taken["registrars"].as_array().map(Vec::len), Some(2));

    second.done("sync", &["sync"]);
    let alone = second.done("registrar change", &["registrar", "change", "--remove", &lost]);
    assert_eq!(
        (&alone["registrars"], &alone["advice"]),
        (&vec![device.clone()].into(), &"registrar.second".into())
    );
    assert_eq!(first.fails(4, &["sync"]), "device.wiped");
    assert_eq!(second.fails(1, &["registrar", "change", "--remove", &device]), "registrar.count");
    let invited = second.done("invite", &["invite", &Cabinet::id(2).to_string()]);
    let mut newcomer = Person::new(cabinet.path("newcomer"), Env::real());
    let ticket = invited["link"].as_str().expect("a link");
    let ticket = ecabinet_record::invitation::Ticket::parse(ticket).expect("a ticket");
    newcomer.join(&ticket).await.expect("joins");
    minister.sync().await;
    assert_eq!(minister.client().registrars(cabinet.body).expect("a list").len(), 1);
}

#[test]
fn all_registrars_are_lost_and_the_printed_key_puts_another_in_their_place() {
    let dir = TempDir::new().expect("a folder");
    let server = Server::start(dir.path());
    let path = |name: &str| dir.path().join(name).display().to_string();
    std::fs::write(path("token"), &server.token).expect("written");
    let config =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/sample/body.toml").display().to_string();
    let registrar = somebody(&dir.path().join("registrar"));
    let (ca, token, printed) = (server.ca_file.display().to_string(), path("token"), path("printed.txt"));
    let create = ["body", "create", "--server", &server.address, "--ca", &ca, "--token-file", &token];
    let create =
        [&create[..], &["--config", &config, "--recovery-out", &printed, "--vault-key", "passphrase"]];
    let made = registrar.done("body create", &create.concat());
    assert_eq!(made["advice"], "registrar.second", "two registrars are asked for");
    let body = made["body"].as_str().expect("an id");
    let members = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/sample/members.csv");
    registrar.done("member add", &["member", "add", "--file", &members.display().to_string()]);
    std::fs::remove_dir_all(&registrar.home).expect("the only registrar's machine burns");

    let other = somebody(&dir.path().join("other"));
    let device = offer(&other, &server, body, &path("other.txt"));
    std::fs::write(path("wrong.txt"), ecabinet_record::code::groups(&[7; 16])).expect("written");
    let change = |file: &str| other.run(&["registrar", "change", "--recovery-file", file]);
    let refused = change(&path("wrong.txt"));
    assert_eq!((refused.exit, refused.code().as_str()), (1, "registrar.wrong_code"));
    let changed = change(&printed);
    assert_eq!(changed.exit, 0, "{}{}", changed.stdout, changed.stderr);
    assert_eq!(changed.json["registrars"], serde_json::json!([device]));
    let again = change(&printed);
    assert_eq!((again.exit, again.code().as_str()), (1, "registrar.already"));
    let members = other.done("member list", &["member", "list"]);
    let member = members["members"][0]["id"].as_str().expect("an id").to_owned();
    other.done("invite", &["invite", &member]);
    other.done("export", &["export", "--out", &path("export")]);
    let verified =
        run(Command::new(program("ecabinet-verify")).arg(path("export")).args(["--json", "--body", body]));
    assert_eq!(verified.exit, 0, "{}{}", verified.stdout, verified.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_logs_key_is_changed_and_what_was_proved_before_stays_proved() {
    let mut cabinet = Cabinet::open().await;
    let minister = cabinet.join(1, "minister").await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    minister.sync().await;
    let before = minister.vote(poll, Choice::Yes);
    minister.sync().await;
    let kept = cabinet.path("receipt.txt");
    std::fs::write(&kept, minister.client().receipt(cabinet.body, before).expect("a receipt"))
        .expect("written");

    let registrar = Cli::of(&mut cabinet.registrar);
    assert_eq!(registrar.fails(1, &["log-key", "rotate"]), "log_key.again", "the server has no other");
    let mut make = Command::new(program("ecabinet-server"));
    let made = run(make.args(["log-key", "--json", "--data"]).arg(&cabinet.server.data));
    let key = made.json["log_key"].as_str().expect("a key").to_owned();
    cabinet.server.kill();
    cabinet.server.resume();
    assert_eq!(registrar.fails(1, &["log-key", "rotate", "--key", &"11".repeat(32)]), "log_key.other");
    let rotated = registrar.done("log-key rotate", &["log-key", "rotate", "--key", &key]);
    assert_eq!((&rotated["state"], &rotated["log_key"]), (&"recorded".into(), &key.clone().into()));

    let after = minister.vote(poll, Choice::No);
    minister.sync().await;
    assert_eq!(minister.state(after), "recorded");
    let proof = cabinet.path("after.txt");
    std::fs::write(&proof, minister.client().receipt(cabinet.body, after).expect("a receipt"))
        .expect("written");
    let body = cabinet.body.to_string();
    let proof_path = proof.display().to_string();
    let check =
        |key: &str| registrar.run(&["receipt", "check", &proof_path, "--body", &body, "--log-key", key]).exit;
    assert_eq!((check(&key), check(&"11".repeat(32))), (0, 1));
    cabinet.close_poll(poll).await;
    minister.sync().await;
    let export = cabinet.path("export");
    let exported = minister.client().export(cabinet.body, None).expect("an export");
    exported.write_folder(&export).expect("written");
    let mut verify = Command::new(program("ecabinet-verify"));
    verify.arg(&export).args(["--json", "--body", &body, "--anchor"]).arg(&kept).arg("--anchor").arg(&proof);
    let verified = run(&mut verify);
    assert_eq!(verified.exit, 0, "{}{}", verified.stdout, verified.stderr);

    cabinet.registrar.open();
    let late = cabinet.join(2, "late").await;
    assert_eq!(
        late.client().result(cabinet.body, poll).expect("a result").no,
        1,
        "who comes later follows too"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_program_says_that_it_needs_an_update_and_goes_on_reading() {
    let mut cabinet = Cabinet::open().await;
    let old = Env { level: 1, ..Env::real() };
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut minister = Person::new(cabinet.path("minister"), old);
    minister.join(&ticket).await.expect("joins");
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    let second = cabinet.open_poll(published.meeting).await;
    minister.sync().await;
    cabinet.close_poll(second).await;
    minister.sync().await;
    assert_eq!(minister.client().result(cabinet.body, second).expect("a result").silent, 5);
    let waiting = minister.vote(poll, Choice::Yes);

    let registrar = Cli::of(&mut cabinet.registrar);
    assert_eq!(registrar.fails(2, &["level", "raise"]), "usage.yes");
    let raised = registrar.done("level raise", &["level", "raise", "--yes"]);
    assert_eq!((&raised["level"], &raised["state"]), (&2.into(), &"recorded".into()));
    for level in 3..=LEVEL {
        assert_eq!(registrar.done("level raise", &["level", "raise", "--yes"])["level"], level);
    }
    assert_eq!(
        registrar.fails(1, &["level", "raise", "--yes"]),
        "level.unknown",
        "this program knows none higher"
    );
    let later = cabinet.secretary.sync().await;
    assert_eq!(later.advice, None);
    cabinet.publish(Some(published.meeting), "Điều 1, sửa").await;

    for _ in 0..2 {
        let met = minister.sync().await;
        assert_eq!(met.advice, Some("level.beyond"), "it says so");
        let meeting = minister.client().meeting(cabinet.body, published.meeting).expect("still read");
        assert_eq!((meeting.items.len(), met.papers.ready), (1, 1));
        assert_eq!(code(minister.client().result(cabinet.body, second)), "level.beyond");
        let vote = Vote { poll, choice: Choice::No, text: None, replace: true };
        assert_eq!(code(minister.client().vote(cabinet.body, vote)), "level.beyond");
        minister.restart();
    }

    minister.env.level = Env::real().level;
    minister.restart();
    let updated = minister.sync().await;
    assert_eq!(updated.advice, None);
    assert_eq!(updated.position, cabinet.secretary.sync().await.position);
    assert_eq!(
        minister.state(waiting),
        "stale",
        "what waited was recorded, on the paper that it was made on"
    );
    let again = minister.vote(poll, Choice::Yes);
    minister.sync().await;
    assert_eq!(minister.state(again), "recorded");
    assert_eq!(minister.client().result(cabinet.body, second).expect("a result").silent, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_servers_ca_is_changed_and_who_missed_it_is_told_what_to_do() {
    let mut cabinet = Cabinet::open().await;
    let minister = cabinet.join(1, "minister").await;
    let mut away = cabinet.join(2, "away").await;
    let data = cabinet.server.data.clone();
    let at_server = |args: &[&str]| {
        run(Command::new(program("ecabinet-server")).args(args).args(["--json", "--data"]).arg(&data))
    };
    let registrar = Cli::of(&mut cabinet.registrar);
    let made = at_server(&["ca", "new"]);
    assert_eq!(made.exit, 0, "{}{}", made.stdout, made.stderr);
    let next = made.json["ca_file"].as_str().expect("a file").to_owned();
    let rotate = ["ca", "rotate", "--ca", next.as_str()];
    assert_eq!(registrar.fails(1, &rotate), "level.needed");
    registrar.done("level raise", &["level", "raise", "--yes"]);
    assert_eq!(registrar.fails(1, &rotate), "ca.not_held", "the server was not started again");
    let early = at_server(&["ca", "use"]);
    assert_eq!((early.exit, early.code().as_str()), (1, "ca.not_named"));
    cabinet.server.kill();
    let before = cabinet.server.copy_data("before");
    cabinet.server.resume();
    let retried = registrar.done("outbox retry", &["outbox", "retry"]);
    assert_eq!(retried["retried"], 1);
    minister.sync().await;
    cabinet.secretary.sync().await;
    let used = at_server(&["ca", "use"]);
    assert_eq!((used.exit, &used.json["ca_fingerprint"]), (0, &made.json["ca_fingerprint"]));
    cabinet.server.kill();
    cabinet.server.resume();

    minister.sync().await;
    cabinet.secretary.sync().await;
    registrar.done("sync", &["sync"]);
    cabinet.registrar.open();
    let late = cabinet.join(3, "late").await;
    late.sync().await;
    let missed = Cli::of(&mut away);
    assert_eq!(missed.fails(3, &["sync"]), "tls.untrusted");
    let said = missed.run(&["sync", "--lang", "en"]).json["error"]["text"].to_string();
    assert!(said.contains("ecabinet ca accept"), "{said}");
    let file = data.join("ca.pem").display().to_string();
    missed.done("ca accept", &["ca", "accept", "--ca", &file]);
    missed.done("sync", &["sync"]);

    // Whoever has the former CA's key is no longer the server.
    for file in ["ca.pem", "ca.key"] {
        std::fs::copy(before.join(file), data.join(file)).expect("put back");
    }
    cabinet.server.kill();
    cabinet.server.resume();
    let refused = minister.client().sync(cabinet.body, false).await;
    assert_eq!(code(refused), "tls.untrusted");
    assert_eq!(missed.fails(3, &["sync"]), "tls.untrusted");
}
