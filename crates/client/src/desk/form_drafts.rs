//! Opinion forms that the office prepares. The secretariat drafts; whoever may send them approves, signs and sends.

use super::chair::offer;
use super::days;
use super::forms::{self, FormHere};
use super::reader::{blocking, pdf};
use super::{Desk, body_id, id};
use crate::acts::{self, Dossier, DossierPaper, NewForm};
use crate::body::Body;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::spaces::{self, FormDraftStage as Stage};
use crate::status::member_content;
use crate::vault::{Saved, Vault};
use crate::views;
use ecabinet_domain as domain;
use ecabinet_domain::{Base, BodyId, Int, ItemId, Member, MemberId, PassRule, Rule, StatementId};
use ecabinet_pdf::Paper;
use ecabinet_protocol::ApiError;
use ecabinet_protocol::content::{FormContent, MeetingContent, QuestionContent, RuleContent};
use ecabinet_protocol::space::SpaceOwner;
use ecabinet_protocol::ui::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Until when on the last day answers are asked for, unless the office says otherwise.
const ANSWER_HOUR: u32 = 17;
/// Published items that are offered as a dossier.
const MOST_ITEMS: usize = 100;

impl Desk {
    pub(super) fn form_drafts_view(&self, body: &str) -> Result<FormDrafts> {
        self.client()?.with(body_id(body)?, |vault, body| {
            let mut rows = rows(vault, body)?;
            rows.retain(|row| row.stage != FormDraftStage::Sent);
            rows.sort_by_key(|row| (row.work.is_none(), u64::MAX - row.at.unwrap_or_default()));
            Ok(FormDrafts { rows, may_begin: may_write(body) })
        })
    }

    pub(super) fn form_draft_view(&self, args: &FormDraftRef) -> Result<FormDraftView> {
        self.client()?
            .with(body_id(&args.body)?, |vault, body| At::find(vault, body, &args.draft)?.view(vault, body))
    }

    pub(super) fn begin_form(&self, body: &str) -> Result<String> {
        let (body, now) = (body_id(body)?, self.env.clock.now());
        let client = self.client()?;
        let form = client.with(body, |vault, body| {
            must(may_write(body))?;
            blank(vault, body, now)
        })?;
        client.begin_form_draft(body, &written(&form))
    }

    /// Keeps it as it is. Handed in, it goes with what publishes its dossier, if whoever approves it may not publish.
    pub(super) async fn keep_form(self: &Arc<Self>, args: KeepFormDraft) -> Result<()> {
        let (body, now) = (body_id(&args.body)?, self.env.clock.now());
        let client = self.client()?;
        let (same, alone) = client.with(body, |vault, body| {
            must(may_write(body))?;
            let at = At::find(vault, body, &args.draft)?;
            if !matches!(at.stage, FormDraftStage::Writing | FormDraftStage::SentBack) {
                return Err(Error::new("draft.waiting"));
            }
            if args.submit {
                new_form(vault, body, &args.form, now)?;
            }
            Ok((at.others.is_empty() && at.form == args.form, may_send(body)))
        })?;
        let said = written(&args.form);
        if !args.submit {
            return if same { Ok(()) } else { client.write_form_draft(body, &args.draft, &said) };
        }
        let desk = self.clone();
        blocking(move || {
            let signed = match args.form.item {
                Some(_) => Vec::new(),
                None if alone => Vec::new(),
                None => client.sign_dossier(
                    body,
                    &args.form.subject,
                    papers(&client, body, &args.draft, &args.form)?,
                )?,
            };
            client.hand_in_form_draft(body, &args.draft, &said, &signed)?;
            desk.session()?.sync_now();
            Ok(())
        })
        .await
    }

    pub(super) fn take_form_back(&self, args: &FormDraftRef) -> Result<()> {
        let (body, client) = (body_id(&args.body)?, self.client()?);
        client.with(body, |vault, body| {
            must(may_write(body))?;
            At::find(vault, body, &args.draft)?.must_wait()
        })?;
        client.stage_form_draft(body, &args.draft, &Stage::Writing)
    }

