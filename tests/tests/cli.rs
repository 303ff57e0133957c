//! The command line as `docs/cli.md` promises it: a test for each line, the real programs, their JSON and exit status.

use ecabinet_domain::{Choice, MeetingId, StatementId};
use ecabinet_tests::{Cabinet, Cli, MEMBERS, Person, Ran, Server, program, run};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("in the workspace").to_owned()
}

fn sample(name: &str) -> String {
    repository().join("assets/sample").join(name).to_string_lossy().into_owned()
}

fn pdf(name: &str) -> PathBuf {
    repository().join("crates/pdf/tests/data").join(name)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text: {value}")).to_owned()
}

fn rows<'a>(answer: &'a Value, name: &str) -> &'a Vec<Value> {
    answer[name].as_array().unwrap_or_else(|| panic!("{name} in {answer}"))
}

/// Asserts that an answer has these fields.
fn has(answer: &Value, fields: &[&str]) {
    for field in fields {
        assert!(answer.get(field).is_some(), "no {field} in {answer}");
    }
}

/// Runs one of the other programs.
fn other(name: &str, args: &[&str]) -> Ran {
    run(Command::new(program(name)).args(args))
}

/// A cabinet with a published meeting and an open poll; its registrar and secretary sit at the command line.
struct Office {
    cabinet: Cabinet,
    meeting: MeetingId,
    poll: StatementId,
    registrar: Cli,
    secretary: Cli,
    people: Vec<Person>,
}

impl Office {
    /// Members 1, 2, … have joined, so many.
    async fn open(members: usize) -> Office {
        let mut cabinet = Cabinet::open().await;
        let meeting = cabinet.publish(None, "Điều 1").await.meeting;
        let poll = cabinet.open_poll(meeting).await;
        let mut people = Vec::new();
        for member in 1..=members {
            let person = cabinet.join(member, &format!("member {member}")).await;
            person.sync().await;
            people.push(person);
        }
        let registrar = Cli::of(&mut cabinet.registrar);
        let secretary = Cli::of(&mut cabinet.secretary);
        registrar.done("sync", &["sync"]);
        secretary.done("sync", &["sync"]);
        Office { cabinet, meeting, poll, registrar, secretary, people }
    }

    fn member(&mut self, at: usize) -> Cli {
        Cli::of(&mut self.people[at])
    }

    fn path(&self, name: &str) -> String {
        self.cabinet.path(name).to_string_lossy().into_owned()
    }

    /// A new home at the command line, not yet made.
    fn new_home(&self, name: &str) -> Cli {
        Cli { home: self.cabinet.path(name), secret: self.cabinet.registrar.secret_file() }
    }
}

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
    assert_eq!(said("vi"), "Biểu quyết chưa kết thúc. [poll.open]");
    assert_eq!(said("en"), "The poll is still open. [poll.open]");

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

