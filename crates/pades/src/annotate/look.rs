//! How marks look where a program draws what it is given.

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Object, ObjectId, dictionary};

use super::{Kind, Point, form};
use crate::Error;
use crate::font::compressed;
use crate::update::Update;

/// Of the height of a line: how thick its underline is, and how far above its foot.
const THICK: f32 = 0.06;
const ABOVE: f32 = 0.1;
/// A circle's quarter as a Bézier curve.
const ROUND: f32 = 0.552_3;

/// The look of a mark whose `places` are in user space, as those of [`Kind::places`].
pub fn draw(
    update: &mut Update,
    kind: &Kind,
    places: &[Point],
    rect: [f32; 4],
    colour: [u8; 3],
) -> Result<ObjectId, Error> {
    let mut pen = Pen { operations: Vec::new() };
    let mut resources = Dictionary::new();
    let colour = colour.map(|part| f32::from(part) / 255.0);
    match kind {
        Kind::Highlight(_) => {
            // The words stay as black as they are.
            let blended = dictionary! { "Type" => "ExtGState", "BM" => "Multiply" };
            resources.set("ExtGState", dictionary! { "Over" => blended });
            pen.put("gs", vec!["Over".into()]);
            pen.numbers("rg", &colour);
            for corners in places.chunks_exact(4) {
                pen.area(&[corners[0], corners[1], corners[3], corners[2]]);
            }
        }
        Kind::Underline(_) | Kind::Strike(_) => {
            let share = if matches!(kind, Kind::Strike(_)) { 0.45 } else { ABOVE };
            pen.numbers("RG", &colour);
            for corners in places.chunks_exact(4) {
                let (from, to) =
                    (between(corners[2], corners[0], share), between(corners[3], corners[1], share));
                pen.numbers("w", &[(distance(corners[0], corners[2]) * THICK).max(0.5)]);
                pen.line(from, to);
            }
        }
        Kind::Note(_) => sign(&mut pen, rect, colour),
        Kind::Ink(strokes) => {
            pen.numbers("RG", &colour);
            pen.numbers("rg", &colour);
            pen.put("J", vec![1.into()]);
            pen.put("j", vec![1.into()]);
            let mut rest = places;
            for stroke in strokes {
                let (own, after) = rest.split_at(stroke.len());
                rest = after;
                if let ([at], [point]) = (own, &stroke[..]) {
                    pen.dot(*at, point.width / 2.0);
                }
                for (pair, points) in own.windows(2).zip(stroke.windows(2)) {
                    pen.numbers("w", &[(points[0].width + points[1].width) / 2.0]);
                    pen.line(pair[0], pair[1]);
                }
            }
        }
    }
    let content = Content { operations: pen.operations }.encode()?;
    Ok(update.add(compressed(form(rect, resources), content)?))
}

/// A sheet with three lines.
fn sign(pen: &mut Pen, [left, bottom, right, top]: [f32; 4], colour: [f32; 3]) {
    pen.numbers("rg", &colour);
    pen.numbers("RG", &[0.25; 3]);
    pen.numbers("w", &[0.8]);
    let (l, b, r, t) = (left + 1.0, bottom + 1.0, right - 1.0, top - 1.0);
    pen.path(&[[l, b], [r, b], [r, t], [l, t]], "b");
    for share in [0.3, 0.5, 0.7] {
        let y = b + (t - b) * share;
        pen.line([l + 3.0, y], [r - 3.0, y]);
    }
}

struct Pen {
    operations: Vec<Operation>,
}

impl Pen {
    fn put(&mut self, operator: &str, operands: Vec<Object>) {
        self.operations.push(Operation::new(operator, operands));
    }

    fn numbers(&mut self, operator: &str, values: &[f32]) {
        self.put(operator, super::numbers(values));
    }

    fn line(&mut self, from: Point, to: Point) {
        self.numbers("m", &from);
        self.numbers("l", &to);
        self.put("S", vec![]);
    }

    fn area(&mut self, corners: &[Point]) {
        self.path(corners, "f");
    }

    fn path(&mut self, corners: &[Point], paint: &str) {
        for (index, corner) in corners.iter().enumerate() {
            self.numbers(if index == 0 { "m" } else { "l" }, corner);
        }
        self.put("h", vec![]);
        self.put(paint, vec![]);
    }

    fn dot(&mut self, [x, y]: Point, radius: f32) {
        let (r, c) = (radius, radius * ROUND);
        self.numbers("m", &[x + r, y]);
        self.numbers("c", &[x + r, y + c, x + c, y + r, x, y + r]);
        self.numbers("c", &[x - c, y + r, x - r, y + c, x - r, y]);
        self.numbers("c", &[x - r, y - c, x - c, y - r, x, y - r]);
        self.numbers("c", &[x + c, y - r, x + r, y - c, x + r, y]);
        self.put("f", vec![]);
    }
}

fn between(from: Point, to: Point, share: f32) -> Point {
    [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]
}

fn distance(a: Point, b: Point) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}
