//! A paper's earlier revisions beside the one that is open: where the member's marks are now, and what changed since he
//! read.

use super::marking::{area_of, first_box, lost, moved, plain, quad};
use super::reader::{blocking, pdf, rect};
use super::session::Session;
use super::{Desk, body_id, id};
use crate::error::{Error, Result};
use crate::spaces::{self, Note};
use crate::vault::Vault;
use ecabinet_domain::{BodyId, Rev, RevId};
use ecabinet_pdf::{
    Anchor, AreaPlaced, Change, Comparison, Kind, PageText, Paper, PdfError, Piece, Placed, Rect, Span,
};
use ecabinet_protocol::ui::*;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

/// Comparisons used last: between which revisions, and what came of it.
pub(super) type Compared = Mutex<Vec<((RevId, RevId), Made)>>;

/// A comparison once it is made; held while it is.
type Made = Arc<Mutex<Option<Arc<Comparison>>>>;

/// Revisions whose changes are being counted.
pub(super) type Counting = Mutex<BTreeSet<RevId>>;

/// How many are kept.
const KEPT: usize = 8;

/// No more changes are listed: a paper that was written anew is not read as a list.
const LISTED: usize = 300;

impl Desk {
    /// The member's marks, and those that others share with him, as they lie on a revision: those made on it, and those of
    /// earlier ones found again.
    pub(super) async fn marks_on(self: &Arc<Self>, args: PaperRef) -> Result<Vec<MarkView>> {
        let (body, rev) = (body_id(&args.body)?, Rev { paper: id(&args.paper)?, rev: id(&args.rev)? });
        let desk = self.clone();
        blocking(move || {
            let order = desk.revisions(body, rev)?;
            let mut by_rev: BTreeMap<usize, Vec<(Note, Option<MarkBy>)>> = BTreeMap::new();
            let own = desk.client()?.notes(body, Some(rev.paper))?.into_iter().map(|note| (note, None));
            for (note, by) in own.chain(desk.marks_of_others(body, rev.paper)?) {
                // Those of a later revision belong to a text that was not there yet.
                if let Some(made) = order.iter().position(|known| *known == note.mark.rev) {
                    by_rev.entry(made).or_default().push((note, by));
                }
            }
            let mut views = Vec::new();
            for (made, notes) in by_rev {
                let here = order[made] == rev.rev;
                let placer =
                    if here { None } else { desk.placer(body, Rev { rev: order[made], ..rev }, rev).ok() };
                let version = made as u32 + 1;
                views.extend(notes.into_iter().map(|(note, by)| {
                    let view = match &placer {
                        Some(placer) => placer.view(note, version),
                        None if here => plain(note, version),
                        None => lost(note, version),
                    };
                    MarkView { by, ..view }
                }));
            }
            Ok(views)
        })
        .await
    }

    /// The same of the member's own marks.
    pub(super) async fn own_marks_on(self: &Arc<Self>, args: PaperRef) -> Result<Vec<MarkView>> {
        let mut marks = self.marks_on(args).await?;
        marks.retain(|mark| mark.by.is_none());
        Ok(marks)
    }

    /// What changed in a revision since the one that the member read before; none if he read none.
    pub(super) async fn changes_in(self: &Arc<Self>, args: PaperRef) -> Result<Option<TextChanges>> {
        let (body, rev) = (body_id(&args.body)?, Rev { paper: id(&args.paper)?, rev: id(&args.rev)? });
        let desk = self.clone();
        blocking(move || {
            let order = desk.revisions(body, rev)?;
            let reading = desk.client()?.with(body, |vault, body| spaces::reading(vault, body, rev.paper))?;
            let read = reading.and_then(|reading| reading.read_before(rev.rev));
            let Some(since) = read.and_then(|read| order.iter().position(|known| *known == read)) else {
                return Ok(None);
            };
            if order[since] == rev.rev {
                return Ok(None);
            }
            let mut placer = match desk.placer(body, Rev { rev: order[since], ..rev }, rev) {
                Ok(placer) => placer,
                // It may be otherwise next time, and that nothing has changed would be believed.
                Err(error) if ["pdf.timeout", "pdf.crashed", "vault.locked"].contains(&error.code()) => {
                    return Err(error);
                }
                Err(_) => return Ok(None),
            };
            let changes = placer.comparison.clone().changes();
            let total = changes.len() as u32;
            let changes = changes.iter().take(LISTED).map(|change| placer.change(change)).collect();
            placer.checked()?;
            let (since_version, since_rev) = (since as u32 + 1, order[since].to_string());
            Ok(Some(TextChanges { since_version, since_rev, total, changes }))
        })
        .await
    }

