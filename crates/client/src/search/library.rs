use super::{FILES, Shelved, shelf};
use crate::body::Body;
use crate::client::Client;
use crate::error::Result;
use ecabinet_domain::{BodyId, ItemId, MeetingId, Rev, RevId};
use std::collections::HashMap;

/// A revision on an agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    pub meeting: MeetingId,
    pub item: ItemId,
    pub rev: Rev,
    pub at: Shelved,
}

/// A meeting that has begun so long ago is over.
const DAY: u64 = 24 * 60 * 60 * 1000;

impl Client {
    /// Published meetings in order of use: the next one, those after it, then past ones, the newest first.
    pub(crate) fn meetings_in_use(&self, body: BodyId) -> Result<Vec<MeetingId>> {
        let now = self.env.clock.now();
        self.with(body, |vault, body| {
            let mut meetings = Vec::new();
            for (id, meeting) in &body.state()?.meetings {
                let Some(at) = meeting.published_at else { continue };
                let starts = body.starts(vault, at)?.unwrap_or_default();
                let over = starts + DAY < now;
                meetings.push((over, if over { u64::MAX - starts } else { starts }, *id));
            }
            meetings.sort();
            Ok(meetings.into_iter().map(|(.., id)| id).collect())
        })
    }

    /// What is to be found: the papers on all agendas, in order of use. Those that are not ours to see are among them.
    pub(crate) fn on_agendas(&self, body: BodyId) -> Result<Vec<Placed>> {
        let meetings = self.meetings_in_use(body)?;
        self.with(body, |_, body| {
            let mut papers = Vec::new();
            for meeting in meetings {
                papers.extend(on_agenda(body, meeting)?);
            }
            Ok(papers)
        })
    }

    /// Whether all of a paper is on this device.
    pub(crate) fn is_here(&self, body: BodyId, rev: Rev) -> Result<bool> {
        self.with(body, |vault, body| {
            let Some((_, manifest)) = body.manifest(vault, rev)? else { return Ok(false) };
            for chunk in &manifest.chunks {
                if !vault.has_chunk(body.row.id, &chunk.name)? {
                    return Ok(false);
                }
            }
            Ok(true)
        })
    }

    /// Takes out of the index what is on no agenda any more, was replaced or erased. Where that cannot be done, all of the
    /// index goes: it can be made again.
    pub(crate) fn tidy_index(&self, body: BodyId) -> Result<()> {
        if !self.env.disk.exists(&self.home.join(FILES[0])) {
            return Ok(());
        }
        let (row, kept) = self.with(body, |_, body| Ok((body.row.id, kept(body)?)))?;
        let tidied = self.index().and_then(|index| -> Result<()> {
            // Another revision stands at the same entry where the record was begun again.
            let read = index.papers(row)?.into_iter();
            let gone = read.filter(|(paper, read)| kept.get(paper) != Some(&read.rev));
            Ok(index.forget(&gone.map(|(paper, _)| paper).collect::<Vec<_>>())?)
        });
        if tidied.is_err() { self.drop_index() } else { Ok(()) }
    }

    /// Whether a paper is still one whose words may be kept. Error: of a body that was left.
    pub(crate) fn is_kept(&self, body: BodyId, paper: Placed) -> Result<bool> {
        self.with(body, |_, body| Ok(kept(body)?.get(&paper.at) == Some(&paper.rev.rev)))
    }

    /// Destroys the index; it is made again from the papers.
    pub(crate) fn drop_index(&self) -> Result<()> {
        self.shelf.empty(|| shelf::remove(&self.home, &self.env))
    }
}

/// The papers on a meeting's agenda, in order.
pub(crate) fn on_agenda(body: &Body, meeting: MeetingId) -> Result<Vec<Placed>> {
    let Some(known) = body.state()?.meetings.get(&meeting) else { return Ok(Vec::new()) };
    let mut papers = Vec::new();
    for place in &known.agenda.0 {
        for rev in &place.papers {
            let Some(entry) = body.rev_index(rev.paper, rev.rev)? else { continue };
            let at = Shelved { body: body.row.id, entry };
            papers.push(Placed { meeting, item: place.item, rev: *rev, at });
        }
    }
    Ok(papers)
}

fn kept(body: &Body) -> Result<HashMap<Shelved, RevId>> {
    let mut kept = HashMap::new();
    let state = body.state()?;
    for meeting in state.meetings.keys() {
        for placed in on_agenda(body, *meeting)? {
            let entry = placed.at.entry;
            if !state.erased.contains_key(&entry) && !body.lacking.contains_key(&entry) {
                kept.insert(placed.at, placed.rev.rev);
            }
        }
    }
    Ok(kept)
}
