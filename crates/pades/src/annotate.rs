//! A reader's marks, appended to a paper as annotations that any program for PDF shows (ISO 32000-2, 12.5.6).

mod look;

use std::collections::BTreeMap;

use lopdf::{Dictionary, Object, ObjectId, dictionary, text_string};
use serde::{Deserialize, Serialize};

use crate::document::PageBox;
use crate::holder::{Holder, append};
use crate::load::open;
use crate::update::Update;
use crate::{Appearance, Error, Font, Rect, SigningTime, appearance};

/// All that is appended to one paper.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Annotations {
    /// Whose marks they are.
    pub author: String,
    pub marks: Vec<Annotation>,
    /// A line that stands above the text of every page.
    pub notice: Option<String>,
}

/// A mark on a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Annotation {
    /// Its name, unique within the paper.
    pub id: String,
    /// From 0.
    pub page: u32,
    pub kind: Kind,
    /// Red, green, blue.
    pub colour: [u8; 3],
    /// What was written to it; may be empty.
    pub text: String,
    pub time: SigningTime,
}

/// x and y in points on the page as it is shown.
pub type Point = [f32; 2];

/// Four corners: top left, top right, bottom left, bottom right.
pub type Quad = [Point; 4];

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Kind {
    Highlight(Vec<Quad>),
    Underline(Vec<Quad>),
    Strike(Vec<Quad>),
    /// A note at a place: the top left corner of its sign.
    Note(Point),
    Ink(Vec<Vec<InkPoint>>),
}

/// A place that the pen passed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct InkPoint {
    pub at: Point,
    /// Of the line there, in points.
    pub width: f32,
}

/// The sign of a note, in points each way.
const SIGN: f32 = 18.0;
/// Above a page's text: from the left and from the top, its height and the size of its letters.
const NOTICE: (f32, f32, f32, f32) = (24.0, 8.0, 12.0, 8.0);

/// The bytes to be appended to a PDF. The font is used for the notice. Marks on pages that it does not have are an
/// [`Error::Place`], as are places that are no numbers.
pub fn annotate(pdf: &[u8], wanted: &Annotations, font: &Font) -> Result<Vec<u8>, Error> {
    let document = open(pdf)?;
    let pages: Vec<ObjectId> = document.page_iter().collect();
    let mut update = Update::new(pdf, &document)?;
    for mark in &wanted.marks {
        let page = pages.get(mark.page as usize);
        let page = *page.ok_or_else(|| Error::Place(format!("there is no page {}", mark.page)))?;
        let shown = PageBox::of(&document, page)?;
        add(&mut update, page, &shown, mark, &wanted.author)?;
    }
    if let Some(notice) = &wanted.notice {
        let mut drawn = BTreeMap::new();
        for page in pages {
            tell(&mut update, page, &PageBox::of(&document, page)?, notice, font, &mut drawn)?;
        }
    }
    update.write()
}

fn add(
    update: &mut Update,
    page: ObjectId,
    shown: &PageBox,
    mark: &Annotation,
    author: &str,
) -> Result<(), Error> {
    mark.time.check()?;
    let places = mark.kind.places();
    if places.is_empty() || places.iter().flatten().any(|value| !value.is_finite()) {
        return Err(Error::Place(format!("mark {}", mark.id)));
    }
    let places: Vec<Point> = places.into_iter().map(|[x, y]| shown.point(x, y)).collect();
    let rect = around(&places, mark.kind.margin());
    let look = look::draw(update, &mark.kind, &places, rect, mark.colour)?;
    let mut annotation = dictionary! {
        "Type" => "Annot", "Subtype" => mark.kind.name(), "Rect" => numbers(&rect), "P" => page,
        "NM" => text_string(&mark.id), "T" => text_string(author), "Contents" => text_string(&mark.text),
        "M" => Object::string_literal(mark.time.pdf_date()),
        "CreationDate" => Object::string_literal(mark.time.pdf_date()),
        "C" => numbers(&mark.colour.map(|part| f32::from(part) / 255.0)),
        // Printed.
        "F" => 4,
        "AP" => dictionary! { "N" => look },
    };
    match &mark.kind {
        Kind::Highlight(_) | Kind::Underline(_) | Kind::Strike(_) => {
            annotation.set("QuadPoints", numbers(places.as_flattened()));
        }
        Kind::Note(_) => annotation.set("Name", "Comment"),
        Kind::Ink(strokes) => {
            let mut rest = &places[..];
            let mut list = Vec::new();
            for stroke in strokes {
                let (own, after) = rest.split_at(stroke.len());
                list.push(Object::from(numbers(own.as_flattened())));
                rest = after;
            }
            annotation.set("InkList", list);
        }
    }
    let id = update.reserve();
    if !mark.text.is_empty() {
        let popup = window(update, page, rect, id);
        annotation.set("Popup", popup);
        append(update, &Holder::Object(page), b"Annots", popup)?;
    }
    update.set(id, annotation);
    append(update, &Holder::Object(page), b"Annots", id)
}