#[tokio::test(flavor = "multi_thread")]
async fn body_create() {
    let dir = tempfile::TempDir::new().expect("a folder");
    let server = Server::start(dir.path());
    let path = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    std::fs::write(path("secret"), "một mật khẩu dài\n").expect("written");
    std::fs::write(path("token"), format!("{}\n", server.token)).expect("written");
    let (token, out, config, ca) =
        (path("token"), path("recovery"), sample("body.toml"), server.ca_file.to_string_lossy());
    let create =
        ["body", "create", "--server", &server.address, "--token-file", &token, "--vault-key", "passphrase"];
    let with =
        |rest: &[&str]| -> Vec<String> { create.iter().chain(rest).map(|s| (*s).to_owned()).collect() };
    let whole = with(&["--ca", &ca, "--config", &config, "--recovery-out", &out]);
    let whole: Vec<&str> = whole.iter().map(String::as_str).collect();
    let registrar = Cli { home: dir.path().join("registrar"), secret: path("secret").into() };

    let no_ca = with(&["--ca", "/nonexistent", "--config", &config, "--recovery-out", &out]);
    assert_eq!(registrar.fails(5, &no_ca.iter().map(String::as_str).collect::<Vec<_>>()), "ca.unreadable");
    std::fs::write(path("broken.toml"), "name = 3").expect("written");
    let (broken, taken) = (path("broken.toml"), path("taken"));
    let malformed = with(&["--ca", &ca, "--config", &broken, "--recovery-out", &out]);
    assert_eq!(
        registrar.fails(5, &malformed.iter().map(String::as_str).collect::<Vec<_>>()),
        "config.malformed"
    );
    std::fs::write(&taken, "gì đó").expect("written");
    let occupied = with(&["--ca", &ca, "--config", &config, "--recovery-out", &taken]);
    assert_eq!(registrar.fails(6, &occupied.iter().map(String::as_str).collect::<Vec<_>>()), "file.exists");
    assert_eq!(std::fs::read_to_string(&taken).expect("there"), "gì đó");

    let made = registrar.done("body create", &whole);
    has(&made, &["body", "device", "registrars"]);
    assert_eq!(made["registrars"], json!([made["device"]]));
    let recovery = std::fs::read_to_string(&out).expect("the recovery key");
    assert!(ecabinet_record::code::ungroup(&recovery).is_ok(), "in checked groups: {recovery}");
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(&out).expect("there").permissions().mode() & 0o777, 0o600);
    let spent = path("recovery 2");
    let again = with(&["--ca", &ca, "--config", &config, "--recovery-out", &spent]);
    let code = registrar.fails(1, &again.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(code, "admission.token", "a token is for one body");
    assert!(!Path::new(&spent).exists());
    registrar.done("sync", &["sync"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn member_add_groups_retire_list() {
    let office = Office::open(0).await;
    let (file, audience) = (sample("members.csv"), sample("audience.toml"));
    let count = std::fs::read_to_string(&file).expect("a file").lines().count() - 1;
    assert_eq!(office.registrar.done("member add", &["member", "add", "--file", &file])["added"], count);
    assert_eq!(
        office.registrar.done("member add", &["member", "add", "--file", &file])["added"],
        0,
        "known already"
    );
    let broken = office.path("broken.csv");
    std::fs::write(&broken, "id,name\nx,y\n").expect("written");
    assert_eq!(office.registrar.fails(5, &["member", "add", "--file", &broken]), "file.malformed");
    assert_eq!(office.registrar.done("member groups", &["member", "groups", "--file", &audience])["set"], 1);
    assert_eq!(office.registrar.done("member groups", &["member", "groups", "--file", &audience])["set"], 0);

    let listed = office.registrar.done("member list", &["member", "list"]);
    let members = rows(&listed, "members");
    assert_eq!(members.len(), count + MEMBERS + 1);
    has(&members[0], &["id", "name", "title", "office", "order", "since", "until"]);
    let first = members.iter().find(|row| row["name"] == "Đỗ Mẫu Ưng").expect("the first of the file");
    assert_eq!((&first["office"], &first["order"]), (&json!("member chair"), &json!(1)));
    let retired = office.registrar.done("member retire", &["member", "retire", &text(&first["id"])]);
    has(&retired, &["statement", "state"]);
    assert_eq!(retired["state"], "recorded");
    let listed = office.registrar.done("member list", &["member", "list"]);
    let last = rows(&listed, "members").last().expect("rows");
    assert!(last["id"] == first["id"] && last["until"].is_u64(), "retired ones last: {last}");
}

#[tokio::test(flavor = "multi_thread")]
async fn invite_revoke_join_and_devices() {
    let office = Office::open(0).await;
    let registrar = &office.registrar;
    let (member, out) = (Cabinet::id(1).to_string(), office.path("invitation"));
    let made = registrar.done("invite", &["invite", &member, "--expires", "2h", "--out", &out]);
    has(&made, &["invitation", "link", "expires"]);
    assert_eq!(std::fs::read_to_string(&out).expect("a file").trim(), made["link"]);
    assert_eq!(
        registrar.fails(6, &["invite", &member, "--out", &out]),
        "file.exists",
        "before anything is issued"
    );
    assert_eq!(registrar.fails(2, &["invite", &member, "--expires", "soon"]), "usage.duration");
    let second = registrar.done("invite", &["invite", &member]);
    let revoked = registrar.done("invite revoke", &["invite", "revoke", &text(&second["invitation"])]);
    assert_eq!(revoked["state"], "recorded");

    let laptop = office.new_home("laptop");
    let code = office.path("recovery");
    let join = |invitation: &str, more: &[&str]| -> Vec<String> {
        let args = ["join", invitation, "--device-name", "Máy xách tay", "--vault-key", "passphrase"];
        args.iter().chain(more).map(|arg| (*arg).to_owned()).collect()
    };
    let args = |args: &'_ [String]| -> Vec<String> { args.to_vec() };
    let call =
        |who: &Cli, line: Vec<String>| who.run(&args(&line).iter().map(String::as_str).collect::<Vec<_>>());
    let refused = call(&laptop, join(&text(&second["link"]), &[]));
    assert_eq!((refused.exit, refused.code().as_str()), (1, "invitation.revoked"));
    let joined = call(&laptop, join(&out, &["--recovery-out", &code]));
    assert_eq!(joined.exit, 0, "{}{}", joined.stdout, joined.stderr);
    assert_eq!(joined.json["schema"], "join/1");
    has(&joined.json, &["body", "member", "device", "pending"]);
    assert_eq!((&joined.json["member"], &joined.json["pending"]), (&json!(member), &json!(false)));
    assert!(joined.json.get("recovery_code").is_none() && Path::new(&code).exists());
    let again = call(&laptop, join(&out, &[]));
    assert_eq!((again.exit, again.code().as_str()), (6, "body.already_joined"));

    let third = registrar.done("invite", &["invite", &member]);
    let tablet = office.new_home("tablet");
    let pending = call(&tablet, join(&text(&third["link"]), &[]));
    assert_eq!((pending.exit, &pending.json["pending"]), (0, &json!(true)), "{}", pending.stdout);
    laptop.done("sync", &["sync"]);
    let listed = laptop.done("device list", &["device", "list"]);
    let devices = rows(&listed, "devices");
    let own = devices.iter().find(|row| row["own"] == true).expect("this one");
    has(own, &["device", "member", "name", "status", "enrolled", "own"]);
    assert_eq!((&own["device"], &own["name"]), (&joined.json["device"], &json!("Máy xách tay")));
    let waiting = text(&devices.iter().find(|row| row["status"] == "pending").expect("the tablet")["device"]);
    let confirmed = laptop.done("device confirm", &["device", "confirm", &waiting]);
    assert_eq!(confirmed["state"], "recorded");
    tablet.done("sync", &["sync"]);
    let revoked = laptop.done("device revoke", &["device", "revoke", &waiting, "--why", "Mất máy"]);
    assert_eq!(revoked["state"], "recorded");
    assert_eq!(tablet.fails(1, &["sync"]), "device.revoked");
}

/// A folder of papers: item/paper and the file that it is.
fn folder(office: &Office, name: &str, papers: &[(&str, &str)]) -> String {
    for (path, file) in papers {
        let to = office.cabinet.path(name).join(path);
        std::fs::create_dir_all(to.parent().expect("an item")).expect("a folder");
        std::fs::copy(pdf(file), to).expect("copied");
    }
    office.path(name)
}

#[tokio::test(flavor = "multi_thread")]
async fn publish_a_folder_and_the_changed_folder_again() {
    let mut office = Office::open(1).await;
    let papers = folder(
        &office,
        "papers",
        &[
            ("01 Ngân sách/01 Tờ trình.pdf", "paper.pdf"),
            ("01 Ngân sách/02 Bản quét.pdf", "scan.pdf"),
            ("02 Đê điều/01 Tờ trình.pdf", "rotated.pdf"),
        ],
    );
    let publish = [
        "publish",
        &papers,
        "--title",
        "Phiên họp tháng 11",
        "--starts",
        "2026-11-24 08:00",
        "--place",
        "Phòng 1",
    ];
    assert_eq!(office.secretary.fails(2, &["publish", &papers]), "usage.starts");
    let tried = office.secretary.done("publish", &[&publish[..], &["--dry-run"]].concat());
    assert_eq!((&tried["items"], &tried["papers"], &tried["problems"]), (&json!(2), &json!(3), &json!([])));
    assert_eq!(rows(&office.secretary.done("meeting list", &["meeting", "list"]), "meetings").len(), 1);

    let first = office.secretary.done("publish", &publish);
    has(&first, &["meeting", "version", "items", "papers", "new_bytes", "shared_bytes", "problems"]);
    let size = |file: &str| std::fs::metadata(pdf(file)).expect("a file").len();
    let all = size("paper.pdf") + size("scan.pdf") + size("rotated.pdf");
    assert_eq!((&first["version"], &first["items"], &first["papers"]), (&json!(1), &json!(2), &json!(3)));
    assert_eq!((&first["new_bytes"], &first["shared_bytes"]), (&json!(all), &json!(0)));
    assert_eq!(first["state"], "recorded");

    folder(&office, "papers", &[("01 Ngân sách/01 Tờ trình.pdf", "signed.pdf")]);
    let second = office.secretary.done("publish", &["publish", &papers, "--reason", "Sửa Điều 3"]);
    assert_eq!((&second["meeting"], &second["version"]), (&first["meeting"], &json!(2)));
    assert!(second["shared_bytes"].as_u64() >= Some(size("scan.pdf") + size("rotated.pdf")), "{second}");
    assert!(second["new_bytes"].as_u64() <= Some(size("signed.pdf")), "{second}");

    let minister = office.member(0);
    let synced = minister.done("sync", &["sync"]);
    assert_eq!(synced["papers"], json!({ "ready": 4, "total": 4 }));
    let shown = minister.done("meeting show", &["meeting", "show", &text(&first["meeting"])]);
    assert_eq!(
        (&shown["title"], &shown["place"], &shown["version"]),
        (&json!("Phiên họp tháng 11"), &json!("Phòng 1"), &json!(2))
    );
    assert_eq!(shown["starts"], 1_795_482_000_000u64);
    assert_eq!((&shown["items"][0]["number"], &shown["items"][0]["title"]), (&json!(1), &json!("Ngân sách")));
    assert_eq!(shown["items"][0]["papers"][1]["title"], "Bản quét");
}

#[tokio::test(flavor = "multi_thread")]
async fn publish_names_every_file_that_is_not_sound_and_publishes_nothing() {
    let office = Office::open(0).await;
    let papers = folder(
        &office,
        "papers",
        &[
            ("01 Ngân sách/01 Tờ trình.pdf", "paper.pdf"),
            ("01 Ngân sách/02 Mật khẩu.pdf", "encrypted.pdf"),
            ("01 Ngân sách/03 Cụt.pdf", "truncated.pdf"),
            ("02 Đê điều/01 Giả.pdf", "text.pdf"),
            ("02 Đê điều/02 Ghi chép.txt", "README.md"),
        ],
    );
    std::fs::copy(pdf("paper.pdf"), Path::new(&papers).join("Lạc chỗ.pdf")).expect("copied");
    let before = office.cabinet.server.check()["entries"].clone();
    let ran = office.secretary.run(&["publish", &papers, "--starts", "2026-11-24 08:00"]);
    assert_eq!((ran.exit, &ran.json["schema"]), (5, &json!("publish/1")), "{}{}", ran.stdout, ran.stderr);
    let problem = |path: &str, code: &str| json!({ "path": path, "code": code });
    let expected = [
        problem("01 Ngân sách/02 Mật khẩu.pdf", "pdf.encrypted"),
        problem("01 Ngân sách/03 Cụt.pdf", "pdf.truncated"),
        problem("02 Đê điều/01 Giả.pdf", "pdf.not_pdf"),
        problem("02 Đê điều/02 Ghi chép.txt", "pdf.not_pdf"),
        problem("Lạc chỗ.pdf", "publish.not_in_item"),
    ];
    assert_eq!(ran.json["problems"], json!(expected));
    assert_eq!(office.cabinet.server.check()["entries"], before);
    assert_eq!(rows(&office.secretary.done("meeting list", &["meeting", "list"]), "meetings").len(), 1);
    let outbox = office.secretary.done("outbox list", &["outbox", "list"]);
    assert!(rows(&outbox, "acts").iter().all(|act| act["state"] == "recorded"));
    std::fs::create_dir(office.cabinet.path("empty")).expect("a folder");
    assert_eq!(
        office.secretary.fails(5, &["publish", &office.path("empty"), "--starts", "2026-11-24 08:00"]),
        "publish.empty"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn publish_without_a_network_waits_and_is_not_made_twice() {
    let mut office = Office::open(0).await;
    let papers = folder(&office, "papers", &[("01 Ngân sách/01 Tờ trình.pdf", "paper.pdf")]);
    let publish = ["publish", &papers, "--starts", "2026-11-24 08:00"];
    office.cabinet.server.kill();
    let first = office.secretary.done("publish", &publish);
    assert_eq!(first["state"], "saved");
    assert_eq!(office.secretary.fails(6, &publish), "publish.waiting");
    office.cabinet.server.resume();
    let second = office.secretary.done("publish", &publish);
    assert_eq!(
        (&second["meeting"], &second["version"]),
        (&first["meeting"], &json!(2)),
        "the first was sent before it"
    );
    assert_eq!(rows(&office.secretary.done("meeting list", &["meeting", "list"]), "meetings").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn publish_for_an_audience_needs_its_groups_as_the_record_has_them() {
    let mut office = Office::open(2).await;
    let group = "55a55587557230d0ff2a7ad95854d874";
    let audience = office.path("audience.toml");
    let insider = Cabinet::id(1);
    let toml = format!(
        "\"02 Nhân sự\" = [\"group:{group}\", \"office:secretariat\"]\n[groups.g]\nid = \"{group}\"\nname = \"Tổ\"\nmembers = [\"{insider}\"]\n"
    );
    std::fs::write(&audience, toml).expect("written");
    let papers = folder(
        &office,
        "papers",
        &[("01 Chung/01 Tờ trình.pdf", "paper.pdf"), ("02 Nhân sự/01 Kín.pdf", "rotated.pdf")],
    );
    let publish = ["publish", &papers, "--starts", "2026-11-24 08:00", "--audience", &audience];
    assert_eq!(office.secretary.fails(5, &publish), "config.group");
    assert_eq!(office.registrar.done("member groups", &["member", "groups", "--file", &audience])["set"], 1);
    let published = office.secretary.done("publish", &publish);
    let (inside, outside) = (office.member(0), office.member(1));
    assert_eq!(inside.done("sync", &["sync"])["papers"]["total"], 3);
    assert_eq!(outside.done("sync", &["sync"])["papers"]["total"], 2);
    let shown = outside.done("meeting show", &["meeting", "show", &text(&published["meeting"])]);
    assert_eq!(rows(&shown, "items").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn poll_open_close_result() {
    let mut office = Office::open(2).await;
    let (meeting, rule) = (office.meeting.to_string(), sample("rule.toml"));
    let opened = office.secretary.done(
        "poll open",
        &[
            "poll",
            "open",
            "--meeting",
            &meeting,
            "--item",
            "1",
            "--rule",
            &rule,
            "--closes",
            "2026-11-24 17:00",
        ],
    );
    has(&opened, &["poll", "statement", "state"]);
    assert_eq!((&opened["poll"], &opened["state"]), (&opened["statement"], &json!("recorded")));
    let item = text(&office.secretary.done("meeting show", &["meeting", "show", &meeting])["items"][0]["id"]);
    office
        .secretary
        .done("poll open", &["poll", "open", "--meeting", &meeting, "--item", &item, "--rule", &rule]);
    let unknown = ["poll", "open", "--meeting", &meeting, "--item", "7", "--rule", &rule];
    assert_eq!(office.secretary.fails(1, &unknown), "item.unknown");
    let broken = office.path("rule.toml");
    std::fs::write(&broken, "choices = [\"no\"]\n[text]\nquestion = \"?\"\nbasis = \"\"\n").expect("written");
    let malformed = ["poll", "open", "--meeting", &meeting, "--item", "1", "--rule", &broken];
    assert_eq!(office.secretary.fails(5, &malformed), "config.malformed");

    let poll = text(&opened["poll"]);
    let (one, other) = (office.member(0), office.member(1));
    for (who, choice) in [(&one, "yes"), (&other, "abstain")] {
        who.done("sync", &["sync"]);
        who.done("vote", &["vote", &poll, choice]);
    }
    assert_eq!(one.fails(1, &["poll", "result", &poll]), "poll.open");
    let closed = office.secretary.done("poll close", &["poll", "close", &poll]);
    assert_eq!(closed["state"], "recorded");
    one.done("sync", &["sync"]);
    let result = one.done("poll result", &["poll", "result", &poll]);
    let fields = [
        "poll",
        "n",
        "present",
        "yes",
        "no",
        "abstain",
        "other",
        "silent",
        "quorum_needed",
        "pass_needed",
        "tie_by",
        "result",
    ];
    has(&result, &fields);
    assert_eq!(
        (&result["n"], &result["yes"], &result["abstain"], &result["silent"]),
        (&json!(5), &json!(1), &json!(1), &json!(3))
    );
    assert_eq!((&result["pass_needed"], &result["result"]), (&json!(3), &json!("inquorate")));
    assert_eq!(one.fails(1, &["vote", &poll, "no", "--replace"]), "poll.closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn attendance_set() {
    let office = Office::open(0).await;
    let (meeting, member) = (office.meeting.to_string(), Cabinet::id(1).to_string());
    for state in ["present", "remote", "absent", "substitute"] {
        let set = office.secretary.done("attendance set", &["attendance", "set", &meeting, &member, state]);
        assert_eq!(set["state"], "recorded");
        assert!(set["statement"].is_string());
    }
    assert_eq!(
        office.secretary.fails(2, &["attendance", "set", &meeting, &member, "asleep"]),
        "usage.arguments"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn status_tells_who_has_what_and_who_has_voted() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    minister.done("vote", &["vote", &office.poll.to_string(), "yes"]);
    office.secretary.done("sync", &["sync"]);
    let status = office.secretary.done("status", &["status", "--meeting", &office.meeting.to_string()]);
    let members = rows(&status, "members");
    let row = members.iter().find(|row| row["name"] == "Thành viên Mẫu 2").expect("the minister");
    assert_eq!(row["voted"], json!([office.poll]));
    has(&row["devices"][0], &["received_version", "last_contact"]);
    assert_eq!(row["devices"][0]["received_version"], 1);
    assert!(row["devices"][0]["last_contact"].is_u64());
    let silent = members.iter().find(|row| row["name"] == "Thành viên Mẫu 3").expect("another");
    assert_eq!((&silent["voted"], &silent["devices"]), (&json!([]), &json!([])));
    assert_eq!(
        office.secretary.done("status", &["status"])["meeting"],
        json!(office.meeting),
        "the next one"
    );
    assert_eq!(minister.fails(1, &["status"]), "capacity.not_held");
}

#[tokio::test(flavor = "multi_thread")]
async fn receipt_of_a_statement_and_its_check() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    let statement = text(&minister.done("vote", &["vote", &office.poll.to_string(), "yes"])["statement"]);
    let out = office.path("receipt");
    minister.done("receipt", &["receipt", &statement, "--out", &out]);
    assert_eq!(minister.fails(6, &["receipt", &statement, "--out", &out]), "file.exists");
    let shown = minister.done("receipt", &["receipt", &statement]);
    assert_eq!(text(&shown["receipt"]).trim_end(), std::fs::read_to_string(&out).expect("a file").trim_end());
    assert_eq!(minister.fails(1, &["receipt", &"0".repeat(64)]), "receipt.none");

    let data = office.cabinet.server.data.to_string_lossy().into_owned();
    let listen = &office.cabinet.server.address;
    let server = other(
        "ecabinet-server",
        &["init", "--json", "--data", &data, "--name", "127.0.0.1", "--listen", listen],
    );
    let (body, key) = (office.cabinet.body.to_string(), text(&server.json["log_key"]));
    office.cabinet.server.kill();
    let check = |file: &str, body: &str, key: &str| {
        other("ecabinet", &["receipt", "check", file, "--json", "--body", body, "--log-key", key])
    };
    let held = check(&out, &body, &key);
    assert_eq!(
        (held.exit, &held.json["schema"]),
        (0, &json!("receipt check/1")),
        "{}{}",
        held.stdout,
        held.stderr
    );
    has(&held.json, &["holds", "statement", "index", "time", "size"]);
    assert_eq!((&held.json["holds"], &held.json["statement"]), (&json!(true), &json!(statement)));
    let failed = |ran: Ran| (ran.exit, ran.code());
    assert_eq!(failed(check(&out, &"0".repeat(64), &key)), (1, "receipt.other_body".into()));
    let another = ecabinet_record::KeyPair::from_seed(&[9; 64]).public().sign.to_string();
    assert_eq!(failed(check(&out, &body, &another)), (1, "receipt.not_signed".into()));
    let real = std::fs::read_to_string(&out).expect("a file");
    let index = held.json["index"].as_u64().expect("a position");
    let moved = office.path("moved");
    std::fs::write(&moved, real.replace(&format!("index {index}\n"), &format!("index {}\n", index - 1)))
        .expect("written");
    assert_eq!(failed(check(&moved, &body, &key)), (1, "receipt.path".into()));
    std::fs::write(&moved, "không phải").expect("written");
    assert_eq!(failed(check(&moved, &body, &key)), (5, "receipt.malformed".into()));
    assert_eq!(other("ecabinet", &["receipt", "check", &out, "--json", "--log-key", &key]).exit, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn payload_erase() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    let acts = office.secretary.done("outbox list", &["outbox", "list"]);
    let paper =
        rows(&acts, "acts").iter().find(|act| act["kind"] == "paper.publish").expect("a paper").clone();
    has(&paper, &["statement", "kind", "state", "entry"]);
    let entry = paper["entry"].to_string();
    let erased = office.secretary.done("payload erase", &["payload", "erase", &entry, "--why", "Gửi nhầm"]);
    assert_eq!(erased["state"], "recorded");
    minister.done("sync", &["sync"]);
    let listed = minister.done("paper list", &["paper", "list", &office.meeting.to_string()]);
    assert!(rows(&listed, "papers").is_empty(), "{listed}");
    let out = office.path("export");
    let exported = minister.done("export", &["export", "--out", &out]);
    assert_eq!(exported["erased"], 1);
    assert_eq!(minister.fails(1, &["payload", "erase", &entry, "--why", "Không"]), "capacity.not_held");
}

#[tokio::test(flavor = "multi_thread")]
async fn sync_once_and_the_record_only() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    let papers = folder(&office, "papers", &[("01 Ngân sách/01 Tờ trình.pdf", "paper.pdf")]);
    office.secretary.done("publish", &["publish", &papers, "--starts", "2026-11-24 08:00"]);
    let only = minister.done("sync", &["sync", "--record-only"]);
    has(&only, &["position", "root", "fetched_bytes", "reused_bytes", "papers", "outbox"]);
    has(&only["outbox"], &["saved", "received", "recorded", "counted", "refused"]);
    assert_eq!(only["papers"], json!({ "ready": 1, "total": 2 }));
    let entries = only["fetched_bytes"].as_u64().expect("bytes");
    assert!(entries > 0 && entries < 20_000, "three entries: {entries}");
    let whole = minister.done("sync", &["sync", "--once"]);
    let size = std::fs::metadata(pdf("paper.pdf")).expect("a file").len();
    assert_eq!((&whole["fetched_bytes"], &whole["papers"]["ready"]), (&json!(size), &json!(2)));
    let again = minister.done("sync", &["sync"]);
    assert_eq!(again["fetched_bytes"], 0);
    assert_eq!(again["reused_bytes"].as_u64(), whole["reused_bytes"].as_u64().map(|bytes| bytes + size));
    let checked = office.cabinet.server.check();
    assert_eq!((&again["position"], &again["root"]), (&checked["entries"], &checked["root"]));
    assert_eq!(minister.fails(2, &["sync", "--once", "--follow"]), "usage.arguments");
}

#[tokio::test(flavor = "multi_thread")]
async fn meeting_list_show_and_paper_list_check() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    let meeting = office.meeting.to_string();
    let listed = minister.done("meeting list", &["meeting", "list"]);
    has(&rows(&listed, "meetings")[0], &["id", "title", "starts", "place", "version", "items"]);
    let shown = minister.done("meeting show", &["meeting", "show", &meeting]);
    has(&shown, &["id", "title", "starts", "place", "version", "items"]);
    has(&shown["items"][0], &["number", "id", "title", "agency", "papers", "polls"]);
    assert_eq!(shown["items"][0]["polls"], json!([{ "poll": office.poll, "open": true }]));
    assert_eq!(minister.fails(1, &["meeting", "show", &"0".repeat(32)]), "meeting.unknown");
    let papers = minister.done("paper list", &["paper", "list", &meeting]);
    let paper = rows(&papers, "papers")[0].clone();
    has(&paper, &["id", "rev", "title", "pages", "size", "ready", "signed", "sha256"]);
    let checked = minister.done("paper check", &["paper", "check", &text(&paper["id"])]);
    has(&checked, &["paper", "rev", "sha256", "size", "chunks"]);
    assert_eq!(checked["sha256"], paper["sha256"]);

    let chunk = std::fs::read_dir(minister.home.join("chunks"))
        .expect("chunks")
        .flatten()
        .next()
        .expect("a folder")
        .path();
    let chunk = std::fs::read_dir(chunk).expect("files").flatten().next().expect("a file").path();
    let mut bytes = std::fs::read(&chunk).expect("bytes");
    bytes[5] ^= 1;
    std::fs::write(&chunk, bytes).expect("written");
    assert_eq!(minister.fails(1, &["paper", "check", &text(&paper["id"])]), "paper.damaged");
}

#[tokio::test(flavor = "multi_thread")]
async fn vote_and_the_outbox_without_a_network() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    let poll = office.poll.to_string();
    office.cabinet.server.kill();
    let saved = minister.done("vote", &["vote", &poll, "yes"]);
    assert_eq!(saved["state"], "saved");
    assert_eq!(minister.fails(6, &["vote", &poll, "no"]), "ballot.stands");
    let replaced = minister.done("vote", &["vote", &poll, "no", "--replace", "--text", "Cần xem lại"]);
    assert_eq!(minister.fails(1, &["vote", &poll, "other"]), "ballot.choice");
    let listed = minister.done("outbox list", &["outbox", "list"]);
    let newest = &rows(&listed, "acts")[0];
    has(newest, &["statement", "kind", "state", "entry", "code", "saved_at"]);
    assert_eq!((&newest["statement"], &newest["state"]), (&replaced["statement"], &json!("saved")));
    let third = minister.done("vote", &["vote", &poll, "yes", "--replace"]);
    let drop_it = ["outbox", "drop", &text(&third["statement"])];
    assert_eq!(minister.fails(2, &drop_it), "usage.yes");
    minister.done("outbox drop", &[&drop_it[..], &["--yes"]].concat());

    office.cabinet.server.resume();
    assert_eq!(minister.done("outbox retry", &["outbox", "retry"])["retried"], 0);
    let listed = minister.done("outbox list", &["outbox", "list"]);
    let states: Vec<&Value> = rows(&listed, "acts").iter().map(|act| &act["state"]).take(2).collect();
    assert_eq!(states, ["recorded", "superseded"]);
    assert_eq!(
        minister.fails(1, &["outbox", "drop", &text(&replaced["statement"]), "--yes"]),
        "act.cannot_drop"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn note_add_list() {
    let mut office = Office::open(1).await;
    let minister = office.member(0);
    let papers = minister.done("paper list", &["paper", "list", &office.meeting.to_string()]);
    let paper = text(&rows(&papers, "papers")[0]["id"]);
    let made = minister.done("note add", &["note", "add", &paper, "--page", "1", "Hỏi nguồn vốn"]);
    assert_eq!(minister.fails(2, &["note", "add", &paper, "--page", "0", "Trang nào?"]), "usage.arguments");
    for args in [&["note", "list"][..], &["note", "list", "--paper", &paper]] {
        let listed = minister.done("note list", args);
        let note = &rows(&listed, "notes")[0];
        has(note, &["note", "kind", "paper", "rev", "page", "exact", "texts", "changed"]);
        assert_eq!(
            (&note["note"], &note["page"], &note["texts"]),
            (&made["note"], &json!(1), &json!(["Hỏi nguồn vốn"]))
        );
    }
    let other_paper = minister.done("note list", &["note", "list", "--paper", &"0".repeat(32)]);
    assert!(rows(&other_paper, "notes").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn export_and_what_the_verifier_says_of_it() {
    let mut office = Office::open(1).await;
    office.people[0].vote(office.poll, Choice::Yes);
    office.people[0].sync().await;
    office.secretary.done("poll close", &["poll", "close", &office.poll.to_string()]);
    let minister = office.member(0);
    minister.done("sync", &["sync"]);
    let (out, body) = (office.path("export"), office.cabinet.body.to_string());
    let exported = minister.done("export", &["export", "--out", &out]);
    has(&exported, &["entries", "root", "withheld", "erased"]);
    assert_eq!(minister.fails(6, &["export", "--out", &out]), "export.exists");
    let checked = office.cabinet.server.check();
    assert_eq!((&exported["entries"], &exported["root"]), (&checked["entries"], &checked["root"]));
    office.cabinet.server.kill();

    let report = office.path("report.txt");
    let verify = |args: &[&str]| other("ecabinet-verify", &[&[&out, "--json"], args].concat());
    let held = verify(&["--body", &body, "--report", &report]);
    assert_eq!((held.exit, &held.json["holds"]), (0, &json!(true)), "{}{}", held.stdout, held.stderr);
    has(
        &held.json,
        &["schema", "body", "identity_checked", "entries", "root", "anchors", "witnesses", "outcomes"],
    );
    has(&held.json, &["erased", "withheld", "polls", "failures"]);
    assert_eq!((&held.json["root"], &held.json["withheld"]), (&exported["root"], &exported["withheld"]));
    assert_eq!((&held.json["polls"][0]["yes"], &held.json["polls"][0]["agrees"]), (&json!(1), &json!(true)));
    assert!(std::fs::read_to_string(&report).expect("a report").len() > 100);
    let unnamed = verify(&[]);
    assert_eq!((unnamed.exit, &unnamed.json["identity_checked"]), (2, &json!(false)));
    assert_eq!(verify(&["--body", &body, "--require-witnesses", "1"]).exit, 2);
    assert_eq!(verify(&["--body", &"0".repeat(64)]).exit, 1);
    let (a, b) = (verify(&["--body", &body]), verify(&["--body", &body]));
    assert_eq!(a.stdout, b.stdout, "same input, same bytes out");

    let entries = Path::new(&out).join("entries");
    let mut bytes = std::fs::read(&entries).expect("entries");
    let at = bytes.len() - 3;
    bytes[at] ^= 1;
    std::fs::write(&entries, bytes).expect("written");
    let failed = verify(&["--body", &body]);
    assert_eq!((failed.exit, &failed.json["holds"]), (1, &json!(false)));
    has(&failed.json["failures"][0], &["index", "statement", "code", "detail"]);
    let nothing = other("ecabinet-verify", &["/nonexistent", "--json", "--body", &body]);
    assert_eq!(nothing.exit, 5);
    assert!(nothing.json["error"]["code"].is_string());
}

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

#[test]
fn any_pdf_info_render_text_search() {
    let dir = tempfile::TempDir::new().expect("a folder");
    let paper = pdf("paper.pdf").to_string_lossy().into_owned();
    let call = |args: &[&str]| other("ecabinet", &[&["--json", "pdf"], args].concat());
    let info = call(&["info", &paper]);
    assert_eq!((info.exit, &info.json["schema"]), (0, &json!("pdf info/1")));
    let pages = rows(&info.json, "pages").len();
    has(&info.json, &["pages", "encrypted", "has_text", "signed"]);
    let out = dir.path().join("page.png").to_string_lossy().into_owned();
    let rendered = call(&["render", &paper, "--page", "1", "--dpi", "72", "--out", &out]);
    assert_eq!((rendered.exit, &rendered.json["schema"]), (0, &json!("pdf render/1")), "{}", rendered.stdout);
    assert!(std::fs::read(&out).expect("an image").starts_with(b"\x89PNG"));
    let all = dir.path().to_string_lossy().into_owned();
    assert_eq!(call(&["render", &paper, "--all", "--dpi", "30", "--out-dir", &all]).exit, 0);
    assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), pages + 1);
    assert_eq!(call(&["render", &paper, "--page", "1"]).exit, 2, "nowhere to write");
    assert_eq!(call(&["render", &paper, "--page", "99", "--out", &out]).code(), "pdf.page_missing");
    let words = call(&["text", &paper]);
    assert_eq!(
        (words.exit, &words.json["schema"], rows(&words.json, "pages").len()),
        (0, &json!("pdf text/1"), pages)
    );
    let found = call(&["search", &paper, "nghi quyet"]);
    assert_eq!((found.exit, &found.json["schema"]), (0, &json!("pdf search/1")));
    assert!(!rows(&found.json, "hits").is_empty());
    for (file, code) in
        [("encrypted.pdf", "pdf.encrypted"), ("truncated.pdf", "pdf.truncated"), ("text.pdf", "pdf.not_pdf")]
    {
        let refused = call(&["info", &pdf(file).to_string_lossy()]);
        assert_eq!((refused.exit, refused.code().as_str()), (5, code));
    }
    assert_eq!(call(&["info", "/nonexistent.pdf"]).exit, 5);
}

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
