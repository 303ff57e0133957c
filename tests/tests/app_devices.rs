//! A minister's new laptop in the real desktop app: it waits, shows six digits, and is his once his old device has
//! compared them. Needs a display and an unlocked keyring, as `app` does.

use ecabinet_tests::{App, Cabinet, program};
use std::path::{Path, PathBuf};

const PIN: &str = "246810";

#[tokio::test(flavor = "multi_thread")]
async fn a_new_laptop_shows_six_digits_and_is_confirmed_on_the_old_device() {
    let cabinet = Cabinet::open().await;
    let old = cabinet.join(1, "old").await;
    let shots = shots();
    let _ = std::fs::remove_dir_all(&shots);
    let mut app = join(&cabinet, &shots).await;
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

/// Opens the app as a further device of the minister's.
async fn join(cabinet: &Cabinet, shots: &Path) -> App {
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let app = App::start(&program("ecabinet-desktop"), &cabinet.path("new"), shots).await;
    app.resize(1280, 800).await;
    app.type_into("textarea", &ticket.link()).await;
    app.press("Mở lời mời").await;
    app.read("Thành viên Mẫu 2").await;
    app.click("button[type=submit]").await;
    app.type_into("input[autocomplete=new-password]", PIN).await;
    app.run("document.querySelectorAll('input[autocomplete=new-password]')[1].focus()", Vec::new()).await;
    app.type_into(":focus", PIN).await;
    app.press("Tham gia").await;
    app
}

/// The device that waits, and the digits that the old one shows for it.
fn waiting(old: &ecabinet_tests::Person) -> (ecabinet_domain::DeviceId, String) {
    let rows = old.client().devices(old.body()).expect("devices");
    let row = rows.into_iter().find(|row| row.status == "pending").expect("a device waits");
    (row.device, row.digits.expect("digits"))
}

/// Kept as the test's output.
fn shots() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/app-devices")
}
