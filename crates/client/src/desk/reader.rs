//! The reader: pages and their words from the workers, the member's marks from his space.

use super::marking::plain;
use super::meetings::state;
use super::polls::item_number;
use super::{Desk, body_id, id};
use crate::body::Body;
use crate::error::{Error, Result};
use crate::spaces;
use crate::status::member_content;
use crate::vault::Vault;
use crate::views;
use ecabinet_domain::{BodyId, PaperId, Rev, RevId};
use ecabinet_pdf::{Format, LinkTo, OutlineItem, PageLink, Paper, PdfError, Rect, Render, Rotation};
use ecabinet_protocol::ui::*;
use std::sync::Arc;

impl Desk {
    pub(super) async fn reader_view(self: &Arc<Self>, args: PaperRef) -> Result<ReaderView> {
        let body_id = body_id(&args.body)?;
        let rev = Rev { paper: id(&args.paper)?, rev: id(&args.rev)? };
        let client = self.client()?;
        client.fetch_first(rev.paper);
        // Marks of other revisions are placed apart: reading begins without waiting for them.
        let own = client.notes(body_id, Some(rev.paper))?.into_iter().filter(|note| note.mark.rev == rev.rev);
        let reading = client.with(body_id, |vault, body| spaces::reading(vault, body, rev.paper))?;
        let mut view = client.with(body_id, |vault, body| {
            let state_now = body.state()?;
            let known = state_now.papers.get(&rev.paper).ok_or(Error::new("paper.unknown"))?;
            let paper = views::paper(vault, body, rev)?.ok_or(Error::new("paper.unknown"))?;
            let item = views::item_content(vault, body, known.item)?.ok_or(Error::new("paper.unknown"))?;
            let current =
                state_now.current_revs(known.item).iter().find(|current| current.paper == rev.paper);
            let newer = current.filter(|current| current.rev != rev.rev);
            Ok(ReaderView {
                paper: args.paper.clone(),
                rev: args.rev.clone(),
                version: paper.earlier as u32 + 1,
                state: state(&paper),
                bytes: paper.size,
                bytes_ready: paper.size - paper.missing_bytes,
                title: paper.title,
                pages: Vec::new(),
                start_page: 0,
                start_within: reading.as_ref().and_then(|reading| reading.within).unwrap_or_default(),
                has_text: true,
                marks: own.map(|note| plain(note, paper.earlier as u32 + 1)).collect(),
                newer_rev: newer.map(|newer| newer.rev.to_string()),
                newer_signed: newer.is_some_and(|newer| known.is_signed_copy(rev.rev, newer.rev)),
                signed: paper.signed,
                may_leave: body.genesis(vault)?.paper_export,
                watermark: paper.watermark.then(|| own_name(vault, body)).transpose()?,
                sign_due: super::sign::is_due(vault, body, known.item, rev)?,
                vote_due: super::home::vote_due(vault, body, known.item)?,
                groups: super::sharing::groups(vault, body)?,
                item: known.item.to_string(),
                item_number: item_number(vault, body, known.item)?,
                item_title: item.title,
                meeting: state_now.items[&known.item].meeting.to_string(),
            })
        })?;
        if view.state == PaperState::Ready {
            let desk = self.clone();
            let info = blocking(move || Ok(desk.open(body_id, rev)?.info().clone())).await?;
            view.pages =
                info.pages.iter().map(|page| PageSize { width: page.width, height: page.height }).collect();
            view.has_text = info.has_text;
            view.start_page = start_page(reading.and_then(|reading| reading.page), view.pages.len());
            client.set_reading_rev(body_id, rev)?;
        }
        Ok(view)
    }

    pub(super) async fn text_of_page(self: &Arc<Self>, args: PageRef) -> Result<PageText> {
        let (body, rev) = (body_id(&args.body)?, self.find_rev(&args.body, &args.rev)?);
        let desk = self.clone();
        let text = blocking(move || desk.open(body, rev)?.text(args.page).map_err(pdf)).await?;
        let words = text.words.iter().map(|word| WordBox {
            start: word.start,
            end: word.end,
            x0: word.rect.x0,
            y0: word.rect.y0,
            x1: word.rect.x1,
            y1: word.rect.y1,
        });
        Ok(PageText { page: args.page, words: words.collect(), text: text.text })
    }

    pub(super) async fn outline_of(self: &Arc<Self>, args: PaperRef) -> Result<Vec<OutlineRow>> {
        let (body, rev) = (body_id(&args.body)?, self.find_rev(&args.body, &args.rev)?);
        let desk = self.clone();
        let items = blocking(move || desk.open(body, rev)?.outline().map_err(pdf)).await?;
        let row = |item: OutlineItem| OutlineRow {
            title: item.title,
            level: item.level.into(),
            page: item.page,
            y: item.y,
        };
        Ok(items.into_iter().map(row).collect())
    }

