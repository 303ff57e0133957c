//! A minister and the specialist who prepares for him, each in front of the app: a brief, a draft that goes back once, notes
//! that are shared; and only he signs.

use super::accessible::LOOKS;
use super::forms::new_form;
use super::{PIN, enrol, shots};
use ecabinet_client::{BriefPart, DraftStage, Mark};
use ecabinet_domain::MemberId;
use ecabinet_protocol::space::SpaceOwner;
use ecabinet_tests::{App, Cabinet, DYKES, Folder, Person, program};
use serde_json::json;
use std::time::Duration;

const AIDE: MemberId = MemberId([50; 16]);
const AIDE_NAME: &str = "Chuyên viên Mẫu";
const MINISTER: &str = "Thành viên Mẫu 2";
const SHEET: &str = "section.sheet .words.text";
const SUMMARY: &str = "Dự thảo củng cố 38 công trình tại 11 địa phương; phần vốn đối ứng của địa phương tăng từ 20 lên 30 phần trăm.";
const PROPOSAL: &str = "Nhất trí về chủ trương; đề nghị giữ mức đối ứng 20 phần trăm cho các huyện nghèo.";
const POSITION: &str = "Tán thành, kèm kiến nghị về mức đối ứng.";
const ADVICE: &str = "Vụ Kế hoạch: nhất trí, đề nghị nêu rõ nguồn vốn duy tu.";
const WHY: &str = "Chọn phương án 1 và nêu rõ nguồn vốn";

/// A cabinet of level 3 with a paper, a form on it, and somebody who prepares for the second member.
async fn prepared() -> Cabinet {
    let cabinet = Cabinet::open().await;
    cabinet.raise().await;
    cabinet.add_staff(AIDE, AIDE_NAME).await;
    cabinet.prepares(1, &[AIDE]).await;
    cabinet.secretary.sync().await;
    cabinet
}

