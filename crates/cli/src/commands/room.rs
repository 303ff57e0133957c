//! In the meeting: hands that are counted, speakers, claims of attendance, substitutes.

use super::{form, item_of, parse, send, state_of};
use crate::args::{Common, FloorCommand, HandsCommand, Presence, SubstituteCommand};
use crate::failure::Failure;
use crate::{home, output, time};
use ecabinet_client::{Client, NewSubstitute, Seen};
use ecabinet_domain as domain;
use ecabinet_domain::act::Totals;
use ecabinet_domain::{BodyId, Int, MemberId, StatementId};
use serde_json::{Value, json};

pub async fn hands(common: &Common, command: HandsCommand) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    match command {
        HandsCommand::Enter { poll, yes, no, abstain, other, member } => {
            let seen = if member.is_empty() {
                let [yes, no, abstain, other] = [yes, no, abstain, other].map(Int::from);
                Seen::Totals(Totals { yes, no, abstain, other })
            } else {
                Seen::Members(member.iter().map(|hand| hand_of(hand)).collect::<Result<_, _>>()?)
            };
            let statement = client.enter_hands(body, parse(&poll, "poll")?, seen)?;
            let mut answer = sent(&client, body, statement).await?;
            answer["hands"] = json!(statement);
            output::answer(common, "hands enter/1", answer);
        }
        HandsCommand::Confirm { hands } => {
            let statement = client.confirm_hands(body, parse(&hands, "hands")?)?;
            output::answer(common, "hands confirm/1", sent(&client, body, statement).await?);
        }
    }
    Ok(0)
}

/// `MEMBER=yes`.
fn hand_of(hand: &str) -> Result<(MemberId, domain::Choice), Failure> {
    let (member, choice) = hand.split_once('=').unwrap_or((hand, ""));
    Ok((parse(member, "member")?, form::read_opinion(choice)?.choice))
}

pub async fn floor(common: &Common, command: FloorCommand) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    match command {
        FloorCommand::Ask { meeting, item } => {
            let item = item_of(&client, body, &meeting, &item)?;
            let statement = client.ask_floor(body, item)?;
            output::answer(common, "floor ask/1", sent(&client, body, statement).await?);
        }
        FloorCommand::Leave { meeting, item } => {
            let item = item_of(&client, body, &meeting, &item)?;
            let statement = client.leave_floor(body, item)?;
            output::answer(common, "floor leave/1", sent(&client, body, statement).await?);
        }
        FloorCommand::Order { meeting, item, members } => {
            let item = item_of(&client, body, &meeting, &item)?;
            let members = members.iter().map(|member| parse(member, "member")).collect::<Result<_, _>>()?;
            let statement = client.order_floor(body, item, members)?;
            output::answer(common, "floor order/1", sent(&client, body, statement).await?);
        }
        FloorCommand::List { meeting, item } => {
            let item = item_of(&client, body, &meeting, &item)?;
            let speakers: Vec<Value> = client
                .speakers(body, item)?
                .into_iter()
                .map(|speaker| json!({ "member": speaker.member, "name": speaker.name }))
                .collect();
            output::answer(common, "floor list/1", json!({ "item": item, "speakers": speakers }));
        }
    }
    Ok(0)
}

pub async fn claim(
    common: &Common,
    meeting: &str,
    state: Presence,
    why: Option<String>,
) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    let meeting = parse(meeting, "meeting")?;
    let statement = client.claim_attendance(body, meeting, presence(state), why.as_deref())?;
    output::answer(common, "attendance claim/1", sent(&client, body, statement).await?);
    Ok(0)
}

pub(super) fn presence(state: Presence) -> domain::Presence {
    match state {
        Presence::Present => domain::Presence::Present,
        Presence::Remote => domain::Presence::Remote,
        Presence::Absent => domain::Presence::Absent,
        Presence::Substitute => domain::Presence::Substitute,
    }
}

pub async fn substitute(common: &Common, command: SubstituteCommand) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    match command {
        SubstituteCommand::Ask { member, meeting, from, until, why } => {
            let zone = client.zone(body)?;
            let new = NewSubstitute {
                meeting: meeting.map(|meeting| parse(&meeting, "meeting")).transpose()?,
                substitute: parse(&member, "member")?,
                from: time::read(&from, zone)?,
                until: time::read(&until, zone)?,
                why,
            };
            let statement = client.ask_substitute(body, new)?;
            let mut answer = sent(&client, body, statement).await?;
            answer["request"] = json!(statement);
            output::answer(common, "substitute ask/1", answer);
        }
        SubstituteCommand::Approve { request } => {
            let statement = client.approve_substitute(body, parse(&request, "request")?)?;
            output::answer(common, "substitute approve/1", sent(&client, body, statement).await?);
        }
        SubstituteCommand::End { request, why } => {
            let statement = client.end_substitute(body, parse(&request, "request")?, why.as_deref())?;
            output::answer(common, "substitute end/1", sent(&client, body, statement).await?);
        }
        SubstituteCommand::List { meeting } => {
            let meeting = meeting.map(|meeting| parse(&meeting, "meeting")).transpose()?;
            let all: Vec<Value> = client
                .substitutes(body, meeting)?
                .into_iter()
                .map(|view| {
                    json!({
                        "request": view.request, "member": view.member, "substitute": view.substitute,
                        "from": view.from, "until": view.until, "why": view.why, "stage": view.stage,
                    })
                })
                .collect();
            output::answer(common, "substitute list/1", json!({ "substitutes": all }));
        }
    }
    Ok(0)
}

/// Sends it if the server is there, and says how far it has come.
async fn sent(client: &Client, body: BodyId, statement: StatementId) -> Result<Value, Failure> {
    send(client, body).await?;
    state_of(client, body, statement)
}
