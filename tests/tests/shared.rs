//! What is shared with one's staff and with all members comes to them, to nobody else, and ends with them.

use ecabinet_client::{BriefPart, DraftStage, Mark, NewMember, SharedNote};
use ecabinet_domain::{Audience, MemberId, Rev, StatementId};
use ecabinet_protocol::content::MemberContent;
use ecabinet_protocol::space::SpaceOwner;
use ecabinet_tests::{Cabinet, Line, Person, code};
use std::time::Duration;

const AIDE: MemberId = MemberId([50; 16]);
const SUCCESSOR: MemberId = MemberId([51; 16]);

/// A cabinet of level 3, with two who may prepare for members, and one who does.
async fn with_staff() -> Cabinet {
    let cabinet = Cabinet::open().await;
    cabinet.raise().await;
    cabinet.add_staff(AIDE, "Chuyên viên Mẫu").await;
    cabinet.add_staff(SUCCESSOR, "Chuyên viên Kế nhiệm").await;
    cabinet.prepares(1, &[AIDE]).await;
    cabinet
}

async fn join(cabinet: &Cabinet, member: MemberId, device: &str) -> Person {
    let ticket = cabinet.invite(member).await;
    let mut person = Person::new(cabinet.path(device), cabinet.env.clone());
    person.join(&ticket).await.expect("joins");
    person
}

/// All have what all wrote.
async fn meet(people: &[&Person]) {
    tokio::time::sleep(Duration::from_millis(5)).await;
    for person in people.iter().chain(people).chain(people) {
        person.sync().await;
    }
}

async fn paper(cabinet: &Cabinet, audience: Vec<Audience>) -> Rev {
    let published = cabinet.publish_for(None, &[("Nội dung một", "Điều 1", audience)]).await;
    let meeting = cabinet.secretary.client().meeting(cabinet.body, published.meeting).expect("a meeting");
    meeting.items[0].papers[0].rev
}

fn write(person: &Person, rev: Rev, text: &str) -> String {
    person.client().add_mark(person.body(), &Mark::note(rev, 0), Some(text)).expect("kept")
}

fn share(person: &Person, note: &str, with: &[SpaceOwner]) {
    person.client().share_note(person.body(), note, with).expect("shared");
}

fn seen(person: &Person) -> Vec<SharedNote> {
    person.client().shared_notes(person.body(), None).expect("notes")
}

fn texts(person: &Person) -> Vec<String> {
    let mut texts: Vec<String> = seen(person).into_iter().flat_map(|shared| shared.note.texts).collect();
    texts.sort();
    texts
}

const HIS_STAFF: SpaceOwner = SpaceOwner::Staff(MemberId([2; 16]));

