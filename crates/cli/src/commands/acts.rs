use super::{parse, send, state_of};
use crate::args::{Common, Export, OutboxCommand, PayloadCommand, Receipt, ReceiptCommand};
use crate::failure::Failure;
use crate::new_file::NewFile;
use crate::{home, output};
use ecabinet_domain::{BodyId, MeetingId, PublicKey, StatementId};
use serde_json::{Value, json};

pub async fn outbox(common: &Common, command: OutboxCommand) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    match command {
        OutboxCommand::List => {
            let rows: Vec<Value> = client
                .acts(body)?
                .into_iter()
                .map(|act| {
                    json!({
                        "statement": act.statement, "kind": act.kind, "state": act.state,
                        "entry": act.row.index, "code": act.error.map(|error| error.code), "saved_at": act.saved_at,
                    })
                })
                .collect();
            output::answer(common, "outbox list/1", json!({ "acts": rows }));
        }
        OutboxCommand::Retry => {
            let retried = client.retry_acts(body)?;
            send(&client, body).await?;
            output::answer(common, "outbox retry/1", json!({ "retried": retried }));
        }
        OutboxCommand::Drop { yes: false, .. } => return Err(Failure::new("usage.yes")),
        OutboxCommand::Drop { statement, yes: true } => {
            client.drop_act(body, parse(&statement, "statement")?)?;
            output::answer(common, "outbox drop/1", json!({ "statement": statement }));
        }
    }
    Ok(0)
}

pub async fn status(common: &Common, meeting: Option<String>) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    let meeting: Option<MeetingId> = match meeting {
        Some(meeting) => Some(parse(&meeting, "meeting")?),
        None => client.next_meeting(body)?,
    };
    let rows: Vec<Value> = client
        .board(body, meeting)
        .await?
        .into_iter()
        .map(|row| {
            let devices: Vec<Value> = row
                .devices
                .into_iter()
                .map(|device| {
                    json!({
                        "device": device.device, "received_version": device.ready_version,
                        "last_contact": device.last_contact,
                    })
                })
                .collect();
            json!({ "member": row.member, "name": row.name, "devices": devices, "voted": row.voted })
        })
        .collect();
    output::answer(common, "status/1", json!({ "meeting": meeting, "members": rows }));
    Ok(0)
}

pub fn receipt(common: &Common, receipt: Receipt) -> Result<u8, Failure> {
    if let Some(ReceiptCommand::Check { file, log_key }) = receipt.command {
        let body: BodyId = parse(common.body.as_deref().ok_or(Failure::new("usage.body"))?, "body")?;
        let log_key: PublicKey = parse(&log_key, "log key")?;
        let refused = |error: ecabinet_record::receipt::NoProof| Failure::new(&error.to_string());
        let proof = ecabinet_record::Receipt::parse(&home::read_text(&file)?).map_err(refused)?;
        proof.check(body, &log_key).map_err(refused)?;
        let leaf = ecabinet_record::Leaf::parse(&proof.leaf).ok_or(Failure::new("receipt.malformed"))?;
        let answer = json!({
            "holds": true, "statement": leaf.envelope.id(), "index": proof.index, "time": leaf.time,
            "size": proof.checkpoint.size,
        });
        output::answer(common, "receipt check/1", answer);
        return Ok(0);
    }
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    let statement: StatementId = parse(&receipt.statement.unwrap_or_default(), "statement")?;
    let text = client.receipt(body, statement)?;
    match receipt.out {
        Some(out) => {
            NewFile::create(&out)?.write_line(text.trim_end())?;
            output::answer(common, "receipt/1", json!({ "statement": statement, "bytes": text.len() }));
        }
        None if common.json => {
            output::answer(common, "receipt/1", json!({ "statement": statement, "receipt": text }));
        }
        None => print!("{text}"),
    }
    Ok(0)
}

pub fn export(common: &Common, export: Export) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    let meeting = export.meeting.map(|id| parse(&id, "meeting")).transpose()?;
    let exported = client.export(body, meeting)?;
    let zip = export.zip.as_deref().map(NewFile::create).transpose()?;
    if let Some(folder) = &export.out {
        exported.write_folder(folder)?;
    }
    if let Some(zip) = zip {
        zip.write(&exported.zip()?)?;
    }
    output::answer(common, "export/1", serde_json::to_value(exported).expect("plain data"));
    Ok(0)
}

pub async fn payload(common: &Common, command: PayloadCommand) -> Result<u8, Failure> {
    let PayloadCommand::Erase { entry, why } = command;
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    let statement = client.erase_payload(body, entry, &why)?;
    send(&client, body).await?;
    output::answer(common, "payload erase/1", state_of(&client, body, statement)?);
    Ok(0)
}
