use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Object, ObjectId, dictionary};

use crate::font::{Font, Glyphs, Line, compressed};
use crate::picture::Picture;
use crate::update::Update;
use crate::{Appearance, Error};

/// Draws the visible signature as a form XObject of this size, upright on a page of this rotation.
pub(crate) fn draw(
    update: &mut Update,
    appearance: &Appearance,
    font: &Font,
    rect: [f32; 4],
    rotation: i64,
) -> Result<ObjectId, Error> {
    let (mut width, mut height) = (rect[2] - rect[0], rect[3] - rect[1]);
    if rotation % 180 == 90 {
        (width, height) = (height, width);
    }
    let mut glyphs = Glyphs::new(font);
    let lines = appearance.lines.iter().map(|line| glyphs.line(line)).collect::<Result<Vec<_>, _>>()?;
    let picture = appearance.picture.as_deref().map(Picture::decode).transpose()?;

    let mut resources = Dictionary::new();
    let mut operations = Vec::new();
    let share = if picture.is_some() { 0.5 } else { 1.0 };
    let text = Text::fit(&lines, font, appearance.text_size, width, height * share);
    if let Some(picture) = picture {
        place(&mut operations, &picture, width, text.height, height);
        let image = picture.embed(update)?;
        resources.set("XObject", dictionary! { "Signature" => image });
        text.show(&mut operations, &lines, font, text.height);
    } else {
        text.show(&mut operations, &lines, font, (height + text.height) / 2.0);
    }
    if !lines.is_empty() {
        resources.set("Font", dictionary! { "Text" => glyphs.embed(update)? });
    }

    // Turned against the page: a viewer turns both and then fits the result into the rectangle.
    let matrix = match rotation {
        90 => [0, 1, -1, 0, 0, 0],
        180 => [-1, 0, 0, -1, 0, 0],
        270 => [0, -1, 1, 0, 0, 0],
        _ => [1, 0, 0, 1, 0, 0],
    };
    let form = dictionary! {
        "Type" => "XObject", "Subtype" => "Form", "Resources" => resources,
        "BBox" => [0.0, 0.0, width, height].map(Object::from).to_vec(),
        "Matrix" => matrix.map(Object::from).to_vec(),
    };
    Ok(update.add(compressed(form, Content { operations }.encode()?)?))
}

/// The lines' common size, from which all else follows. Points.
struct Text {
    size: f32,
    height: f32,
}

const LEADING: f32 = 1.15;

impl Text {
    fn fit(lines: &[Line], font: &Font, wanted: f32, width: f32, height: f32) -> Text {
        let count = lines.len() as f32;
        if lines.is_empty() {
            return Text { size: 0.0, height: 0.0 };
        }
        let widest = lines.iter().map(|line| line.width).fold(0.0, f32::max);
        let tall = (count - 1.0) * LEADING + font.ascent + font.descent;
        let size = wanted.min(height / tall).min(if widest > 0.0 { width / widest } else { wanted });
        Text { size, height: size * tall }
    }

    fn show(&self, operations: &mut Vec<Operation>, lines: &[Line], font: &Font, top: f32) {
        if lines.is_empty() {
            return;
        }
        operations.push(Operation::new("BT", vec![]));
        operations.push(Operation::new("g", vec![0.into()]));
        operations.push(Operation::new("Tf", vec!["Text".into(), self.size.into()]));
        for (index, line) in lines.iter().enumerate() {
            let baseline = top - self.size * font.ascent;
            let down = if index == 0 { baseline } else { -self.size * LEADING };
            operations.push(Operation::new("Td", vec![0.0.into(), down.into()]));
            operations.push(Operation::new("Tj", vec![line.shown()]));
        }
        operations.push(Operation::new("ET", vec![]));
    }
}

/// Centred between these heights, as large as fits.
fn place(operations: &mut Vec<Operation>, picture: &Picture, width: f32, bottom: f32, top: f32) {
    let (own_width, own_height) = (picture.width as f32, picture.height as f32);
    let scale = (width / own_width).min((top - bottom) / own_height);
    let (w, h) = (own_width * scale, own_height * scale);
    let (x, y) = ((width - w) / 2.0, bottom + (top - bottom - h) / 2.0);
    operations.push(Operation::new("q", vec![]));
    operations.push(Operation::new("cm", [w, 0.0, 0.0, h, x, y].map(Object::from).to_vec()));
    operations.push(Operation::new("Do", vec!["Signature".into()]));
    operations.push(Operation::new("Q", vec![]));
}
