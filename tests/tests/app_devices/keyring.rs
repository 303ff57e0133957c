use crate::{PIN, join, printed, set_pin, shots, unlock};
use ecabinet_client::Env;
use ecabinet_tests::{App, Cabinet, program};
use serde_json::Value;
use std::path::{Path, PathBuf};

const NEW: &str = "135790";

/// The keyring's entry that the vault needs.
fn account(home: &Path) -> String {
    let text = std::fs::read(home.join("slots.json")).expect("slots");
    let slots: Value = serde_json::from_slice(&text).expect("JSON");
    slots["slots"][0]["account"].as_str().expect("an account").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_keyring_is_gone_the_app_says_so_and_the_printed_code_opens_it() {
    let cabinet = Cabinet::open().await;
    let (home, shots) = (cabinet.path("new"), shots("keyring"));
    let app = join(&home, &cabinet.invite(Cabinet::id(1)).await, &shots).await;
    app.read("Cất giữ mã khôi phục").await;
    let code = printed(&app).await;
    app.click("input[type=checkbox]").await;
    app.press("Vào eCabinet").await;
    app.read("Việc cần xử lý").await;
    app.close().await;

    let start = |env: &'static [(&'static str, &'static str)]| {
        let (home, shots) = (home.clone(), shots.clone());
        async move {
            let env: Vec<_> = env.iter().map(|(name, value)| (*name, PathBuf::from(value))).collect();
            let app = App::open_with(&program("ecabinet-desktop"), &[], &home, &shots, &env, None).await;
            app.resize(1280, 800).await;
            app
        }
    };
    // Reset by an administrator, or replaced by another with nothing in it: the entry is gone.
    Env::real().keyring.delete(&account(&home)).expect("reset");
    let mut app = start(&[]).await;
    unlock(&app, PIN).await;
    app.read("Kho khóa của máy không còn khóa của dữ liệu này").await;
    app.look("no-entry").await;
    app.press("Dùng mã khôi phục").await;
    app.type_into("input[autocomplete=off]", "AAAA-AAAA-AAAA").await;
    set_pin(&app, NEW).await;
    app.click("button[type=submit]").await;
    app.read("Mã khôi phục không đúng").await;
    app.look("wrong-code").await;
    app.run("const e = document.querySelector('input[autocomplete=off]'); e.value = ''; e.dispatchEvent(new Event('input'))", Vec::new()).await;
    app.type_into("input[autocomplete=off]", &code).await;
    app.click("button[type=submit]").await;
    app.read("Việc cần xử lý").await;
    app.close().await;

    Env::real().keyring.set(&account(&home), &[1; 32]).expect("altered");
    let mut app = start(&[]).await;
    unlock(&app, NEW).await;
    app.read("Khóa trong kho khóa của máy đã bị thay đổi").await;
    app.shoot("other-secret").await;
    app.close().await;

    // No keyring at all: a passphrase, for as long as there is none.
    let mut app = start(&[("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")]).await;
    unlock(&app, NEW).await;
    app.read("Kho khóa của máy không trả lời").await;
    app.look("no-keyring").await;
    app.press("Dùng mã khôi phục").await;
    app.read("mật khẩu thay mã PIN").await;
    app.type_into("input[autocomplete=off]", &code).await;
    set_pin(&app, "mật khẩu dài thay PIN").await;
    app.look("passphrase").await;
    app.click("button[type=submit]").await;
    app.read("Việc cần xử lý").await;
    app.press("Thiết bị và cài đặt").await;
    app.press("Khóa ngay").await;
    app.read("Nhập mật khẩu của máy này").await;
    app.shoot("unlock-passphrase").await;
    unlock(&app, "mật khẩu dài thay PIN").await;
    app.read("Khóa ngay").await;
    app.close().await;
}
