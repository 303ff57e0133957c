//! What is put before the cabinet: papers, polls, forms, and what may be said to them.

use crate::cast::{self, BEGUN};
use crate::dice::Dice;
use crate::world::DAY;
use ecabinet_client::packs::{NewItem, NewPaper, Publication};
use ecabinet_client::{NewForm, NewSubstitute};
use ecabinet_domain::*;
use ecabinet_protocol::content::{FormContent, ItemContent, MeetingContent, PollContent, QuestionContent};
use std::collections::BTreeMap;

/// A meeting of two items with a paper each. A text makes a paper; the same text makes the same one.
pub fn publication(meeting: Option<MeetingId>, papers: [&str; 2]) -> Publication {
    let items = papers.iter().enumerate().map(|(at, text)| {
        let path = format!("{at}");
        let paper = NewPaper {
            title: "Tờ trình".into(),
            path: format!("{path}/Tờ trình.pdf"),
            bytes: paper(text),
            pages: 1,
            audience: vec![Audience::All],
            signers: Vec::new(),
            watermark: false,
        };
        let content = ItemContent { title: format!("Nội dung {at}"), path, ..Default::default() };
        NewItem { content, audience: vec![Audience::All], papers: vec![paper] }
    });
    let content = MeetingContent {
        title: "Phiên họp".into(),
        starts: BEGUN,
        place: None,
        reason: None,
        dossier: false,
    };
    Publication { meeting, content, items: items.collect() }
}

/// Two chunks or so; nothing parses it here.
fn paper(text: &str) -> Vec<u8> {
    let mut dice = Dice::new(text.bytes().fold(7, |sum, byte| sum * 31 + u64::from(byte)));
    let mut bytes = format!("%PDF-1.4\n{text}\n").into_bytes();
    bytes.resize(20_000 + bytes.len(), 0);
    let from = bytes.len() - 20_000;
    dice.fill(&mut bytes[from..]);
    bytes
}

pub fn plain() -> Rule {
    Rule::plain(
        vec![Choice::Yes, Choice::No, Choice::Abstain],
        PassRule { base: Base::Members, num: 1, den: 2, strict: true },
    )
}

/// Answers that come later do not count.
pub fn form_until(closes: u64) -> Vec<Rule> {
    let of_form = |rule| Rule { closes: Int::new(closes), hard: true, ..rule };
    vec![of_form(plain()), of_form(of_options(plain()))]
}

fn of_options(rule: Rule) -> Rule {
    Rule {
        choices: vec![Choice::Option, Choice::Alternative, Choice::Abstain],
        options: Some(Options { count: 3, most: 2 }),
        ..rule
    }
}

/// A rule by which a poll may be decided.
pub fn rule(dice: &mut Dice, now: u64) -> Rule {
    let closes = [60_000, 600_000, 3_600_000, DAY as u64][dice.below(4)];
    let [options, silent, positions, objection, wide] = [20, 25, 30, 20, 20].map(|often| dice.percent(often));
    let half = dice.percent(60);
    let base = [Base::Members, Base::Members, Base::Present, Base::Cast][dice.below(4)];
    let hard = dice.percent(30);
    let rule = Rule {
        quorum: dice.percent(30).then_some(Fraction { num: 1, den: 2 }),
        pass: PassRule { base, num: if half { 1 } else { 2 }, den: if half { 2 } else { 3 }, strict: half },
        tie: (half && dice.percent(50)).then(|| Tie { office: Member::CHAIR.into() }),
        closes: (hard || dice.percent(30)).then(|| Int::new(now + closes)).flatten(),
        hard,
        substitutes: dice.percent(50),
        room: dice.percent(20),
        running: dice.percent(20),
        ..plain()
    };
    if options {
        return of_options(rule);
    }
    let base = if silent { Base::Members } else { base };
    let pass = PassRule { base, ..rule.pass };
    let yes = wide.then(|| vec![Choice::Yes, Choice::Abstain]);
    Rule { pass, yes, silent, positions, objection, ..rule }
}

/// Rules of the questions of a form: what concerns the form as a whole is the same in all.
pub fn form_rules(dice: &mut Dice, now: u64) -> Vec<Rule> {
    let first = rule(dice, now);
    let more = dice.percent(50).then(|| rule(dice, now));
    let (closes, hard, running) = (first.closes, first.hard, first.running);
    let of_form = |rule: Rule| Rule {
        closes,
        hard,
        running,
        positions: false,
        room: false,
        substitutes: false,
        ..rule
    };
    [Some(first), more].into_iter().flatten().map(of_form).collect()
}

pub fn question() -> PollContent {
    let (question, basis) = ("Thông qua?".into(), "Quy chế mẫu".into());
    PollContent { question, basis, labels: BTreeMap::new(), options: Vec::new() }
}

pub fn form(item: ItemId, rules: Vec<Rule>, asked: Vec<MemberId>) -> NewForm {
    let question = |rule: &Rule| QuestionContent {
        question: "Nhất trí?".into(),
        labels: BTreeMap::new(),
        options: (0..rule.options.map_or(0, |options| options.count))
            .map(|at| format!("Phương án {at}"))
            .collect(),
    };
    let content = FormContent {
        number: "1/PLYK".into(),
        subject: "Dự thảo".into(),
        agency: None,
        submission: None,
        officer: None,
        summary: None,
        basis: "Quy chế mẫu".into(),
        questions: rules.iter().map(question).collect(),
    };
    NewForm { item, content, rules, asked, agency: None, approver: None }
}

/// The aide is to act in a member's place.
pub fn substitute(meeting: Option<MeetingId>, now: u64) -> NewSubstitute {
    let (substitute, until) = (cast::member(cast::AIDE), now + 3 * DAY as u64);
    NewSubstitute { meeting, substitute, from: now - 1000, until, why: None }
}

/// Something that may be said under a rule.
pub fn opinion(dice: &mut Dice, rule: &Rule) -> Opinion {
    let choice = *dice.pick(&rule.choices).expect("some choices");
    let options = rule.options.filter(|_| choice == Choice::Option).map(|options| {
        let first = 1 + dice.below(options.count as usize) as u32;
        let next = Some(first + 1).filter(|next| *next <= options.count && dice.percent(50));
        [Some(first), next].into_iter().flatten().map(Int::from).collect()
    });
    Opinion { choice, options, text: None }
}
