use super::{parse, qr, send, state_of};
use crate::args::*;
use crate::failure::Failure;
use crate::new_file::NewFile;
use crate::{home, output, text};
use ecabinet_client::{Client, NewMember, Pair};
use ecabinet_domain::{BodyId, DeviceId, MeetingId, MemberId, StatementId};
use ecabinet_protocol::content::MemberContent;
use serde::Deserialize;
use serde_json::json;
use std::io::IsTerminal;

/// A line of members.csv.
#[derive(Deserialize)]
struct Row {
    id: String,
    name: String,
    title: String,
    offices: String,
    order: u64,
}

pub async fn member(common: &Common, command: MemberCommand) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    match command {
        MemberCommand::Add { file } => {
            let text = home::read_text(&file)?;
            let malformed = |error: &dyn std::fmt::Display| {
                Failure::new("file.malformed").with("path", file.display()).with("detail", error)
            };
            let mut members = Vec::new();
            for row in csv::Reader::from_reader(text.as_bytes()).into_deserialize() {
                let row: Row = row.map_err(|error| malformed(&error))?;
                members.push(NewMember {
                    id: row.id.parse().map_err(|_| malformed(&format!("id {}", row.id)))?,
                    offices: row.offices.split_whitespace().map(str::to_owned).collect(),
                    order: row.order,
                    content: MemberContent { name: row.name, title: row.title },
                });
            }
            let added = client.add_members(body, members)?;
            send(&client, body).await?;
            output::answer(common, "member add/1", json!({ "added": added }));
        }
        MemberCommand::Groups { file } => {
            let set = ecabinet_client::publishing::set_groups(&client, body, &file)?;
            send(&client, body).await?;
            output::answer(common, "member groups/1", json!({ "set": set }));
        }
        MemberCommand::Retire { member } => {
            let statement = client.retire_member(body, parse(&member, "member")?)?;
            send(&client, body).await?;
            output::answer(common, "member retire/1", state_of(&client, body, statement)?);
        }
        MemberCommand::Staff { member, staff } => {
            let staff = staff.iter().map(|person| parse(person, "member")).collect::<Result<Vec<_>, _>>()?;
            let set = client.set_staff(body, parse(&member, "member")?, staff)?;
            send(&client, body).await?;
            let state = set.map(|statement| state_of(&client, body, statement)).transpose()?;
            output::answer(common, "member staff/1", state.unwrap_or(json!({ "statement": null })));
        }
        MemberCommand::List => {
            let rows: Vec<_> = client
                .members(body)?
                .into_iter()
                .map(|row| {
                    json!({
                        "id": row.id, "name": row.name, "title": row.title, "office": row.offices.join(" "),
                        "order": row.order, "since": row.since, "until": row.until, "staff": row.staff,
                    })
                })
                .collect();
            output::answer(common, "member list/1", json!({ "members": rows }));
        }
    }
    Ok(0)
}

pub async fn invite(common: &Common, invite: Invite) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    if let Some(InviteCommand::Revoke { invitation }) = invite.command {
        let statement = client.revoke_invitation(body, parse::<StatementId>(&invitation, "invitation")?)?;
        send(&client, body).await?;
        output::answer(common, "invite revoke/1", state_of(&client, body, statement)?);
        return Ok(0);
    }
    let member: MemberId = parse(&invite.member.unwrap_or_default(), "member")?;
    let valid = duration(&invite.expires)?;
    let out = invite.out.as_deref().map(NewFile::create).transpose()?;
    let picture = invite.qr.as_deref().map(NewFile::create).transpose()?;
    let made = client.invite(body, member, valid)?;
    send(&client, body).await?;
    state_of(&client, body, made.invitation)?;
    let link = made.ticket.link();
    if let Some(out) = out {
        out.write_line(&link)?;
    }
    if let Some(picture) = picture {
        picture.write(&qr::png(&link)?)?;
    }
    let answer = json!({ "invitation": made.invitation, "link": link, "expires": made.expires });
    output::answer(common, "invite/1", answer);
    Ok(0)
}

