use super::find_in;
use crate::client::Client;
use crate::desk::id;
use crate::error::Result;
use crate::search::{Shelved, on_agenda};
use crate::spaces::Note;
use crate::views::{item_content, meeting_content};
use ecabinet_domain::{BodyId, Hash, ItemId, MeetingId, PaperId, Rev};
use ecabinet_pdf::{Query, Token, Way, words};
use ecabinet_protocol::ui::{FoundPiece, Target};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// Of a record: its size and root, and how many entries are lacking.
type Stamp = (u64, Hash, usize);

/// Everything in a body that has a title and that the member may see, in order of use.
pub(super) struct Catalogue {
    /// How far the record was, and how much of what it speaks of was not here.
    stamp: Stamp,
    pub body: BodyId,
    pub row: i64,
    pub meetings: Vec<MeetingTitle>,
    pub items: Vec<ItemTitle>,
    pub papers: Vec<PaperTitle>,
    by_place: HashMap<Shelved, usize>,
    by_paper: HashMap<PaperId, usize>,
}

pub(super) struct MeetingTitle {
    pub id: MeetingId,
    pub title: Title,
    pub starts: u64,
}

pub(super) struct ItemTitle {
    pub id: ItemId,
    /// Place in `meetings`.
    pub meeting: usize,
    pub number: u32,
    pub title: Title,
}

pub(super) struct PaperTitle {
    pub rev: Rev,
    pub at: Shelved,
    pub meeting: MeetingId,
    /// Place in `items`.
    pub item: usize,
    pub title: Title,
}

/// A title, or another short text, and its words.
pub(super) struct Title {
    pub text: String,
    words: Vec<Token>,
}

impl Title {
    fn new(text: String) -> Title {
        Title { words: words(&text), text }
    }

    /// Of a paper: many are called alike, so that one may also type what its item is called.
    pub fn is_of(&self, item: &Title, query: &Query) -> bool {
        let all: Vec<Token> = self.words.iter().chain(&item.words).cloned().collect();
        !query.places(&all, Way::Apart).is_empty()
    }

    pub fn find(&self, query: &Query) -> Option<(Way, Vec<FoundPiece>)> {
        find_in(&self.text, &self.words, query)
    }
}

/// A note and the words of what the member wrote and of what he marked.
pub(super) struct NoteWords {
    pub note: Note,
    pub texts: Vec<Title>,
}

/// Of a body, as they were after so many writes.
type NotesOf = (BodyId, u64, Arc<Vec<NoteWords>>);

/// The catalogues of an open vault's bodies, each made when it is first asked for and after its record has changed; and the
/// notes, after the vault was written to.
#[derive(Default)]
pub(in crate::desk) struct Catalogues {
    made: Mutex<BTreeMap<BodyId, Arc<Catalogue>>>,
    /// Of the body that was searched last, and how often the vault had been written to.
    notes: Mutex<Option<NotesOf>>,
}

impl Catalogues {
    pub(super) fn of(&self, client: &Client, body: BodyId) -> Result<Arc<Catalogue>> {
        let stamp = client.with(body, |_, body| {
            Ok((body.replica.size(), body.replica.tree().root(), body.lacking.len()))
        })?;
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(&body).filter(|known| known.stamp == stamp) {
            return Ok(known.clone());
        }
        let catalogue = Arc::new(Catalogue::make(client, body, stamp)?);
        made.insert(body, catalogue.clone());
        Ok(catalogue)
    }

    /// The member's notes with their words: not read anew for every letter that he types.
    pub(super) fn notes(&self, client: &Client, body: BodyId) -> Result<Arc<Vec<NoteWords>>> {
        // Asked first: what is written while they are read is read the next time.
        let writes = client.with(body, |vault, _| Ok(vault.writes()))?;
        let mut held = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, _, notes)) = held.as_ref().filter(|(of, at, _)| (*of, *at) == (body, writes)) {
            return Ok(notes.clone());
        }
        let words = |note: Note| {
            let texts = note.texts.iter().chain([&note.mark.exact]).cloned().map(Title::new).collect();
            NoteWords { note, texts }
        };
        let notes = Arc::new(client.notes(body, None)?.into_iter().map(words).collect::<Vec<_>>());
        *held = Some((body, writes, notes.clone()));
        Ok(notes)
    }

    /// Nothing of a vault that is closed stays.
    pub fn clear(&self) {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).clear();
        *self.notes.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl Catalogue {
    fn make(client: &Client, body: BodyId, stamp: Stamp) -> Result<Catalogue> {
        let row = client.with(body, |_, body| Ok(body.row.id))?;
        let (meetings, items, papers, by_place, by_paper) = Default::default();
        let mut all = Catalogue { stamp, body, row, meetings, items, papers, by_place, by_paper };
        for meeting in client.meetings_in_use(body)? {
            // Meeting by meeting, so that nobody else waits for the vault.
            client.with(body, |vault, body| all.add(vault, body, meeting))?;
        }
        Ok(all)
    }

    fn add(&mut self, vault: &crate::vault::Vault, body: &crate::body::Body, id: MeetingId) -> Result<()> {
        let Some(meeting) = body.state()?.meetings.get(&id) else { return Ok(()) };
        let Some(content) = meeting_content(vault, body, meeting.published_at)? else { return Ok(()) };
        let of_meeting = self.meetings.len();
        self.meetings.push(MeetingTitle { id, title: Title::new(content.title), starts: content.starts });
        let placed = on_agenda(body, id)?;
        let mut number = 0;
        for place in &meeting.agenda.0 {
            let Some(content) = item_content(vault, body, place.item)? else { continue };
            number += 1;
            let item = self.items.len();
            let title = Title::new(content.title);
            self.items.push(ItemTitle { id: place.item, meeting: of_meeting, number, title });
            for paper in placed.iter().filter(|paper| paper.item == place.item) {
                let Some((title, _)) = body.manifest(vault, paper.rev)? else { continue };
                self.by_place.insert(paper.at, self.papers.len());
                self.by_paper.insert(paper.rev.paper, self.papers.len());
                let title = Title::new(title);
                self.papers.push(PaperTitle { rev: paper.rev, at: paper.at, meeting: id, item, title });
            }
        }
        Ok(())
    }

    /// The meeting that something belongs to; none if that is not on an agenda.
    pub fn meeting_of(&self, near: Option<&Target>) -> Result<Option<MeetingId>> {
        Ok(match near {
            Some(Target::Meeting { meeting }) => Some(id(meeting)?),
            Some(Target::Item { item }) => {
                let item = id(item)?;
                let known = self.items.iter().find(|known| known.id == item);
                known.map(|item| self.meetings[item.meeting].id)
            }
            Some(Target::Paper { paper, .. } | Target::Sign { paper, .. }) => {
                self.current(id(paper)?).map(|paper| paper.meeting)
            }
            Some(Target::Poll { .. } | Target::Form { .. } | Target::FormDraft { .. } | Target::Devices)
            | None => None,
        })
    }

    pub fn at(&self, place: Shelved) -> Option<&PaperTitle> {
        self.by_place.get(&place).map(|at| &self.papers[*at])
    }

    /// A paper as it is on an agenda now.
    pub fn current(&self, paper: PaperId) -> Option<&PaperTitle> {
        self.by_paper.get(&paper).map(|at| &self.papers[*at])
    }
}
