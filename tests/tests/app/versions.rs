//! A paper is replaced after the minister has read and marked it.

use super::{enrol, shots};
use ecabinet_tests::{App, Cabinet, DRAFT, DYKES, Folder, program};
use serde_json::json;

/// Marks words of the paper that is open, as its own window would.
const MARK: &str = "const [wanted, note] = arguments;
    const ask = (name, args) => window.__TAURI_INTERNALS__.invoke(name, { args });
    return (async () => {
        const body = (await window.__TAURI_INTERNALS__.invoke('app')).bodies[0].body;
        const meeting = (await ask('meetings', { body }))[0].meeting;
        const item = (await ask('agenda', { body, meeting })).items[0].item;
        const { paper, rev } = (await ask('item', { body, item })).papers.find(p => p.title === 'Dự thảo nghị quyết');
        const { pages } = await ask('open_paper', { body, paper, rev });
        for (let page = 0; page < pages.length; page += 1) {
            const { text, words } = await ask('page_text', { body, rev, page });
            const plain = text.replaceAll('\\n', ' ');
            const start = plain.indexOf(wanted);
            if (start < 0) continue;
            const end = start + wanted.length;
            const quads = words.filter(w => w.start < end && w.end > start)
                .map(w => [w.x0, w.y0, w.x1, w.y0, w.x0, w.y1, w.x1, w.y1]);
            const words64 = { exact: wanted, prefix: plain.slice(Math.max(0, start - 64), start), suffix: plain.slice(end, end + 64) };
            await ask('add_mark', { body, paper, rev, kind: 'highlight', page, quads, ...words64, colour: 'yellow', note });
            return page;
        }
        return null;
    })()";

#[tokio::test(flavor = "multi_thread")]
async fn a_minister_sees_what_changed_and_where_his_notes_are_now() {
    let mut cabinet = Cabinet::open().await;
    let (home, shots) = (cabinet.path("minister"), shots("versions"));
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
    app.see("section.sheet .words.text").await;
    assert!(!app.text().await.contains("Có thay đổi"), "nothing was read before");
    for (words, note) in [
        ("nguồn hợp pháp khác là 600 tỷ quan", "Nguồn này chắc chắn chưa?"),
        ("mực nước tích không vượt quá 70% dung tích hữu ích", "Hỏi lại Bộ Thủy nông về mức 70%."),
        ("1.340", "Các địa bàn có đủ vốn không?"),
    ] {
        let page = app.run(MARK, vec![json!(words), json!(note)]).await;
        assert!(page.is_u64(), "«{words}» is on a page: {page}");
    }
    app.press("Ghi chú").await;
    app.read("Các địa bàn có đủ vốn không?").await;
    app.key("Escape").await;

    // The night before, the draft is replaced.
    folder.replace(DYKES, DRAFT);
    cabinet.publish_folder(&folder, Some(meeting), "");
    app.read("bản 2").await;
    app.read("Có thay đổi từ lần đọc trước: 2 đoạn").await;
    app.look("item").await;
    app.press("Dự thảo nghị quyết").await;
    app.read("Có thay đổi từ lần đọc trước (bản 1): 2 đoạn").await;
    app.see("section.sheet .words.text").await;
    app.look("told").await;
    app.press("Xem thay đổi").await;
    app.read("được miễn phần đối ứng").await;
    app.click("aside li:nth-child(2) button").await;
    app.settle().await;
    app.look("changes").await;

    // One note is where it was, one says that the words are others, one has no place and says so.
    app.press("Ghi chú").await;
    app.read("Cần xem lại (1 ghi chú)").await;
    app.read("Đã chuyển sang bản mới, câu chữ có sửa").await;
    app.read("Bản 1, trang").await;
    app.look("notes").await;
    app.press("Đúng chỗ").await;
    gone(&app, "Đã chuyển sang bản mới").await;

    // The old page is one click away, and back.
    app.press("Mở trang cũ").await;
    app.read("đã được thay bằng bản mới hơn").await;
    app.see("section.sheet .words.text").await;
    app.settle().await;
    app.shoot("old-page").await;
    app.key("Escape").await;
    app.read("bản 2").await;

    // He puts the last note on words that he chooses.
    app.press("Ghi chú").await;
    app.press("Đặt lại").await;
    app.read("Chọn chữ trên trang").await;
    app.see("section.sheet .words.text").await;
    let middle = "const sheet = document.querySelector('section.sheet').getBoundingClientRect();
        return [sheet.width * 0.3, Math.max(0, -sheet.top) + 300]";
    let at = app.run(middle, Vec::new()).await;
    let (x, y) = (at[0].as_f64().expect("a place"), at[1].as_f64().expect("a place"));
    app.drag("section.sheet .words", (x, y), (x + 160.0, y)).await;
    app.shoot("placing").await;
    app.press("Đặt vào đây").await;
    gone(&app, "Cần xem lại").await;
    app.read("Các địa bàn có đủ vốn không?").await;
    app.shoot("placed").await;
    app.close().await;
}

async fn gone(app: &App, words: &str) {
    for _ in 0..100 {
        if !app.text().await.contains(words) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the screen still says «{words}»:\n{}", app.text().await);
}
