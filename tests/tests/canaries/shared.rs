//! What people share, and what an agency replies.

use crate::Story;
use ecabinet_client::{BriefPart, Mark, NewAnswer, NewForm, NewReply};
use ecabinet_domain::{Base, Choice, MeetingId, MemberId, Opinion, PassRule, Rule, StatementId, Taken};
use ecabinet_protocol::content::{FormContent, QuestionContent};
use ecabinet_protocol::space::SpaceOwner;
use ecabinet_tests::{Cabinet, Canary};

pub const AIDE: MemberId = MemberId([50; 16]);

impl Story {
    /// Two members share notes, one of them also with who prepares for him; she writes briefs and drafts, one goes back.
    pub async fn share(&self, meeting: MeetingId) {
        let body = self.cabinet.body;
        let words: Vec<&str> = self.canaries.of(Canary::Shared).collect();
        let [notes, briefs, drafts] = [&words[..200], &words[200..400], &words[400..]];
        let (chair, other) = (&self.members[0], &self.members[1]);
        for (person, notes) in [chair, other].into_iter().zip(notes.chunks(100)) {
            person.sync().await;
            let paper = person.client().meeting(body, meeting).unwrap().items[0].papers[0].rev;
            for text in notes.chunks(5) {
                let note =
                    person.client().add_mark(body, &Mark::note(paper, 0), Some(&text.join(" "))).unwrap();
                let groups = person.client().groups(body).unwrap();
                person.client().share_note(body, &note, &groups).unwrap();
            }
            person.sync().await;
        }
        self.aide.sync().await;
        let aide = self.aide.client();
        let (of, parts) = (Cabinet::id(0), [BriefPart::Summary, BriefPart::Proposal, BriefPart::Position]);
        for (at, text) in briefs.chunks(7).enumerate() {
            let item = self.cabinet.item(meeting, 1 + at / 3);
            aide.set_brief(body, of, item, parts[at % 3], &text.join(" ")).unwrap();
        }
        let (sent_back, drafts) = drafts.split_at(10);
        let mut forms = Vec::new();
        for (at, text) in drafts.chunks(10).enumerate() {
            let form = StatementId([at as u8; 32]);
            aide.draft_answer(body, of, form, &text.join(" "), true).unwrap();
            forms.push(form);
        }
        self.aide.sync().await;
        chair.sync().await;
        for (form, why) in forms.iter().zip(sent_back) {
            chair.client().send_draft_back(body, *form, why).unwrap();
        }
        chair.sync().await;
        for person in [&self.aide, other] {
            person.sync().await;
        }
        let seen = |notes: &[&str], shown: String| assert!(notes.iter().all(|word| shown.contains(word)));
        seen(&notes[..100], format!("{:?}", aide.shared_notes(body, None)));
        seen(&notes[..100], format!("{:?}", other.client().shared_notes(body, None)));
        seen(&notes[100..], format!("{:?}", chair.client().shared_notes(body, None)));
        let item = self.cabinet.item(meeting, 1);
        seen(&briefs[..7], format!("{:?}", chair.client().brief(body, of, item)));
        seen(&sent_back[..1], format!("{:?}", aide.answer_draft(body, of, forms[0])));
    }

    /// A member answers a form, and the secretariat replies to each of his questions.
    pub async fn reply(&self, meeting: MeetingId) {
        let body = self.cabinet.body;
        let office = self.cabinet.secretary.client();
        let form = office.send_form(body, form(self.cabinet.item(meeting, 7))).unwrap();
        self.cabinet.secretary.sync().await;
        let member = &self.members[2];
        member.sync().await;
        let mut words = self.canaries.of(Canary::Ballot).map(str::to_owned);
        let opinions =
            (0..QUESTIONS).map(|_| Opinion { choice: Choice::Other, options: None, text: words.next() });
        let opinions = opinions.collect();
        let answer = NewAnswer { form, opinions, advice: words.next(), replace: false };
        let ballot = member.client().answer_form(body, answer).unwrap();
        member.sync().await;
        self.cabinet.secretary.sync().await;
        self.cabinet.close_poll(form).await;
        let words: Vec<&str> = self.canaries.of(Canary::Reply).collect();
        for (question, text) in words.chunks(words.len() / QUESTIONS).enumerate() {
            let text = text.join(" ");
            office.reply(body, NewReply { form, ballot, question, taken: Taken::Explained, text }).unwrap();
        }
        self.cabinet.secretary.sync().await;
        member.sync().await;
    }
}

const QUESTIONS: usize = 10;

fn form(item: ecabinet_domain::ItemId) -> NewForm {
    let pass = PassRule { base: Base::Members, num: 1, den: 2, strict: true };
    let rule = Rule::plain(vec![Choice::Yes, Choice::No, Choice::Other], pass);
    let question =
        |_| QuestionContent {
            question: "Nhất trí?".into(), labels: Default::default(), options: Vec::new()
        };
    let content = FormContent {
        number: "1/PLYK".into(),
        subject: "Dự thảo".into(),
        agency: None,
        submission: None,
        officer: None,
        summary: None,
        basis: "Quy chế mẫu".into(),
        questions: (0..QUESTIONS).map(question).collect(),
    };
    let agency = Some("secretariat".into());
    NewForm { item, content, rules: vec![rule; QUESTIONS], asked: Vec::new(), agency, approver: None }
}
