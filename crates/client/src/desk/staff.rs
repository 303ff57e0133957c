//! What a member and his staff make together, as each of them sees it: briefs, and drafts of answers.

use super::forms::{FormHere, asks_again};
use super::{Desk, body_id, id};
use crate::body::Body;
use crate::error::{Error, Result};
use crate::spaces::{self, TeamText};
use crate::status::member_content;
use crate::vault::Vault;
use crate::views;
use ecabinet_domain::{Fate, ItemId, MeetingId, MemberId};
use ecabinet_protocol::space::SpaceOwner;
use ecabinet_protocol::ui::*;

impl Desk {
    pub(super) fn write_brief(&self, args: &SetBrief) -> Result<()> {
        let part = match args.part {
            BriefPart::Summary => spaces::BriefPart::Summary,
            BriefPart::Proposal => spaces::BriefPart::Proposal,
            BriefPart::Position => spaces::BriefPart::Position,
        };
        let (body, member, item) = (body_id(&args.body)?, id(&args.member)?, id(&args.item)?);
        self.client()?.set_brief(body, member, item, part, args.text.trim())
    }

    pub(super) fn write_draft(&self, args: &DraftAnswer) -> Result<()> {
        let (body, member, form) = (body_id(&args.body)?, id(&args.member)?, id(&args.form)?);
        let said = serde_json::to_string(&args.answer).expect("plain data");
        self.client()?.draft_answer(body, member, form, &said, args.submit)
    }

    pub(super) fn send_draft_back(&self, args: &SendBack) -> Result<()> {
        let why = args.why.trim();
        if why.is_empty() {
            return Err(Error::new("draft.why"));
        }
        self.client()?.send_draft_back(body_id(&args.body)?, id(&args.form)?, why)
    }

    pub(super) fn keep_begun(&self, args: &KeepAnswer) -> Result<()> {
        let said = args.answer.as_ref().map(|answer| serde_json::to_string(answer).expect("plain data"));
        self.client()?.begin_answer(body_id(&args.body)?, id(&args.form)?, said.as_deref())
    }
}

/// Those whose briefs and drafts this person sees: himself, if he has staff, and those whom he prepares for.
fn members(body: &Body) -> Result<Vec<MemberId>> {
    let Ok(me) = body.member() else { return Ok(Vec::new()) };
    let groups = SpaceOwner::shared_by(body.state()?, me).into_iter();
    let of = groups.filter_map(|group| match group {
        SpaceOwner::Staff(member) => Some(member),
        SpaceOwner::Desk | SpaceOwner::All | SpaceOwner::Member(_) => None,
    });
    Ok(of.collect())
}

/// Those for whom this person prepares, with their names.
fn served(vault: &Vault, body: &Body) -> Result<Vec<(MemberId, String)>> {
    let mut served = Vec::new();
    for member in members(body)? {
        served.extend(name_of(vault, body, member)?.map(|name| (member, name)));
    }
    Ok(served)
}

/// Meetings that come with items that have no brief yet, for each whom this person prepares for.
pub(super) fn unprepared(vault: &Vault, body: &Body, meetings: &[MeetingRow]) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    for (member, name) in served(vault, body)? {
        for row in meetings.iter().filter(|row| row.phase == Phase::Upcoming) {
            let meeting = body.state()?.meetings.get(&id::<MeetingId>(&row.meeting)?);
            let mut lacks = false;
            for place in meeting.iter().flat_map(|meeting| &meeting.agenda.0) {
                let seen = views::item_content(vault, body, place.item)?.is_some();
                lacks |= seen && spaces::brief(vault, body, member, place.item)?.is_empty();
            }
            if lacks {
                tasks.push(Task {
                    kind: WorkKind::Brief,
                    target: Target::Meeting { meeting: row.meeting.clone() },
                    subject: row.title.clone(),
                    item: None,
                    agency: None,
                    due: Some(row.starts),
                    state: None,
                    whom: Some(name.clone()),
                    soon: false,
                });
            }
        }
    }
    Ok(tasks)
}

