//! Chunks of papers: access is by paper and audience, never by a chunk's name alone.

use crate::access::Standing;
use crate::connection::Session;
use crate::healing;
use crate::offer;
use crate::settled::Fault;
use bytes::Bytes;
use ecabinet_domain::Header;
use ecabinet_protocol::ApiError;
use ecabinet_protocol::content::{self, ChunkName, ChunkRef, Manifest};
use ecabinet_protocol::sync::{Answer, WantChunks};
use ecabinet_protocol::wire::MAX_CHUNK;
use ecabinet_record::Leaf;
use std::collections::BTreeSet;
use std::io;
use std::sync::atomic::Ordering;

/// Names in one request.
pub(crate) const MAX_NAMES: usize = 16384;

pub(crate) fn missing(
    session: &Session,
    standing: Standing,
    names: Vec<ChunkName>,
) -> Answer<Vec<ChunkName>> {
    // To anyone else everything is missing: the answer must not tell who holds what.
    if !session.with_state(|state| standing.brings_chunks(state)) {
        return Ok(names);
    }
    let settled = &session.body.settled;
    Ok(settled.store.lacking_chunks(settled.body, &names).map_err(Fault::from)?)
}

pub(crate) fn put(session: &Session, standing: Standing, chunks: &[(ChunkName, Bytes)]) -> Answer<()> {
    standing.active()?;
    if !session.with_state(|state| standing.brings_chunks(state)) {
        let asked: BTreeSet<ChunkName> = healing::lacking(session, standing)?.chunks.into_iter().collect();
        if !chunks.iter().all(|(name, _)| asked.contains(name)) {
            return Err(ApiError::new("chunk.may_not"));
        }
    }
    let settled = &session.body.settled;
    let key = settled.chunk_key.ok_or(ApiError::new("chunk.no_key"))?;
    for (name, bytes) in chunks {
        if bytes.is_empty() || bytes.len() > MAX_CHUNK {
            return Err(ApiError::new("chunk.size").with("max", MAX_CHUNK));
        }
        if content::chunk_name(&key, bytes) != *name {
            return Err(ApiError::new("chunk.name").with("name", name));
        }
    }
    for (name, bytes) in chunks {
        session.core.chunks.put(settled.body, name, bytes).map_err(failed)?;
    }
    let noted: Vec<_> =
        chunks.iter().map(|(name, bytes)| ChunkRef { name: *name, size: bytes.len() as u32 }).collect();
    settled.store.note_chunks(settled.body, &noted).map_err(Fault::from)?;
    session.core.metrics.chunks_in.fetch_add(noted.len() as u64, Ordering::Relaxed);
    Ok(())
}

impl Session {
    /// The names, if all of them are chunks of a revision that the session may see now.
    pub(crate) async fn open_chunks(&self, request: WantChunks) -> Answer<Vec<ChunkName>> {
        self.run(move |session, standing| {
            if request.names.len() > MAX_NAMES {
                return Err(ApiError::new("request.too_large").with("max", MAX_NAMES));
            }
            // One answer for what is not there and what is not his to see.
            let manifest =
                manifest(session, standing, &request)?.ok_or(ApiError::new("paper.not_visible"))?;
            let listed: BTreeSet<ChunkName> = manifest.chunks.iter().map(|chunk| chunk.name).collect();
            match request.names.iter().find(|name| !listed.contains(name)) {
                None => Ok(request.names),
                Some(other) => Err(ApiError::new("chunk.not_of_paper").with("name", other)),
            }
        })
        .await
    }

    /// A chunk that was opened; none if a restored server lacks it.
    pub(crate) async fn chunk(&self, name: ChunkName) -> Answer<Option<Bytes>> {
        let session = self.clone();
        self.core
            .apart(move || {
                let bytes = match session.core.chunks.get(session.body.settled.body, &name) {
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                    kept => kept.map_err(failed)?,
                };
                session.core.metrics.chunks_out.fetch_add(1, Ordering::Relaxed);
                Ok(Some(bytes.into()))
            })
            .await
    }
}

fn manifest(session: &Session, standing: Standing, request: &WantChunks) -> Answer<Option<Manifest>> {
    let index = session.with_state(|state| {
        let revs = &state.papers.get(&request.paper)?.revs;
        revs.iter().find(|(rev, _)| *rev == request.rev).map(|(_, index)| *index)
    });
    let (settled, Some(index)) = (&session.body.settled, index) else { return Ok(None) };
    let leaves = settled.store.entries(settled.body, index, 0).map_err(Fault::from)?;
    let Some(leaf) = leaves.first() else { return Ok(None) };
    let Some(payload) = session.payload(standing, index, leaf)? else { return Ok(None) };
    let header = Leaf::parse(leaf).and_then(|leaf| Header::parse(&leaf.envelope.header));
    Ok(header.and_then(|header| offer::manifest(&header.act, &payload)))
}

fn failed(error: io::Error) -> ApiError {
    tracing::error!(%error, "chunk store failed");
    ApiError::new(if error.kind() == io::ErrorKind::NotFound { "chunk.lost" } else { "chunk.failed" })
}
