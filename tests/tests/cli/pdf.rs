//! Any PDF.

use crate::kit::{has, other, pdf, rows};
use serde_json::json;

#[test]
fn any_pdf_info_render_text_search() {
    let dir = tempfile::TempDir::new().expect("a folder");
    let paper = pdf("paper.pdf").to_string_lossy().into_owned();
    let call = |args: &[&str]| other("ecabinet", &[&["--json", "pdf"], args].concat());
    let info = call(&["info", &paper]);
    assert_eq!((info.exit, &info.json["schema"]), (0, &json!("pdf info/1")));
    let pages = rows(&info.json, "pages").len();
    has(&info.json, &["pages", "encrypted", "has_text", "signed"]);
    let out = dir.path().join("page.png").to_string_lossy().into_owned();
    let rendered = call(&["render", &paper, "--page", "1", "--dpi", "72", "--out", &out]);
    assert_eq!((rendered.exit, &rendered.json["schema"]), (0, &json!("pdf render/1")), "{}", rendered.stdout);
    assert!(std::fs::read(&out).expect("an image").starts_with(b"\x89PNG"));
    let all = dir.path().to_string_lossy().into_owned();
    assert_eq!(call(&["render", &paper, "--all", "--dpi", "30", "--out-dir", &all]).exit, 0);
    assert_eq!(std::fs::read_dir(dir.path()).expect("a folder").count(), pages + 1);
    assert_eq!(call(&["render", &paper, "--page", "1"]).exit, 2, "nowhere to write");
    assert_eq!(call(&["render", &paper, "--page", "99", "--out", &out]).code(), "pdf.page_missing");
    let words = call(&["text", &paper]);
    assert_eq!(
        (words.exit, &words.json["schema"], rows(&words.json, "pages").len()),
        (0, &json!("pdf text/1"), pages)
    );
    let found = call(&["search", &paper, "nghi quyet"]);
    assert_eq!((found.exit, &found.json["schema"]), (0, &json!("pdf search/1")));
    assert!(!rows(&found.json, "hits").is_empty());
    for (file, code) in
        [("encrypted.pdf", "pdf.encrypted"), ("truncated.pdf", "pdf.truncated"), ("text.pdf", "pdf.not_pdf")]
    {
        let refused = call(&["info", &pdf(file).to_string_lossy()]);
        assert_eq!((refused.exit, refused.code().as_str()), (5, code));
    }
    assert_eq!(call(&["info", "/nonexistent.pdf"]).exit, 5);
}
