//! Monday, eight o'clock: thousands of bodies meet at once on one server, each with a poll; and one body with as many members
//! as all of them. Every ballot is proven afterwards to be in the record, once.

use crate::maker::{Device, Maker};
use crate::measure::*;
use crate::stage::fill;
use crate::voters::{Cast, Plan, ROUNDS, Round, Voter, WAITING, cpu};
use anyhow::{Context, Result, ensure};
use ecabinet_client::{CaPin, Dial, HttpDial};
use ecabinet_domain::{BodyId, Fate, PublicKey, StatementId};
use ecabinet_protocol::sync::{Offer, Submit, Who};
use ecabinet_protocol::wire;
use ecabinet_record::export::Export;
use ecabinet_record::{Checkpoint, Envelope, Leaf, Receipt, Replica, Tree, Trust, leaf};
use ecabinet_server::DataDir;
use ecabinet_server::store::Store;
use ecabinet_tests::{Server, program, run as run_program};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_bytes::ByteBuf;
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Write};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

/// Names one scene to be played alone, as `3300x20`.
const SCENE: &str = "ECABINET_MONDAY";

/// Processes that vote.
const GENERATORS: usize = 2;
/// Ballots a second in the second round: what people need who do not all press at once.
const PACE: u64 = 500;

/// More than so many sockets are not opened: those of the others are shared.
const SOCKETS: usize = 4000;

/// Of so many bodies the poll is closed, and the result held against what was cast, by `ecabinet-verify`.
const EXPORTED: usize = 5;

/// So many bodies of so many members.
#[derive(Clone, Copy)]
struct Scene {
    bodies: usize,
    members: usize,
}

pub fn run(dir: &Path, size: Size) -> Result<Vec<Row>> {
    let scene = |bodies, members| Scene { bodies, members };
    let mut scenes = size.pick(
        vec![scene(3300, 20), scene(1, 30), scene(1, 3000), scene(1, 20_000), scene(1, 30_000)],
        vec![scene(3, 4), scene(1, 9)],
    );
    if let Ok(one) = std::env::var(SCENE) {
        let (bodies, members) = one.split_once('x').context("BODIESxMEMBERS")?;
        scenes = vec![scene(bodies.parse()?, members.parse()?)];
    }
    let sockets = descriptors()?;
    let mut rows = Vec::new();
    for (at, scene) in scenes.into_iter().enumerate() {
        let dir = dir.join(format!("monday{at}"));
        std::fs::create_dir(&dir)?;
        rows.extend(scene.play(&dir, sockets, size)?);
    }
    Ok(rows)
}

/// Raises what this process and its children may open to the most that is allowed; how many sockets one may then hold.
fn descriptors() -> Result<usize> {
    let allowed = getrlimit(Resource::Nofile).maximum.unwrap_or(100_000);
    setrlimit(Resource::Nofile, Rlimit { current: Some(allowed), maximum: Some(allowed) })?;
    Ok((allowed as usize * 4 / 5).min(SOCKETS))
}

/// What has been made of a body, to be held against what the server made of it.
struct Told {
    body: BodyId,
    poll: StatementId,
    ballots: HashMap<StatementId, usize>,
    secretary: Device,
    /// Of the poll, signed beforehand.
    close: Envelope,
}

impl Scene {
    fn name(self) -> String {
        match self.bodies {
            1 => format!("one body of {}", self.members),
            bodies => format!("{bodies} bodies of {}", self.members),
        }
    }

