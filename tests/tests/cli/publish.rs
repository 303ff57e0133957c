//! The secretariat publishes a folder.

use crate::kit::{Office, folder, has, pdf, rows, sample, text};
use ecabinet_tests::Cabinet;
use serde_json::{Value, json};
use std::path::Path;

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
async fn publish_what_item_toml_and_meeting_toml_say_and_send_no_paper_again_for_it() {
    let mut office = Office::open(1).await;
    let papers = folder(
        &office,
        "papers",
        &[("01 Ngân sách/01 Tờ trình.pdf", "paper.pdf"), ("02 Đê điều/01 Tờ trình.pdf", "rotated.pdf")],
    );
    let write =
        |name: &str, toml: &str| std::fs::write(Path::new(&papers).join(name), toml).expect("written");
    write("meeting.toml", "title = \"Phiên họp mẫu\"\nplace = \"Phòng 1\"\nstarts = \"2026-11-24 08:00\"\n");
    write("01 Ngân sách/item.toml", "agency = \"Bộ Ngân khố\"\nminutes = 20\nkind = \"vote\"\n");
    let first = office.secretary.done("publish", &["publish", &papers]);
    let minister = office.member(0);
    minister.done("sync", &["sync"]);
    let meeting = text(&first["meeting"]);
    let shown = minister.done("meeting show", &["meeting", "show", &meeting]);
    assert_eq!(
        (&shown["title"], &shown["place"], &shown["starts"]),
        (&json!("Phiên họp mẫu"), &json!("Phòng 1"), &json!(1_795_482_000_000u64))
    );
    let facts = |item: &Value| ["title", "agency", "minutes", "kind"].map(|name| item[name].clone());
    assert_eq!(
        facts(&shown["items"][0]),
        [json!("Ngân sách"), json!("Bộ Ngân khố"), json!(20), json!("vote")]
    );
    assert_eq!(facts(&shown["items"][1]), [json!("Đê điều"), Value::Null, Value::Null, Value::Null]);

    write("meeting.toml", "order = [\"02 Đê điều\"]\n");
    write(
        "02 Đê điều/item.toml",
        "title = \"Củng cố đê điều\"\nagency = \"Bộ Thủy nông\"\nkind = \"report\"\n",
    );
    let second = office.secretary.done("publish", &["publish", &papers, "--place", "Phòng 2"]);
    assert_eq!((&second["meeting"], &second["version"]), (&first["meeting"], &json!(2)));
    assert_eq!((&second["new_bytes"], &second["shared_bytes"]), (&json!(0), &first["new_bytes"]));
    let synced = minister.done("sync", &["sync"]);
    assert!(synced["fetched_bytes"].as_u64() < Some(10_000), "statements and texts only: {synced}");
    let again = minister.done("meeting show", &["meeting", "show", &meeting]);
    assert_eq!(
        (&again["title"], &again["place"], &again["starts"]),
        (&shown["title"], &json!("Phòng 2"), &shown["starts"]),
        "what is typed, else what the file says, else as before"
    );
    let moved = [json!("Củng cố đê điều"), json!("Bộ Thủy nông"), Value::Null, json!("report")];
    assert_eq!((&again["items"][0]["number"], facts(&again["items"][0])), (&json!(1), moved));
    assert_eq!(facts(&again["items"][1]), facts(&shown["items"][0]));
    for (now, before) in [(0, 1), (1, 0)] {
        let same = |name: &str| assert_eq!(again["items"][now][name], shown["items"][before][name]);
        same("id");
        same("papers");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn publish_names_a_metadata_file_that_is_not_of_its_form() {
    let office = Office::open(0).await;
    let papers = folder(&office, "papers", &[("01 Ngân sách/01 Tờ trình.pdf", "paper.pdf")]);
    let write =
        |name: &str, toml: &str| std::fs::write(Path::new(&papers).join(name), toml).expect("written");
    write("meeting.toml", "starts = \"thứ Ba\"\n");
    write("01 Ngân sách/item.toml", "agency = \"Bộ Ngân khố\"\nminute = 20\n");
    let before = office.cabinet.server.check()["entries"].clone();
    let ran = office.secretary.run(&["publish", &papers, "--starts", "2026-11-24 08:00"]);
    assert_eq!((ran.exit, rows(&ran.json, "problems").len()), (5, 2), "{}{}", ran.stdout, ran.stderr);
    for (problem, (path, says)) in rows(&ran.json, "problems")
        .iter()
        .zip([("meeting.toml", "starts"), ("01 Ngân sách/item.toml", "minute")])
    {
        assert_eq!((&problem["path"], &problem["code"]), (&json!(path), &json!("config.malformed")));
        assert!(text(&problem["detail"]).contains(says), "{problem}");
    }
    write("01 Ngân sách/item.toml", "");
    write("meeting.toml", "order = [\"01 Ngân sách\", \"01 Ngân sách\", \"02 Đê điều\"]\n");
    let ran = office.secretary.run(&["publish", &papers, "--starts", "2026-11-24 08:00"]);
    let problem = |name: &str| json!({ "path": "meeting.toml", "code": "publish.order", "detail": name });
    assert_eq!(ran.json["problems"], json!([problem("01 Ngân sách"), problem("02 Đê điều")]));
    assert_eq!(office.cabinet.server.check()["entries"], before, "nothing was published");
}

#[tokio::test(flavor = "multi_thread")]
async fn publish_the_metadata_of_the_sample_session() {
    let office = Office::open(0).await;
    let to = office.cabinet.path("session");
    for entry in std::fs::read_dir(sample("papers")).expect("the sample").flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            std::fs::create_dir_all(&to).expect("a folder");
            std::fs::copy(from.join("item.toml"), to.join("item.toml")).expect("every item has one");
        } else {
            std::fs::copy(from, to).expect("copied");
        }
    }
    let published = office.secretary.done("publish", &["publish", &office.path("session")]);
    let shown = office.secretary.done("meeting show", &["meeting", "show", &text(&published["meeting"])]);
    assert_eq!(shown["starts"], 1_795_482_000_000u64);
    assert_eq!(shown["title"], "Phiên họp Chính phủ thường kỳ tháng 11 năm 2026");
    let items = rows(&shown, "items");
    assert_eq!(items.len(), 8);
    assert_eq!(items[1]["agency"], "Bộ Ngân khố");
    assert!(items.iter().all(|item| item["agency"].is_string() && item["minutes"].is_u64()));
}
