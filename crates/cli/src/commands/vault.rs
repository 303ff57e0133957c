use crate::args::{Common, VaultCommand};
use crate::failure::Failure;
use crate::{home, output};
use ecabinet_client::{Client, Env, uses_keyring};
use ecabinet_record::KeyPair;
use ecabinet_record::code::ungroup;
use serde_json::json;

pub fn run(common: &Common, command: VaultCommand) -> Result<u8, Failure> {
    let path = home::path(common)?;
    match command {
        VaultCommand::Info => {
            let lock = if uses_keyring(&path)? { "keyring" } else { "passphrase" };
            let client = home::open(common)?;
            output::answer(common, "vault info/1", json!({ "lock": lock, "bodies": client.bodies() }));
        }
        VaultCommand::Recover { code_file } => {
            let wrong = || Failure::new("vault.wrong_code");
            let bytes = ungroup(&home::read_text(&code_file)?).map_err(|_| wrong())?;
            let code: [u8; 16] = bytes.get(..16).and_then(|code| code.try_into().ok()).ok_or_else(wrong)?;
            Client::recover(&path, Env::real(), &KeyPair::from_code(&code), &home::lock(common)?)?;
            output::answer(common, "vault recover/1", json!({ "recovered": true }));
        }
        VaultCommand::Wipe { yes: false } => return Err(Failure::new("usage.yes")),
        VaultCommand::Wipe { yes: true } => {
            home::open(common)?.wipe()?;
            output::answer(common, "vault wipe/1", json!({ "wiped": true }));
        }
    }
    Ok(0)
}