    fn play(self, dir: &Path, most: usize, size: Size) -> Result<Vec<Row>> {
        rustls::crypto::ring::default_provider().install_default().ok();
        let mut server = Server::start(dir);
        server.kill();
        let (told, voters) = self.make(&server)?;
        let count = voters.len();
        let sockets = count.min(most);
        let plans = self.plans(dir, &server, voters, sockets)?;
        server.resume();
        let (opening, mut generators) = seconds(|| Generators::start(&plans));
        let generators = generators.as_mut().map_err(|error| anyhow::anyhow!("{error:#}"))?;
        let mut rounds = Vec::new();
        // To wait takes its time: not where nothing is measured.
        for number in 0..size.pick(ROUNDS, WAITING) {
            let before = cpu(server.pid())?;
            let (taken, done) = seconds(|| generators.round(number, &plans));
            rounds.push((done?, taken, cpu(server.pid())? - before));
        }
        for (at, told) in told.iter().take(EXPORTED).enumerate() {
            told.close(&server, &dir.join(format!("export{at}")), self.members)?;
        }
        server.kill();
        let store = DataDir::open(&server.data)?.store()?;
        let waited = (rounds.len() > WAITING).then(|| rounds.pop()).flatten();
        let casts = rounds.iter().flat_map(|(round, ..)| &round.casts);
        let casts: HashMap<_, _> = casts.map(|cast| (cast.statement, cast)).collect();
        told.iter().try_for_each(|told| told.check(&store, &casts))?;
        let mut rows = Vec::new();
        for (number, (round, taken, server)) in rounds.iter().enumerate() {
            rows.push(self.row(number, round, *taken, *server, (count, sockets, opening))?);
        }
        if let Some((_, taken, server)) = waited {
            let each = Samples(vec![server / taken / sockets as f64 * 1e6]);
            let name = format!("monday, {}, a device that waits, per second", self.name());
            let note = format!(
                "{sockets} devices asked to be told of news for {taken:.0} s, and there were none; the server's processor"
            );
            rows.push(Row::alone(&name, Unit::Micros, each, 20.0).note(note));
        }
        Ok(rows)
    }

    /// Bodies with an open poll, in the server's store, and two ballots of every member.
    fn make(self, server: &Server) -> Result<(Vec<Told>, Vec<Voter>)> {
        let data = DataDir::open(&server.data)?;
        let (keys, store) = (data.keys()?, data.store()?);
        let (mut told, mut voters) = (Vec::new(), Vec::new());
        for at in 0..self.bodies {
            let mut maker = Maker::of(&format!("body {at}, "), self.members, Some((keys.log_key(), keys.ca)));
            let items = maker.meeting(1, 1, 1_767_000_000_000);
            let poll = maker.open_poll(items[0]);
            fill(&store, &maker)?;
            let body = maker.replica.body().context("a genesis")?;
            let mut ballots = HashMap::new();
            for (member, device) in maker.members.iter().enumerate() {
                let mut last = None;
                let requests = [0, 1].map(|number| {
                    let (envelope, payload) =
                        maker.make_ballot(device, &poll, last, (member * 2 + number) as u64);
                    last = Some(envelope.id());
                    ballots.insert(envelope.id(), member);
                    let offers = vec![Offer::new(envelope, Some(payload))];
                    ByteBuf::from(wire::encode(&Submit { offers, together: false }))
                });
                voters.push(Voter {
                    body,
                    seed: ByteBuf::from(device.keys().seed().to_vec()),
                    ballots: requests,
                });
            }
            let mut closing = maker.continued();
            closing.close_poll(poll.id);
            let close =
                Leaf::parse(&closing.entries.last().context("a close")?.leaf).context("a leaf")?.envelope;
            let secretary = maker.secretary.clone();
            told.push(Told { body, poll: poll.id, ballots, secretary, close });
        }
        Ok((told, voters))
    }

    /// A file for each process that votes.
    fn plans(self, dir: &Path, server: &Server, voters: Vec<Voter>, sockets: usize) -> Result<Vec<PathBuf>> {
        let spread = voters.len() as u64 * 1000 / PACE;
        let mut dealt: Vec<Vec<Voter>> = (0..sockets).map(|_| Vec::new()).collect();
        for (at, voter) in voters.into_iter().enumerate() {
            dealt[at % sockets].push(voter);
        }
        let mut plans = Vec::new();
        for number in 0..GENERATORS {
            let rest = dealt.len().div_ceil(GENERATORS - number);
            let plan = Plan {
                server: server.address.parse()?,
                ca: server.ca_file.clone(),
                from: Ipv4Addr::new(127, 0, 0, 2 + number as u8),
                sockets: dealt.drain(..rest).collect(),
                spread,
            };
            let path = dir.join(format!("voters{number}.plan"));
            std::fs::write(&path, wire::encode(&plan))?;
            plans.push(path);
        }
        Ok(plans)
    }

