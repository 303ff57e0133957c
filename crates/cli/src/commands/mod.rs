mod acts;
mod body;
mod conclusion;
mod doctor;
mod form;
mod losses;
mod meeting;
mod papers;
mod pdf;
mod people;
mod poll;
mod position;
mod publish;
mod qr;
mod room;
mod root;
mod sign;
mod sync;
mod vault;

use crate::args::{Cli, Command};
use crate::failure::Failure;
use ecabinet_client::{ActState, Client};
use ecabinet_domain::{BodyId, ItemId, MeetingId, StatementId};
use serde_json::{Value, json};

/// Runs a command; gives the exit status of one that did what it could.
pub async fn run(cli: Cli) -> Result<u8, Failure> {
    let common = &cli.common;
    match cli.command {
        Command::Body(command) => body::run(common, command).await,
        Command::Member(command) => people::member(common, command).await,
        Command::Invite(invite) => people::invite(common, invite).await,
        Command::Join { invitation, device_name, recovery_out } => {
            body::join(common, &invitation, &device_name, recovery_out.as_deref()).await
        }
        Command::Device(command) => people::device(common, command).await,
        Command::Sync { follow, record_only, .. } => sync::run(common, follow, record_only).await,
        Command::Publish(publish) => publish::run(common, publish).await,
        Command::Meeting(command) => meeting::run(common, command),
        Command::Paper(command) => papers::paper(common, command),
        Command::Pdf(command) => pdf::run(common, command),
        Command::Poll(command) => poll::run(common, command).await,
        Command::Block(command) => poll::block(common, command).await,
        Command::Conclusion(command) => conclusion::run(common, command).await,
        Command::Position(command) => position::run(common, command).await,
        Command::Form(command) => form::run(common, command).await,
        Command::Vote { poll, choice, text, in_place_of, replace } => {
            poll::vote(common, &poll, &choice, text, in_place_of, replace).await
        }
        Command::Outbox(command) => acts::outbox(common, command).await,
        Command::Attendance(command) => people::attendance(common, command).await,
        Command::Hands(command) => room::hands(common, command).await,
        Command::Floor(command) => room::floor(common, command).await,
        Command::Substitute(command) => room::substitute(common, command).await,
        Command::Note(command) => papers::note(common, command).await,
        Command::Space(command) => papers::space(common, command),
        Command::Sign(sign) => sign::run(common, sign).await,
        Command::Status { meeting } => acts::status(common, meeting).await,
        Command::Receipt(receipt) => acts::receipt(common, receipt),
        Command::Export(export) => acts::export(common, export),
        Command::Payload(command) => acts::payload(common, command).await,
        Command::Doctor => doctor::run(common).await,
        Command::Vault(command) => vault::run(common, command),
        Command::Registrar(command) => root::registrar(common, command).await,
        Command::LogKey(command) => root::log_key(common, command).await,
        Command::Ca(command) => root::ca(common, command).await,
        Command::Level(command) => root::level(common, command).await,
        Command::Epoch(command) => losses::epoch(common, command).await,
        Command::Fork(command) => losses::fork(common, command),
    }
}

/// Sends what waits, if the server is there: what was done is kept either way.
async fn send(client: &Client, body: BodyId) -> Result<(), Failure> {
    match client.sync(body, true).await {
        Err(error) if !Client::is_offline(&error) => Err(error.into()),
        _ => Ok(()),
    }
}

/// An act's state as JSON, and a failure if it was refused.
fn state_of(client: &Client, body: BodyId, statement: StatementId) -> Result<Value, Failure> {
    let act = client.act_state(body, statement)?;
    match act.error {
        Some(error) if act.state == ActState::Refused => Err(Failure(error)),
        _ => Ok(json!({ "statement": statement, "state": act.state })),
    }
}

/// An item of a meeting by its id, or its number on the agenda.
fn item_of(client: &Client, body: BodyId, meeting: &str, item: &str) -> Result<ItemId, Failure> {
    let meeting = client.meeting(body, parse::<MeetingId>(meeting, "meeting")?)?;
    let mut items = meeting.items.iter();
    let found = items.find(|known| known.number.to_string() == item || known.id.to_string() == item);
    Ok(found.ok_or(Failure::new("item.unknown"))?.id)
}

fn parse<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::new("usage.id").with("what", what).with("value", text))
}
