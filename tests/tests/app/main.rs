//! The main job in the real desktop app: a real window, keyring and server, other people as clients of their own.
//!
//! Needs an unlocked keyring: `scripts/in-keyring.sh`, as `make test` runs it. Under nextest each story has a screen of its own;
//! else it needs one.

mod accessible;
mod canaries;
mod chair;
mod forms;
mod hostile;
mod marking;
mod minister;
mod office;
mod overtaken;
mod printing;
mod publish;
mod reading;
mod reminders;
mod room;
mod search;
mod staff;
mod versions;
mod walls;

use ecabinet_tests::App;
use std::path::{Path, PathBuf};

const PIN: &str = "246810";

/// Sets a PIN for the invitation that has been opened, and keeps the recovery code.
async fn enrol(app: &mut App, name: &str) {
    app.read(name).await;
    app.shoot("whose-invitation").await;
    app.click("button[type=submit]").await;
    app.type_into("input[autocomplete=new-password]", PIN).await;
    app.run("document.querySelectorAll('input[autocomplete=new-password]')[1].focus()", Vec::new()).await;
    app.type_into(":focus", PIN).await;
    app.shoot("pin").await;
    app.press("Tham gia").await;
    app.read("Cất giữ mã khôi phục").await;
    app.shoot("recovery-code").await;
    app.click("input[type=checkbox]").await;
    app.press("Vào eCabinet").await;
    app.read("Việc cần xử lý").await;
}

async fn unlock(app: &App) {
    app.type_into("input[inputmode=numeric]", PIN).await;
    app.click("button[type=submit]").await;
    app.read("Việc cần xử lý").await;
}

/// An empty folder of the story's screenshots, kept as the test's output.
fn shots(story: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/app-story").join(story);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}
