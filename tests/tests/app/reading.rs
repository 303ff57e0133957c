//! Reading on the sample's real papers: pages and outline, links, the way back, layouts, zoom, turning, other papers, two
//! papers side by side, keys; and where one stopped is where one goes on.

use super::{enrol, shots, unlock};
use ecabinet_tests::{App, Cabinet, DYKES, Folder, INVESTMENT, program};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// What the toolbar's field says.
const PAGE: &str = "return document.querySelector('header .page input').value";
/// Turns the wheel with Ctrl at a place of the window; tells which part of which page lies under it before and after.
const PINCH: &str = "const [dy] = arguments; const pages = document.querySelector('.pages'); const box = pages.getBoundingClientRect();
    const [x, y] = [box.left + box.width * 0.3, box.top + box.height * 0.7];
    const under = () => {
        const sheet = document.elementsFromPoint(x, y).find(e => e.closest('section.sheet')).closest('section.sheet');
        const at = sheet.getBoundingClientRect();
        return [sheet.getAttribute('aria-label'), (x - at.left) / at.width, (y - at.top) / at.height, at.width];
    };
    const before = under();
    pages.dispatchEvent(new WheelEvent('wheel', { deltaY: dy, ctrlKey: true, clientX: x, clientY: y, bubbles: true, cancelable: true }));
    return new Promise(done => setTimeout(() => done([before, under()]), 400));";

