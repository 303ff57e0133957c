//! The sync API over HTTPS.

use super::Dial;
use super::tls::{self, CaPin};
use crate::error::{Error, Result};
use async_trait::async_trait;
use bytes::Bytes;
use ecabinet_domain::{BodyId, Hash};
use ecabinet_protocol::content::ChunkName;
use ecabinet_protocol::pairing::{PairStep, Pairing};
use ecabinet_protocol::space::{SealedKey, StoredOp};
use ecabinet_protocol::sync::*;
use ecabinet_protocol::{ApiError, wire};
use ecabinet_record::KeyPair;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;

pub struct HttpDial;

/// One server, with or without a session.
struct Http {
    client: reqwest::Client,
    base: String,
    token: Option<String>,
}

#[async_trait]
impl Dial for HttpDial {
    async fn gate(&self, server: &str, pin: &CaPin) -> Result<Arc<dyn Gate>> {
        Ok(Arc::new(Http::new(server, pin)?))
    }

    async fn connect(
        &self,
        server: &str,
        pin: &CaPin,
        body: BodyId,
        who: Who,
        keys: &KeyPair,
    ) -> Result<Arc<dyn Connection>> {
        let mut http = Http::new(server, pin)?;
        let challenge: Hash = http.call(wire::path::CHALLENGE, &()).await?;
        let signature = keys.sign(&session_message(body, &who, &challenge));
        let request = SessionRequest { body, who, challenge, signature };
        let answer: SessionAnswer = http.call(wire::path::SESSION, &request).await?;
        http.token = Some(answer.token);
        Ok(Arc::new(http))
    }
}

impl Http {
    fn new(server: &str, pin: &CaPin) -> Result<Http> {
        let client = reqwest::Client::builder()
            .use_preconfigured_tls(tls::config(pin.clone())?)
            .no_proxy()
            .https_only(true)
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(60))
            .build()
            .map_err(|error| Error::new("tls.failed").with("detail", error))?;
        Ok(Http { client, base: format!("https://{server}"), token: None })
    }

    async fn send(&self, path: &str, content_type: &str, body: Vec<u8>) -> Answer<reqwest::Response> {
        let mut request =
            self.client.post(format!("{}{path}", self.base)).header("content-type", content_type);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.body(body).send().await.map_err(unreachable)?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let body = response.bytes().await.map_err(unreachable)?;
        Err(wire::decode(&body).unwrap_or_else(|| ApiError::new("server.failed").with("status", status)))
    }

    async fn call<Q: Serialize, A: DeserializeOwned>(&self, path: &str, request: &Q) -> Answer<A> {
        let response = self.send(path, wire::MSGPACK, wire::encode(request)).await?;
        let body = response.bytes().await.map_err(unreachable)?;
        wire::decode(&body).ok_or_else(|| ApiError::new("server.answer").with("path", path))
    }
}

/// What kept the request from being answered.
fn unreachable(error: reqwest::Error) -> ApiError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    let mut detail = String::new();
    while let Some(at) = cause {
        // A certificate that is not the pinned one is no passing fault.
        if at.is::<rustls::Error>() {
            return ApiError::new("tls.untrusted").with("detail", at);
        }
        detail = at.to_string();
        // An I/O error does not name what it wraps as its source.
        let wrapped = at.downcast_ref::<std::io::Error>().and_then(|io| io.get_ref());
        cause = match wrapped {
            Some(inner) => Some(inner),
            None => at.source(),
        };
    }
    ApiError::new("net.unreachable").with("detail", detail)
}

#[async_trait]
impl Gate for Http {
    async fn info(&self) -> Answer<ServerInfo> {
        self.call(wire::path::INFO, &()).await
    }

    async fn create_body(&self, request: CreateBody) -> Answer<String> {
        self.call(wire::path::CREATE_BODY, &request).await
    }

    async fn find_body(&self, prefix: [u8; 16]) -> Answer<BodyId> {
        self.call(wire::path::FIND_BODY, &ecabinet_domain::Nonce(prefix)).await
    }
}

#[async_trait]
impl Connection for Http {
    async fn entries(&self, from: u64) -> Answer<EntriesPage> {
        self.call(wire::path::ENTRIES, &from).await
    }

