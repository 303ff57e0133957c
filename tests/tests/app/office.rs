//! An opinion form from the office: drafted in the app by the secretariat, sent back once, approved and sent in the app by the head
//! of office, and with the members at once.

use super::accessible::LOOKS;
use super::{PIN, enrol, shots};
use ecabinet_client::{DossierPaper, FormDraftStage};
use ecabinet_domain::MemberId;
use ecabinet_protocol::ui::{DraftPaper, FormDraft, QuestionDraft};
use ecabinet_tests::{App, Cabinet, Person, program, text_pdf};
use serde_json::{Value, json};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const HEAD: MemberId = MemberId([98; 16]);
const CLERK: MemberId = MemberId([97; 16]);
const HEAD_NAME: &str = "Chủ nhiệm Mẫu";
const CLERK_NAME: &str = "Văn thư Mẫu";
const SUBJECT: &str = "Dự thảo Nghị quyết về Chương trình củng cố đê điều và hồ chứa lưu vực sông Lam Thủy";
const SUMMARY: &str = "Củng cố 38 công trình tại 11 địa phương, ưu tiên hồ chứa xuống cấp và đê xung yếu.";
const WHY: &str = "Bổ sung câu hỏi về thời điểm áp dụng";

/// A cabinet of level 3 whose office has a head and a clerk besides the secretary.
async fn with_office() -> Cabinet {
    let cabinet = Cabinet::open().await;
    cabinet.raise().await;
    cabinet.add_person(HEAD, HEAD_NAME, "Chủ nhiệm Văn phòng", "head").await;
    cabinet.add_person(CLERK, CLERK_NAME, "Phó Trưởng phòng Tổng hợp, Văn phòng", "secretariat").await;
    cabinet.secretary.sync().await;
    cabinet
}

async fn opened(cabinet: &Cabinet, member: MemberId, name: &str, shots: &std::path::Path) -> App {
    let ticket = cabinet.invite(member).await;
    let home = cabinet.path(name);
    let mut app = App::open(&program("ecabinet-desktop"), &[&ticket.link()], &home, shots).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, name).await;
    app
}

