//! An opinion form: sent, answered on a plane, changed under the answer, closed, and proven to anyone.

use ecabinet_client::packs::{NewItem, NewPaper, Publication};
use ecabinet_client::{NewAnswer, NewForm, NewReply, typeset};
use ecabinet_domain::{
    Audience, Base, Choice, Int, ItemId, MeetingId, Opinion, Options, PassRule, Rule, StatementId, Taken,
    Tie, Verdict,
};
use ecabinet_protocol::content::{FormContent, ItemContent, MeetingContent, QuestionContent};
use ecabinet_protocol::ui::{ActState, FormStage, Language, TableKind};
use ecabinet_tests::{Cabinet, Person, code, program, run, text_pdf};
use std::collections::BTreeMap;
use std::process::Command;

const DUE: u64 = 4_000_000_000_000;

/// Publishes the dossier, again if it is there already.
async fn dossier(cabinet: &Cabinet, meeting: Option<MeetingId>, text: &str) -> MeetingId {
    let publication = Publication {
        meeting,
        content: MeetingContent {
            title: "Hồ sơ lấy ý kiến".into(),
            starts: 1_795_482_000_000,
            place: None,
            reason: None,
            dossier: true,
        },
        items: vec![NewItem {
            content: ItemContent {
                title: "Dự thảo Nghị định".into(),
                path: "1".into(),
                ..Default::default()
            },
            audience: vec![Audience::All],
            papers: vec![NewPaper {
                title: "Dự thảo Nghị định".into(),
                path: "1/Dự thảo.pdf".into(),
                bytes: text_pdf(&[text]),
                pages: 1,
                audience: vec![Audience::All],
                signers: Vec::new(),
                watermark: false,
            }],
        }],
    };
    let published = cabinet.secretary.client().publish(cabinet.body, publication).expect("published");
    cabinet.secretary.sync().await;
    published.meeting
}

fn rules() -> Vec<Rule> {
    let pass = PassRule { base: Base::Members, num: 1, den: 2, strict: true };
    let yes_or_no = Rule {
        tie: Some(Tie { office: "chair".into() }),
        ..Rule::plain(vec![Choice::Yes, Choice::No, Choice::Other], pass)
    };
    let of_options = Rule {
        options: Some(Options { count: 2, most: 1 }),
        ..Rule::plain(vec![Choice::Option, Choice::Alternative], pass)
    };
    [yes_or_no, of_options].map(|rule| Rule { closes: Int::new(DUE), ..rule }).to_vec()
}

fn form(item: ItemId) -> NewForm {
    let question = |text: &str, options: &[&str]| QuestionContent {
        question: text.into(),
        labels: BTreeMap::new(),
        options: options.iter().map(|&option| option.to_owned()).collect(),
    };
    NewForm {
        item,
        content: FormContent {
            number: "12/PLYK/2026".into(),
            subject: "Dự thảo Nghị định về vận hành liên hồ chứa".into(),
            agency: Some("Bộ Thủy nông".into()),
            submission: None,
            officer: None,
            summary: None,
            basis: "Quy chế mẫu".into(),
            questions: vec![
                question("Ban hành Nghị định theo dự thảo?", &[]),
                question("Cơ quan quyết định?", &["Bộ trưởng", "Chủ tịch tỉnh"]),
            ],
        },
        rules: rules(),
        asked: Vec::new(),
        agency: None,
        approver: None,
    }
}

/// A cabinet of level 3 with a form that all have been sent.
async fn sent() -> (Cabinet, MeetingId, StatementId) {
    sent_for(None, None).await
}

/// The same, with the offices that reply to opinions and approve the replies.
async fn sent_for(agency: Option<&str>, approver: Option<&str>) -> (Cabinet, MeetingId, StatementId) {
    let cabinet = Cabinet::open().await;
    let meeting = dossier(&cabinet, None, "Điều 1").await;
    let item = cabinet.item(meeting, 1);
    let offices = [agency, approver].map(|office| office.map(str::to_owned));
    let send = |cabinet: &Cabinet| {
        let [agency, approver] = offices.clone();
        let form = NewForm { agency, approver, ..form(item) };
        cabinet.secretary.client().send_form(cabinet.body, form)
    };
    assert_eq!(code(send(&cabinet)), "level.needed", "a body of level 1 knows no forms");
    for level in [2, 3] {
        let raised = cabinet.registrar.client().raise_level(cabinet.body).expect("raised");
        assert_eq!(raised.1, level);
        cabinet.registrar.sync().await;
    }
    cabinet.secretary.sync().await;
    let form = send(&cabinet).expect("sent");
    cabinet.secretary.sync().await;
    (cabinet, meeting, form)
}

