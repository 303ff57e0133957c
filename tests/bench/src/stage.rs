//! A real server process over a record that was made beforehand, and what speaks to it: raw devices, and `curl`.

use crate::maker::{Device, Maker};
use anyhow::{Context, Result, ensure};
use ecabinet_client::{CaPin, Dial, HttpDial};
use ecabinet_domain::{BodyId, Hash};
use ecabinet_protocol::sync::{Connection, SessionAnswer, SessionRequest, Who, session_message};
use ecabinet_protocol::wire;
use ecabinet_record::hash::sha256;
use ecabinet_server::DataDir;
use ecabinet_server::store::{Append, Head, Step, Store};
use ecabinet_tests::Server;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

pub struct Stage {
    pub dir: PathBuf,
    pub server: Server,
    pub body: BodyId,
    pub ca: Hash,
}

impl Stage {
    /// The record is what `make` makes, given the server's keys and address.
    pub fn open(dir: &Path, make: impl FnOnce(ServerKeys) -> Maker) -> Result<(Stage, Maker)> {
        rustls::crypto::ring::default_provider().install_default().ok();
        let mut server = Server::start(dir);
        server.kill();
        let data = DataDir::open(&server.data)?;
        let keys = data.keys()?;
        let given = ServerKeys { log: keys.log_key(), ca: keys.ca, address: server.address.clone() };
        let maker = make(given);
        let body = maker.replica.body().context("a genesis")?;
        let store = data.store()?;
        fill(&store, &maker)?;
        drop(store);
        server.resume();
        Ok((Stage { dir: dir.to_owned(), server, body, ca: keys.ca }, maker))
    }

    /// A raw device's connection.
    pub async fn connect(&self, device: &Device) -> Result<Arc<dyn Connection>> {
        let pin = CaPin::whole(self.ca);
        let who = Who::Device(device.id);
        Ok(HttpDial.connect(&self.server.address, &pin, self.body, who, &device.keys()).await?)
    }

    /// `curl` with a session of this device; `address` if not the server's own.
    pub fn curl(&self, device: &Device, address: Option<&str>) -> Result<Curl> {
        let address = address.unwrap_or(&self.server.address).to_owned();
        let mut curl =
            Curl { dir: self.dir.clone(), address, ca: self.server.ca_file.clone(), token: String::new() };
        let challenge: Hash = curl.call(wire::path::CHALLENGE, &())?;
        let who = Who::Device(device.id);
        let signature = device.keys().sign(&session_message(self.body, &who, &challenge));
        let request = SessionRequest { body: self.body, who, challenge, signature };
        let answer: SessionAnswer = curl.call(wire::path::SESSION, &request)?;
        curl.token = answer.token;
        Ok(curl)
    }
}

/// What a genesis must name, and where its clients go.
pub struct ServerKeys {
    pub log: ecabinet_domain::PublicKey,
    pub ca: Hash,
    pub address: String,
}

/// Puts a made record into a store, in one step.
pub fn fill(store: &dyn Store, maker: &Maker) -> Result<()> {
    let body = maker.replica.body().context("a genesis")?;
    // One for each body.
    let token = sha256(&body.0);
    store.add_token(token, 1)?;
    let root = maker.replica.tree().root_at(1).context("a genesis")?;
    store.create_body(body, &maker.entries[0], root, token)?;
    let (from, entries) = (Head { size: 1, root }, &maker.entries[1..]);
    let root = maker.replica.tree().root();
    Ok(store.append(body, &Append { from, entries, root, erase: &[], step: Step::Usual })?)
}

/// The peer of downloads: the same bytes from the same server.
pub struct Curl {
    dir: PathBuf,
    address: String,
    ca: PathBuf,
    token: String,
}

impl Curl {
    fn call<A: serde::de::DeserializeOwned>(&self, path: &str, request: &impl serde::Serialize) -> Result<A> {
        let (ask, answer) = (self.dir.join("curl.ask"), self.dir.join("curl.answer"));
        std::fs::write(&ask, wire::encode(request))?;
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--http1.1", "--cacert"]).arg(&self.ca);
        curl.args(["--header", &format!("content-type: {}", wire::MSGPACK), "--data-binary"]);
        curl.arg(format!("@{}", ask.display())).arg("--output").arg(&answer);
        let done = curl.arg(format!("https://{}{path}", self.address)).status().context("curl")?;
        ensure!(done.success(), "curl {path}: {done}");
        wire::decode(&std::fs::read(&answer)?).with_context(|| format!("the answer of {path}"))
    }

    /// Writes the requests down, so that only fetching is timed afterwards.
    pub fn prepare(&self, requests: &[Vec<u8>]) -> Result<PathBuf> {
        let mut config = String::new();
        for (at, request) in requests.iter().enumerate() {
            let ask = self.dir.join(format!("curl.ask{at}"));
            std::fs::write(&ask, request)?;
            if at > 0 {
                config += "next\n";
            }
            config += &format!(
                "silent\nshow-error\nfail\nhttp1.1\ncacert = \"{}\"\nheader = \"content-type: {}\"\n\
                 header = \"authorization: Bearer {}\"\ndata-binary = \"@{}\"\nurl = \"https://{}{}\"\n",
                self.ca.display(),
                wire::MSGPACK,
                self.token,
                ask.display(),
                self.address,
                wire::path::CHUNKS,
            );
        }
        let path = self.dir.join("curl.config");
        std::fs::write(&path, config)?;
        Ok(path)
    }

    /// One `curl` process for all requests, over one connection, into one file that is then synced. Gives the bytes.
    pub fn fetch(&self, config: &Path) -> Result<u64> {
        let path = self.dir.join("curl.out");
        let file = std::fs::File::create(&path)?;
        let done = Command::new("curl").arg("--config").arg(config).stdout(file.try_clone()?).status()?;
        ensure!(done.success(), "curl: {done}");
        file.sync_all()?;
        Ok(file.metadata()?.len())
    }
}
