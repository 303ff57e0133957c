use crate::args::{BodyCommand, Common};
use crate::failure::Failure;
use crate::new_file::NewFile;
use crate::{home, output};
use ecabinet_client::{NewBody, ca_hash};
use ecabinet_protocol::Zone;
use ecabinet_protocol::content::{Deadlines, Head, Text};
use ecabinet_record::invitation::Ticket;
use serde::Deserialize;
use serde_json::json;
use std::path::Path;

/// What of body.toml makes a body; the rest are settings that other commands read.
#[derive(Deserialize)]
struct Config {
    name: Text,
    #[serde(default)]
    locale: Locale,
    #[serde(default)]
    policy: Policy,
    head: Option<Head>,
    #[serde(default)]
    deadlines: Deadlines,
    #[serde(default)]
    rule: toml::Table,
}

#[derive(Deserialize, Default)]
struct Policy {
    #[serde(default)]
    paper_export: bool,
}

#[derive(Deserialize, Default)]
struct Locale {
    #[serde(default)]
    timezone: Zone,
}

pub async fn run(common: &Common, command: BodyCommand) -> Result<u8, Failure> {
    let BodyCommand::Create { server, ca, token_file, config, recovery_out } = command;
    let text = home::read_text(&config)?;
    let config: Config = toml::from_str(&text).map_err(|error| {
        Failure::new("config.malformed").with("path", config.display()).with("detail", error)
    })?;
    let certificate =
        std::fs::read(&ca).map_err(|error| Failure::new("ca.unreadable").with("detail", error))?;
    let token = home::read_text(&token_file)?.trim().to_owned();
    let recovery = NewFile::create(&recovery_out)?;
    let rules = super::poll::read_rules(&config.rule)?;
    let client = home::open_or_create(common)?;
    let server = address(&server);
    let new = NewBody {
        server,
        ca: ca_hash(&certificate)?,
        token,
        name: config.name,
        rules,
        timezone: config.locale.timezone,
        paper_export: config.policy.paper_export,
        head: config.head,
        deadlines: config.deadlines,
    };
    let created = client.create_body(new).await?;
    recovery.write_line(&created.recovery_code)?;
    // Until here the same command gives the same body and tells it again.
    client.recovery_code_told(created.body)?;
    let registrars = client.device_of(created.body)?;
    let mut answer = super::root::changed(&[registrars]);
    (answer["body"], answer["device"]) = (json!(created.body), json!(registrars));
    output::answer(common, "body create/1", answer);
    Ok(0)
}

pub async fn join(
    common: &Common,
    invitation: &str,
    device_name: &str,
    recovery_out: Option<&Path>,
) -> Result<u8, Failure> {
    let text = match Path::new(invitation) {
        file if file.is_file() => home::read_text(file)?,
        _ => invitation.to_owned(),
    };
    let ticket = Ticket::parse(&text).map_err(|mistyped| match mistyped {
        ecabinet_record::code::Mistyped::Group(group) => {
            Failure::new("invitation.mistyped").with("group", group)
        }
        ecabinet_record::code::Mistyped::Length => Failure::new("invitation.mistyped").with("group", "?"),
    })?;
    let recovery = recovery_out.map(NewFile::create).transpose()?;
    let client = home::open_or_create(common)?;
    let joined = client.join(&ticket, device_name).await?;
    let mut answer = json!({
        "body": joined.body,
        "member": joined.member,
        "device": joined.device,
        "pending": joined.pending,
    });
    let (code, written) = (joined.recovery_code, recovery.is_some());
    match (&code, recovery) {
        (Some(code), Some(file)) => file.write_line(code)?,
        (Some(code), None) => answer["recovery_code"] = json!(code),
        (None, _) => {}
    }
    let answered = output::answer(common, "join/1", answer);
    // Until here the same command tells it again.
    if code.is_some() && (written || answered) {
        client.recovery_code_told(joined.body)?;
    }
    Ok(0)
}

/// `host:port` of what may be typed as a URL.
pub(super) fn address(server: &str) -> String {
    server.trim_start_matches("https://").trim_end_matches('/').to_owned()
}
