//! The minister's own story: publish, read offline, mark, vote, killed, back, counted.

use super::{PIN, enrol, shots, unlock};
use ecabinet_domain::Choice;
use ecabinet_tests::{App, Cabinet, DYKES, Folder, program, run};
use std::process::Command;
use std::time::Duration;

const NOTE: &str = "Hoi lai nguon von KHONGAIDOC";

#[tokio::test(flavor = "multi_thread")]
async fn a_minister_reads_marks_and_votes_on_a_plane_and_everything_is_still_there() {
    let mut cabinet = Cabinet::open().await;
    let home = cabinet.path("minister");
    let shots = shots("minister");
    let ticket = cabinet.invite(Cabinet::id(1)).await;

    // He types the invitation from its letter, sets a PIN and is given the recovery code.
    let desktop = program("ecabinet-desktop");
    let mut app = App::start(&desktop, &home, &shots).await;
    app.type_into("textarea", &ticket.typed()).await;
    app.shoot("invitation").await;
    app.press("Mở lời mời").await;
    enrol(&mut app, "Thành viên Mẫu 2").await;

    // The secretariat publishes and opens a poll; he sees it without asking.
    let folder = Folder::new(cabinet.path("papers"), &[DYKES]);
    let meeting = cabinet.publish_folder(&folder, None, "");
    let poll = cabinet.open_poll(meeting).await;
    cabinet.all_present(meeting).await;
    app.read("Thông qua dự thảo nghị quyết?").await;
    app.shoot("home").await;
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.read("đọc được khi không có mạng").await;
    app.shoot("agenda").await;
    app.close().await;

    // On the plane: no server, the app started anew.
    cabinet.server.kill();
    let mut app = App::start(&desktop, &home, &shots).await;
    unlock(&app).await;
    app.read("Không có mạng").await;
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.press("Củng cố đê điều").await;
    app.press("Dự thảo nghị quyết").await;
    app.settle().await;
    let sheet = "section.sheet .words.text";
    app.see(sheet).await;
    let words =
        "return JSON.stringify(document.querySelector('section.sheet .sr-only').innerText.slice(0, 80))";
    let text = app.run(words, Vec::new()).await;
    assert!(text.as_str().is_some_and(|text| text.len() > 10), "the page has words: {text}");
    select(&app, sheet).await;
    app.click("section.sheet [role=toolbar] button.colour").await;
    select_lower(&app, sheet).await;
    app.click("section.sheet [role=toolbar] button.note").await;
    app.type_into("aside textarea", NOTE).await;
    app.press("Xong").await;
    app.read(NOTE).await;
    app.shoot("reader-with-note").await;
    app.key("Escape").await;
    app.key("Escape").await;
    app.press("Củng cố đê điều").await;
    app.read("Biểu quyết").await;
    app.press("Biểu quyết").await;
    app.press("Tán thành").await;
    app.type_into("input[inputmode=numeric]", PIN).await;
    app.shoot("vote-confirm").await;
    app.press("Xác nhận").await;
    app.read("Đã lưu trên máy này").await;
    app.shoot("vote-saved").await;
    app.kill();

    // Started again after kill -9: all still there.
    let mut app = App::start(&desktop, &home, &shots).await;
    unlock(&app).await;
    app.press("1 việc chờ gửi").await;
    app.read("Đã lưu trên máy này").await;
    app.shoot("after-kill").await;

    // The server is back.
    cabinet.server.resume();
    app.read("Đã ghi nhận").await;
    app.read("Có mạng").await;
    app.shoot("recorded").await;
    app.key("Escape").await;

    // A second device of his, confirmed in the app, has the note; the server cannot read it.
    let tablet = cabinet.join(1, "tablet").await;
    app.press("Thiết bị và cài đặt").await;
    let digits = tablet.digits().await;
    app.read(&format!("{} {}", &digits[..3], &digits[3..])).await;
    app.press("Trùng khớp").await;
    app.type_into("input[inputmode=numeric]", PIN).await;
    app.shoot("confirm-device").await;
    app.click("button[type=submit]").await;
    let mut notes = Vec::new();
    for _ in 0..100 {
        let _ = tablet.client().sync(cabinet.body, false).await;
        notes = tablet.client().notes(cabinet.body, None).expect("notes");
        if notes.len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(notes.iter().any(|note| note.texts == [NOTE]), "the note is on the second device: {notes:?}");
    assert!(!cabinet.holds(&cabinet.server.data, NOTE.as_bytes()));
    assert!(!cabinet.holds(&home, NOTE.as_bytes()));

    // The others vote; the poll closes; everybody has the same result.
    for other in 2..5 {
        let person = cabinet.join(other, &format!("member {other}")).await;
        person.sync().await;
        person.vote(poll, if other < 4 { Choice::Yes } else { Choice::No });
        person.sync().await;
    }
    cabinet.close_poll(poll).await;
    app.press("Việc cần xử lý").await;
    app.read("Đã tính vào kết quả").await;
    app.shoot("counted").await;
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.press("Củng cố đê điều").await;
    app.press("Xem kết quả").await;
    app.read("Quy chế mẫu").await;
    app.read("Được thông qua").await;
    app.shoot("result").await;
    app.close().await;

    let export = cabinet.path("export");
    cabinet.secretary.sync().await;
    let exported = cabinet.secretary.client().export(cabinet.body, None).expect("an export");
    exported.write_folder(&export).expect("written");
    let body = cabinet.body.to_string();
    let verified =
        run(Command::new(program("ecabinet-verify")).arg(&export).args(["--json", "--body", &body]));
    assert_eq!(verified.exit, 0, "{}{}", verified.stdout, verified.stderr);
    assert_eq!(
        (verified.json["polls"][0]["yes"].as_u64(), verified.json["polls"][0]["agrees"].as_bool()),
        (Some(3), Some(true))
    );
}

/// Drags over the words in the upper half of the page.
pub(super) async fn select(app: &App, sheet: &str) {
    drag_over(app, sheet, 0).await;
}

async fn select_lower(app: &App, sheet: &str) {
    drag_over(app, sheet, 1).await;
}

/// Drags along a row until words are selected: where the rows lie depends on the paper.
async fn drag_over(app: &App, sheet: &str, skip: usize) {
    let mut found = 0;
    for row in 1..40 {
        let y = 40.0 + f64::from(row) * 14.0;
        app.drag(sheet, (180.0, y), (420.0, y + 2.0)).await;
        let bar = app
            .run(
                "return document.querySelector('section.sheet [role=toolbar] button.colour') !== null",
                Vec::new(),
            )
            .await;
        if bar == serde_json::Value::Bool(true) {
            if found == skip {
                return;
            }
            found += 1;
        }
    }
    panic!("no words can be selected");
}
