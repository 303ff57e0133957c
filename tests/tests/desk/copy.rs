//! A member takes a paper with him, with what he wrote on it.

use super::versions::{GONE, KEPT, draft, mark};
use super::{NoWindow, desk_in, join};
use ecabinet_client::packs::NewPaper;
use ecabinet_domain::Audience;
use ecabinet_protocol::ui::{self, Commands};
use ecabinet_tests::{Cabinet, DRAFT, DYKES, Folder, code, endless_pdf};
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_has_every_mark_and_the_paper_as_it_was() {
    let mut cabinet = Cabinet::open().await;
    let (keyring, clock) = Default::default();
    let place = cabinet.path("saved");
    std::fs::create_dir(&place).expect("a folder");
    let window = NoWindow { place: Some(place.clone()) };
    let his = desk_in(&cabinet.path("minister"), &keyring, &clock, window);
    join(&his, &cabinet, 1).await;
    let folder = Folder::new(cabinet.path("papers"), &[DYKES]);
    let meeting = cabinet.publish_folder(&folder, None, "");
    let first = draft(&his, &cabinet, None).await;
    let opened = his.open_paper(first.clone()).await.expect("opens");
    assert!(opened.may_leave, "this body lets papers leave");
    for words in [KEPT, GONE] {
        mark(&his, &first, opened.pages.len(), words).await;
    }
    folder.replace(DYKES, DRAFT);
    cabinet.publish_folder(&folder, Some(meeting), "");
    let second = draft(&his, &cabinet, Some(&first)).await;
    his.open_paper(second.clone()).await.expect("opens");

    let saved = his.save_with_marks(ui::WithMarks {
        body: second.body.clone(),
        paper: second.paper.clone(),
        rev: second.rev.clone(),
        words: ui::CopyWords {
            name: "Dự thảo nghị quyết – có ghi chú".into(),
            notice: "Bản làm việc".into(),
            unplaced: "Không tìm thấy chỗ:".into(),
            bookmark: "Dấu trang".into(),
        },
    });
    let saved = saved.await.expect("written").expect("where the window said");
    assert_eq!(saved, place.join("Dự thảo nghị quyết – có ghi chú.pdf").display().to_string());
    let copy = std::fs::read(&saved).expect("a file");
    assert!(copy.starts_with(&folder.read(DYKES, DRAFT)), "the paper is in it as it was");
    let told = Command::new("qpdf").args(["--json=2", "--json-key=qpdf", &saved]).output().expect("qpdf");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let told = String::from_utf8(told.stdout).expect("text");
    let count = |what: &str| told.matches(what).count();
    assert_eq!(count(r#""/Subtype": "/Highlight""#), 1, "what was found");
    assert_eq!(count(r#""/Subtype": "/Text""#), 1, "what was not is on its page, and says so");
    assert!(told.contains("Không tìm thấy chỗ: «1.340»"), "{told}");
    assert_eq!(count("Cần hỏi lại"), 2);
    assert_eq!(count("Bản làm việc"), 0, "it is not a signed paper");
}

/// The resolution's draft with these pages.
fn paper(pages: &[&str], watermark: bool) -> NewPaper {
    NewPaper {
        title: "Dự thảo nghị quyết".into(),
        path: "1/Dự thảo.pdf".into(),
        bytes: endless_pdf(&pages.iter().map(|page| format!("({page}) Tj")).collect::<Vec<_>>(), 0),
        pages: pages.len() as u32,
        audience: vec![Audience::All],
        signers: Vec::new(),
        watermark,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_on_a_page_that_is_no_more_goes_with_the_last_page() {
    const FIRST: &str = "The whole costs three thousand";
    const SECOND: &str = "An annex lists what comes first";
    let cabinet = Cabinet::open().await;
    let (keyring, clock) = Default::default();
    let place = cabinet.path("saved");
    std::fs::create_dir(&place).expect("a folder");
    let window = NoWindow { place: Some(place.clone()) };
    let his = desk_in(&cabinet.path("minister"), &keyring, &clock, window);
    join(&his, &cabinet, 1).await;
    let meeting = cabinet.publish_papers(vec![paper(&[FIRST, SECOND], false)]).await.meeting;
    let first = draft(&his, &cabinet, None).await;
    his.open_paper(first.clone()).await.expect("opens");
    mark(&his, &first, 2, "annex").await;
    cabinet.republish_papers(meeting, vec![paper(&[FIRST], false)]).await;
    let second = draft(&his, &cabinet, Some(&first)).await;
    his.open_paper(second.clone()).await.expect("opens");
    let words = ui::CopyWords {
        name: "bản sao".into(),
        notice: "Bản làm việc".into(),
        unplaced: "Không tìm thấy chỗ:".into(),
        bookmark: "Dấu trang".into(),
    };
    let saved = ui::WithMarks { body: second.body, paper: second.paper, rev: second.rev, words };
    let saved = his.save_with_marks(saved).await.expect("written").expect("where the window said");
    let told = Command::new("qpdf").args(["--json=2", "--json-key=qpdf", &saved]).output().expect("qpdf");
    let told = String::from_utf8(told.stdout).expect("text");
    assert!(told.contains("Không tìm thấy chỗ: «annex»"), "{told}");
    assert_eq!(told.matches(r#""/Subtype": "/Text""#).count(), 1, "on the only page that there is");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paper_that_says_who_reads_it_leaves_only_with_his_name_on_it() {
    let cabinet = Cabinet::open().await;
    let published = cabinet.publish_papers(vec![paper(&["What few may read"], true)]).await;
    let minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    let shown = minister.client().meeting(cabinet.body, published.meeting).expect("a meeting");
    let exported = minister.client().export_paper(cabinet.body, shown.items[0].papers[0].rev);
    assert_eq!(code(exported), "paper.watermarked");
}
