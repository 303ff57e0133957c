//! A minister marks a paper with everything at hand: lines, ink, pins, ribbons; undoes, and finds all of it again.

use super::{enrol, shots};
use ecabinet_tests::{App, Cabinet, DRAFT, DYKES, Folder, program};
use serde_json::{Value, json};

const SHEET: &str = "section.sheet .words.text";
/// A pen of which the web view's driver knows nothing: moves along points, with pressure, over the open page.
const PEN: &str = "const [points] = arguments;
    const paper = document.querySelector('section.sheet .paper');
    const box = paper.getBoundingClientRect();
    paper.setPointerCapture = () => undefined;
    const send = (kind, [x, y, pressure], more) => paper.dispatchEvent(new PointerEvent(kind, {
        pointerId: 77, pointerType: 'pen', isPrimary: true, bubbles: true, cancelable: true,
        clientX: box.left + x, clientY: box.top + y, pressure, button: 0, buttons: 1, ...more }));
    send('pointerdown', points[0]);
    const begun = performance.now();
    for (const point of points.slice(1)) send('pointermove', point, { button: -1 });
    const took = (performance.now() - begun) / points.length;
    const seen = (document.querySelector('section.sheet path.live').getAttribute('d') ?? '').length;
    send('pointerup', points.at(-1), { buttons: 0 });
    return [took, seen];";

#[tokio::test(flavor = "multi_thread")]
async fn a_minister_marks_with_pen_pin_and_ribbon_undoes_and_finds_it_all_on_the_next_version() {
    let mut cabinet = Cabinet::open().await;
    let (home, shots) = (cabinet.path("minister"), shots("marking"));
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut app = App::start(&program("ecabinet-desktop"), &home, &shots).await;
    app.type_into("textarea", &ticket.typed()).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, "Thành viên Mẫu 2").await;
    let folder = Folder::new(cabinet.path("papers"), &[DYKES]);
    let meeting = cabinet.publish_folder(&folder, None, "");
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.read("đọc được khi không có mạng").await;
    app.press("Củng cố đê điều").await;
    app.press("Dự thảo nghị quyết").await;
    app.see(SHEET).await;
    app.settle().await;

    // Words: a letter marks what is selected, in the colour chosen last.
    app.drag(SHEET, (220.0, 436.0), (700.0, 438.0)).await;
    app.click("section.sheet [role=toolbar] button[aria-label='Tô màu xanh lá']").await;
    app.drag(SHEET, (220.0, 481.0), (560.0, 483.0)).await;
    app.shoot("selected").await;
    app.key("u").await;
    until(&app, "section.sheet .line", 1).await;
    app.drag(SHEET, (220.0, 526.0), (560.0, 528.0)).await;
    app.key("s").await;
    until(&app, "section.sheet .line", 2).await;

    // A note on a place, a ribbon on the page.
    app.press("Đặt ghi chú lên trang").await;
    app.drag("section.sheet .words", (900.0, 436.0), (900.0, 436.0)).await;
    app.type_into("aside textarea", "Xem phụ lục kèm theo").await;
    app.press("Xong").await;
    app.press("Đánh dấu trang này").await;
    app.see("section.sheet .ribbon").await;
    app.press("Đóng").await;

    // Ink: the mouse draws, and a pen with pressure; what is one word is one mark.
    app.press("Bút viết").await;
    app.shoot("pen").await;
    app.drag("section.sheet .paper", (210.0, 500.0), (560.0, 504.0)).await;
    until(&app, "section.sheet svg g path", 1).await;
    let mut slowest: f64 = 0.0;
    for word in 0..3 {
        let drawn = app.run(PEN, vec![json!(handwriting(word))]).await;
        assert!(drawn[1].as_f64().is_some_and(|seen| seen > 100.0), "drawn while the pen moves: {drawn}");
        slowest = slowest.max(drawn[0].as_f64().unwrap_or(f64::MAX));
    }
    println!("a move of the pen is drawn in {slowest:.2} ms");
    assert!(slowest < 8.0, "{slowest} ms");
    until(&app, "section.sheet svg g path", 4).await;
    app.key("Escape").await;
    app.press("Ghi chú").await;
    app.read("Nét bút").await;
    let inks =
        app.run("return document.body.innerText.split('Nét bút · Trang').length - 1", Vec::new()).await;
    assert_eq!(inks, json!(2), "three strokes are one mark");
    app.look("marked").await;

    // The eraser takes one stroke; undone and done again; all of it undone and done again.
    app.press("Đóng").await;
    app.press("Tẩy nét bút").await;
    app.drag("section.sheet .paper", (400.0, 490.0), (400.0, 515.0)).await;
    until(&app, "section.sheet svg g path", 3).await;
    app.press("Hoàn tác").await;
    until(&app, "section.sheet svg g path", 4).await;
    app.press("Làm lại").await;
    until(&app, "section.sheet svg g path", 3).await;
    app.press("Đọc và chọn chữ").await;
    app.press("Ghi chú").await;
    let marks = app.run(ALL, Vec::new()).await;
    for _ in 0..12 {
        control(&app, "z", false).await;
    }
    until(&app, "section.sheet svg g path", 0).await;
    app.read("Chưa có ghi chú").await;
    for _ in 0..12 {
        control(&app, "z", true).await;
    }
    until(&app, "section.sheet svg g path", 3).await;
    app.read("Xem phụ lục kèm theo").await;
    assert_eq!(app.run(ALL, Vec::new()).await, marks, "the same marks, each with its id");

    // Everything of the meeting in one list, one click from its place.
    app.press("Cả phiên họp").await;
    app.read("Dự thảo nghị quyết").await;
    app.see("aside section li button").await;
    app.look("meeting").await;
    app.press("Quay lại").await;
    app.press("Tài liệu và ghi chú").await;
    app.read("6 ghi chú").await;
    app.look("library").await;

    // The draft is replaced: what has its place keeps it, what has not says so.
    folder.replace(DYKES, DRAFT);
    cabinet.publish_folder(&folder, Some(meeting), "");
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.press("Củng cố đê điều").await;
    app.read("bản 2").await;
    app.key("Escape").await;
    app.press("Ghi chú").await;
    app.read("Xem phụ lục kèm theo").await;
    app.shoot("agenda-notes").await;
    app.click("[role=dialog] section li:last-child button").await;
    app.see(SHEET).await;
    app.settle().await;
    app.read("bản 2").await;
    app.look("next-version").await;

    let settings = json!({ "language": "en", "theme": "dark", "textSize": 100, "dimPages": true, "lockAfterMinutes": 10 });
    app.run(
        "return window.__TAURI_INTERNALS__.invoke('set_settings', { args: arguments[0] })",
        vec![settings],
    )
    .await;
    app.press("Notes").await;
    app.read("Private notes").await;
    app.press("Pen").await;
    app.settle().await;
    app.shoot("dark").await;
    app.close().await;
}