    pub(super) async fn links_of(self: &Arc<Self>, args: PageRef) -> Result<Vec<LinkView>> {
        let (body, rev) = (body_id(&args.body)?, self.find_rev(&args.body, &args.rev)?);
        let desk = self.clone();
        let links = blocking(move || desk.open(body, rev)?.links(args.page).map_err(pdf)).await?;
        Ok(links.into_iter().map(link).collect())
    }

    pub(super) async fn find_words(self: &Arc<Self>, args: FindInPaper) -> Result<Vec<FindHit>> {
        let (body, rev) = (body_id(&args.body)?, self.find_rev(&args.body, &args.rev)?);
        let desk = self.clone();
        let hits = blocking(move || desk.open(body, rev)?.search(&args.query, 500).map_err(pdf)).await?;
        let hit = |hit: &ecabinet_pdf::Hit| FindHit {
            page: hit.page,
            rects: hit.rects.iter().map(rect).collect(),
            snippet: format!("{}{}{}", hit.anchor.before, hit.anchor.exact, hit.anchor.after),
        };
        Ok(hits.iter().map(hit).collect())
    }

    /// A page as lossless WebP, `width` pixels wide. `path` is `/<body>/<rev>/<page>`; the page `start` is where the member
    /// stopped reading. Of a paper that the office has not sent yet it is `/<body>/<draft>.<paper>/<page>`.
    pub fn page_image(&self, path: &str, width: u32) -> Result<Vec<u8>> {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let &[body, rev, page] = parts.as_slice() else {
            return Err(Error::new("request.id").with("value", path));
        };
        let at = |page: &str| page.parse().map_err(|_| Error::new("request.id").with("value", page));
        if let Some((draft, paper)) = rev.split_once('.') {
            return drawn(&self.open_draft_paper(body_id(body)?, draft, paper)?, at(page)?, width);
        }
        let (body, rev) = (body_id(body)?, self.find_rev(body, rev)?);
        let page = match page {
            "start" => None,
            page => Some(at(page)?),
        };
        let paper = self.open(body, rev)?;
        let page = match page {
            Some(page) => page,
            None => {
                let client = self.client()?;
                let reading = client.with(body, |vault, body| spaces::reading(vault, body, rev.paper))?;
                start_page(reading.and_then(|reading| reading.page), paper.info().pages.len())
            }
        };
        drawn(&paper, page, width)
    }

    pub(super) fn open(&self, body: BodyId, rev: Rev) -> Result<Paper> {
        if let Some(session) = &*self.held() {
            session.behind.give_way();
        }
        let source = self.client()?.paper(body, rev)?;
        self.papers.open(&rev.rev.to_string(), Arc::new(source)).map_err(pdf)
    }

    fn find_rev(&self, body: &str, rev: &str) -> Result<Rev> {
        let rev: RevId = id(rev)?;
        self.client()?.with(body_id(body)?, |_, body| {
            let papers = &body.state()?.papers;
            let found = papers.iter().find(|(_, paper)| paper.revs.iter().any(|(known, _)| *known == rev));
            Ok(Rev { paper: *found.ok_or(Error::new("paper.unknown"))?.0, rev })
        })
    }

    pub(super) fn keep_position(&self, args: &SetReadingPosition) -> Result<()> {
        let (body, paper) = (body_id(&args.body)?, id::<PaperId>(&args.paper)?);
        self.client()?.set_reading_position(body, paper, args.page, args.within)
    }
}

fn drawn(paper: &Paper, page: u32, width: u32) -> Result<Vec<u8>> {
    let render = Render { page, width, rotation: Rotation::None, format: Format::Webp };
    Ok(paper.render(render).map_err(pdf)?.bytes)
}

/// Where the member stopped, in a paper of so many pages.
fn start_page(stopped: Option<u32>, pages: usize) -> u32 {
    stopped.unwrap_or_default().min(pages.saturating_sub(1) as u32)
}

/// The member whose device this is.
pub(super) fn own_name(vault: &Vault, body: &Body) -> Result<String> {
    Ok(member_content(vault, body, body.member()?)?.name)
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(Error::new("pdf.crashed")))
}

pub(super) fn pdf(error: ecabinet_pdf::PdfError) -> Error {
    let code = match error {
        // The worker is well: what lies on this device is not.
        PdfError::Read(_) => "paper.damaged",
        _ => error.code(),
    };
    Error::new(code).with("detail", error)
}

fn link(link: PageLink) -> LinkView {
    let rect = rect(&link.rect);
    match link.to {
        LinkTo::Page { page, y } => LinkView { rect, page: Some(page), y, address: None },
        LinkTo::Address(address) => LinkView { rect, page: None, y: None, address: Some(address) },
    }
}

pub(super) fn rect(rect: &Rect) -> PageRect {
    PageRect { x0: rect.x0, y0: rect.y0, x1: rect.x1, y1: rect.y1 }
}
