//! In process: what a ballot costs as a poll grows, and what the close costs for each member.

use crate::maker::Maker;
use crate::measure::*;
use crate::stage::fill;
use anyhow::{Context, Result, ensure};
use ecabinet_domain::tally;
use ecabinet_protocol::sync::{Connection, Offer, Submit, Submitted, Who};
use ecabinet_record::{Envelope, Payload, Replica};
use ecabinet_server::chunks::ChunkFolder;
use ecabinet_server::clock::SystemClock;
use ecabinet_server::store::SqliteStore;
use ecabinet_server::{App, ServerKeys, Session};
use std::path::Path;
use std::sync::Arc;
use tokio::runtime::Runtime;

const FEW: usize = 30;

pub fn run(dir: &Path, size: Size) -> Result<Vec<Row>> {
    let many = size.pick(30_000, 300);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // In memory, so that the disk does not hide what is computed.
    let memory = Path::new("/dev/shm").join(format!("ecabinet-bench-{}", std::process::id()));
    let memory = if memory.parent().is_some_and(Path::exists) { memory } else { dir.join("memory") };
    std::fs::create_dir_all(&memory)?;
    let (small, large) = (Poll::new(FEW, size), Poll::new(many, size));
    let casts = {
        let mut small = Served::open(&memory.join("small"), &small, &runtime)?;
        let mut large = Served::open(&memory.join("large"), &large, &runtime)?;
        interleaved(size, |_| large.cast(&runtime), |_| small.cast(&runtime))
    };
    let _ = std::fs::remove_dir_all(&memory);
    let closes = interleaved(size, |_| large.close(1), |_| small.close(size.pick(1000, 5)))?;
    Ok(vec![
        Row::new(
            &format!("cast, {many} ballots against {FEW}"),
            Unit::Micros,
            casts?,
            Goal::RatioAtMost(1.2),
        )
        .note("the server in process, its store in memory; per ballot"),
        Row::new(
            &format!("close, {many} members against {FEW}"),
            Unit::Micros,
            closes,
            Goal::RatioAtMost(2.0),
        )
        .note("poll.close folded in, ballots read and counted; per member"),
    ])
}

/// A body of so many members, all of whom have voted; some of them will again.
struct Poll {
    maker: Maker,
    again: Vec<(Envelope, Payload)>,
}

/// Ballots of a round.
const ROUND: usize = 300;

impl Poll {
    fn new(members: usize, size: Size) -> Poll {
        let mut maker = Maker::new(members, None);
        let items = maker.meeting(1, 1, 0);
        let poll = maker.open_poll(items[0]);
        let mut last: Vec<_> = (0..members).map(|member| maker.ballot(member, &poll)).collect();
        let rounds = ROUND * (size.rounds() + 1);
        let mut again = Vec::new();
        for n in 0..rounds {
            // Spread over all members, wherever in the tables they stand.
            let member = n * 7919 % members;
            let voter = &maker.members[member];
            let (envelope, payload) =
                maker.make_ballot(voter, &poll, Some(last[member]), n as u64 + 1_000_000);
            last[member] = envelope.id();
            again.push((envelope, payload));
        }
        Poll { maker, again }
    }

    /// Microseconds per member of folding in the close and counting.
    fn close(&self, times: usize) -> Result<f64> {
        let mut closed = self.maker.continued();
        let poll = *self.maker.replica.state().context("a body")?.polls.keys().next().context("a poll")?;
        closed.close_poll(poll);
        let leaf = closed.entries.last().context("a close")?.leaf.clone();
        let mut total = 0.0;
        for _ in 0..times {
            let mut replica = self.maker.replica.clone();
            let (time, counted) = seconds(|| self.count(&mut replica, &leaf, poll));
            ensure!(counted? == self.maker.members.len() as u64, "every ballot counts");
            total += time;
        }
        Ok(total / times as f64 / self.maker.members.len() as f64 * 1e6)
    }

    fn count(&self, replica: &mut Replica, leaf: &[u8], poll: ecabinet_domain::StatementId) -> Result<u64> {
        replica.replay(leaf, ecabinet_record::Trust::Verify)?;
        let state = replica.state().context("a body")?;
        let poll = &state.polls[&poll];
        let payload = |index| Some(&self.maker.entries[index as usize].payload.as_ref()?.bytes);
        let counted = tally(poll, state, payload).context("closed")?;
        let tally = counted.whole().context("all payloads are here")?.remove(0);
        Ok(tally.yes + tally.no + tally.abstain)
    }
}

/// The poll's body on a server in process.
struct Served {
    session: Session,
    ballots: std::vec::IntoIter<(Envelope, Payload)>,
}

impl Served {
    fn open(dir: &Path, poll: &Poll, runtime: &Runtime) -> Result<Served> {
        std::fs::create_dir_all(dir)?;
        let store = SqliteStore::open(&dir.join("record.db"))?;
        fill(&store, &poll.maker)?;
        let keys = ServerKeys::new(vec![poll.maker.log.clone()], poll.maker.ca, [7; 32]);
        let chunks = ChunkFolder::open(&dir.join("chunks"))?;
        let app = App::open_here(Arc::new(store), Arc::new(chunks), keys, Arc::new(SystemClock))?;
        let body = poll.maker.replica.body().context("a genesis")?;
        let who = Who::Device(poll.maker.members[0].id);
        let session = runtime.block_on(app.connect(body, who))?;
        let mut served = Served { session, ballots: poll.again.clone().into_iter() };
        served.cast(runtime)?;
        Ok(served)
    }

    /// Microseconds per ballot.
    fn cast(&mut self, runtime: &Runtime) -> Result<f64> {
        let round: Vec<_> = self.ballots.by_ref().take(ROUND).collect();
        ensure!(round.len() == ROUND, "ballots left");
        let (time, done) = seconds(|| {
            runtime.block_on(async {
                for (envelope, payload) in round {
                    let offers = vec![Offer::new(envelope, Some(payload))];
                    let answer = self.session.submit(Submit { offers, together: false }).await?;
                    ensure!(matches!(answer.outcomes[..], [Submitted::Recorded { .. }]), "not recorded");
                }
                Ok(())
            })
        });
        done?;
        Ok(time / ROUND as f64 * 1e6)
    }
}