#[tokio::test(flavor = "multi_thread")]
async fn staff_see_the_note_that_is_shared_and_never_a_private_one() {
    let cabinet = with_staff().await;
    let rev = paper(&cabinet, vec![Audience::All]).await;
    let minister = join(&cabinet, Cabinet::id(1), "minister").await;
    let aide = join(&cabinet, AIDE, "aide").await;
    let other = join(&cabinet, Cabinet::id(2), "other").await;
    minister.sync().await;
    write(&minister, rev, "Ghi chú riêng KHONGCHIASE");
    let note = write(&minister, rev, "Hỏi lại nguồn vốn");
    meet(&[&minister, &aide, &other]).await;
    assert!(seen(&aide).is_empty(), "nothing is shared unless he says so");

    share(&minister, &note, &[HIS_STAFF]);
    meet(&[&minister, &aide, &other]).await;
    let here = seen(&aide);
    assert_eq!((here.len(), here[0].by, here[0].group), (1, Cabinet::id(1), HIS_STAFF));
    assert_eq!(
        (here[0].note.mark.clone(), texts(&aide)),
        (Mark::note(rev, 0), vec!["Hỏi lại nguồn vốn".into()])
    );
    assert!(seen(&other).is_empty() && seen(&minister).is_empty());
    let own = |person: &Person| person.client().notes(cabinet.body, None).expect("notes");
    assert_eq!(own(&aide), [], "it is his, not hers");
    let mine = own(&minister);
    let shared = |text: &str| mine.iter().find(|note| note.texts == [text]).expect("there").shared.clone();
    assert_eq!((shared("Hỏi lại nguồn vốn"), shared("Ghi chú riêng KHONGCHIASE")), (vec![HIS_STAFF], vec![]));

    // Nothing by which she could read the rest has come to her.
    let spaces = |person: &Person| -> Vec<String> {
        let spaces = person.client().spaces(cabinet.body).expect("spaces");
        spaces.into_iter().filter(|space| space.objects > 0).map(|space| space.owner).collect()
    };
    assert_eq!(spaces(&aide), [HIS_STAFF.to_string()]);
    let all = aide.client().spaces(cabinet.body).expect("spaces");
    let his: Vec<_> = minister.client().spaces(cabinet.body).expect("spaces");
    let private = his.iter().find(|space| space.owner.starts_with("member:")).expect("his own").space;
    assert!(all.iter().all(|space| space.space != private));
    for secret in ["KHONGCHIASE", "Hỏi lại nguồn vốn"] {
        for folder in [&cabinet.server.data, &aide.home] {
            assert!(!cabinet.holds(folder, secret.as_bytes()), "sealed everywhere");
        }
    }

    // What he changes follows; what he takes back is gone, and what he removes too.
    minister.client().set_note(cabinet.body, &note, "Hỏi lại nguồn vốn năm 2027").expect("kept");
    meet(&[&minister, &aide]).await;
    assert_eq!(texts(&aide), ["Hỏi lại nguồn vốn năm 2027"]);
    share(&minister, &note, &[]);
    meet(&[&minister, &aide]).await;
    assert!(seen(&aide).is_empty());
    share(&minister, &note, &[HIS_STAFF]);
    minister.client().remove_mark(cabinet.body, &note).expect("removed");
    meet(&[&minister, &aide]).await;
    assert!(seen(&aide).is_empty());
    minister.client().restore_mark(cabinet.body, &note).expect("back");
    meet(&[&minister, &aide]).await;
    assert_eq!(texts(&aide), ["Hỏi lại nguồn vốn năm 2027"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shared_with_all_members_comes_to_each_and_not_to_staff() {
    let cabinet = with_staff().await;
    let rev = paper(&cabinet, vec![Audience::All]).await;
    let minister = join(&cabinet, Cabinet::id(1), "minister").await;
    let other = join(&cabinet, Cabinet::id(2), "other").await;
    let aide = join(&cabinet, AIDE, "aide").await;
    meet(&[&minister, &other, &aide]).await;
    let (a, b) = (write(&minister, rev, "Đề nghị bỏ khoản 3"), write(&other, rev, "Nhất trí bỏ"));
    share(&minister, &a, &[SpaceOwner::All]);
    share(&other, &b, &[SpaceOwner::All]);
    // Both began the space apart: both keys hold.
    meet(&[&minister, &other, &aide]).await;
    assert_eq!(
        (texts(&minister), texts(&other)),
        (vec!["Nhất trí bỏ".into()], vec!["Đề nghị bỏ khoản 3".into()])
    );
    assert!(seen(&aide).is_empty());
    let latecomer = join(&cabinet, Cabinet::id(3), "latecomer").await;
    meet(&[&latecomer, &minister, &other]).await;
    assert_eq!(
        texts(&latecomer),
        ["Nhất trí bỏ", "Đề nghị bỏ khoản 3"],
        "whoever comes is given what there was"
    );
    let refused = aide.client().share_note(cabinet.body, "x", &[SpaceOwner::All]);
    assert_eq!(code(refused), "note.unknown");
    let hers = write(&aide, rev, "Của chuyên viên");
    assert_eq!(code(aide.client().share_note(cabinet.body, &hers, &[SpaceOwner::All])), "space.owner");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_a_paper_are_not_shared_with_whom_may_not_see_it() {
    let cabinet = with_staff().await;
    let audience = vec![Audience::Member(Cabinet::id(1)), Audience::Member(Cabinet::id(2))];
    let rev = paper(&cabinet, audience).await;
    let minister = join(&cabinet, Cabinet::id(1), "minister").await;
    minister.sync().await;
    let note = write(&minister, rev, "Chỉ hai người đọc tài liệu này");
    for group in [HIS_STAFF, SpaceOwner::All] {
        assert_eq!(code(minister.client().share_note(cabinet.body, &note, &[group])), "share.paper");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_gets_no_key_of_what_is_written_later_and_who_comes_gets_what_there_was() {
    let cabinet = with_staff().await;
    let rev = paper(&cabinet, vec![Audience::All]).await;
    let mut minister = join(&cabinet, Cabinet::id(1), "minister").await;
    let line = Line::default();
    let mut aide = Person::new(cabinet.path("aide"), line.env());
    aide.join(&cabinet.invite(AIDE).await).await.expect("joins");
    minister.sync().await;
    let before = write(&minister, rev, "Trước khi thay người");
    share(&minister, &before, &[HIS_STAFF]);
    let hers = write(&aide, rev, "Đề xuất của chuyên viên");
    share(&aide, &hers, &[HIS_STAFF]);
    meet(&[&minister, &aide]).await;
    assert_eq!(
        (texts(&aide), texts(&minister)),
        (vec!["Trước khi thay người".into()], vec!["Đề xuất của chuyên viên".into()])
    );
    let epoch = |person: &Person| {
        let spaces = person.client().spaces(cabinet.body).expect("spaces");
        spaces.into_iter().find(|space| space.owner == HIS_STAFF.to_string()).map(|space| space.epoch)
    };
    let first = epoch(&minister).expect("an epoch");
    let op = line.session().ops(HIS_STAFF.shared_id(cabinet.body).expect("shared"), 0).await.expect("ops");

    // She is replaced. Without network he writes on, and what he writes is not for her.
    cabinet.prepares(1, &[SUCCESSOR]).await;
    minister.sync().await;
    minister.restart();
    let after = write(&minister, rev, "Sau khi thay người");
    share(&minister, &after, &[HIS_STAFF]);
    assert!(epoch(&minister).expect("an epoch") > first, "a new key, made where it is needed first");
    let successor = join(&cabinet, SUCCESSOR, "successor").await;
    meet(&[&minister, &aide, &successor]).await;
    assert_eq!(epoch(&aide), None, "her device has forgotten keys and content");
    assert!(seen(&aide).is_empty());
    assert_eq!(texts(&successor), ["Sau khi thay người", "Trước khi thay người", "Đề xuất của chuyên viên"]);
    let new = line.passing().sealed.iter().filter(|key| key.epoch > first).count();
    assert_eq!(new, 0, "and has given no new key to anybody");

    // The server takes nothing from her, and gives her nothing.
    let session = line.session();
    let space = HIS_STAFF.shared_id(cabinet.body).expect("shared");
    let refused = [
        session.ops(space, 0).await.map(drop),
        session.shared_keys(space).await.map(drop),
        session.append_ops(op).await,
    ];
    assert!(
        refused.iter().all(|answer| answer.as_ref().is_err_and(|error| error.code == "space.owner")),
        "{refused:?}"
    );
    assert_eq!(code(aide.client().share_note(cabinet.body, &hers, &[HIS_STAFF])), "space.owner");

    // Back again she finds it all, and her own chain goes on.
    cabinet.prepares(1, &[SUCCESSOR, AIDE]).await;
    meet(&[&minister, &successor, &aide]).await;
    assert_eq!(texts(&aide), ["Sau khi thay người", "Trước khi thay người"]);
    aide.client().set_note(cabinet.body, &hers, "Đề xuất, sửa").expect("kept");
    meet(&[&aide, &minister]).await;
    assert_eq!(texts(&minister), ["Đề xuất, sửa"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_shared_before_he_left_is_there_also_for_who_reads_it_later() {
    let cabinet = with_staff().await;
    let rev = paper(&cabinet, vec![Audience::All]).await;
    let minister = join(&cabinet, Cabinet::id(1), "minister").await;
    let (leaving, reading) =
        (join(&cabinet, Cabinet::id(2), "leaving").await, join(&cabinet, Cabinet::id(3), "reading").await);
    let aide = join(&cabinet, AIDE, "aide").await;
    meet(&[&minister, &leaving, &reading, &aide]).await;
    for (person, text, group) in [
        (&aide, "Của người sắp nghỉ", HIS_STAFF),
        (&leaving, "Của người sắp thôi biểu quyết", SpaceOwner::All),
    ] {
        let note = write(person, rev, text);
        share(person, &note, &[group]);
        person.sync().await;
    }

    // She retires, though she is on the list still; he stays in another office. The others come only now.
    let registrar = cabinet.registrar.client();
    registrar.retire_member(cabinet.body, AIDE).expect("retired");
    let other = NewMember {
        id: Cabinet::id(2),
        offices: vec!["staff".into()],
        order: 3,
        content: MemberContent { name: "Thành viên Mẫu".into(), title: "Chuyên viên".into() },
    };
    registrar.add_members(cabinet.body, vec![other]).expect("set");
    cabinet.registrar.sync().await;
    meet(&[&minister, &reading]).await;
    assert_eq!(texts(&minister), ["Của người sắp nghỉ", "Của người sắp thôi biểu quyết"]);
    assert_eq!(texts(&reading), ["Của người sắp thôi biểu quyết"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_device_is_out_and_a_further_one_gets_its_keys_from_whoever_has_them() {
    let cabinet = with_staff().await;
    let rev = paper(&cabinet, vec![Audience::All]).await;
    let minister = join(&cabinet, Cabinet::id(1), "minister").await;
    let aide = join(&cabinet, AIDE, "aide").await;
    let stolen = join(&cabinet, AIDE, "stolen").await;
    cabinet.confirm(&aide, &stolen).await;
    let first = write(&minister, rev, "Cho cả hai máy");
    minister.sync().await;
    share(&minister, &first, &[HIS_STAFF]);
    meet(&[&minister, &aide, &stolen]).await;
    assert_eq!(
        (texts(&aide), texts(&stolen)),
        (vec!["Cho cả hai máy".into()], vec!["Cho cả hai máy".into()])
    );
    let lost = stolen.device();
    aide.client().revoke_device(cabinet.body, lost, None).expect("revoked");
    meet(&[&aide, &minister]).await;
    let second = write(&minister, rev, "Chỉ cho máy còn lại");
    share(&minister, &second, &[HIS_STAFF]);
    meet(&[&minister, &aide]).await;
    assert_eq!(texts(&aide), ["Cho cả hai máy", "Chỉ cho máy còn lại"]);
    assert_eq!(code(stolen.client().sync(cabinet.body, true).await), "device.wiped");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_drops_what_was_shared_is_told_and_keeps_nothing_else_back() {
    let cabinet = with_staff().await;
    let rev = paper(&cabinet, vec![Audience::All]).await;
    let minister = join(&cabinet, Cabinet::id(1), "minister").await;
    let line = Line::default();
    let mut aide = Person::new(cabinet.path("aide"), line.env());
    aide.join(&cabinet.invite(AIDE).await).await.expect("joins");
    meet(&[&minister, &aide]).await;
    for text in ["Một", "Hai", "Ba"] {
        let note = write(&minister, rev, text);
        share(&minister, &note, &[HIS_STAFF]);
    }
    minister.sync().await;
    line.passing().ops = Some(Box::new(|ops| {
        if ops.len() > 2 {
            ops.remove(1);
        }
    }));
    let told = aide.client().sync(cabinet.body, false).await;
    assert_eq!(told.as_ref().err().map(|error| error.code()), Some("space.incomplete"), "{told:?}");
    let progress = aide.client().progress(cabinet.body).expect("progress");
    assert_eq!((progress.ready, progress.total), (1, 1), "the papers are here all the same");
    line.passing().ops = Some(Box::new(|ops| ops.reverse()));
    assert_eq!(code(aide.client().sync(cabinet.body, true).await), "space.incomplete");
    line.leave();
    aide.sync().await;
    assert_eq!(texts(&aide), ["Ba", "Hai", "Một"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn staff_write_the_brief_and_draft_the_answer_which_goes_back_and_comes_again() {
    let cabinet = with_staff().await;
    let published = cabinet.publish(None, "Điều 1").await;
    let item = cabinet.item(published.meeting, 1);
    let minister = join(&cabinet, Cabinet::id(1), "minister").await;
    let aide = join(&cabinet, AIDE, "aide").await;
    let other = join(&cabinet, Cabinet::id(2), "other").await;
    let (of, form) = (Cabinet::id(1), StatementId([7; 32]));
    let write = |part, text| aide.client().set_brief(cabinet.body, of, item, part, text).expect("kept");
    meet(&[&minister, &aide]).await;
    // She writes on the train; he reads it on the plane.
    write(BriefPart::Summary, "Ba điểm thay đổi");
    write(BriefPart::Proposal, "Nhất trí, đề nghị bỏ khoản 3");
    aide.client().draft_answer(cabinet.body, of, form, "đồng ý", false).expect("kept");
    meet(&[&aide, &minister, &other]).await;
    let brief = minister.client().brief(cabinet.body, of, item).expect("a brief");
    assert_eq!((brief.summary.texts, brief.proposal.texts.len()), (vec!["Ba điểm thay đổi".into()], 1));
    assert_eq!(brief.summary.written.map(|(by, _)| by), Some(AIDE));
    assert_eq!(code(other.client().brief(cabinet.body, of, item)), "space.owner");
    let draft = |person: &Person| person.client().answer_draft(cabinet.body, of, form).expect("a draft");
    assert_eq!(
        (draft(&minister).stage, draft(&minister).said.texts),
        (DraftStage::Writing, vec!["đồng ý".into()])
    );

    aide.client().draft_answer(cabinet.body, of, form, "đồng ý", true).expect("submitted");
    meet(&[&aide, &minister]).await;
    assert_eq!(draft(&minister).stage, DraftStage::Waiting);
    minister.client().send_draft_back(cabinet.body, form, "Nêu rõ nguồn vốn").expect("sent back");
    meet(&[&minister, &aide]).await;
    assert_eq!(draft(&aide).stage, DraftStage::Back { why: "Nêu rõ nguồn vốn".into() });
    aide.client().draft_answer(cabinet.body, of, form, "đồng ý, nguồn vốn 2027", true).expect("submitted");
    meet(&[&aide, &minister]).await;
    assert_eq!(
        (draft(&minister).stage, draft(&minister).said.texts),
        (DraftStage::Waiting, vec!["đồng ý, nguồn vốn 2027".into()])
    );

    // What he begins himself is his alone, on all of his devices.
    let tablet = join(&cabinet, Cabinet::id(1), "tablet").await;
    cabinet.confirm(&minister, &tablet).await;
    minister.client().begin_answer(cabinet.body, form, Some("ý kiến khác")).expect("kept");
    meet(&[&minister, &tablet, &aide]).await;
    let begun = |person: &Person| person.client().begun_answer(cabinet.body, form).expect("read");
    assert_eq!((begun(&tablet), begun(&aide)), (Some("ý kiến khác".into()), None));
    tablet.client().begin_answer(cabinet.body, form, None).expect("sent");
    meet(&[&tablet, &minister]).await;
    assert_eq!(begun(&minister), None);
    for secret in ["Ba điểm thay đổi", "nguồn vốn 2027", "ý kiến khác"] {
        assert!(!cabinet.holds(&cabinet.server.data, secret.as_bytes()), "the server reads nothing");
    }
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_whatever_order_it_is_written_and_comes_all_see_the_same() {
    let cabinet = with_staff().await;
    let published = cabinet.publish(None, "Điều 1").await;
    let item = cabinet.item(published.meeting, 1);
    let meeting = cabinet.secretary.client().meeting(cabinet.body, published.meeting).expect("a meeting");
    let rev = meeting.items[0].papers[0].rev;
    cabinet.prepares(1, &[AIDE, SUCCESSOR]).await;
    let minister = join(&cabinet, Cabinet::id(1), "minister").await;
    let tablet = join(&cabinet, Cabinet::id(1), "tablet").await;
    cabinet.confirm(&minister, &tablet).await;
    let (aide, successor) =
        (join(&cabinet, AIDE, "aide").await, join(&cabinet, SUCCESSOR, "successor").await);
    let people = [&minister, &tablet, &aide, &successor];
    meet(&people).await;

    let (mut dice, mut staff) = (Dice(2026), vec![AIDE, SUCCESSOR]);
    for step in 0..120 {
        let person = people[dice.throw(people.len())];
        let client = person.client();
        let own = client.notes(cabinet.body, None).expect("notes");
        let some = (!own.is_empty()).then(|| own[dice.throw(own.len().max(1))].id.clone());
        // Who is not of the group at the moment is refused, and that is all.
        let belongs = |answer: Result<(), ecabinet_client::Error>| {
            assert!(["ok", "space.owner"].contains(&code(answer).as_str()));
        };
        match (dice.throw(10), some) {
            (0, _) | (1, None) => drop(write(person, rev, &format!("Ghi chú {step}"))),
            (1 | 2, Some(note)) => belongs(client.share_note(cabinet.body, &note, &[HIS_STAFF])),
            (3, Some(note)) => belongs(client.share_note(cabinet.body, &note, &[])),
            (4, Some(note)) => client.set_note(cabinet.body, &note, &format!("Sửa {step}")).expect("kept"),
            (5, Some(note)) => client.remove_mark(cabinet.body, &note).expect("kept"),
            (6, _) => {
                let text = format!("Tóm tắt {step}");
                belongs(client.set_brief(cabinet.body, Cabinet::id(1), item, BriefPart::Summary, &text));
            }
            (7, _) if step % 3 == 0 => {
                staff = if staff.len() == 2 { vec![SUCCESSOR] } else { vec![AIDE, SUCCESSOR] };
                cabinet.prepares(1, &staff).await;
            }
            _ => drop(person.client().sync(cabinet.body, true).await.expect("synced")),
        }
    }
    cabinet.prepares(1, &[SUCCESSOR, AIDE]).await;
    meet(&people).await;
    // Whatever the dice have left.
    for person in [&minister, &aide, &successor] {
        for text in ["Ghi chú cuối", "Ghi chú sau cùng"] {
            let note = write(person, rev, text);
            person.client().share_note(cabinet.body, &note, &[HIS_STAFF]).expect("shared");
        }
    }
    meet(&people).await;
    meet(&people).await;

    // What each sees of the others is what they share, and nothing else.
    let shares = |person: &Person| {
        let own = person.client().notes(cabinet.body, None).expect("notes").into_iter();
        let shared = own.filter(|note| note.shared == [HIS_STAFF]);
        shared.map(|note| (note.id, note.texts)).collect::<Vec<_>>()
    };
    assert_eq!(shares(&minister), shares(&tablet), "one person, two devices");
    let mut by_all: Vec<_> = [&minister, &aide, &successor].map(shares).concat();
    by_all.sort();
    assert!(by_all.len() > 3, "a story without notes tells nothing");
    for person in people {
        let of_others = seen(person).into_iter().map(|shared| (shared.note.id, shared.note.texts));
        let mut all: Vec<_> = of_others.chain(shares(person)).collect();
        all.sort();
        assert_eq!(all, by_all);
        let brief = person.client().brief(cabinet.body, Cabinet::id(1), item).expect("a brief");
        assert_eq!(brief, minister.client().brief(cabinet.body, Cabinet::id(1), item).expect("a brief"));
        let spaces = person.client().spaces(cabinet.body).expect("spaces");
        assert!(spaces.iter().all(|space| space.unsent == 0 && space.waiting == 0), "{spaces:?}");
    }
}
