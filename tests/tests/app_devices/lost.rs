use crate::{PIN, confirm, enrol, join, open, shots, unlock};
use ecabinet_client::{Mark, Vote};
use ecabinet_domain::Choice;
use ecabinet_tests::{App, Cabinet, program};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_laptop_ends_when_it_is_opened_again_and_says_what_was_lost() {
    let cabinet = Cabinet::open().await;
    let old = cabinet.join(1, "old").await;
    let published = cabinet.publish(None, "Điều 1").await;
    let poll = cabinet.open_poll(published.meeting).await;
    old.sync().await;
    let (home, shots) = (cabinet.path("new"), shots("lost"));
    let app = join(&home, &cabinet.invite(Cabinet::id(1)).await, &shots).await;
    confirm(&cabinet, &app, &old).await;
    app.read("Biểu quyết").await;
    app.close().await;

    // On the way home, without a network: a ballot and two notes.
    let away = open(&home).await;
    let vote = Vote { poll, choice: Choice::Yes, text: None, replace: true };
    away.vote(cabinet.body, vote).expect("a ballot");
    let rev = away.meeting(cabinet.body, published.meeting).expect("a meeting").items[0].papers[0].rev;
    for text in ["Hỏi nguồn vốn", "Hỏi tiến độ"] {
        away.add_mark(cabinet.body, &Mark::note(rev, 0), Some(text)).expect("kept");
    }
    let lost = away.device_of(cabinet.body).expect("a device");
    drop(away);
    old.client().revoke_device(cabinet.body, lost, Some("Mất máy".into())).expect("revoked");
    old.sync().await;

    let mut app = App::start(&program("ecabinet-desktop"), &home, &shots).await;
    app.resize(1280, 800).await;
    unlock(&app, PIN).await;
    app.read("Máy này đã bị thu hồi").await;
    for words in ["từ một thiết bị khác của chính mình", "1 phiếu biểu quyết", "2 ghi chú", "mã khôi phục"]
    {
        app.read(words).await;
    }
    app.look("wiped").await;
    app.kill();
    let left = |name: &str| home.join(name).exists();
    assert!(!left("vault.db") && !left("slots.json") && !left("chunks"), "nothing is left to read");

    let mut app = App::start(&program("ecabinet-desktop"), &home, &shots).await;
    app.resize(1280, 800).await;
    app.read("Máy này đã bị thu hồi").await;
    app.press("English").await;
    app.read("1 ballot").await;
    app.look("wiped-en").await;
    app.press("Tiếng Việt").await;
    app.press("Mở lời mời mới").await;
    enrol(&app, &cabinet.invite(Cabinet::id(1)).await).await;
    confirm(&cabinet, &app, &old).await;
    devices(&mut app).await;
    app.close().await;
}

/// The screen of devices, and the question before one is revoked.
async fn devices(app: &mut App) {
    app.press("Thiết bị và cài đặt").await;
    app.read("Đã thu hồi").await;
    app.look("devices").await;
    let press =
        "[...document.querySelectorAll('li button')].find(e => e.innerText.includes(arguments[0])).click()";
    app.run(press, vec![json!("Thu hồi")]).await;
    app.read("tự hủy toàn bộ dữ liệu").await;
    app.look("revoke").await;
}
