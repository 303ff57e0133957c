//! A paper is replaced the night before: the member's marks are where their words are now, or he is told that they are not;
//! and he sees what changed since he read.

use super::{PIN, desk, join, until};
use ecabinet_client::DeskCommands;
use ecabinet_protocol::ui::{self, Commands, MarkState, PieceKind, TextChangeKind};
use ecabinet_tests::{Cabinet, DRAFT, DYKES, Folder};

/// In both versions, in a paragraph that has not changed.
pub(super) const KEPT: &str = "chịu trách nhiệm thi hành";
/// In both, in a paragraph that has.
const BESIDE: &str = "nguồn hợp pháp khác là 600 tỷ quan";
/// Most of it, with other words.
pub(super) const REWORDED: &str = "mực nước tích không vượt quá 70% dung tích hữu ích";
/// In the first version only.
pub(super) const GONE: &str = "1.340";

#[tokio::test(flavor = "multi_thread")]
async fn marks_follow_their_words_into_the_next_version_and_the_changes_are_told() {
    let mut cabinet = Cabinet::open().await;
    let (keyring, clock) = Default::default();
    let his = desk(&cabinet.path("minister"), &keyring, &clock);
    join(&his, &cabinet, 1).await;
    let folder = Folder::new(cabinet.path("papers"), &[DYKES]);
    let meeting = cabinet.publish_folder(&folder, None, "");
    let first = draft(&his, &cabinet, None).await;
    let opened = his.open_paper(first.clone()).await.expect("opens");
    assert_eq!(his.changes(first.clone()).await.expect("answers"), None, "nothing was read before");
    for words in [KEPT, BESIDE, REWORDED, GONE] {
        mark(&his, &first, opened.pages.len(), words).await;
    }

    folder.replace(DYKES, DRAFT);
    cabinet.publish_folder(&folder, Some(meeting), "");
    let second = draft(&his, &cabinet, Some(&first)).await;
    let opened = his.open_paper(second.clone()).await.expect("opens");
    assert_eq!((opened.version, opened.marks.len()), (2, 0), "none was made on it");
    let marks = his.marks(second.clone()).await.expect("marks");
    let found = |words: &str| marks.iter().find(|mark| mark.exact == words).expect("not lost").clone();
    for (words, state) in [
        (KEPT, MarkState::Placed),
        (BESIDE, MarkState::Placed),
        (REWORDED, MarkState::Changed),
        (GONE, MarkState::NeedsEye),
    ] {
        let mark = found(words);
        assert_eq!((mark.state, mark.version), (state, 1), "{words}");
        let lies_on = lies_on(&his, &second, &mark).await;
        match state {
            MarkState::Placed => assert_eq!(lies_on, words),
            MarkState::Changed => {
                let now = mark.now.clone().expect("the words of today").exact;
                assert_eq!(now, REWORDED.replace("70%", "60%"));
                assert_eq!(lies_on, now);
            }
            MarkState::NeedsEye => assert!(mark.quads.is_empty(), "drawn nowhere"),
        }
    }

    // What changed, in words.
    let changes = his.changes(second.clone()).await.expect("answers").expect("he has read version 1");
    assert_eq!((changes.since_version, &changes.since_rev), (1, &first.rev));
    let kinds: Vec<_> = changes.changes.iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [TextChangeKind::Reworded; 2], "{:#?}", changes.changes);
    let said = |at: usize, kind: PieceKind| -> Vec<&str> {
        let pieces = changes.changes[at].pieces.iter().filter(|piece| piece.kind == kind);
        pieces.map(|piece| piece.text.as_str()).collect()
    };
    assert!(said(0, PieceKind::Removed).join(" ").contains("340"), "{:?}", changes.changes[0]);
    assert!(
        said(0, PieceKind::Added)
            .join(" ")
            .contains("Các địa bàn Cồn Ngọc và Bến Sậy được miễn phần đối ứng")
    );
    assert!(said(1, PieceKind::Added).join(" ").contains("công bố trước 48 giờ"));
    assert!(changes.changes.iter().all(|change| !change.rects.is_empty()), "each has its place");

    // He agrees with the one, and puts the other on words of his own choice.
    let agreed = found(REWORDED);
    let settle = |mark: &ui::MarkView, page, quads, words| ui::MoveMark {
        body: second.body.clone(),
        id: mark.id.clone(),
        rev: second.rev.clone(),
        page,
        quads,
        words,
    };
    let words = agreed.now.clone().expect("words");
    his.move_mark(settle(&agreed, agreed.page, agreed.quads.clone(), words)).await.expect("kept");
    let (page, quads, words) = select(&his, &second, opened.pages.len(), "980").await;
    his.move_mark(settle(&found(GONE), page, quads, words)).await.expect("kept");
    let marks = his.marks(second.clone()).await.expect("marks");
    assert!(marks.iter().all(|mark| mark.state == MarkState::Placed), "{marks:#?}");
    assert!(marks.iter().any(|mark| mark.exact == "980" && mark.version == 2));

    // The old version stays readable, with the marks that were made on it; and reading it again changes nothing.
    his.open_paper(first.clone()).await.expect("opens");
    let old = his.marks(first.clone()).await.expect("marks");
    let old: Vec<_> = old.iter().map(|mark| mark.exact.as_str()).collect();
    assert_eq!(old.len(), 2);
    assert!(old.contains(&KEPT) && old.contains(&BESIDE), "{old:?}");
    assert!(his.changes(second.clone()).await.expect("answers").is_some(), "still since version 1");

    // What was found is let go of with the vault, and found again.
    his.lock().await.expect("locked");
    until("it opens again", async || his.unlock(ui::Unlock { pin: PIN.into() }).await.is_ok()).await;
    assert_eq!(his.marks(second.clone()).await.expect("marks").len(), 4);
}

