//! Opinion forms as whoever is asked, or has sent them, sees them: no running count.

use super::join::label;
use super::polls::{OwnBallot, from_choice, numbers, outcome, papers, recalled, rule_view, to_choice};
use super::replies::{MayReply, reply_to};
use super::{Desk, body_id, id, staff};
use crate::acts::{self, NewAnswer};
use crate::body::Body;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::status::member_content;
use crate::vault::Vault;
use ecabinet_domain as domain;
use ecabinet_domain::{BodyId, Fate, Int, Member, StatementId};
use ecabinet_protocol::content::{FormContent, QuestionContent};
use ecabinet_protocol::ui::*;

/// A form whose payload this person may see.
pub(super) struct FormHere<'a> {
    pub id: StatementId,
    pub poll: &'a domain::Poll,
    pub content: FormContent,
}

impl Client {
    /// Forms that this person may see: what waits for him first.
    pub fn forms(&self, body: BodyId) -> Result<Vec<FormRow>> {
        let now = self.env.clock.now();
        self.with(body, |vault, body| {
            let forms = FormHere::all(vault, body)?;
            let mut rows = forms.iter().map(|here| here.row(vault, body)).collect::<Result<Vec<_>>>()?;
            rows.sort_by_key(|row| rank(row, now));
            Ok(rows)
        })
    }

    pub fn form(&self, body: BodyId, form: StatementId) -> Result<FormView> {
        self.with(body, |vault, body| FormHere::find(vault, body, form)?.view(vault, body))
    }
}

impl Desk {
    pub(super) fn form_rows(&self, body: &str) -> Result<Vec<FormRow>> {
        self.client()?.forms(body_id(body)?)
    }

    pub(super) fn form_view(&self, args: &FormRef) -> Result<FormView> {
        self.client()?.form(body_id(&args.body)?, id(&args.form)?)
    }

    pub(super) fn answer(&self, args: AnswerForm) -> Result<AnswerView> {
        let body = self.check_pin_again(&args.body, &args.pin)?;
        let client = self.client()?;
        let form: StatementId = id(&args.form)?;
        let opinions = args.opinions.into_iter().map(from_opinion).collect();
        let advice = args.advice.filter(|advice| !advice.trim().is_empty());
        client.answer_form(body, NewAnswer { form, opinions, advice, replace: true })?;
        if client.has_notes_key(body)? {
            client.begin_answer(body, form, None)?;
        }
        client.with(body, |vault, body| {
            let here = FormHere::find(vault, body, form)?;
            here.answer(vault, body)?.ok_or(Error::new("act.unknown"))
        })
    }

    pub(super) fn form_result_view(&self, args: &FormRef) -> Result<FormResultView> {
        self.client()?.with(body_id(&args.body)?, |vault, body| {
            FormHere::find(vault, body, id(&args.form)?)?.result(vault, body)
        })
    }

    pub(super) fn extend(&self, args: &ExtendForm) -> Result<()> {
        self.client()?.extend_poll(body_id(&args.body)?, id(&args.form)?, args.due).map(|_| ())
    }

    pub(super) fn recall(&self, args: &RecallForm) -> Result<()> {
        self.client()?.recall_poll(body_id(&args.body)?, id(&args.form)?, args.why.trim()).map(|_| ())
    }

    pub(super) fn close_form(&self, args: &FormRef) -> Result<()> {
        let body = body_id(&args.body)?;
        self.not_held(body)?;
        self.client()?.close_poll(body, id(&args.form)?).map(|_| ())
    }
}

/// What waits for this person first, by when it is due; then what is open; then what has ended, the newest first.
fn rank(row: &FormRow, now: u64) -> (u8, u64) {
    let ago = now.saturating_sub(row.sent_at);
    match row.stage {
        FormStage::Open if row.asks_me && asks_again(row.own) => (0, row.due.unwrap_or(u64::MAX)),
        FormStage::Open => (1, row.due.unwrap_or(u64::MAX)),
        FormStage::Closed | FormStage::Recalled => (2, ago),
    }
}

/// Whether an answer in this state, or none, leaves something to do.
pub(super) fn asks_again(own: Option<ActState>) -> bool {
    use ActState::{Lost, Refused, Stale, Superseded};
    matches!(own, None | Some(Stale | Superseded | Refused | Lost))
}

