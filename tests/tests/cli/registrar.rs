//! The registrar: the body, its members, their devices.

use crate::kit::{Office, has, pdf, rows, sample, text};
use ecabinet_tests::{Cabinet, Cli, MEMBERS, Server};
use serde_json::json;
use std::path::Path;

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
async fn body_create_with_a_clock_of_its_own() {
    let dir = tempfile::TempDir::new().expect("a folder");
    let server = Server::start(dir.path());
    let path = |name: &str| dir.path().join(name).to_string_lossy().into_owned();
    std::fs::write(path("secret"), "một mật khẩu dài\n").expect("written");
    std::fs::write(path("token"), format!("{}\n", server.token)).expect("written");
    let config = |timezone: &str| {
        let text = std::fs::read_to_string(sample("body.toml")).expect("the sample");
        std::fs::write(path("body.toml"), text.replace("\"+07:00\"", timezone)).expect("written");
    };
    let registrar = Cli { home: dir.path().join("registrar"), secret: path("secret").into() };
    let (token, config_file, out) = (path("token"), path("body.toml"), path("recovery"));
    let ca = server.ca_file.to_string_lossy();
    let mut create = vec!["body", "create", "--server", &server.address, "--vault-key", "passphrase"];
    create.extend(["--token-file", &token, "--ca", &ca, "--config", &config_file, "--recovery-out", &out]);
    config("\"Hà Nội\"");
    assert_eq!(registrar.fails(5, &create), "config.malformed");
    config("\"+09:30\"");
    let body = text(&registrar.done("body create", &create)["body"]);

    let members = path("members.csv");
    let member = Cabinet::id(1).to_string();
    std::fs::write(
        &members,
        format!("id,name,title,offices,order\n{member},Thư ký Mẫu,Văn phòng,secretariat,1\n"),
    )
    .expect("written");
    registrar.done("member add", &["member", "add", "--file", &members]);
    let link = text(&registrar.done("invite", &["invite", &member])["link"]);
    let secretary = Cli { home: dir.path().join("secretary"), secret: path("secret").into() };
    secretary.done("join", &["join", &link, "--device-name", "Máy", "--vault-key", "passphrase"]);
    std::fs::create_dir_all(dir.path().join("papers/01 Chung")).expect("a folder");
    std::fs::copy(pdf("paper.pdf"), dir.path().join("papers/01 Chung/01 Tờ trình.pdf")).expect("copied");
    let (papers, starts) = (path("papers"), "2026-11-24 10:30");
    let published = secretary.done("publish", &["publish", &papers, "--starts", starts, "--body", &body]);
    let shown = secretary.done("meeting show", &["meeting", "show", &text(&published["meeting"])]);
    assert_eq!((&shown["timezone"], &shown["starts"]), (&json!("+09:30"), &json!(1_795_482_000_000u64)));
    std::fs::write(dir.path().join("papers/meeting.toml"), "starts = 2026-11-25T10:30:00").expect("written");
    secretary.done("publish", &["publish", &papers]);
    let shown = secretary.done("meeting show", &["meeting", "show", &text(&published["meeting"])]);
    assert_eq!(shown["starts"], 1_795_568_400_000u64, "a day later, on the same clock");

    let paper = text(&shown["items"][0]["papers"][0]["id"]);
    let out = path("paper.pdf");
    let export = ["paper", "export", &paper, "--out", &out];
    assert_eq!(secretary.fails(1, &export), "policy.paper_export", "this body lets no paper leave");
    assert!(!Path::new(&out).exists());
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
    let picture = office.path("invitation.png");
    let second = registrar.done("invite", &["invite", &member, "--qr", &picture]);
    assert_eq!(scanned(&picture), text(&second["link"]));
    assert_eq!(registrar.fails(6, &["invite", &member, "--qr", &picture]), "file.exists");
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
    has(own, &["device", "member", "name", "status", "enrolled", "own", "digits", "pairing"]);
    assert_eq!((&own["device"], &own["name"]), (&joined.json["device"], &json!("Máy xách tay")));
    let waiting = text(&devices.iter().find(|row| row["status"] == "pending").expect("the tablet")["device"]);
    assert_eq!(laptop.fails(1, &["device", "confirm", &waiting]), "pairing.waiting");
    tablet.done("sync", &["sync"]);
    let listed = tablet.done("device list", &["device", "list"]);
    let digits = rows(&listed, "devices").iter().find(|row| row["device"] == own["device"]);
    let digits = text(&digits.expect("the laptop")["digits"]);
    assert_eq!(laptop.fails(2, &["device", "confirm", &waiting]), "usage.digits");
    let other = if digits == "000000" { "000001" } else { "000000" };
    assert_eq!(laptop.fails(1, &["device", "confirm", &waiting, "--digits", other]), "pairing.digits");
    let confirmed = laptop.done("device confirm", &["device", "confirm", &waiting, "--digits", &digits]);
    assert_eq!(confirmed["state"], "recorded");
    assert_eq!(laptop.fails(1, &["device", "restart"]), "device.not_pending");
    tablet.done("sync", &["sync"]);
    let revoked = laptop.done("device revoke", &["device", "revoke", &waiting, "--why", "Mất máy"]);
    assert_eq!(revoked["state"], "recorded");
    assert_eq!(tablet.fails(4, &["sync"]), "device.wiped");
}

/// What a telephone reads in a picture.
fn scanned(png: &str) -> String {
    let file = std::io::BufReader::new(std::fs::File::open(png).expect("a picture"));
    let mut reader = png::Decoder::new(file).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut pixels).expect("pixels");
    let (width, height) = (info.width as usize, info.height as usize);
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "one code");
    grids[0].decode().expect("read").1
}
