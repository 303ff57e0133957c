//! Fetching papers: next meeting first, each chunk verified as it arrives, broken off and gone on with at any chunk.

use super::plan::{Need, Paper, Plan};
use crate::body::Body;
use crate::client::{Changed, Client};
use crate::error::{Error, Result};
use crate::packs::{self, Batch};
use crate::vault::Vault;
use ecabinet_domain::BodyId;
use ecabinet_protocol::content::{ChunkName, MeetingContent, chunk_name};
use ecabinet_protocol::sync::{Connection, WantChunks};
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};

/// ms for which what has come waits at most for more before it is kept.
const PATIENCE: u64 = 1000;

/// A download that is under way.
struct Download<'a> {
    body: BodyId,
    connection: &'a dyn Connection,
    work: Mutex<Work>,
}

#[derive(Default)]
struct Work {
    plan: Plan,
    /// The state of the vault from which the plan was made.
    planned: Option<u64>,
    /// What has come and is not kept yet.
    batch: Batch,
    /// When the first of it came.
    since: u64,
    /// Bytes that came.
    fetched: u64,
}

impl Client {
    /// Fetches the missing chunks, damaged ones too; gives the bytes that came.
    pub(crate) async fn download(&self, body: BodyId, connection: &dyn Connection) -> Result<u64> {
        self.look_for_lost(body)?;
        self.forget_damaged()?;
        let download = Download { body, connection, work: Mutex::default() };
        // Two requests at a time: one is on its way while what the other brings is sealed and written.
        let fetched = tokio::try_join!(self.fetch_all(&download), self.fetch_all(&download));
        // What came whole is kept even if the line broke.
        let kept = self.keep(body, &mut download.work());
        fetched?;
        kept?;
        self.report(body, connection).await?;
        let fetched = download.work().fetched;
        Ok(fetched)
    }

    /// One request after the other.
    async fn fetch_all(&self, download: &Download<'_>) -> Result<()> {
        loop {
            let Some(need) = self.next(download)? else { return Ok(()) };
            self.fetch(download, need).await?;
        }
    }

    fn next(&self, download: &Download) -> Result<Option<Need>> {
        if self.downloads.is_paused() {
            return Ok(None);
        }
        let work = &mut *download.work();
        self.with(download.body, |vault, body| {
            if work.planned != Some(vault.writes()) {
                work.plan.renew(papers(vault, body)?);
                work.planned = Some(vault.writes());
            }
            Ok(work.plan.next(self.env.clock.now(), self.downloads.first()))
        })
    }

    async fn fetch(&self, download: &Download<'_>, need: Need) -> Result<()> {
        let key = self.with(download.body, |vault, body| Ok(body.genesis(vault)?.chunk_key))?;
        let names: Vec<ChunkName> = need.chunks.iter().map(|chunk| chunk.name).collect();
        let mut awaited: BTreeSet<ChunkName> = names.iter().copied().collect();
        let mut failed = None;
        let mut take = |name: ChunkName, bytes: bytes::Bytes| {
            let right = awaited.remove(&name) && chunk_name(&key, &bytes) == name;
            let wrong = || Err(Error::new("chunk.wrong").with("chunk", name));
            let taken = if right { self.take(download, &name, &bytes) } else { wrong() };
            failed = taken.err();
            failed.is_none()
        };
        let request = WantChunks { paper: need.rev.paper, rev: need.rev.rev, names };
        let answer = download.connection.chunks(request, &mut take).await;
        if let Some(error) = failed {
            return Err(error);
        }
        answer?;
        // Its reader waits.
        if self.downloads.first() == Some(need.rev.paper) {
            self.keep(download.body, &mut download.work())?;
        }
        Ok(())
    }

    fn take(&self, download: &Download, name: &ChunkName, bytes: &[u8]) -> Result<()> {
        let (mut work, now) = (download.work(), self.env.clock.now());
        if work.batch.is_empty() {
            work.since = now;
        }
        work.batch.add(&self.env, name, bytes);
        work.fetched += bytes.len() as u64;
        if work.batch.is_full() || now.abs_diff(work.since) >= PATIENCE {
            self.keep(download.body, &mut work)?;
        }
        Ok(())
    }

    /// Writes what has come and keeps its keys.
    fn keep(&self, body: BodyId, work: &mut Work) -> Result<()> {
        let sealed = work.batch.write(&self.env, &self.files)?;
        if sealed.is_empty() {
            return Ok(());
        }
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        let planned = work.planned == Some(vault.writes());
        vault.transact(|tx| packs::keep_chunks(tx, body.row.id, &sealed))?;
        // The plan knows of what is kept here.
        work.planned = planned.then(|| vault.writes());
        drop(core);
        self.announce(&[Changed::Papers]);
        Ok(())
    }
}

impl Download<'_> {
    fn work(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// The papers of published meetings that are ours to see.
pub(crate) fn papers(vault: &Vault, body: &Body) -> Result<Vec<Paper>> {
    let here = vault.chunk_names(body.row.id)?;
    let mut papers = Vec::new();
    for (id, meeting) in &body.state()?.meetings {
        let Some(published) = meeting.published_at else { continue };
        let starts = body.content::<MeetingContent>(vault, published)?.map_or(0, |meeting| meeting.starts);
        for rev in meeting.agenda.0.iter().flat_map(|place| &place.papers) {
            let Some((_, manifest)) = body.manifest(vault, *rev)? else { continue };
            let size = manifest.size;
            let missing = manifest.chunks.into_iter().filter(|chunk| !here.contains(&chunk.name)).collect();
            papers.push(Paper { meeting: *id, starts, rev: *rev, missing, size });
        }
    }
    Ok(papers)
}
