use crate::args::{Common, VaultCommand};
use crate::failure::Failure;
use crate::{home, output};
use ecabinet_client::{Client, Env, uses_keyring};
use serde_json::json;

pub fn run(common: &Common, command: VaultCommand) -> Result<u8, Failure> {
    let path = home::path(common)?;
    match command {
        VaultCommand::Info => {
            let client = home::open(common)?;
            let lock = if uses_keyring(&path)? { "keyring" } else { "passphrase" };
            output::answer(common, "vault info/1", json!({ "lock": lock, "bodies": client.bodies() }));
        }
        VaultCommand::Recover { code_file } => {
            let code = home::recovery_code(&code_file, "vault.wrong_code")?;
            Client::recover(&path, Env::real(), &code, &home::lock(common)?)?;
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