    pub(super) fn drop_form(&self, args: &FormDraftRef) -> Result<()> {
        let (body, client) = (body_id(&args.body)?, self.client()?);
        client.with(body, |vault, body| {
            must(may_write(body))?;
            match At::find(vault, body, &args.draft)?.stage {
                FormDraftStage::Signed | FormDraftStage::Sent => Err(Error::new("draft.signed")),
                _ => Ok(()),
            }
        })?;
        client.drop_form_draft(body, &args.draft)
    }

    pub(super) async fn add_paper(self: &Arc<Self>, args: FormDraftRef) -> Result<Option<DraftPaper>> {
        let (body, client) = (body_id(&args.body)?, self.client()?);
        client.with(body, |_, body| must(may_write(body)))?;
        let desk = self.clone();
        blocking(move || {
            let Some(path) = desk.shell.pick_file(FilePurpose::Paper) else { return Ok(None) };
            let bytes = std::fs::read(&path).map_err(|error| {
                Error::new("file.unreadable").with("path", path.display()).with("detail", error)
            })?;
            let info = ecabinet_pdf::check(&desk.program, Arc::new(bytes.clone())).map_err(pdf)?;
            let size = bytes.len() as u64;
            let paper = client.keep_draft_paper(body, &args.draft, &bytes)?;
            let title = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            Ok(Some(DraftPaper { paper, title, bytes: size, pages: info.pages.len() as u32 }))
        })
        .await
    }

    pub(super) fn return_form(&self, args: &ReturnFormDraft) -> Result<()> {
        let (body, client) = (body_id(&args.body)?, self.client()?);
        let why = args.why.trim();
        if why.is_empty() {
            return Err(Error::new("draft.why"));
        }
        client.with(body, |vault, body| {
            must(may_send(body))?;
            At::find(vault, body, &args.draft)?.must_wait()
        })?;
        client.stage_form_draft(body, &args.draft, &Stage::Back { why: why.to_owned() })
    }

    /// Signs the form as the person has it before him, and sends it with its dossier.
    pub(super) async fn approve_form(self: &Arc<Self>, args: ApproveFormDraft) -> Result<()> {
        let body = self.check_pin_again(&args.body, &args.pin)?;
        let (client, now) = (self.client()?, self.env.clock.now());
        let (form, by, publishes) = client.with(body, |vault, body| {
            must(may_send(body))?;
            let at = At::find(vault, body, &args.draft)?;
            let own =
                may_write(body) && matches!(at.stage, FormDraftStage::Writing | FormDraftStage::SentBack);
            if !own {
                at.must_wait()?;
            }
            if !at.others.is_empty() || at.form != args.form {
                return Err(Error::new("draft.changed"));
            }
            Ok((new_form(vault, body, &args.form, now)?, at.dossier, may_write(body)))
        })?;
        blocking(move || {
            let dossier = match &args.form.item {
                Some(item) => Dossier::Published(id(item)?),
                None => {
                    let papers = papers(&client, body, &args.draft, &args.form)?;
                    if publishes { Dossier::Papers(papers) } else { Dossier::Signed { papers, by } }
                }
            };
            client.send_form_with(body, form, dossier, |form| {
                client.stage_form_draft(body, &args.draft, &Stage::Signed { form })
            })?;
            Ok(())
        })
        .await
    }

    /// A paper that is kept at the desk, opened in a worker.
    pub(super) fn open_draft_paper(&self, body: BodyId, draft: &str, paper: &str) -> Result<Paper> {
        let client = self.client()?;
        let size = client.with(body, |vault, body| {
            let at = At::find(vault, body, draft)?;
            let known =
                at.all_papers().find(|known| known.paper == paper).ok_or(Error::new("paper.unknown"))?;
            Ok(known.bytes)
        })?;
        let bytes = client.draft_paper(body, draft, paper, size)?;
        self.papers.open(&format!("{draft}.{paper}"), Arc::new(bytes)).map_err(pdf)
    }
}

