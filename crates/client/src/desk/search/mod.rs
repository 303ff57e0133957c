//! Finding: titles and notes as they are in memory, papers by the index, which is made behind all else.

mod behind;
mod catalogue;

pub(super) use behind::Behind;
pub(super) use catalogue::Catalogues;

use super::{Desk, body_id};
use crate::client::Client;
use crate::error::{Error, Result};
use crate::search::{Ask, Found, Index, Piece, Progress, Shelved, passage};
use crate::spaces;
use catalogue::{Catalogue, NoteWords, PaperTitle};
use ecabinet_domain::MeetingId;
use ecabinet_pdf::{Query, Way};
use ecabinet_protocol::ui::*;
use std::collections::BTreeMap;

/// Titles and notes shown.
const TITLES: usize = 8;
const NOTES: usize = 8;
/// Pages shown of one paper.
const OF_EACH: usize = 3;
/// Papers that the member read last: they come before others of their kind.
const LAST_READ: usize = 12;
/// Pages wanted at most.
const MOST: usize = 1000;

impl Desk {
    pub(super) fn search_view(&self, args: &SearchAll) -> Result<SearchView> {
        let view = match self.seek(args) {
            Err(error) if is_spoiled(&error) => {
                self.client()?.drop_index()?;
                self.seek(args)?
            }
            view => view?,
        };
        if view.reach.read < view.reach.total {
            self.session()?.behind.ring();
        }
        Ok(view)
    }

    fn seek(&self, args: &SearchAll) -> Result<SearchView> {
        let body = body_id(&args.body)?;
        let client = self.client()?;
        let catalogue = self.catalogues.of(&client, body)?;
        let index = client.index()?;
        let read = index.papers(catalogue.row)?;
        let meeting = catalogue.meeting_of(args.near.as_ref())?;
        let query = Query::read(&args.query);
        let scope = meeting.filter(|_| args.only_meeting);
        let reach = reach(&catalogue, &read, scope);
        if query.is_empty() {
            return Ok(SearchView { titles: vec![], papers: vec![], notes: vec![], more: false, reach });
        }
        let most = (args.most as usize).min(MOST);
        let found = self.find_pages(&client, &index, &catalogue, &query, meeting, scope.is_some(), most)?;
        let more = found.len() >= most;
        Ok(SearchView {
            titles: titles(&catalogue, &query, scope),
            papers: papers(&catalogue, found, meeting),
            notes: notes(&self.catalogues.notes(&client, body)?, &catalogue, &query, scope),
            more,
            reach,
        })
    }

    /// In the person's meeting, then in what he read last and in the next meeting, then the newest first.
    #[allow(clippy::too_many_arguments)]
    fn find_pages(
        &self,
        client: &Client,
        index: &Index,
        catalogue: &Catalogue,
        query: &Query,
        meeting: Option<MeetingId>,
        only: bool,
        most: usize,
    ) -> Result<Vec<Found>> {
        let of_meeting = |meeting| catalogue.papers.iter().filter(move |paper| paper.meeting == meeting);
        let here: Vec<Shelved> = meeting.into_iter().flat_map(of_meeting).map(|paper| paper.at).collect();
        // The meeting alone does not fill the page as long as there is something elsewhere.
        let half = if only { most } else { most.div_ceil(2) };
        let ask = Ask {
            body: catalogue.row,
            first: here.clone(),
            rest: false,
            without: Vec::new(),
            most: half,
            each: OF_EACH,
        };
        let mut found = if here.is_empty() { Vec::new() } else { index.find(query, &ask)? };
        if only {
            return Ok(found);
        }
        let last =
            client.with(catalogue.body, |vault, body| spaces::recently_read(vault, body, LAST_READ))?;
        let mut first: Vec<Shelved> =
            last.iter().filter_map(|paper| catalogue.current(*paper)).map(|paper| paper.at).collect();
        let next = catalogue.papers.first().map(|paper| paper.meeting);
        first.extend(next.into_iter().flat_map(of_meeting).map(|paper| paper.at));
        let mut seen: std::collections::HashSet<Shelved> = here.iter().copied().collect();
        first.retain(|paper| seen.insert(*paper));
        let rest = Ask { first, rest: true, without: here, most: most - found.len(), ..ask };
        found.extend(index.find(query, &rest)?);
        Ok(found)
    }
}

/// A page of the index cannot be read: it is made again.
fn is_spoiled(error: &Error) -> bool {
    error.code() == "search.failed"
}

fn reach(catalogue: &Catalogue, read: &BTreeMap<Shelved, Progress>, scope: Option<MeetingId>) -> SearchReach {
    let mut reach = SearchReach::default();
    for paper in catalogue.papers.iter().filter(|paper| scope.is_none_or(|scope| paper.meeting == scope)) {
        reach.total += 1;
        let Some(progress) = read.get(&paper.at).filter(|progress| progress.is_whole()) else { continue };
        reach.read += 1;
        if progress.worded == 0 {
            let item = &catalogue.items[paper.item];
            reach.wordless.push(WordlessPaper {
                paper: paper.rev.paper.to_string(),
                rev: paper.rev.rev.to_string(),
                title: paper.title.text.clone(),
                item_number: item.number,
                item_title: item.title.text.clone(),
            });
        }
    }
    reach
}

