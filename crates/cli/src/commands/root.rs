use super::{parse, send, state_of};
use crate::args::{CaCommand, Common, LevelCommand, LogKeyCommand, RegistrarCommand};
use crate::failure::Failure;
use crate::new_file::NewFile;
use crate::{home, output};
use ecabinet_client::ca_hash;
use ecabinet_domain::{DeviceId, DeviceKeys, Hash, PublicKey};
use ecabinet_record::code::{groups, ungroup};
use ecabinet_record::device_id;
use serde_json::{Value, json};
use std::path::Path;

pub async fn registrar(common: &Common, command: RegistrarCommand) -> Result<u8, Failure> {
    match command {
        RegistrarCommand::Offer { server, ca, out } => {
            let body = parse(common.body.as_deref().ok_or(Failure::new("usage.body"))?, "body")?;
            let file = NewFile::create(&out)?;
            let ca = read_ca(&ca)?;
            let client = home::open_or_create(common)?;
            let keys = client.offer_registrar(&super::body::address(&server), ca, body)?;
            file.write_line(&groups(&[keys.sign.0, keys.enc.0].concat()))?;
            output::answer(common, "registrar offer/1", json!({ "body": body, "device": device_id(&keys) }));
        }
        RegistrarCommand::Change { recovery_file: Some(file), .. } => {
            let client = home::open(common)?;
            let body = home::body(common, &client)?;
            let statement = client.recover_registrar(body, &read_code(&file)?).await?;
            let answer = changed(&client.registrars(body)?);
            output::answer(common, "registrar change/1", with(answer, "statement", json!(statement)));
        }
        RegistrarCommand::Change { add, remove, recovery_file: None } => {
            let client = home::open(common)?;
            let body = home::body(common, &client)?;
            let add = add.iter().map(|file| read_keys(file)).collect::<Result<_, _>>()?;
            let remove: Result<Vec<DeviceId>, _> = remove.iter().map(|id| parse(id, "device")).collect();
            let statement = client.change_registrars(body, add, remove?)?;
            send(&client, body).await?;
            let state = state_of(&client, body, statement)?;
            let answer = with(changed(&client.registrars(body)?), "statement", state["statement"].clone());
            output::answer(common, "registrar change/1", with(answer, "state", state["state"].clone()));
        }
        RegistrarCommand::List => {
            let client = home::open(common)?;
            let body = home::body(common, &client)?;
            output::answer(common, "registrar list/1", changed(&client.registrars(body)?));
        }
    }
    Ok(0)
}

pub async fn log_key(common: &Common, command: LogKeyCommand) -> Result<u8, Failure> {
    let LogKeyCommand::Rotate { key } = command;
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    let expected: Option<PublicKey> = key.map(|key| parse(&key, "log key")).transpose()?;
    let (statement, key) = client.rotate_log_key(body, expected).await?;
    send(&client, body).await?;
    let state = state_of(&client, body, statement)?;
    output::answer(common, "log-key rotate/1", with(state, "log_key", json!(key)));
    Ok(0)
}

pub async fn ca(common: &Common, command: CaCommand) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    match command {
        CaCommand::Rotate { ca } => {
            let ca = read_ca(&ca)?;
            let statement = client.set_ca(body, ca)?;
            send(&client, body).await?;
            let state = state_of(&client, body, statement)?;
            output::answer(common, "ca rotate/1", with(state, "ca", json!(ca)));
        }
        CaCommand::Accept { ca } => {
            let ca = read_ca(&ca)?;
            client.accept_ca(body, ca)?;
            output::answer(common, "ca accept/1", json!({ "ca": ca }));
        }
    }
    Ok(0)
}

pub async fn level(common: &Common, command: LevelCommand) -> Result<u8, Failure> {
    match command {
        LevelCommand::Raise { yes: false } => return Err(Failure::new("usage.yes")),
        LevelCommand::Raise { yes: true } => {
            let client = home::open(common)?;
            let body = home::body(common, &client)?;
            let (statement, level) = client.raise_level(body)?;
            send(&client, body).await?;
            let state = state_of(&client, body, statement)?;
            output::answer(common, "level raise/1", with(state, "level", json!(level)));
        }
    }
    Ok(0)
}

/// The registrars, and the advice that goes with one alone.
pub(super) fn changed(registrars: &[DeviceId]) -> Value {
    let advice = (registrars.len() < 2).then_some("registrar.second");
    json!({ "registrars": registrars, "advice": advice })
}

fn with(mut answer: Value, name: &str, value: Value) -> Value {
    answer[name] = value;
    answer
}

fn read_ca(path: &Path) -> Result<Hash, Failure> {
    let certificate =
        std::fs::read(path).map_err(|error| Failure::new("ca.unreadable").with("detail", error))?;
    Ok(ca_hash(&certificate)?)
}

/// The body's printed recovery key.
pub(super) fn read_code(path: &Path) -> Result<[u8; 16], Failure> {
    let wrong = || Failure::new("registrar.wrong_code");
    let bytes = ungroup(&home::read_text(path)?).map_err(|_| wrong())?;
    bytes.get(..16).and_then(|code| code.try_into().ok()).ok_or_else(wrong)
}

/// What `registrar offer` has written.
fn read_keys(path: &Path) -> Result<DeviceKeys, Failure> {
    let malformed = || Failure::new("file.malformed").with("path", path.display());
    let bytes = ungroup(&home::read_text(path)?).map_err(|_| malformed())?;
    let (sign, rest) = bytes.split_first_chunk::<32>().ok_or_else(malformed)?;
    let (enc, _) = rest.split_first_chunk::<32>().ok_or_else(malformed)?;
    Ok(DeviceKeys { sign: PublicKey(*sign), enc: PublicKey(*enc) })
}
