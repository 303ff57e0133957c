//! The keyring's ways of being gone: reset, another one in its place, altered, none at all. The printed code opens the
//! vault; nothing else does. Some stories have desktops of their own, with a real keyring daemon on
//! each; the others are told on the session's (`scripts/in-keyring.sh`).

use ecabinet_client::Env;
use ecabinet_tests::{Cabinet, Keyring, Ran, program, run};
use std::path::{Path, PathBuf};
use std::process::Command;

const PIN: &str = "246810";
const NEW: &str = "135790";

/// A minister whose vault is locked with his desktop's keyring and a PIN.
struct Minister {
    cabinet: Cabinet,
    desktop: Keyring,
    home: PathBuf,
    code: PathBuf,
}

impl Minister {
    async fn join() -> Minister {
        let cabinet = Cabinet::open().await;
        let desktop = Keyring::start(&cabinet.path("desktop"));
        Minister::join_on(cabinet, desktop).await
    }

    async fn join_on(cabinet: Cabinet, desktop: Keyring) -> Minister {
        let (home, code) = (cabinet.path("minister"), cabinet.path("printed"));
        let ticket = cabinet.invite(Cabinet::id(1)).await;
        let minister = Minister { cabinet, desktop, home, code };
        let out = minister.code.to_string_lossy().into_owned();
        let link = ticket.link();
        let joined = minister.at(
            &minister.desktop,
            PIN,
            &["join", &link, "--device-name", "Máy", "--recovery-out", &out],
        );
        assert_eq!(joined.exit, 0, "{}{}", joined.stdout, joined.stderr);
        assert_eq!(minister.info(PIN), "ok");
        minister
    }

    /// The keyring's entry that the vault needs.
    fn account(&self) -> String {
        let text = std::fs::read(self.home.join("slots.json")).expect("slots");
        let slots: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
        slots["slots"][0]["account"].as_str().expect("an account").to_owned()
    }

    fn command(&self, secret: &str, args: &[&str]) -> Command {
        let file = self.cabinet.path("typed");
        std::fs::write(&file, secret).expect("written");
        let mut command = Command::new(program("ecabinet"));
        command.args(args).args(["--json", "--home"]).arg(&self.home).arg("--secret-file").arg(file);
        command.env_remove("ECABINET_HOME").env_remove("ECABINET_SECRET_FILE");
        command
    }

    fn at(&self, desktop: &Keyring, secret: &str, args: &[&str]) -> Ran {
        run(desktop.on(&mut self.command(secret, args)))
    }

    /// What comes of opening the vault: `ok` or a code.
    fn info(&self, secret: &str) -> String {
        outcome(&self.at(&self.desktop, secret, &["vault", "info"]))
    }

    fn recover(&self, desktop: &Keyring, code: &Path, secret: &str) -> String {
        outcome(&self.at(desktop, secret, &["vault", "recover", "--code-file", &code.to_string_lossy()]))
    }

    /// The right code opens the vault under a new PIN, on the desktop that is there now; everything else opens nothing.
    fn only_the_code_opens(&self, gone: &str) {
        for pin in [PIN, NEW, "000000"] {
            assert_eq!(self.info(pin), gone, "a PIN alone opens nothing");
        }
        let wrong = self.cabinet.path("wrong");
        std::fs::write(&wrong, ecabinet_record::code::groups(&[7; 16])).expect("written");
        let slots = std::fs::read(self.home.join("slots.json")).expect("slots");
        assert_eq!(self.recover(&self.desktop, &wrong, NEW), "vault.wrong_code");
        assert_eq!(std::fs::read(self.home.join("slots.json")).expect("slots"), slots, "nothing has changed");
        assert_eq!(self.recover(&self.desktop, &self.code, NEW), "ok");
        assert_eq!(self.info(NEW), "ok");
        assert_eq!(self.info(PIN), "vault.wrong_secret", "the former PIN is none any more");
        let synced = self.at(&self.desktop, NEW, &["sync"]);
        assert_eq!(outcome(&synced), "ok", "it is the same device: {}", synced.stdout);
        assert_eq!(self.recover(&self.desktop, &self.code, PIN), "ok", "the code is not used up");
        assert_eq!(self.info(PIN), "ok");
    }
}

fn outcome(ran: &Ran) -> String {
    match ran.exit {
        0 => "ok".into(),
        4 => ran.code(),
        other => panic!("exit {other}: {}{}", ran.stdout, ran.stderr),
    }
}

/// What the failure says to a person.
fn words(ran: &Ran) -> &str {
    ran.json["error"]["text"].as_str().expect("words")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_an_administrator_has_reset() {
    let minister = Minister::join_on(Cabinet::open().await, Keyring::default()).await;
    assert_eq!(minister.info("000000"), "vault.wrong_secret", "until then a wrong PIN is a wrong PIN");
    Env::real().keyring.delete(&minister.account()).expect("gone");
    let refused = minister.at(&minister.desktop, PIN, &["sync"]);
    for said in ["không còn khóa", "đặt lại hoặc thay", "vault recover", "mã khôi phục"] {
        assert!(words(&refused).contains(said), "{said}: {}", words(&refused));
    }
    minister.only_the_code_opens("keyring.no_entry");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_keyring_in_its_place_with_nothing_in_it() {
    let mut minister = Minister::join().await;
    let other = Keyring::start(&minister.cabinet.path("other desktop"));
    let former = std::mem::replace(&mut minister.desktop, other);
    minister.only_the_code_opens("keyring.no_entry");
    let back = minister.at(&former, PIN, &["vault", "info"]);
    assert_eq!(outcome(&back), "keyring.no_entry", "the former keyring's secret opens nothing any more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_was_altered() {
    let minister = Minister::join_on(Cabinet::open().await, Keyring::default()).await;
    Env::real().keyring.set(&minister.account(), &[1; 32]).expect("altered");
    let refused = minister.at(&minister.desktop, PIN, &["sync"]);
    assert!(words(&refused).contains("đã bị thay đổi"), "{}", words(&refused));
    minister.only_the_code_opens("keyring.other_secret");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_keyring_at_all() {
    let mut minister = Minister::join().await;
    minister.desktop.stop();
    let refused = minister.at(&minister.desktop, PIN, &["sync"]);
    assert_eq!(outcome(&refused), "keyring.unavailable");
    assert!(words(&refused).contains("không trả lời") && words(&refused).contains("mã khôi phục"));
    let slots = std::fs::read(minister.home.join("slots.json")).expect("slots");
    assert_eq!(
        minister.recover(&minister.desktop, &minister.code, NEW),
        "keyring.unavailable",
        "a PIN needs one"
    );
    assert_eq!(std::fs::read(minister.home.join("slots.json")).expect("slots"), slots, "nothing has changed");

    let code = minister.code.to_string_lossy().into_owned();
    let passphrase = "mật khẩu dài thay cho mã PIN";
    let recovered = ["vault", "recover", "--vault-key", "passphrase", "--code-file", &code];
    assert_eq!(outcome(&minister.at(&minister.desktop, passphrase, &recovered)), "ok");
    assert_eq!(minister.info(passphrase), "ok");
    assert_eq!(minister.info(PIN), "vault.wrong_secret");
    let bad = minister.cabinet.path("bad");
    std::fs::write(&bad, "AAAA-AAAA").expect("written");
    assert_eq!(minister.recover(&minister.desktop, &bad, NEW), "vault.wrong_code");
}
