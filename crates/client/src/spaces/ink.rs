//! Strokes of a pen: how one is kept. Points of a pen lie close together, so that each is kept as small whole numbers, what
//! it is more than the one before.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A stroke on a page, in page points.
#[derive(Debug, Clone, PartialEq)]
pub struct Stroke {
    /// At half pressure.
    pub width: f32,
    pub points: Vec<InkPoint>,
}

/// Where the pen was, and how hard it was pressed, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InkPoint {
    pub x: f32,
    pub y: f32,
    pub pressure: f32,
}

/// More points are several strokes.
const MOST_POINTS: usize = 4_000;
/// No more is written at once: an operation must stay well below what a server takes.
const MOST_AT_ONCE: usize = 30_000;
/// A place is kept to a twentieth of a point, 0.02 mm.
const STEP: f32 = 20.0;
const PRESSURE: f32 = 255.0;
/// No page is as large, in points.
const FARTHEST: f32 = 20_000.0;

#[derive(Serialize, Deserialize)]
struct Kept {
    /// In steps.
    width: u16,
    /// x, y in steps and pressure of the first point; then how much more each of them is at the next.
    points: Vec<i32>,
}

impl Stroke {
    pub(super) fn kept(&self) -> Value {
        let mut last = [0; 3];
        let mut points = Vec::with_capacity(3 * self.points.len());
        for point in &self.points {
            let next = [point.x * STEP, point.y * STEP, point.pressure * PRESSURE].map(|n| n.round() as i32);
            points.extend(next.iter().zip(last).map(|(next, last)| next - last));
            last = next;
        }
        json!(Kept { width: (self.width * STEP).round() as u16, points })
    }

    /// None if it is none: erased, or of a newer program.
    pub(super) fn read(kept: &Value) -> Option<Stroke> {
        let Kept { width, points } = serde_json::from_value(kept.clone()).ok()?;
        let mut at = [0i32; 3];
        let point = |more: &[i32]| {
            for (at, more) in at.iter_mut().zip(more) {
                *at = at.saturating_add(*more);
            }
            let [x, y, pressure] = at.map(|n| n as f32);
            InkPoint { x: x / STEP, y: y / STEP, pressure: pressure / PRESSURE }
        };
        let points: Vec<InkPoint> = points.chunks_exact(3).map(point).collect();
        (!points.is_empty()).then_some(Stroke { width: f32::from(width) / STEP, points })
    }

    /// The same elsewhere on the page.
    pub fn shifted(mut self, dx: f32, dy: f32) -> Stroke {
        for point in &mut self.points {
            (point.x, point.y) = (point.x + dx, point.y + dy);
        }
        self
    }
}

/// Refuses what no pen draws, and what is too much for one write.
pub(super) fn check<'a>(strokes: impl Iterator<Item = (&'a String, &'a Stroke)>) -> Result<()> {
    let mut all = 0;
    for (id, stroke) in strokes {
        let named = id.len() == 16 && id.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c));
        let drawn = stroke.points.iter().all(|point| {
            point.x.abs() < FARTHEST && point.y.abs() < FARTHEST && (0.0..=1.0).contains(&point.pressure)
        });
        let wide = (0.0..200.0).contains(&stroke.width);
        if !named || !drawn || !wide || stroke.points.is_empty() {
            return Err(Error::new("ink.invalid"));
        }
        all += stroke.points.len();
        if stroke.points.len() > MOST_POINTS || all > MOST_AT_ONCE {
            return Err(Error::new("ink.too_long").with("most", MOST_POINTS));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stroke_is_read_as_it_was_drawn() {
        let mut state = 7u64;
        let mut dice = |from: f32, to: f32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            from + (to - from) * ((state >> 40) as f32 / (1u64 << 24) as f32)
        };
        for _ in 0..500 {
            let width = dice(0.0, 100.0);
            let count = dice(1.0, 200.0) as usize;
            let mut point =
                || InkPoint { x: dice(-500.0, 3000.0), y: dice(-500.0, 3000.0), pressure: dice(0.0, 1.0) };
            let stroke = Stroke { width, points: (0..count).map(|_| point()).collect() };
            let read = Stroke::read(&stroke.kept()).unwrap();
            assert!((read.width - width).abs() <= 0.03);
            for (read, drawn) in read.points.iter().zip(&stroke.points) {
                let far = (read.x - drawn.x).abs().max((read.y - drawn.y).abs());
                assert!(far <= 0.03 && (read.pressure - drawn.pressure).abs() <= 0.01, "{read:?} {drawn:?}");
            }
            // Kept again, it is the same: what is moved back and forth does not creep.
            assert_eq!(read.kept(), stroke.kept());
        }
    }

    #[test]
    fn a_point_of_a_pen_takes_few_bytes() {
        let points = (0..1000).map(|n| {
            let t = n as f32 / 20.0;
            InkPoint {
                x: 200.0 + 1.5 * n as f32 / 4.0,
                y: 300.0 + 12.0 * t.sin(),
                pressure: 0.4 + 0.2 * t.cos(),
            }
        });
        let kept = Stroke { width: 1.6, points: points.collect() }.kept().to_string();
        assert!(kept.len() < 9_000, "{} bytes for 1000 points", kept.len());
    }

    #[test]
    fn what_no_pen_draws_and_what_is_too_long_is_refused() {
        let point = InkPoint { x: 1.0, y: 1.0, pressure: 0.5 };
        let good = Stroke { width: 1.0, points: vec![point; 2] };
        let code = |id: &str, stroke: Stroke| {
            check([(&id.to_owned(), &stroke)].into_iter()).err().map(|error| error.code().to_owned())
        };
        const ID: &str = "00112233445566ff";
        assert_eq!(code(ID, good.clone()), None);
        for id in ["", "0011", "00112233445566fg", "00112233445566FF"] {
            assert_eq!(code(id, good.clone()), Some("ink.invalid".to_owned()));
        }
        for bad in [f32::NAN, f32::INFINITY, 1e9] {
            let stroke = Stroke { points: vec![InkPoint { x: bad, ..point }], ..good };
            assert_eq!(code(ID, stroke), Some("ink.invalid".to_owned()));
        }
        assert_eq!(code(ID, Stroke { width: f32::NAN, ..good.clone() }), Some("ink.invalid".to_owned()));
        assert_eq!(code(ID, Stroke { points: Vec::new(), ..good }), Some("ink.invalid".to_owned()));
        assert_eq!(
            code(ID, Stroke { points: vec![point; MOST_POINTS + 1], width: 1.0 }),
            Some("ink.too_long".to_owned())
        );
        for kept in [json!(null), json!({"width": 1}), json!({"width": 3, "points": []}), json!([1, 2])] {
            assert_eq!(Stroke::read(&kept), None);
        }
        assert!(Stroke::read(&json!({"width": 3, "points": [1, 2, 3, i32::MAX, i32::MAX, 0, 9]})).is_some());
    }
}
