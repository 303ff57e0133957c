use crate::body::Body;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::vault::Vault;
use ecabinet_domain::{BodyId, GroupId, Hash, ItemId, MeetingId, MemberId, PaperId, Rev, StatementId};
use ecabinet_protocol::Zone;
use ecabinet_protocol::content::{ItemContent, MeetingContent, PaperContent};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingRow {
    pub id: MeetingId,
    pub content: MeetingContent,
    pub version: u64,
    /// Items on the agenda that this member may see.
    pub items: usize,
}

/// A meeting as this member may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingView {
    pub id: MeetingId,
    pub content: MeetingContent,
    pub version: u64,
    /// In agenda order, numbered without a telling gap.
    pub items: Vec<ItemView>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemView {
    /// From 1, among the items that this member sees.
    pub number: usize,
    pub id: ItemId,
    pub content: ItemContent,
    pub papers: Vec<PaperView>,
    pub polls: Vec<PollRef>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperView {
    pub rev: Rev,
    pub title: String,
    pub pages: u32,
    pub size: u64,
    pub sha256: Hash,
    /// Bytes that are not on this device yet.
    pub missing_bytes: u64,
    pub signed: bool,
    /// It is shown with its reader's name over it.
    pub watermark: bool,
    /// Earlier revisions, oldest first.
    pub earlier: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollRef {
    pub id: StatementId,
    pub open: bool,
    pub opened_at: u64,
}

impl Client {
    /// Published meetings, the latest first.
    pub fn meetings(&self, body: BodyId) -> Result<Vec<MeetingRow>> {
        self.with(body, |vault, body| {
            let mut rows = Vec::new();
            for (id, meeting) in &body.state()?.meetings {
                let Some(content) = meeting_content(vault, body, meeting.published_at)? else { continue };
                if content.dossier {
                    continue;
                }
                let mut items = 0;
                for place in &meeting.agenda.0 {
                    items += usize::from(item_content(vault, body, place.item)?.is_some());
                }
                rows.push(MeetingRow { id: *id, content, version: meeting.version, items });
            }
            rows.sort_by_key(|row| (std::cmp::Reverse(row.content.starts), row.id));
            Ok(rows)
        })
    }

    pub fn meeting(&self, body: BodyId, id: MeetingId) -> Result<MeetingView> {
        self.with(body, |vault, body| {
            let meeting = body.state()?.meetings.get(&id).ok_or(Error::new("meeting.unknown"))?;
            let content =
                meeting_content(vault, body, meeting.published_at)?.ok_or(Error::new("meeting.unknown"))?;
            let mut items: Vec<ItemView> = Vec::new();
            for place in &meeting.agenda.0 {
                let Some(content) = item_content(vault, body, place.item)? else { continue };
                let papers = place.papers.iter().map(|rev| paper(vault, body, *rev));
                items.push(ItemView {
                    number: items.len() + 1,
                    id: place.item,
                    content,
                    papers: papers.filter_map(Result::transpose).collect::<Result<_>>()?,
                    polls: polls(body, place.item)?,
                });
            }
            Ok(MeetingView { id, content, version: meeting.version, items })
        })
    }

    /// The revision of a paper that is on the agenda now, else its newest.
    pub fn current_rev(&self, body: BodyId, paper: PaperId) -> Result<Rev> {
        self.with(body, |_, body| {
            let state = body.state()?;
            let known = state.papers.get(&paper).ok_or(Error::new("paper.unknown"))?;
            let current = state.current_revs(known.item).iter().find(|rev| rev.paper == paper).copied();
            let newest = known.revs.last().map(|(rev, _)| Rev { paper, rev: *rev });
            current.or(newest).ok_or(Error::new("paper.unknown"))
        })
    }

    /// The members of a group as the record has them; none if there is no such group.
    pub fn group_members(&self, body: BodyId, group: GroupId) -> Result<Option<Vec<MemberId>>> {
        self.with(body, |_, body| Ok(body.state()?.groups.get(&group).map(|group| group.members.clone())))
    }

    /// The clock that a body's times are told in.
    pub fn zone(&self, body: BodyId) -> Result<Zone> {
        self.with(body, |vault, body| Ok(body.zone(vault)))
    }

    /// A small fact that this device remembers for its person.
    pub fn recall(&self, name: &str) -> Result<Option<String>> {
        self.core().vault.setting(name)
    }

    pub fn remember(&self, name: &str, value: &str) -> Result<()> {
        self.core().vault.set_setting(name, value)
    }
}

pub(crate) fn meeting_content(vault: &Vault, body: &Body, at: Option<u64>) -> Result<Option<MeetingContent>> {
    at.map_or(Ok(None), |at| body.content(vault, at))
}

pub(crate) fn item_content(vault: &Vault, body: &Body, id: ItemId) -> Result<Option<ItemContent>> {
    let item = body.state()?.items.get(&id);
    item.map_or(Ok(None), |item| body.content(vault, item.set_at))
}

pub(crate) fn paper(vault: &Vault, body: &Body, rev: Rev) -> Result<Option<PaperView>> {
    let Some((title, manifest)) = body.manifest(vault, rev)? else { return Ok(None) };
    let mut missing_bytes = 0;
    for chunk in &manifest.chunks {
        if !vault.has_chunk(body.row.id, &chunk.name)? {
            missing_bytes += u64::from(chunk.size);
        }
    }
    let known = body.state()?.papers.get(&rev.paper);
    Ok(Some(PaperView {
        rev,
        title,
        pages: manifest.pages,
        size: manifest.size,
        sha256: manifest.sha256,
        missing_bytes,
        signed: known.is_some_and(|known| known.signed.contains_key(&rev.rev)),
        watermark: has_watermark(vault, body, rev)?,
        earlier: known.map_or(0, |known| known.revs.iter().take_while(|(id, _)| *id != rev.rev).count()),
    }))
}

/// A signed copy has what the paper had that was signed.
pub(crate) fn has_watermark(vault: &Vault, body: &Body, rev: Rev) -> Result<bool> {
    let known = body.state()?.papers.get(&rev.paper);
    let revs = known.map_or(&[][..], |known| &known.revs);
    let upto = revs.iter().position(|(known, _)| *known == rev.rev).map_or(0, |at| at + 1);
    for (_, index) in revs[..upto].iter().rev() {
        if let Some(paper) = body.content::<PaperContent>(vault, *index)? {
            return Ok(paper.watermark);
        }
    }
    Ok(false)
}

fn polls(body: &Body, item: ItemId) -> Result<Vec<PollRef>> {
    let of_item =
        body.state()?.polls.iter().filter(|(_, poll)| poll.form().is_none() && poll.asks_about(item));
    let mut polls: Vec<PollRef> = of_item
        .map(|(id, poll)| PollRef { id: *id, open: poll.is_open(), opened_at: poll.opened_at })
        .collect();
    polls.sort_by_key(|poll| poll.opened_at);
    Ok(polls)
}
