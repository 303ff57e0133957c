use std::io::Cursor;

use lopdf::{Object, ObjectId, dictionary};

use crate::Error;
use crate::font::compressed;
use crate::update::Update;

/// The pixels of a PNG: 8 bits a sample, the alpha apart.
pub(crate) struct Picture {
    pub width: u32,
    pub height: u32,
    gray: bool,
    samples: Vec<u8>,
    alpha: Option<Vec<u8>>,
}

/// A scan of a signature is far smaller.
const MOST_PIXELS: u64 = 16_000_000;

impl Picture {
    pub fn decode(bytes: &[u8]) -> Result<Picture, Error> {
        let failed = |error: png::DecodingError| Error::Picture(error.to_string());
        let mut decoder = png::Decoder::new(Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().map_err(failed)?;
        let (width, height) = reader.info().size();
        if u64::from(width) * u64::from(height) > MOST_PIXELS {
            return Err(Error::Picture(format!("{width} x {height} pixels are too many")));
        }
        let size = reader.output_buffer_size().ok_or_else(|| Error::Picture("too large".into()))?;
        let mut pixels = vec![0; size];
        let frame = reader.next_frame(&mut pixels).map_err(failed)?;
        pixels.truncate(frame.buffer_size());
        let (gray, transparent) = match frame.color_type {
            png::ColorType::Grayscale => (true, false),
            png::ColorType::GrayscaleAlpha => (true, true),
            png::ColorType::Rgb => (false, false),
            png::ColorType::Rgba => (false, true),
            png::ColorType::Indexed => return Err(Error::Picture("its palette was not expanded".into())),
        };
        let (mut samples, mut alpha) = (pixels, None);
        if transparent {
            let pixel = if gray { 2 } else { 4 };
            alpha = Some(samples.chunks_exact(pixel).map(|pixel| pixel[pixel.len() - 1]).collect());
            samples =
                samples.chunks_exact(pixel).flat_map(|pixel| &pixel[..pixel.len() - 1]).copied().collect();
        }
        Ok(Picture { width, height, gray, samples, alpha })
    }

    /// Writes the picture as an image, with its alpha as a soft mask.
    pub fn embed(self, update: &mut Update) -> Result<ObjectId, Error> {
        let image = |space: &str| {
            dictionary! {
                "Type" => "XObject", "Subtype" => "Image", "Width" => i64::from(self.width),
                "Height" => i64::from(self.height), "ColorSpace" => space, "BitsPerComponent" => 8,
            }
        };
        let mut colours = image(if self.gray { "DeviceGray" } else { "DeviceRGB" });
        if let Some(alpha) = self.alpha {
            let mask = update.add(compressed(image("DeviceGray"), alpha)?);
            colours.set("SMask", Object::Reference(mask));
        }
        Ok(update.add(compressed(colours, self.samples)?))
    }
}