    /// Compares papers that were replaced since the member read them, one after the other, behind what he does. The rows are
    /// told of again when a count is there.
    pub(super) fn count_changes<'a>(&self, body: BodyId, papers: impl IntoIterator<Item = &'a PaperRow>) {
        let uncounted = |paper: &&PaperRow| {
            paper.changed && paper.changed_paragraphs.is_none() && paper.state == PaperState::Ready
        };
        let mut counting = self.counting.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let rev = |paper: &PaperRow| Some(Rev { paper: id(&paper.paper).ok()?, rev: id(&paper.rev).ok()? });
        let wanted = papers.into_iter().filter(uncounted).filter_map(rev);
        let wanted: Vec<Rev> = wanted.filter(|rev| counting.insert(rev.rev)).collect();
        drop(counting);
        let Some(desk) = self.this.upgrade().filter(|_| !wanted.is_empty()) else { return };
        tokio::task::spawn_blocking(move || {
            for rev in wanted {
                // Without a count the row says only that there is a new version.
                let _ = desk.count_changes_of(body, rev);
                desk.counting.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).remove(&rev.rev);
            }
        });
    }

    /// A paper that cannot be compared, as one whose former revision is gone, has no count.
    fn count_changes_of(&self, body: BodyId, rev: Rev) -> Result<()> {
        // The vault is not held open while papers are read.
        let reading = self.client()?.with(body, |vault, body| spaces::reading(vault, body, rev.paper))?;
        let Some(read) = reading.and_then(|reading| reading.read_before(rev.rev)) else { return Ok(()) };
        let count = self.placer(body, Rev { rev: read, ..rev }, rev)?.comparison.changes().len();
        self.client()?.core().vault.set_setting(&count_setting(read, rev.rev), &count.to_string())?;
        self.shell.changed(&[Topic::Papers]);
        Ok(())
    }

    /// The paper's revisions up to one, the first first.
    fn revisions(&self, body: BodyId, rev: Rev) -> Result<Vec<RevId>> {
        self.client()?.with(body, |_, body| {
            let known = body.state()?.papers.get(&rev.paper);
            let revs = known.map(|paper| paper.revs.iter().map(|(known, _)| *known).collect::<Vec<_>>());
            let mut revs = revs.unwrap_or_default();
            if let Some(at) = revs.iter().position(|known| *known == rev.rev) {
                revs.truncate(at + 1);
            }
            Ok(revs)
        })
    }

    fn placer(&self, body: BodyId, old: Rev, new: Rev) -> Result<Placer> {
        let session = self.session()?;
        let (old_paper, new_paper) = (self.open(body, old)?, self.open(body, new)?);
        let place = self.place_of(old.rev, new.rev);
        // Marks and changes are asked for at once: the second waits for what the first finds.
        let mut made = place.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let comparison = match &*made {
            Some(known) => known.clone(),
            None => {
                let (was, is) =
                    (self.whole_text(&session, &old_paper)?, self.whole_text(&session, &new_paper)?);
                made.insert(Arc::new(Comparison::new(&was, &is))).clone()
            }
        };
        drop(made);
        if comparison.is_blind() {
            return Err(Error::new("paper.no_text"));
        }
        Ok(Placer { old: Pages::of(old_paper), new: Pages::of(new_paper), comparison })
    }

    /// Where a comparison is kept; those used last stay.
    fn place_of(&self, old: RevId, new: RevId) -> Made {
        let mut kept = self.compared.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let known = kept.iter().position(|(revs, _)| *revs == (old, new)).map(|at| kept.remove(at));
        let place = known.unwrap_or_else(|| ((old, new), Arc::default()));
        kept.insert(0, place.clone());
        kept.truncate(KEPT);
        place.1
    }

    /// The texts of all pages without the boxes of their letters. If the vault is closed meanwhile, no worker keeps them.
    fn whole_text(&self, session: &Arc<Session>, paper: &Paper) -> Result<Vec<PageText>> {
        let mut texts = Vec::new();
        for page in 0..paper.info().pages.len() as u32 {
            let text = paper.text(page).map_err(pdf);
            if !self.held().as_ref().is_some_and(|held| Arc::ptr_eq(held, session)) {
                self.papers.clear();
                return Err(Error::new("vault.locked"));
            }
            texts.push(PageText { boxes: Vec::new(), words: Vec::new(), ..text? });
        }
        Ok(texts)
    }
}

