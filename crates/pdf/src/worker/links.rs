//! Links of a page, and the places that links and bookmarks lead to.

use crate::glyphs::Shown;
use ecabinet_pdf::{LinkTo, PageLink};
use pdfium_render::prelude::*;
use std::collections::HashMap;

/// Links taken from one page.
const MAX_LINKS: usize = 1000;
/// Annotations looked at for links.
const MAX_LOOKED_AT: usize = 4000;
const MAX_ADDRESS: usize = 2000;
/// To say how far down a page something lies, the page must be parsed: no more of them for one question.
const MAX_PAGES: usize = 100;

/// Where destinations lie on the pages as they are shown.
pub(crate) struct Places<'a> {
    pdf: &'a PdfDocument<'static>,
    pages: HashMap<i32, Option<(Shown, f32)>>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(pdf: &'a PdfDocument<'static>) -> Self {
        Self { pdf, pages: HashMap::new() }
    }

    /// Page, and how far down it if the destination says so; none if it leads to no page of this paper.
    pub(crate) fn of(&mut self, to: &PdfDestination) -> Option<(u32, Option<f32>)> {
        use PdfDestinationViewSettings as View;
        let index = to.page_index().ok().filter(|index| (0..self.pdf.pages().len()).contains(index))?;
        let (x, y) = match to.view_settings() {
            Ok(View::SpecificCoordinatesAndZoom(x, Some(y), _)) => (x, Some(y)),
            Ok(View::FitPageHorizontallyToWindow(y) | View::FitBoundsHorizontallyToWindow(y)) => (None, y),
            Ok(View::FitPageToRectangle(rect)) => (Some(rect.left()), Some(rect.top())),
            _ => (None, None),
        };
        let y = y.and_then(|y| self.down(index, x.map_or(0.0, |x| x.value), y.value));
        Some((u32::try_from(index).ok()?, y))
    }

    fn down(&mut self, index: i32, x: f32, y: f32) -> Option<f32> {
        if !self.pages.contains_key(&index) && self.pages.len() >= MAX_PAGES {
            return None;
        }
        let shown = self.pages.entry(index).or_insert_with(|| {
            let page = self.pdf.pages().get(index).ok()?;
            Some((Shown::of(&page).ok()?, page.height().value))
        });
        let (shown, height) = shown.as_ref()?;
        let (_, down) = shown.point(x, y);
        down.is_finite().then(|| down.clamp(0.0, *height))
    }
}

/// What can be clicked on a page: links within the paper, and addresses outside it.
pub(crate) fn of_page(places: &mut Places, page: &PdfPage) -> Result<Vec<PageLink>, PdfiumError> {
    let shown = Shown::of(page)?;
    let mut links: Vec<PageLink> = Vec::new();
    for at in 0..MAX_LOOKED_AT {
        // pdfium gives the first link from this annotation on: one behind other annotations comes again.
        let Ok(link) = page.links().get(at) else { break };
        let Some(link) = read(places, &shown, &link) else { continue };
        if links.last() != Some(&link) {
            links.push(link);
        }
        if links.len() == MAX_LINKS {
            break;
        }
    }
    Ok(links)
}

fn read(places: &mut Places, shown: &Shown, link: &PdfLink) -> Option<PageLink> {
    let rect = shown.rect(&link.rect().ok()?);
    if rect.is_empty() || !shown.sees(&rect) {
        return None;
    }
    let place = link.destination().and_then(|to| places.of(&to));
    let to = match place {
        Some((page, y)) => LinkTo::Page { page, y },
        None => {
            let action = link.action()?;
            let address = action.as_uri_action()?.uri().ok()?;
            LinkTo::Address(address.chars().filter(|c| !c.is_control()).take(MAX_ADDRESS).collect())
        }
    };
    Some(PageLink { rect, to })
}
