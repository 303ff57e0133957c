//! A meeting as its chair goes through it: positions before it, one vote over what nobody objects to, an item that a member
//! takes out of it, a question of options, speakers, hands, conclusions.

use super::accessible::LOOKS;
use super::{PIN, enrol, shots};
use ecabinet_client::packs::{NewItem, NewPaper, Publication};
use ecabinet_client::{Env, NewMember, NewPosition, NewSubstitute, Seen};
use ecabinet_domain::act::Totals;
use ecabinet_domain::{
    Audience, Base, Choice, Fraction, Int, ItemId, MeetingId, MemberId, Options, PassRule, Presence, Rule,
    Stance, Tie,
};
use ecabinet_protocol::content::{ItemContent, MeetingContent, MemberContent, RuleContent, Text};
use ecabinet_tests::{App, Cabinet, Person, program, text_pdf};
use serde_json::json;
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;

const ITEMS: [(&str, &str); 5] = [
    ("Chương trình củng cố đê điều và hồ chứa lưu vực sông Lam Thủy giai đoạn 2027 - 2030", "Bộ Thủy nông"),
    ("Quy chế phối hợp vận hành liên hồ chứa trong mùa lũ", "Bộ Thủy nông"),
    ("Điều chỉnh dự toán ngân sách năm 2026 của các cơ quan trung ương", "Bộ Ngân khố"),
    ("Địa điểm đặt Trung tâm điều hành phòng chống thiên tai", "Bộ Nội trị"),
    ("Kế hoạch trồng rừng đầu nguồn năm 2027", "Bộ Sơn lâm"),
];
const REASON: &str = "Chưa rõ nguồn vốn đối ứng của địa phương; đề nghị làm rõ trước khi quyết định.";

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_goes_from_positions_to_a_block_vote_to_conclusions() {
    let mut cabinet = Cabinet::open_by(TempDir::new().expect("a folder"), Env::real(), rules()).await;
    let (home, shots) = (cabinet.path("chair"), shots("room"));
    cabinet.raise().await;
    let ticket = cabinet.invite(Cabinet::id(0)).await;
    let mut app = App::open(&program("ecabinet-desktop"), &[&ticket.link()], &home, &shots).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, "Thành viên Mẫu 1").await;
    let meeting = publish(&cabinet).await;
    let items = [1, 2, 3, 4, 5].map(|number| cabinet.item(meeting, number));

    // Before the meeting: one item with a word of its own, the others agreed to at once, on a plane.
    app.press("Phiên họp").await;
    app.press("Phiên họp thường kỳ").await;
    app.read("Nhất trí với 5 nội dung còn lại").await;
    app.look("agenda").await;
    let mut breaches = app.breaches("an agenda before the meeting").await;
    app.press(ITEMS[3].0).await;
    app.read("Ý kiến trước phiên họp").await;
    app.look("item").await;
    breaches.extend(app.breaches("an item without a position").await);
    cabinet.server.kill();
    app.read("Không có mạng").await;
    app.press("Đăng ký phát biểu").await;
    app.type_into("textarea", "Cần nêu thêm phương án thuê trụ sở.").await;
    app.type_into("input[inputmode=numeric]", PIN).await;
    app.look("state").await;
    breaches.extend(app.breaches("stating a position").await);
    app.press("Xác nhận: Đăng ký phát biểu").await;
    app.read("Đã lưu trên máy này – chưa gửi").await;
    app.shoot("stated").await;
    app.press("Chương trình").await;
    app.press("Nhất trí với 4 nội dung còn lại").await;
    app.type_into("input[inputmode=numeric]", PIN).await;
    app.shoot("agree-all").await;
    app.press("Xác nhận: Nhất trí").await;
    app.read("Ý kiến: Nhất trí · Đã lưu – chưa gửi").await;
    cabinet.server.resume();
    app.read_not("chưa gửi").await;
    app.look("agenda-stated").await;

    // The others say theirs: one objects, and says why.
    let mut people = Vec::new();
    for member in 1..4 {
        let person = cabinet.join(member, &format!("member {member}")).await;
        person.sync().await;
        for (at, item) in items.iter().enumerate() {
            match (member, at) {
                (1, 0) => say(&person, *item, Stance::Object, Some(REASON)),
                (2, 3) => say(&person, *item, Stance::Speak, None),
                (3, 4) => {}
                _ => say(&person, *item, Stance::Agree, None),
            }
        }
        person.sync().await;
        people.push(person);
    }

    // The chair sees what needs a debate first, who objects and why; the next step is the quorum, then the block.
    // One of them cannot come, and names somebody who attends instead; what he himself would be asked is looked at.
    app.press("Báo vắng").await;
    app.read("Chỉ Chủ trì và Văn phòng xem được lý do").await;
    app.look("absent").await;
    breaches.extend(app.breaches("saying that one cannot come").await);
    app.key("Escape").await;
    let (client, body) = (people[2].client(), cabinet.body);
    client
        .claim_attendance(body, meeting, Presence::Absent, Some("Đi công tác tại địa phương"))
        .expect("said");
    let substitute = NewSubstitute {
        meeting: Some(meeting),
        substitute: MemberId([99; 16]),
        from: 0,
        until: 9_000_000_000_000,
        why: Some("Đi công tác tại địa phương".into()),
    };
    client.ask_substitute(body, substitute).expect("asked");
    people[2].sync().await;

    app.press("Điều hành").await;
    app.read("Tự báo: Vắng mặt").await;
    app.press("Chấp thuận").await;
    app.read("Đã chấp thuận").await;
    app.read("Có ý kiến không nhất trí").await;
    app.read("Chờ đủ thành viên dự họp").await;
    cabinet.all_present(meeting).await;
    app.read("3 nội dung không có ý kiến phản đối").await;
    app.look("chair").await;
    breaches.extend(app.breaches("the chair's screen").await);
    app.press("1 không nhất trí").await;
    app.read(REASON).await;
    app.look("who-and-why").await;
    breaches.extend(app.breaches("what each member says").await);
    app.key("Escape").await;

    // One vote over three items.
    app.press("Mở biểu quyết gộp").await;
    app.read("Mỗi thành viên bỏ một phiếu cho tất cả").await;
    app.look("open-block").await;
    breaches.extend(app.breaches("opening a block vote").await);
    app.click(".sheet .foot button.filled").await;
    app.read("Đang biểu quyết gộp 3 nội dung").await;
    app.look("block").await;
    breaches.extend(app.breaches("a block vote").await);

    // A member takes one out: visible at once. The others vote once for the rest; so does the chair.
    let block = loop {
        people[0].sync().await;
        let state = people[0].client().state(cabinet.body).expect("a state");
        if let Some((id, _)) = state.polls.iter().find(|(_, poll)| poll.is_block()) {
            break *id;
        }
    };
    let why = Some("Cần số liệu cập nhật đến hết tháng 10.");
    people[0].client().pull_item(cabinet.body, block, items[2], why).expect("taken out");
    for person in &people {
        person.sync().await;
        person.vote(block, Choice::Yes);
        person.sync().await;
    }
    app.read("Thành viên Mẫu 2 đã tách ra để thảo luận riêng").await;
    app.look("block-pulled").await;
    app.press("Việc cần xử lý").await;
    app.press("Biểu quyết").await;
    app.read("Biểu quyết gộp 2 nội dung").await;
    app.look("vote-block").await;
    breaches.extend(app.breaches("voting on a block").await);
    app.press("Tán thành").await;
    app.type_into("input[inputmode=numeric]", PIN).await;
    app.press("Xác nhận: TÁN THÀNH").await;
    app.read("Đã ghi nhận lúc").await;
    app.key("Escape").await;
    open_chair(&app).await;
    app.press("Kết thúc biểu quyết gộp").await;
    app.read("Không thể mở lại").await;
    app.click(".sheet .foot button.filled").await;
    app.read("chưa có kết luận").await;
    app.look("block-closed").await;
    app.press("Xem kết quả").await;
    app.read("Kết quả biểu quyết gộp").await;
    app.look("block-result").await;
    breaches.extend(app.breaches("the result of a block vote").await);
    app.key("Escape").await;
    open_chair(&app).await;

    // Conclusions: the chair's own stands at once, with the changes to make.
    app.press("Viết kết luận").await;
    app.read("Nội dung kết luận").await;
    app.press("Thông qua, giao hoàn chỉnh").await;
    app.type_into("textarea", "Thông qua Quy chế; giao Bộ Thủy nông hoàn chỉnh Điều 5 trong 10 ngày.").await;
    app.look("conclude").await;
    breaches.extend(app.breaches("writing a conclusion").await);
    app.click(".sheet .foot button.filled").await;
    app.read("Kết luận: Thông qua, giao hoàn chỉnh").await;
    app.read_not("chưa gửi").await;
    app.look("concluded").await;

    // The office writes another one: it waits for the chair.
    cabinet.secretary.sync().await;
    let proposed = ecabinet_client::NewConclusion {
        item: items[4],
        outcome: ecabinet_domain::Outcome::Adopted,
        by: None,
        poll: Some(block),
        text: "Thông qua Kế hoạch trồng rừng đầu nguồn năm 2027.".into(),
    };
    cabinet.secretary.client().conclude(cabinet.body, proposed).expect("written");
    cabinet.secretary.sync().await;
    app.read("chờ Chủ trì xác nhận").await;
    app.shoot("proposed").await;
    app.press("Xác nhận kết luận").await;
    app.read_not("chờ Chủ trì xác nhận").await;

    // A question of options, in the ordinary sheet; somebody asks for the floor; hands are counted.
    for person in &people[..2] {
        person.client().ask_floor(cabinet.body, items[3]).expect("asked");
        person.sync().await;
    }
    app.run(
        "[...document.querySelectorAll('li')].find(li => li.innerText.includes(arguments[0])).querySelector('.action button').click()",
        vec![json!(ITEMS[3].0)],
    )
    .await;
    app.press("Chọn phương án").await;
    app.look("open-options").await;
    breaches.extend(app.breaches("opening a poll of options").await);
    app.click(".sheet .foot button.filled").await;
    app.read("Nội dung 4 đang lấy biểu quyết").await;
    app.look("speakers").await;
    breaches.extend(app.breaches("speakers").await);
    app.press("Việc cần xử lý").await;
    app.press("Biểu quyết").await;
    app.read("Phương án 2").await;
    app.look("vote-options").await;
    breaches.extend(app.breaches("voting on options").await);
    app.press("Phương án 2").await;
    app.type_into("input[inputmode=numeric]", PIN).await;
    app.press("Xác nhận: PHƯƠNG ÁN 2").await;
    app.read("Đã ghi nhận lúc").await;
    app.shoot("voted-options").await;
    app.key("Escape").await;

    // The item that was objected to is decided by hands: entered by the office, confirmed by the chair.
    let apart = cabinet.open_poll_on(meeting, 1, "Thông qua Chương trình củng cố đê điều?").await;
    let totals = Totals {
        yes: Int::from(3u32),
        no: Int::from(1u32),
        abstain: Int::from(0u32),
        other: Int::from(0u32),
    };
    cabinet.secretary.client().enter_hands(cabinet.body, apart, Seen::Totals(totals)).expect("entered");
    cabinet.secretary.sync().await;
    open_chair(&app).await;
    app.read("chờ Chủ trì xác nhận").await;
    app.look("hands").await;
    breaches.extend(app.breaches("hands").await);
    app.press("Xác nhận biểu quyết giơ tay").await;
    app.read("Chủ trì đã xác nhận lúc").await;
    cabinet.secretary.sync().await;
    cabinet.close_poll(apart).await;
    app.run(LOOKS, vec![json!("dark"), json!("en"), json!(100)]).await;
    app.read("Next step").await;
    app.shoot("chair-dark").await;
    breaches.extend(app.breaches("the chair's screen in the dark").await);
    app.run(LOOKS, vec![json!("light"), json!("vi"), json!(100)]).await;
    app.read("Việc tiếp theo").await;

    // Every item tells what became of it.
    app.press("Phiên họp").await;
    app.press("Phiên họp thường kỳ").await;
    app.look("agenda-decided").await;
    breaches.extend(app.breaches("an agenda that was decided on").await);
    app.press(ITEMS[1].0).await;
    app.read("Chủ trì kết luận lúc").await;
    app.look("item-concluded").await;
    breaches.extend(app.breaches("an item that was concluded on").await);
    app.close().await;
    assert!(breaches.is_empty(), "{breaches:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secretariat_counts_hands_and_confirms_who_is_there() {
    let cabinet = Cabinet::open_by(TempDir::new().expect("a folder"), Env::real(), rules()).await;
    let (home, shots) = (cabinet.path("office"), shots("office"));
    cabinet.raise().await;
    let clerk = NewMember {
        id: MemberId([98; 16]),
        offices: vec!["secretariat".into()],
        order: 98,
        content: MemberContent { name: "Chuyên viên Mẫu".into(), title: "Văn phòng".into() },
    };
    cabinet.registrar.client().add_members(cabinet.body, vec![clerk]).expect("added");
    cabinet.registrar.sync().await;
    let ticket = cabinet.invite(MemberId([98; 16])).await;
    let mut app = App::open(&program("ecabinet-desktop"), &[&ticket.link()], &home, &shots).await;
    app.press("Mở lời mời").await;
    enrol(&mut app, "Chuyên viên Mẫu").await;
    cabinet.secretary.sync().await;
    let meeting = publish(&cabinet).await;
    let minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    minister.client().claim_attendance(cabinet.body, meeting, Presence::Remote, None).expect("said");
    minister.sync().await;
    cabinet.open_poll_on(meeting, 1, "Thông qua Chương trình củng cố đê điều?").await;

    open_chair(&app).await;
    app.read("Tự báo: Từ xa").await;
    app.look("claims").await;
    let mut breaches = app.breaches("claims of attendance").await;
    app.press("Xác nhận").await;
    app.read_not("Tự báo").await;
    app.press("Nhập biểu quyết giơ tay").await;
    app.type_into("input[type=number]", "4").await;
    app.look("totals").await;
    breaches.extend(app.breaches("totals of hands").await);
    app.press("Theo từng người").await;
    app.look("named").await;
    breaches.extend(app.breaches("hands by name").await);
    app.press("Theo tổng số").await;
    app.click(".sheet .foot button.filled").await;
    app.read("Văn phòng đã nhập – chờ Chủ trì xác nhận").await;
    app.look("entered").await;
    app.close().await;
    assert!(breaches.is_empty(), "{breaches:#?}");
}