/// What this person is asked to do with forms at the desk.
pub(super) fn tasks(vault: &Vault, body: &Body) -> Result<Vec<Task>> {
    let due = rows(vault, body)?.into_iter().filter_map(|row| Some((row.work?, row)));
    let task = |(kind, row): (WorkKind, FormDraftRow)| Task {
        kind,
        target: Target::FormDraft { draft: row.draft },
        subject: row.subject,
        item: Some(row.number),
        agency: Some(row.agency).filter(|agency| !agency.is_empty()),
        due: None,
        state: None,
        whom: None,
        soon: false,
    };
    Ok(due.map(task).collect())
}

/// A form at the desk, as it stands.
struct At {
    id: String,
    form: FormDraft,
    others: Vec<FormDraft>,
    stage: FormDraftStage,
    why: Option<String>,
    by: Option<(MemberId, u64)>,
    refused: Option<ApiError>,
    sent: Option<StatementId>,
    dossier: Vec<crate::body::Made>,
}

impl At {
    fn find(vault: &Vault, body: &Body, id: &str) -> Result<At> {
        let draft = spaces::form_draft(vault, body, id)?.ok_or(Error::new("draft.unknown"))?;
        At::of(vault, body, draft)?.ok_or(Error::new("draft.unknown"))
    }

    /// None if what was written is of a form that is not known here.
    fn of(vault: &Vault, body: &Body, draft: spaces::FormDraft) -> Result<Option<At>> {
        let mut said = draft.said.texts.iter().filter_map(|said| serde_json::from_str(said).ok());
        let Some(form) = said.next() else { return Ok(None) };
        let others = said.collect();
        let (mut why, mut refused, mut sent) = (None, None, None);
        let here = draft.staged_on == Some(body.row.device);
        let stage = match draft.stage {
            Stage::Writing => FormDraftStage::Writing,
            Stage::Waiting => FormDraftStage::Waiting,
            Stage::Back { why: said } => {
                why = Some(said);
                FormDraftStage::SentBack
            }
            Stage::Signed { form } if body.state()?.polls.contains_key(&form) => {
                sent = Some(form);
                FormDraftStage::Sent
            }
            Stage::Signed { form } => match refusal(vault, body, form)? {
                OnItsWay::Yes => FormDraftStage::Signed,
                OnItsWay::No(error) => {
                    refused = error;
                    FormDraftStage::Waiting
                }
                // Signed here and cut off before it was kept to be sent: nobody has it.
                OnItsWay::Unknown if here => FormDraftStage::Waiting,
                OnItsWay::Unknown => FormDraftStage::Signed,
            },
        };
        let by = match stage {
            FormDraftStage::Writing => draft.said.written,
            _ => draft.staged,
        };
        let dossier = draft.dossier;
        Ok(Some(At { id: draft.id, form, others, stage, why, by, refused, sent, dossier }))
    }

    fn must_wait(&self) -> Result<()> {
        if self.stage == FormDraftStage::Waiting { Ok(()) } else { Err(Error::new("draft.changed")) }
    }

    fn all_papers(&self) -> impl Iterator<Item = &DraftPaper> {
        std::iter::once(&self.form).chain(&self.others).flat_map(|form| &form.papers)
    }

    fn row(&self, vault: &Vault, body: &Body) -> Result<FormDraftRow> {
        let name = |(by, _): (MemberId, u64)| Ok::<_, Error>(member_content(vault, body, by)?.name);
        Ok(FormDraftRow {
            draft: self.id.clone(),
            number: self.form.number.clone(),
            subject: self.form.subject.clone(),
            agency: self.form.agency.clone(),
            due: self.form.due,
            stage: self.stage,
            why: self.why.clone(),
            by: self.by.map(name).transpose()?,
            at: self.by.map(|(_, at)| at),
            work: match self.stage {
                FormDraftStage::Writing if may_write(body) => Some(WorkKind::WriteForm),
                FormDraftStage::SentBack if may_write(body) => Some(WorkKind::MendForm),
                FormDraftStage::Waiting if may_send(body) => Some(WorkKind::ApproveForm),
                _ => None,
            },
        })
    }

