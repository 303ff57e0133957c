use crate::{join, shots, waiting};
use ecabinet_tests::{App, Cabinet, Person};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_new_laptop_shows_six_digits_and_is_confirmed_on_the_old_device() {
    let cabinet = Cabinet::open().await;
    let old = cabinet.join(1, "old").await;
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut app = join(&cabinet.path("new"), &ticket, &shots("pairing")).await;
    app.read("Chờ thiết bị cũ").await;
    app.shoot("waiting").await;

    old.sync().await;
    app.read("So sánh sáu chữ số trên thiết bị cũ").await;
    app.shoot("digits").await;
    app.resize(1093, 614).await;
    app.shoot("digits-small").await;
    old.sync().await;
    let (new, digits) = waiting(&old);
    app.read(&format!("{} {}", &digits[..3], &digits[3..])).await;

    app.press("Tạo số mới").await;
    app.read("Chờ thiết bị cũ").await;
    old.sync().await;
    app.read("So sánh sáu chữ số trên thiết bị cũ").await;
    old.sync().await;
    let (_, again) = waiting(&old);
    assert_ne!(digits, again);
    app.read(&format!("{} {}", &again[..3], &again[3..])).await;
    app.press("Dùng mã khôi phục").await;
    app.shoot("by-code").await;

    old.client().confirm_device(cabinet.body, new, Some(&again)).expect("confirmed");
    old.sync().await;
    app.read("Việc cần xử lý").await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_laptop_says_that_the_old_one_does_not_answer_and_that_it_answers_no_more() {
    let cabinet = Cabinet::open().await;
    let old = cabinet.join(1, "old").await;
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut app = join(&cabinet.path("new"), &ticket, &shots("unanswered")).await;
    app.read("Chờ thiết bị cũ").await;
    // A minute, as its person would wait it.
    tokio::time::sleep(Duration::from_secs(60)).await;
    app.read("Thiết bị cũ chưa trả lời").await;
    app.look("unanswered").await;
    app.press("Bắt đầu lại").await;
    for round in 1..=5 {
        let said = settled(&app, &old).await;
        assert!(said.contains("So sánh sáu chữ số trên thiết bị cũ"), "round {round} of five: {said}");
        app.press("Tạo số mới").await;
        app.read("Chờ thiết bị cũ").await;
    }
    let said = settled(&app, &old).await;
    assert!(said.contains("thiết bị cũ không trả lời nữa"), "{said}");
    app.look("spent").await;
    app.close().await;
}

/// What the waiting device says once the old one has answered, or has said that it answers no more.
async fn settled(app: &App, old: &Person) -> String {
    for _ in 0..20 {
        old.sync().await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        let text = app.text().await;
        if text.contains("So sánh sáu chữ số trên thiết bị cũ")
            || text.contains("thiết bị cũ không trả lời nữa")
        {
            return text;
        }
    }
    panic!("the old device does not answer");
}