/// The draft resolution once it is here: another one than `former`.
pub(super) async fn draft(
    desk: &DeskCommands,
    cabinet: &Cabinet,
    former: Option<&ui::PaperRef>,
) -> ui::PaperRef {
    let body = cabinet.body.to_string();
    let find = async || {
        desk.sync_now(ui::InBody { body: body.clone() }).await.ok()?;
        let meeting = desk.meetings(ui::InBody { body: body.clone() }).await.ok()?.first()?.meeting.clone();
        let agenda = desk.agenda(ui::MeetingRef { body: body.clone(), meeting }).await.ok()?;
        let item = ui::ItemRef { body: body.clone(), item: agenda.items.first()?.item.clone() };
        let papers = desk.item(item).await.ok()?.papers;
        let found = papers.into_iter().find(|paper| paper.title == "Dự thảo nghị quyết")?;
        let ready =
            found.state == ui::PaperState::Ready && former.is_none_or(|former| former.rev != found.rev);
        ready.then(|| ui::PaperRef { body: body.clone(), paper: found.paper, rev: found.rev })
    };
    until("the paper is here", async || find().await.is_some()).await;
    find().await.expect("here")
}

/// Words of a paper as a person selects them: page, boxes, context.
pub(super) async fn select(
    desk: &DeskCommands,
    paper: &ui::PaperRef,
    pages: usize,
    words: &str,
) -> (u32, Vec<ui::Quad>, ui::MarkWords) {
    for page in 0..pages as u32 {
        let at = ui::PageRef { body: paper.body.clone(), rev: paper.rev.clone(), page };
        let text = desk.page_text(at).await.expect("a page's words");
        let plain = text.text.replace('\n', " ");
        let Some(byte) = plain.find(words) else { continue };
        let start = plain[..byte].chars().count() as u32;
        let end = start + words.chars().count() as u32;
        let touched = text.words.iter().filter(|word| word.start < end && word.end > start);
        let quads =
            touched.map(|w| [w.x0, w.y0, w.x1, w.y0, w.x0, w.y1, w.x1, w.y1].map(f64::from)).collect();
        let chars: Vec<char> = plain.chars().collect();
        let cut = |from: usize, to: usize| chars[from..to.min(chars.len())].iter().collect::<String>();
        let (start, end) = (start as usize, end as usize);
        let words = ui::MarkWords {
            exact: words.to_owned(),
            prefix: cut(start.saturating_sub(64), start),
            suffix: cut(end, end + 64),
        };
        return (page, quads, words);
    }
    panic!("«{words}» is on no page");
}

pub(super) async fn mark(desk: &DeskCommands, paper: &ui::PaperRef, pages: usize, words: &str) {
    let (page, quads, words) = select(desk, paper, pages, words).await;
    let mark = ui::AddMark {
        body: paper.body.clone(),
        paper: paper.paper.clone(),
        rev: paper.rev.clone(),
        kind: ui::MarkKind::Highlight,
        page,
        quads,
        exact: words.exact,
        prefix: words.prefix,
        suffix: words.suffix,
        strokes: Vec::new(),
        colour: "yellow".into(),
        note: Some("Cần hỏi lại".into()),
    };
    desk.add_mark(mark).await.expect("kept");
}

/// The words that a mark's boxes cover on a revision, without signs of punctuation at their end.
pub(super) async fn lies_on(desk: &DeskCommands, paper: &ui::PaperRef, mark: &ui::MarkView) -> String {
    let at = ui::PageRef { body: paper.body.clone(), rev: paper.rev.clone(), page: mark.page };
    let text = desk.page_text(at).await.expect("a page's words");
    let chars: Vec<char> = text.text.chars().collect();
    let covered = |word: &&ui::WordBox| {
        let (x, y) = (f64::from(word.x0 + word.x1) / 2.0, f64::from(word.y0 + word.y1) / 2.0);
        mark.quads.iter().any(|quad| quad[0] <= x && x <= quad[2] && quad[1] <= y && y <= quad[5])
    };
    let words = text.words.iter().filter(covered);
    let words: Vec<String> =
        words.map(|word| chars[word.start as usize..word.end as usize].iter().collect()).collect();
    words.join(" ").trim_end_matches(['.', ';', ',']).to_owned()
}
