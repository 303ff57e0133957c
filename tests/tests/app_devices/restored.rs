use crate::{PIN, join, open, shots, unlock};
use ecabinet_client::Summary;
use ecabinet_domain::{Choice, MeetingId, StatementId};
use ecabinet_tests::{App, Cabinet, DYKES, Folder, PERSONNEL, Person, SCHOOLS, program};
use std::path::PathBuf;
use std::time::Duration;

const DYKES_POLL: &str =
    "Thông qua Nghị quyết về Chương trình củng cố đê điều và hồ chứa lưu vực sông Lam Thủy?";
const SCHOOLS_POLL: &str = "Thông qua Đề án trường học vùng cao và nông thôn giai đoạn 2027 - 2030?";
const PERSONNEL_POLL: &str = "Thông qua phương án nhân sự của Ủy ban?";

/// What is said of a recorded ballot in full.
const STANDS: &str = "có hiệu lực nếu không thay đổi trước khi kết thúc";

/// A minister at his desk with a session of three items and two polls open.
struct Desk {
    cabinet: Cabinet,
    app: App,
    home: PathBuf,
    shots: PathBuf,
    meeting: MeetingId,
    /// On the dykes and on the schools.
    polls: [StatementId; 2],
}

async fn desk(story: &str) -> Desk {
    let mut cabinet = Cabinet::open().await;
    let (home, shots) = (cabinet.path("minister"), shots(story));
    let folder = Folder::new(cabinet.path("papers"), &[DYKES, SCHOOLS, PERSONNEL]);
    let meeting = cabinet.publish_folder(&folder, None, "");
    cabinet.all_present(meeting).await;
    let polls = [
        cabinet.open_poll_on(meeting, 1, DYKES_POLL).await,
        cabinet.open_poll_on(meeting, 2, SCHOOLS_POLL).await,
    ];
    let app = join(&home, &cabinet.invite(Cabinet::id(1)).await, &shots).await;
    app.read("Cất giữ mã khôi phục").await;
    app.click("input[type=checkbox]").await;
    app.press("Vào eCabinet").await;
    app.read(DYKES_POLL).await;
    app.read(SCHOOLS_POLL).await;
    Desk { cabinet, app, home, shots, meeting, polls }
}

/// Votes on what the first card of Home asks for.
async fn vote(app: &App, answer: &str, state: &str) {
    app.press("Biểu quyết").await;
    app.press(answer).await;
    app.type_into("input[inputmode=numeric]", PIN).await;
    app.press("Xác nhận").await;
    app.read(state).await;
    app.key("Escape").await;
}

/// Home, in the theme of this name.
async fn home_in(app: &App, theme: &str) {
    app.press("Thiết bị và cài đặt").await;
    app.press(theme).await;
    app.press("Việc cần xử lý").await;
}

/// How often the screen says this.
async fn times(app: &App, words: &str) -> usize {
    app.text().await.matches(words).count()
}