/// Ids of all marks on the page that is open, sorted.
const ALL: &str = "return (async () => {
    const ask = (name, args) => window.__TAURI_INTERNALS__.invoke(name, { args });
    const body = (await window.__TAURI_INTERNALS__.invoke('app')).bodies[0].body;
    const meeting = (await ask('meetings', { body }))[0].meeting;
    const papers = await ask('meeting_notes', { body, meeting });
    return papers.flatMap(paper => paper.marks).map(mark => `${mark.id} ${mark.kind} ${mark.strokes.length}`).sort();
})()";

/// A loop of handwriting beside the text, in px, pressed harder on the way down.
fn handwriting(word: usize) -> Vec<[f64; 3]> {
    (0..90)
        .map(|n| {
            let t = f64::from(n) / 9.0;
            let x = 30.0 + 24.0 * word as f64 + 6.0 * t + 7.0 * (t * 2.0).cos();
            [x, 600.0 + 14.0 * (t * 2.0).sin(), 0.45 + 0.35 * (t * 2.0).cos()]
        })
        .collect()
}

/// Waits until so many of an element are on the page.
async fn until(app: &App, css: &str, count: usize) {
    let mut there = Value::Null;
    for _ in 0..100 {
        there = app.run("return document.querySelectorAll(arguments[0]).length", vec![json!(css)]).await;
        if there == json!(count) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("{there} of {css}, not {count}:\n{}", app.text().await);
}

async fn control(app: &App, key: &str, shift: bool) {
    let script = "(document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown',
        { key: arguments[0], ctrlKey: true, shiftKey: arguments[1], bubbles: true, cancelable: true }));";
    app.run(script, vec![json!(key), json!(shift)]).await;
}
