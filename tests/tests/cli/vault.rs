//! The home itself.

use crate::kit::{Office, has, rows, text};
use ecabinet_tests::{Cabinet, Cli, program, run};
use serde_json::{Value, json};
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn vault_info_recover_wipe() {
    let office = Office::open(0).await;
    let member = Cabinet::id(1).to_string();
    let link = text(&office.registrar.done("invite", &["invite", &member])["link"]);
    let (minister, code) = (office.new_home("minister"), office.path("code"));
    let join = ["join", &link, "--device-name", "Máy", "--vault-key", "passphrase", "--recovery-out", &code];
    minister.done("join", &join);
    let info = minister.done("vault info", &["vault", "info"]);
    assert_eq!((&info["lock"], &info["bodies"]), (&json!("passphrase"), &json!([office.cabinet.body])));

    let changed = office.cabinet.path("changed");
    std::fs::write(&changed, "mật khẩu khác\n").expect("written");
    let later = Cli { home: minister.home.clone(), secret: changed };
    let wrong = office.path("wrong code");
    std::fs::write(&wrong, "AAAA-AAAA").expect("written");
    let recover = |file: &str| {
        ["vault", "recover", "--vault-key", "passphrase", "--code-file", file].map(str::to_owned)
    };
    let args = |file: &str| recover(file).to_vec();
    let with = |line: &[String]| line.iter().map(String::as_str).collect::<Vec<_>>().join("\u{1}");
    let call = |who: &Cli, file: &str| who.run(&with(&args(file)).split('\u{1}').collect::<Vec<_>>());
    let refused = call(&later, &wrong);
    assert_eq!((refused.exit, refused.code().as_str()), (4, "vault.wrong_code"));
    let recovered = call(&later, &code);
    assert_eq!((recovered.exit, &recovered.json["recovered"]), (0, &json!(true)), "{}", recovered.stdout);
    assert_eq!(
        minister.fails(4, &["vault", "info"]),
        "vault.wrong_secret",
        "the former secret is none any more"
    );
    later.done("sync", &["sync"]);

    assert_eq!(later.fails(2, &["vault", "wipe"]), "usage.yes");
    assert_eq!(later.done("vault wipe", &["vault", "wipe", "--yes"])["wiped"], true);
    assert_eq!(later.fails(4, &["vault", "info"]), "vault.none");
    assert!(!later.home.join("vault.db").exists() && !later.home.join("chunks").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_looks_at_each_thing_on_its_own() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    let answer = |exit: i32, command: &mut Command| {
        let ran = run(command);
        assert_eq!(
            (ran.exit, &ran.json["schema"]),
            (exit, &json!("doctor/1")),
            "{}{}",
            ran.stdout,
            ran.stderr
        );
        rows(&ran.json, "checks").clone()
    };
    let code = |checks: &[Value], name: &str| {
        let check = checks.iter().find(|row| row["check"] == name).unwrap_or_else(|| panic!("no {name}"));
        has(check, &["check", "ok", "code", "hint"]);
        assert_eq!(check["ok"], json!(check["code"].is_null()));
        check["code"].clone()
    };
    let well = answer(0, &mut minister.command(&["doctor"]));
    for name in ["disk", "sandbox", "sign_worker", "vault", "ca", "clock"] {
        assert_eq!(code(&well, name), Value::Null, "{name}");
    }

    office.cabinet.server.kill();
    let mut lame = minister.command(&["doctor"]);
    let lame = answer(1, lame.env("ECABINET_PDF_WORKER", "/nonexistent"));
    assert_eq!(code(&lame, "sandbox"), "pdf.library");
    assert_eq!(code(&lame, "ca"), "net.unreachable");
    assert_eq!(code(&lame, "disk"), Value::Null, "one failure does not hide the others");
    assert!(lame.iter().all(|row| row["check"] != "clock"), "unknown without the server");

    let mut keyless = Command::new(program("ecabinet"));
    keyless
        .args(["doctor", "--json"])
        .env_remove("ECABINET_HOME")
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    let keyless = answer(1, &mut keyless);
    assert_eq!(code(&keyless, "keyring"), "keyring.unavailable");
}
