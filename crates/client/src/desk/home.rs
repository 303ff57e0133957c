//! Home: the one thing to do now, what else there is, what has changed, what was sent.

use super::forms::{self, FormHere};
use super::losses;
use super::polls::PollHere;
use super::reminders::is_soon;
use super::{Desk, body_id};
use super::{act, attendance};
use crate::body::Body;
use crate::error::Result;
use crate::spaces;
use crate::vault::Vault;
use crate::views;
use ecabinet_domain as domain;
use ecabinet_protocol::content::{FormContent, ItemContent, MeetingContent};
use ecabinet_protocol::ui::*;

const DAY: u64 = 24 * 60 * 60 * 1000;
/// How long a change is news.
const NEWS: u64 = 7 * DAY;
const MOST_CHANGES: usize = 3;
const MOST_RECENT: usize = 5;

impl Desk {
    pub(super) fn home_view(&self, body: &str) -> Result<HomeView> {
        let body = body_id(body)?;
        let client = self.client()?;
        let now = self.env.clock.now();
        let meetings = self.meeting_rows(&body.to_string())?;
        let coming = meetings.iter().find(|row| row.phase != Phase::Past).cloned();
        let acts = client.acts(body)?;
        let (mut work, read, changes, losses) = client.with(body, |vault, body| {
            let mut work = polls(vault, body)?;
            work.extend(answers(vault, body, now)?);
            work.extend(drafts(vault, body, now)?);
            work.extend(super::form_drafts::tasks(vault, body)?);
            work.extend(super::staff::unprepared(vault, body, &meetings)?);
            work.extend(signatures(vault, body)?);
            let mut losses = losses::views(vault, body)?;
            losses.retain(|loss| !loss.read);
            Ok((work, reading(vault, body)?, changes(vault, body, now)?, losses))
        })?;
        let soon = coming.as_ref().filter(|row| row.phase == Phase::Live || row.starts < now + DAY);
        let hero = hero(&mut work, soon, coming.as_ref(), read);
        let recent = client.with(body, |vault, body| {
            let shown = acts.iter().filter(|act| act.kind != "device.enrol").take(MOST_RECENT);
            shown.map(|act| act::view(vault, body, act)).collect::<Result<_>>()
        })?;
        let mut waiting = self.devices_view(&body.to_string())?.devices;
        waiting.retain(|row| row.status == DeviceStatus::Pending && !row.this);
        Ok(HomeView { hero, waiting, losses, tasks: work, changes, recent, next_meeting: coming })
    }
}

/// Open poll, then signature, then a meeting that is live or near, then the form due soonest, then going on reading, then any
/// meeting that comes.
fn hero(
    work: &mut Vec<Task>,
    soon: Option<&MeetingRow>,
    coming: Option<&MeetingRow>,
    read: Option<Task>,
) -> Option<Hero> {
    let rank = |task: &Task| match task.kind {
        WorkKind::VoteAgain => 0,
        WorkKind::Vote => 1,
        WorkKind::Sign => 2,
        _ => 3,
    };
    work.sort_by_key(|task| (rank(task), task.due.unwrap_or(u64::MAX)));
    if work.first().is_some_and(|task| rank(task) < 3) {
        return Some(from_task(work.remove(0)));
    }
    if soon.is_none() && !work.is_empty() {
        return Some(from_task(work.remove(0)));
    }
    if let Some(row) = soon.or(coming.filter(|_| read.is_none())) {
        return Some(Hero {
            kind: WorkKind::Meeting,
            target: Target::Meeting { meeting: row.meeting.clone() },
            subject: row.title.clone(),
            item: None,
            agency: None,
            at: Some(row.starts),
            place: row.place.clone(),
            readiness: Some(row.readiness),
            state: None,
            whom: None,
            soon: false,
        });
    }
    read.map(from_task)
}

fn from_task(task: Task) -> Hero {
    Hero {
        kind: task.kind,
        target: task.target,
        subject: task.subject,
        item: task.item,
        agency: task.agency,
        at: task.due,
        place: None,
        readiness: None,
        state: task.state,
        whom: task.whom,
        soon: task.soon,
    }
}

/// Open polls that wait for this member's ballot, or ask for it again.
fn polls(vault: &Vault, body: &Body) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    for (here, ballot) in waiting(vault, body)? {
        // A block has no item of its own.
        let item = match here.poll.is_block() {
            true => None,
            false => views::item_content(vault, body, here.poll.item())?,
        };
        let title = item.as_ref().map(|item| item.title.clone());
        tasks.push(Task {
            kind: if ballot.is_some() { WorkKind::VoteAgain } else { WorkKind::Vote },
            target: Target::Poll { poll: here.id.to_string() },
            item: title.filter(|title| *title != here.content.question),
            agency: item.and_then(|item| item.agency),
            due: here.poll.closes,
            subject: here.content.question,
            state: ballot,
            whom: None,
            soon: false,
        });
    }
    Ok(tasks)
}