/// Types into the field of this label, over what is there.
async fn fill(app: &App, label: &str, nth: usize, text: &str) {
    let script = "const fields = [...document.querySelectorAll('main .field')].filter(f => f.querySelector('label').innerText.trim() === arguments[0]);
        const field = fields[arguments[1]]?.querySelector('input, textarea'); if (!field) return false;
        field.focus(); field.select(); field.setAttribute('data-filled', arguments[0] + arguments[1]); return true;";
    assert_eq!(
        app.run(script, vec![json!(label), json!(nth)]).await,
        Value::Bool(true),
        "no field «{label}»"
    );
    app.type_into(":focus", text).await;
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
async fn a_clerk_drafts_a_form_which_comes_back_once_and_the_head_of_office_sends_it() {
    let cabinet = with_office().await;
    let shots = shots("office-clerk");
    let paper = cabinet.path("01 Dự thảo Nghị quyết.pdf");
    std::fs::write(&paper, text_pdf(&["Dieu 1. Cung co de dieu va ho chua", "Dieu 2. Nguon von"]))
        .expect("written");

    // The clerk's screens: nothing yet, then a form with all that belongs to it.
    let mut app = opened(&cabinet, CLERK, CLERK_NAME, &shots).await;
    app.press("Phiếu lấy ý kiến").await;
    app.press("Soạn phiếu mới").await;
    app.read("1/PLYK/").await;
    app.look("begun").await;
    app.press("Trình duyệt").await;
    app.read("Cần bổ sung trước khi trình").await;
    app.shoot("lacks").await;
    fill(&app, "Trích yếu", 0, SUBJECT).await;
    fill(&app, "Cơ quan trình", 0, "Bộ Thủy nông").await;
    fill(&app, "Số tờ trình", 0, "45/TTr-BTN").await;
    fill(&app, "Tóm tắt", 0, SUMMARY).await;
    fill(&app, "Câu hỏi", 0, "Ban hành Nghị quyết theo dự thảo của cơ quan trình").await;
    fill(&app, "Căn cứ", 0, "Quy chế mẫu, Điều 12").await;
    app.press("Thêm tài liệu PDF").await;
    app.choose_file(&paper).await;
    app.read("1 trang").await;
    app.read("Đã lưu lúc").await;
    app.look("written").await;
    let mut breaches = app.breaches("a form being written").await;
    let wider = "const page = document.querySelector('main'); return page.scrollWidth > page.clientWidth";
    app.resize(1093, 614).await;
    assert_eq!(app.run(wider, Vec::new()).await, Value::Bool(false), "nothing to scroll sideways");
    app.resize(1280, 800).await;
    app.press("Trình duyệt").await;
    app.read("Chờ duyệt").await;
    app.read_not("Cần bổ sung").await;
    app.look("handed-in").await;

    // The head sends it back; she sees why, adds a question of options, and hands it in again.
    let mut head = Person::new(cabinet.path("head's other device"), cabinet.env.clone());
    head.join(&cabinet.invite(HEAD).await).await.expect("joins");
    let here = |person: &Person| person.client().form_drafts(cabinet.body).expect("drafts");
    until(&head, |head| here(head).first().is_some_and(|draft| draft.stage == FormDraftStage::Waiting)).await;
    let id = here(&head)[0].id.clone();
    let back = FormDraftStage::Back { why: WHY.into() };
    head.client().stage_form_draft(cabinet.body, &id, &back).expect("sent back");
    head.sync().await;
    app.read(WHY).await;
    app.press("Việc cần xử lý").await;
    app.read("Phiếu lấy ý kiến bị trả lại").await;
    app.look("home-back").await;
    app.press("Sửa phiếu").await;
    app.press("Thêm câu hỏi").await;
    fill(&app, "Câu hỏi", 1, "Thời điểm bắt đầu áp dụng").await;
    app.run("[...document.querySelectorAll('main li label')].filter(l => l.innerText.includes('Chọn phương án')).at(-1).click()", Vec::new()).await;
    fill(&app, "Phương án 1", 0, "Từ ngày 01 tháng 01 năm 2027").await;
    fill(&app, "Phương án 2", 0, "Từ ngày 01 tháng 7 năm 2027, sau khi tổng kết thí điểm").await;
    app.run("document.querySelector('main').scrollTo(0, 700)", Vec::new()).await;
    app.look("mended").await;
    // Killed a moment after the last letter: nothing of it is lost.
    app.read("Đã lưu lúc").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    app.kill();
    let mut app = App::start(&program("ecabinet-desktop"), &cabinet.path(CLERK_NAME), &shots).await;
    super::unlock(&app).await;
    app.press("Sửa phiếu").await;
    app.press("Trình duyệt").await;
    app.read("Chờ duyệt").await;
    app.press("Phiếu lấy ý kiến").await;
    app.read("Đang chuẩn bị (1)").await;
    app.look("list").await;
    breaches.extend(app.breaches("forms in preparation").await);
    until(&head, |head| {
        let form: FormDraft = serde_json::from_str(&here(head)[0].said.texts[0]).expect("a form");
        form.questions.len() == 2 && here(head)[0].stage == FormDraftStage::Waiting
    })
    .await;
    app.close().await;
    assert!(breaches.is_empty(), "{breaches:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_of_office_reads_the_papers_signs_without_network_and_the_form_is_with_the_members() {
    let mut cabinet = with_office().await;
    let shots = shots("office-head");
    let desk = &cabinet.secretary;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as u64;
    let bytes = text_pdf(&["Dieu 1. Cung co de dieu va ho chua", "Dieu 2. Nguon von"]);
    let id = desk.client().begin_form_draft(cabinet.body, "{}").expect("begun");
    let paper = desk.client().keep_draft_paper(cabinet.body, &id, &bytes).expect("kept");
    let question = |text: &str, options: &[&str]| QuestionDraft {
        text: text.into(),
        options: options.iter().map(|&option| option.to_owned()).collect(),
        most: 1,
        other_option: true,
        other_opinion: options.is_empty(),
    };
    let form = FormDraft {
        number: "12/PLYK/2026".into(),
        subject: SUBJECT.into(),
        agency: "Bộ Thủy nông".into(),
        submission: "45/TTr-BTN".into(),
        officer: "Vụ Kế hoạch".into(),
        summary: SUMMARY.into(),
        basis: "Quy chế mẫu, Điều 12".into(),
        questions: vec![
            question("Ban hành Nghị quyết theo dự thảo của cơ quan trình", &[]),
            question(
                "Thời điểm bắt đầu áp dụng",
                &["Từ ngày 01 tháng 01 năm 2027", "Từ ngày 01 tháng 7 năm 2027, sau khi tổng kết thí điểm"],
            ),
        ],
        due: Some(now + 7 * 24 * 60 * 60 * 1000),
        papers: vec![DraftPaper {
            paper,
            title: "Dự thảo Nghị quyết".into(),
            bytes: bytes.len() as u64,
            pages: 1,
        }],
        replies: Some("secretariat".into()),
        ..FormDraft::default()
    };
    let said = serde_json::to_string(&form).expect("plain data");
    let papers = vec![DossierPaper { title: "Dự thảo Nghị quyết".into(), bytes, pages: 1 }];
    let signed = desk.client().sign_dossier(cabinet.body, SUBJECT, papers).expect("signed");
    desk.client().hand_in_form_draft(cabinet.body, &id, &said, &signed).expect("handed in");
    desk.sync().await;

    let mut app = opened(&cabinet, HEAD, HEAD_NAME, &shots).await;
    cabinet.secretary.sync().await;
    app.read("Duyệt phiếu lấy ý kiến").await;
    app.look("home").await;
    let mut breaches = app.breaches("the home of a head of office").await;
    app.press("Xem và duyệt").await;
    app.read("Thời điểm bắt đầu áp dụng").await;
    app.look("form").await;
    breaches.extend(app.breaches("a form to approve").await);
    app.press("Dự thảo Nghị quyết").await;
    app.see("[role=dialog] img").await;
    app.settle().await;
    app.look("paper").await;
    app.key("Escape").await;
    app.run(LOOKS, vec![json!("dark"), json!("en"), json!(100)]).await;
    app.read("Approve, sign and send").await;
    app.shoot("form-dark").await;
    breaches.extend(app.breaches("a form to approve in the dark").await);
    app.run(LOOKS, vec![json!("light"), json!("vi"), json!(100)]).await;

    // On the plane: signed here, sent later; and all of it at once.
    cabinet.server.kill();
    app.read("Không có mạng").await;
    app.press("Duyệt, ký và gửi").await;
    app.read("Hỏi 5 thành viên, 2 câu.").await;
    app.type_into("input[inputmode=numeric]", "000000").await;
    app.press("Ký và gửi phiếu").await;
    app.read("Mã PIN không đúng").await;
    app.type_into("input[inputmode=numeric]", PIN).await;
    app.look("sign").await;
    app.press("Ký và gửi phiếu").await;
    app.read("Đã ký, đang gửi").await;
    app.look("signed").await;
    cabinet.server.resume();
    app.read("Xem phiếu đã gửi").await;
    app.look("sent").await;
    app.press("Xem phiếu đã gửi").await;
    app.read("Dự thảo Nghị quyết").await;
    let minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    let forms = minister.client().forms(cabinet.body).expect("forms");
    assert_eq!((forms.len(), forms[0].number.as_str(), forms[0].asks_me), (1, "12/PLYK/2026", true));
    app.close().await;
    assert!(breaches.is_empty(), "{breaches:#?}");
}
