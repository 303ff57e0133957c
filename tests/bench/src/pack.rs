//! A pack of papers: published by a real secretary, first fetched, and fetched again with one paper changed.

use crate::maker::{Device, Maker};
use crate::measure::*;
use crate::proxy::Line;
use crate::stage::{Curl, Stage};
use anyhow::{Context, Result, ensure};
use ecabinet_client::packs::{NewItem, NewPaper, Publication};
use ecabinet_client::{Env, Summary};
use ecabinet_domain::{Act, Audience, BodyId, Header, MeetingId, Member, Rev};
use ecabinet_protocol::content::{self, ItemContent, Manifest, MeetingContent, PaperContent};
use ecabinet_protocol::sync::WantChunks;
use ecabinet_protocol::wire;
use ecabinet_record::{Leaf, Payload};
use ecabinet_tests::Person;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// Items of a full pack.
const ITEMS: usize = 30;
/// Papers of an item.
const EACH: usize = 4;

/// What the client may hold on to, whatever the pack's size: in bytes of PSS.
const MEMORY: f64 = 150e6;

/// The stage of all measures with papers.
pub struct Desk {
    pub stage: Stage,
    pub runtime: Runtime,
    secretary: Person,
    /// A member who has joined and holds the record, and no papers.
    pub reader: PathBuf,
    /// Whose device `curl` speaks for.
    raw: Device,
    line: Arc<Line>,
    /// Where the reader's client goes: straight to the server, or through the line.
    address: String,
}

impl Desk {
    pub fn open(dir: &Path, through_line: bool) -> Result<Desk> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let mut tickets = None;
        let (stage, maker) = Stage::open(dir, |keys| {
            let mut maker = Maker::new(3, Some((keys.log, keys.ca)));
            let secretary = maker.invite_real("real secretary", &["secretariat"], &keys.address);
            let reader = maker.invite_real("real reader", &[Member::VOTE], &keys.address);
            tickets = Some((secretary, reader));
            maker
        })?;
        let (secretary_ticket, mut reader_ticket) = tickets.context("tickets")?;
        let (line, address) = runtime.block_on(Line::open(stage.server.address.clone()))?;
        let address = if through_line { address } else { stage.server.address.clone() };
        reader_ticket.server = address.clone();
        let mut secretary = Person::new(dir.join("secretary"), Env::real());
        runtime.block_on(secretary.join(&secretary_ticket))?;
        let mut reader = Person::new(dir.join("reader"), Env::real());
        runtime.block_on(reader.join(&reader_ticket))?;
        let raw = maker.members[0].clone();
        Ok(Desk { stage, runtime, secretary, reader: reader.home, raw, line, address })
    }

    fn publish(&self, papers: &Papers, meeting: Option<MeetingId>) -> Result<MeetingId> {
        self.publish_this(papers.publication(meeting))
    }

    pub fn publish_this(&self, publication: Publication) -> Result<MeetingId> {
        let published = self.secretary.client().publish(self.stage.body, publication)?;
        self.runtime.block_on(self.secretary.sync());
        Ok(published.meeting)
    }

    /// All revisions that a device may read, with their manifests.
    fn manifests(&self) -> Result<BTreeMap<Rev, Manifest>> {
        self.runtime.block_on(async {
            let connection = self.stage.connect(&self.raw).await?;
            let (mut from, mut found) = (0, BTreeMap::new());
            loop {
                let page = connection.entries(from).await?;
                if page.leaves.is_empty() {
                    return Ok(found);
                }
                let payloads: BTreeMap<u64, Payload> =
                    page.payloads.into_iter().map(|at| (at.index, at.payload.into())).collect();
                for (leaf, at) in page.leaves.iter().zip(from..) {
                    let header = Leaf::parse(leaf).and_then(|leaf| Header::parse(&leaf.envelope.header));
                    let (Some(Header { act: Act::PaperPublish(act), .. }), Some(payload)) =
                        (header, payloads.get(&at))
                    else {
                        continue;
                    };
                    let paper: PaperContent = content::read(&payload.bytes).context("a paper")?;
                    found.insert(Rev { paper: act.paper, rev: act.rev }, paper.manifest);
                }
                from += page.leaves.len() as u64;
            }
        })
    }

    fn curl(&self) -> Result<Curl> {
        self.stage.curl(&self.raw, Some(&self.address))
    }

    /// A reader's home for one round, as the template is: chunk files are never written again, so they are linked.
    fn copy(&self, from: &Path, name: &str) -> Result<PathBuf> {
        let to = self.stage.dir.join(name);
        let _ = std::fs::remove_dir_all(&to);
        ensure!(Command::new("cp").arg("-al").args([from, &to]).status()?.success(), "cp");
        for entry in std::fs::read_dir(from)?.flatten().filter(|entry| entry.path().is_file()) {
            let path = to.join(entry.file_name());
            std::fs::remove_file(&path)?;
            std::fs::copy(entry.path(), &path)?;
        }
        Ok(to)
    }
}

