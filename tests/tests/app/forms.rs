//! An opinion form, from its sending to its result: read, answered on a plane, recorded, closed, seen.

use super::accessible::LOOKS;
use super::{PIN, enrol, shots};
use ecabinet_client::{NewAnswer, NewForm};
use ecabinet_domain::{Base, Choice, Int, Opinion, Options, PassRule, Rule, StatementId};
use ecabinet_protocol::content::{FormContent, QuestionContent};
use ecabinet_tests::{App, Cabinet, DYKES, Folder, program};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

const SUBJECT: &str = "Dự thảo Nghị quyết về Chương trình củng cố đê điều và hồ chứa lưu vực sông Lam Thủy";
const OTHER: &str = "Nhất trí về chủ trương; đề nghị bổ sung nguồn vốn duy tu hằng năm.";
const FROM_JULY: &str = "Từ ngày 01 tháng 7 năm 2027, sau khi tổng kết thí điểm";
const DAY: u64 = 24 * 60 * 60 * 1000;

#[tokio::test(flavor = "multi_thread")]
async fn an_opinion_form_is_answered_without_network_in_four_acts_and_its_result_is_seen() {
    let mut cabinet = Cabinet::open().await;
    let (home, shots) = (cabinet.path("minister"), shots("forms"));
    // Opinion forms stand in a body of the third level.
    for _ in 0..2 {
        cabinet.registrar.client().raise_level(cabinet.body).expect("raised");
        cabinet.registrar.sync().await;
    }
    let ticket = cabinet.invite(Cabinet::id(1)).await;
    let desktop = program("ecabinet-desktop");
    let mut app = App::open(&desktop, &[&ticket.link()], &home, &shots).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, "Thành viên Mẫu 2").await;
    app.press("Phiếu lấy ý kiến").await;
    app.read("Chưa có phiếu lấy ý kiến nào").await;

    let folder = Folder::new(cabinet.path("papers"), &[DYKES]);
    let meeting = cabinet.publish_folder(&folder, None, "");
    cabinet.secretary.sync().await;
    let item = cabinet.item(meeting, 1);
    let form = cabinet.secretary.client().send_form(cabinet.body, new_form(item)).expect("sent");
    cabinet.secretary.sync().await;

    // Home asks for it; the list says until when.
    app.press("Việc cần xử lý").await;
    app.read("Trả lời phiếu").await;
    app.look("home").await;
    app.press("Phiếu lấy ý kiến").await;
    app.read("Chờ trả lời (1)").await;
    app.look("forms").await;
    let mut breaches = app.breaches("the list of forms").await;

    // He chooses, reads a paper of the dossier, and comes back to what he has chosen.
    app.press("Trả lời").await;
    app.read("Hồ sơ trình").await;
    app.look("form").await;
    breaches.extend(app.breaches("a form").await);
    let wider = "const page = document.querySelector('main'); return page.scrollWidth > page.clientWidth";
    app.resize(1093, 614).await;
    assert_eq!(app.run(wider, Vec::new()).await, Value::Bool(false), "nothing to scroll sideways");
    app.resize(1280, 800).await;
    app.press("Đồng ý").await;
    app.press("Dự thảo nghị quyết").await;
    app.see("section.sheet .words.text").await;
    app.settle().await;
    app.key("Escape").await;
    app.read("Hồ sơ trình").await;
    assert_eq!(chosen(&app).await, "Đồng ý");

    // On the plane: what is missing is said; then the answer waits on this device.
    cabinet.server.kill();
    app.read("Không có mạng").await;
    app.press("Gửi trả lời").await;
    app.read("Câu 2: chưa chọn trả lời").await;
    app.shoot("missing").await;
    app.press("Phương án 2").await;
    app.press("Gửi trả lời").await;
    app.type_into("input[inputmode=numeric]", PIN).await;
    app.look("confirm").await;
    app.press("Xác nhận gửi trả lời").await;
    app.read("Đã lưu trên máy này – chưa gửi, chưa được tính").await;
    app.look("saved").await;
    cabinet.server.resume();
    app.read("Đã ghi nhận lúc").await;
    app.look("recorded").await;

    // Others answer with their own clients; the form is closed.
    for member in 2..5 {
        let person = cabinet.join(member, &format!("member {member}")).await;
        person.sync().await;
        let answer = match member {
            4 => answer(form, Choice::Other, Some(OTHER)),
            _ => answer(form, Choice::Yes, None),
        };
        person.client().answer_form(cabinet.body, answer).expect("answered");
        person.sync().await;
    }
    cabinet.close_poll(form).await;

    // The result: both bases, the legal basis, everyone's opinion, his receipt.
    app.press("Phiếu lấy ý kiến").await;
    app.read("Đã kết thúc").await;
    app.shoot("forms-closed").await;
    app.press("Xem kết quả").await;
    app.read("Được thông qua").await;
    app.read("Cần 3 ý kiến đồng ý trên tổng số 5 phiếu gửi; có 3.").await;
    app.read("Trên 4 phiếu trả lời").await;
    app.read("Quy chế mẫu").await;
    app.read(OTHER).await;
    app.read("Đã tính vào kết quả").await;
    app.look("result").await;
    breaches.extend(app.breaches("the result of a form").await);
    app.run(LOOKS, vec![json!("dark"), json!("en"), json!(100)]).await;
    app.read("Adopted").await;
    app.shoot("result-dark").await;
    breaches.extend(app.breaches("the result of a form in the dark").await);
    app.run(LOOKS, vec![json!("light"), json!("vi"), json!(100)]).await;
    app.read("Được thông qua").await;
    app.press("Xem xác nhận").await;
    app.read("Đã kiểm tra trên máy này").await;
    app.read("Trả lời phiếu lấy ý kiến").await;
    app.shoot("receipt").await;
    app.close().await;
    assert!(breaches.is_empty(), "{breaches:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_agency_replies_to_an_opinion_and_its_head_approves() {
    let mut cabinet = Cabinet::open().await;
    cabinet.raise().await;
    let folder = Folder::new(cabinet.path("papers"), &[DYKES]);
    let meeting = cabinet.publish_folder(&folder, None, "");
    cabinet.secretary.sync().await;
    let form = NewForm { agency: Some("chair".into()), ..new_form(cabinet.item(meeting, 1)) };
    let form = cabinet.secretary.client().send_form(cabinet.body, form).expect("sent");
    cabinet.secretary.sync().await;
    for member in 1..5 {
        let person = cabinet.join(member, &format!("member {member}")).await;
        person.sync().await;
        let answer = match member {
            4 => answer(form, Choice::Other, Some(OTHER)),
            _ => answer(form, Choice::Yes, None),
        };
        person.client().answer_form(cabinet.body, answer).expect("answered");
        person.sync().await;
    }

    let (home, shots) = (cabinet.path("chair"), shots("replies"));
    let ticket = cabinet.invite(Cabinet::id(0)).await;
    let desktop = program("ecabinet-desktop");
    let mut app = App::open(&desktop, &[&ticket.link()], &home, &shots).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, "Thành viên Mẫu 1").await;
    app.press("Phiếu lấy ý kiến").await;
    app.press("Trả lời").await;
    // The chair sees who has answered, and gives more time.
    app.read("Tình hình trả lời").await;
    app.look("board").await;
    app.press("Gia hạn").await;
    app.press("Thêm 3 ngày").await;
    app.shoot("extend").await;
    app.press("Xác nhận gia hạn").await;
    app.settle().await;
    app.press("Kết thúc lấy ý kiến").await;
    app.read("Còn 1 thành viên chưa trả lời.").await;
    app.shoot("close").await;
    app.click("[role=dialog] button.filled").await;
    app.press("Xem kết quả").await;
    app.read(OTHER).await;
    app.look("opinions").await;
    let mut breaches = app.breaches("opinions to reply to").await;

    let reply = "return [...document.querySelectorAll('li')].find(row => row.innerText.includes(arguments[0])).querySelector('button').click()";
    app.run(reply, vec![json!(OTHER)]).await;
    app.read("Tiếp thu, giải trình ý kiến").await;
    app.press("Giải trình").await;
    app.look("reply").await;
    breaches.extend(app.breaches("a reply").await);
    app.type_into("[role=dialog] textarea", "Nguồn vốn duy tu đã nêu tại Điều 3 dự thảo.").await;
    app.press("Lưu vào bảng").await;
    app.read("1 nội dung tiếp thu, giải trình chờ phê duyệt.").await;
    app.read("Chưa phê duyệt").await;
    app.look("replied").await;
    app.press("Phê duyệt").await;
    app.read("Đã phê duyệt").await;
    app.press("Bảng tổng hợp ý kiến").await;
    app.read("Lưu PDF").await;
    app.look("table").await;
    app.close().await;
    assert!(breaches.is_empty(), "{breaches:#?}");
}