fn answer(person: &Person, form: StatementId, choice: Choice, option: u32, replace: bool) -> StatementId {
    let plain = |choice, options| Opinion { choice, options, text: None };
    let opinions = vec![plain(choice, None), plain(Choice::Option, Some(vec![Int::from(option)]))];
    let answer = NewAnswer { form, opinions, advice: Some("Vụ Pháp chế nhất trí".into()), replace };
    person.client().answer_form(person.body(), answer).expect("answered")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_given_on_a_plane_is_recorded_counted_and_provable() {
    let (mut cabinet, meeting, form) = sent().await;
    let mut minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    let row = minister.client().forms(cabinet.body).expect("forms").remove(0);
    assert_eq!((row.number.as_str(), row.asks_me, row.own, row.asked), ("12/PLYK/2026", true, None, 5));
    assert!(
        minister.client().meetings(cabinet.body).expect("meetings").is_empty(),
        "a dossier is no meeting"
    );

    cabinet.server.kill();
    minister.restart();
    let first = answer(&minister, form, Choice::Yes, 1, false);
    assert_eq!(minister.state(first), "saved");
    cabinet.server.resume();
    minister.sync().await;
    assert_eq!(minister.state(first), "recorded");

    // The dossier is replaced under the answer: its author is asked, and says it again.
    dossier(&cabinet, Some(meeting), "Điều 1, sửa").await;
    minister.sync().await;
    assert_eq!(minister.state(first), "stale");
    let again = answer(&minister, form, Choice::Yes, 2, true);
    minister.sync().await;
    assert_eq!((minister.state(again), minister.state(first)), ("recorded".into(), "superseded".into()));

    let mut others = Vec::new();
    for (member, choice, option) in [(2, Choice::Yes, 2), (3, Choice::Yes, 2), (4, Choice::Other, 1)] {
        let person = cabinet.join(member, &format!("member {member}")).await;
        person.sync().await;
        answer(&person, form, choice, option, false);
        person.sync().await;
        others.push(person);
    }
    minister.sync().await;
    let sealed = minister.client().form(cabinet.body, form).expect("a form");
    assert_eq!(code(minister.client().results(cabinet.body, form)), "poll.open");
    assert!(sealed.members.is_none(), "who has answered is the secretariat's to see");
    cabinet.secretary.sync().await;
    let board = cabinet.secretary.client().form(cabinet.body, form).expect("a form");
    let answered =
        board.members.expect("the secretariat").into_iter().filter(|row| row.answered_at.is_some());
    assert_eq!((answered.count(), board.may_close), (4, true));
    cabinet.close_poll(form).await;

    minister.sync().await;
    assert_eq!(minister.state(again), "counted");
    let results = minister.client().results(cabinet.body, form).expect("results");
    let [first, second] = <[_; 2]>::try_from(results).expect("two questions");
    assert_eq!((first.n, first.present, first.yes, first.other, first.silent), (5, 4, 3, 1, 1));
    assert_eq!((first.pass_needed, first.result), (3, Verdict::Passed));
    assert_eq!((second.options, second.adopted), (Some(vec![1, 3]), Some(vec![2])));
    let row = minister.client().forms(cabinet.body).expect("forms").remove(0);
    assert_eq!((row.stage, row.own, row.answered), (FormStage::Closed, Some(ActState::Counted), 4));

    let export = cabinet.path("export");
    minister.client().export(cabinet.body, None).expect("an export").write_folder(&export).expect("written");
    let body = cabinet.body.to_string();
    let report = cabinet.path("report.txt");
    let mut verify = Command::new(program("ecabinet-verify"));
    verify.arg(&export).args(["--json", "--body", &body, "--lang", "vi", "--report"]).arg(&report);
    let verified = run(&mut verify);
    assert_eq!(verified.exit, 0, "{}{}", verified.stdout, verified.stderr);
    let poll = &verified.json["polls"][0];
    assert_eq!((&poll["tallies"][0]["yes"], &poll["agrees"]), (&3.into(), &true.into()));
    let report = std::fs::read_to_string(&report).expect("a report");
    for words in ["Phiếu lấy ý kiến 1", "12/PLYK/2026", "Phương án 2 (Chủ tịch tỉnh): 3", "THÔNG QUA"]
    {
        assert!(report.contains(words), "{words} in\n{report}");
    }
    let receipt = minister.client().receipt(cabinet.body, again).expect("a receipt");
    assert!(receipt.len() < 4096);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recalled_form_asks_nobody_and_gives_nothing() {
    let (cabinet, _, form) = sent().await;
    let minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    let client = cabinet.secretary.client();
    client.extend_poll(cabinet.body, form, DUE + 86_400_000).expect("extended");
    cabinet.secretary.sync().await;
    client.recall_poll(cabinet.body, form, "Cơ quan trình xin rút").expect("recalled");
    cabinet.secretary.sync().await;
    // Made before the recall was known here.
    let answered = answer(&minister, form, Choice::Yes, 1, false);
    minister.sync().await;
    assert_eq!(minister.state(answered), "late");
    let view = minister.client().form(cabinet.body, form).expect("a form");
    assert_eq!((view.row.stage, view.row.due), (FormStage::Recalled, Some(DUE + 86_400_000)));
    assert_eq!(view.recalled.expect("recalled").why.as_deref(), Some("Cơ quan trình xin rút"));
    assert_eq!(code(minister.client().results(cabinet.body, form)), "poll.recalled");
    assert_eq!(code(client.close_poll(cabinet.body, form)), "poll.closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_whole_is_not_kept() {
    let (cabinet, _, form) = sent().await;
    let minister = cabinet.join(1, "minister").await;
    minister.sync().await;
    let try_answer = |opinions: &[(Choice, &[u32])]| {
        let opinion = |(choice, options): &(Choice, &[u32])| Opinion {
            choice: *choice,
            options: (!options.is_empty()).then(|| options.iter().map(|&number| Int::from(number)).collect()),
            text: None,
        };
        let opinions = opinions.iter().map(opinion).collect();
        code(
            minister
                .client()
                .answer_form(cabinet.body, NewAnswer { form, opinions, advice: None, replace: false }),
        )
    };
    assert_eq!(try_answer(&[(Choice::Yes, &[])]), "form.unanswered");
    assert_eq!(try_answer(&[(Choice::Yes, &[]), (Choice::Option, &[3])]), "form.opinion");
    assert_eq!(try_answer(&[(Choice::Yes, &[]), (Choice::Option, &[1, 2])]), "form.opinion");
    assert_eq!(try_answer(&[(Choice::Abstain, &[]), (Choice::Option, &[1])]), "form.opinion");
    let secretary = cabinet.secretary.client();
    let answer = NewAnswer { form, opinions: Vec::new(), advice: None, replace: false };
    assert_eq!(code(secretary.answer_form(cabinet.body, answer)), "form.not_asked");
}

const OPINION: &str = "Nhất trí; đề nghị làm rõ nguồn vốn duy tu.";
const EXPLAINED: &str = "Nguồn vốn đã nêu tại Điều 3 dự thảo.";

#[tokio::test(flavor = "multi_thread")]
async fn the_agency_replies_to_opinions_its_head_approves_and_the_table_tells_both() {
    let (cabinet, _, form) = sent_for(Some("secretariat"), Some("chair")).await;
    let mut members = Vec::new();
    for member in 0..4 {
        let person = cabinet.join(member, &format!("member {member}")).await;
        person.sync().await;
        let says =
            |choice, options, text: Option<&str>| Opinion { choice, options, text: text.map(Into::into) };
        let first = match member {
            1 => says(Choice::Other, None, Some(OPINION)),
            _ => says(Choice::Yes, None, None),
        };
        let opinions = vec![first, says(Choice::Option, Some(vec![Int::from(2u32)]), None)];
        let answer = NewAnswer { form, opinions, advice: None, replace: false };
        person.client().answer_form(cabinet.body, answer).expect("answered");
        person.sync().await;
        members.push(person);
    }
    cabinet.secretary.sync().await;
    let client = cabinet.secretary.client();
    assert_eq!(code(client.opinion_table(cabinet.body, form, Language::Vi)), "poll.open");
    cabinet.close_poll(form).await;
    cabinet.secretary.sync().await;

    let ballot = client.answer_of(cabinet.body, form, Cabinet::id(1)).expect("an answer");
    let reply = |taken, text: &str| NewReply { form, ballot, question: 0, taken, text: text.into() };
    assert_eq!(code(client.reply(cabinet.body, reply(Taken::Explained, " "))), "reply.text");
    members[1].sync().await;
    let theirs = members[1].client().reply(cabinet.body, reply(Taken::Explained, EXPLAINED));
    assert_eq!(code(theirs), "capacity.not_held", "the reply is the agency's");
    client.reply(cabinet.body, reply(Taken::Part, "Sẽ rà soát.")).expect("replied");
    client.reply(cabinet.body, reply(Taken::Explained, EXPLAINED)).expect("replied otherwise");
    cabinet.secretary.sync().await;
    assert_eq!(client.replies_to_approve(cabinet.body, form).expect("one").len(), 1, "the newer one stands");

    let told = |person: &Person| {
        let table = person.client().opinion_table(cabinet.body, form, Language::Vi).expect("a table");
        assert_eq!((table.answered, table.asked, table.questions.len()), (4, 5, 2));
        let rows = &table.questions[0].opinions;
        assert_eq!(rows.iter().filter(|row| row.reply.is_some()).count(), 1);
        let row = rows.iter().find(|row| row.text.as_deref() == Some(OPINION)).expect("what was said");
        let reply = row.reply.clone().expect("a reply");
        assert_eq!((reply.taken.as_str(), reply.text.as_str()), ("explained", EXPLAINED));
        reply.approved
    };
    let chair = &members[0];
    chair.sync().await;
    assert!(!told(chair), "nobody has approved it");
    let replies = chair.client().replies_to_approve(cabinet.body, form).expect("one");
    assert_eq!(code(client.approve_replies(cabinet.body, form, replies.clone())), "capacity.not_held");
    chair.client().approve_replies(cabinet.body, form, replies).expect("approved");
    chair.sync().await;
    members[2].sync().await;
    assert!(told(&members[2]), "everyone reads it");

    // The program that sets documents is one of its own, and need not be here.
    let table = chair.client().opinion_table(cabinet.body, form, Language::Vi).expect("a table");
    match typeset::opinions(&table, TableKind::Xlsx) {
        Ok(sheet) => assert!(sheet.starts_with(b"PK")),
        Err(error) => assert_eq!(error.code(), "typeset.missing"),
    }
}
