//! What happens meanwhile: a poll closed before the ballot arrives, a paper replaced, an item that is not his to see.

use super::{PIN, enrol, shots, unlock};
use ecabinet_domain::GroupId;
use ecabinet_tests::{App, Cabinet, DRAFT, DYKES, Folder, PERSONNEL, SCHOOLS, program, sealed_bytes};

const GROUP: GroupId = GroupId([7; 16]);
const REPLACED: &str = "Thông qua Chương trình củng cố đê điều?";
const CLOSED: &str = "Thông qua Đề án trường học vùng cao?";

#[tokio::test(flavor = "multi_thread")]
async fn a_late_ballot_a_replaced_paper_and_a_restricted_item_are_told_as_they_are() {
    let mut cabinet = Cabinet::open().await;
    let (home, shots) = (cabinet.path("minister"), shots("overtaken"));
    let insiders = vec![Cabinet::id(0), Cabinet::id(1)];
    cabinet.registrar.client().set_group(cabinet.body, GROUP, "Tổ nhân sự", insiders).expect("a group");
    cabinet.registrar.sync().await;
    let insider = cabinet.join(1, "insider").await;
    let ticket = cabinet.invite(Cabinet::id(2)).await;
    let desktop = program("ecabinet-desktop");
    let mut app = App::start(&desktop, &home, &shots).await;
    let letter = cabinet.path("invitation.txt");
    std::fs::write(&letter, ticket.link()).expect("written");
    app.press("Chọn tệp lời mời").await;
    app.choose_file(&letter).await;
    enrol(&mut app, "Thành viên Mẫu 3").await;

    let audience = format!(
        "\"{PERSONNEL}\" = [\"office:secretariat\", \"group:{GROUP}\"]\nwatermark = [\"{SCHOOLS}/*\"]\n"
    );
    let folder = Folder::new(cabinet.path("papers"), &[DYKES, SCHOOLS, PERSONNEL]);
    let meeting = cabinet.publish_folder(&folder, None, &audience);
    cabinet.all_present(meeting).await;
    cabinet.open_poll_on(meeting, 1, REPLACED).await;
    let closed = cabinet.open_poll_on(meeting, 2, CLOSED).await;

    // Two of the three items are his to see, and nothing tells of the third.
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.read("Trường học vùng cao").await;
    app.read("đọc được khi không có mạng").await;
    app.shoot("agenda").await;
    assert!(!app.text().await.contains("nhân sự"));
    let hit = found(&mut app, "truong hoc").await;
    assert_eq!(hit.lines().next(), Some("Trường học vùng cao và nông thôn"), "{hit}");
    assert_eq!(found(&mut app, "\"cong tac nhan su\"").await, "");
    // A paper that the secretariat has marked so carries his name over each page.
    app.press("Trường học vùng cao").await;
    app.press("Dự thảo nghị quyết").await;
    app.see("section.sheet .words.text").await;
    app.settle().await;
    let over = app.run("return document.querySelector('svg.watermark text')?.textContent", Vec::new()).await;
    assert!(over.as_str().is_some_and(|over| over.starts_with("Thành viên Mẫu 3 · ")), "{over}");
    app.look("watermark").await;
    app.key("Escape").await;
    let inside = insider.sync().await;
    assert_eq!(inside.papers.ready, 9, "an insider has the papers of all three");
    assert!(sealed_bytes(&home) > 0 && sealed_bytes(&home) < sealed_bytes(&insider.home));

    // On the plane he votes on both; both wait.
    cabinet.server.kill();
    for (item, answer) in [("Trường học vùng cao", "Tán thành"), ("Củng cố đê điều", "Không tán thành")]
    {
        app.press("Phiên họp").await;
        app.press("Phiên họp mẫu").await;
        app.press(item).await;
        app.press("Biểu quyết").await;
        app.press(answer).await;
        app.type_into("input[inputmode=numeric]", PIN).await;
        app.press("Xác nhận").await;
        app.read("Đã lưu trên máy này").await;
        app.key("Escape").await;
    }
    app.press("Việc cần xử lý").await;
    app.read("2 việc chờ gửi").await;
    app.shoot("voted-offline").await;
    app.close().await;

    // Meanwhile one poll is closed and the paper of the other replaced.
    cabinet.server.resume();
    cabinet.close_poll(closed).await;
    folder.replace(DYKES, DRAFT);
    cabinet.publish_folder(&folder, Some(meeting), &audience);

    // Back, he is told of both, and asked to confirm the one that can still count.
    let mut app = App::start(&desktop, &home, &shots).await;
    unlock(&app).await;
    app.read("dự thảo đã thay đổi – đề nghị xác nhận lại").await;
    app.read("Không được tính: đến muộn").await;
    app.look("home-told").await;
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.press("Củng cố đê điều").await;
    app.read("bản 2").await;
    app.read("dự thảo đã thay đổi").await;
    app.look("item-replaced").await;
    app.press("Dự thảo nghị quyết").await;
    app.see("section.sheet .words.text").await;
    app.settle().await;
    app.shoot("reader-replaced").await;
    app.key("Escape").await;
    app.press("Xác nhận lại").await;
    app.read(REPLACED).await;
    app.look("vote-again").await;
    app.press("Tán thành").await;
    app.type_into("input[inputmode=numeric]", PIN).await;
    app.press("Xác nhận").await;
    app.read("Đã ghi nhận").await;
    app.shoot("vote-again-recorded").await;
    app.key("Escape").await;
    app.press("Chương trình").await;
    app.press("Trường học vùng cao").await;
    app.press("Xem kết quả").await;
    app.read("Không được tính: đến sau khi kết thúc biểu quyết").await;
    app.look("result-late").await;
    app.close().await;
}

/// The first hit of the search that every screen has; nothing if it finds nothing.
async fn found(app: &mut App, query: &str) -> String {
    app.press("Ctrl K").await;
    app.type_into("input[type=search]", query).await;
    let script = "const hit = document.querySelector('#found [role=option] span');
        return hit ? hit.innerText : document.body.innerText.includes('Không tìm thấy') ? '' : null;";
    for _ in 0..100 {
        if let Some(hit) = app.run(script, Vec::new()).await.as_str() {
            app.key("Escape").await;
            return hit.to_owned();
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the search answers nothing:\n{}", app.text().await);
}