    fn row(
        self,
        number: usize,
        round: &Round,
        taken: f64,
        server: f64,
        (count, sockets, opening): (usize, usize, f64),
    ) -> Result<Row> {
        ensure!(round.casts.len() == count, "{} of {count} ballots were recorded", round.casts.len());
        let mut waits: Vec<u64> = round.casts.iter().map(|cast| cast.micros).collect();
        waits.sort_unstable();
        let wait = |part: f64| waits[((waits.len() - 1) as f64 * part) as usize] as f64 / 1000.0;
        let rate = count as f64 / taken;
        let note = format!(
            "{count} ballots, {rate:.0} a second, p50 {:.1} ms, p99 {:.1} ms; processor per ballot: server {:.0} µs, voters {:.0} µs; {sockets} sockets opened before, in {opening:.0} s",
            wait(0.5),
            wait(0.99),
            server / count as f64 * 1e6,
            round.cpu / count as f64 * 1e6,
        );
        let (what, unit, value, goal) = match number {
            0 => ("all at once", Unit::Seconds, taken, 60.0),
            _ => ("spread, p99", Unit::Millis, wait(0.99), 1000.0),
        };
        let name = format!("monday, {}, {what}", self.name());
        Ok(Row::alone(&name, unit, Samples(vec![value]), goal).note(note))
    }
}

/// The processes that vote.
struct Generators(Vec<(Child, ChildStdin, BufReader<std::process::ChildStdout>)>);

impl Generators {
    /// All sockets and sessions are open when it returns.
    fn start(plans: &[PathBuf]) -> Result<Generators> {
        let mut started = Vec::new();
        for plan in plans {
            let mut voters = Command::new(std::env::current_exe()?);
            voters.arg("as-voters").arg("--plan").arg(plan);
            let mut child = voters.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
            let stdin = child.stdin.take().context("a pipe")?;
            let stdout = BufReader::new(child.stdout.take().context("a pipe")?);
            started.push((child, stdin, stdout));
        }
        let mut generators = Generators(started);
        generators.hear("ready")?;
        Ok(generators)
    }

    fn hear(&mut self, word: &str) -> Result<()> {
        for (_, _, stdout) in &mut self.0 {
            let mut line = String::new();
            stdout.read_line(&mut line)?;
            ensure!(line.trim() == word, "voters said {line:?} where {word} was due");
        }
        Ok(())
    }

    fn round(&mut self, number: usize, plans: &[PathBuf]) -> Result<Round> {
        for (_, stdin, _) in &mut self.0 {
            stdin.write_all(b"go\n")?;
        }
        self.hear("done")?;
        let mut whole = Round { casts: Vec::new(), seconds: 0.0, cpu: 0.0 };
        for plan in plans {
            let path = plan.with_extension(format!("round{number}"));
            let round: Round = wire::decode(&std::fs::read(path)?).context("a round")?;
            whole.casts.extend(round.casts);
            whole.seconds = whole.seconds.max(round.seconds);
            whole.cpu += round.cpu;
        }
        Ok(whole)
    }
}

