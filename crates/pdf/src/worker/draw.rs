use ecabinet_pdf::wire::MAX_PIXELS;
use ecabinet_pdf::{Damage, Format, Image, PdfError, Render, Rotation};
use image_webp::{ColorType, WebPEncoder};
use pdfium_render::prelude::*;

/// A WebP picture is not wider or higher.
const MAX_SIDE: u32 = 16_383;

/// Draws a page into `pixels` (kept between pages for its memory) and encodes it.
pub(crate) fn draw(page: &PdfPage, render: &Render, pixels: &mut Vec<u8>) -> Result<Image, PdfError> {
    let (width, height) = size(page, render)?;
    // Filled, so that a page which pdfium does not draw does not show the one before.
    pixels.clear();
    pixels.resize(width as usize * height as usize * 4, 255);
    let (columns, rows) = (width as i32, height as i32);
    let config = PdfRenderConfig::new()
        .set_fixed_size(columns, rows)
        .rotate(turned(render.rotation), false)
        .set_format(PdfBitmapFormat::BGRA)
        .set_reverse_byte_order(true);
    let mut bitmap = PdfBitmap::from_bytes(columns, rows, PdfBitmapFormat::BGRA, pixels)
        .map_err(|_| PdfError::Size { width, height })?;
    page.render_into_bitmap_with_config(&mut bitmap, &config)
        .map_err(|_| PdfError::Truncated(Damage::Structure))?;
    drop(bitmap);
    let bytes = match render.format {
        Format::Webp => webp(pixels, width, height)?,
        Format::Rgba => opaque(pixels),
    };
    Ok(Image { width, height, format: render.format, bytes })
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

fn opaque(rgba: &[u8]) -> Vec<u8> {
    rgba.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2], 255]).collect()
}
