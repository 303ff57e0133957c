use ecabinet_pdf::{Glyph, PageText, Rect};
use pdfium_render::prelude::*;

/// Characters taken from one page; a page of a gazette has about 10,000.
const MAX_CHARS: usize = 200_000;

/// The text of a page with its boxes where they are seen.
pub(crate) fn page_text(page: &PdfPage) -> Result<PageText, PdfiumError> {
    let shown = Shown::of(page)?;
    let text = page.text()?;
    let mut glyphs = Vec::new();
    let mut high = None;
    for char in text.chars().iter().take(MAX_CHARS) {
        let Some(c) = unicode(char.unicode_value(), &mut high) else { continue };
        // What pdfium made up between words and lines has no place.
        let generated = char.is_generated().unwrap_or(false);
        let rect = if generated { None } else { char.loose_bounds().ok() };
        let rect = rect.map(|rect| shown.rect(&rect)).unwrap_or_default();
        // Outside the crop box: nobody sees it, so nobody should find it.
        if rect.is_empty() || shown.sees(&rect) {
            glyphs.push(Glyph { c, rect });
        }
    }
    let quarter_turns = match page.rotation()? {
        PdfPageRenderRotation::None => 0,
        PdfPageRenderRotation::Degrees90 => 1,
        PdfPageRenderRotation::Degrees180 => 2,
        PdfPageRenderRotation::Degrees270 => 3,
    };
    Ok(PageText::new(&glyphs, quarter_turns))
}

/// A character beyond the basic plane may come as two surrogates.
fn unicode(value: u32, high: &mut Option<u16>) -> Option<char> {
    match (u16::try_from(value), high.take()) {
        (Ok(unit @ 0xd800..=0xdbff), _) => {
            *high = Some(unit);
            None
        }
        (Ok(low @ 0xdc00..=0xdfff), Some(high)) => char::decode_utf16([high, low]).next()?.ok(),
        (Ok(0xdc00..=0xdfff), None) => Some(char::REPLACEMENT_CHARACTER),
        _ => char::from_u32(value),
    }
}

/// From the page's own coordinates to page points as shown: `/Rotate` and the crop box are in it.
pub(crate) struct Shown {
    size: (f32, f32),
    origin: (f32, f32),
    /// What one unit to the right and one unit up become.
    right: (f32, f32),
    up: (f32, f32),
}

impl Shown {
    pub(crate) fn of(page: &PdfPage) -> Result<Self, PdfiumError> {
        // pdfium answers in whole pixels, so it is asked about a large bitmap and far points.
        const SCALE: f32 = 64.0;
        const FAR: f32 = 10_000.0;
        let pixels = |points: PdfPoints| (points.value * SCALE).round().max(1.0);
        let (width, height) = (pixels(page.width()), pixels(page.height()));
        let config = PdfRenderConfig::new().set_fixed_size(width as i32, height as i32);
        let (per_x, per_y) = (width / page.width().value, height / page.height().value);
        let place = |x: f32, y: f32| {
            let (x, y) = page.points_to_pixels(PdfPoints::new(x), PdfPoints::new(y), &config)?;
            Ok::<_, PdfiumError>((x as f32 / per_x, y as f32 / per_y))
        };
        let origin = place(0.0, 0.0)?;
        let unit = |to: (f32, f32)| ((to.0 - origin.0) / FAR, (to.1 - origin.1) / FAR);
        let size = (page.width().value, page.height().value);
        Ok(Self { size, origin, right: unit(place(FAR, 0.0)?), up: unit(place(0.0, FAR)?) })
    }

    pub(crate) fn point(&self, x: f32, y: f32) -> (f32, f32) {
        (self.origin.0 + x * self.right.0 + y * self.up.0, self.origin.1 + x * self.right.1 + y * self.up.1)
    }

    pub(crate) fn sees(&self, rect: &Rect) -> bool {
        rect.x1 > 0.0 && rect.y1 > 0.0 && rect.x0 < self.size.0 && rect.y0 < self.size.1
    }

    pub(crate) fn rect(&self, rect: &PdfRect) -> Rect {
        let a = self.point(rect.left().value, rect.bottom().value);
        let b = self.point(rect.right().value, rect.top().value);
        Rect { x0: a.0.min(b.0), y0: a.1.min(b.1), x1: a.0.max(b.0), y1: a.1.max(b.1) }
    }
}