impl Drop for Generators {
    fn drop(&mut self) {
        for (child, ..) in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Told {
    /// The secretary closes the poll, and whoever takes the record out can count it.
    fn close(&self, server: &Server, export: &Path, members: usize) -> Result<()> {
        let pin = CaPin::whole(DataDir::open(&server.data)?.keys()?.ca);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (entries, payloads, checkpoint) = runtime.block_on(async {
            let who = Who::Device(self.secretary.id);
            let keys = self.secretary.keys();
            let connection = HttpDial.connect(&server.address, &pin, self.body, who, &keys).await?;
            let offers = vec![Offer::new(self.close.clone(), None)];
            connection.submit(Submit { offers, together: false }).await?;
            let (mut entries, mut payloads) = (Vec::new(), BTreeMap::new());
            loop {
                let page = connection.entries(entries.len() as u64).await?;
                entries.extend(page.leaves.into_iter().map(ByteBuf::into_vec));
                payloads.extend(page.payloads.into_iter().map(|at| (at.index, at.payload.into())));
                let checkpoint = Checkpoint::parse(&page.checkpoint).context("a checkpoint")?;
                if checkpoint.size == entries.len() as u64 {
                    return Ok::<_, anyhow::Error>((entries, payloads, page.checkpoint));
                }
            }
        })?;
        let results = br#"{"polls":[]}"#.to_vec();
        Export { entries, payloads, checkpoint, results, blobs: Vec::new() }.write(export)?;
        let mut verify = Command::new(program("ecabinet-verify"));
        let ran = run_program(verify.arg(export).args(["--json", "--body", &self.body.to_string()]));
        let poll = &ran.json["polls"][0];
        let counts = ["yes", "no", "abstain", "silent"].map(|count| poll[count].as_u64());
        // Of the second ballots every other one says yes, the others abstain.
        let yes = members.div_ceil(2) as u64;
        let cast = [yes, 0, members as u64 - yes, 0].map(Some);
        ensure!(ran.exit == 0 && counts == cast, "{}: {counts:?} where {cast:?} were cast", ran.stdout);
        Ok(())
    }

    /// Every ballot of the body stands in the record exactly once and its author has a receipt that checks; of two ballots of
    /// a member the second is the one that counts.
    fn check(&self, store: &impl Store, casts: &HashMap<StatementId, &Cast>) -> Result<()> {
        let (mut leaves, size) = (Vec::new(), store.head(self.body)?.size);
        while (leaves.len() as u64) < size {
            leaves.extend(store.entries(self.body, leaves.len() as u64, 8 << 20)?);
        }
        let (mut replica, mut there) = (Replica::default(), BTreeMap::<StatementId, Vec<u64>>::new());
        for (index, bytes) in (0..).zip(&leaves) {
            let id = Leaf::parse(bytes).context("a leaf")?.envelope.id();
            if self.ballots.contains_key(&id) {
                there.entry(id).or_default().push(index);
            }
            replica.replay(bytes, Trust::Kept)?;
        }
        ensure!(there.len() == self.ballots.len(), "{} of {} ballots", there.len(), self.ballots.len());
        ensure!(there.values().all(|places| places.len() == 1), "a ballot stands twice");
        let state = replica.state().context("a body")?;
        let poll = &state.polls[&self.poll];
        let counted = poll.ballots.iter().filter(|one| poll.fate(one, state) == Fate::Ok);
        ensure!(counted.count() * 2 == self.ballots.len(), "one ballot of each member counts");
        self.check_receipts(&leaves, &there, &state.log_key(size), casts)
    }

    fn check_receipts(
        &self,
        leaves: &[Vec<u8>],
        there: &BTreeMap<StatementId, Vec<u64>>,
        log_key: &PublicKey,
        casts: &HashMap<StatementId, &Cast>,
    ) -> Result<()> {
        let tree = Tree::of(leaves.iter().map(|bytes| leaf::hash(bytes)).collect());
        for (statement, places) in there {
            let cast = casts.get(statement).context("an answer to each")?;
            ensure!(places[..] == [cast.index], "it stands elsewhere than was answered");
            let checkpoint = Checkpoint::parse(&cast.checkpoint).context("a checkpoint")?;
            let leaf = leaves[cast.index as usize].clone();
            let receipt = Receipt::new(&tree, cast.index, leaf, checkpoint).context("no path")?;
            receipt.check(self.body, log_key).map_err(|error| anyhow::anyhow!("{error}"))?;
        }
        Ok(())
    }
}
