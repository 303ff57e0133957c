//! Members who vote, in a process of their own: sockets and sessions are opened and ballots signed before; then each ballot is
//! one request. What it costs here is told apart from what it costs the server.

use anyhow::{Context, Result, bail, ensure};
use ecabinet_domain::{BodyId, Hash, Signature, StatementId};
use ecabinet_protocol::sync::{SessionAnswer, SessionRequest, SubmitAnswer, Submitted, Who, session_message};
use ecabinet_protocol::wire;
use ecabinet_record::KeyPair;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// Every ballot at once; every ballot spread over a time; nobody votes, all wait.
pub const ROUNDS: usize = 3;
pub const WAITING: usize = 2;

/// What one process does.
#[derive(Serialize, Deserialize)]
pub struct Plan {
    pub server: SocketAddr,
    pub ca: PathBuf,
    /// The address that its sockets come from: ports are few.
    pub from: Ipv4Addr,
    /// Each is opened once and carries its voters' ballots.
    pub sockets: Vec<Vec<Voter>>,
    /// Over how many ms the second ballots are spread.
    pub spread: u64,
}

/// A member with his device, and two ballots of which the second takes the place of the first.
#[derive(Serialize, Deserialize)]
pub struct Voter {
    pub body: BodyId,
    pub seed: ByteBuf,
    pub ballots: [ByteBuf; 2],
}

/// What came of a ballot.
#[derive(Serialize, Deserialize)]
pub struct Cast {
    pub statement: StatementId,
    pub index: u64,
    pub checkpoint: String,
    /// From when it was due until it was recorded.
    pub micros: u64,
}

/// What came of a round, and what it took here.
#[derive(Serialize, Deserialize)]
pub struct Round {
    pub casts: Vec<Cast>,
    pub seconds: f64,
    /// Processor time of this process.
    pub cpu: f64,
}

/// Says `ready` once all is open, and after each `go` does a round and says `done`.
pub fn run(plan: &Path) -> Result<()> {
    rustls::crypto::ring::default_provider().install_default().ok();
    let told: Plan = wire::decode(&std::fs::read(plan)?).context("a plan")?;
    let ballots: usize = told.sockets.iter().map(Vec::len).sum();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let sockets = told.sockets.len();
        let go = watch::Sender::new([None; ROUNDS]);
        let (done, mut cast) = mpsc::unbounded_channel();
        open_all(told, &go, &done).await?;
        println!("ready");
        for (number, expected) in [ballots, ballots, sockets].into_iter().enumerate() {
            let line = tokio::task::spawn_blocking(|| std::io::stdin().lines().next());
            line.await?.context("go")??;
            let (begun, before) = (Instant::now(), cpu(std::process::id())?);
            go.send_modify(|rounds| rounds[number] = Some(begun));
            let mut casts = Vec::new();
            while casts.len() < expected {
                casts.push(cast.recv().await.context("voters")??);
            }
            let (seconds, cpu) = (begun.elapsed().as_secs_f64(), cpu(std::process::id())? - before);
            let round = Round { casts, seconds, cpu };
            std::fs::write(plan.with_extension(format!("round{number}")), wire::encode(&round))?;
            println!("done");
        }
        Ok(())
    })
}

/// Seconds of processor that a process has taken.
pub fn cpu(pid: u32) -> Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields: Vec<&str> = stat.rsplit_once(')').context("stat")?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).context("ticks");
    // utime and stime, in hundredths.
    Ok((ticks(11)? + ticks(12)?) / 100.0)
}

/// Some at a time, so that the server's queue of new connections does not run over.
const OPENING: usize = 64;
/// The server closes a connection on which nothing has been asked for 20 seconds.
const IDLE: Duration = Duration::from_secs(8);

/// When each round began.
type Go = watch::Sender<Begun>;
type Begun = [Option<Instant>; ROUNDS];
type Done = mpsc::UnboundedSender<Result<Cast>>;

async fn open_all(plan: Plan, go: &Go, done: &Done) -> Result<()> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(&plan.ca).context("the CA")?)?;
    let config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let tls = TlsConnector::from(Arc::new(config));
    let (count, mut opening) = (plan.sockets.len(), tokio::task::JoinSet::new());
    for (at, voters) in plan.sockets.into_iter().enumerate() {
        if opening.len() >= OPENING {
            opening.join_next().await.context("opened")???;
        }
        let (tls, rounds, done) = (tls.clone(), go.subscribe(), done.clone());
        let part = at as f64 / count as f64;
        let each = Duration::from_millis(plan.spread / voters.len().max(1) as u64);
        opening.spawn(async move {
            let socket = Socket::open(tls, plan.from, plan.server, voters).await?;
            // Its own time within the time that each ballot has.
            tokio::spawn(socket.live(rounds, done, each.mul_f64(part), each));
            Ok::<_, anyhow::Error>(())
        });
    }
    while let Some(opened) = opening.join_next().await {
        opened??;
    }
    Ok(())
}

/// An open connection with its voters' sessions.
struct Socket {
    wire: Wire,
    voters: Vec<(String, [ByteBuf; 2])>,
}