/// Papers of pseudo-random bytes: nothing in them can be shared or packed.
struct Papers {
    seeds: Vec<u64>,
    each: usize,
}

impl Papers {
    fn new(first: u64, size: Size) -> Papers {
        Papers {
            seeds: (first..first + (size.pick(ITEMS, 5) * EACH) as u64).collect(),
            each: size.pick(2_500_000, 100_000),
        }
    }

    fn publication(&self, meeting: Option<MeetingId>) -> Publication {
        let items = self.seeds.chunks(EACH).enumerate().map(|(at, seeds)| {
            let path = format!("{:02} Nội dung", at + 1);
            let papers = seeds.iter().enumerate().map(|(n, seed)| NewPaper {
                title: format!("Tài liệu {}", n + 1),
                path: format!("{path}/{:02} Tài liệu.pdf", n + 1),
                bytes: noise(*seed, self.each),
                pages: 10,
                audience: vec![Audience::All],
                signers: Vec::new(),
                watermark: false,
            });
            NewItem {
                papers: papers.collect(),
                content: ItemContent { title: path.clone(), path, ..Default::default() },
                audience: vec![Audience::All],
            }
        });
        let content = MeetingContent {
            title: "Phiên họp mẫu".into(),
            starts: 4_000_000_000_000,
            place: None,
            reason: None,
            dossier: false,
        };
        Publication { meeting, content, items: items.collect() }
    }
}

fn noise(seed: u64, len: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    while bytes.len() < len {
        // splitmix64
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bytes.extend((z ^ (z >> 31)).to_le_bytes());
    }
    bytes.truncate(len);
    bytes
}

fn requests<'a>(manifests: impl IntoIterator<Item = (&'a Rev, &'a Manifest)>) -> Vec<Vec<u8>> {
    let request = |(rev, manifest): (&Rev, &Manifest)| {
        let names = manifest.chunks.iter().map(|chunk| chunk.name).collect();
        wire::encode(&WantChunks { paper: rev.paper, rev: rev.rev, names })
    };
    manifests.into_iter().map(request).collect()
}

pub fn first_sync(dir: &Path, size: Size) -> Result<Vec<Row>> {
    let desk = Desk::open(dir, false)?;
    desk.publish(&Papers::new(1, size), None)?;
    let manifests = desk.manifests()?;
    let bytes: u64 = manifests.values().map(|manifest| manifest.size).sum();
    let config = desk.curl()?.prepare(&requests(&manifests))?;
    let curl = desk.curl()?;
    let mut peaks = Samples::default();
    let ours = |round: usize| {
        let home = desk.copy(&desk.reader, &format!("round{round}"))?;
        let ran = as_client(&home, desk.stage.body)?;
        ensure!(ran.papers == bytes, "{} of {bytes} bytes came", ran.papers);
        peaks.0.push(ran.peak as f64);
        std::fs::remove_dir_all(&home)?;
        Ok(ran.seconds)
    };
    let peer = |_| {
        let (time, fetched) = seconds(|| curl.fetch(&config));
        ensure!(fetched? > bytes, "all of it");
        Ok(time)
    };
    let samples = interleaved(size, ours, peer)?;
    // Twice the pack.
    desk.publish(&Papers::new(1000, size), None)?;
    let mut twice = Samples::default();
    for round in 0..size.pick(3, 1) {
        let home = desk.copy(&desk.reader, &format!("twice{round}"))?;
        let ran = as_client(&home, desk.stage.body)?;
        ensure!(ran.papers == 2 * bytes, "{} of {} bytes came", ran.papers, 2 * bytes);
        twice.0.push(ran.peak as f64);
        std::fs::remove_dir_all(&home)?;
    }
    let what = format!("{} papers, {:.0} MB", manifests.len(), bytes as f64 / 1e6);
    Ok(vec![
        Row::new("first sync of a pack", Unit::Seconds, samples, Goal::RatioAtMost(1.5))
            .note(format!("{what}; peer: curl into a file, synced")),
        Row::alone("client's memory in the first sync", Unit::Bytes, peaks.clone(), MEMORY)
            .note("peak of PSS (smaps_rollup) while it syncs"),
        Row::new("client's memory, twice the pack", Unit::Bytes, (twice, peaks), Goal::RatioAtMost(1.15))
            .note("peer: the same with one pack"),
    ])
}

