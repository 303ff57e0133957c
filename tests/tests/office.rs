//! What the office prepares stays in the office until it is sent; who sends it is whom the record lets; and what is sent comes with
//! its dossier or not at all.

use ecabinet_client::{Dossier, DossierPaper, FormDraft, FormDraftStage, NewForm};
use ecabinet_domain::{Base, Choice, ItemId, MemberId, PassRule, Rule};
use ecabinet_protocol::content::{FormContent, QuestionContent};
use ecabinet_tests::{Cabinet, Person, code, text_pdf};
use std::collections::BTreeMap;
use std::time::Duration;

const HEAD: MemberId = MemberId([98; 16]);
const CLERK: MemberId = MemberId([97; 16]);
const SUBJECT: &str = "Dự thảo Nghị quyết KHONGAIDUOCBIET";
const PAPER: &str = "Điều 1. Hồ chứa";

async fn join(cabinet: &Cabinet, member: MemberId, device: &str) -> Person {
    let ticket = cabinet.invite(member).await;
    let mut person = Person::new(cabinet.path(device), cabinet.env.clone());
    person.join(&ticket).await.expect("joins");
    person
}

/// A cabinet of level 3 whose office has a head and a second clerk.
async fn with_office() -> (Cabinet, Person, Person) {
    let cabinet = Cabinet::open().await;
    cabinet.raise().await;
    cabinet.add_person(HEAD, "Chủ nhiệm Mẫu", "Chủ nhiệm Văn phòng", "head").await;
    cabinet.add_person(CLERK, "Văn thư Mẫu", "Văn phòng", "secretariat").await;
    let head = join(&cabinet, HEAD, "head").await;
    let clerk = join(&cabinet, CLERK, "clerk").await;
    (cabinet, head, clerk)
}

/// All have what all wrote.
async fn meet(people: &[&Person]) {
    tokio::time::sleep(Duration::from_millis(5)).await;
    for person in people.iter().chain(people).chain(people) {
        person.sync().await;
    }
}

fn form(subject: &str) -> NewForm {
    let majority = PassRule { base: Base::Members, num: 1, den: 2, strict: true };
    NewForm {
        item: ItemId([0; 16]),
        content: FormContent {
            number: "1/PLYK/2026".into(),
            subject: subject.into(),
            agency: None,
            submission: None,
            officer: None,
            summary: None,
            basis: "Quy chế mẫu".into(),
            questions: vec![QuestionContent {
                question: "Ban hành theo dự thảo?".into(),
                labels: BTreeMap::new(),
                options: Vec::new(),
            }],
        },
        rules: vec![Rule::plain(vec![Choice::Yes, Choice::No], majority)],
        asked: Vec::new(),
        agency: None,
        approver: None,
    }
}

fn papers(text: &str) -> Vec<DossierPaper> {
    vec![DossierPaper { title: "Dự thảo".into(), bytes: text_pdf(&[text]), pages: 1 }]
}

