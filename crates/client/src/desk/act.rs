use super::blocks;
use super::forms::FormHere;
use super::losses;
use super::polls::{PollHere, to_choice};
use super::{Desk, body_id, id};
use crate::body::Body;
use crate::error::Result;
use crate::status::{Act, ActState};
use crate::vault::{Saved, Vault};
use crate::views;
use ecabinet_domain as domain;
use ecabinet_protocol::ui::{self, ActRef, ActView, Choice, OutboxView, Target};
use ecabinet_record::Payload;

impl Desk {
    pub(super) fn outbox_view(&self, body: &str) -> Result<OutboxView> {
        let body = body_id(body)?;
        let client = self.client()?;
        let acts = client.acts(body)?;
        let acts = client
            .with(body, |vault, body| acts.iter().map(|act| view(vault, body, act)).collect::<Result<_>>())?;
        Ok(OutboxView { acts, connection: self.connection_view(body)? })
    }

    pub(super) fn drop_from_outbox(&self, args: &ActRef) -> Result<()> {
        self.client()?.drop_act(body_id(&args.body)?, id(&args.statement)?)?;
        self.shell.changed(&[ui::Topic::Outbox]);
        Ok(())
    }
}

pub(super) fn view(vault: &Vault, body: &Body, act: &Act) -> Result<ActView> {
    let (subject, choice) = subject(vault, body, &act.row.header.act, act.row.payload.as_ref())?;
    let lost = act.row.lost().is_some();
    let poll = match &act.row.header.act {
        domain::Act::BallotCast(ballot) => body.state()?.polls.get(&ballot.poll),
        _ => None,
    };
    let other_at = match act.state {
        ActState::Late | ActState::Stale => poll.and_then(|poll| poll.close.as_ref()).map(|close| close.time),
        ActState::Superseded => body
            .member()
            .ok()
            .and_then(|member| poll.and_then(|poll| poll.current_of(member)))
            .map(|ballot| ballot.time),
        _ => None,
    };
    let recorded_at = match act.row.index {
        Some(index) if act.row.state == Saved::Recorded => Some(body.time(vault, index)?),
        _ => None,
    };
    Ok(ActView {
        statement: act.statement.to_string(),
        kind: act.kind.to_owned(),
        subject,
        target: target(body, act)?,
        choice,
        capacity: act.row.header.capacity.0.clone(),
        state: act.into(),
        failure: act.error.clone().map(Into::into),
        redo: if lost { losses::redo(vault, body, &act.row.header.act)? } else { None },
        saved_at: act.saved_at,
        recorded_at,
        other_at,
        can_drop: matches!(act.row.state, Saved::Saved | Saved::Refused) && !lost,
    })
}

/// What an act is about, in the body's own words; empty where the kind says it all.
pub(super) fn subject(
    vault: &Vault,
    body: &Body,
    act: &domain::Act,
    payload: Option<&Payload>,
) -> Result<(String, Option<Choice>)> {
    use domain::Act::*;
    Ok(match act {
        BallotCast(ballot) => {
            if let Ok(here) = FormHere::find(vault, body, ballot.poll) {
                return Ok((here.content.subject, None));
            }
            let Some((question, rule)) = poll(vault, body, ballot.poll)? else {
                return Ok((String::new(), None));
            };
            let said = payload.and_then(|payload| domain::BallotPayload::parse(&payload.bytes, &rule));
            (question, said.map(|said| to_choice(said.choice)))
        }
        FormSend(form) => (item_title(vault, body, form.item)?, None),
        PollExtend(extend) => (asked(vault, body, extend.poll)?, None),
        PollRecall(recall) => (asked(vault, body, recall.poll)?, None),
        PollClose(close) => (asked(vault, body, close.poll)?, None),
        BlockOpen(_) => {
            (payload.and_then(|payload| blocks::question(&payload.bytes)).unwrap_or_default(), None)
        }
        PollPull(pull) => (item_title(vault, body, pull.item)?, None),
        ConclusionWrite(conclusion) => (item_title(vault, body, conclusion.item)?, None),
        FloorAsk(ask) => (item_title(vault, body, ask.item)?, None),
        FloorLeave(leave) => (item_title(vault, body, leave.item)?, None),
        FloorOrder(order) => (item_title(vault, body, order.item)?, None),
        HandsEnter(hands) => (asked(vault, body, hands.poll)?, None),
        HandsConfirm(confirm) => match body.state()?.hands.get(&confirm.hands) {
            Some(hands) => (asked(vault, body, hands.poll)?, None),
            None => (String::new(), None),
        },
        SubstituteAsk(ask) => (crate::status::member_content(vault, body, ask.substitute)?.name, None),
        ConclusionConfirm(confirm) => match body.state()?.concluded.get(&confirm.conclusion) {
            Some(item) => (item_title(vault, body, *item)?, None),
            None => (String::new(), None),
        },
        PollOpen(open) => (item_title(vault, body, open.item)?, None),
        PositionState(position) => (item_title(vault, body, position.item)?, None),
        ItemSet(set) => (item_title(vault, body, set.item)?, None),
        PaperPublish(publish) => (paper_title(vault, body, publish.paper, publish.rev)?, None),
        PaperSign(sign) => (paper_title(vault, body, sign.paper, sign.rev)?, None),
        AttendanceSet(set) => (crate::status::member_content(vault, body, set.member)?.name, None),
        _ => (String::new(), None),
    })
}

