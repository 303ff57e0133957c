//! What members say of their attendance, and who acts in their place.

use super::chair::{from_presence, to_presence};
use super::{Desk, body_id, id};
use crate::acts::NewSubstitute;
use crate::body::Body;
use crate::client::Client;
use crate::error::Result;
use crate::status::member_content;
use crate::vault::Vault;
use ecabinet_domain::{Act, BodyId, MeetingId, MemberId, StatementId, Substitution};
use ecabinet_protocol::content::{self, Why};
use ecabinet_protocol::ui::*;

/// A substitution for a meeting holds from the day before to the day after.
const DAY: u64 = 24 * 60 * 60 * 1000;

impl Client {
    /// Substitutions that concern a meeting, or any.
    pub fn substitutes(&self, body: BodyId, meeting: Option<MeetingId>) -> Result<Vec<SubstituteView>> {
        self.with(body, |vault, body| all(vault, body, meeting))
    }
}

impl Desk {
    pub(super) fn claim(&self, args: &ClaimAttendance) -> Result<()> {
        let (body, meeting) = (body_id(&args.body)?, id(&args.meeting)?);
        self.not_held(body)?;
        let why = said(&args.why);
        self.client()?.claim_attendance(body, meeting, from_presence(args.presence), why).map(|_| ())
    }

    pub(super) fn ask_for_substitute(&self, args: &AskSubstitute) -> Result<()> {
        let (body, meeting): (_, MeetingId) = (body_id(&args.body)?, id(&args.meeting)?);
        self.not_held(body)?;
        let client = self.client()?;
        let starts = client.meeting(body, meeting)?.content.starts;
        let new = NewSubstitute {
            meeting: Some(meeting),
            substitute: id(&args.substitute)?,
            from: starts.saturating_sub(DAY),
            until: starts + DAY,
            why: said(&args.why).map(str::to_owned),
        };
        client.ask_substitute(body, new).map(|_| ())
    }

    pub(super) fn approve(&self, args: &SubstituteRef) -> Result<()> {
        let body = body_id(&args.body)?;
        self.not_held(body)?;
        self.client()?.approve_substitute(body, id(&args.request)?).map(|_| ())
    }

    pub(super) fn end_substitution(&self, args: &SubstituteRef) -> Result<()> {
        let body = body_id(&args.body)?;
        self.not_held(body)?;
        self.client()?.end_substitute(body, id(&args.request)?, None).map(|_| ())
    }
}

fn said(why: &Option<String>) -> Option<&str> {
    why.as_deref().map(str::trim).filter(|why| !why.is_empty())
}

/// The person's own attendance at a meeting.
pub(super) fn mine(vault: &Vault, body: &Body, meeting: MeetingId) -> Result<MyAttendance> {
    let state = body.state()?;
    let me = body.member().ok();
    let votes = me.is_some_and(|me| state.members.get(&me).is_some_and(|me| me.has_vote()));
    let code = match (state.level, votes) {
        (..3, _) => Some("level.needed"),
        (_, false) => Some("member.no_vote"),
        (_, true) if body.is_pending()? => Some("device.pending"),
        (_, true) => None,
    };
    let mut substitutes = all(vault, body, Some(meeting))?;
    let own = me.map(|me| me.to_string());
    substitutes.retain(|view| Some(&view.member) == own.as_ref() || Some(&view.substitute) == own.as_ref());
    let mut candidates = Vec::new();
    for member in state.in_order().into_iter().filter(|member| votes && !member.has_vote()) {
        let content = member_content(vault, body, member.id)?;
        candidates.push(Candidate {
            member: member.id.to_string(),
            name: content.name,
            title: content.title,
        });
    }
    Ok(MyAttendance {
        presence: me
            .and_then(|me| state.meetings.get(&meeting)?.attendance.get(&me).copied())
            .map(to_presence),
        claim: me.map(|me| claim_of(vault, body, meeting, me)).transpose()?.flatten(),
        cannot_claim: code.map(|code| Failure { code: code.into(), params: Default::default() }),
        substitutes,
        candidates,
    })
}