/// The poll on an item that waits for this member's ballot, or asks for it again.
pub(super) fn vote_due(vault: &Vault, body: &Body, item: domain::ItemId) -> Result<Option<String>> {
    let here = waiting(vault, body)?.into_iter().find(|(here, _)| here.poll.asks_about(item));
    Ok(here.map(|(here, _)| here.id.to_string()))
}

/// Open polls without a ballot of this member, or of whom he stands for, or with one that does not stand and the state it
/// is in.
fn waiting<'a>(vault: &Vault, body: &'a Body) -> Result<Vec<(PollHere<'a>, Option<ActState>)>> {
    let state = body.state()?;
    let Ok(me) = body.member() else { return Ok(Vec::new()) };
    let votes = state.members.get(&me).is_some_and(|me| me.has_vote());
    let mut waiting = Vec::new();
    for (id, poll) in state.polls.iter().filter(|(_, poll)| poll.is_open() && poll.form().is_none()) {
        let Some(content) = body.content(vault, poll.opened_at)? else { continue };
        let here = PollHere { id: *id, poll, content };
        // Of a substitute those who have nobody else, as of the record's last word.
        let whose = match votes {
            true => vec![me],
            false => attendance::represented(body, poll, body.replica.last_time())?,
        };
        for member in whose {
            let ballot = here.ballot_of(vault, body, member)?.map(|ballot| ballot.state);
            use ActState::{Lost, Refused, Stale, Superseded};
            if matches!(ballot, None | Some(Stale | Superseded | Refused | Lost)) {
                waiting.push((here, ballot));
                break;
            }
        }
    }
    Ok(waiting)
}

/// Open forms that wait for this member's answer, or ask for it again.
fn answers(vault: &Vault, body: &Body, now: u64) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    let deadlines = body.genesis(vault)?.deadlines;
    for here in FormHere::all(vault, body)? {
        if !here.may_wait(body)? || here.poll.is_over(now) {
            continue;
        }
        let row = here.row(vault, body)?;
        if !forms::asks_again(row.own) {
            continue;
        }
        let drafted =
            row.drafts.iter().any(|draft| draft.name.is_none() && draft.stage == DraftStage::Waiting);
        tasks.push(Task {
            kind: match row.own {
                Some(_) => WorkKind::AnswerAgain,
                None if drafted => WorkKind::AnswerDrafted,
                None => WorkKind::Answer,
            },
            target: Target::Form { form: row.form },
            subject: row.subject,
            item: Some(row.number),
            agency: row.agency,
            due: row.due,
            state: row.own,
            whom: None,
            soon: row.due.is_some_and(|due| is_soon(due, row.hard, &deadlines, now)),
        });
    }
    Ok(tasks)
}

/// Open forms whose answers this person is to draft for others.
fn drafts(vault: &Vault, body: &Body, now: u64) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    let deadlines = body.genesis(vault)?.deadlines;
    for here in FormHere::all(vault, body)? {
        if !here.poll.is_open() || here.poll.is_over(now) {
            continue;
        }
        let row = here.row(vault, body)?;
        for draft in row.drafts.into_iter().filter(|draft| draft.name.is_some()) {
            let kind = match draft.stage {
                DraftStage::None | DraftStage::Writing => WorkKind::Draft,
                DraftStage::SentBack => WorkKind::DraftAgain,
                DraftStage::Waiting | DraftStage::Answered => continue,
            };
            tasks.push(Task {
                kind,
                target: Target::Form { form: row.form.clone() },
                subject: row.subject.clone(),
                item: Some(row.number.clone()),
                agency: row.agency.clone(),
                due: row.due,
                state: None,
                whom: draft.name,
                soon: row.due.is_some_and(|due| is_soon(due, row.hard, &deadlines, now)),
            });
        }
    }
    Ok(tasks)
}

/// Papers that this member is asked to sign.
fn signatures(vault: &Vault, body: &Body) -> Result<Vec<Task>> {
    let mut tasks = Vec::new();
    for place in placed(body)? {
        for rev in &place.papers {
            if !super::sign::is_due(vault, body, place.item, *rev)? {
                continue;
            }
            let Some(paper) = views::paper(vault, body, *rev)? else { continue };
            let item: Option<ItemContent> = views::item_content(vault, body, place.item)?;
            tasks.push(Task {
                kind: WorkKind::Sign,
                target: Target::Sign { paper: rev.paper.to_string(), rev: rev.rev.to_string() },
                subject: paper.title,
                item: item.as_ref().map(|item| item.title.clone()),
                agency: item.and_then(|item| item.agency),
                due: None,
                state: None,
                whom: None,
                soon: false,
            });
        }
    }
    Ok(tasks)
}

