//! What the real app leaves behind: known words in a paper, in titles, in a note and in a question, and a search of its home,
//! its temporary folder, the web view's data and all that it says.

use super::minister::select;
use super::{PIN, enrol, shots};
use ecabinet_tests::{App, Cabinet, Canaries, Canary, Folder, program, text_pdf, told};
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_and_written_in_the_app_is_nowhere_outside_its_vault() {
    let mut cabinet = Cabinet::open().await;
    let counts = [(Canary::Paper, 200), (Canary::Title, 3), (Canary::Note, 1)];
    let mut canaries = Canaries::new(31, &counts);
    canaries.add(Canary::Secret, PIN);
    let word = |kind, at| canaries.of(kind).nth(at).expect("a word").to_owned();
    let (item, paper) = (word(Canary::Title, 0), word(Canary::Title, 1));
    let question = word(Canary::Title, 2);
    let folder = Folder { path: cabinet.path("papers") };
    let items = folder.path.join(format!("01 {item}"));
    std::fs::create_dir_all(&items).expect("a folder");
    let words: Vec<&str> = canaries.of(Canary::Paper).collect();
    std::fs::write(items.join(format!("01 {paper}.pdf")), text_pdf(&words)).expect("written");
    let meeting = cabinet.publish_folder(&folder, None, "");
    cabinet.all_present(meeting).await;
    cabinet.open_poll_on(meeting, 1, &question).await;

    let (shots, left) = (shots("canaries"), cabinet.path("left"));
    let home = left.join("home");
    let environment: Vec<(&str, std::path::PathBuf)> = [
        ("HOME", "user"),
        ("TMPDIR", "tmp"),
        ("XDG_DATA_HOME", "user/data"),
        ("XDG_CACHE_HOME", "user/cache"),
        ("XDG_CONFIG_HOME", "user/config"),
    ]
    .map(|(name, folder)| (name, left.join(folder)))
    .to_vec();
    environment.iter().for_each(|(_, folder)| std::fs::create_dir_all(folder).expect("a folder"));
    let (ticket, log) = (cabinet.invite(Cabinet::id(1)).await, left.join("log"));
    let desktop = program("ecabinet-desktop");
    let mut app = App::open_with(&desktop, &[], &home, &shots, &environment, Some(&log)).await;
    app.type_into("textarea", &ticket.typed()).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, "Thành viên Mẫu 2").await;

    // He reads, looks for words, writes a note, votes.
    app.read(&question).await;
    app.press("Phiên họp").await;
    app.press("Phiên họp mẫu").await;
    app.read("đọc được khi không có mạng").await;
    app.press(&item).await;
    app.press(&paper).await;
    app.settle().await;
    let sheet = "section.sheet .words.text";
    app.see(sheet).await;
    let text = app.run("return document.querySelector('section.sheet .sr-only').innerText", Vec::new()).await;
    assert!(text.as_str().is_some_and(|text| text.contains(words[7])), "the words are on the screen: {text}");
    select(&app, sheet).await;
    app.click("section.sheet [role=toolbar] button.note").await;
    app.type_into("aside textarea", &word(Canary::Note, 0)).await;
    app.press("Xong").await;
    app.read(&word(Canary::Note, 0)).await;
    app.shoot("read-and-written").await;
    app.key("Escape").await;
    app.key("Escape").await;
    app.press(&item).await;
    app.press("Biểu quyết").await;
    app.press("Tán thành").await;
    app.type_into("input[inputmode=numeric]", PIN).await;
    app.press("Xác nhận").await;
    app.read("Đã ghi nhận").await;

    let search = canaries.search();
    let found = search.folder(&left);
    assert!(found.is_empty(), "while it runs:\n{}", told(&found));
    app.close().await;
    let found = search.folder(&left);
    assert!(found.is_empty(), "when it has ended:\n{}", told(&found));
    let files: BTreeSet<_> =
        std::fs::read_dir(&home).expect("a home").flatten().map(|file| file.file_name()).collect();
    assert!(files.len() > 3, "there is something to search: {files:?}");
}