async fn on_page(app: &App, page: u32) {
    let begun = Instant::now();
    loop {
        let now = app.run(PAGE, Vec::new()).await;
        if now == Value::from(page.to_string()) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "page {page}, but it is {now}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn go_to(app: &App, place: &str) {
    app.run("document.activeElement?.blur()", Vec::new()).await;
    app.chord(&["ctrl"], "g").await;
    app.type_into("header .page input", place).await;
    app.type_into("header .page input", "\u{e007}").await;
}

async fn is(app: &App, what: &str, script: &str) {
    let begun = Instant::now();
    while app.run(&format!("return !!({script})"), Vec::new()).await != Value::Bool(true) {
        assert!(begun.elapsed() < Duration::from_secs(10), "{what}: {script}\n{}", app.text().await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_minister_finds_his_way_in_the_papers_of_a_meeting() {
    let mut cabinet = Cabinet::open().await;
    let (home, shots) = (cabinet.path("minister"), shots("reading"));
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let desktop = program("ecabinet-desktop");
    let mut app = App::start(&desktop, &home, &shots).await;
    app.type_into("textarea", &ticket.typed()).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, "Thành viên Mẫu 2").await;
    let folder = Folder::new(cabinet.path("papers"), &[DYKES, INVESTMENT]);
    cabinet.publish_folder(&folder, None, "");
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.read("đọc được khi không có mạng").await;
    app.press("Đầu tư công trung hạn").await;
    app.press("Báo cáo thuyết minh Kế hoạch").await;
    app.see("section.sheet .words.text").await;
    app.read("2.3 Báo cáo thuyết minh Kế hoạch").await;

    // The pages in small, and the paper's own outline.
    app.press("Trang và mục lục").await;
    app.see("aside .frame img").await;
    app.settle().await;
    app.look("pages-in-small").await;
    app.press("Trang 4").await;
    on_page(&app, 4).await;
    app.press("Mục lục").await;
    app.press("Bài học kinh nghiệm").await;
    is(
        &app,
        "the heading is marked",
        "document.querySelector('aside [aria-current=location]')?.innerText.includes('Bài học kinh nghiệm')",
    )
    .await;
    app.settle().await;
    app.look("outline").await;
    app.chord(&["alt"], "ArrowLeft").await;
    on_page(&app, 4).await;
    app.chord(&["alt"], "ArrowLeft").await;
    on_page(&app, 1).await;
    app.chord(&["alt"], "ArrowRight").await;
    on_page(&app, 4).await;
    app.key("t").await;

    // A line of the table of contents leads to its chapter; Back leads to the table.
    go_to(&app, "1").await;
    on_page(&app, 1).await;
    app.see("button.link").await;
    app.run("[...document.querySelectorAll('button.link')].at(-1).click()", Vec::new()).await;
    is(&app, "the link led away", "document.querySelector('header .page input').value !== '1'").await;
    app.settle().await;
    app.shoot("link").await;
    app.press("Về chỗ đọc trước").await;
    on_page(&app, 1).await;
    app.press("Tới lại chỗ đọc sau").await;
    is(&app, "forward again", "document.querySelector('header .page input').value !== '1'").await;

    // What is under the hand stays there while it zooms.
    go_to(&app, "7").await;
    on_page(&app, 7).await;
    for _ in 0..3 {
        app.chord(&["ctrl"], "+").await;
    }
    app.settle().await;
    for turn in [-60, -120, 240] {
        let seen = app.run(PINCH, vec![json!(turn)]).await;
        let at = |when: usize, what: usize| seen[when][what].as_f64().expect("a number");
        assert_eq!(seen[0][0], seen[1][0], "the same page");
        assert!((at(0, 1) - at(1, 1)).abs() < 0.01 && (at(0, 2) - at(1, 2)).abs() < 0.01, "{seen}");
        assert!((at(1, 3) > at(0, 3)) == (turn < 0), "{seen}");
    }
    app.chord(&["ctrl"], "0").await;

    // One page at a time, and two.
    app.key("2").await;
    app.chord(&["ctrl"], "9").await;
    app.settle().await;
    app.look("single").await;
    app.key("PageDown").await;
    on_page(&app, 8).await;
    app.key("3").await;
    app.settle().await;
    app.look("two").await;
    app.key("ArrowRight").await;
    on_page(&app, 9).await;
    is(
        &app,
        "two pages are seen",
        "[...document.querySelectorAll('.place')].filter(e => e.offsetParent).length === 2",
    )
    .await;
    app.key("1").await;
    app.chord(&["ctrl"], "0").await;
    on_page(&app, 9).await;

    // Turned, the words that he draws over are still the ones he gets.
    go_to(&app, "3").await;
    app.key("r").await;
    is(&app, "the page lies across", "document.querySelector('.page[data-turn=\"1\"]')").await;
    app.settle().await;
    let marked = select_turned(&app).await;
    app.shoot("turned").await;
    app.click("section.sheet [role=toolbar] button.colour").await;
    app.chord(&["ctrl"], "m").await;
    app.read(&marked).await;
    app.look("turned-marked").await;
    app.chord(&["ctrl"], "m").await;
    app.chord(&["shift"], "R").await;
    is(&app, "upright again", "document.querySelector('.page[data-turn=\"0\"]')").await;

    // Page 2 of paper 1 of item 1 is a few keys away; a paper that is not there is said to be so.
    go_to(&app, "9.9").await;
    app.read("Không có trang hoặc tài liệu này").await;
    app.shoot("nowhere").await;
    // In the middle of page 3 he leaves it, and comes back to there.
    go_to(&app, "3").await;
    app.run("document.querySelector('.pages').scrollBy(0, 300)", Vec::new()).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let left = app.run(&spot(3), Vec::new()).await;
    go_to(&app, "1.1/2").await;
    app.read("1.1 Tờ trình").await;
    on_page(&app, 2).await;
    go_to(&app, "2.3").await;
    app.read("2.3 Báo cáo thuyết minh Kế hoạch").await;
    on_page(&app, 3).await;
    near(&left, &app.run(&spot(3), Vec::new()).await);
    app.chord(&["alt"], "ArrowLeft").await;
    app.read("1.1 Tờ trình").await;
    on_page(&app, 2).await;
    app.chord(&["ctrl"], "PageDown").await;
    app.read("1.2 Dự thảo nghị quyết").await;
    app.see("section.sheet .words.text").await;
    app.key("End").await;
    app.settle().await;
    app.run("document.querySelector('.pages').scrollTo(0, 1e6)", Vec::new()).await;
    app.look("end-of-a-paper").await;
    app.press("Tài liệu sau").await;
    app.read("1.3 Báo cáo thẩm định").await;
    app.see("section.sheet .words.text").await;
    app.chord(&["alt"], "ArrowLeft").await;
    app.read("1.2 Dự thảo nghị quyết").await;

    // Two papers side by side, each with a place of its own.
    app.press("Chương trình").await;
    app.see("[role=dialog] ol button").await;
    app.shoot("drawer").await;
    app.press("Mở bên cạnh: Báo cáo thuyết minh Kế hoạch").await;
    app.see("section.pane:nth-of-type(2) .words.text").await;
    go_to(&app, "12").await;
    on_page(&app, 12).await;
    app.key("F6").await;
    is(&app, "the left side is in use", "document.querySelector('section.pane:nth-of-type(1).active')").await;
    go_to(&app, "2").await;
    on_page(&app, 2).await;
    app.key("F6").await;
    on_page(&app, 12).await;
    app.settle().await;
    app.look("side-by-side").await;
    app.press("Đóng khung này").await;
    is(&app, "one paper is left", "document.querySelectorAll('section.pane').length === 1").await;

    // The keys tell of themselves; Escape leaves the whole screen first, then the reader.
    app.key("?").await;
    app.read("Bảng phím tắt này").await;
    app.look("keys").await;
    app.run("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }))", Vec::new()).await;
    is(&app, "the sheet is closed", "!document.querySelector('[role=dialog]')").await;
    app.key("F11").await;
    app.press("Thêm").await;
    app.read("Thoát toàn màn hình").await;
    app.shoot("menu").await;
    app.key("Escape").await;
    is(&app, "the menu is closed", "!document.querySelector('[role=menu]')").await;
    app.key("Escape").await;
    app.press("Thêm").await;
    app.read("Toàn màn hình").await;
    assert!(!app.text().await.contains("Thoát toàn màn hình"));
    app.key("Escape").await;
    is(&app, "the menu is closed", "!document.querySelector('[role=menu]')").await;

    // He stops in the middle of a page, and goes on there when the app is started anew.
    go_to(&app, "2.3/17").await;
    app.read("2.3 Báo cáo thuyết minh Kế hoạch").await;
    on_page(&app, 17).await;
    app.settle().await;
    app.run("document.querySelector('.pages').scrollBy(0, 420)", Vec::new()).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    let stopped = app.run(&spot(17), Vec::new()).await;
    app.key("Escape").await;
    app.read("trang 17").await;
    app.close().await;
    let mut app = App::start(&desktop, &home, &shots).await;
    unlock(&app).await;
    app.press("trang 17").await;
    app.see("section.sheet .words.text").await;
    on_page(&app, 17).await;
    app.settle().await;
    let began = app.run(&spot(17), Vec::new()).await;
    near(&stopped, &began);
    app.shoot("where-he-stopped").await;
    app.close().await;
}

/// How far a page lies above the window's upper third, as a part of its height.
fn spot(page: u32) -> String {
    format!(
        "const box = document.querySelector('.pages').getBoundingClientRect();
        const sheet = document.querySelector(`section.sheet[aria-label='Trang {page}']`).getBoundingClientRect();
        return (box.top + box.height * 0.35 - sheet.top) / sheet.height"
    )
}

fn near(left: &Value, back: &Value) {
    let apart = (left.as_f64().expect("a place") - back.as_f64().expect("a place")).abs();
    assert!(apart < 0.02, "he left at {left} of the page, and is at {back}");
}

/// Draws over two words of a page that lies turned to the right; gives them.
async fn select_turned(app: &App) -> String {
    // Down the page as it was is to the left on the screen; along its lines is downwards.
    let words = "return (async () => {
        const { invoke } = window.__TAURI_INTERNALS__;
        const body = (await invoke('app')).bodies[0].body;
        const meeting = (await invoke('meetings', { args: { body } }))[0].meeting;
        const { rev } = (await invoke('agenda', { args: { body, meeting } })).items[1].papers[2];
        const { text, words } = await invoke('page_text', { args: { body, rev, page: 2 } });
        const sheet = document.querySelector(`section.sheet[aria-label='Trang 3']`);
        const box = sheet.getBoundingClientRect();
        const { pages } = await invoke('open_paper', { args: { body, rev, paper: (await invoke('agenda', { args: { body, meeting } })).items[1].papers[2].paper } });
        const scale = parseFloat(sheet.style.width) / pages[2].width;
        const seen = w => [box.right - (w.y0 + w.y1) / 2 * scale, box.top + (w.x0 + w.x1) / 2 * scale];
        const inside = ([x, y]) => x > 200 && x < innerWidth - 200 && y > 150 && y < innerHeight - 150;
        const at = words.findIndex((w, i) => words[i + 1] && words[i + 1].start === w.end + 1 && Math.abs(words[i + 1].y0 - w.y0) < 1
            && inside(seen(w)) && inside(seen(words[i + 1])));
        const both = [words[at], words[at + 1]];
        return [...both.map(seen), [...text].slice(both[0].start, both[1].end).join('')];
    })()";
    let found = app.run(words, Vec::new()).await;
    let place = |at: usize| (found[at][0].as_f64().expect("x"), found[at][1].as_f64().expect("y"));
    app.drag("html", place(0), place(1)).await;
    app.see("section.sheet [role=toolbar] button.colour").await;
    found[2].as_str().expect("words").to_owned()
}
