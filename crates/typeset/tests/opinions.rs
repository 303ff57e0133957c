//! A table of opinions becomes a document that other programs read.

use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Output, Stdio};

const OPINION: &str = "Nhất trí về chủ trương; đề nghị bổ sung nguồn vốn duy tu hằng năm.";

fn table(members: usize) -> Value {
    let said = |code: &str| json!({"code": code, "label": null});
    let opinion = |n: usize| {
        let reply =
            json!({"taken": "part", "text": "Đã nêu tại Điều 3 dự thảo.", "approved": n.is_multiple_of(2)});
        json!({
            "name": format!("Thành viên Mẫu {n}"), "title": "Ủy viên", "overdue": n == 2,
            "said": if n == 3 { Value::Null } else { said("other") },
            "text": if n == 3 { Value::Null } else { json!(OPINION) },
            "reply": if n == 3 { Value::Null } else { reply },
        })
    };
    json!({
        "language": "vi", "body": "Ủy ban mẫu", "number": "12/PLYK/2026", "subject": "Dự thảo Nghị định",
        "head": {"country": "CỘNG HÒA MẪU SƠN HÀ", "motto": "Cần mẫn - Minh bạch - Hài hòa", "issuer": "CHÍNH PHỦ SƠN HÀ", "place": "Minh Giang"},
        "agency": "Bộ Thủy nông", "submission": "45/TTr-BTN", "basis": "Quy chế mẫu, Điều 12",
        "sent_at": 1_795_737_600_000u64, "due": 1_795_996_800_000u64, "closed_at": 1_796_083_200_000u64, "zone": 420,
        "asked": members, "answered": members - 1, "form": "ab".repeat(32),
        "questions": [{
            "text": "Ban hành Nghị định theo dự thảo?", "silent": 1, "favour": 14, "pass_needed": 14, "outcome": "passed",
            "adopted": [], "counts": [{"choice": said("yes"), "count": 14}, {"choice": said("other"), "count": 12}],
            "opinions": (1..=members).map(opinion).collect::<Vec<_>>(),
        }],
    })
}

fn set(kind: &str, table: &Value) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ecabinet-typeset"))
        .args(["opinions", kind])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(table.to_string().as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn text_of(pdf: &[u8]) -> String {
    let file = std::env::temp_dir().join(format!("ecabinet-typeset-{}.pdf", std::process::id()));
    std::fs::write(&file, pdf).unwrap();
    let told = Command::new("pdftotext").args(["-layout", file.to_str().unwrap(), "-"]).output().unwrap();
    std::fs::remove_file(file).unwrap();
    String::from_utf8(told.stdout).unwrap()
}

#[test]
fn the_document_has_its_head_and_every_opinion_with_its_reply() {
    let made = set("pdf", &table(27));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(made.stdout.starts_with(b"%PDF-"));
    let text = text_of(&made.stdout);
    for words in [
        "CỘNG HÒA MẪU SƠN HÀ",
        "BẢNG TỔNG HỢP, TIẾP THU, GIẢI TRÌNH Ý KIẾN",
        "Phiếu lấy ý kiến số 12/PLYK/2026",
        "Minh Giang, ngày 01 tháng 12 năm 2026",
        "Hạn trả lời: 30/11/2026",
        "Kết quả: Thông qua",
        "Thành viên Mẫu 27",
        "chưa phê duyệt",
        "THỦ TRƯỞNG CƠ QUAN TRÌNH",
    ] {
        assert!(text.contains(words), "{words} in\n{text}");
    }
    // Its columns stand on every page.
    assert!(text.matches("STT").count() > 1 && text.contains('\u{c}'));
}

#[test]
fn the_sheet_is_one_that_other_programs_open() {
    let made = set("xlsx", &table(5));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(made.stdout.starts_with(b"PK"));
    let file = std::env::temp_dir().join(format!("ecabinet-typeset-{}.xlsx", std::process::id()));
    std::fs::write(&file, &made.stdout).unwrap();
    let strings =
        Command::new("unzip").args(["-p", file.to_str().unwrap(), "xl/sharedStrings.xml"]).output().unwrap();
    std::fs::remove_file(file).unwrap();
    let strings = String::from_utf8(strings.stdout).unwrap();
    assert!(strings.contains(OPINION) && strings.contains("Đã nêu tại Điều 3 dự thảo."));
}

#[test]
fn what_begins_like_a_formula_is_a_text() {
    let mut table = table(1);
    table["questions"][0]["opinions"][0]["text"] = json!("=HYPERLINK(\"http://x\")");
    let made = set("xlsx", &table);
    let file = std::env::temp_dir().join(format!("ecabinet-formula-{}.xlsx", std::process::id()));
    std::fs::write(&file, &made.stdout).unwrap();
    let sheet = Command::new("unzip")
        .args(["-p", file.to_str().unwrap(), "xl/worksheets/sheet1.xml"])
        .output()
        .unwrap();
    std::fs::remove_file(file).unwrap();
    assert!(!String::from_utf8(sheet.stdout).unwrap().contains("<f>"));
}

#[test]
fn what_is_no_table_is_refused() {
    let made = set("pdf", &json!({"language": "vi"}));
    assert!(!made.status.success() && made.stdout.is_empty());
    assert!(!set("doc", &table(1)).status.success());
}
