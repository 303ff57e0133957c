//! Who has not answered a form is reminded by the desktop, as the body has set it: once, in neutral words while the app is locked, and
//! never again after a restart.

use super::forms::new_form;
use super::{enrol, shots, unlock};
use ecabinet_client::NewForm;
use ecabinet_domain::{Int, Rule};
use ecabinet_tests::{App, Cabinet, DYKES, Folder, Notices, program};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const HOUR: u64 = 60 * 60 * 1000;

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as u64
}

fn due(form: NewForm, number: &str, at: u64) -> NewForm {
    let rules = form.rules.into_iter().map(|rule| Rule { closes: Int::new(at), ..rule }).collect();
    let mut content = form.content;
    content.number = number.into();
    NewForm { rules, content, ..form }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_reminded_of_once_and_a_locked_app_says_only_that_something_is_due() {
    let mut cabinet = Cabinet::open().await;
    cabinet.raise().await;
    let notices = Notices::start();
    let folder = Folder::new(cabinet.path("papers"), &[DYKES]);
    let meeting = cabinet.publish_folder(&folder, None, "");
    cabinet.secretary.sync().await;
    let item = cabinet.item(meeting, 1);
    let send = |form| cabinet.secretary.client().send_form(cabinet.body, form).expect("sent");
    // One is due in 20 hours; one in three days, of which nothing is said yet.
    let soon = send(due(new_form(item), "12/PLYK/2026", now() + 20 * HOUR));
    send(due(new_form(item), "13/PLYK/2026", now() + 72 * HOUR));
    cabinet.secretary.sync().await;

    let (home, shots) = (cabinet.path("minister"), shots("reminders"));
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let desktop = program("ecabinet-desktop");
    let mut app = App::open(&desktop, &[&ticket.link()], &home, &shots).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, "Thành viên Mẫu 2").await;
    let shown = notices.wait(1).await;
    assert_eq!(shown[0].by, "eCabinet");
    assert_eq!(shown[0].title, "Phiếu 12/PLYK/2026 sắp đến hạn trả lời");
    assert!(shown[0].text.starts_with("Hạn trả lời: "), "{:?}", shown[0]);
    app.read("Sắp đến hạn").await;
    app.look("home").await;
    let breaches = app.breaches("a home with something due").await;

    // Within two days: told once. Locked: what comes within its day is told without a word of what it is.
    let lately = now() + 24 * HOUR + 25_000;
    send(due(new_form(item), "14/PLYK/2026", lately));
    cabinet.secretary.sync().await;
    let shown = notices.wait(2).await;
    assert_eq!(shown[1].title, "Phiếu 14/PLYK/2026 sắp đến hạn trả lời");
    app.press("Thiết bị và cài đặt").await;
    app.press("Khóa ngay").await;
    app.see("input[inputmode=numeric]").await;
    assert_eq!(notices.shown().len(), 2, "not before its time");
    let shown = notices.wait(3).await;
    assert_eq!(shown[2].title, "Có phiếu lấy ý kiến sắp đến hạn trả lời");
    assert_eq!(shown[2].text, "Mở eCabinet để xem.");

    // Given once: not after unlocking, not after a restart, locked or not.
    unlock(&app).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    app.close().await;
    let mut app = App::start(&desktop, &home, &shots).await;
    app.see("input[inputmode=numeric]").await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    unlock(&app).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(notices.shown().len(), 3, "{:?}", notices.shown());

    // Nothing of what it was about was told; what waits beside the vault says nothing either.
    let told = format!("{:?}", notices.shown());
    assert!(!told.contains("đê điều") && !told.contains("Nghị quyết"), "{told}");
    let kept = std::fs::read_to_string(home.join("reminders.json")).expect("kept");
    assert!(!kept.contains("PLYK") && !kept.contains(&soon.to_string()), "{kept}");
    app.press("Việc cần xử lý").await;
    app.look("home-later").await;
    app.close().await;
    assert!(breaches.is_empty(), "{breaches:#?}");
}
