//! Finding words in all that a member has: with diacritics and without, in the order of use; what leaves his device is found no
//! more.

use super::{PIN, desk, join, until};
use ecabinet_client::DeskCommands;
use ecabinet_client::packs::NewPaper;
use ecabinet_domain::{Audience, Rev};
use ecabinet_protocol::ui::{self, Commands, Target};
use ecabinet_tests::{Cabinet, DRAFT, DYKES, Folder, SCHOOLS, endless_pdf};
use std::time::{Duration, Instant};

/// Only in the report on the draft.
const REPORT: &str = "\"chuyên gia độc lập về thủy công\"";
/// Only in the draft's first version, and only in its second.
const FORMER: &str = "1.340";
const LATER: &str = "\"cồn ngọc và bến sậy được miễn\"";

#[tokio::test(flavor = "multi_thread")]
async fn words_are_found_in_all_that_a_member_has_until_it_leaves_his_device() {
    let mut cabinet = Cabinet::open().await;
    let (keyring, clock) = Default::default();
    let home = cabinet.path("minister");
    let his = desk(&home, &keyring, &clock);
    join(&his, &cabinet, 1).await;
    let seek = Seek { desk: &his, body: cabinet.body.to_string(), near: None };
    assert_eq!(seek.ask("").await.reach, ui::SearchReach::default(), "there is nothing yet");
    let folder = Folder::new(cabinet.path("papers"), &[DYKES, SCHOOLS]);
    let meeting = cabinet.publish_folder(&folder, None, "");
    seek.until_read(7).await;

    // The same however it is typed, in one sentence with what was sought.
    let all = seek.ask("nghi quyet cua chinh phu").await;
    assert!(all.papers.len() >= 4, "{:#?}", all.papers);
    for typed in [
        "Nghị quyết của Chính phủ",
        "NGHI QUYET CUA CHINH PHU",
        "Nghi\u{323} quye\u{302}\u{301}t của chính phu",
    ] {
        assert_eq!(pages(&seek.ask(typed).await), pages(&all), "{typed}");
    }
    let first = &all.papers[0].pages[0].pieces;
    let found = first.iter().find(|piece| piece.found).expect("it stands out");
    assert_eq!(found.text.to_lowercase(), "nghị quyết của chính phủ");
    assert!(first.iter().map(|piece| piece.text.chars().count()).sum::<usize>() < 300, "a sentence");
    let report = seek.one_paper("chuyen gia doc lap ve thuy cong").await;
    assert_eq!((report.title.as_str(), report.item_number), ("Báo cáo thẩm định", 1));
    assert_eq!(
        seek.one_paper("đê điều đã được ghi trong kế hoạch đầu").await.paper,
        report.paper,
        "over a line's end"
    );
    assert_eq!(
        seek.ask("de dieu da duoc ghi trong ke hoach d").await.papers[0].paper,
        report.paper,
        "đ, still being typed"
    );
    assert_eq!(seek.one_paper("512/BTN-ĐĐ").await.paper, report.paper, "a number");
    assert!(seek.ask("\"công thủy về lập độc\"").await.papers.is_empty(), "not in a row");
    assert_eq!(seek.ask("công thủy về lập độc chuyên gia").await.papers[0].paper, report.paper, "apart");

    // A click lands on the words.
    let hit = &report.pages[0];
    let find = |rev: &str, query: &str| {
        let find = ui::FindInPaper { body: seek.body.clone(), rev: rev.into(), query: query.into() };
        his.find_in_paper(find)
    };
    let there = find(&report.rev, "chuyen gia doc lap ve thuy cong").await.unwrap();
    assert!(there.len() == 1 && there[0].page == hit.page && !there[0].rects.is_empty(), "{there:?}");
    let apart = find(&report.rev, "cong thuy doc lap").await.unwrap();
    assert!(apart.iter().any(|found| found.page == hit.page), "its words where they stand apart");

    // Titles, and his own notes.
    let titles = seek.ask("to trinh truong hoc").await.titles;
    assert!(
        matches!(&titles[0].target, Target::Paper { .. }) && titles[0].item_number == Some(2),
        "{titles:#?}"
    );
    let titles = seek.ask("phien hop mau").await.titles;
    assert_eq!(titles[0].target, Target::Meeting { meeting: meeting.to_string() });
    let (paper, rev) = (report.paper.clone(), report.rev.clone());
    his.add_mark(note(&seek.body, &paper, &rev, "Hỏi lại về nước rạch Đồng Bưởi")).await.unwrap();
    let notes = seek.ask("rach dong buoi").await.notes;
    assert_eq!((notes.len(), notes[0].paper_title.as_str()), (1, "Báo cáo thẩm định"));

    // The scan is named, wherever one looks.
    let scans = seek.ask("").await.reach.wordless;
    assert_eq!(scans.len(), 1);
    assert!(scans[0].title.starts_with("Biên bản kiểm tra hiện trường"), "{scans:?}");

    // What is near comes first, and alone if he wants.
    let near = |title: &str| {
        let papers = all.papers.iter().filter(|paper| paper.title == title && paper.item_number == 2);
        let paper = papers.last().expect("a paper of item 2").clone();
        Target::Paper { paper: paper.paper, rev: paper.rev, page: 0 }
    };
    let seek = Seek { near: Some(near("Tờ trình")), ..seek };
    let here = seek.ask("nghi quyet").await;
    assert!(here.papers.iter().all(|paper| paper.in_meeting), "there is but one meeting");

    // A paper is replaced: its former words are found no more, the new ones are.
    assert_eq!(seek.one_paper(FORMER).await.title, "Dự thảo nghị quyết");
    let former = seek.one_paper(FORMER).await;
    folder.replace(DYKES, DRAFT);
    cabinet.publish_folder(&folder, Some(meeting), "");
    until("the new version is found", async || {
        seek.sync().await;
        seek.ask(LATER).await.papers.len() == 1
    })
    .await;
    let later = seek.one_paper(LATER).await;
    assert!(later.paper == former.paper && later.rev != former.rev);
    assert!(seek.ask(FORMER).await.papers.is_empty());

    // A paper is withdrawn: it leaves with its keys. What was read stays over a lock.
    let rev = Rev { paper: report.paper.parse().unwrap(), rev: report.rev.parse().unwrap() };
    let entry = cabinet.secretary.client().position_of(cabinet.body, rev).unwrap();
    cabinet.secretary.client().erase_payload(cabinet.body, entry, "Gửi nhầm").unwrap();
    cabinet.secretary.sync().await;
    until("it is gone", async || {
        seek.sync().await;
        seek.ask(REPORT).await.papers.is_empty()
    })
    .await;
    assert!(seek.ask("rach dong buoi").await.notes.is_empty(), "nor what it was about");
    his.lock().await.unwrap();
    until("it opens again", async || his.unlock(ui::Unlock { pin: PIN.into() }).await.is_ok()).await;
    let at_once = seek.ask(LATER).await;
    assert_eq!((at_once.papers.len(), at_once.reach.read, at_once.reach.total), (1, 6, 6));
    assert!(seek.ask(REPORT).await.papers.is_empty());

    // Of all that was read nothing lies in the home as it was written.
    for words in ["thủy công", "thuy cong", "Chính phủ", "chinh"] {
        assert!(!cabinet.holds(&home, words.as_bytes()), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_index_is_made_again_and_a_wiped_device_has_none() {
    let mut cabinet = Cabinet::open().await;
    let (keyring, clock) = Default::default();
    let home = cabinet.path("minister");
    let his = desk(&home, &keyring, &clock);
    join(&his, &cabinet, 1).await;
    let seek = Seek { desk: &his, body: cabinet.body.to_string(), near: None };
    cabinet.publish_folder(&Folder::new(cabinet.path("papers"), &[SCHOOLS]), None, "");
    seek.until_read(3).await;
    assert!(!seek.ask("truong hoc").await.papers.is_empty());

    his.lock().await.unwrap();
    // The thread that reads behind lets go of the files within a page.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    std::fs::write(home.join("search.db"), vec![0xa5; 40_000]).unwrap();
    until("it opens again", async || his.unlock(ui::Unlock { pin: PIN.into() }).await.is_ok()).await;
    seek.until_read(3).await;
    assert!(!seek.ask("truong hoc").await.papers.is_empty());

    let devices = his.devices(ui::InBody { body: seek.body.clone() }).await.unwrap();
    let device = devices.devices.iter().find(|device| device.this).expect("this one").device.parse().unwrap();
    cabinet.registrar.sync().await;
    cabinet.registrar.client().revoke_device(cabinet.body, device, None).unwrap();
    cabinet.registrar.sync().await;
    until("the home is destroyed", async || {
        let _ = his.sync_now(ui::InBody { body: seek.body.clone() }).await;
        !home.join("vault.db").exists() && !home.join("search.db").exists()
    })
    .await;
    let left = std::fs::read_dir(&home).unwrap().flatten().map(|entry| entry.file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().starts_with("search")));
}

struct Seek<'a> {
    desk: &'a DeskCommands,
    body: String,
    near: Option<Target>,
}

impl Seek<'_> {
    async fn ask(&self, query: &str) -> ui::SearchView {
        let (body, near) = (self.body.clone(), self.near.clone());
        let ask = ui::SearchAll { body, query: query.into(), near, only_meeting: false, most: 50 };
        self.desk.search(ask).await.expect("answers")
    }

    async fn sync(&self) {
        let _ = self.desk.sync_now(ui::InBody { body: self.body.clone() }).await;
    }

    async fn one_paper(&self, query: &str) -> ui::PaperHits {
        let mut papers = self.ask(query).await.papers;
        assert_eq!(papers.len(), 1, "{query}: {papers:#?}");
        papers.remove(0)
    }

    async fn until_read(&self, papers: u32) {
        until("all papers were read", async || {
            self.sync().await;
            let reach = self.ask("").await.reach;
            (reach.read, reach.total) == (papers, papers)
        })
        .await;
    }
}

