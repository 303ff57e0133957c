//! Durable signed ballots over TLS against one-row commits of bare SQLite on the same disk.

use crate::maker::{Device, Maker, OpenPoll, ballot};
use crate::measure::*;
use crate::stage::Stage;
use anyhow::{Context, Result, bail, ensure};
use ecabinet_domain::{BodyId, Int, Seen};
use ecabinet_protocol::sync::{Connection, Offer, Submit, Submitted};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const IN_FLIGHT: usize = 64;

pub fn run(dir: &Path, size: Size) -> Result<Vec<Row>> {
    let mut poll = None;
    let (stage, maker) = Stage::open(dir, |keys| {
        let mut maker = Maker::new(IN_FLIGHT, Some((keys.log, keys.ca)));
        let items = maker.meeting(1, 1, 1_767_000_000_000);
        poll = Some(maker.open_poll(items[0]));
        maker
    })?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let seen =
        Seen { size: Int::new(maker.replica.size()).context("a size")?, root: maker.replica.tree().root() };
    let ring = Ring { body: stage.body, seen, poll: poll.context("a poll")?, cast: AtomicU64::new(0) };
    let ring = Arc::new(ring);
    let voters = runtime.block_on(async {
        let mut voters = Vec::new();
        for device in &maker.members {
            voters.push(Voter {
                device: device.clone(),
                connection: stage.connect(device).await?,
                last: None,
            });
        }
        Ok::<_, anyhow::Error>(voters)
    })?;
    let mut voters = Some(voters);
    let bare = Bare::open(&dir.join("bare.db"))?;
    let mut rows = Vec::new();
    for (count, goal) in [(IN_FLIGHT, 2.0), (1, 0.4)] {
        let ballots = size.pick(if count == 1 { 200 } else { 3200 }, count as u64);
        let mut many = |ballots| -> Result<f64> {
            let all = voters.take().context("voters")?;
            let (rate, back) = runtime.block_on(ring.cast(all, count, ballots))?;
            voters = Some(back);
            Ok(rate)
        };
        many(ballots.min(200))?;
        let samples = interleaved(size, |_| many(ballots), |_| bare.commits(size.pick(250, 5)))?;
        let before = stage.server.pid();
        let (synced, note) = match count_syncs(before, || many(ballots))? {
            Some(syncs) => (syncs as f64 / ballots as f64, "fsyncs of the server per ballot (strace)"),
            None => (0.0, "fsyncs not counted: no strace"),
        };
        let row = Row::new(
            &format!("ballots, {count} in flight"),
            Unit::PerSecond,
            samples,
            Goal::RatioAtLeast(goal),
        );
        rows.push(row.note(format!("{synced:.3} {note}")));
    }
    let own = count_syncs(std::process::id(), || bare.commits(200))?.map(|syncs| syncs as f64 / 200.0);
    let bytes = Bare::ROW;
    let peer = format!("; peer: rows of {bytes} bytes, {:.3} fsyncs per commit", own.unwrap_or_default());
    rows.iter_mut().for_each(|row| row.note += &peer);
    Ok(rows)
}

struct Voter {
    device: Device,
    connection: Arc<dyn Connection>,
    last: Option<ecabinet_domain::StatementId>,
}

/// What the voters share.
struct Ring {
    body: BodyId,
    seen: Seen,
    poll: OpenPoll,
    cast: AtomicU64,
}

impl Ring {
    /// So many ballots by so many voters at once; gives ballots a second.
    async fn cast(
        self: &Arc<Self>,
        mut voters: Vec<Voter>,
        count: usize,
        ballots: u64,
    ) -> Result<(f64, Vec<Voter>)> {
        let mut rest = voters.split_off(count);
        let end = self.cast.load(Ordering::Relaxed) + ballots;
        let begun = Instant::now();
        let tasks: Vec<_> = voters
            .into_iter()
            .map(|mut voter| {
                let ring = self.clone();
                tokio::spawn(async move {
                    loop {
                        let number = ring.cast.fetch_add(1, Ordering::Relaxed);
                        if number >= end {
                            return Ok::<_, anyhow::Error>(voter);
                        }
                        ring.one(&mut voter, number).await?;
                    }
                })
            })
            .collect();
        let mut back = Vec::new();
        for task in tasks {
            back.push(task.await??);
        }
        let rate = ballots as f64 / begun.elapsed().as_secs_f64();
        self.cast.store(end, Ordering::Relaxed);
        back.append(&mut rest);
        Ok((rate, back))
    }

    async fn one(&self, voter: &mut Voter, number: u64) -> Result<()> {
        let (envelope, payload) = ballot(self.body, self.seen, &voter.device, &self.poll, voter.last, number);
        let id = envelope.id();
        let offers = vec![Offer::new(envelope, Some(payload))];
        let answer = voter.connection.submit(Submit { offers, together: false }).await?;
        match answer.outcomes.first() {
            Some(Submitted::Recorded { statement, .. }) => ensure!(*statement == id, "another statement"),
            other => bail!("not recorded: {other:?}"),
        }
        voter.last = Some(id);
        Ok(())
    }
}

/// The peer.
struct Bare(rusqlite::Connection);

impl Bare {
    /// As long as a ballot's leaf and payload.
    const ROW: usize = 1100;

    fn open(path: &Path) -> Result<Bare> {
        let db = rusqlite::Connection::open(path)?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "FULL")?;
        db.execute_batch("CREATE TABLE row (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")?;
        Ok(Bare(db))
    }

    fn commits(&self, count: u64) -> Result<f64> {
        let mut insert = self.0.prepare_cached("INSERT INTO row (bytes) VALUES (?)")?;
        let begun = Instant::now();
        for n in 0..count {
            insert.execute([vec![n as u8; Self::ROW]])?;
        }
        Ok(count as f64 / begun.elapsed().as_secs_f64())
    }
}

/// fsyncs and fdatasyncs of a process during the work; none where there is no strace.
fn count_syncs<T>(pid: u32, work: impl FnOnce() -> Result<T>) -> Result<Option<u64>> {
    let out = std::env::temp_dir().join(format!("ecabinet-bench-strace-{pid}"));
    let strace = Command::new("strace")
        .args(["-f", "-e", "trace=fsync,fdatasync", "-e", "signal=none", "-o"])
        .arg(&out)
        .args(["-p", &pid.to_string()])
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut strace) = strace else { return Ok(None) };
    std::thread::sleep(Duration::from_millis(500));
    let done = work();
    Command::new("kill").args(["-INT", &strace.id().to_string()]).status()?;
    strace.wait()?;
    done?;
    let text = std::fs::read_to_string(&out).unwrap_or_default();
    let _ = std::fs::remove_file(&out);
    let calls = text.lines().filter(|line| line.contains("sync(") && !line.contains("resumed"));
    Ok(Some(calls.count() as u64))
}