/// The closest first; meetings before items before papers; in order of use.
fn titles(catalogue: &Catalogue, query: &Query, scope: Option<MeetingId>) -> Vec<TitleHit> {
    let mut hits: Vec<(Way, TitleHit)> = Vec::new();
    let within = |meeting: MeetingId| scope.is_none_or(|scope| scope == meeting);
    for meeting in catalogue.meetings.iter().filter(|meeting| within(meeting.id)) {
        let hit = |pieces| TitleHit {
            target: Target::Meeting { meeting: meeting.id.to_string() },
            pieces,
            item_number: None,
            item_title: None,
            meeting_title: meeting.title.text.clone(),
            starts: meeting.starts,
        };
        hits.extend(meeting.title.find(query).map(|(way, pieces)| (way, hit(pieces))));
    }
    for item in catalogue.items.iter().filter(|item| within(catalogue.meetings[item.meeting].id)) {
        let meeting = &catalogue.meetings[item.meeting];
        let hit = |pieces| TitleHit {
            target: Target::Item { item: item.id.to_string() },
            pieces,
            item_number: Some(item.number),
            item_title: None,
            meeting_title: meeting.title.text.clone(),
            starts: meeting.starts,
        };
        hits.extend(item.title.find(query).map(|(way, pieces)| (way, hit(pieces))));
    }
    for paper in catalogue.papers.iter().filter(|paper| within(paper.meeting)) {
        let item = &catalogue.items[paper.item];
        let meeting = &catalogue.meetings[item.meeting];
        let (text, rev) = (paper.rev.paper.to_string(), paper.rev.rev.to_string());
        let hit = |pieces| TitleHit {
            target: Target::Paper { paper: text, rev, page: 0 },
            pieces,
            item_number: Some(item.number),
            item_title: Some(item.title.text.clone()),
            meeting_title: meeting.title.text.clone(),
            starts: meeting.starts,
        };
        let found = paper.title.find(query);
        let by_item = || {
            let whole = FoundPiece { text: paper.title.text.clone(), found: false };
            paper.title.is_of(&item.title, query).then(|| (Way::Apart, vec![whole]))
        };
        hits.extend(found.or_else(by_item).map(|(way, pieces)| (way, hit(pieces))));
    }
    hits.sort_by_key(|(way, _)| *way);
    hits.into_iter().map(|(_, hit)| hit).take(TITLES).collect()
}

/// Pages by paper, as their first page was found.
fn papers(catalogue: &Catalogue, found: Vec<Found>, meeting: Option<MeetingId>) -> Vec<PaperHits> {
    let mut papers: Vec<(Shelved, PaperHits)> = Vec::new();
    for page in found {
        // One that has left the agenda just now.
        let Some(paper) = catalogue.at(page.paper) else { continue };
        let hit = PageHit {
            page: page.page,
            pieces: pieces(passage(&page.text, &page.places)),
            places: page.places.len() as u32,
        };
        match papers.iter_mut().find(|(at, _)| *at == page.paper) {
            Some((_, hits)) => hits.pages.push(hit),
            None => papers.push((page.paper, paper_hits(catalogue, paper, meeting, hit))),
        }
    }
    papers.into_iter().map(|(_, hits)| hits).collect()
}

fn paper_hits(
    catalogue: &Catalogue,
    paper: &PaperTitle,
    meeting: Option<MeetingId>,
    first: PageHit,
) -> PaperHits {
    let item = &catalogue.items[paper.item];
    let of = &catalogue.meetings[item.meeting];
    PaperHits {
        paper: paper.rev.paper.to_string(),
        rev: paper.rev.rev.to_string(),
        title: paper.title.text.clone(),
        item_number: item.number,
        item_title: item.title.text.clone(),
        meeting_title: of.title.text.clone(),
        starts: of.starts,
        in_meeting: meeting == Some(paper.meeting),
        pages: vec![first],
    }
}

/// What the member wrote, else the words that he marked.
fn notes(
    notes: &[NoteWords],
    catalogue: &Catalogue,
    query: &Query,
    scope: Option<MeetingId>,
) -> Vec<NoteHit> {
    let mut hits: Vec<(Way, std::cmp::Reverse<u64>, NoteHit)> = Vec::new();
    for NoteWords { note, texts } in notes {
        let Some(paper) = catalogue.current(note.mark.paper) else { continue };
        if scope.is_some_and(|scope| paper.meeting != scope) {
            continue;
        }
        let Some((way, pieces)) = texts.iter().find_map(|text| text.find(query)) else { continue };
        let hit = NoteHit {
            id: note.id.clone(),
            paper: note.mark.paper.to_string(),
            rev: note.mark.rev.to_string(),
            page: note.mark.page,
            pieces,
            paper_title: paper.title.text.clone(),
        };
        hits.push((way, std::cmp::Reverse(note.changed_at), hit));
    }
    hits.sort_by_key(|(way, changed, _)| (*way, *changed));
    hits.into_iter().map(|(.., hit)| hit).take(NOTES).collect()
}

/// A short text with what was found in it.
fn find_in(text: &str, tokens: &[ecabinet_pdf::Token], query: &Query) -> Option<(Way, Vec<FoundPiece>)> {
    query.ways().into_iter().find_map(|way| {
        let places = query.places(tokens, way);
        (!places.is_empty()).then(|| (way, pieces(passage(text, &places))))
    })
}

fn pieces(pieces: Vec<Piece>) -> Vec<FoundPiece> {
    pieces.into_iter().map(|Piece { text, found }| FoundPiece { text, found }).collect()
}
