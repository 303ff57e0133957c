//! Beside a paper that was made to harm: its page takes its worker for as long as it is let. The app goes on answering
//! meanwhile, the page says that it cannot be shown, and other papers and its own other pages stay open.

use super::{enrol, shots};
use ecabinet_client::packs::NewPaper;
use ecabinet_domain::Audience;
use ecabinet_tests::{App, Cabinet, endless_pdf, program};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Notes the longest time between two frames until it is asked for, and what the window has to do meanwhile: it scrolls.
const WATCH: &str = "
    const pages = document.querySelector('.pages');
    window.longest = 0;
    window.watching = true;
    let last = performance.now();
    const look = now => {
        window.longest = Math.max(window.longest, now - last);
        last = now;
        pages.scrollTop += Math.round(now / 400) % 2 ? 2 : -2;
        if (window.watching) requestAnimationFrame(look);
    };
    requestAnimationFrame(now => { last = now; requestAnimationFrame(look); });";

async fn longest(app: &App) -> f64 {
    app.run("window.watching = false; return window.longest", Vec::new()).await.as_f64().expect("a time")
}

/// Until a script says so; how long that took.
async fn until(app: &App, what: &str, script: &str, patience: Duration) -> Duration {
    let begun = Instant::now();
    while app.run(&format!("return !!({script})"), Vec::new()).await != Value::Bool(true) {
        assert!(begun.elapsed() < patience, "{what}\n{}", app.text().await);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    begun.elapsed()
}

/// The first page's picture is there.
const FIRST_IS_DRAWN: &str =
    "[...document.querySelectorAll('section.sheet')][0]?.querySelector('img')?.naturalWidth > 0";

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_that_was_made_to_harm_holds_up_nobody() {
    let cabinet = Cabinet::open().await;
    let (home, shots) = (cabinet.path("minister"), shots("hostile"));
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut app = App::start(&program("ecabinet-desktop"), &home, &shots).await;
    app.type_into("textarea", &ticket.typed()).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, "Thành viên Mẫu 2").await;
    cabinet
        .publish_papers(vec![
            paper("Tài liệu lành", &["(Trang mot) Tj", "(Trang hai) Tj"], 0),
            paper("Tài liệu độc", &["(Trang mot) Tj", "ET /X Do BT"], 9),
        ])
        .await;
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.press("Nội dung một").await;
    app.press("Tài liệu độc").await;
    until(&app, "the first page", FIRST_IS_DRAWN, Duration::from_secs(20)).await;
    app.settle().await;

    // How the window does without it.
    app.run(WATCH, Vec::new()).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let calm = longest(&app).await;

    // The page is on the screen and its worker at work, until its time is over.
    app.run(
        "const pages = document.querySelector('.pages'); pages.scrollTop = pages.scrollHeight",
        Vec::new(),
    )
    .await;
    app.run(WATCH, Vec::new()).await;
    let bad = "document.body.innerText.includes('Không hiển thị được trang 2') && document.body.innerText.includes('Thử lại')";
    let took = until(&app, "the page says that it cannot be shown", bad, Duration::from_secs(40)).await;
    let beside = longest(&app).await;
    println!("longest time between frames: {beside:.0} ms in {took:?} beside it, {calm:.0} ms without");
    assert!(beside <= 100.0_f64.max(calm * 1.5), "{beside} ms beside it, {calm} ms without");
    app.look("cannot-be-shown").await;

    // Its other page, and another paper.
    app.run("document.querySelector('.pages').scrollTop = 0", Vec::new()).await;
    until(&app, "its first page stays", FIRST_IS_DRAWN, Duration::from_secs(10)).await;
    app.press("Tài liệu lành").await;
    let other = format!("{FIRST_IS_DRAWN} && document.body.innerText.includes('Tài liệu lành')");
    until(&app, "another paper", &other, Duration::from_secs(10)).await;
    let shown = app.run("return document.body.innerText.includes('Không hiển thị được')", Vec::new()).await;
    assert_eq!(shown, json!(false));
    app.close().await;
}

fn paper(title: &str, pages: &[&str], nested: usize) -> NewPaper {
    NewPaper {
        title: title.into(),
        path: format!("1/{title}.pdf"),
        bytes: endless_pdf(pages, nested),
        pages: pages.len() as u32,
        audience: vec![Audience::All],
        signers: Vec::new(),
        watermark: false,
    }
}