/// What a poll or form is about.
fn asked(vault: &Vault, body: &Body, id: domain::StatementId) -> Result<String> {
    if let Ok(here) = FormHere::find(vault, body, id) {
        return Ok(here.content.subject);
    }
    Ok(poll(vault, body, id)?.map_or(String::new(), |(question, _)| question))
}

/// Question and rule of a poll, also of one that is lost.
fn poll(vault: &Vault, body: &Body, id: domain::StatementId) -> Result<Option<(String, domain::Rule)>> {
    match PollHere::find(vault, body, id) {
        Ok(here) => Ok(Some((here.content.question, here.poll.rule().clone()))),
        Err(error) if error.code() == "poll.unknown" => losses::poll(vault, body, id),
        Err(error) => Err(error),
    }
}

fn item_title(vault: &Vault, body: &Body, item: domain::ItemId) -> Result<String> {
    match views::item_content(vault, body, item)? {
        Some(content) => Ok(content.title),
        None => losses::item_title(vault, body, item),
    }
}

fn paper_title(vault: &Vault, body: &Body, paper: domain::PaperId, rev: domain::RevId) -> Result<String> {
    match body.manifest(vault, domain::Rev { paper, rev })? {
        Some((title, _)) => Ok(title),
        None => losses::paper_title(vault, body, rev),
    }
}

fn target(body: &Body, act: &Act) -> Result<Option<Target>> {
    use domain::Act::*;
    Ok(match &act.row.header.act {
        BallotCast(ballot) => of_poll(body, ballot.poll)?,
        PollClose(close) => of_poll(body, close.poll)?,
        FloorAsk(ask) => Some(Target::Item { item: ask.item.to_string() }),
        FloorLeave(leave) => Some(Target::Item { item: leave.item.to_string() }),
        AttendanceClaim(claim) => Some(Target::Meeting { meeting: claim.meeting.to_string() }),
        HandsEnter(hands) => of_poll(body, hands.poll)?,
        ConclusionWrite(conclusion) => Some(Target::Item { item: conclusion.item.to_string() }),
        ConclusionConfirm(confirm) => {
            let item = body.state()?.concluded.get(&confirm.conclusion);
            item.map(|item| Target::Item { item: item.to_string() })
        }
        PollPull(pull) => Some(Target::Item { item: pull.item.to_string() }),
        BlockOpen(_) => of_poll(body, act.statement)?,
        PollExtend(extend) => of_poll(body, extend.poll)?,
        PollRecall(recall) => of_poll(body, recall.poll)?,
        FormSend(_) => of_poll(body, act.statement)?,
        PollOpen(open) => Some(Target::Item { item: open.item.to_string() }),
        PositionState(position) => Some(Target::Item { item: position.item.to_string() }),
        PaperSign(sign) => Some(Target::Sign { paper: sign.paper.to_string(), rev: sign.rev.to_string() }),
        DeviceConfirm(_) | DeviceRevoke(_) | DeviceEnrol(_) => Some(Target::Devices),
        _ => None,
    })
}

/// The poll or form that the record knows by this id.
fn of_poll(body: &Body, id: domain::StatementId) -> Result<Option<Target>> {
    Ok(body.state()?.polls.get(&id).map(|poll| match poll.form() {
        Some(_) => Target::Form { form: id.to_string() },
        None => Target::Poll { poll: id.to_string() },
    }))
}

impl From<&Act> for ui::ActState {
    fn from(act: &Act) -> ui::ActState {
        match act.row.lost() {
            Some(_) => ui::ActState::Lost,
            None => act.state.into(),
        }
    }
}

impl From<ActState> for ui::ActState {
    fn from(state: ActState) -> ui::ActState {
        match state {
            ActState::Saved => ui::ActState::Saved,
            ActState::Received => ui::ActState::Received,
            ActState::Recorded => ui::ActState::Recorded,
            ActState::Counted => ui::ActState::Counted,
            ActState::Late => ui::ActState::Late,
            ActState::Superseded => ui::ActState::Superseded,
            ActState::Stale => ui::ActState::Stale,
            ActState::Ineligible => ui::ActState::Ineligible,
            ActState::Refused => ui::ActState::Refused,
        }
    }
}