/// What a member says of his attendance.
pub(super) fn claim_of(
    vault: &Vault,
    body: &Body,
    meeting: MeetingId,
    member: MemberId,
) -> Result<Option<ClaimView>> {
    if body.member().ok() == Some(member) {
        for row in vault.waiting(body.row.id)?.into_iter().rev() {
            let Act::AttendanceClaim(claim) = &row.header.act else { continue };
            if claim.meeting == meeting {
                let why = row.payload.and_then(|payload| content::read::<Why>(&payload.bytes));
                let presence = to_presence(claim.state);
                return Ok(Some(ClaimView { presence, why: why.map(|why| why.why), at: None }));
            }
        }
    }
    let known = body.state()?.meetings.get(&meeting).and_then(|meeting| meeting.claims.get(&member));
    let Some((presence, at)) = known else { return Ok(None) };
    let why = body.content::<Why>(vault, *at)?.map(|why| why.why);
    Ok(Some(ClaimView { presence: to_presence(*presence), why, at: Some(body.time(vault, *at)?) }))
}

/// Substitutions that concern a meeting, or any; what is asked for first.
pub(super) fn all(vault: &Vault, body: &Body, meeting: Option<MeetingId>) -> Result<Vec<SubstituteView>> {
    let state = body.state()?;
    let waiting = vault.waiting(body.row.id)?;
    let here = |of: Option<MeetingId>| of.is_none() || meeting.is_none() || of == meeting;
    let mut views = Vec::new();
    for (request, known) in state.substitutions.iter().filter(|(_, known)| here(known.meeting)) {
        let moves = |act: &Act| match act {
            Act::SubstituteApprove(approve) => approve.request == *request,
            Act::SubstituteEnd(end) => end.request == *request,
            _ => false,
        };
        let why = body.content::<Why>(vault, known.asked_at)?.map(|why| why.why);
        let stage = match (known.approved, known.ended) {
            (_, Some(_)) => SubstituteStage::Ended,
            (Some(_), None) => SubstituteStage::Approved,
            (None, None) => SubstituteStage::Asked,
        };
        let waits = waiting.iter().any(|row| moves(&row.header.act));
        views.push((known.asked_at, view(vault, body, *request, known, why, stage, waits)?));
    }
    for row in &waiting {
        let Act::SubstituteAsk(ask) = &row.header.act else { continue };
        if !here(ask.meeting) {
            continue;
        }
        let known = Substitution {
            member: body.member()?,
            substitute: ask.substitute,
            meeting: ask.meeting,
            from: ask.from.get(),
            until: ask.until.get(),
            asked_at: u64::MAX,
            approved: None,
            ended: None,
        };
        let why = row.payload.as_ref().and_then(|payload| content::read::<Why>(&payload.bytes));
        let why = why.map(|why| why.why);
        views.push((u64::MAX, view(vault, body, row.statement, &known, why, SubstituteStage::Saved, true)?));
    }
    views.sort_by_key(|(at, view)| (view.stage as u8, std::cmp::Reverse(*at)));
    Ok(views.into_iter().map(|(_, view)| view).collect())
}

fn view(
    vault: &Vault,
    body: &Body,
    request: StatementId,
    known: &Substitution,
    why: Option<String>,
    stage: SubstituteStage,
    waiting: bool,
) -> Result<SubstituteView> {
    let substitute = member_content(vault, body, known.substitute)?;
    Ok(SubstituteView {
        request: request.to_string(),
        member: known.member.to_string(),
        name: member_content(vault, body, known.member)?.name,
        substitute: known.substitute.to_string(),
        substitute_name: substitute.name,
        substitute_title: substitute.title,
        from: known.from,
        until: known.until,
        why,
        stage,
        waiting,
    })
}

/// Whom this person may vote for in a poll now.
pub(super) fn represented(body: &Body, poll: &ecabinet_domain::Poll, now: u64) -> Result<Vec<MemberId>> {
    let state = body.state()?;
    let Ok(me) = body.member() else { return Ok(Vec::new()) };
    let may = |member: &MemberId| {
        let asked = state.members.get(member).is_some_and(|member| poll.asks(member));
        asked && state.may_substitute(poll, *member, me, now)
    };
    let of = state.substitutes.keys().filter(|(_, substitute)| *substitute == me);
    Ok(of.map(|(member, _)| *member).filter(may).collect())
}