pub async fn device(common: &Common, command: DeviceCommand) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    match command {
        DeviceCommand::List => {
            let pairs = client.pairs(body)?;
            let rows: Vec<_> = client
                .devices(body)?
                .into_iter()
                .map(|row| {
                    json!({
                        "device": row.device, "member": row.member, "name": row.name,
                        "status": row.status, "enrolled": row.enrolled_at, "own": row.own,
                        "digits": row.digits,
                        "pairing": pairs.iter().find(|(peer, _)| *peer == row.device).map(|(_, pair)| said(pair)),
                    })
                })
                .collect();
            output::answer(common, "device list/1", json!({ "devices": rows }));
        }
        DeviceCommand::Confirm { code_file: Some(file), .. } => {
            client.use_recovery_code(body, &home::recovery_code(&file, "recovery.wrong_code")?).await?;
            output::answer(common, "device confirm/1", json!({ "device": client.device_of(body)? }));
        }
        DeviceCommand::Confirm { device, digits, .. } => {
            let device = parse::<DeviceId>(&device.unwrap_or_default(), "device")?;
            // What the other device has said meanwhile.
            send(&client, body).await?;
            let digits = digits.map(Ok).or_else(|| compared(common, &client, body, device).transpose());
            let statement = client.confirm_device(body, device, digits.transpose()?.as_deref())?;
            send(&client, body).await?;
            output::answer(common, "device confirm/1", state_of(&client, body, statement)?);
        }
        DeviceCommand::Restart => {
            client.restart_pairing(body)?;
            send(&client, body).await?;
            output::answer(common, "device restart/1", json!({ "device": client.device_of(body)? }));
        }
        DeviceCommand::Revoke { device, why } => {
            let statement = client.revoke_device(body, parse::<DeviceId>(&device, "device")?, why)?;
            send(&client, body).await?;
            output::answer(common, "device revoke/1", state_of(&client, body, statement)?);
        }
    }
    Ok(0)
}

fn said(pair: &Pair) -> &'static str {
    match pair {
        Pair::Waiting => "waiting",
        Pair::Digits(_) => "digits",
        Pair::Unanswered => "unanswered",
        Pair::Broken => "broken",
        Pair::Spent => "spent",
    }
}

/// The digits that the person says are on both screens; none where there is nothing to compare.
fn compared(
    common: &Common,
    client: &Client,
    body: BodyId,
    device: DeviceId,
) -> Result<Option<String>, Failure> {
    let row = client.devices(body)?.into_iter().find(|row| row.device == device);
    let Some(digits) = row.and_then(|row| row.digits) else { return Ok(None) };
    if !std::io::stdin().is_terminal() {
        return Err(Failure::new("usage.digits"));
    }
    let (shown, question) = (format!("{} {}", &digits[..3], &digits[3..]), text::compare(common.lang));
    eprint!("{shown}\n{question} ");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    match answer.trim().to_lowercase().as_str() {
        "c" | "có" | "y" | "yes" => Ok(Some(digits)),
        _ => Err(Failure::new("pairing.digits")),
    }
}

pub async fn attendance(common: &Common, command: AttendanceCommand) -> Result<u8, Failure> {
    let (meeting, member, state) = match command {
        AttendanceCommand::Set { meeting, member, state } => (meeting, member, state),
        AttendanceCommand::Claim { meeting, state, why } => {
            return super::room::claim(common, &meeting, state, why).await;
        }
    };
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    let state = super::room::presence(state);
    let (meeting, member): (MeetingId, MemberId) = (parse(&meeting, "meeting")?, parse(&member, "member")?);
    let statement = client.set_attendance(body, meeting, member, state)?;
    send(&client, body).await?;
    output::answer(common, "attendance set/1", state_of(&client, body, statement)?);
    Ok(0)
}

/// `72h`, `30m`, `7d`, `90s` in ms.
fn duration(text: &str) -> Result<u64, Failure> {
    let wrong = || Failure::new("usage.duration").with("value", text);
    let (number, unit) = text.split_at(text.len().saturating_sub(1));
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let unit = match unit {
        "s" => 1000,
        "m" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        "d" => 24 * 60 * 60 * 1000,
        _ => return Err(wrong()),
    };
    number.checked_mul(unit).ok_or_else(wrong)
}
