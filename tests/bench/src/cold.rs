//! From nothing running to a Home that can be used, the PIN typed at once, against Chromium showing a static page as an
//! app: each through its own driver, which listens already.

use crate::measure::*;
use anyhow::{Context, Result, ensure};
use ecabinet_client::{Client, Env, Lock};
use ecabinet_tests::{Cabinet, Driver, program};
use fantoccini::{Client as Window, Locator};
use serde_json::json;
use std::cell::Cell;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

const PIN: &str = "246810";
const PAGE: &str = "<!doctype html><meta charset=utf-8><title>Phiên họp</title><h1>Việc cần xử lý</h1>
<ul><li>Biểu quyết<li>Phiếu lấy ý kiến<li>Tài liệu</ul>";

pub fn run(dir: &Path, size: Size) -> Result<Vec<Row>> {
    ensure!(Path::new("/usr/bin/chromedriver").exists(), "chromedriver is not here: scripts/setup.sh bench");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (home, page) = (dir.join("home"), dir.join("page.html"));
    std::fs::write(&page, PAGE)?;
    let cabinet = runtime.block_on(furnish(&home))?;
    let cold = Cell::new(true);
    let samples = interleaved(
        size,
        |_| {
            cold.set(cold.get() & forget_files());
            runtime.block_on(ours(&home))
        },
        |_| {
            cold.set(cold.get() & forget_files());
            runtime.block_on(peer(dir, &page))
        },
    )?;
    drop(cabinet);
    let files = if cold.get() { "dropped from memory before each start" } else { "in memory already" };
    Ok(vec![
        Row::new("cold start to a usable Home", Unit::Millis, samples, Goal::RatioAtMost(1.5))
            .note(format!("peer: chromium --app on a static page; files {files}")),
    ])
}

/// A member's home with a meeting in it, locked as an app's.
async fn furnish(home: &Path) -> Result<Cabinet> {
    let cabinet = Cabinet::open().await;
    cabinet.publish(None, "Toàn văn dự thảo nghị quyết.").await;
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let lock = Lock::Keyring { pin: Zeroizing::new(PIN.to_owned()) };
    let client = Client::create(home, Env::real(), &lock)?;
    let joined = client.join(&ticket, "Máy").await?;
    client.recovery_code_told(joined.body)?;
    client.sync(cabinet.body, false).await?;
    Ok(cabinet)
}

/// Milliseconds.
async fn ours(home: &Path) -> Result<f64> {
    let driver = Driver::start(
        Command::new("WebKitWebDriver")
            .arg("--host=127.0.0.1")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("ECABINET_HOME", home)
            .stdout(Stdio::null())
            .stderr(Stdio::null()),
    );
    let options = json!({ "binary": program("ecabinet-desktop"), "args": [] });
    let begun = Instant::now();
    let window = driver.open(("webkitgtk:browserOptions", options)).await;
    let pin = "return !!document.querySelector('input[inputmode=numeric]')";
    until(&window, pin).await.context("no place for the PIN")?;
    window.find(Locator::Css("input[inputmode=numeric]")).await?.send_keys(PIN).await?;
    window.find(Locator::Css("button[type=submit]")).await?.click().await?;
    let usable =
        "return document.body.innerText.includes('Việc cần xử lý') && !!document.querySelector('nav')";
    until(&window, usable).await.context("no Home")?;
    let took = begun.elapsed();
    window.close().await?;
    Ok(took.as_secs_f64() * 1e3)
}

/// Milliseconds.
async fn peer(dir: &Path, page: &Path) -> Result<f64> {
    let profile = tempfile::tempdir_in(dir)?;
    let driver = Driver::start(Command::new("chromedriver").stdout(Stdio::null()).stderr(Stdio::null()));
    let args = [
        format!("--app=file://{}", page.canonicalize()?.display()),
        format!("--user-data-dir={}", profile.path().canonicalize()?.display()),
        "--no-first-run".into(),
        // Its sandbox refuses to run as root, as in a container.
        "--no-sandbox".into(),
    ];
    let options = json!({ "binary": "/usr/bin/chromium", "args": args });
    let begun = Instant::now();
    let window = driver.open(("goog:chromeOptions", options)).await;
    let usable =
        "return document.readyState === 'complete' && document.body.innerText.includes('Việc cần xử lý')";
    until(&window, usable).await.context("no page")?;
    let took = begun.elapsed();
    window.close().await?;
    Ok(took.as_secs_f64() * 1e3)
}

async fn until(window: &Window, script: &str) -> Result<()> {
    let begun = Instant::now();
    while window.execute(script, Vec::new()).await.ok() != Some(json!(true)) {
        ensure!(begun.elapsed() < Duration::from_secs(30), "not within 30 seconds");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// Lets the system forget the files it holds in memory; false where it does not let us.
fn forget_files() -> bool {
    let _ = Command::new("sync").status();
    std::fs::write("/proc/sys/vm/drop_caches", "3").is_ok()
}
