//! Turning a folder's papers into a published meeting. A republished item or paper keeps its id by its path, else a
//! paper by equal content.

use super::{Batch, Sealed, cut, manifest};
use crate::body::{Body, Made, Says};
use crate::client::Client;
use crate::error::Result;
use crate::vault::Vault;
use ecabinet_domain::act::{ItemSet, MeetingPublish, PaperPublish};
use ecabinet_domain::{
    Agenda, Audience, BodyId, Int, ItemId, MeetingId, Member, MemberId, PaperId, Placement, Rev, RevId,
};
use ecabinet_protocol::content::{ChunkName, ItemContent, Manifest, MeetingContent, PaperContent};
use rusqlite::Transaction;
use std::collections::{BTreeMap, BTreeSet};

/// A meeting as the secretariat lays it out.
#[derive(Debug, Clone)]
pub struct Publication {
    /// A new one if none is published by this id; none for one by an id of its own.
    pub meeting: Option<MeetingId>,
    pub content: MeetingContent,
    /// In agenda order.
    pub items: Vec<NewItem>,
}

#[derive(Debug, Clone)]
pub struct NewItem {
    pub content: ItemContent,
    pub audience: Vec<Audience>,
    pub papers: Vec<NewPaper>,
}

#[derive(Debug, Clone)]
pub struct NewPaper {
    pub title: String,
    /// In the folder, with `/`.
    pub path: String,
    pub bytes: Vec<u8>,
    pub pages: u32,
    pub audience: Vec<Audience>,
    pub signers: Vec<MemberId>,
    /// It is shown with its reader's name over it.
    pub watermark: bool,
}

/// A file that keeps a folder from being published.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    pub path: String,
    pub code: String,
    /// Where in the file, or which name, in the words of what read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// What was queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub meeting: MeetingId,
    pub version: u64,
    pub items: usize,
    pub papers: usize,
    /// Bytes of chunks that were not in this body before.
    pub new_bytes: u64,
    pub shared_bytes: u64,
}

/// What is known of an already published meeting.
#[derive(Default)]
struct Known {
    version: u64,
    items: BTreeMap<String, ItemId>,
    papers: Vec<KnownPaper>,
    chunks: BTreeSet<ChunkName>,
}

struct KnownPaper {
    item: ItemId,
    rev: Rev,
    content: PaperContent,
    audience: Vec<Audience>,
    signers: Vec<MemberId>,
    signed: bool,
}

/// A publication as acts, and the chunks that they name and nobody has yet.
pub(crate) struct LaidOut<'a> {
    pub published: Published,
    pub acts: Vec<(ecabinet_domain::Act, Option<Says>)>,
    pub chunks: Vec<(ChunkName, &'a [u8])>,
}

impl Client {
    /// Queues a meeting's publication: one statement for each thing with an audience of its own, appended together.
    /// What has not changed is not said again.
    pub fn publish(&self, body: BodyId, publication: Publication) -> Result<Published> {
        let LaidOut { published, acts, chunks } = self.lay_out(body, &publication)?;
        let sealed = self.seal_chunks(&chunks)?;
        let keep = |tx: &Transaction, row| super::keep_chunks(tx, row, &sealed);
        self.act_with(body, keep, |_, body| {
            let make = |(act, says)| body.make(&self.env, Member::SECRETARIAT, act, says);
            let made: Vec<Made> = acts.into_iter().map(make).collect::<Result<_>>()?;
            body.precheck(&self.env, &made[0])?;
            Ok(made)
        })?;
        Ok(published)
    }

    /// Writes chunks sealed to the disk; they are nothing until their keys are kept.
    pub(crate) fn seal_chunks(&self, chunks: &[(ChunkName, &[u8])]) -> Result<Vec<Sealed>> {
        let (mut batch, mut sealed) = (Batch::default(), Vec::new());
        for (name, bytes) in chunks {
            batch.add(&self.env, name, bytes);
            if batch.is_full() {
                sealed.extend(batch.write(&self.env, &self.files)?);
            }
        }
        sealed.extend(batch.write(&self.env, &self.files)?);
        Ok(sealed)
    }

