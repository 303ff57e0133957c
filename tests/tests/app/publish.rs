//! A folder published from the window: its problems named, mended, published; who has received it; published again.

use super::accessible::LOOKS;
use super::shots;
use ecabinet_domain::MemberId;
use ecabinet_tests::{App, Cabinet, DRAFT, DYKES, Folder, PERSONNEL, SCHOOLS, program};
use serde_json::json;
use std::path::Path;

const CLERK: MemberId = MemberId([97; 16]);
const CLERK_NAME: &str = "Văn thư Mẫu";

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_checked_mended_published_and_followed_and_comes_again_with_a_replaced_paper() {
    let cabinet = Cabinet::open().await;
    cabinet.add_person(CLERK, CLERK_NAME, "Phó Trưởng phòng Tổng hợp, Văn phòng", "secretariat").await;
    let minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    let folder = Folder::new(cabinet.path("2027-11-24"), &[DYKES, SCHOOLS, PERSONNEL]);
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/pdf/tests/data");
    let bad = folder.path.join(SCHOOLS).join("09 Phụ lục có mật khẩu.pdf");
    std::fs::copy(data.join("encrypted.pdf"), &bad).expect("copied");
    let note = folder.path.join(DYKES).join("Ghi chú.docx");
    std::fs::write(&note, "x").expect("written");
    let only = format!("\"{PERSONNEL}\" = [\"office:chair\"]\n");
    std::fs::write(folder.path.join("audience.toml"), only).expect("written");

    let shots = shots("publish");
    let ticket = cabinet.invite(CLERK).await;
    let home = cabinet.path("clerk");
    let mut app = App::open(&program("ecabinet-desktop"), &[&ticket.link()], &home, &shots).await;
    app.press("Mở lời mời").await;
    super::enrol(&mut app, CLERK_NAME).await;
    app.press("Phiên họp").await;
    app.look("meetings").await;
    app.press("Phát hành từ thư mục").await;
    app.read("Chọn thư mục").await;
    app.look("begin").await;
    app.press("Chọn thư mục").await;
    app.choose_file(&folder.path).await;
    app.read("Chưa phát hành được (2)").await;
    app.read("có mật khẩu").await;
    app.read("Không phải tệp PDF").await;
    app.look("problems").await;
    let mut breaches = app.breaches("a folder with problems").await;

    // Mended; the day is typed.
    std::fs::remove_file(bad).expect("removed");
    std::fs::remove_file(note).expect("removed");
    app.press("Kiểm tra lại").await;
    app.read_not("Chưa phát hành được").await;
    app.read("Cần ngày, giờ bắt đầu").await;
    app.run("[...document.querySelectorAll('main .field')].find(f => f.innerText.includes('Ngày')).querySelector('input').focus()", Vec::new()).await;
    app.type_into(":focus", "24/11/2027").await;
    app.read("24/11/2027").await;
    app.read("Chỉ một số người xem").await;
    app.look("folder").await;
    breaches.extend(app.breaches("a folder to publish").await);
    app.press("Phát hành").await;
    app.read("Tình hình nhận tài liệu").await;
    app.read("0/5 thành viên đã nhận đủ").await;
    app.look("published").await;
    minister.sync().await;
    app.read("1/5 thành viên đã nhận đủ").await;
    app.look("received").await;
    breaches.extend(app.breaches("who has received it").await);
    app.run(LOOKS, vec![json!("dark"), json!("en"), json!(100)]).await;
    app.read("1 of 5 members have all of it").await;
    app.shoot("received-dark").await;
    app.run(LOOKS, vec![json!("light"), json!("vi"), json!(100)]).await;

    // A paper is replaced the night before; without the file that says who sees what, nothing goes out.
    folder.replace(DYKES, DRAFT);
    std::fs::remove_file(folder.path.join("audience.toml")).expect("removed");
    app.press("Phiên họp").await;
    app.press("Phát hành từ thư mục").await;
    app.press("Chọn thư mục").await;
    app.choose_file(&folder.path).await;
    app.read("nay mọi người sẽ xem được").await;
    app.look("widened").await;
    std::fs::write(folder.path.join("audience.toml"), format!("\"{PERSONNEL}\" = [\"office:chair\"]\n"))
        .expect("written");
    app.press("Kiểm tra lại").await;
    app.read("phiên bản 2: 1 tài liệu mới hoặc thay").await;
    app.look("again").await;
    app.press("Phát hành").await;
    app.read("0/5 thành viên đã nhận đủ").await;
    app.read("Còn bản trước").await;
    minister.sync().await;
    app.read("1/5 thành viên đã nhận đủ").await;
    app.close().await;
    let meetings = minister.client().meetings(cabinet.body).expect("meetings");
    assert_eq!(
        (meetings.len(), meetings[0].version, meetings[0].items),
        (1, 2, 2),
        "personnel is not his to see"
    );
    assert!(breaches.is_empty(), "{breaches:#?}");
}
