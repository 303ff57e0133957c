//! The data directory: configuration, secrets, store, chunks.

use crate::app::App;
use crate::chunks::ChunkFolder;
use crate::clock::SystemClock;
use crate::keys::ServerKeys;
use crate::settled::{self, Fault, Settled};
use crate::store::{SqliteStore, Store, StoreError};
use crate::tls::{self, Authority};
use ecabinet_disk::{OsDisk, ensure_dir};
use ecabinet_domain::{BodyId, Hash, PublicKey};
use ecabinet_record::{KeyPair, hash};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where a server serves, if nobody says otherwise.
pub const LISTEN: &str = "0.0.0.0:8443";

/// Certificate and key of the authority that is prepared.
pub(crate) const NEXT_CA: (&str, &str) = ("ca-next.pem", "ca-next.key");

/// What makes a directory a data directory.
pub(crate) const CONFIG: &str = "server.toml";

/// Stands in its place while a copy is being made, and stays if that is cut off.
pub(crate) const UNFINISHED: &str = "server.toml.unfinished";

/// A directory that `init` has made.
#[derive(Debug, Clone)]
pub struct DataDir {
    root: PathBuf,
}

/// `server.toml`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Names and addresses under which clients reach the server; the first is in links.
    pub names: Vec<String>,
    /// `address:port`; port 0: any that is free.
    pub listen: String,
}

/// What `init` tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Initialised {
    pub data: PathBuf,
    /// SHA-256 of the CA's public key: what clients pin.
    pub ca_fingerprint: Hash,
    pub log_key: PublicKey,
    /// Lets its holder create one body, once.
    pub admission_token: String,
    /// The CA's certificate in PEM.
    pub ca_file: PathBuf,
}

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] io::Error),
    #[error("not a server's data directory: {0}")]
    NotInitialised(PathBuf),
    #[error("{0} cannot be read")]
    Damaged(PathBuf),
    #[error("not a host name or address: {0}")]
    Name(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("no randomness")]
    Random,
    #[error("already there: {0}")]
    Exists(PathBuf),
    #[error("a copy into {0} was cut off")]
    Unfinished(PathBuf),
    #[error("another program copies into {0}")]
    Busy(PathBuf),
    #[error("no CA is prepared")]
    NoNextAuthority,
    #[error("the registrar of body {0} has not named it")]
    NotNamed(BodyId),
}

impl DataError {
    pub fn code(&self) -> &'static str {
        match self {
            DataError::Io(..) => "data.io",
            DataError::NotInitialised(_) => "data.not_initialised",
            DataError::Damaged(_) => "data.damaged",
            DataError::Name(_) => "init.name",
            DataError::Store(error) => error.code(),
            DataError::Fault(fault) => fault.code(),
            DataError::Random => "server.no_random",
            DataError::Exists(_) => "data.exists",
            DataError::Unfinished(_) => "data.unfinished",
            DataError::Busy(_) => "data.busy",
            DataError::NoNextAuthority => "ca.none",
            DataError::NotNamed(_) => "ca.not_named",
        }
    }
}

type Result<T> = std::result::Result<T, DataError>;

impl DataDir {
    /// Makes what is not there yet and keeps what is; names and listening address are set anew.
    pub fn init(root: &Path, config: &Config) -> Result<Initialised> {
        if let Some(wrong) = config.names.iter().find(|name| !tls::is_name(name)) {
            return Err(DataError::Name(wrong.clone()));
        }
        if config.names.is_empty() {
            return Err(DataError::Name(String::new()));
        }
        let dir = DataDir { root: root.to_owned() };
        // It would make a data directory of half a copy.
        if dir.path(UNFINISHED).exists() {
            return Err(DataError::Unfinished(dir.root));
        }
        make_private_dir(root)?;
        dir.secret("session.key", || random::<32>().map(hex::encode))?;
        dir.secret("log.key", || random::<64>().map(hex::encode))?;
        // The key first: a certificate without its key would be of no use.
        let key = dir.secret("ca.key", || Ok(tls::new_key()))?;
        dir.public("ca.pem", || tls::new_authority(&key))?;
        let token = dir.secret("admission-token", || random::<16>().map(hex::encode))?;
        dir.store()?.add_token(token_hash(&token), 1)?;
        let config = toml::to_string(config).expect("plain data");
        write_whole(&dir.path(CONFIG), config.as_bytes(), 0o644)?;
        let keys = dir.keys()?;
        Ok(Initialised {
            data: dir.root.clone(),
            ca_fingerprint: keys.ca,
            log_key: keys.log_key(),
            admission_token: token,
            ca_file: dir.path("ca.pem"),
        })
    }