/// How many paragraphs of a revision are not as in an earlier one, if they were compared here.
pub(super) fn counted(vault: &Vault, old: RevId, new: RevId) -> Result<Option<u32>> {
    Ok(vault.setting(&count_setting(old, new))?.and_then(|count| count.parse().ok()))
}

fn count_setting(old: RevId, new: RevId) -> String {
    format!("changes:{old}:{new}")
}

/// A paper's pages as far as they were looked at.
struct Pages {
    paper: Paper,
    seen: RefCell<HashMap<u32, Arc<PageText>>>,
    /// Why a page could not be read: what was found out with it does not hold.
    failed: RefCell<Option<PdfError>>,
}

impl Pages {
    fn of(paper: Paper) -> Pages {
        Pages { paper, seen: Default::default(), failed: Default::default() }
    }

    /// An empty page if it cannot be read now, which is then told by `checked`.
    fn page(&self, page: u32) -> Arc<PageText> {
        if let Some(known) = self.seen.borrow().get(&page) {
            return known.clone();
        }
        match self.paper.text(page) {
            Ok(text) => self.seen.borrow_mut().entry(page).or_insert(Arc::new(text)).clone(),
            Err(error) => {
                self.failed.replace(Some(error));
                Arc::default()
            }
        }
    }

    /// Whether all pages could be read that were asked for since this was asked last.
    fn checked(&self) -> Result<()> {
        self.failed.take().map_or(Ok(()), |error| Err(pdf(error)))
    }

    fn words(&self, spans: &[Span]) -> String {
        let words = |span: &Span| self.page(span.page).anchor(span.start..span.end).exact;
        spans.iter().map(words).collect::<Vec<_>>().join(" ")
    }

    fn boxes(&self, spans: &[Span], page: u32) -> Vec<Rect> {
        let here = spans.iter().filter(|span| span.page == page);
        here.flat_map(|span| self.page(page).rects(span.start..span.end)).collect()
    }
}

struct Placer {
    old: Pages,
    new: Pages,
    comparison: Arc<Comparison>,
}

impl Placer {
    /// Nobody is told of a place that was found without reading the page.
    fn view(&self, note: Note, version: u32) -> MarkView {
        let view = self.placed(note.clone(), version);
        if self.checked().is_ok() { view } else { lost(note, version) }
    }

    fn checked(&self) -> Result<()> {
        self.old.checked().and(self.new.checked())
    }