impl<'a> FormHere<'a> {
    pub(super) fn find(vault: &Vault, body: &'a Body, id: StatementId) -> Result<FormHere<'a>> {
        let poll = body.state()?.polls.get(&id).filter(|poll| poll.form().is_some());
        let poll = poll.ok_or(Error::new("form.unknown"))?;
        let content = body.content::<FormContent>(vault, poll.opened_at)?;
        let content = content.filter(|content| says_all(content, poll)).ok_or(Error::new("form.unknown"))?;
        Ok(FormHere { id, poll, content })
    }

    pub(super) fn all(vault: &Vault, body: &'a Body) -> Result<Vec<FormHere<'a>>> {
        let mut forms = Vec::new();
        for (id, poll) in body.state()?.polls.iter().filter(|(_, poll)| poll.form().is_some()) {
            let content = body.content::<FormContent>(vault, poll.opened_at)?;
            if let Some(content) = content.filter(|content| says_all(content, poll)) {
                forms.push(FormHere { id: *id, poll, content });
            }
        }
        Ok(forms)
    }

    /// Whether it waits for this person as far as headers tell.
    pub(super) fn may_wait(&self, body: &Body) -> Result<bool> {
        Ok(self.poll.is_open() && self.asks_me(body)?)
    }

    fn asks_me(&self, body: &Body) -> Result<bool> {
        let Ok(member) = body.member() else { return Ok(false) };
        Ok(body.state()?.members.get(&member).is_some_and(|member| self.poll.asks(member)))
    }

    /// Those whose answers count: at the close, or now.
    fn asked(&self, body: &Body) -> Result<Vec<domain::MemberId>> {
        if let Some(close) = &self.poll.close {
            return Ok(close.members.clone());
        }
        let state = body.state()?;
        Ok(state.in_order().into_iter().filter(|member| self.poll.asks(member)).map(|m| m.id).collect())
    }

    pub(super) fn row(&self, vault: &Vault, body: &Body) -> Result<FormRow> {
        let asked = self.asked(body)?;
        let state = body.state()?;
        let counts = |member: &domain::MemberId| {
            self.poll.current_of(*member).is_some_and(|ballot| self.poll.fate(ballot, state) == Fate::Ok)
        };
        let answered = asked.iter().filter(|member| counts(member)).count();
        let own = OwnBallot::newest(vault, body, self.id, self.poll)?;
        let outcomes = match self.poll.questions.len() {
            1 => acts::results(vault, body, self.id).ok(),
            _ => None,
        };
        Ok(FormRow {
            form: self.id.to_string(),
            number: self.content.number.clone(),
            subject: self.content.subject.clone(),
            agency: self.content.agency.clone(),
            sent_at: body.time(vault, self.poll.opened_at)?,
            due: self.poll.closes,
            hard: self.poll.rule().hard,
            stage: match (&self.poll.close, self.poll.recalled) {
                (_, Some(_)) => FormStage::Recalled,
                (Some(_), None) => FormStage::Closed,
                (None, None) => FormStage::Open,
            },
            asks_me: self.asks_me(body)?,
            own: own.map(|own| own.state),
            asked: asked.len() as u32,
            answered: answered as u32,
            outcome: outcomes.map(|tallies| outcome(tallies[0].result)),
            drafts: staff::draft_rows(vault, body, self)?,
        })
    }

    fn view(&self, vault: &Vault, body: &Body) -> Result<FormView> {
        let chairing = self.may_close(body)?;
        Ok(FormView {
            row: self.row(vault, body)?,
            item: self.poll.item().to_string(),
            submission: self.content.submission.clone(),
            officer: self.content.officer.clone(),
            summary: self.content.summary.clone(),
            basis: self.content.basis.clone(),
            questions: self.questions(vault, body)?,
            papers: papers(vault, body, self.poll)?,
            answer: self.answer(vault, body)?,
            cannot_answer: self.cannot_answer(vault, body)?,
            closed_at: self.poll.close.as_ref().map(|close| close.time),
            recalled: recalled(vault, body, self.poll)?,
            members: if chairing { Some(self.members(vault, body)?) } else { None },
            may_close: chairing && self.poll.is_open(),
            briefs: staff::briefs(vault, body, self.poll.item())?,
            drafts: staff::drafts(vault, body, self)?,
            begun: staff::begun(vault, body, self)?,
        })
    }

    fn may_close(&self, body: &Body) -> Result<bool> {
        let Ok(member) = body.member() else { return Ok(false) };
        let member = body.state()?.members.get(&member);
        Ok(member.is_some_and(|m| m.holds(Member::CHAIR) || m.holds(Member::SECRETARIAT)))
    }

    fn questions(&self, vault: &Vault, body: &Body) -> Result<Vec<QuestionView>> {
        let asked = self.content.questions.iter().zip(&self.poll.questions);
        asked.map(|(content, rule)| question(vault, body, content, rule)).collect()
    }

    fn cannot_answer(&self, vault: &Vault, body: &Body) -> Result<Option<Failure>> {
        let code = if !self.poll.is_open() {
            Some("poll.closed")
        } else if !self.asks_me(body)? {
            Some("form.not_asked")
        } else if body.is_pending()? {
            Some("device.pending")
        } else {
            match acts::papers_of(vault, body, self.poll) {
                Err(error) if error.code() != "ballot.paper_not_seen" => return Err(error),
                papers => papers.is_err().then_some("ballot.paper_not_seen"),
            }
        };
        Ok(code.map(|code| Failure { code: code.into(), params: Default::default() }))
    }

    /// Whether an answer of that time came after it was due.
    fn is_overdue(&self, time: u64) -> bool {
        self.poll.closes.is_some_and(|due| time >= due)
    }

    pub(super) fn answer(&self, vault: &Vault, body: &Body) -> Result<Option<AnswerView>> {
        let own = OwnBallot::newest(vault, body, self.id, self.poll)?;
        Ok(own.map(|own| {
            let said = own.payload.and_then(|said| domain::FormPayload::parse(&said, &self.poll.questions));
            let (opinions, advice) = match said {
                Some(said) => (Some(said.answers.into_iter().map(to_opinion).collect()), said.advice),
                None => (None, None),
            };
            AnswerView {
                statement: own.statement.to_string(),
                opinions,
                advice,
                state: own.state,
                failure: own.failure,
                saved_at: own.saved_at,
                recorded_at: own.recorded_at,
                overdue: self.is_overdue(own.recorded_at.unwrap_or(own.saved_at)),
                other_at: own.other_at,
            }
        }))
    }

    fn members(&self, vault: &Vault, body: &Body) -> Result<Vec<AskedMember>> {
        let state = body.state()?;
        let mut members = Vec::new();
        for member in self.asked(body)? {
            let content = member_content(vault, body, member)?;
            let ballot = self.poll.current_of(member);
            members.push(AskedMember {
                member: member.to_string(),
                name: content.name,
                title: content.title,
                answered_at: ballot.map(|ballot| ballot.time),
                overdue: ballot.is_some_and(|ballot| self.is_overdue(ballot.time)),
                stale: ballot.is_some_and(|ballot| self.poll.fate(ballot, state) == Fate::Stale),
            });
        }
        Ok(members)
    }

    pub(super) fn result(&self, vault: &Vault, body: &Body) -> Result<FormResultView> {
        let tallies = acts::results(vault, body, self.id)?;
        let close = self.poll.close.as_ref().ok_or(Error::new("poll.open"))?;
        let may = MayReply::here(body, self)?;
        let mut questions = Vec::new();
        for (at, (question, tally)) in self.questions(vault, body)?.into_iter().zip(tallies).enumerate() {
            questions.push(self.question_result(vault, body, at, question, tally)?);
        }
        Ok(FormResultView {
            body_name: label(&body.genesis(vault)?.name),
            row: self.row(vault, body)?,
            basis: self.content.basis.clone(),
            closed_at: close.time,
            questions,
            answer: self.answer(vault, body)?,
            may_reply: may.reply,
            may_approve: may.approve,
        })
    }

    fn question_result(
        &self,
        vault: &Vault,
        body: &Body,
        at: usize,
        question: QuestionView,
        tally: domain::Tally,
    ) -> Result<QuestionResult> {
        let tie_member = self.poll.close.as_ref().and_then(|close| close.tie_members[at]);
        let tie_by = match (&tally.tie_by, tie_member) {
            (Some(_), Some(member)) => Some(member_content(vault, body, member)?.title),
            (office, _) => office.clone(),
        };
        let count = |choice: &ChoiceView| {
            let count = match choice.choice {
                Choice::Yes => tally.yes,
                Choice::No => tally.no,
                Choice::Abstain => tally.abstain,
                Choice::Other => tally.other,
                Choice::Alternative => tally.alternative.unwrap_or(0),
                Choice::Option => return None,
            };
            Some(Count { answer: choice.clone(), count: count as u32 })
        };
        let numbers = |list: Option<Vec<u64>>| {
            list.unwrap_or_default().into_iter().map(|number| number as u32).collect::<Vec<_>>()
        };
        let favour = tally.options.is_none().then_some(tally.favour.unwrap_or(tally.yes) as u32);
        Ok(QuestionResult {
            asked: tally.n as u32,
            answered: tally.present as u32,
            silent: tally.silent as u32,
            choices: question.choices.iter().filter_map(count).collect(),
            options: numbers(tally.options),
            favour,
            quorum_needed: tally.quorum_needed as u32,
            pass_needed: tally.pass_needed as u32,
            adopted: numbers(tally.adopted),
            tie_by,
            outcome: outcome(tally.result),
            members: self.opinions(vault, body, at)?,
            question,
        })
    }

    /// What everyone says to a question, in protocol order.
    fn opinions(&self, vault: &Vault, body: &Body, question: usize) -> Result<Vec<MemberOpinion>> {
        let state = body.state()?;
        let outbox = vault.outbox(body.row.id)?;
        let mut opinions = Vec::new();
        for member in self.asked(body)? {
            let content = member_content(vault, body, member)?;
            let last = || self.poll.ballots.iter().rev().find(|ballot| ballot.member == member);
            let shown = self.poll.current_of(member).or_else(last);
            let fate = shown.map(|ballot| self.poll.fate(ballot, state));
            let said = match shown.filter(|_| fate == Some(Fate::Ok)) {
                Some(ballot) => vault.payload(body.row.id, ballot.index)?,
                None => None,
            };
            let said = said.and_then(|said| self.poll.read(&said.bytes));
            let answer = shown.filter(|_| said.is_some()).map(|ballot| ballot.statement);
            let reply =
                answer.map(|answer| reply_to(vault, body, &outbox, answer, question)).transpose()?.flatten();
            opinions.push(MemberOpinion {
                member: member.to_string(),
                name: content.name,
                title: content.title,
                opinion: said.map(|mut said| to_opinion(said.swap_remove(question))),
                ballot: answer.map(|answer| answer.to_string()),
                reply,
                state: fate.map(|fate| crate::status::ActState::of_fate(fate, false).into()),
                overdue: shown.is_some_and(|ballot| self.is_overdue(ballot.time)),
            });
        }
        Ok(opinions)
    }
}

/// Whether there are words for every question.
fn says_all(content: &FormContent, poll: &domain::Poll) -> bool {
    content.questions.len() == poll.questions.len()
}

pub(super) fn question(
    vault: &Vault,
    body: &Body,
    content: &QuestionContent,
    rule: &domain::Rule,
) -> Result<QuestionView> {
    let choice = |choice: &domain::Choice| ChoiceView {
        choice: to_choice(*choice),
        label: content.labels.get(choice).map(label),
    };
    let count = rule.options.map_or(0, |options| options.count as usize);
    let mut options = content.options.clone();
    options.resize(count, String::new());
    Ok(QuestionView {
        text: content.question.clone(),
        choices: rule.choices.iter().map(choice).collect(),
        options,
        most: rule.options.map_or(1, |options| options.most),
        rule: rule_view(vault, body, rule)?,
    })
}

fn to_opinion(opinion: domain::Opinion) -> Opinion {
    Opinion {
        choice: to_choice(opinion.choice),
        options: numbers(opinion.options.as_deref()),
        text: opinion.text,
    }
}

fn from_opinion(opinion: Opinion) -> domain::Opinion {
    let chosen = (!opinion.options.is_empty()).then(|| opinion.options.into_iter().map(Int::from).collect());
    domain::Opinion {
        choice: from_choice(opinion.choice),
        options: chosen,
        text: opinion.text.filter(|text| !text.trim().is_empty()),
    }
}
