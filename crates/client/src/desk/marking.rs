//! Marking: what the member writes on papers, kept; and where all of it is.

use super::reader::{blocking, pdf};
use super::{Desk, body_id, id};
use crate::error::Result;
use crate::spaces::{self, InkPoint, Mark, Note, Strokes};
use ecabinet_domain::{MeetingId, PaperId, Rev};
use ecabinet_pdf::Rect;
use ecabinet_protocol::ui::*;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Desk {
    pub(super) async fn keep_mark(self: &Arc<Self>, args: AddMark) -> Result<String> {
        let body = body_id(&args.body)?;
        let strokes = from_strokes(&args.strokes);
        let mut mark = Mark {
            kind: from_kind(args.kind),
            paper: id(&args.paper)?,
            rev: id(&args.rev)?,
            page: args.page,
            quads: args.quads,
            exact: args.exact,
            prefix: args.prefix,
            suffix: args.suffix,
            colour: args.colour,
            ..Mark::note(Rev { paper: id(&args.paper)?, rev: id(&args.rev)? }, args.page)
        };
        if let Some(area) = box_of(&strokes).or_else(|| first_box(&mark).filter(|_| mark.is_area())) {
            let (desk, rev, page) = (self.clone(), Rev { paper: mark.paper, rev: mark.rev }, mark.page);
            let text = blocking(move || desk.open(body, rev)?.text(page).map_err(pdf)).await;
            // On a page that cannot be read one may write all the same.
            mark.beside = text.map(|text| text.beside(area)).unwrap_or_default();
        }
        if mark.kind == spaces::MarkKind::Ink {
            mark.quads = box_of(&strokes).iter().map(quad).collect();
            return self.client()?.add_ink(body, &mark, &strokes);
        }
        self.client()?.add_mark(body, &mark, args.note.as_deref())
    }

    pub(super) fn draw_strokes(&self, args: Draw) -> Result<()> {
        let (client, body) = (self.client()?, body_id(&args.body)?);
        let (dx, dy) = client.note(body, &args.id)?.mark.shift;
        let put = from_strokes(&args.put).into_iter();
        // Kept as it would have been drawn before the mark was moved.
        let put = put.map(|(id, stroke)| (id, stroke.shifted(-dx as f32, -dy as f32))).collect();
        client.draw(body, &args.id, &put, &args.erase, &args.restore)
    }

    pub(super) fn place_mark(&self, args: MoveMark) -> Result<()> {
        let (client, body, rev) = (self.client()?, body_id(&args.body)?, id(&args.rev)?);
        let drawn = box_of(&client.note(body, &args.id)?.strokes);
        let MarkWords { exact, prefix, suffix } = args.words;
        client.move_mark(body, &args.id, |mark| {
            let to = args.quads.first().map(|quad| (quad[0], quad[1]));
            let shift = drawn.zip(to).map(|(from, (x, y))| (x - f64::from(from.x0), y - f64::from(from.y0)));
            let shift = shift.unwrap_or(mark.shift);
            Mark { rev, page: args.page, quads: args.quads, exact, prefix, suffix, shift, ..mark }
        })
    }

    /// The member's marks on the papers of a meeting, in the order of its agenda.
    pub(super) async fn notes_of_meeting(self: &Arc<Self>, args: MeetingRef) -> Result<Vec<PaperNotes>> {
        let (body, meeting) = (body_id(&args.body)?, id::<MeetingId>(&args.meeting)?);
        let view = self.client()?.meeting(body, meeting)?;
        let mut by_paper: BTreeMap<PaperId, Vec<Note>> = BTreeMap::new();
        for note in self.client()?.notes(body, None)? {
            by_paper.entry(note.mark.paper).or_default().push(note);
        }
        let mut papers = Vec::new();
        for item in &view.items {
            for paper in &item.papers {
                let Some(notes) = by_paper.remove(&paper.rev.paper) else { continue };
                let (rev, version) = (paper.rev.rev.to_string(), paper.earlier as u32 + 1);
                let here = PaperRef {
                    body: args.body.clone(),
                    paper: paper.rev.paper.to_string(),
                    rev: rev.clone(),
                };
                let as_made = || notes.into_iter().map(|note| plain(note, version)).collect();
                let marks = match paper.missing_bytes {
                    0 => self.own_marks_on(here).await?,
                    _ => as_made(),
                };
                papers.push(PaperNotes {
                    item_number: item.number as u32,
                    item_title: item.content.title.clone(),
                    paper: paper.rev.paper.to_string(),
                    rev,
                    version,
                    title: paper.title.clone(),
                    marks,
                });
            }
        }
        Ok(papers)
    }

    /// Papers that the member has marks on, those marked last first.
    pub(super) fn papers_with_notes(&self, body: &str) -> Result<Vec<NotedPaper>> {
        let (client, body) = (self.client()?, body_id(body)?);
        let mut marked: BTreeMap<PaperId, (u32, u64)> = BTreeMap::new();
        for note in client.notes(body, None)? {
            let (count, last) = marked.entry(note.mark.paper).or_default();
            (*count, *last) = (*count + 1, note.changed_at.max(*last));
        }
        let mut papers = Vec::new();
        for row in client.meetings(body)? {
            let meeting = client.meeting(body, row.id)?;
            for item in &meeting.items {
                for paper in &item.papers {
                    let Some((marks, changed_at)) = marked.get(&paper.rev.paper).copied() else { continue };
                    papers.push(NotedPaper {
                        meeting: meeting.id.to_string(),
                        meeting_title: meeting.content.title.clone(),
                        starts: meeting.content.starts,
                        item_number: item.number as u32,
                        paper: paper.rev.paper.to_string(),
                        rev: paper.rev.rev.to_string(),
                        title: paper.title.clone(),
                        marks,
                        changed_at,
                    });
                }
            }
        }
        papers.sort_by_key(|paper| u64::MAX - paper.changed_at);
        Ok(papers)
    }
}

