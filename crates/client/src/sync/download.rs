//! Fetching papers: next meeting first, each chunk verified as it arrives, broken off and gone on with at any chunk.

use super::plan::{self, Need, Paper};
use crate::body::Body;
use crate::client::{Changed, Client};
use crate::error::{Error, Result};
use crate::packs;
use crate::vault::Vault;
use ecabinet_domain::BodyId;
use ecabinet_protocol::content::{ChunkName, MeetingContent, chunk_name};
use ecabinet_protocol::sync::{Connection, Report, WantChunks};
use std::collections::{BTreeMap, BTreeSet};

/// Bytes of chunks asked for at a time: what is lost at most when the line breaks.
const WANT: u64 = 4 << 20;

impl Client {
    /// Fetches the missing chunks, damaged ones too; gives the bytes that came.
    pub(crate) async fn download(&self, body: BodyId, connection: &dyn Connection) -> Result<u64> {
        self.look_for_lost(body)?;
        self.forget_damaged()?;
        let mut fetched = 0;
        // Asked for in vain: a restored server may lack them until another device has handed them back.
        let mut lacking = BTreeSet::new();
        loop {
            let mut papers = self.with(body, papers)?;
            for paper in &mut papers {
                paper.missing.retain(|chunk| !lacking.contains(&chunk.name));
            }
            let needs = plan::order(&papers, self.env.clock.now(), self.downloads.first());
            let Some(need) = needs.first() else { break };
            if self.downloads.is_paused() {
                break;
            }
            fetched += self.fetch(body, connection, need, &mut lacking).await?;
            self.announce(&[Changed::Papers]);
        }
        self.report(body, connection).await?;
        Ok(fetched)
    }

    async fn fetch(
        &self,
        body: BodyId,
        connection: &dyn Connection,
        need: &Need,
        lacking: &mut BTreeSet<ChunkName>,
    ) -> Result<u64> {
        let mut wanted = 0;
        let some = need.chunks.iter().take_while(|chunk| {
            wanted += u64::from(chunk.size);
            wanted <= WANT || wanted == u64::from(chunk.size)
        });
        let names: Vec<ChunkName> = some.map(|chunk| chunk.name).collect();
        let key = self.with(body, |vault, body| Ok(body.genesis(vault)?.chunk_key))?;
        let mut arrived: Vec<(ChunkName, bytes::Bytes)> = Vec::new();
        let mut wrong = None;
        let mut take = |name: ChunkName, bytes: bytes::Bytes| {
            let right = names.contains(&name) && chunk_name(&key, &bytes) == name;
            if right {
                arrived.push((name, bytes));
            } else {
                wrong = Some(name);
            }
            right
        };
        let request = WantChunks { paper: need.rev.paper, rev: need.rev.rev, names: names.clone() };
        let answer = connection.chunks(request, &mut take).await;
        // What came whole is kept even if the line broke.
        let bytes = arrived.iter().map(|(_, bytes)| bytes.len() as u64).sum();
        self.keep(body, &arrived)?;
        answer?;
        if let Some(name) = wrong {
            return Err(Error::new("chunk.wrong").with("chunk", name));
        }
        let came = |name: &&ChunkName| arrived.iter().any(|(arrived, _)| arrived == *name);
        lacking.extend(names.iter().filter(|name| !came(name)));
        Ok(bytes)
    }

    fn keep(&self, body: BodyId, chunks: &[(ChunkName, bytes::Bytes)]) -> Result<()> {
        if chunks.is_empty() {
            return Ok(());
        }
        let sealed: Vec<_> = chunks
            .iter()
            .map(|(name, bytes)| packs::seal_chunk(&self.env, &self.files, name, bytes))
            .collect::<Result<_>>()?;
        let mut core = self.core();
        let (vault, body) = core.parts(body)?;
        vault.transact(|tx| packs::keep_chunks(tx, body.row.id, &sealed))
    }

    /// Tells the server which meetings are all here.
    async fn report(&self, body: BodyId, connection: &dyn Connection) -> Result<()> {
        let reports = self.with(body, |vault, body| {
            let mut ready: BTreeMap<_, bool> = BTreeMap::new();
            for paper in papers(vault, body)? {
                *ready.entry(paper.meeting).or_insert(true) &= paper.missing.is_empty();
            }
            let state = body.state()?;
            let version =
                |id: &ecabinet_domain::MeetingId| state.meetings.get(id).map_or(0, |meeting| meeting.version);
            let report = |(id, all): (&ecabinet_domain::MeetingId, &bool)| Report {
                meeting: *id,
                ready_version: if *all { version(id) } else { 0 },
            };
            Ok(ready.iter().map(report).collect::<Vec<_>>())
        })?;
        for report in reports {
            connection.report(report).await?;
        }
        Ok(())
    }
}

/// The papers of published meetings that are ours to see.
pub(crate) fn papers(vault: &Vault, body: &Body) -> Result<Vec<Paper>> {
    let mut papers = Vec::new();
    for (id, meeting) in &body.state()?.meetings {
        let Some(published) = meeting.published_at else { continue };
        let starts = body.content::<MeetingContent>(vault, published)?.map_or(0, |meeting| meeting.starts);
        for rev in meeting.agenda.0.iter().flat_map(|place| &place.papers) {
            let Some((_, manifest)) = body.manifest(vault, *rev)? else { continue };
            let mut missing = Vec::new();
            for chunk in &manifest.chunks {
                if !vault.has_chunk(body.row.id, &chunk.name)? {
                    missing.push(*chunk);
                }
            }
            papers.push(Paper { meeting: *id, starts, rev: *rev, missing, size: manifest.size });
        }
    }
    Ok(papers)
}