/// Synced, again and again, until it holds.
async fn until(person: &Person, holds: impl Fn(&Person) -> bool) {
    for _ in 0..100 {
        person.sync().await;
        if holds(person) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it never comes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_specialist_writes_the_brief_and_drafts_the_answer_which_comes_back_once() {
    let mut cabinet = prepared().await;
    let folder = Folder::new(cabinet.path("papers"), &[DYKES]);
    let meeting = cabinet.publish_folder(&folder, None, "");
    cabinet.secretary.sync().await;
    let item = cabinet.item(meeting, 1);
    let form = cabinet.secretary.client().send_form(cabinet.body, new_form(item)).expect("sent");
    cabinet.open_poll_on(meeting, 1, "Thông qua dự thảo nghị quyết?").await;
    let minister = cabinet.join(1, "minister").await;
    minister.sync().await;

    // The specialist's own screens: what is to be prepared, and nothing to vote on.
    let (home, shots) = (cabinet.path("aide"), shots("staff"));
    let ticket = cabinet.invite(AIDE).await;
    let mut app = App::open(&program("ecabinet-desktop"), &[&ticket.link()], &home, &shots).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, AIDE_NAME).await;
    app.read("Soạn trả lời phiếu").await;
    app.read("Chuẩn bị phiên họp").await;
    app.read(MINISTER).await;
    app.look("aide-home").await;
    let mut breaches = app.breaches("a specialist's home").await;
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.press("Củng cố đê điều").await;
    app.read("Chưa có tóm tắt cho nội dung này").await;
    app.read("Thông qua dự thảo nghị quyết?").await;
    let votes = "return [...document.querySelectorAll('main button')].some(button => button.innerText.trim() === 'Biểu quyết')";
    assert_eq!(app.run(votes, Vec::new()).await, json!(false), "no vote to cast");
    app.look("aide-item").await;
    app.press("Viết tóm tắt").await;
    for (at, text) in [SUMMARY, PROPOSAL, POSITION].into_iter().enumerate() {
        let focus = format!("document.querySelectorAll('main textarea')[{at}].focus()");
        app.run(&focus, Vec::new()).await;
        app.type_into(":focus", text).await;
    }
    app.shoot("brief-written").await;
    app.press("Lưu").await;
    app.read("Sửa tóm tắt").await;
    app.shoot("brief-kept").await;

    // The draft, with the advising unit's opinion; submitted, sent back with a reason, mended.
    app.press("Phiếu lấy ý kiến").await;
    app.read("Cần soạn (1)").await;
    app.look("aide-forms").await;
    app.press("Soạn trả lời").await;
    app.read("Dự thảo trả lời cho Thành viên Mẫu 2").await;
    app.press("Đồng ý").await;
    app.press("Phương án 2").await;
    app.type_into("main .field textarea", ADVICE).await;
    app.look("aide-draft").await;
    breaches.extend(app.breaches("the draft of an answer").await);
    app.press("Trình Thành viên Mẫu 2").await;
    app.read("Đã trình Thành viên Mẫu 2").await;
    app.read("Chờ Thành viên Mẫu 2 xem").await;
    app.shoot("aide-submitted").await;
    let waits = |person: &Person| {
        let draft = person.client().answer_draft(cabinet.body, Cabinet::id(1), form).expect("a draft");
        draft.stage == DraftStage::Waiting
    };
    until(&minister, waits).await;
    minister.client().send_draft_back(cabinet.body, form, WHY).expect("sent back");
    minister.sync().await;
    app.read(WHY).await;
    app.shoot("aide-sent-back").await;
    app.press("Phương án 1").await;
    app.press("Trình Thành viên Mẫu 2").await;
    app.read("Chờ Thành viên Mẫu 2 xem").await;
    app.close().await;
    assert!(breaches.is_empty(), "{breaches:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_minister_reads_the_brief_first_and_answers_from_the_draft_without_network() {
    let mut cabinet = prepared().await;
    let folder = Folder::new(cabinet.path("papers"), &[DYKES]);
    let meeting = cabinet.publish_folder(&folder, None, "");
    cabinet.secretary.sync().await;
    let item = cabinet.item(meeting, 1);
    let form = cabinet.secretary.client().send_form(cabinet.body, new_form(item)).expect("sent");
    cabinet.secretary.sync().await;
    let ticket = cabinet.invite(AIDE).await;
    let mut aide = Person::new(cabinet.path("aide"), cabinet.env.clone());
    aide.join(&ticket).await.expect("joins");
    aide.sync().await;
    let write = |part, text| {
        aide.client().set_brief(cabinet.body, Cabinet::id(1), item, part, text).expect("kept");
    };
    write(BriefPart::Summary, SUMMARY);
    write(BriefPart::Proposal, PROPOSAL);
    write(BriefPart::Position, POSITION);
    let said = |choice: &str, options: &[u32]| json!({ "choice": choice, "options": options, "text": "", "remark": false });
    let draft = json!({ "said": [said("yes", &[]), said("option", &[2])], "advice": ADVICE }).to_string();
    aide.client().draft_answer(cabinet.body, Cabinet::id(1), form, &draft, true).expect("submitted");
    aide.sync().await;

    let (home, shots) = (cabinet.path("minister"), shots("brief"));
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut app = App::open(&program("ecabinet-desktop"), &[&ticket.link()], &home, &shots).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, MINISTER).await;
    // Her device gives his the key as soon as it hears of it.
    aide.sync().await;
    app.read("Chuyên viên đã trình dự thảo trả lời").await;
    app.look("home").await;
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.press("Củng cố đê điều").await;
    app.read(SUMMARY).await;
    app.read(POSITION).await;
    app.look("item").await;
    let mut breaches = app.breaches("an item with its brief").await;
    app.press("Phiếu lấy ý kiến").await;
    app.read("Chuyên viên đã trình dự thảo").await;
    app.shoot("forms").await;

    // Without network: from the draft to the signed answer.
    cabinet.server.kill();
    app.read("Không có mạng").await;
    app.press("Xem dự thảo").await;
    app.read("Dự thảo trả lời của chuyên viên").await;
    app.read("Đã đủ, có thể gửi").await;
    app.look("form").await;
    breaches.extend(app.breaches("a form with a draft").await);
    app.run(LOOKS, vec![json!("dark"), json!("en"), json!(100)]).await;
    app.read("Draft answer by the staff").await;
    app.shoot("form-dark").await;
    app.run(LOOKS, vec![json!("light"), json!("vi"), json!(100)]).await;
    app.read("Dự thảo trả lời của chuyên viên").await;
    app.press("Gửi trả lời").await;
    app.read(ADVICE).await;
    app.type_into("input[inputmode=numeric]", PIN).await;
    app.press("Xác nhận gửi trả lời").await;
    app.read("Đã lưu trên máy này – chưa gửi, chưa được tính").await;
    app.shoot("sent").await;
    cabinet.server.resume();
    app.read("Đã ghi nhận lúc").await;
    app.close().await;
    assert!(breaches.is_empty(), "{breaches:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_is_shared_with_staff_and_taken_back_and_theirs_are_a_layer() {
    let mut cabinet = prepared().await;
    let folder = Folder::new(cabinet.path("papers"), &[DYKES]);
    let meeting = cabinet.publish_folder(&folder, None, "");
    let ticket = cabinet.invite(AIDE).await;
    let mut aide = Person::new(cabinet.path("aide"), cabinet.env.clone());
    aide.join(&ticket).await.expect("joins");
    aide.sync().await;
    let rev = aide.client().meeting(cabinet.body, meeting).expect("a meeting").items[0].papers[0].rev;

    let (home, shots) = (cabinet.path("minister"), shots("sharing"));
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let mut app = App::open(&program("ecabinet-desktop"), &[&ticket.link()], &home, &shots).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, MINISTER).await;
    let mark = Mark {
        quads: vec![[120.0, 160.0, 120.0, 160.0, 120.0, 160.0, 120.0, 160.0]],
        colour: "green".into(),
        ..Mark::note(rev, 0)
    };
    let hers =
        aide.client().add_mark(cabinet.body, &mark, Some("Đối chiếu với Tờ trình, mục 2")).expect("kept");
    let group = SpaceOwner::Staff(Cabinet::id(1));
    aide.client().share_note(cabinet.body, &hers, &[group]).expect("shared");
    aide.sync().await;

    // Hers is on his page, framed, and a layer that he switches off and on.
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.read("đọc được khi không có mạng").await;
    app.press("Củng cố đê điều").await;
    let title =
        aide.client().meeting(cabinet.body, meeting).expect("a meeting").items[0].papers[0].title.clone();
    app.press(&title).await;
    app.see(SHEET).await;
    app.settle().await;
    app.see("section.sheet .pin.others").await;
    app.chord(&["ctrl"], "m").await;
    app.read("Đối chiếu với Tờ trình, mục 2").await;
    app.read("Chuyên viên giúp việc (1)").await;
    app.look("layer").await;
    let mut breaches = app.breaches("notes of others").await;
    app.click("aside input[role=switch]").await;
    gone(&app, "section.sheet .pin.others").await;
    app.shoot("layer-off").await;
    app.click("aside input[role=switch]").await;
    app.see("section.sheet .pin.others").await;

    // His own note: private at first, then shared, which is said in words, then taken back.
    app.press("Đặt ghi chú lên trang").await;
    app.drag("section.sheet .words", (500.0, 436.0), (500.0, 436.0)).await;
    app.type_into("aside textarea", "Đề nghị chuẩn bị số liệu của ba huyện").await;
    app.press("Xong").await;
    app.press("Chia sẻ").await;
    app.read("Chỉ người ghi chú xem được").await;
    app.look("share").await;
    breaches.extend(app.breaches("sharing a note").await);
    app.click("aside li section button[aria-label^='Chia sẻ: Chuyên viên']").await;
    app.read("người đã đọc thì đã biết nội dung").await;
    app.press("Xong").await;
    app.read("Đang chia sẻ: Chuyên viên giúp việc").await;
    app.look("shared").await;
    let texts = |person: &Person| {
        let notes = person.client().shared_notes(cabinet.body, None).expect("notes");
        notes.into_iter().flat_map(|shared| shared.note.texts).collect::<Vec<_>>()
    };
    until(&aide, |aide| texts(aide) == ["Đề nghị chuẩn bị số liệu của ba huyện"]).await;
    app.run(LOOKS, vec![json!("dark"), json!("en"), json!(100)]).await;
    // In another language the screen is made anew.
    app.see(SHEET).await;
    app.chord(&["ctrl"], "m").await;
    app.read("Shared: My staff").await;
    app.shoot("shared-dark").await;
    breaches.extend(app.breaches("a shared note in the dark").await);
    app.run(LOOKS, vec![json!("light"), json!("vi"), json!(100)]).await;
    app.see(SHEET).await;
    app.chord(&["ctrl"], "m").await;
    app.read("Đang chia sẻ: Chuyên viên giúp việc").await;
    app.press("Chia sẻ").await;
    app.click("aside li section button[aria-label^='Thôi chia sẻ']").await;
    app.read("Chỉ người ghi chú xem được").await;
    until(&aide, |aide| texts(aide).is_empty()).await;
    app.close().await;
    assert!(breaches.is_empty(), "{breaches:#?}");
}

async fn gone(app: &App, css: &str) {
    for _ in 0..100 {
        let count = app.run("return document.querySelectorAll(arguments[0]).length", vec![json!(css)]).await;
        if count == json!(0) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("still there: {css}");
}
