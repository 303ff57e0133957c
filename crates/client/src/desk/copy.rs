//! A paper with its reader's marks, as a file that other programs show, or on paper.

use super::print::PrintJob;
use super::reader::{blocking, own_name};
use super::{Desk, body_id, id};
use crate::error::{Error, Result};
use crate::signature;
use crate::views;
use ecabinet_domain::Rev;
use ecabinet_pades::{Annotation, Annotations, InkPoint, Kind, Point, Quad as Corners, SigningTime};
use ecabinet_protocol::ui::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where the sign of what has no place of its own stands on its page, and how far below one another several do.
const ASIDE: Point = [12.0, 28.0];
const BELOW: f32 = 22.0;

impl Desk {
    /// Gives where it lies; none if the person gave up.
    ///
    /// Error: `policy.paper_export` unless the body lets papers leave; `copy.paper` if the paper cannot be added to.
    pub(super) async fn write_with_marks(self: &Arc<Self>, args: WithMarks) -> Result<Option<String>> {
        self.leave(args, |desk, name, copy| {
            let Some(path) = desk.shell.pick_place(&format!("{name}.pdf")) else { return Ok(None) };
            std::fs::write(&path, copy).map_err(|error| {
                Error::new("file.not_written").with("path", path.display()).with("detail", error)
            })?;
            Ok(Some(path.display().to_string()))
        })
        .await
    }

    /// Gives whether it was printed; not if the person gave up.
    ///
    /// Error: as above; `print.failed`, `print.unavailable`.
    pub(super) async fn print_with_marks(self: &Arc<Self>, args: WithMarks) -> Result<bool> {
        self.leave(args, |desk, name, copy| {
            // Its workers end with the session, whatever the printer is at.
            let key = format!("print {:032x}", u128::from_le_bytes(desk.env.random()));
            let paper = desk.papers.open(&key, Arc::new(copy)).map_err(super::reader::pdf)?;
            let printed = desk.shell.print(PrintJob { name, paper });
            desk.papers.close(&key);
            printed
        })
        .await
    }

    /// Lets a copy leave the vault in one way: told its name, without an ending, and its bytes.
    async fn leave<T: Send + 'static>(
        self: &Arc<Self>,
        args: WithMarks,
        way: impl FnOnce(&Desk, String, Vec<u8>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (body, rev) = (body_id(&args.body)?, Rev { paper: id(&args.paper)?, rev: id(&args.rev)? });
        let client = self.client()?;
        let marks =
            self.own_marks_on(PaperRef { body: args.body.clone(), paper: args.paper, rev: args.rev }).await?;
        let (author, paper) = client.with(body, |vault, body| {
            let paper = views::paper(vault, body, rev)?.ok_or(Error::new("paper.unknown"))?;
            Ok((own_name(vault, body)?, paper))
        })?;
        let offset_minutes = client.zone(body)?.minutes();
        let desk = self.clone();
        blocking(move || {
            let (pdf, _) = client.bytes_to_leave(body, rev)?;
            let taken = SigningTime { unix_ms: desk.env.clock.now() as i64, offset_minutes };
            let notices = [
                paper.signed.then(|| args.words.notice.clone()),
                // Who took it with him, and when, as the screen says it.
                paper.watermark.then(|| format!("{author} · {taken}")),
            ];
            let notices: Vec<String> = notices.into_iter().flatten().collect();
            let notice = (!notices.is_empty()).then(|| notices.join(" · "));
            let last = desk.open(body, rev)?.info().pages.len().saturating_sub(1) as u32;
            let marks = annotations(marks, last, &args.words, offset_minutes);
            let wanted = Annotations { author, marks, notice };
            let made = signature::with_annotations(&signature::sign_worker()?, &pdf, wanted).map_err(said)?;
            way(&desk, args.words.name, made)
        })
        .await
    }
}

/// What adding to a paper is refused for, in words about the copy and not about a signature.
fn said(error: Error) -> Error {
    match error.0.code.as_str() {
        "sign.damaged" | "sign.encrypted" | "sign.too_large" | "sign.place" => Error::new("copy.paper"),
        _ => error,
    }
}

