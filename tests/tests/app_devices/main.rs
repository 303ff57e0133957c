//! A minister's laptops in the real desktop app: its recovery code is kept, a new one is confirmed, a lost one ends, a
//! keyring is gone, the server is restored from a backup. Needs a display and an unlocked keyring, as `app` does.

mod code;
mod keyring;
mod lost;
mod pairing;
mod restored;

use ecabinet_client::{Client, Env};
use ecabinet_domain::DeviceId;
use ecabinet_record::invitation::Ticket;
use ecabinet_tests::{App, Cabinet, Person, program};
use std::path::{Path, PathBuf};
use std::time::Duration;

const PIN: &str = "246810";

/// Opens the app with a new PIN as a device of the invited one.
async fn join(home: &Path, ticket: &Ticket, shots: &Path) -> App {
    let app = App::start(&program("ecabinet-desktop"), home, shots).await;
    app.resize(1280, 800).await;
    enrol(&app, ticket).await;
    app
}

async fn enrol(app: &App, ticket: &Ticket) {
    app.type_into("textarea", &ticket.link()).await;
    app.press("Mở lời mời").await;
    app.read("Thành viên Mẫu 2").await;
    app.click("button[type=submit]").await;
    set_pin(app, PIN).await;
    app.press("Tham gia").await;
}

async fn set_pin(app: &App, pin: &str) {
    app.type_into("input[autocomplete=new-password]", pin).await;
    app.run("document.querySelectorAll('input[autocomplete=new-password]')[1].focus()", Vec::new()).await;
    app.type_into(":focus", pin).await;
}

/// The recovery code on the screen.
async fn printed(app: &App) -> String {
    let groups = "return [...document.querySelectorAll('ol li')].map(e => e.innerText).join('-')";
    app.run(groups, Vec::new()).await.as_str().expect("groups").to_owned()
}

async fn unlock(app: &App, secret: &str) {
    app.type_into("input[autocomplete=current-password]", secret).await;
    app.click("button[type=submit]").await;
}

/// The device that waits, and the digits that the old one shows for it.
fn waiting(old: &Person) -> (DeviceId, String) {
    let rows = old.client().devices(old.body()).expect("devices");
    let row = rows.into_iter().find(|row| row.status == "pending").expect("a device waits");
    (row.device, row.digits.expect("digits"))
}

/// The person compares the digits and confirms on the old device.
async fn confirm(cabinet: &Cabinet, app: &App, old: &Person) {
    app.read("Chờ thiết bị cũ").await;
    old.sync().await;
    app.read("So sánh sáu chữ số trên thiết bị cũ").await;
    old.sync().await;
    let (new, digits) = waiting(old);
    old.client().confirm_device(cabinet.body, new, Some(&digits)).expect("confirmed");
    old.sync().await;
    app.read("Việc cần xử lý").await;
}

/// An empty folder of the story's screenshots, kept as the test's output.
fn shots(story: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/app-devices").join(story);
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// The home outside the app, as soon as the app has let go of it.
async fn open(home: &Path) -> Client {
    for _ in 0..50 {
        match Client::open(home, Env::real(), PIN) {
            Err(error) if error.code() == "home.busy" => tokio::time::sleep(Duration::from_millis(100)).await,
            opened => return opened.expect("opens"),
        }
    }
    panic!("the app keeps its home");
}
