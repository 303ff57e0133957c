//! Power-cut style: server and client stand still at random moments, their folders are copied, and they go on. Each copy
//! opens, holds all that was confirmed before, and is the beginning of what came after.

use crate::load::{Load, Office};
use crate::{Dice, quick, times};
use ecabinet_client::{Client, Fetched};
use ecabinet_domain::{BodyId, Hash};
use ecabinet_record::export::Export;
use ecabinet_record::{Tree, leaf};
use ecabinet_tests::{Cabinet, Cli, PASSPHRASE, Stopped, copy_folder, program, run};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// What lay on the disks at one moment, and what had been confirmed before it.
struct Copy {
    server: PathBuf,
    home: PathBuf,
    /// Entries whose authors were told.
    sure: u64,
    /// Answers that the minister's program had given.
    ballots: Vec<Value>,
    notes: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_any_moment_opens_and_holds_what_was_confirmed() {
    let cabinet = Cabinet::open_in(TempDir::new().expect("a folder"), quick()).await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    let mut minister = cabinet.join(3, "minister").await;
    minister.sync().await;
    let paper = minister.client().meeting(cabinet.body, published.meeting).expect("here").items[0].papers[0]
        .rev
        .paper
        .to_string();
    let his = Cli::of(&mut minister);
    let mut people = Vec::new();
    for member in 0..3 {
        let person = cabinet.join(member, &format!("member {member}")).await;
        person.sync().await;
        people.push(person);
    }
    let Cabinet { dir, server, secretary, body, registrar: _registrar, .. } = cabinet;
    let load = Load::begin(body, poll, secretary, people);

    let (mut dice, poll) = (Dice::throw(), poll.to_string());
    let (mut copies, mut ballots, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..times("ECABINET_COPIES", 6) {
        let text = format!("Ghi chú {round}");
        let args: &[&str] = match round % 3 {
            0 => &["vote", &poll, "yes", "--replace"],
            1 => &["note", "add", &paper, "--page", "1", &text],
            _ => &["sync"],
        };
        let mut command = his.command(args);
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let child = command.spawn().expect("starts");
        tokio::time::sleep(dice.ms(300)).await;
        let sure = load.sure();
        let (here, there) =
            (dir.path().join(format!("home {round}")), dir.path().join(format!("server {round}")));
        {
            let _still = Stopped::now(&[server.pid(), child.id()]);
            copy_folder(&his.home, &here);
            copy_folder(&server.data, &there);
        }
        copies.push(Copy { server: there, home: here, sure, ballots: ballots.clone(), notes: notes.clone() });
        let output = child.wait_with_output().expect("ended");
        assert!(output.status.success(), "it goes on where it stood: {args:?}");
        let answer: Value = serde_json::from_slice(&output.stdout).expect("an answer");
        match round % 3 {
            0 => ballots.push(answer["statement"].clone()),
            1 => notes.push(text),
            _ => {}
        }
    }
    let (Office { secretary, .. }, _voters) = load.end().await;
    secretary.sync().await;
    let tree = tree(&secretary.client().export(body, None).expect("an export"), &dir.path().join("export"));
    assert!(copies.iter().any(|copy| copy.sure > 20), "there was something to lose");
    for copy in &copies {
        server_holds(copy, &tree);
        home_holds(copy, body, &tree);
    }
    let checks = Cli::at(&copies[0].home).run(&["doctor"]).json["checks"].clone();
    let vault = checks.as_array().expect("checks").iter().find(|check| check["check"] == "vault");
    assert_eq!(vault.expect("of the vault")["ok"], true);
    println!(
        "{} copies, the last of {} entries that were confirmed",
        copies.len(),
        copies[copies.len() - 1].sure
    );
}

/// The tree of the record as it is in the end.
fn tree(exported: &ecabinet_client::Exported, folder: &Path) -> Tree {
    exported.write_folder(folder).expect("written");
    let mut tree = Tree::default();
    let entries = Export::read(folder).expect("an export").entries;
    entries.iter().for_each(|entry| tree.push(leaf::hash(entry)));
    tree
}

fn server_holds(copy: &Copy, tree: &Tree) {
    let mut check = Command::new(program("ecabinet-server"));
    let ran = run(check.args(["check", "--deep", "--json", "--data"]).arg(&copy.server));
    assert_eq!((ran.exit, &ran.json["holds"]), (0, &Value::Bool(true)), "{}{}", ran.stdout, ran.stderr);
    let entries = ran.json["entries"].as_u64().expect("a number");
    assert!(entries >= copy.sure, "{entries} entries, and {} were confirmed", copy.sure);
    begins(tree, entries, ran.json["root"].as_str().expect("a root"));
}

fn home_holds(copy: &Copy, body: BodyId, tree: &Tree) {
    let client = Client::open(&copy.home, quick(), PASSPHRASE).expect("the vault opens");
    let summary = client.summary(body, Fetched::default()).expect("a body");
    begins(tree, summary.position, &summary.root);
    let acts = client.acts(body).expect("acts");
    for ballot in &copy.ballots {
        let ballot = ballot.as_str().expect("an id");
        assert!(
            acts.iter().any(|act| act.statement.to_string() == ballot),
            "{ballot} was answered and is gone"
        );
    }
    let kept = client.notes(body, None).expect("notes");
    for text in &copy.notes {
        let count = kept.iter().filter(|note| note.texts.contains(text)).count();
        assert_eq!(count, 1, "{text}");
    }
}

/// A record of so many entries and this root is the beginning of the one in the end.
fn begins(tree: &Tree, entries: u64, root: &str) {
    assert_eq!(tree.root_at(entries), root.parse::<Hash>().ok(), "another history, of {entries} entries");
}
