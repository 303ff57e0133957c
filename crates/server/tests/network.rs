//! The program and its HTTPS: init, serve, and a client that pins the CA.

mod kit;

use ecabinet_domain::*;
use ecabinet_protocol::ApiError;
use ecabinet_protocol::content::{self, BodyContent, Text};
use ecabinet_protocol::sync::*;
use ecabinet_protocol::wire::{self, path};
use ecabinet_record::{Checkpoint, Envelope, KeyPair, Payload, hash};
use ecabinet_server::{Config, DataDir, Server};
use kit::random;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;

async fn start(dir: &std::path::Path) -> (Server, ecabinet_server::data::Initialised) {
    let config = Config { names: vec!["localhost".into(), "127.0.0.1".into()], listen: "127.0.0.1:0".into() };
    let made = DataDir::init(dir, &config).unwrap();
    assert_eq!(DataDir::init(dir, &config).unwrap(), made, "safe to repeat");
    let server = Server::start(&DataDir::open(dir).unwrap()).await.unwrap();
    (server, made)
}

fn tls(ca_pem: &[u8], versions: &[&'static rustls::SupportedProtocolVersion]) -> rustls::ClientConfig {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca_pem).unwrap()).unwrap();
    rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

struct Http {
    client: reqwest::Client,
    url: String,
    token: Option<String>,
}

impl Http {
    fn new(server: &Server, config: rustls::ClientConfig) -> Http {
        let client = reqwest::Client::builder().use_preconfigured_tls(config).no_proxy().https_only(true);
        Http { client: client.build().unwrap(), url: server.url().to_owned(), token: None }
    }

    async fn send(&self, path: &str, body: Vec<u8>) -> reqwest::Response {
        let mut request = self.client.post(format!("{}{path}", self.url)).body(body);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        request.send().await.unwrap()
    }

    async fn call<A: DeserializeOwned>(&self, path: &str, request: &impl Serialize) -> Answer<A> {
        let response = self.send(path, wire::encode(request)).await;
        let ok = response.status().is_success();
        let body = response.bytes().await.unwrap();
        if ok { Ok(wire::decode(&body).unwrap()) } else { Err(wire::decode::<ApiError>(&body).unwrap()) }
    }
}

fn genesis(keys: &KeyPair, info: &ServerInfo) -> Offer {
    let act = act::BodyGenesis {
        registrars: vec![keys.public()],
        recovery: KeyPair::from_seed(&random()).public(),
        log_key: info.log_key,
        ca: info.ca,
        level: Int::from(1),
    };
    let content = BodyContent {
        name: Text::vi("UBND"),
        chunk_key: Hash([1; 32]),
        rules: vec![],
        timezone: None,
        paper_export: false,
        head: None,
        deadlines: Default::default(),
    };
    let payload = Payload { salt: random(), bytes: content::write(&content) };
    let header = Header {
        body: None,
        level: 1,
        device: keys.id(),
        nonce: Nonce(random()),
        claimed: Int::from(1),
        seen: Seen { size: Int::from(0), root: hash::sha256(b"") },
        capacity: As(As::REGISTRAR.into()),
        act: act.into(),
        payload: Some(payload.commitment()),
        audience: vec![Audience::All],
    };
    Offer::new(Envelope::sign(&header, keys), Some(payload))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_pins_the_ca_creates_a_body_and_reads_it() {
    let dir = tempfile::tempdir().unwrap();
    let (server, made) = start(&dir.path().join("data")).await;
    let ca = std::fs::read(&made.ca_file).unwrap();
    let mut http = Http::new(&server, tls(&ca, &[&rustls::version::TLS13]));
    let info: ServerInfo = http.call(path::INFO, &()).await.unwrap();
    assert_eq!((info.ca, info.log_key), (made.ca_fingerprint, made.log_key));

    let keys = KeyPair::from_seed(&random());
    let genesis = genesis(&keys, &info);
    let body = BodyId::from(genesis.envelope().id());
    let create = CreateBody { token: made.admission_token.clone(), genesis };
    let note: String = http.call(path::CREATE_BODY, &create).await.unwrap();
    assert!(Checkpoint::parse(&note).unwrap().verify(&made.log_key));
    let found: BodyId = http.call(path::FIND_BODY, &Nonce(body.0[..16].try_into().unwrap())).await.unwrap();
    assert_eq!(found, body);

    let none = http.call::<EntriesPage>(path::ENTRIES, &0u64).await.unwrap_err();
    assert_eq!(none.code, "session.none");
    let none = http.call::<SubmitAnswer>(path::SUBMIT, &Submit { offers: vec![], together: false }).await;
    assert_eq!(none.unwrap_err().code, "session.none");
    let challenge: Hash = http.call(path::CHALLENGE, &()).await.unwrap();
    let who = Who::Device(keys.id());
    let signature = keys.sign(&session_message(body, &who, &challenge));
    let request = SessionRequest { body, who, challenge, signature };
    let session: SessionAnswer = http.call(path::SESSION, &request).await.unwrap();
    http.token = Some(session.token);
    let page: EntriesPage = http.call(path::ENTRIES, &0u64).await.unwrap();
    assert_eq!((page.leaves.len(), page.payloads.len(), page.checkpoint), (1, 1, note));
    let refused = http.call::<Vec<SpaceInfo>>(path::SPACES, &()).await.unwrap_err();
    assert_eq!(refused.code, "device.no_member");
    let empty: SubmitAnswer =
        http.call(path::SUBMIT, &Submit { offers: vec![], together: true }).await.unwrap();
    assert!(empty.outcomes.is_empty());
    let want = WantChunks { paper: PaperId([0; 16]), rev: RevId([0; 16]), names: vec![] };
    assert_eq!(http.call::<()>(path::CHUNKS, &want).await.unwrap_err().code, "paper.not_visible");
    // One meeting at a time, as clients of the first version say it, or all together.
    let report = Report { meeting: MeetingId([1; 16]), ready_version: 1 };
    assert_eq!(http.call::<()>(path::REPORT, &report).await.unwrap_err().code, "meeting.unknown");
    assert_eq!(http.call::<()>(path::REPORTS, &[report]).await.unwrap_err().code, "meeting.unknown");
    http.call::<()>(path::REPORTS, &[(); 0]).await.unwrap();
    let unreadable = http.send(path::ENTRIES, vec![0xc1]).await;
    assert_eq!(unreadable.status(), 400);
    // Of a body that is too large the server does not read the end: the client may be told so, or find the connection
    // broken while it still writes.
    let other = Http::new(&server, tls(&ca, &[&rustls::version::TLS13]));
    let request = other.client.post(format!("{}{}", other.url, path::ENTRIES)).body(vec![0; 3 << 20]);
    let large = request.bearer_auth(http.token.as_ref().unwrap()).send().await;
    assert!(large.is_err() || large.is_ok_and(|response| response.status() == 413));
    // Whose session is over is told so, whatever he was sending.
    let stale = Http { token: Some("00".into()), ..Http::new(&server, tls(&ca, &[&rustls::version::TLS13])) };
    let refused = stale.send(path::PUT_CHUNKS, vec![0; 8 << 20]).await;
    assert_eq!(refused.status(), 401);

    for (path, text) in [("/healthz", "ok"), ("/readyz", "ready"), ("/metrics", "ecabinet_requests_total")] {
        let response = http.client.get(format!("{}{path}", http.url)).send().await.unwrap();
        assert!(response.text().await.unwrap().contains(text));
    }
    let waiting = tokio::spawn(async move { http.call::<u64>(path::WAIT, &1u64).await });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    server.stop().await.unwrap();
    assert_eq!(waiting.await.unwrap().unwrap(), 1, "who waits is answered when the server drains");
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_1_2_and_other_authorities_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (server, made) = start(&dir.path().join("one")).await;
    let ca = std::fs::read(&made.ca_file).unwrap();
    let ask = async |config| {
        let http = Http::new(&server, config);
        http.client.get(format!("{}/healthz", http.url)).send().await.map(drop)
    };
    ask(tls(&ca, &[&rustls::version::TLS13])).await.unwrap();
    let old = ask(tls(&ca, &[&rustls::version::TLS12])).await.unwrap_err();
    assert!(format!("{old:?}").contains("ProtocolVersion"), "{old:?}");
    let config = Config { names: vec!["localhost".into()], listen: "127.0.0.1:0".into() };
    let other = DataDir::init(&dir.path().join("two"), &config).unwrap();
    let other = std::fs::read(other.ca_file).unwrap();
    let untrusted = ask(tls(&other, &[&rustls::version::TLS13])).await.unwrap_err();
    assert!(format!("{untrusted:?}").contains("InvalidCertificate"), "{untrusted:?}");
}
