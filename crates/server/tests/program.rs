//! The program itself: its commands, outputs and exit codes.

use serde_json::Value;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_ecabinet-server"))
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    program().args(arguments).arg("--json").arg("--data").arg(data).output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

fn serve(data: &Path, ready: &Path) -> (Child, Value) {
    let mut child = program()
        .args(["serve", "--quiet", "--data"])
        .arg(data)
        .arg("--ready-file")
        .arg(ready)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let end = Instant::now() + Duration::from_secs(30);
    while !ready.exists() {
        assert!(Instant::now() < end && child.try_wait().unwrap().is_none(), "it does not serve");
        std::thread::sleep(Duration::from_millis(20));
    }
    let ready = serde_json::from_slice(&std::fs::read(ready).unwrap()).unwrap();
    (child, ready)
}

#[test]
fn init_serve_and_end() {
    let dir = tempfile::tempdir().unwrap();
    let (data, ready) = (dir.path().join("data"), dir.path().join("ready.json"));
    let init = || run(&data, &["init", "--name", "localhost,127.0.0.1", "--listen", "127.0.0.1:0"]);
    let made = json(&init());
    assert_eq!(made["schema"], "init/1");
    assert_eq!(made["data"], data.to_str().unwrap());
    assert!(["ca_fingerprint", "log_key"].iter().all(|name| made[name].as_str().unwrap().len() == 64));
    assert_eq!(json(&init()), made);
    let modes = |name: &str| {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(data.join(name)).unwrap().permissions().mode() & 0o777
    };
    assert!(["ca.key", "log.key", "session.key", "admission-token"].iter().all(|name| modes(name) == 0o600));

    let (mut child, told) = serve(&data, &ready);
    assert_eq!(told["pid"], child.id());
    let url = told["url"].as_str().unwrap();
    assert!(url.starts_with("https://localhost:") && !url.ends_with(":0"), "{url}");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert!(child.wait().unwrap().success(), "drained");
    assert!(!ready.exists());

    let checked = json(&run(&data, &["check", "--deep"]));
    assert_eq!(
        (&checked["holds"], &checked["entries"], &checked["root"]),
        (&true.into(), &0.into(), &Value::Null)
    );
    let token = json(&run(&data, &["admission-token", "--bodies", "3"]));
    assert_eq!(token["admission_token"].as_str().unwrap().len(), 32);
    assert!(run(&data, &["clock", "confirm"]).status.success());
    let copy = dir.path().join("copy");
    let backup =
        program().args(["backup", "--json", "--data"]).arg(&data).arg("--to").arg(&copy).output().unwrap();
    assert_eq!(json(&backup)["bodies"], 0);
    let again =
        program().args(["backup", "--json", "--data"]).arg(&data).arg("--to").arg(&copy).output().unwrap();
    assert_eq!((again.status.code(), &json(&again)["error"]["code"]), (Some(6), &"data.exists".into()));
}

#[test]
fn failures_have_codes() {
    let dir = tempfile::tempdir().unwrap();
    let none = run(dir.path(), &["serve", "--lang", "en"]);
    assert_eq!(none.status.code(), Some(5));
    assert_eq!(json(&none)["error"]["code"], "data.not_initialised");
    let named = run(dir.path(), &["init", "--name", "not a host"]);
    assert_eq!((named.status.code(), &json(&named)["error"]["code"]), (Some(2), &"init.name".into()));
    assert_eq!(run(dir.path(), &["init"]).status.code(), Some(2));
    let data = dir.path().join("data");
    run(&data, &["init", "--name", "localhost", "--listen", "192.0.2.1:1"]);
    assert_eq!(run(&data, &["serve"]).status.code(), Some(3));
}