/// The paper that was read last, on any device.
fn reading(vault: &Vault, body: &Body) -> Result<Option<Task>> {
    let Some((paper, page)) = spaces::last_read(vault, body)? else { return Ok(None) };
    for place in placed(body)? {
        let Some(rev) = place.papers.iter().find(|rev| rev.paper == paper) else { continue };
        let Some(view) = views::paper(vault, body, *rev)? else { continue };
        let item = views::item_content(vault, body, place.item)?;
        return Ok(Some(Task {
            kind: WorkKind::Read,
            target: Target::Paper { paper: paper.to_string(), rev: rev.rev.to_string(), page },
            subject: view.title,
            item: item.as_ref().map(|item| item.title.clone()),
            agency: item.and_then(|item| item.agency),
            due: None,
            state: None,
            whom: None,
            soon: false,
        }));
    }
    Ok(None)
}

/// What others have done lately, newest first.
fn changes(vault: &Vault, body: &Body, now: u64) -> Result<Vec<Change>> {
    let state = body.state()?;
    let mut found: Vec<(u64, Change)> = Vec::new();
    for (id, meeting) in &state.meetings {
        let Some(index) = meeting.published_at else { continue };
        let Some(content) = body.content::<MeetingContent>(vault, index)? else { continue };
        if content.dossier {
            continue;
        }
        let kind =
            if meeting.version == 1 { ChangeKind::MeetingPublished } else { ChangeKind::AgendaChanged };
        let target = Target::Meeting { meeting: id.to_string() };
        found.push((
            index,
            Change { kind, target, subject: content.title, item: None, why: content.reason, at: 0 },
        ));
    }
    for place in placed(body)? {
        for rev in &place.papers {
            let Some(paper) = state.papers.get(&rev.paper).filter(|paper| paper.revs.len() > 1) else {
                continue;
            };
            let (Some(view), Some(index)) =
                (views::paper(vault, body, *rev)?, body.rev_index(rev.paper, rev.rev)?)
            else {
                continue;
            };
            let kind = if paper.signed.contains_key(&rev.rev) {
                ChangeKind::PaperSigned
            } else {
                ChangeKind::PaperReplaced
            };
            let item = views::item_content(vault, body, place.item)?.map(|item| item.title);
            let target = Target::Paper { paper: rev.paper.to_string(), rev: rev.rev.to_string(), page: 0 };
            found.push((index, Change { kind, target, subject: view.title, item, why: None, at: 0 }));
        }
    }
    for here in FormHere::all(vault, body)?.into_iter().filter(|here| here.poll.recalled.is_none()) {
        let target = Target::Form { form: here.id.to_string() };
        let (kind, index) = match &here.poll.close {
            Some(close) => (ChangeKind::FormClosed, close.index),
            None => (ChangeKind::FormSent, here.poll.opened_at),
        };
        let FormContent { subject, number, .. } = here.content;
        found.push((index, Change { kind, target, subject, item: Some(number), why: None, at: 0 }));
    }
    let told = |poll: &domain::Poll| poll.form().is_none() && poll.recalled.is_none();
    for (id, poll) in state.polls.iter().filter(|(_, poll)| told(poll)) {
        let Some(content) = body.content::<ecabinet_protocol::content::PollContent>(vault, poll.opened_at)?
        else {
            continue;
        };
        let target = Target::Poll { poll: id.to_string() };
        let (kind, index) = match &poll.close {
            Some(close) => (ChangeKind::PollClosed, close.index),
            None => (ChangeKind::PollOpened, poll.opened_at),
        };
        found.push((index, Change { kind, target, subject: content.question, item: None, why: None, at: 0 }));
    }
    for (item, conclusion) in &state.conclusions {
        let (Some(index), Some(content)) = (conclusion.confirmed, views::item_content(vault, body, *item)?)
        else {
            continue;
        };
        let target = Target::Item { item: item.to_string() };
        let (kind, subject) = (ChangeKind::Concluded, content.title);
        found.push((index, Change { kind, target, subject, item: None, why: None, at: 0 }));
    }
    found.sort_by_key(|(index, _)| std::cmp::Reverse(*index));
    let mut changes = Vec::new();
    for (index, mut change) in found.into_iter().take(MOST_CHANGES) {
        change.at = body.time(vault, index)?;
        if change.at + NEWS >= now {
            changes.push(change);
        }
    }
    Ok(changes)
}

/// Items on published agendas.
fn placed(body: &Body) -> Result<Vec<&domain::Placement>> {
    Ok(body.state()?.meetings.values().flat_map(|meeting| &meeting.agenda.0).collect())
}