impl Socket {
    async fn open(tls: TlsConnector, from: Ipv4Addr, server: SocketAddr, asks: Vec<Voter>) -> Result<Socket> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::V4(SocketAddrV4::new(from, 0)))?;
        let tcp = socket.connect(server).await?;
        tcp.set_nodelay(true)?;
        let mut wire = Wire(tls.connect(ServerName::from(server.ip()), tcp).await?);
        let mut voters = Vec::new();
        for Voter { body, seed, ballots } in asks {
            let keys = KeyPair::from_seed(seed.as_slice().try_into().context("64 bytes")?);
            let challenge = wire.challenge().await?;
            let who = Who::Device(keys.id());
            let signature: Signature = keys.sign(&session_message(body, &who, &challenge));
            let request = SessionRequest { body, who, challenge, signature };
            let answer: SessionAnswer = wire.call(wire::path::SESSION, "", &wire::encode(&request)).await?;
            voters.push((answer.token, ballots));
        }
        Ok(Socket { wire, voters })
    }

    /// All rounds; what goes wrong is told as the outcome of a ballot.
    async fn live(mut self, mut rounds: watch::Receiver<Begun>, done: Done, first: Duration, each: Duration) {
        for number in 0..ROUNDS {
            let round = async {
                let begun = self.idle(&mut rounds, number).await?;
                if number == WAITING {
                    return self.wait(&done).await;
                }
                // In the first round all are due at once, in the second each at its own time.
                let due = if number == 0 { begun } else { begun + first };
                self.round(number, due, (number == 1).then_some(each), &done).await
            };
            if let Err(wrong) = round.await {
                let _ = done.send(Err(wrong));
                return;
            }
        }
    }

    async fn idle(&mut self, rounds: &mut watch::Receiver<Begun>, number: usize) -> Result<Instant> {
        loop {
            let begun = tokio::select! {
                rounds = rounds.wait_for(|rounds| rounds[number].is_some()) => rounds?[number],
                () = tokio::time::sleep(IDLE) => None,
            };
            match begun {
                Some(begun) => return Ok(begun),
                None => self.wire.challenge().await.map(drop)?,
            }
        }
    }

    /// Asks to be told when the record grows, as a program that is open does; nothing does.
    async fn wait(&mut self, done: &Done) -> Result<()> {
        let (begun, (token, _)) = (Instant::now(), self.voters.first().context("a voter")?);
        let index: u64 = self.wire.call(wire::path::WAIT, token, &wire::encode(&u64::MAX)).await?;
        let micros = begun.elapsed().as_micros() as u64;
        let statement = StatementId([0; 32]);
        Ok(done.send(Ok(Cast { statement, index, checkpoint: String::new(), micros }))?)
    }

    /// Each voter's ballot of this number, one after another.
    async fn round(
        &mut self,
        number: usize,
        mut due: Instant,
        each: Option<Duration>,
        done: &Done,
    ) -> Result<()> {
        for (token, ballots) in &self.voters {
            tokio::time::sleep_until(due.into()).await;
            let answer: SubmitAnswer = self.wire.call(wire::path::SUBMIT, token, &ballots[number]).await?;
            let Some(&Submitted::Recorded { statement, index }) = answer.outcomes.first() else {
                bail!("not recorded: {:?}", answer.outcomes)
            };
            let micros = due.elapsed().as_micros() as u64;
            done.send(Ok(Cast { statement, index, checkpoint: answer.checkpoint, micros }))?;
            // Without a time of its own it is due when the one before it is done.
            due = each.map_or_else(Instant::now, |each| due + each);
        }
        Ok(())
    }
}

/// HTTP/1.1, as much as it takes.
struct Wire(TlsStream<TcpStream>);

impl Wire {
    async fn challenge(&mut self) -> Result<Hash> {
        self.call(wire::path::CHALLENGE, "", &wire::encode(&())).await
    }

    async fn call<A: serde::de::DeserializeOwned>(
        &mut self,
        path: &str,
        token: &str,
        body: &[u8],
    ) -> Result<A> {
        let authorization =
            if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: server\r\ncontent-type: {}\r\n{authorization}content-length: {}\r\n\r\n",
            wire::MSGPACK,
            body.len()
        );
        self.0.write_all(&[head.as_bytes(), body].concat()).await?;
        self.0.flush().await?;
        let (mut got, mut chunk) = (Vec::new(), [0; 4096]);
        loop {
            let read = self.0.read(&mut chunk).await?;
            ensure!(read > 0, "the server has hung up");
            got.extend(&chunk[..read]);
            let Some(end) = got.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&got[..end]).to_lowercase();
            let length =
                head.lines().find_map(|line| line.strip_prefix("content-length: ")).context("a length")?;
            if got.len() < end + 4 + length.parse::<usize>()? {
                continue;
            }
            ensure!(
                head.starts_with("http/1.1 200"),
                "{path}: {head} {:?}",
                String::from_utf8_lossy(&got[end + 4..])
            );
            return wire::decode(&got[end + 4..]).with_context(|| format!("the answer of {path}"));
        }
    }
}