fn pages(view: &ui::SearchView) -> Vec<(String, u32)> {
    let of = |paper: &ui::PaperHits| {
        let pages = paper.pages.iter().map(|page| (paper.paper.clone(), page.page));
        pages.collect::<Vec<_>>()
    };
    let mut pages: Vec<_> = view.papers.iter().flat_map(of).collect();
    pages.sort();
    pages
}

fn note(body: &str, paper: &str, rev: &str, text: &str) -> ui::AddMark {
    ui::AddMark {
        body: body.into(),
        paper: paper.into(),
        rev: rev.into(),
        kind: ui::MarkKind::Note,
        page: 0,
        quads: Vec::new(),
        exact: String::new(),
        prefix: String::new(),
        suffix: String::new(),
        strokes: Vec::new(),
        colour: "yellow".into(),
        note: Some(text.into()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_end_that_is_being_read_for_it_keeps_nobody_out_of_his_home() {
    let cabinet = Cabinet::open().await;
    let (keyring, clock) = Default::default();
    let his = desk(&cabinet.path("minister"), &keyring, &clock);
    join(&his, &cabinet, 1).await;
    let bytes = endless_pdf(&["ET /X Do BT"], 9);
    let paper = NewPaper {
        title: "Tài liệu độc".into(),
        path: "1/Tài liệu độc.pdf".into(),
        bytes,
        pages: 1,
        audience: vec![Audience::All],
        signers: Vec::new(),
        watermark: false,
    };
    cabinet.publish_papers(vec![paper]).await;
    let seek = Seek { desk: &his, body: cabinet.body.to_string(), near: None };
    until("it is here, and to be read", async || seek.ask("").await.reach.total == 1).await;
    // A worker is at it, and would be for half a minute.
    tokio::time::sleep(Duration::from_secs(2)).await;
    for _ in 0..2 {
        let begun = Instant::now();
        his.lock().await.expect("locks");
        his.unlock(ui::Unlock { pin: PIN.into() }).await.expect("opens");
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