/// A mark where it was made.
pub(super) fn plain(note: Note, version: u32) -> MarkView {
    let (dx, dy) = note.mark.shift;
    let strokes = note.strokes.into_iter().map(|(id, stroke)| {
        let stroke = stroke.shifted(dx as f32, dy as f32);
        let points = stroke.points.iter().flat_map(|point| [point.x, point.y, point.pressure]);
        Stroke { id, width: stroke.width, points: points.map(rounded).collect() }
    });
    let strokes: Vec<Stroke> = strokes.collect();
    let drawn = box_of(&from_strokes(&strokes));
    let quads = drawn.map_or(note.mark.quads, |drawn| vec![quad(&drawn)]);
    MarkView {
        id: note.id,
        kind: to_kind(note.mark.kind),
        rev: note.mark.rev.to_string(),
        version,
        made_page: note.mark.page,
        page: note.mark.page,
        made_quads: quads.clone(),
        quads,
        rest: Vec::new(),
        exact: note.mark.exact,
        prefix: note.mark.prefix,
        suffix: note.mark.suffix,
        now: None,
        beside: note.mark.beside,
        strokes,
        colour: note.mark.colour,
        // A text that was emptied is none.
        notes: note.texts.into_iter().filter(|text| !text.is_empty()).collect(),
        changed_at: note.changed_at,
        state: MarkState::Placed,
        shared: note.shared.iter().map(ToString::to_string).collect(),
        by: None,
    }
}

/// A mark that has no place on this revision.
pub(super) fn lost(note: Note, version: u32) -> MarkView {
    MarkView { state: MarkState::NeedsEye, quads: Vec::new(), ..plain(note, version) }
}

/// The same elsewhere on a page.
pub(super) fn moved(mut view: MarkView, dx: f32, dy: f32) -> MarkView {
    for quad in &mut view.quads {
        for corner in quad.chunks_exact_mut(2) {
            corner[0] += f64::from(dx);
            corner[1] += f64::from(dy);
        }
    }
    for point in view.strokes.iter_mut().flat_map(|stroke| stroke.points.chunks_exact_mut(3)) {
        (point[0], point[1]) = (rounded(point[0] + dx), rounded(point[1] + dy));
    }
    view
}

/// The area that a mark covers, if it lies on a place and not on words.
pub(super) fn area_of(note: &Note) -> Option<Rect> {
    if !note.mark.is_area() {
        return None;
    }
    let (dx, dy) = (note.mark.shift.0 as f32, note.mark.shift.1 as f32);
    let drawn = box_of(&note.strokes).map(|Rect { x0, y0, x1, y1 }| Rect {
        x0: x0 + dx,
        y0: y0 + dy,
        x1: x1 + dx,
        y1: y1 + dy,
    });
    drawn.or_else(|| first_box(&note.mark))
}

pub(super) fn first_box(mark: &Mark) -> Option<Rect> {
    let quad = mark.quads.first()?;
    let [x0, y0, x1, y1] = [quad[0], quad[1], quad[2], quad[5]].map(|at| at as f32);
    Some(Rect { x0, y0, x1, y1 })
}

pub(super) fn quad(rect: &Rect) -> Quad {
    let Rect { x0, y0, x1, y1 } = *rect;
    [x0, y0, x1, y0, x0, y1, x1, y1].map(f64::from)
}

fn box_of(strokes: &Strokes) -> Option<Rect> {
    let points = strokes.values().flat_map(|stroke| &stroke.points);
    points.map(|point| Rect { x0: point.x, y0: point.y, x1: point.x, y1: point.y }).reduce(|a, b| Rect {
        x0: a.x0.min(b.x0),
        y0: a.y0.min(b.y0),
        x1: a.x1.max(b.x1),
        y1: a.y1.max(b.y1),
    })
}

/// So that a number is short in JSON.
fn rounded(at: f32) -> f32 {
    (at * 100.0).round() / 100.0
}

fn from_strokes(strokes: &[Stroke]) -> Strokes {
    let stroke = |stroke: &Stroke| {
        let points = stroke.points.chunks_exact(3);
        let points = points.map(|point| InkPoint { x: point[0], y: point[1], pressure: point[2] });
        (stroke.id.clone(), spaces::Stroke { width: stroke.width, points: points.collect() })
    };
    strokes.iter().map(stroke).collect()
}

fn to_kind(kind: spaces::MarkKind) -> MarkKind {
    match kind {
        spaces::MarkKind::Highlight => MarkKind::Highlight,
        spaces::MarkKind::Underline => MarkKind::Underline,
        spaces::MarkKind::Strike => MarkKind::Strike,
        spaces::MarkKind::Note => MarkKind::Note,
        spaces::MarkKind::Ink => MarkKind::Ink,
        spaces::MarkKind::Bookmark => MarkKind::Bookmark,
    }
}

fn from_kind(kind: MarkKind) -> spaces::MarkKind {
    match kind {
        MarkKind::Highlight => spaces::MarkKind::Highlight,
        MarkKind::Underline => spaces::MarkKind::Underline,
        MarkKind::Strike => spaces::MarkKind::Strike,
        MarkKind::Note => spaces::MarkKind::Note,
        MarkKind::Ink => spaces::MarkKind::Ink,
        MarkKind::Bookmark => spaces::MarkKind::Bookmark,
    }
}