/// Two questions, due in three days, by majority of all who are asked.
pub(super) fn new_form(item: ecabinet_domain::ItemId) -> NewForm {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as u64;
    let majority = PassRule { base: Base::Members, num: 1, den: 2, strict: true };
    let closes = Int::new(now + 3 * DAY);
    let yes_or_no = Rule { closes, ..Rule::plain(vec![Choice::Yes, Choice::No, Choice::Other], majority) };
    let options = Rule {
        closes,
        options: Some(Options { count: 2, most: 1 }),
        ..Rule::plain(vec![Choice::Option, Choice::Alternative], majority)
    };
    let question = |question: &str, options: &[&str]| QuestionContent {
        question: question.into(),
        labels: BTreeMap::new(),
        options: options.iter().map(|&option| option.to_owned()).collect(),
    };
    NewForm {
        item,
        content: FormContent {
            number: "12/PLYK/2026".into(),
            subject: SUBJECT.into(),
            agency: Some("Bộ Thủy nông".into()),
            submission: Some("45/TTr-BTN".into()),
            officer: Some("Vụ Kế hoạch".into()),
            summary: Some(
                "Củng cố 38 công trình tại 11 địa phương, ưu tiên hồ chứa xuống cấp và đê xung yếu.".into(),
            ),
            basis: "Quy chế mẫu, Điều 12".into(),
            questions: vec![
                question("Ban hành Nghị quyết theo dự thảo của cơ quan trình", &[]),
                question("Thời điểm bắt đầu áp dụng", &["Từ ngày 01 tháng 01 năm 2027", FROM_JULY]),
            ],
        },
        rules: vec![yes_or_no, options],
        asked: Vec::new(),
        agency: None,
        approver: None,
    }
}

fn answer(form: StatementId, choice: Choice, text: Option<&str>) -> NewAnswer {
    let first = Opinion { choice, options: None, text: text.map(str::to_owned) };
    let second = Opinion { choice: Choice::Option, options: Some(vec![Int::from(2u32)]), text: None };
    NewAnswer { form, opinions: vec![first, second], advice: None, replace: false }
}

/// What is chosen on the screen, by line.
async fn chosen(app: &App) -> String {
    let script = "return [...document.querySelectorAll('.choices label.on')].map(label => label.innerText.trim()).join('\\n')";
    match app.run(script, Vec::new()).await {
        Value::String(lines) => lines,
        other => panic!("no text: {other}"),
    }
}
