//! What all commands have in common.

use crate::kit::{Office, other, text};
use ecabinet_tests::{Cli, program, run};
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn options_common_to_all_commands() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    let version = other("ecabinet", &["--version"]);
    assert_eq!((version.exit, version.stdout.starts_with("ecabinet ")), (0, true));
    assert_eq!(other("ecabinet", &["--help"]).exit, 0);

    let secret = minister.secret.to_string_lossy().into_owned();
    let home = minister.home.to_string_lossy().into_owned();
    let mut by_environment = Command::new(program("ecabinet"));
    by_environment
        .args(["vault", "info", "--json"])
        .env("ECABINET_HOME", &home)
        .env("ECABINET_SECRET_FILE", &secret);
    assert_eq!(run(&mut by_environment).exit, 0);
    let body = office.cabinet.body.to_string();
    minister.done("meeting list", &["meeting", "list", "--body", &body[..8]]);
    assert_eq!(minister.fails(2, &["meeting", "list", "--body", "ffffffffff"]), "body.unknown");

    let plain = ["meeting", "list", "--home", &home, "--secret-file", &secret];
    let for_people = other("ecabinet", &plain);
    assert!(for_people.exit == 0 && for_people.stdout.contains("Phiên họp mẫu") && for_people.json.is_null());
    let quiet = other("ecabinet", &[&plain[..], &["--quiet"]].concat());
    assert_eq!((quiet.exit, quiet.stdout.as_str()), (0, ""));
    let said = |lang: &str| {
        let ran = minister.run(&["poll", "result", &office.poll.to_string(), "--lang", lang]);
        assert_eq!((ran.exit, ran.code().as_str()), (1, "poll.open"));
        text(&ran.json["error"]["text"])
    };
    assert_eq!(said("vi"), "Biểu quyết chưa kết thúc; đề nghị xem kết quả sau khi kết thúc. [poll.open]");
    assert_eq!(said("en"), "The poll is still open; please look at the result after its close. [poll.open]");

    let mut piped = Command::new("sh");
    let script = format!(
        "cat '{secret}' | '{}' vault info --json --home '{home}' --secret-file -",
        program("ecabinet").display()
    );
    assert_eq!(run(piped.args(["-c", &script])).exit, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn exit_status_tells_what_kind_of_failure_it_was() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    assert_eq!(minister.fails(2, &["frobnicate"]), "usage.arguments");
    assert_eq!(minister.fails(2, &["vote"]), "usage.arguments");
    assert_eq!(minister.fails(2, &["meeting", "show", "nothing"]), "usage.id");
    let nowhere = run(Command::new(program("ecabinet")).args(["sync", "--json"]).env_remove("ECABINET_HOME"));
    assert_eq!((nowhere.exit, nowhere.code().as_str()), (2, "usage.home"));
    assert_eq!(minister.fails(1, &["poll", "close", &office.poll.to_string()]), "capacity.not_held");

    let wrong = office.cabinet.path("wrong");
    std::fs::write(&wrong, "không phải mật khẩu\n").expect("written");
    let guessing = Cli { home: minister.home.clone(), secret: wrong };
    assert_eq!(guessing.fails(4, &["vault", "info"]), "vault.wrong_secret");
    assert_eq!(office.new_home("empty").fails(4, &["sync"]), "vault.none");
    let unreadable = Cli { home: minister.home.clone(), secret: office.cabinet.path("no such file") };
    assert_eq!(unreadable.fails(5, &["vault", "info"]), "file.unreadable");
    let mut keyless = office.new_home("keyless").command(&["join", "A", "--device-name", "Máy"]);
    let keyless = run(keyless.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent"));
    assert_eq!((keyless.exit, keyless.code().as_str()), (5, "invitation.mistyped"), "looked at first");

    office.people[0].open();
    assert_eq!(minister.fails(6, &["sync"]), "home.busy");
    office.people[0].close();
    office.cabinet.server.kill();
    assert_eq!(minister.fails(3, &["sync"]), "net.unreachable");
}
