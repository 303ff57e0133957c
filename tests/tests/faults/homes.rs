//! A home and those who want it.

use ecabinet_client::{Client, Env};
use ecabinet_tests::{Cabinet, Cli};
use serde_json::Value;
use std::process::Stdio;

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