    async fn payloads(&self, indexes: Vec<u64>) -> Answer<Vec<PayloadAt>> {
        self.call(wire::path::PAYLOADS, &indexes).await
    }

    async fn submit(&self, request: Submit) -> Answer<SubmitAnswer> {
        self.call(wire::path::SUBMIT, &request).await
    }

    async fn missing_chunks(&self, names: Vec<ChunkName>) -> Answer<Vec<ChunkName>> {
        self.call(wire::path::MISSING_CHUNKS, &names).await
    }

    async fn put_chunks(&self, chunks: Vec<(ChunkName, Bytes)>) -> Answer<()> {
        let mut body = Vec::new();
        for (name, bytes) in &chunks {
            body.extend(wire::frame_head(name, bytes.len()));
            body.extend_from_slice(bytes);
        }
        self.send(wire::path::PUT_CHUNKS, wire::FRAMES, body).await?;
        Ok(())
    }

    async fn chunks(
        &self,
        request: WantChunks,
        take: &mut (dyn FnMut(ChunkName, Bytes) -> bool + Send),
    ) -> Answer<()> {
        let mut response = self.send(wire::path::CHUNKS, wire::MSGPACK, wire::encode(&request)).await?;
        let mut frames = wire::Frames::default();
        while let Some(part) = response.chunk().await.map_err(unreachable)? {
            frames.push(&part);
            while let Some((name, bytes)) = frames.next_frame().map_err(|_| ApiError::new("server.answer"))? {
                if !take(name, bytes) {
                    return Ok(());
                }
            }
        }
        if frames.is_empty() { Ok(()) } else { Err(ApiError::new("net.cut")) }
    }

    async fn spaces(&self) -> Answer<Vec<SpaceInfo>> {
        self.call(wire::path::SPACES, &()).await
    }

    async fn shared(&self) -> Answer<Vec<SpaceInfo>> {
        match self.call(wire::path::SHARED, &()).await {
            // A server from before anything was shared.
            Err(error) if error.code == "request.unknown" => Ok(Vec::new()),
            answer => answer,
        }
    }

    async fn shared_keys(&self, space: SpaceId) -> Answer<SharedKeys> {
        self.call(wire::path::SHARED_KEYS, &space).await
    }

    async fn append_ops(&self, ops: Vec<StoredOp>) -> Answer<()> {
        self.call(wire::path::APPEND_OPS, &ops).await
    }

    async fn ops(&self, space: SpaceId, from: u64) -> Answer<Vec<StoredOp>> {
        self.call(wire::path::OPS, &(space, from)).await
    }

    async fn put_space_keys(&self, keys: Vec<SealedKey>) -> Answer<()> {
        self.call(wire::path::PUT_SPACE_KEYS, &keys).await
    }

    async fn space_keys(&self) -> Answer<Vec<SealedKey>> {
        self.call(wire::path::SPACE_KEYS, &()).await
    }

    async fn pair(&self, steps: Vec<PairStep>) -> Answer<Vec<Pairing>> {
        self.call(wire::path::PAIR, &steps).await
    }

    async fn report(&self, reports: Vec<Report>) -> Answer<()> {
        match self.call(wire::path::REPORTS, &reports).await {
            // A server from before they could be said together.
            Err(error) if error.code == "request.unknown" => {}
            answer => return answer,
        }
        for report in reports {
            let () = self.call(wire::path::REPORT, &report).await?;
        }
        Ok(())
    }

    async fn board(&self) -> Answer<Vec<DeviceReport>> {
        self.call(wire::path::BOARD, &()).await
    }

    async fn ahead(&self, ahead: Ahead) -> Answer<u64> {
        self.call(wire::path::AHEAD, &ahead).await
    }

    async fn hand_back(&self, back: HandBack) -> Answer<()> {
        self.call(wire::path::HAND_BACK, &back).await
    }

    async fn lacking(&self) -> Answer<Lacking> {
        self.call(wire::path::LACKING, &()).await
    }

    async fn put_payloads(&self, payloads: Vec<PayloadAt>) -> Answer<()> {
        self.call(wire::path::PUT_PAYLOADS, &payloads).await
    }

    async fn wait(&self, size: u64) -> Answer<u64> {
        self.call(wire::path::WAIT, &size).await
    }
}