    fn view(self, vault: &Vault, body: &Body) -> Result<FormDraftView> {
        let mut missing = false;
        for paper in &self.form.papers {
            missing |= spaces::paper_of_draft(vault, body, &self.id, &paper.paper, paper.bytes)?.is_none();
        }
        let known = rules(vault, body)?;
        let (rule, content) = base(&known, &self.form.rule);
        let asked = self.form.questions.iter().map(|asked| {
            let (said, rule) = asked_by(asked, &rule, &content, self.form.due);
            forms::question(vault, body, &said, &rule)
        });
        let offers = known.iter().map(|rule| offer(vault, body, rule));
        Ok(FormDraftView {
            row: self.row(vault, body)?,
            questions: asked.collect::<Result<_>>()?,
            may_write: may_write(body),
            may_send: may_send(body),
            needs_approval: !may_send(body),
            papers_missing: missing && self.sent.is_none(),
            refused: self.refused.map(Into::into),
            sent: self.sent.map(|form| form.to_string()),
            rules: offers.collect::<Result<_>>()?,
            people: people(vault, body)?,
            items: items(vault, body)?,
            offices: offices(vault, body)?,
            form: self.form,
            others: self.others,
        })
    }
}

enum OnItsWay {
    Yes,
    /// With what the server says.
    No(Option<ApiError>),
    /// It is not this device's.
    Unknown,
}

/// Whether a form that was signed may still come into the record.
fn refusal(vault: &Vault, body: &Body, form: StatementId) -> Result<OnItsWay> {
    let outbox = vault.outbox(body.row.id)?;
    let Some(own) = outbox.iter().find(|row| row.statement == form) else { return Ok(OnItsWay::Unknown) };
    if own.state != Saved::Refused {
        return Ok(OnItsWay::Yes);
    }
    let errors = outbox.iter().filter(|row| row.batch == own.batch).filter_map(|row| row.error.clone());
    // The others of a refused request only say that they were in it.
    Ok(OnItsWay::No(errors.max_by_key(|error| error.code != "request.together")))
}

fn rows(vault: &Vault, body: &Body) -> Result<Vec<FormDraftRow>> {
    let mut rows = Vec::new();
    for draft in spaces::form_drafts(vault, body)? {
        if let Some(at) = At::of(vault, body, draft)? {
            rows.push(at.row(vault, body)?);
        }
    }
    Ok(rows)
}

/// Who prepares forms: he can publish their dossiers.
fn may_write(body: &Body) -> bool {
    holder(body).is_some_and(|member| member.holds(Member::SECRETARIAT)) && at_desk(body)
}

fn may_send(body: &Body) -> bool {
    let (Ok(state), Ok(me)) = (body.state(), body.member()) else { return false };
    acts::may_send(state, me) && at_desk(body)
}

fn at_desk(body: &Body) -> bool {
    let (Ok(state), Ok(me)) = (body.state(), body.member()) else { return false };
    SpaceOwner::Desk.has(state, me) && body.is_pending().is_ok_and(|pending| !pending)
}

fn holder(body: &Body) -> Option<&Member> {
    body.state().ok()?.members.get(&body.member().ok()?)
}

fn must(may: bool) -> Result<()> {
    if may { Ok(()) } else { Err(Error::new("capacity.not_held").with("as", Member::SECRETARIAT)) }
}

fn written(form: &FormDraft) -> String {
    serde_json::to_string(form).expect("plain data")
}

/// The papers of a draft with their bytes.
fn papers(client: &Client, body: BodyId, draft: &str, form: &FormDraft) -> Result<Vec<DossierPaper>> {
    let read = |paper: &DraftPaper| {
        let bytes = client.draft_paper(body, draft, &paper.paper, paper.bytes)?;
        Ok(DossierPaper { title: paper.title.trim().to_owned(), bytes, pages: paper.pages })
    };
    form.papers.iter().map(read).collect()
}

