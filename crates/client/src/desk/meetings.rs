use super::polls::PollHere;
use super::positions::{self, OwnPositions, Voters};
use super::versions;
use super::{Desk, body_id, id};
use super::{attendance, blocks, conclusions, floor};
use crate::body::Body;
use crate::error::{Error, Result};
use crate::spaces;
use crate::vault::Vault;
use crate::views;
use ecabinet_domain::{BodyId, ItemId, MeetingId, Member};
use ecabinet_protocol::ui::*;

const HOUR: u64 = 60 * 60 * 1000;

impl Desk {
    pub(super) fn meeting_rows(&self, body: &str) -> Result<Vec<MeetingRow>> {
        let body = body_id(body)?;
        let client = self.client()?;
        let now = self.env.clock.now();
        let mut rows = Vec::new();
        for row in client.meetings(body)? {
            rows.push(self.meeting_row(body, row.id, now)?);
        }
        rows.sort_by_key(|row| match row.phase {
            Phase::Past => (1, u64::MAX - row.starts),
            _ => (0, row.starts),
        });
        Ok(rows)
    }

    pub(super) fn meeting_row(&self, body: BodyId, meeting: MeetingId, now: u64) -> Result<MeetingRow> {
        let client = self.client()?;
        let view = client.meeting(body, meeting)?;
        client.with(body, |vault, body| {
            let published = body.state()?.meetings[&meeting].published_at.unwrap_or_default();
            head(vault, body, &view, published, now)
        })
    }

    pub(super) fn agenda_view(&self, args: &MeetingRef) -> Result<AgendaView> {
        let (body, meeting) = (body_id(&args.body)?, id(&args.meeting)?);
        let client = self.client()?;
        let view = client.meeting(body, meeting)?;
        let now = self.env.clock.now();
        client
            .with(body, |vault, body| {
                let published = body.state()?.meetings[&meeting].published_at.unwrap_or_default();
                let positions = OwnPositions::read(vault, body)?;
                let mut items = Vec::new();
                for item in &view.items {
                    let poll = PollHere::newest(vault, body, item.id)?;
                    items.push(AgendaRow {
                        item: item.id.to_string(),
                        number: item.number as u32,
                        title: item.content.title.clone(),
                        agency: item.content.agency.clone(),
                        minutes: item.content.minutes,
                        kind: item.content.kind,
                        papers: paper_rows(vault, body, item)?,
                        ballot: poll.as_ref().map(|poll| poll.ballot(vault, body)).transpose()?.flatten(),
                        poll: poll.map(|poll| poll.brief(vault, body)).transpose()?,
                        pulled: blocks::taken_out(vault, body, item.id)?,
                        conclusion: conclusions::newest(vault, body, item.id)?,
                        position: positions.on(item.id)?,
                    });
                }
                let member = body.state()?.members.get(&body.member()?);
                let may_chair =
                    member.is_some_and(|m| m.holds(Member::CHAIR) || m.holds(Member::SECRETARIAT));
                Ok(AgendaView {
                    meeting: head(vault, body, &view, published, now)?,
                    items,
                    may_chair,
                    cannot_state: positions::cannot_state(body)?,
                    attendance: attendance::mine(vault, body, meeting)?,
                })
            })
            .inspect(|agenda| self.count_changes(body, agenda.items.iter().flat_map(|item| &item.papers)))
    }

