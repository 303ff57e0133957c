//! What the programs of every earlier format kept: today's open it, read it, and go on with it.

use ecabinet_domain::StatementId;
use ecabinet_tests::{Cli, Moved, Person, Server, program, run};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// One kept format, copied so that it can be gone on with.
struct Kept {
    name: String,
    dir: TempDir,
    story: Value,
}

impl Kept {
    fn all() -> Vec<Kept> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
        let mut folders: Vec<PathBuf> =
            root.read_dir().expect("fixtures").map(|entry| entry.expect("an entry").path()).collect();
        folders.retain(|path| path.is_dir());
        folders.sort();
        folders.iter().map(|from| Kept::copy(from)).collect()
    }

    fn copy(from: &Path) -> Kept {
        let dir = TempDir::new().expect("a folder");
        let copied = Command::new("cp").arg("-r").arg(from.join(".")).arg(dir.path()).status();
        assert!(copied.expect("cp starts").success());
        let story = std::fs::read(dir.path().join("story.json")).expect("a story");
        let name = from.file_name().expect("a name").to_string_lossy().into_owned();
        Kept { name, dir, story: serde_json::from_slice(&story).expect("JSON") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn text(&self, name: &str) -> &str {
        self.story[name].as_str().unwrap_or_else(|| panic!("{name} in the story of {}", self.name))
    }

    fn statement(&self, name: &str) -> StatementId {
        self.text(name).parse().expect("an id")
    }

    fn open(&self, who: &str, server: &Server) -> Person {
        let body = self.text("body").parse().expect("an id");
        Person::of(self.path(who), Moved::env(&server.address), body)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_earlier_format_opens_reads_and_goes_on() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let all = Kept::all();
    assert_eq!(all.first().map(|kept| kept.name.as_str()), Some("v1"));
    for kept in all {
        println!("{}", kept.name);
        reads_without_a_network(&kept);
        goes_on(&kept).await;
        opens_with_the_printed_code(&kept);
    }
}

fn reads_without_a_network(kept: &Kept) {
    let minister = Cli::at(&kept.path("minister"));
    let notes = minister.done("note list", &["note", "list"]);
    let mut texts: Vec<&Value> =
        notes["notes"].as_array().expect("notes").iter().map(|note| &note["texts"][0]).collect();
    texts.sort_by_key(|text| text.to_string());
    let mut told: Vec<&Value> = kept.story["notes"].as_array().expect("notes").iter().collect();
    told.sort_by_key(|text| text.to_string());
    assert_eq!(texts, told, "{notes}");

    let result = minister.done("poll result", &["poll", "result", kept.text("closed")]);
    assert_eq!(
        (&result["yes"], &result["silent"], &result["result"]),
        (&2.into(), &1.into(), &"passed".into())
    );
    let acts = minister.done("outbox list", &["outbox", "list"]);
    let state = |id: &str| {
        let acts = acts["acts"].as_array().expect("acts");
        acts.iter().find(|act| act["statement"] == id).expect("the act")["state"].clone()
    };
    assert_eq!(
        (state(kept.text("counted")), state(kept.text("waiting"))),
        ("counted".into(), "saved".into())
    );
    let paper = minister.done("paper check", &["paper", "check", kept.text("paper")]);
    assert!(paper["chunks"].as_u64() >= Some(1), "{paper}");
}

async fn goes_on(kept: &Kept) {
    let server = Server::start(kept.dir.path());
    let checked = server.check();
    assert_eq!(checked["holds"], true, "{checked}");
    let (registrar, secretary) = (kept.open("registrar", &server), kept.open("secretary", &server));
    let minister = kept.open("minister", &server);
    let (body, open, waiting) = (minister.body(), kept.statement("open"), kept.statement("waiting"));
    minister.sync().await;
    assert_eq!(minister.state(waiting), "recorded");
    secretary.client().close_poll(body, open).expect("closed");
    secretary.sync().await;
    minister.sync().await;
    assert_eq!(minister.state(waiting), "counted");
    assert_eq!(minister.client().result(body, open).expect("a result").no, 1);
    let member = "00000000000000000000000000000003".parse().expect("an id");
    let made = registrar.client().invite(body, member, 3_600_000).expect("an invitation");
    registrar.sync().await;
    let mut newcomer = Person::new(kept.path("newcomer"), Moved::env(&server.address));
    newcomer.join(&made.ticket).await.expect("joins");
    assert_eq!(newcomer.client().result(body, open).expect("a result").no, 1);

    let export = kept.path("export");
    let exported = minister.client().export(body, None).expect("an export");
    exported.write_folder(&export).expect("written");
    let mut verify = Command::new(program("ecabinet-verify"));
    let verified = run(verify.arg(&export).args(["--json", "--body", &body.to_string()]));
    assert_eq!(verified.exit, 0, "{}{}", verified.stdout, verified.stderr);
    assert_eq!(verified.json["polls"].as_array().map(Vec::len), Some(2));
}

fn opens_with_the_printed_code(kept: &Kept) {
    let mut minister = Cli::at(&kept.path("minister"));
    let code = kept.path("minister-recovery.txt");
    minister.secret = kept.path("new-passphrase");
    std::fs::write(&minister.secret, "một mật khẩu khác").expect("written");
    minister.done(
        "vault recover",
        &["vault", "recover", "--vault-key", "passphrase", "--code-file", &code.display().to_string()],
    );
    let info = minister.done("vault info", &["vault", "info"]);
    assert_eq!(info["bodies"][0], kept.story["body"]);
}