/// Every mark: one that goes on over the end of a page is one annotation on each, and one without a place is a sign on the
/// page near which it was.
fn annotations(
    marks: Vec<MarkView>,
    last_page: u32,
    words: &CopyWords,
    offset_minutes: i16,
) -> Vec<Annotation> {
    let mut aside: BTreeMap<u32, f32> = BTreeMap::new();
    let mut made = Vec::new();
    for mark in marks {
        let parts: Vec<(u32, &[Quad])> = [(mark.page, &mark.quads[..])]
            .into_iter()
            .chain(mark.rest.iter().map(|rest| (rest.page, &rest.quads[..])))
            .filter(|(_, quads)| !quads.is_empty())
            .collect();
        let text = text(&mark, words);
        let with = |id: String, page, kind, text| Annotation {
            id,
            page,
            kind,
            colour: colour(&mark),
            text,
            time: SigningTime { unix_ms: mark.changed_at as i64, offset_minutes },
        };
        if let Some(kind) = drawn(&mark) {
            made.push(with(mark.id.clone(), mark.page, kind, text));
            continue;
        }
        if parts.is_empty() {
            // Where it was made there may be no page any more.
            let page = mark.page.min(last_page);
            let count = aside.entry(page).or_default();
            let place = [ASIDE[0], ASIDE[1] + *count * BELOW];
            *count += 1.0;
            made.push(with(mark.id.clone(), page, Kind::Note(place), text));
            continue;
        }
        for (part, (page, quads)) in parts.iter().enumerate() {
            let quads = quads.iter().map(corners).collect();
            let kind = match mark.kind {
                MarkKind::Underline => Kind::Underline(quads),
                MarkKind::Strike => Kind::Strike(quads),
                _ => Kind::Highlight(quads),
            };
            let id = if part == 0 { mark.id.clone() } else { format!("{}.{part}", mark.id) };
            made.push(with(id, *page, kind, if part == 0 { text.clone() } else { String::new() }));
        }
    }
    made
}

/// What lies on no words, where it has a place here: ink, and a note pinned to one.
fn drawn(mark: &MarkView) -> Option<Kind> {
    if mark.state == MarkState::NeedsEye {
        return None;
    }
    match mark.kind {
        MarkKind::Ink => {
            let strokes: Vec<_> = mark.strokes.iter().map(ink).filter(|stroke| !stroke.is_empty()).collect();
            (!strokes.is_empty()).then_some(Kind::Ink(strokes))
        }
        MarkKind::Note if mark.exact.is_empty() => {
            mark.quads.first().map(|quad| Kind::Note([quad[0] as f32, quad[1] as f32]))
        }
        _ => None,
    }
}

/// As wide as the reader draws it: by the pen's pressure, or even where none was felt.
fn ink(stroke: &Stroke) -> Vec<InkPoint> {
    const THINNING: f32 = 0.6;
    let points = || stroke.points.chunks_exact(3);
    let even = points().all(|point| point[2] == 0.5);
    let thinning = if even { 0.0 } else { THINNING };
    let width = |pressure: f32| stroke.width * (1.0 - 2.0 * thinning * (0.5 - pressure));
    points().map(|point| InkPoint { at: [point[0], point[1]], width: width(point[2]) }).collect()
}

/// What two devices wrote apart, one under the other; before it, what has no place here.
fn text(mark: &MarkView, words: &CopyWords) -> String {
    let mut parts = Vec::new();
    if mark.state == MarkState::NeedsEye {
        let lost = if mark.exact.is_empty() { &mark.beside } else { &mark.exact };
        parts.push(format!("{} «{lost}»", words.unplaced));
    }
    if mark.kind == MarkKind::Bookmark {
        parts.push(words.bookmark.clone());
    }
    parts.extend(mark.notes.iter().cloned());
    parts.join("\n\n")
}

/// As on the screen where it lies over words; lines are darker, to be seen on white.
fn colour(mark: &MarkView) -> [u8; 3] {
    let is_line = matches!(mark.kind, MarkKind::Underline | MarkKind::Strike | MarkKind::Ink);
    match (mark.colour.as_str(), is_line) {
        ("green", false) => [0xb5, 0xe6, 0xc0],
        ("blue", false) => [0xb4, 0xd8, 0xf7],
        ("rose", false) => [0xf8, 0xc3, 0xcb],
        (_, false) => [0xff, 0xe2, 0x7a],
        ("green", true) => [0x1a, 0x74, 0x43],
        ("blue", true) => [0x1d, 0x55, 0xa5],
        ("rose", true) => [0xb3, 0x26, 0x4a],
        (_, true) => [0x9a, 0x67, 0x00],
    }
}

fn corners(quad: &Quad) -> Corners {
    let at = |x: usize| [quad[x] as f32, quad[x + 1] as f32];
    [at(0), at(2), at(4), at(6)]
}