pub fn change(dir: &Path, size: Size) -> Result<Vec<Row>> {
    let desk = Desk::open(dir, true)?;
    let mut papers = Papers::new(1, size);
    let meeting = desk.publish(&papers, None)?;
    let full = desk.stage.dir.join("full");
    std::fs::rename(&desk.reader, &full)?;
    {
        let reader = Person::of(full.clone(), Env::real(), desk.stage.body);
        desk.runtime.block_on(reader.sync());
    }
    let before = desk.manifests()?;
    papers.seeds[17] = 1_000_000;
    desk.publish(&papers, Some(meeting))?;
    let after = desk.manifests()?;
    let changed: Vec<_> = after.iter().filter(|(rev, _)| !before.contains_key(rev)).collect();
    ensure!(changed.len() == 1, "one paper has changed");
    let bytes = changed[0].1.size as f64;
    let curl = desk.curl()?;
    let config = curl.prepare(&requests(changed))?;
    let mut rows = Vec::new();
    for megabits in [None, Some(20)] {
        desk.line.shape(megabits);
        let (mut came, mut peer_came) = (Samples::default(), Samples::default());
        let ours = |round: usize| {
            let home = desk.copy(&full, &format!("round{round}"))?;
            let reader = Person::of(home.clone(), Env::real(), desk.stage.body);
            let before = desk.line.bytes();
            let (time, summary) = seconds(|| desk.runtime.block_on(reader.sync()));
            came.0.push((desk.line.bytes() - before) as f64);
            ensure!(summary.papers.ready == summary.papers.total, "all papers are here");
            drop(reader);
            std::fs::remove_dir_all(&home)?;
            Ok::<_, anyhow::Error>(time * 1e3)
        };
        let peer = |_| {
            let before = desk.line.bytes();
            let (time, fetched) = seconds(|| curl.fetch(&config));
            fetched?;
            peer_came.0.push((desk.line.bytes() - before) as f64);
            Ok(time * 1e3)
        };
        let (ours, mut peer) = interleaved(size, ours, peer)?;
        let link = megabits.map_or("loopback".to_owned(), |rate| format!("{rate} Mbit/s"));
        let fetched = peer.median();
        // The goal is 1.2 times curl and 150 ms.
        peer.0.iter_mut().for_each(|time| *time = *time * 1.2 + 150.0);
        rows.push(
            Row::new(
                &format!("one paper changed, {link}"),
                Unit::Millis,
                (ours, peer),
                Goal::RatioAtMost(1.0),
            )
            .note(format!("peer: 1.2 × curl of that paper ({fetched:.1} ms) + 150 ms")),
        );
        if megabits.is_none() {
            let most = 1.1 * bytes + 64e3;
            rows.push(
                Row::alone("one paper changed, bytes", Unit::Bytes, came, most)
                    .note(format!("all bytes from the server; the paper has {:.2} MB", bytes / 1e6)),
            );
        }
    }
    Ok(rows)
}

/// How a client process did.
struct Ran {
    seconds: f64,
    papers: u64,
    /// Of its PSS while it synced, in bytes.
    peak: u64,
}

/// A first sync in a process of its own, watched.
fn as_client(home: &Path, body: BodyId) -> Result<Ran> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["as-client", "--body", &body.to_string(), "--home"])
        .arg(home)
        .stdout(Stdio::piped())
        .spawn()?;
    let mut out = BufReader::new(child.stdout.take().context("its output")?);
    let mut line = String::new();
    out.read_line(&mut line)?;
    ensure!(line.trim() == "open", "the client opens");
    let rest = std::thread::spawn(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).map(|_| text)
    });
    let mut peak = 0;
    let status = loop {
        peak = peak.max(pss(child.id()));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    ensure!(status.success(), "the client: {status}");
    let text = rest.join().expect("no panic")?;
    let said: serde_json::Value = serde_json::from_str(text.trim())?;
    let seconds = said["seconds"].as_f64().context("seconds")?;
    Ok(Ran { seconds, papers: said["papers"].as_u64().context("papers")?, peak })
}

fn pss(pid: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) * 1024
}

/// The process of a headless client: opens the home, syncs once, tells how long it took.
pub fn client(home: &Path, body: BodyId) -> Result<()> {
    rustls::crypto::ring::default_provider().install_default().ok();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let person = Person::of(home.to_owned(), Env::real(), body);
    println!("open");
    let begun = Instant::now();
    let summary: Summary = runtime.block_on(person.sync());
    let seconds = begun.elapsed().as_secs_f64();
    println!("{}", serde_json::json!({ "seconds": seconds, "papers": summary.papers.bytes_ready }));
    Ok(())
}
