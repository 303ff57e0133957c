use ecabinet_pdf::wire::{CANVAS, MAX_PIXELS, Reply};
use ecabinet_pdf::{Damage, Format, Image, PdfError, Render, Rotation};
use ecabinet_wall::memory::Mapped;
use image_webp::{ColorType, WebPEncoder};
use pdfium_render::prelude::*;

/// A WebP picture is not wider or higher.
const MAX_SIDE: u32 = 16_383;

/// Where pages are drawn, one over the other.
pub(crate) enum Canvas {
    /// What the parent sees too.
    Shown(Mapped),
    Own(Vec<u8>),
}

impl Canvas {
    /// To be called before the wall is raised.
    pub(crate) fn found() -> Self {
        Mapped::found(CANVAS).map_or(Self::Own(Vec::new()), Self::Shown)
    }

    /// So many bytes, all white, so that a page which pdfium does not draw does not show the one before.
    fn white(&mut self, len: usize) -> &mut [u8] {
        let pixels = match self {
            Self::Shown(mapped) => &mut mapped[..len],
            Self::Own(own) => {
                own.resize(len, 0);
                own
            }
        };
        pixels.fill(255);
        pixels
    }
}

/// Draws a page. Bare pixels stay where the parent sees them, if it does.
pub(crate) fn draw(page: &PdfPage, render: &Render, canvas: &mut Canvas) -> Result<Reply, PdfError> {
    let (width, height) = size(page, render)?;
    let pixels = canvas.white(width as usize * height as usize * 4);
    let (columns, rows) = (width as i32, height as i32);
    // Without a channel for alpha: nothing is blended with it, and it stays as filled.
    let config = PdfRenderConfig::new()
        .set_fixed_size(columns, rows)
        .rotate(turned(render.rotation), false)
        .clear_before_rendering(false)
        .set_reverse_byte_order(true);
    let mut bitmap = PdfBitmap::from_bytes(columns, rows, PdfBitmapFormat::BGRx, pixels)
        .map_err(|_| PdfError::Size { width, height })?;
    page.render_into_bitmap_with_config(&mut bitmap, &config)
        .map_err(|_| PdfError::Truncated(Damage::Structure))?;
    drop(bitmap);
    let bytes = match (render.format, canvas) {
        (Format::Rgba, Canvas::Shown(_)) => return Ok(Reply::Drawn { width, height }),
        (Format::Rgba, Canvas::Own(own)) => own.clone(),
        (Format::Webp, Canvas::Shown(mapped)) => {
            webp(&mapped[..width as usize * height as usize * 4], width, height)?
        }
        (Format::Webp, Canvas::Own(own)) => webp(own, width, height)?,
    };
    Ok(Reply::Image(Image { width, height, format: render.format, bytes }))
}

/// The bitmap's size: the width asked for, the height that the turned page then has.
fn size(page: &PdfPage, render: &Render) -> Result<(u32, u32), PdfError> {
    let (mut across, mut down) = (page.width().value, page.height().value);
    if matches!(render.rotation, Rotation::Quarter | Rotation::ThreeQuarters) {
        (across, down) = (down, across);
    }
    let width = render.width;
    let height = ((width as f32 * down / across).round() as u32).max(1);
    let fits = |side| (1..=MAX_SIDE).contains(&side);
    if fits(width) && fits(height) && u64::from(width) * u64::from(height) <= MAX_PIXELS {
        Ok((width, height))
    } else {
        Err(PdfError::Size { width, height })
    }
}

fn turned(rotation: Rotation) -> PdfPageRenderRotation {
    match rotation {
        Rotation::None => PdfPageRenderRotation::None,
        Rotation::Quarter => PdfPageRenderRotation::Degrees90,
        Rotation::Half => PdfPageRenderRotation::Degrees180,
        Rotation::ThreeQuarters => PdfPageRenderRotation::Degrees270,
    }
}

/// Lossless; a page without colour, as most are, takes one channel.
fn webp(rgba: &[u8], width: u32, height: u32) -> Result<Vec<u8>, PdfError> {
    let pixels = rgba.chunks_exact(4);
    let grey = pixels.clone().all(|p| p[0] == p[1] && p[1] == p[2]);
    let (data, color): (Vec<u8>, _) = if grey {
        (pixels.map(|p| p[0]).collect(), ColorType::L8)
    } else {
        (pixels.flat_map(|p| [p[0], p[1], p[2]]).collect(), ColorType::Rgb8)
    };
    let mut bytes = Vec::new();
    let encoded = WebPEncoder::new(&mut bytes).encode(&data, width, height, color);
    encoded.map_err(|_| PdfError::Size { width, height })?;
    Ok(bytes)
}
