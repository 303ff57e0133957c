//! The home that a command works on, and its secret: never an argument, asked for on a terminal only.

use crate::args::{Common, VaultKey};
use crate::failure::Failure;
use ecabinet_client::{Client, Env, Lock, uses_keyring};
use ecabinet_domain::BodyId;
use ecabinet_record::KeyPair;
use ecabinet_record::code::ungroup;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

pub fn path(common: &Common) -> Result<PathBuf, Failure> {
    common.home.clone().ok_or(Failure::new("usage.home"))
}

pub fn open(common: &Common) -> Result<Client, Failure> {
    let home = path(common)?;
    // Not after asking for a PIN that opens nothing any more.
    if let Some(farewell) = Client::farewell(&home, &Env::real())? {
        return Err(farewell.error().into());
    }
    let asks = !uses_keyring(&home).unwrap_or(false);
    Ok(Client::open(&home, Env::real(), &secret(common, asks)?)?)
}

/// Opens the home, or makes a new one.
pub fn open_or_create(common: &Common) -> Result<Client, Failure> {
    let home = path(common)?;
    if uses_keyring(&home).is_ok() {
        return open(common);
    }
    Ok(Client::create(&home, Env::real(), &lock(common)?)?)
}

/// The lock for a new vault.
pub fn lock(common: &Common) -> Result<Lock, Failure> {
    Ok(match common.vault_key {
        VaultKey::Keyring => Lock::Keyring { pin: secret(common, false)? },
        VaultKey::Passphrase => {
            let passphrase = secret(common, true)?;
            if passphrase.is_empty() {
                return Err(Failure::new("usage.passphrase"));
            }
            Lock::Passphrase(passphrase)
        }
    })
}

/// The body that is meant: the only one, or the one named.
pub fn body(common: &Common, client: &Client) -> Result<BodyId, Failure> {
    let bodies = client.bodies();
    match &common.body {
        Some(id) => {
            let mut fitting = bodies.into_iter().filter(|body| body.to_string().starts_with(id));
            fitting.next().ok_or(Failure::new("body.unknown"))
        }
        None if bodies.len() == 1 => Ok(bodies[0]),
        None => Err(Failure::new(if bodies.is_empty() { "body.unknown" } else { "body.which" })),
    }
}

fn secret(common: &Common, needed: bool) -> Result<Zeroizing<String>, Failure> {
    match &common.secret_file {
        None if !needed => Ok(Zeroizing::default()),
        file => read_secret(file.as_deref(), "PIN: "),
    }
}

/// From the file, `-` for standard input; asked for by `prompt` on a terminal.
pub fn read_secret(file: Option<&Path>, prompt: &str) -> Result<Zeroizing<String>, Failure> {
    let secret = Zeroizing::new(match file {
        Some(file) if file == Path::new("-") => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            text
        }
        Some(file) => read_text(file)?,
        None if std::io::stdin().is_terminal() => rpassword::prompt_password(prompt)?,
        None => return Err(Failure::new("usage.secret_file")),
    });
    Ok(Zeroizing::new(secret.trim_end_matches(['\r', '\n']).to_owned()))
}

/// The keys of a printed recovery code, or `wrong`.
pub fn recovery_code(file: &Path, wrong: &str) -> Result<KeyPair, Failure> {
    let bytes = ungroup(&read_text(file)?).ok();
    let code = bytes.as_ref().and_then(|bytes| bytes.get(..16)).and_then(|code| code.try_into().ok());
    code.map(KeyPair::from_code).ok_or(Failure::new(wrong))
}

/// A file's text, or a failure that names it.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::new("file.unreadable").with("path", path.display()).with("detail", error))
}
