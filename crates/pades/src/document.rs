use lopdf::{Dictionary, Document, Object, ObjectId};

use crate::{Error, Rect};

/// The object's dictionary, itself or by reference.
pub(crate) fn dictionary<'a>(
    document: &'a Document,
    holder: &'a Dictionary,
    key: &[u8],
) -> Option<&'a Dictionary> {
    holder.get_deref(key, document).ok()?.as_dict().ok()
}

pub(crate) fn catalog_id(document: &Document) -> Result<ObjectId, Error> {
    Ok(document.trailer.get(b"Root")?.as_reference()?)
}

/// How a page lies: its crop box in user space and its rotation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageBox {
    left: f32,
    bottom: f32,
    right: f32,
    top: f32,
    /// 0, 90, 180 or 270, clockwise.
    pub rotation: i64,
}

impl PageBox {
    pub fn of(document: &Document, page: ObjectId) -> Result<PageBox, Error> {
        let media = inherited(document, page, b"MediaBox").and_then(|value| corners(document, value));
        // As readers do with a page that does not say how large it is.
        let media = media.unwrap_or([0.0, 0.0, 612.0, 792.0]);
        let crop = inherited(document, page, b"CropBox").and_then(|value| corners(document, value));
        let crop = crop.map(|crop| {
            [crop[0].max(media[0]), crop[1].max(media[1]), crop[2].min(media[2]), crop[3].min(media[3])]
        });
        // An empty one is none.
        let crop = crop.filter(|[left, bottom, right, top]| left < right && bottom < top);
        let [left, bottom, right, top] = crop.unwrap_or(media);
        let rotation =
            inherited(document, page, b"Rotate").and_then(|value| value.as_i64().ok()).unwrap_or(0);
        Ok(PageBox { left, bottom, right, top, rotation: rotation.rem_euclid(360) / 90 * 90 })
    }

    /// Width and height as shown.
    pub fn size(&self) -> (f32, f32) {
        let (width, height) = (self.right - self.left, self.top - self.bottom);
        if self.rotation % 180 == 90 { (height, width) } else { (width, height) }
    }

    /// User space of a point on the page as shown.
    pub fn point(&self, x: f32, y: f32) -> [f32; 2] {
        match self.rotation {
            90 => [self.left + y, self.bottom + x],
            180 => [self.right - x, self.bottom + y],
            270 => [self.right - y, self.top - x],
            _ => [self.left + x, self.top - y],
        }
    }

    /// User space `[left, bottom, right, top]` of a rectangle on the page as shown.
    pub fn user_space(&self, rect: Rect) -> Result<[f32; 4], Error> {
        let (width, height) = self.size();
        let Rect { x, y, width: w, height: h } = rect;
        // Half a point for those who round.
        let inside = x >= -0.5 && y >= -0.5 && x + w <= width + 0.5 && y + h <= height + 0.5;
        if !(inside && w >= 1.0 && h >= 1.0) {
            return Err(Error::Place(format!("{w} x {h} points at ({x}, {y}), page {width} x {height}")));
        }
        let ([a, b], [c, d]) = (self.point(x, y), self.point(x + w, y + h));
        Ok([a.min(c), b.min(d), a.max(c), b.max(d)])
    }
}

/// Numbers of a rectangle, in order.
pub(crate) fn corners(document: &Document, value: &Object) -> Option<[f32; 4]> {
    let numbers: Vec<f32> = value
        .as_array()
        .ok()?
        .iter()
        .filter_map(|number| document.dereference(number).ok()?.1.as_float().ok())
        .filter(|number| number.is_finite())
        .collect();
    let [a, b, c, d] = numbers[..] else { return None };
    Some([a.min(c), b.min(d), a.max(c), b.max(d)])
}

fn inherited<'a>(document: &'a Document, page: ObjectId, key: &[u8]) -> Option<&'a Object> {
    let mut node = document.get_dictionary(page).ok()?;
    // A deeper page tree is a loop.
    for _ in 0..64 {
        if let Ok(value) = node.get_deref(key, document) {
            return Some(value);
        }
        node = dictionary(document, node, b"Parent")?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shown_page_is_mapped_to_user_space() {
        let rect = Rect { x: 10.0, y: 20.0, width: 100.0, height: 50.0 };
        for (rotation, expected) in [
            (0, [10.0, 730.0, 110.0, 780.0]),
            (90, [20.0, 10.0, 70.0, 110.0]),
            (180, [490.0, 20.0, 590.0, 70.0]),
            (270, [530.0, 690.0, 580.0, 790.0]),
        ] {
            let page = PageBox { left: 0.0, bottom: 0.0, right: 600.0, top: 800.0, rotation };
            assert_eq!(page.user_space(rect).unwrap(), expected, "{rotation}");
        }
    }

    #[test]
    fn a_rectangle_off_the_page_is_refused() {
        let page = PageBox { left: 0.0, bottom: 0.0, right: 600.0, top: 800.0, rotation: 90 };
        for (x, width) in [(750.0, 51.0), (-2.0, 50.0), (0.0, 0.0), (f32::NAN, 50.0), (0.0, f32::INFINITY)] {
            let rect = Rect { x, y: 0.0, width, height: 50.0 };
            assert_eq!(page.user_space(rect).unwrap_err().code(), "sign.place");
        }
    }
}