/// A form to begin with: the next number, the body's rule for forms, one question.
fn blank(vault: &Vault, body: &Body, now: u64) -> Result<FormDraft> {
    let zone = body.zone(vault);
    let year = days::year(now, zone);
    let ending = format!("/PLYK/{year}");
    let sent = FormHere::all(vault, body)?.into_iter().map(|here| here.content.number);
    let drafted = rows(vault, body)?.into_iter().map(|row| row.number);
    let numbers = sent.chain(drafted).filter_map(|number| number.strip_suffix(&ending)?.parse::<u64>().ok());
    let next = numbers.max().unwrap_or_default() + 1;
    let answer_days = body.genesis(vault)?.deadlines.form_answer_working_days.min(365);
    let known = rules(vault, body)?;
    let rule = known.iter().find(|rule| rule.id == "form").or(known.first());
    Ok(FormDraft {
        number: format!("{next}{ending}"),
        basis: rule.map(|rule| rule.basis.clone()).unwrap_or_default(),
        rule: rule.map(|rule| rule.id.clone()).unwrap_or_default(),
        questions: vec![QuestionDraft {
            text: String::new(),
            options: Vec::new(),
            most: 1,
            other_option: false,
            other_opinion: true,
        }],
        due: Some(days::working_days_after(now, answer_days, ANSWER_HOUR, zone)),
        replies: Some(Member::SECRETARIAT.to_owned()),
        ..FormDraft::default()
    })
}

/// Rules of the body that a form may go by.
fn rules(vault: &Vault, body: &Body) -> Result<Vec<RuleContent>> {
    let mut rules = body.genesis(vault)?.rules;
    rules.retain(|RuleContent { rule, .. }| {
        !rule.positions && !rule.room && !rule.substitutes && rule.options.is_none()
    });
    Ok(rules)
}

/// The rule of this id with its words; a body without rules for forms goes by a majority of all who are asked.
fn base(rules: &[RuleContent], id: &str) -> (Rule, Option<RuleContent>) {
    let content = rules.iter().find(|rule| rule.id == id).cloned();
    let majority = PassRule { base: Base::Members, num: 1, den: 2, strict: true };
    let plain = || Rule::plain(vec![domain::Choice::Yes, domain::Choice::No], majority);
    (content.as_ref().map_or_else(plain, |content| content.rule.clone()), content)
}

/// A question as it is asked: the shares of the rule, the choices of the draft.
fn asked_by(
    question: &QuestionDraft,
    rule: &Rule,
    words: &Option<RuleContent>,
    due: Option<u64>,
) -> (QuestionContent, Rule) {
    use domain::Choice::{Abstain, Alternative, No, Option as Chosen, Other, Yes};
    let mut choices = Vec::new();
    let rule = match question.options.len() {
        0 => {
            choices.extend([Yes, No]);
            Rule { options: None, ..rule.clone() }
        }
        count => {
            choices.push(Chosen);
            choices.extend(question.other_option.then_some(Alternative));
            let most = question.most.clamp(1, count as u32);
            let options = Some(domain::Options { count: count as u32, most });
            Rule { options, yes: None, silent: false, objection: false, tie: None, ..rule.clone() }
        }
    };
    choices.extend(words.iter().flat_map(|_| &rule.choices).find(|choice| **choice == Abstain));
    choices.extend(question.other_opinion.then_some(Other));
    if choices.len() < 2 {
        choices.push(Abstain);
    }
    let yes = rule.yes.map(|yes| yes.into_iter().filter(|choice| choices.contains(choice)).collect());
    let labels = words.iter().flat_map(|words| &words.labels);
    let labels: BTreeMap<_, _> = labels
        .filter(|(choice, _)| choices.contains(choice))
        .map(|(choice, text)| (*choice, text.clone()))
        .collect();
    let content = QuestionContent {
        question: question.text.trim().to_owned(),
        labels,
        options: question.options.iter().map(|option| option.trim().to_owned()).collect(),
    };
    (content, Rule { choices, yes, closes: due.and_then(Int::new), ..rule })
}

