//! The minister seeks words that he remembers, types them without diacritics, and lands on them.

use super::{enrol, shots};
use ecabinet_tests::{App, Cabinet, DYKES, Folder, SCHOOLS, program};

#[tokio::test(flavor = "multi_thread")]
async fn a_minister_finds_words_that_he_typed_without_diacritics() {
    let mut cabinet = Cabinet::open().await;
    let (home, shots) = (cabinet.path("minister"), shots("search"));
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut app = App::start(&program("ecabinet-desktop"), &home, &shots).await;
    app.type_into("textarea", &ticket.typed()).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, "Thành viên Mẫu 2").await;
    cabinet.publish_folder(&Folder::new(cabinet.path("papers"), &[DYKES, SCHOOLS]), None, "");
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.read("đọc được khi không có mạng").await;

    // While he types, in the meeting that he is in first; the scan is named.
    open_search(&app).await;
    app.read("Gõ có dấu hoặc không dấu").await;
    app.read("Tài liệu quét, chưa có chữ để tìm").await;
    app.look("asked-nothing").await;
    app.type_into("input[type=search]", "nghi quyet chinh").await;
    app.read("Trong tài liệu của phiên họp này").await;
    app.see("[role=option] mark").await;
    app.look("while-typing").await;
    type_anew(&app, "chuyen gia doc lap ve thuy cong").await;
    app.read("chuyên gia độc lập về thủy công").await;
    app.read("Báo cáo thẩm định").await;
    app.shoot("one-hit").await;

    // Enter opens the page, and the words stand out on it.
    app.key("Enter").await;
    app.see("section.sheet .shown").await;
    app.settle().await;
    assert!(in_sight(&app).await, "the words are in the window");
    app.look("landed").await;

    // From within a paper: in the meeting, and in everything.
    app.press("Trong phiên họp").await;
    app.read("Trong tài liệu của phiên họp này").await;
    app.look("in-the-meeting").await;
    app.press("Tài liệu này").await;
    app.see("section.sheet .shown").await;
    app.key("Escape").await;
    app.key("Escape").await;
    app.read("Phiên họp mẫu").await;

    // Titles, by the item's name too.
    open_search(&app).await;
    app.type_into("input[type=search]", "to trinh truong hoc").await;
    app.read("Phiên họp, nội dung, tài liệu").await;
    app.shoot("titles").await;
    type_anew(&app, "khong co dau vet").await;
    app.read("Không tìm thấy").await;
    app.key("Escape").await;
    app.close().await;
}

async fn open_search(app: &App) {
    app.press("Tìm").await;
    app.see("[role=dialog] input[type=search]:focus").await;
}

async fn type_anew(app: &App, words: &str) {
    let empty = "const field = document.querySelector('input[type=search]');
        field.value = ''; field.dispatchEvent(new Event('input', { bubbles: true }));";
    app.run(empty, Vec::new()).await;
    app.type_into("input[type=search]", words).await;
}

/// What is shown as found lies in the window.
async fn in_sight(app: &App) -> bool {
    let script = "const box = document.querySelector('section.sheet .shown').getBoundingClientRect();
        return box.top > 0 && box.bottom < innerHeight";
    app.run(script, Vec::new()).await == serde_json::Value::Bool(true)
}