    pub(super) fn item_view(&self, args: &ItemRef) -> Result<ItemView> {
        let (body_id, item): (BodyId, ItemId) = (body_id(&args.body)?, id(&args.item)?);
        let client = self.client()?;
        let meeting = client.with(body_id, |_, body| {
            Ok(body.state()?.items.get(&item).ok_or(Error::new("item.unknown"))?.meeting)
        })?;
        let view = client.meeting(body_id, meeting)?;
        let at = view.items.iter().position(|known| known.id == item).ok_or(Error::new("item.unknown"))?;
        let now = self.env.clock.now();
        client
            .with(body_id, |vault, body| {
                let published = body.state()?.meetings[&meeting].published_at.unwrap_or_default();
                let here = &view.items[at];
                let poll = PollHere::newest(vault, body, item)?;
                let neighbour =
                    |at: Option<usize>| at.and_then(|at| view.items.get(at)).map(|item| item.id.to_string());
                Ok(ItemView {
                    meeting: head(vault, body, &view, published, now)?,
                    item: item.to_string(),
                    number: here.number as u32,
                    title: here.content.title.clone(),
                    agency: here.content.agency.clone(),
                    minutes: here.content.minutes,
                    kind: here.content.kind,
                    papers: paper_rows(vault, body, here)?,
                    briefs: super::staff::briefs(vault, body, item)?,
                    poll: poll.map(|poll| poll.view(vault, body, now)).transpose()?,
                    pulled: blocks::taken_out(vault, body, item)?,
                    conclusions: conclusions::all(vault, body, item)?,
                    position: OwnPositions::read(vault, body)?.on(item)?,
                    cannot_state: positions::cannot_state(body)?,
                    positions: Voters::read(vault, body)?.positions(item)?,
                    floor: floor::view(vault, body, item)?,
                    previous: neighbour(at.checked_sub(1)),
                    next: neighbour(Some(at + 1)),
                })
            })
            .inspect(|item: &ItemView| {
                self.count_changes(body_id, &item.papers);
                self.papers.get_ready();
            })
    }
}

fn head(
    vault: &Vault,
    body: &Body,
    view: &views::MeetingView,
    published: u64,
    now: u64,
) -> Result<MeetingRow> {
    let mut readiness = Readiness::default();
    for paper in view.items.iter().flat_map(|item| &item.papers) {
        readiness.total += 1;
        readiness.ready += u32::from(paper.missing_bytes == 0);
        readiness.bytes_total += paper.size;
        readiness.bytes_ready += paper.size - paper.missing_bytes;
    }
    let starts = view.content.starts;
    // A session is live from half an hour before until the end of its day's work.
    let phase = match now {
        now if now + HOUR / 2 < starts => Phase::Upcoming,
        now if now < starts + 12 * HOUR => Phase::Live,
        _ => Phase::Past,
    };
    Ok(MeetingRow {
        meeting: view.id.to_string(),
        title: view.content.title.clone(),
        starts,
        place: view.content.place.clone(),
        version: view.version as u32,
        reason: view.content.reason.clone(),
        published_at: body.time(vault, published)?,
        items: view.items.len() as u32,
        readiness,
        phase,
    })
}

pub(super) fn paper_rows(vault: &Vault, body: &Body, item: &views::ItemView) -> Result<Vec<PaperRow>> {
    item.papers.iter().map(|paper| paper_row(vault, body, item.id, paper)).collect()
}

fn paper_row(vault: &Vault, body: &Body, item: ItemId, paper: &views::PaperView) -> Result<PaperRow> {
    let reading = spaces::reading(vault, body, paper.rev.paper)?;
    let known = body.state()?.papers.get(&paper.rev.paper);
    let read = reading.as_ref().and_then(|reading| reading.rev).filter(|read| *read != paper.rev.rev);
    // Signed, it is the same text.
    let read = read.filter(|read| !known.is_some_and(|known| known.is_signed_copy(*read, paper.rev.rev)));
    Ok(PaperRow {
        paper: paper.rev.paper.to_string(),
        rev: paper.rev.rev.to_string(),
        version: paper.earlier as u32 + 1,
        title: paper.title.clone(),
        pages: paper.pages,
        bytes: paper.size,
        bytes_ready: paper.size - paper.missing_bytes,
        state: state(paper),
        signatures: known.map_or(0, |known| known.signatures(paper.rev.rev).count()) as u32,
        sign_due: super::sign::is_due(vault, body, item, paper.rev)?,
        marks: spaces::marks_on(vault, body, paper.rev.paper)? as u32,
        last_page: reading.as_ref().and_then(|reading| reading.page),
        changed: read.is_some(),
        changed_paragraphs: read
            .map(|read| versions::counted(vault, read, paper.rev.rev))
            .transpose()?
            .flatten(),
    })
}

pub(super) fn state(paper: &views::PaperView) -> PaperState {
    match paper.missing_bytes {
        0 => PaperState::Ready,
        missing if missing < paper.size => PaperState::Loading,
        _ => PaperState::Missing,
    }
}