    /// Says what has to be said to publish a meeting.
    pub(crate) fn lay_out<'a>(&self, body: BodyId, publication: &'a Publication) -> Result<LaidOut<'a>> {
        let meeting = publication.meeting.unwrap_or_else(|| MeetingId(self.env.random()));
        let (known, chunk_key) = self.with(body, |vault, body| {
            Ok((known(vault, body, publication.meeting)?, body.genesis(vault)?.chunk_key))
        })?;
        let mut published = Published {
            meeting,
            version: known.version + 1,
            items: publication.items.len(),
            papers: 0,
            new_bytes: 0,
            shared_bytes: 0,
        };
        let mut acts: Vec<(ecabinet_domain::Act, Option<Says>)> = Vec::new();
        let (mut agenda, mut new) = (Vec::new(), Vec::new());
        let mut here: BTreeSet<_> = known.chunks.clone();
        for item in &publication.items {
            let id =
                known.items.get(&item.content.path).copied().unwrap_or_else(|| ItemId(self.env.random()));
            acts.push((ItemSet { meeting, item: id }.into(), Says::to(item.audience.clone(), &item.content)));
            let mut revs = Vec::new();
            for paper in &item.papers {
                published.papers += 1;
                let chunks = cut(&paper.bytes, &chunk_key);
                let manifest = manifest(&paper.bytes, paper.pages, &chunks);
                for (chunk, bytes) in &chunks {
                    if here.insert(chunk.name) {
                        published.new_bytes += u64::from(chunk.size);
                        new.push((chunk.name, *bytes));
                    } else {
                        published.shared_bytes += u64::from(chunk.size);
                    }
                }
                let former = known.find(id, &paper.path, &manifest, &revs);
                if let Some(former) = former.filter(|former| former.is_same(paper, &manifest)) {
                    revs.push(former.rev);
                    continue;
                }
                let rev = Rev {
                    paper: former.map_or_else(|| PaperId(self.env.random()), |former| former.rev.paper),
                    rev: RevId(self.env.random()),
                };
                let content = PaperContent {
                    title: paper.title.clone(),
                    path: paper.path.clone(),
                    manifest,
                    watermark: paper.watermark,
                };
                let signers = paper.signers.clone();
                let act = PaperPublish { item: id, paper: rev.paper, rev: rev.rev, signers };
                acts.push((act.into(), Says::to(paper.audience.clone(), &content)));
                revs.push(rev);
            }
            agenda.push(Placement { item: id, papers: revs });
        }
        let version = Int::new(published.version).unwrap_or_default();
        let publish = MeetingPublish { meeting, version, agenda: Agenda(agenda) };
        acts.push((publish.into(), Says::to_all(&publication.content)));
        Ok(LaidOut { published, acts, chunks: new })
    }
}

impl Known {
    /// The paper's former revision: by path, else by equal content; none that is already placed.
    fn find(&self, item: ItemId, path: &str, manifest: &Manifest, placed: &[Rev]) -> Option<&KnownPaper> {
        let free = || {
            let of_item = self.papers.iter().filter(move |paper| paper.item == item);
            of_item.filter(|paper| placed.iter().all(|rev| rev.paper != paper.rev.paper))
        };
        let by_path = free().find(|paper| paper.content.path == path);
        by_path.or_else(|| free().find(|paper| paper.content.manifest.sha256 == manifest.sha256))
    }
}

impl KnownPaper {
    fn is_same(&self, paper: &NewPaper, manifest: &Manifest) -> bool {
        self.content.title == paper.title
            && self.content.path == paper.path
            && self.content.manifest.sha256 == manifest.sha256
            && self.audience == paper.audience
            && self.signers == paper.signers
            && self.content.watermark == paper.watermark
            && !self.signed
    }
}

fn known(vault: &Vault, body: &Body, meeting: Option<MeetingId>) -> Result<Known> {
    let Some(id) = meeting else { return Ok(Known::default()) };
    let state = body.state()?;
    let version = state.meetings.get(&id).map_or(0, |meeting| meeting.version);
    let mut known = Known { version, ..Known::default() };
    for (item_id, item) in state.items.iter().filter(|(_, item)| item.meeting == id) {
        let Some(content) = body.content::<ItemContent>(vault, item.set_at)? else { continue };
        known.items.insert(content.path, *item_id);
    }
    for (paper_id, paper) in &state.papers {
        if state.items.get(&paper.item).is_none_or(|item| item.meeting != id) {
            continue;
        }
        // The newest revision that the secretariat itself published; a signed one is its successor.
        let Some((rev, index)) = paper.revs.iter().rev().find(|(rev, _)| !paper.signed.contains_key(rev))
        else {
            continue;
        };
        let Some(content) = body.content::<PaperContent>(vault, *index)? else { continue };
        known.chunks.extend(content.manifest.chunks.iter().map(|chunk| chunk.name));
        let signed = paper.revs.last().is_some_and(|(last, _)| last != rev);
        known.papers.push(KnownPaper {
            item: paper.item,
            rev: Rev { paper: *paper_id, rev: *rev },
            content,
            audience: paper.audience.clone(),
            signers: paper.signers.clone(),
            signed,
        });
    }
    Ok(known)
}