    pub fn open(root: &Path) -> Result<DataDir> {
        let dir = DataDir { root: root.to_owned() };
        match dir.path(CONFIG).exists() {
            true => Ok(dir),
            false if dir.path(UNFINISHED).exists() => Err(DataError::Unfinished(dir.root)),
            false => Err(DataError::NotInitialised(dir.root)),
        }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn config(&self) -> Result<Config> {
        let path = self.path(CONFIG);
        toml::from_str(&read(&path)?).map_err(|_| DataError::Damaged(path))
    }

    pub fn store(&self) -> Result<SqliteStore> {
        Ok(SqliteStore::open(&self.path("record.db"))?)
    }

    pub fn chunks(&self) -> Result<ChunkFolder> {
        let path = self.path("chunks");
        ChunkFolder::open(&path).map_err(|error| DataError::Io(path, error))
    }

    pub fn authority(&self) -> Result<Authority> {
        self.read_authority("ca.pem", "ca.key")
    }

    /// The authority that will take the place of ours; none if none is prepared.
    pub fn next_authority(&self) -> Result<Option<Authority>> {
        let there = self.path(NEXT_CA.0).exists();
        there.then(|| self.read_authority(NEXT_CA.0, NEXT_CA.1)).transpose()
    }

    /// Prepares another authority, or gives the one that is prepared. Gives its certificate's file.
    pub fn prepare_authority(&self) -> Result<(Hash, PathBuf)> {
        let key = self.secret(NEXT_CA.1, || Ok(tls::new_key()))?;
        self.public(NEXT_CA.0, || tls::new_authority(&key))?;
        let next = self.read_authority(NEXT_CA.0, NEXT_CA.1)?;
        Ok((next.key_hash(), self.path(NEXT_CA.0)))
    }

    /// Puts the authority that is prepared in the place of ours, from the next start on. Unless `now`, every body's
    /// registrar must have named it first: devices find the server by it.
    pub fn use_next_authority(&self, now: bool) -> Result<Hash> {
        let next = self.next_authority()?.ok_or(DataError::NoNextAuthority)?.key_hash();
        let store: Arc<dyn Store> = Arc::new(self.store()?);
        for body in store.bodies()? {
            let settled = Settled::open(store.clone(), body)?;
            if !now && settled::state(&settled.read()).ca != next {
                return Err(DataError::NotNamed(body));
            }
        }
        for (next, ours, mode) in [(NEXT_CA.1, "ca.key", 0o600), (NEXT_CA.0, "ca.pem", 0o644)] {
            write_whole(&self.path(ours), read(&self.path(next))?.as_bytes(), mode)?;
        }
        for file in [NEXT_CA.0, NEXT_CA.1] {
            let path = self.path(file);
            fs::remove_file(&path).map_err(|error| DataError::Io(path, error))?;
        }
        Ok(next)
    }

    fn read_authority(&self, certificate: &str, key: &str) -> Result<Authority> {
        let (pem, secret) = (read(&self.path(certificate))?, read(&self.path(key))?);
        Authority::read(&pem, &secret).ok_or(DataError::Damaged(self.path(certificate)))
    }

    pub fn keys(&self) -> Result<ServerKeys> {
        let session = self.hex::<32>("session.key")?;
        // One key a line, oldest first.
        let path = self.path("log.key");
        let log: Option<Vec<KeyPair>> =
            read(&path)?.lines().map(|line| Some(KeyPair::from_seed(&seed(line)?))).collect();
        let log = log.filter(|keys| !keys.is_empty()).ok_or(DataError::Damaged(path))?;
        let mut keys = ServerKeys::new(log, self.authority()?.key_hash(), session);
        keys.next_ca = self.next_authority()?.map(|next| next.key_hash());
        Ok(keys)
    }

    /// Makes the log a new key. It signs the records of bodies created from the next start on, and of one already there
    /// once its registrar has said so; former keys are kept.
    pub fn add_log_key(&self) -> Result<PublicKey> {
        let (path, seed) = (self.path("log.key"), random::<64>()?);
        let keys = format!("{}\n{}", read(&path)?, hex::encode(seed));
        write_whole(&path, keys.as_bytes(), 0o600)?;
        Ok(KeyPair::from_seed(&seed).public().sign)
    }

    /// The server over this directory, with the machine's clocks.
    pub fn app(&self) -> Result<App> {
        let (store, chunks) = (Arc::new(self.store()?), Arc::new(self.chunks()?));
        Ok(App::open(store, chunks, self.keys()?, Arc::new(SystemClock))?)
    }

    /// Ends the hold of every record after a restore. Gives the bodies, each with the size up to which entries are still
    /// awaited: for these it goes on waiting.
    pub fn release(&self) -> Result<Vec<(BodyId, Option<u64>)>> {
        let store = self.store()?;
        let release = |body| {
            store.release(body)?;
            Ok((body, store.waits(body)?.awaited.map(|awaited| awaited.size)))
        };
        store.bodies()?.into_iter().map(release).collect()
    }

    /// A token that lets its holder create so many bodies.
    pub fn admission_token(&self, bodies: u32) -> Result<String> {
        let token = hex::encode(random::<16>()?);
        self.store()?.add_token(token_hash(&token), bodies)?;
        Ok(token)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn hex<const N: usize>(&self, name: &str) -> Result<[u8; N]> {
        let path = self.path(name);
        ecabinet_domain::from_hex(&read(&path)?).ok_or(DataError::Damaged(path))
    }

    fn secret(&self, name: &str, make: impl FnOnce() -> Result<String>) -> Result<String> {
        self.kept(name, 0o600, make)
    }

    fn public(&self, name: &str, make: impl FnOnce() -> String) -> Result<String> {
        self.kept(name, 0o644, || Ok(make()))
    }

    fn kept(&self, name: &str, mode: u32, make: impl FnOnce() -> Result<String>) -> Result<String> {
        let path = self.path(name);
        if !path.exists() {
            write_whole(&path, make()?.as_bytes(), mode)?;
        }
        read(&path)
    }
}

fn seed(line: &str) -> Option<[u8; 64]> {
    ecabinet_domain::from_hex(line)
}

pub(crate) fn token_hash(token: &str) -> Hash {
    hash::sha256(token.trim().as_bytes())
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| DataError::Random)?;
    Ok(bytes)
}

fn read(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path).map_err(|error| DataError::Io(path.to_owned(), error))?;
    Ok(text.trim_end().to_owned())
}

/// Makes a folder and those above it so that they are there after a power cut too; open to its user only.
pub(crate) fn make_private_dir(path: &Path) -> Result<()> {
    ensure_dir(&OsDisk, path).map_err(|error| DataError::Io(path.to_owned(), error))
}

/// Writes a file so that readers find it whole or not at all.
pub(crate) fn write_whole(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let fail = |error| DataError::Io(path.to_owned(), error);
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!(".{}.new", std::process::id()));
    let temporary = PathBuf::from(temporary);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    let mut file: File = options.open(&temporary).map_err(fail)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(fail)?;
    fs::rename(&temporary, path).map_err(fail)?;
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    crate::chunks::sync_dir(dir).map_err(fail)
}

/// Writes what tells others that the server accepts: whole or not at all.
pub fn write_ready(path: &Path, text: &str) -> Result<()> {
    write_whole(path, text.as_bytes(), 0o644)
}