    fn placed(&self, note: Note, version: u32) -> MarkView {
        if let Some(area) = area_of(&note) {
            return self.area_view(note, area, version);
        }
        let mark = &note.mark;
        let text = self.old.page(mark.page);
        let about_page = mark.exact.is_empty();
        let anchor =
            Anchor { exact: mark.exact.clone(), before: mark.prefix.clone(), after: mark.suffix.clone() };
        let range = if about_page { Some(0..u32::MAX) } else { text.find(&anchor, first_box(mark)) };
        let (state, spans) = match range.map(|range| self.comparison.place(mark.page, range)) {
            Some(Placed::Same(spans)) => (MarkState::Placed, spans),
            // A page has no words of its own: where most of them are is its place.
            Some(Placed::Changed(spans)) if about_page => (MarkState::Placed, spans),
            Some(Placed::Changed(spans)) => (MarkState::Changed, spans),
            Some(Placed::Gone(near)) => return self.nowhere(note, near.map(|near| near.page), version),
            None => return lost(note, version),
        };
        let first = spans[0];
        let around = self.new.page(first.page).anchor(first.start..first.end);
        let now = MarkWords { exact: self.new.words(&spans), prefix: around.before, suffix: around.after };
        let on = |span: &Span| {
            let boxes = self.new.boxes(&[*span], span.page);
            QuadsOn { page: span.page, quads: boxes.iter().map(quad).collect() }
        };
        let mut on: Vec<QuadsOn> = if about_page { Vec::new() } else { spans.iter().map(on).collect() };
        let quads = if on.is_empty() { Vec::new() } else { on.remove(0).quads };
        let now = (state == MarkState::Changed).then_some(now);
        MarkView { state, page: first.page, quads, rest: on, now, ..plain(note, version) }
    }

    /// Ink and notes on a place go with the words that they lie on and beside.
    fn area_view(&self, note: Note, area: Rect, version: u32) -> MarkView {
        let old = self.old.page(note.mark.page);
        let (shift, state) =
            match self.comparison.place_area(note.mark.page, &old, area, |page| self.new.page(page)) {
                AreaPlaced::Same(shift) => (shift, MarkState::Placed),
                AreaPlaced::Changed(shift) => (shift, MarkState::Changed),
                AreaPlaced::Gone(page) => return self.nowhere(note, page, version),
            };
        let view = plain(note, version);
        MarkView { state, page: shift.page, ..moved(view, shift.dx, shift.dy) }
    }

    /// A mark without a place, near where it was.
    fn nowhere(&self, note: Note, page: Option<u32>, version: u32) -> MarkView {
        let page = page.unwrap_or(note.mark.page);
        let last = self.new.paper.info().pages.len().saturating_sub(1) as u32;
        MarkView { page: page.min(last), ..lost(note, version) }
    }

    fn change(&mut self, change: &Change) -> TextChange {
        let place = change.new.first().copied();
        let page = place.map_or(0, |span| span.page);
        let piece = |piece: &Piece| {
            let (kind, text) = match piece {
                Piece::Kept(spans) => (PieceKind::Kept, self.new.words(spans)),
                Piece::Added(spans) => (PieceKind::Added, self.new.words(spans)),
                Piece::Removed(spans) => (PieceKind::Removed, self.old.words(spans)),
            };
            PieceView { kind, text }
        };
        let whole = |kind, text| vec![PieceView { kind, text }];
        let (kind, pieces) = match change.kind {
            Kind::Added => (TextChangeKind::Added, whole(PieceKind::Added, self.new.words(&change.new))),
            Kind::Removed => {
                (TextChangeKind::Removed, whole(PieceKind::Removed, self.old.words(&change.old)))
            }
            Kind::Moved => (TextChangeKind::Moved, change.pieces.iter().map(piece).collect()),
            Kind::Reworded => (TextChangeKind::Reworded, change.pieces.iter().map(piece).collect()),
        };
        let mut boxes = self.new.boxes(&change.new, page);
        if let (true, Some(place)) = (boxes.is_empty(), place) {
            // Between what stands before and after: marked at the end of what stands before.
            boxes = self.new.page(page).rects(place.end.saturating_sub(1)..place.end);
        }
        TextChange { kind, page, rects: boxes.iter().map(rect).collect(), pieces }
    }
}