/// Where a program shows the text when it is asked to.
fn window(update: &mut Update, page: ObjectId, beside: [f32; 4], parent: ObjectId) -> ObjectId {
    let [_, _, right, top] = beside;
    update.add(dictionary! {
        "Type" => "Annot", "Subtype" => "Popup", "P" => page, "Parent" => parent, "Open" => false,
        "Rect" => numbers(&[right + 8.0, top - 120.0, right + 208.0, top]),
    })
}

/// A line that can be neither changed nor moved.
fn tell(
    update: &mut Update,
    page: ObjectId,
    shown: &PageBox,
    notice: &str,
    font: &Font,
    drawn: &mut BTreeMap<(i64, u32), ObjectId>,
) -> Result<(), Error> {
    let (x, y, height, text_size) = NOTICE;
    let (wide, high) = shown.size();
    // On a small page as much as fits.
    let (x, y, height) = (x.min(wide / 4.0), y.min(high / 4.0), height.min(high / 2.0));
    let width = wide - 2.0 * x;
    let rect = shown.user_space(Rect { x, y, width, height })?;
    let key = (shown.rotation, width.to_bits());
    let look = match drawn.get(&key) {
        Some(look) => *look,
        None => {
            let line = Appearance { lines: vec![font.shown(notice)], text_size, picture: None };
            let look = appearance::draw(update, &line, font, rect, shown.rotation)?;
            drawn.insert(key, look);
            look
        }
    };
    let stamp = update.add(dictionary! {
        "Type" => "Annot", "Subtype" => "Stamp", "Rect" => numbers(&rect), "P" => page,
        "Contents" => text_string(notice), "AP" => dictionary! { "N" => look },
        // Printed, read only, locked.
        "F" => 4 + 64 + 128,
    });
    append(update, &Holder::Object(page), b"Annots", stamp)
}

impl Kind {
    fn name(&self) -> &'static str {
        match self {
            Kind::Highlight(_) => "Highlight",
            Kind::Underline(_) => "Underline",
            Kind::Strike(_) => "StrikeOut",
            Kind::Note(_) => "Text",
            Kind::Ink(_) => "Ink",
        }
    }

    /// Every place of it, on the page as it is shown.
    fn places(&self) -> Vec<Point> {
        match self {
            Kind::Highlight(quads) | Kind::Underline(quads) | Kind::Strike(quads) => quads.concat(),
            Kind::Note([x, y]) => vec![[*x, *y], [x + SIGN, y + SIGN]],
            Kind::Ink(strokes) => strokes.iter().flatten().map(|point| point.at).collect(),
        }
    }

    /// How far its look goes over its places.
    fn margin(&self) -> f32 {
        match self {
            Kind::Highlight(_) | Kind::Note(_) => 0.0,
            Kind::Underline(_) | Kind::Strike(_) => 1.0,
            Kind::Ink(strokes) => {
                strokes.iter().flatten().map(|point| point.width).fold(0.0, f32::max) / 2.0 + 0.5
            }
        }
    }
}

/// `[left, bottom, right, top]` of all these, and so much more.
fn around(places: &[Point], margin: f32) -> [f32; 4] {
    let fold =
        |at: usize, start: f32, by: fn(f32, f32) -> f32| places.iter().map(|place| place[at]).fold(start, by);
    let (left, bottom) = (fold(0, f32::MAX, f32::min), fold(1, f32::MAX, f32::min));
    let (right, top) = (fold(0, f32::MIN, f32::max), fold(1, f32::MIN, f32::max));
    [left - margin, bottom - margin, right + margin, top + margin]
}

fn numbers(values: &[f32]) -> Vec<Object> {
    values.iter().map(|value| Object::Real((value * 100.0).round() / 100.0)).collect()
}

/// A form whose coordinates are those of the page.
fn form(rect: [f32; 4], resources: Dictionary) -> Dictionary {
    dictionary! {
        "Type" => "XObject", "Subtype" => "Form", "BBox" => numbers(&rect), "Resources" => resources,
    }
}