async fn until(app: &App, what: &str, holds: impl Fn(&str) -> bool) {
    for _ in 0..300 {
        if holds(&app.text().await) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("not so: {what}\n{}", app.text().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_made_while_the_server_is_restored_is_kept_and_sent_afterwards() {
    let Desk { mut cabinet, mut app, .. } = desk("restored").await;
    let backup = cabinet.server.backup("backup");
    vote(&app, "Tán thành", "Đã ghi nhận").await;

    // Restored from before that ballot: the app brings it back, and is told that nothing new is recorded yet.
    cabinet.server.restore(&backup);
    app.read("Máy chủ đang được khôi phục.").await;
    app.look("healing").await;
    vote(&app, "Không tán thành", "Đã lưu trên máy này").await;
    app.press("1 việc chờ gửi").await;
    app.read("Đã lưu trên máy này").await;
    app.look("healing-outbox").await;
    assert_eq!(times(&app, STANDS).await, 1, "the first is as good as it was");
    cabinet.server.release();
    until(&app, "both are recorded", |text| text.matches(STANDS).count() == 2).await;
    app.read("Có mạng").await;
    app.key("Escape").await;
    assert!(!app.text().await.contains("khôi phục"), "nothing is said that is over");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_for_good_is_told_and_what_can_be_done_again_is_done_again() {
    let Desk { mut cabinet, app, home, shots, meeting, polls } = desk("lost-for-good").await;
    let chair = cabinet.join(0, "chair").await;
    let tablet = cabinet.invite(Cabinet::id(0)).await;
    let backup = cabinet.server.backup("backup");

    // All this is known to the minister and to a chair who takes his laptop into the river with him.
    vote(&app, "Tán thành", "Đã ghi nhận").await;
    vote(&app, "Tán thành", "Đã ghi nhận").await;
    chair.sync().await;
    chair.vote(polls[0], Choice::No);
    Person::new(cabinet.path("tablet"), cabinet.env.clone()).join(&tablet).await.expect("joins");
    cabinet.open_poll_by(&chair, meeting, 3, PERSONNEL_POLL).await;
    app.read(PERSONNEL_POLL).await;
    vote(&app, "Tán thành", "Đã ghi nhận").await;
    until(&app, "all three are recorded", |text| text.matches("Đã ghi nhận lúc").count() == 3).await;
    app.close().await;
    drop(chair);
    let Summary { position, root, .. } =
        open(&home).await.summary(cabinet.body, Default::default()).expect("a summary");
    let lost = (position, root.parse().expect("a root"));

    // Nobody waits for him: one poll is closed, and a registrar declares what he holds as lost.
    cabinet.server.restore(&backup);
    cabinet.server.release();
    cabinet.close_poll(polls[1]).await;
    let registrar = cabinet.registrar.client();
    registrar
        .begin_epoch(cabinet.body, Some(lost), "Hỏng ổ đĩa máy chủ tại Văn phòng")
        .await
        .expect("an epoch");

    let desktop = program("ecabinet-desktop");
    let mut app = App::start(&desktop, &home, &shots).await;
    app.resize(1280, 800).await;
    unlock(&app, PIN).await;
    app.read("Một phần sổ ghi không khôi phục được").await;
    app.read("Cần biểu quyết lại").await;
    app.read("6 mục").await;
    app.read("Ghi chú riêng và tài liệu đã tải vẫn còn nguyên").await;
    app.read("3 việc của chính mình, 1 việc làm lại được ngay").await;
    app.look("home").await;
    home_in(&app, "Tối").await;
    app.read("Một phần sổ ghi không khôi phục được").await;
    app.look("home-dark").await;
    app.press("Xem và làm lại").await;
    app.read("Hỏng ổ đĩa máy chủ tại Văn phòng").await;
    for words in ["Đã kết thúc – không làm lại được", "Nội dung này cũng bị mất", PERSONNEL_POLL]
    {
        app.read(words).await;
    }
    app.read("4 phiếu biểu quyết (3 của chính mình)").await;
    app.look("record-dark").await;
    home_in(&app, "Sáng").await;
    app.press("Xem và làm lại").await;
    app.read("Hỏng ổ đĩa máy chủ tại Văn phòng").await;
    app.look("record").await;

    // In the outbox each of his acts has its own way, and it leads to the open poll.
    app.press("Có mạng").await;
    app.read("Đã mất khi khôi phục máy chủ – không được ghi nhận").await;
    app.look("outbox").await;
    assert_eq!(times(&app, "Làm lại").await, 2, "behind the sheet, and in it");
    app.press("Làm lại").await;
    app.read(DYKES_POLL).await;
    app.look("vote").await;
    app.press("Không tán thành").await;
    app.type_into("input[inputmode=numeric]", "000000").await;
    app.press("Xác nhận").await;
    app.read("Mã PIN không đúng").await;
    // Typed again without a click.
    app.type_into("input[inputmode=numeric]:focus", PIN).await;
    app.press("Xác nhận").await;
    app.read("Đã ghi nhận").await;
    app.key("Escape").await;
    app.read("Đã làm lại").await;

    // Read once, it is not told again; it can be found.
    app.press("Việc cần xử lý").await;
    app.press("Đã rõ").await;
    until(&app, "the card has gone", |text| !text.contains("Một phần sổ ghi")).await;
    app.look("read").await;
    app.close().await;
    let mut app = App::start(&desktop, &home, &shots).await;
    app.resize(1280, 800).await;
    unlock(&app, PIN).await;
    app.read("Có mạng").await;
    assert!(!app.text().await.contains("Một phần sổ ghi"));
    app.press("Thiết bị và cài đặt").await;
    app.read("Đã mở lại 1 lần").await;
    app.look("settings").await;
    app.press("English").await;
    app.press("See what was lost").await;
    app.read("4 ballots (3 own)").await;
    app.look("record-en").await;
    app.press("Device and settings").await;
    app.press("Tiếng Việt").await;
    app.close().await;
}
