use super::{item_of, parse, send, state_of};
use crate::args::{self, Common, PositionCommand};
use crate::failure::Failure;
use crate::{home, output};
use ecabinet_client::NewPosition;
use ecabinet_domain::{MeetingId, Stance};
use ecabinet_protocol::ui::MemberPosition;
use serde_json::{Value, json};

pub async fn run(common: &Common, command: PositionCommand) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    match command {
        PositionCommand::State { meeting, item, choice, text } => {
            let item = item_of(&client, body, &meeting, &item)?;
            let choice = match choice {
                args::Stance::Agree => Stance::Agree,
                args::Stance::Speak => Stance::Speak,
                args::Stance::Object => Stance::Object,
            };
            let statement = client.state_position(body, NewPosition { item, choice, text })?;
            send(&client, body).await?;
            output::answer(common, "position state/1", state_of(&client, body, statement)?);
        }
        PositionCommand::List { meeting } => {
            let meeting = client.meeting(body, parse::<MeetingId>(&meeting, "meeting")?)?;
            let mut items = Vec::new();
            for item in &meeting.items {
                let all = client.positions(body, item.id)?;
                let own = client.own_position(body, item.id)?;
                let stated = all.members.iter().filter(|member| member.stated_at.is_some());
                let members: Vec<Value> = stated.map(member).collect();
                items.push(json!({
                    "number": item.number, "id": item.id, "title": item.content.title,
                    "own": own.map(|own| json!({ "choice": own.stance, "text": own.text, "state": own.state })),
                    "object": all.object, "speak": all.speak, "agree": all.agree, "silent": all.silent,
                    "unseen": all.unseen, "members": members,
                }));
            }
            output::answer(common, "position list/1", json!({ "meeting": meeting.id, "items": items }));
        }
    }
    Ok(0)
}

fn member(member: &MemberPosition) -> Value {
    json!({
        "member": member.member, "choice": member.stance, "text": member.text, "stated": member.stated_at,
        "stale": member.stale,
    })
}