/// What is sent, if nothing is missing.
fn new_form(vault: &Vault, body: &Body, form: &FormDraft, now: u64) -> Result<NewForm> {
    let said = |text: &String| !text.trim().is_empty();
    let question = |question: &QuestionDraft| {
        let mut options: Vec<&str> = question.options.iter().map(|option| option.trim()).collect();
        options.sort_unstable();
        options.dedup();
        let distinct = options.len() == question.options.len() && options.len() != 1;
        said(&question.text) && distinct && !options.contains(&"")
    };
    let whole = [&form.number, &form.subject, &form.basis].into_iter().all(said)
        && !form.questions.is_empty()
        && form.questions.iter().all(question)
        && (form.item.is_some() || !form.papers.is_empty())
        && form.papers.iter().all(|paper| said(&paper.title));
    if !whole {
        return Err(Error::new("draft.incomplete"));
    }
    if form.due.is_some_and(|due| due <= now) {
        return Err(Error::new("draft.due"));
    }
    let (rule, words) = base(&rules(vault, body)?, &form.rule);
    let asked = form.questions.iter().map(|question| asked_by(question, &rule, &words, form.due));
    let (questions, rules): (Vec<_>, Vec<Rule>) = asked.unzip();
    rules.iter().try_for_each(Rule::check)?;
    let text = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    Ok(NewForm {
        item: match &form.item {
            Some(item) => id(item)?,
            None => ItemId([0; 16]),
        },
        content: FormContent {
            number: form.number.trim().to_owned(),
            subject: form.subject.trim().to_owned(),
            agency: text(&form.agency),
            submission: text(&form.submission),
            officer: text(&form.officer),
            summary: text(&form.summary),
            basis: form.basis.trim().to_owned(),
            questions,
        },
        rules,
        asked: form.asked.iter().map(|member| id(member)).collect::<Result<_>>()?,
        agency: form.replies.clone(),
        approver: None,
    })
}

fn people(vault: &Vault, body: &Body) -> Result<Vec<PersonOffer>> {
    let voters = body.state()?.in_order().into_iter().filter(|member| member.has_vote());
    let offer = |member: &Member| {
        let content = member_content(vault, body, member.id)?;
        Ok(PersonOffer { member: member.id.to_string(), name: content.name, title: content.title })
    };
    voters.map(offer).collect()
}

fn items(vault: &Vault, body: &Body) -> Result<Vec<ItemOffer>> {
    let mut meetings: Vec<_> = body.state()?.meetings.values().collect();
    meetings.sort_by_key(|meeting| std::cmp::Reverse(meeting.published_at));
    let mut items = Vec::new();
    for meeting in meetings {
        let Some(at) = meeting.published_at else { continue };
        let Some(content) = body.content::<MeetingContent>(vault, at)? else { continue };
        for place in meeting.agenda.0.iter().filter(|place| !place.papers.is_empty()) {
            let Some(item) = views::item_content(vault, body, place.item)? else { continue };
            items.push(ItemOffer {
                item: place.item.to_string(),
                title: item.title,
                of: content.title.clone(),
                papers: place.papers.len() as u32,
            });
        }
    }
    items.truncate(MOST_ITEMS);
    Ok(items)
}

/// Offices that are held now, the secretariat's own first.
fn offices(vault: &Vault, body: &Body) -> Result<Vec<OfficeOffer>> {
    let mut offices: Vec<OfficeOffer> = Vec::new();
    for member in body.state()?.in_order() {
        for office in member.offices.iter().filter(|office| *office != Member::VOTE && *office != "staff") {
            if offices.iter().all(|known| known.office != *office) {
                let title = member_content(vault, body, member.id)?.title;
                offices.push(OfficeOffer { office: office.clone(), title });
            }
        }
    }
    offices.sort_by_key(|office| office.office != Member::SECRETARIAT);
    Ok(offices)
}
