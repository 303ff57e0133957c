use super::parse;
use crate::args::{Common, MeetingCommand};
use crate::failure::Failure;
use crate::{home, output};
use serde_json::{Value, json};

pub fn run(common: &Common, command: MeetingCommand) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    match command {
        MeetingCommand::List => {
            let rows: Vec<Value> = client
                .meetings(body)?
                .into_iter()
                .map(|row| {
                    json!({
                        "id": row.id, "title": row.content.title, "starts": row.content.starts,
                        "place": row.content.place, "version": row.version, "items": row.items,
                    })
                })
                .collect();
            output::answer(common, "meeting list/1", json!({ "meetings": rows }));
        }
        MeetingCommand::Show { meeting } => {
            let shown = client.meeting(body, parse(&meeting, "meeting")?)?;
            let items: Vec<Value> = shown
                .items
                .iter()
                .map(|item| {
                    let papers: Vec<Value> = item.papers.iter().map(super::papers::row).collect();
                    let polls: Vec<Value> =
                        item.polls.iter().map(|poll| json!({ "poll": poll.id, "open": poll.open })).collect();
                    json!({
                        "number": item.number, "id": item.id, "title": item.content.title,
                        "agency": item.content.agency, "minutes": item.content.minutes, "kind": item.content.kind,
                        "papers": papers, "polls": polls,
                    })
                })
                .collect();
            let answer = json!({
                "id": shown.id, "title": shown.content.title, "starts": shown.content.starts,
                "place": shown.content.place, "timezone": client.zone(body)?, "version": shown.version, "items": items,
            });
            output::answer(common, "meeting show/1", answer);
        }
    }
    Ok(0)
}
