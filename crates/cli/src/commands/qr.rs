//! A text as a QR code.

use crate::failure::Failure;
use qrcode::{Color, QrCode};

/// Pixels a module.
const SCALE: usize = 8;
/// Modules of white around it, as the standard asks for.
const QUIET: usize = 4;

/// A PNG in black and white.
pub fn png(text: &str) -> Result<Vec<u8>, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::new("file.io").with("detail", error);
    let code = QrCode::new(text).map_err(|error| failed(&error))?;
    let (modules, side) = (code.to_colors(), code.width());
    let width = (side + 2 * QUIET) * SCALE;
    let mut pixels = vec![255u8; width * width];
    for (at, _) in modules.iter().enumerate().filter(|(_, colour)| **colour == Color::Dark) {
        let (left, top) = ((at % side + QUIET) * SCALE, (at / side + QUIET) * SCALE);
        for row in top..top + SCALE {
            pixels[row * width + left..][..SCALE].fill(0);
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, width as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(|error| failed(&error))?;
    writer.write_image_data(&pixels).map_err(|error| failed(&error))?;
    writer.finish().map_err(|error| failed(&error))?;
    Ok(bytes)
}
