use crate::links::Places;
use ecabinet_pdf::OutlineItem;
use pdfium_render::prelude::PdfBookmark;

/// A made-up outline may go round in circles.
const MAX_ITEMS: usize = 2000;
const MAX_LEVEL: u8 = 16;

/// A bookmark, what is under it, and its siblings, in order.
pub(crate) fn collect(
    places: &mut Places,
    first: Option<PdfBookmark>,
    level: u8,
    items: &mut Vec<OutlineItem>,
) {
    let mut next = first;
    while let Some(bookmark) = next.filter(|_| items.len() < MAX_ITEMS && level < MAX_LEVEL) {
        let place = bookmark.destination().and_then(|to| places.of(&to));
        items.push(OutlineItem {
            title: bookmark.title().unwrap_or_default(),
            level,
            page: place.map(|(page, _)| page),
            y: place.and_then(|(_, y)| y),
        });
        collect(places, bookmark.first_child(), level + 1, items);
        next = bookmark.next_sibling();
    }
}
