//! The server's own program.

use crate::kit::{Office, has, other, text};
use ecabinet_tests::program;
use serde_json::{Value, json};
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn server_init_serve_check_admission_token() {
    let office = Office::open(0).await;
    let dir = tempfile::TempDir::new().expect("a folder");
    let data = dir.path().join("server").to_string_lossy().into_owned();
    let call = |args: &[&str]| other("ecabinet-server", &[args, &["--json", "--data", &data]].concat());
    assert_eq!(call(&["check"]).exit, 5, "not made yet");
    let init = ["init", "--name", "localhost,127.0.0.1", "--listen", "127.0.0.1:0"];
    let made = call(&init);
    assert_eq!((made.exit, &made.json["schema"]), (0, &json!("init/1")), "{}{}", made.stdout, made.stderr);
    has(&made.json, &["data", "ca_fingerprint", "log_key", "admission_token"]);
    assert_eq!(call(&init).json, made.json, "safe to repeat");
    assert_eq!(call(&["init", "--name", "not a name"]).exit, 2);
    let token = call(&["admission-token", "--bodies", "2"]);
    assert_eq!((token.exit, &token.json["bodies"]), (0, &json!(2)));
    assert_ne!(token.json["admission_token"], made.json["admission_token"]);

    let ready = dir.path().join("ready");
    let mut serve = Command::new(program("ecabinet-server"));
    serve.args(["serve", "--quiet", "--data", &data, "--ready-file"]).arg(&ready);
    let mut serving = serve.spawn().expect("starts");
    let begun = std::time::Instant::now();
    while !ready.exists() {
        assert!(begun.elapsed().as_secs() < 20, "not ready");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let told: Value = serde_json::from_slice(&std::fs::read(&ready).expect("a file")).expect("an object");
    assert_eq!(told["pid"], serving.id());
    assert!(text(&told["url"]).starts_with("https://localhost:") && !text(&told["url"]).ends_with(":0"));
    let ended =
        Command::new("kill").args(["-TERM", &serving.id().to_string()]).status().expect("kill starts");
    assert!(ended.success() && serving.wait().expect("ended").success(), "it drains and ends well");

    let checked = office.cabinet.server.check();
    has(&checked, &["schema", "holds", "entries", "root", "chunks", "missing", "orphaned"]);
    assert_eq!(
        (&checked["schema"], &checked["missing"], &checked["orphaned"]),
        (&json!("check/1"), &json!(0), &json!(0))
    );
    let chunks = office.cabinet.server.data.join("chunks").join(office.cabinet.body.to_string());
    let part = std::fs::read_dir(chunks).expect("chunks").flatten().next().expect("a folder").path();
    let chunk = std::fs::read_dir(part).expect("files").flatten().next().expect("a file").path();
    let whole = std::fs::read(&chunk).expect("bytes");
    let served = office.cabinet.server.data.to_string_lossy().into_owned();
    let mut wrong = whole.clone();
    wrong[0] ^= 1;
    std::fs::write(&chunk, wrong).expect("written");
    let shallow = other("ecabinet-server", &["check", "--json", "--data", &served]);
    assert_eq!(shallow.exit, 0, "that takes --deep");
    let deep = other("ecabinet-server", &["check", "--deep", "--json", "--data", &served]);
    assert_eq!((deep.exit, &deep.json["failures"][0]["code"]), (1, &json!("chunk.damaged")));
    std::fs::remove_file(&chunk).expect("removed");
    let missing = other("ecabinet-server", &["check", "--json", "--data", &served]);
    assert_eq!((missing.exit, &missing.json["missing"]), (1, &json!(1)));
}
