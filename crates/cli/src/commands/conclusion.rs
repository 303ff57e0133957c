use super::{item_of, parse, send, state_of};
use crate::args::{Common, ConclusionCommand, Outcome};
use crate::failure::Failure;
use crate::{home, output};
use ecabinet_client::NewConclusion;
use ecabinet_domain as domain;
use ecabinet_domain::{MeetingId, StatementId};
use ecabinet_protocol::ui::ConclusionView;
use serde_json::{Value, json};

pub async fn run(common: &Common, command: ConclusionCommand) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    match command {
        ConclusionCommand::Write { meeting, item, outcome, by, poll, text } => {
            let outcome = match outcome {
                Outcome::Adopted => domain::Outcome::Adopted,
                Outcome::Changes => domain::Outcome::Changes,
                Outcome::Deferred => domain::Outcome::Deferred,
                Outcome::Rejected => domain::Outcome::Rejected,
            };
            let new = NewConclusion {
                item: item_of(&client, body, &meeting, &item)?,
                outcome,
                by: by.map(|by| parse(&by, "member")).transpose()?,
                poll: poll.map(|poll| parse(&poll, "poll")).transpose()?,
                text,
            };
            let statement = client.conclude(body, new)?;
            send(&client, body).await?;
            let mut answer = state_of(&client, body, statement)?;
            answer["conclusion"] = json!(statement);
            output::answer(common, "conclusion write/1", answer);
        }
        ConclusionCommand::Confirm { conclusion } => {
            let conclusion: StatementId = parse(&conclusion, "conclusion")?;
            let statement = client.confirm_conclusion(body, conclusion)?;
            send(&client, body).await?;
            output::answer(common, "conclusion confirm/1", state_of(&client, body, statement)?);
        }
        ConclusionCommand::List { meeting } => {
            let meeting = client.meeting(body, parse::<MeetingId>(&meeting, "meeting")?)?;
            let mut items = Vec::new();
            for item in &meeting.items {
                let all: Vec<Value> = client.conclusions(body, item.id)?.iter().map(row).collect();
                items.push(json!({
                    "number": item.number, "id": item.id, "title": item.content.title, "conclusions": all,
                }));
            }
            output::answer(common, "conclusion list/1", json!({ "meeting": meeting.id, "items": items }));
        }
    }
    Ok(0)
}

fn row(view: &ConclusionView) -> Value {
    json!({
        "conclusion": view.statement, "outcome": view.conclusion, "by": view.by, "text": view.text,
        "author": view.author, "as": view.capacity, "written": view.written_at, "confirmed": view.confirmed_at,
    })
}
