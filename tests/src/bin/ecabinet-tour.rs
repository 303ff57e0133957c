//! Walks through the app as a minister and leaves screenshots: `ecabinet-tour --app PROGRAM --out DIR --pin PIN`.

use ecabinet_tests::{App, SIZES};
use std::path::{Path, PathBuf};

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let named = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name).map(|at| at + 1);
        at.and_then(|at| arguments.get(at)).unwrap_or_else(|| panic!("{name} is missing")).clone()
    };
    let home = PathBuf::from(std::env::var("ECABINET_HOME").expect("ECABINET_HOME"));
    let out = PathBuf::from(named("--out"));
    for (width, height) in SIZES {
        let shots = out.join(format!("{width}x{height}"));
        tour(Path::new(&named("--app")), &home, &shots, &named("--pin"), (width, height)).await;
        println!("tour: {}", shots.display());
    }
}

async fn tour(program: &Path, home: &Path, shots: &Path, pin: &str, (width, height): (u32, u32)) {
    let _ = std::fs::remove_dir_all(shots);
    let mut app = App::start(program, home, shots).await;
    app.resize(width, height).await;
    app.type_into("input[inputmode=numeric]", pin).await;
    app.shoot("unlock").await;
    app.press("Mở").await;
    app.read("Thông qua Nghị quyết").await;
    app.shoot("home").await;
    app.press("Phiên họp").await;
    app.read("Phiên họp Chính phủ").await;
    app.shoot("meetings").await;
    app.press("Phiên họp Chính phủ").await;
    app.read("Chương trình").await;
    app.shoot("agenda").await;
    app.press("Củng cố đê điều").await;
    app.read("Dự thảo nghị quyết").await;
    app.shoot("item").await;
    app.press("Dự thảo nghị quyết").await;
    app.see("img").await;
    app.settle().await;
    app.shoot("reader").await;
    app.key("Escape").await;
    app.read("Dự thảo nghị quyết").await;
    app.press("Biểu quyết").await;
    app.read("Tán thành").await;
    app.shoot("vote").await;
    app.close().await;
}