async fn open_chair(app: &App) {
    app.press("Phiên họp").await;
    app.press("Phiên họp thường kỳ").await;
    app.press("Điều hành").await;
    app.read("Việc tiếp theo").await;
}

fn say(person: &Person, item: ItemId, choice: Stance, text: Option<&str>) {
    let new = NewPosition { item, choice, text: text.map(str::to_owned) };
    person.client().state_position(person.body(), new).expect("stated");
}

/// Of all members, as the sample body has it; and one of options.
fn rules() -> Vec<RuleContent> {
    let pass = PassRule { base: Base::Members, num: 1, den: 2, strict: true };
    let yes_or_no = Rule {
        quorum: Some(Fraction { num: 2, den: 3 }),
        tie: Some(Tie { office: "chair".into() }),
        ..Rule::plain(vec![Choice::Yes, Choice::No, Choice::Abstain], pass)
    };
    let of_options = Rule {
        options: Some(Options { count: 2, most: 1 }),
        ..Rule::plain(vec![Choice::Option, Choice::Alternative, Choice::Abstain], pass)
    };
    let content = |id: &str, name: &str, rule, options: &[&str]| RuleContent {
        id: id.into(),
        name: Text::vi(name),
        basis: "Quy chế mẫu, Điều 7".into(),
        rule,
        labels: Default::default(),
        options: options.iter().map(|&option| option.to_owned()).collect(),
    };
    vec![
        content("session", "Biểu quyết tại phiên họp", yes_or_no, &[]),
        content(
            "options",
            "Chọn phương án",
            of_options,
            &["Tại Lam Thủy, trong khu hành chính", "Tại Minh Giang, thuê trụ sở"],
        ),
    ]
}

/// A meeting that has just begun.
async fn publish(cabinet: &Cabinet) -> MeetingId {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as u64;
    let item = |(title, agency): &(&str, &str)| NewItem {
        content: ItemContent {
            title: (*title).into(),
            agency: Some((*agency).into()),
            minutes: Some(20),
            path: (*title).into(),
            ..Default::default()
        },
        audience: vec![Audience::All],
        papers: ["Tờ trình", "Dự thảo nghị quyết"]
            .map(|name| NewPaper {
                title: name.into(),
                path: format!("{title}/{name}.pdf"),
                bytes: text_pdf(&[title]),
                pages: 1,
                audience: vec![Audience::All],
                signers: Vec::new(),
                watermark: false,
            })
            .into(),
    };
    let publication = Publication {
        meeting: None,
        content: MeetingContent {
            title: "Phiên họp thường kỳ tháng 11".into(),
            starts: now,
            place: Some("Phòng họp A".into()),
            reason: None,
            dossier: false,
        },
        items: ITEMS.iter().map(item).collect(),
    };
    let published = cabinet.secretary.client().publish(cabinet.body, publication).expect("published");
    cabinet.secretary.sync().await;
    published.meeting
}