/// The name of a member, unless that is the person himself.
fn name_of(vault: &Vault, body: &Body, member: MemberId) -> Result<Option<String>> {
    let other = body.member()? != member;
    other.then(|| Ok(member_content(vault, body, member)?.name)).transpose()
}

/// What his staff have written for this person on an item, or he is to write for those whom he prepares for.
pub(super) fn briefs(vault: &Vault, body: &Body, item: ItemId) -> Result<Vec<BriefView>> {
    let mut briefs = Vec::new();
    for member in members(body)? {
        let brief = spaces::brief(vault, body, member, item)?;
        let name = name_of(vault, body, member)?;
        if name.is_none() && brief.is_empty() {
            continue;
        }
        briefs.push(BriefView {
            member: member.to_string(),
            may_write: name.is_some(),
            name,
            summary: text(vault, body, brief.summary)?,
            proposal: text(vault, body, brief.proposal)?,
            position: text(vault, body, brief.position)?,
        });
    }
    Ok(briefs)
}

fn text(vault: &Vault, body: &Body, text: TeamText) -> Result<BriefText> {
    let by = text.written.filter(|_| !text.texts.is_empty());
    let name = by.map(|(by, _)| Ok::<_, Error>(member_content(vault, body, by)?.name)).transpose()?;
    Ok(BriefText { texts: text.texts, by: name, at: by.map(|(_, at)| at) })
}

/// Where the drafts of answers to a form stand: this person's own, and those that he prepares.
pub(super) fn draft_rows(vault: &Vault, body: &Body, form: &FormHere) -> Result<Vec<DraftRow>> {
    Ok(drafts(vault, body, form)?.into_iter().map(|draft| draft.row).collect())
}

pub(super) fn drafts(vault: &Vault, body: &Body, form: &FormHere) -> Result<Vec<DraftView>> {
    let state = body.state()?;
    let mut drafts = Vec::new();
    for member in members(body)? {
        if !state.members.get(&member).is_some_and(|member| form.poll.asks(member)) {
            continue;
        }
        let draft = spaces::draft(vault, body, member, form.id)?;
        let name = name_of(vault, body, member)?;
        let mut said = draft.said.texts.iter().filter_map(|said| serde_json::from_str(said).ok());
        let questions = form.poll.questions.len();
        let mut said: Vec<AnswerDraft> =
            said.by_ref().filter(|said: &AnswerDraft| said.said.len() == questions).collect();
        let answer = (!said.is_empty()).then(|| said.remove(0));
        let (mut stage, mut why) = match draft.stage {
            _ if answer.is_none() => (DraftStage::None, None),
            spaces::DraftStage::Writing => (DraftStage::Writing, None),
            spaces::DraftStage::Waiting => (DraftStage::Waiting, None),
            spaces::DraftStage::Back { why } => (DraftStage::SentBack, Some(why)),
        };
        let stands = match name {
            None => form.answer(vault, body)?.is_some_and(|answer| !asks_again(Some(answer.state))),
            Some(_) => {
                form.poll.current_of(member).is_some_and(|ballot| form.poll.fate(ballot, state) == Fate::Ok)
            }
        };
        if stands {
            (stage, why) = (DraftStage::Answered, None);
        }
        let written = text(vault, body, TeamText { texts: draft.said.texts, ..draft.said })?;
        drafts.push(DraftView {
            row: DraftRow { member: member.to_string(), stage, why, name: name.clone() },
            answer,
            others: said,
            by: written.by,
            at: written.at,
            may_write: name.is_some(),
        });
    }
    Ok(drafts)
}

/// The answer that this person has begun, unless the form asks something else by now.
pub(super) fn begun(vault: &Vault, body: &Body, form: &FormHere) -> Result<Option<AnswerDraft>> {
    let begun: Option<AnswerDraft> =
        spaces::begun(vault, body, form.id)?.and_then(|said| serde_json::from_str(&said).ok());
    Ok(begun.filter(|begun| begun.said.len() == form.poll.questions.len()))
}