fn only(person: &Person) -> FormDraft {
    let mut drafts = person.client().form_drafts(person.body()).expect("drafts");
    assert_eq!(drafts.len(), 1);
    drafts.remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_drafted_handed_in_sent_back_and_sent_by_the_head_with_its_dossier() {
    let (cabinet, head, clerk) = with_office().await;
    let (body, desk) = (cabinet.body, &cabinet.secretary);
    let minister = cabinet.join(1, "minister").await;
    meet(&[desk, &clerk, &head, &minister]).await;
    let before = minister.client().state(body).expect("a state").items.len();

    // The secretary writes; the whole office has it, and nobody else.
    let id = desk.client().begin_form_draft(body, SUBJECT).expect("begun");
    let paper = desk.client().keep_draft_paper(body, &id, &text_pdf(&[PAPER])).expect("kept");
    meet(&[desk, &clerk, &head, &minister]).await;
    for person in [desk, &clerk, &head] {
        let draft = only(person);
        assert_eq!((draft.id, draft.said.texts), (id.clone(), vec![SUBJECT.to_owned()]));
        assert_eq!(
            (draft.stage, draft.said.written.map(|(by, _)| by)),
            (FormDraftStage::Writing, desk.member)
        );
    }
    assert!(minister.client().form_drafts(body).expect("drafts").is_empty());
    let spaces = minister.client().spaces(body).expect("spaces");
    assert!(spaces.iter().all(|space| space.owner != "desk"));
    for secret in ["KHONGAIDUOCBIET", "Hồ chứa"] {
        for folder in [&cabinet.server.data, &head.home, &desk.home] {
            assert!(!cabinet.holds(folder, secret.as_bytes()), "sealed everywhere");
        }
    }

    // Only who holds the office may send it.
    let refused =
        desk.client().send_form_with(body, form(SUBJECT), Dossier::Papers(papers(PAPER)), |_| Ok(()));
    assert_eq!(code(refused), "form.not_approved");

    // Handed in, sent back with a reason, mended by the other clerk, handed in again.
    let sign = |person: &Person, text: &str| {
        person.client().sign_dossier(body, SUBJECT, papers(text)).expect("signed")
    };
    desk.client().hand_in_form_draft(body, &id, SUBJECT, &sign(desk, PAPER)).expect("handed in");
    meet(&[desk, &clerk, &head]).await;
    assert_eq!(only(&head).stage, FormDraftStage::Waiting);
    let back = FormDraftStage::Back { why: "Nêu rõ nguồn vốn".into() };
    head.client().stage_form_draft(body, &id, &back).expect("sent back");
    meet(&[&head, desk, &clerk]).await;
    assert_eq!((only(&clerk).stage, only(desk).staged.map(|(by, _)| by)), (back, Some(HEAD)));
    clerk.client().hand_in_form_draft(body, &id, "mới", &sign(&clerk, PAPER)).expect("handed in");
    meet(&[&clerk, desk, &head]).await;
    assert_eq!(
        (only(&head).stage, only(&head).said.texts),
        (FormDraftStage::Waiting, vec!["mới".to_owned()])
    );
    let state = minister.client().state(body).expect("a state");
    assert_eq!((state.items.len(), state.polls.len()), (before, 0), "nothing of it is in the record");

    // What she has signed must be what he has read.
    let by = only(&head).dossier;
    let other = Dossier::Signed { papers: papers("Điều 1. Khác"), by: by.clone() };
    assert_eq!(code(head.client().send_form_with(body, form(SUBJECT), other, |_| Ok(()))), "draft.dossier");
    for changed in [by[..2].to_vec(), by[1..].to_vec(), [&by[..], &by[2..]].concat(), Vec::new()] {
        let dossier = Dossier::Signed { papers: papers(PAPER), by: changed };
        assert_eq!(
            code(head.client().send_form_with(body, form(SUBJECT), dossier, |_| Ok(()))),
            "draft.dossier"
        );
    }
    assert!(only(&head).stage == FormDraftStage::Waiting, "he has signed nothing");

    // He approves: he signs, and all of it is recorded together.
    let dossier = Dossier::Signed { papers: papers(PAPER), by };
    let stage = |sent| head.client().stage_form_draft(body, &id, &FormDraftStage::Signed { form: sent });
    let sent = head.client().send_form_with(body, form(SUBJECT), dossier, stage).expect("sent");
    meet(&[&head, desk, &clerk, &minister]).await;
    let seen = minister.client().form(body, sent).expect("a form");
    assert_eq!((seen.row.subject.as_str(), seen.papers.len()), (SUBJECT, 1));
    assert_eq!(minister.client().progress(body).expect("progress").ready, 1, "with its dossier");
    assert_eq!(only(&clerk).stage, FormDraftStage::Signed { form: sent });
    let acts = head.client().acts(body).expect("acts");
    let kinds: Vec<_> = acts.iter().map(|act| act.kind).filter(|kind| *kind != "device.enrol").collect();
    assert_eq!(kinds, ["form.send"], "what she has signed is hers");

    // The papers are in the record: the desk keeps them no longer.
    meet(&[&head, desk]).await;
    let space = |person: &Person| {
        let spaces = person.client().spaces(body).expect("spaces");
        spaces.into_iter().find(|space| space.owner == "desk").expect("the desk's")
    };
    assert_eq!((space(&head).unsent, space(&head).waiting), (0, 0));
    assert_eq!(code(desk.client().draft_paper(body, &id, &paper, 1)), "paper.not_here");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_write_apart_are_both_kept_and_who_leaves_the_office_reads_no_more() {
    let (cabinet, head, clerk) = with_office().await;
    let (body, desk) = (cabinet.body, &cabinet.secretary);
    let id = desk.client().begin_form_draft(body, "một").expect("begun");
    meet(&[desk, &clerk, &head]).await;
    // On two trains.
    desk.client().write_form_draft(body, &id, "hai").expect("written");
    clerk.client().write_form_draft(body, &id, "ba").expect("written");
    meet(&[desk, &clerk, &head]).await;
    for person in [desk, &clerk, &head] {
        let mut texts = only(person).said.texts;
        texts.sort();
        assert_eq!(texts, ["ba", "hai"]);
    }
    desk.client().write_form_draft(body, &id, "hai và ba").expect("written");
    meet(&[desk, &clerk, &head]).await;
    assert_eq!(only(&head).said.texts, ["hai và ba"]);

    cabinet.registrar.client().retire_member(body, CLERK).expect("retired");
    cabinet.registrar.sync().await;
    meet(&[desk, &head]).await;
    desk.client().write_form_draft(body, &id, "sau khi nghỉ").expect("written");
    meet(&[desk, &head]).await;
    assert_eq!(only(&head).said.texts, ["sau khi nghỉ"]);
    let _ = clerk.client().sync(body, true).await;
    let left: Vec<_> = clerk.client().form_drafts(body).unwrap_or_default();
    assert!(left.iter().all(|draft| draft.said.texts != ["sau khi nghỉ"]));

    // Taken away, unless somebody writes meanwhile.
    head.client().drop_form_draft(body, &id).expect("taken away");
    desk.client().write_form_draft(body, &id, "vẫn cần").expect("written");
    meet(&[desk, &head]).await;
    assert_eq!((only(&head).said.texts, only(desk).said.texts.len()), (vec!["vẫn cần".to_owned()], 1));
    desk.client().drop_form_draft(body, &id).expect("taken away");
    meet(&[desk, &head]).await;
    assert!(head.client().form_drafts(body).expect("drafts").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_heads_the_office_the_secretariat_sends_and_a_large_paper_comes_whole() {
    let cabinet = Cabinet::open().await;
    cabinet.raise().await;
    cabinet.add_person(CLERK, "Văn thư Mẫu", "Văn phòng", "secretariat").await;
    let mut clerk = join(&cabinet, CLERK, "clerk").await;
    let (body, desk) = (cabinet.body, &cabinet.secretary);
    let large: Vec<u8> = (0..9_000_000u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let id = desk.client().begin_form_draft(body, "lớn").expect("begun");
    let paper = desk.client().keep_draft_paper(body, &id, &large).expect("kept");
    meet(&[desk, &clerk]).await;
    let here = clerk.client().draft_paper(body, &id, &paper, large.len() as u64).expect("whole");
    assert!(here == large);
    clerk.restart();
    clerk.client().draft_paper(body, &id, &paper, large.len() as u64).expect("after a restart too");

    let sent = clerk.client().send_form_with(
        body,
        form("Văn phòng gửi"),
        Dossier::Papers(papers(PAPER)),
        |_| Ok(()),
    );
    let sent = sent.expect("sent");
    clerk.sync().await;
    let minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    assert_eq!(minister.client().form(body, sent).expect("a form").papers.len(), 1);
}
