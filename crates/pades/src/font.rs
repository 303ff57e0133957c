use std::collections::BTreeMap;

use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat, dictionary};
use subsetter::GlyphRemapper;
use ttf_parser::{Face, name_id};
use unicode_normalization::UnicodeNormalization;

use crate::Error;
use crate::update::Update;

/// A TrueType font for visible signatures. Only the glyphs that are used go into the paper.
pub struct Font {
    bytes: Vec<u8>,
    units_per_em: f32,
    /// Above and below the baseline, for a text of one point.
    pub(crate) ascent: f32,
    pub(crate) descent: f32,
}

impl Font {
    /// Takes a TrueType file (with `glyf` outlines) that may be embedded.
    pub fn new(bytes: Vec<u8>) -> Result<Font, Error> {
        let face = Face::parse(&bytes, 0).map_err(|error| Error::Font(error.to_string()))?;
        if face.tables().glyf.is_none() {
            return Err(Error::Font("no TrueType outlines".into()));
        }
        if face.permissions() == Some(ttf_parser::Permissions::Restricted) {
            return Err(Error::Font("it must not be embedded".into()));
        }
        let units_per_em = f32::from(face.units_per_em());
        let (ascent, descent) = (f32::from(face.ascender()), -f32::from(face.descender()));
        Ok(Font { units_per_em, ascent: ascent / units_per_em, descent: descent / units_per_em, bytes })
    }

    /// The text with a question mark for each letter that the font lacks.
    pub(crate) fn shown(&self, text: &str) -> String {
        let face = self.face();
        let lacks = |letter: char| face.glyph_index(letter).is_none();
        text.nfc().map(|letter| if lacks(letter) { '?' } else { letter }).collect()
    }

    fn face(&self) -> Face<'_> {
        Face::parse(&self.bytes, 0).expect("parsed when it was made")
    }
}

/// The text of one appearance, as glyphs of a subset that grows with it.
pub(crate) struct Glyphs<'a> {
    font: &'a Font,
    face: Face<'a>,
    subset: GlyphRemapper,
    /// Subset glyph to the character it stands for.
    characters: BTreeMap<u16, char>,
}

/// One line, ready to be shown.
pub(crate) struct Line {
    glyphs: Vec<u16>,
    /// Of a text of one point.
    pub width: f32,
}

impl Line {
    pub fn shown(&self) -> Object {
        let bytes = self.glyphs.iter().flat_map(|glyph| glyph.to_be_bytes()).collect();
        Object::String(bytes, StringFormat::Hexadecimal)
    }
}

impl<'a> Glyphs<'a> {
    pub fn new(font: &'a Font) -> Self {
        Glyphs { font, face: font.face(), subset: GlyphRemapper::new(), characters: BTreeMap::new() }
    }

    /// Composed letters, one glyph each: enough for Vietnamese, not for scripts that need shaping.
    pub fn line(&mut self, text: &str) -> Result<Line, Error> {
        let mut line = Line { glyphs: Vec::new(), width: 0.0 };
        for character in text.nfc() {
            let glyph = self.face.glyph_index(character).ok_or(Error::GlyphMissing(character))?;
            let own = self.subset.remap(glyph.0);
            self.characters.entry(own).or_insert(character);
            line.glyphs.push(own);
            line.width += f32::from(self.face.glyph_hor_advance(glyph).unwrap_or(0)) / self.font.units_per_em;
        }
        Ok(line)
    }

    /// Writes the subset as a composite font.
    pub fn embed(&self, update: &mut Update) -> Result<ObjectId, Error> {
        let subset = subsetter::subset(&self.font.bytes, 0, &self.subset);
        let subset = subset.map_err(|error| Error::Font(error.to_string()))?;
        let name = self.name();
        let length = subset.len() as i64;
        let file = update.add(compressed(dictionary! { "Length1" => length }, subset)?);
        let descriptor = self.descriptor(&name, file);
        let descriptor = update.add(descriptor);
        let descendant = update.add(dictionary! {
            "Type" => "Font", "Subtype" => "CIDFontType2", "BaseFont" => name.as_str(),
            "CIDSystemInfo" => dictionary! {
                "Registry" => Object::string_literal("Adobe"),
                "Ordering" => Object::string_literal("Identity"),
                "Supplement" => 0,
            },
            "FontDescriptor" => descriptor, "CIDToGIDMap" => "Identity",
            "W" => vec![0.into(), self.widths().into()],
        });
        let to_unicode = update.add(compressed(Dictionary::new(), self.to_unicode().into_bytes())?);
        Ok(update.add(dictionary! {
            "Type" => "Font", "Subtype" => "Type0", "BaseFont" => name.as_str(), "Encoding" => "Identity-H",
            "DescendantFonts" => vec![descendant.into()], "ToUnicode" => to_unicode,
        }))
    }

    fn thousandths(&self, units: i16) -> i64 {
        (f32::from(units) * 1000.0 / self.font.units_per_em).round() as i64
    }

    fn widths(&self) -> Vec<Object> {
        let width = |glyph| self.face.glyph_hor_advance(ttf_parser::GlyphId(glyph)).unwrap_or(0);
        self.subset.remapped_gids().map(|glyph| self.thousandths(width(glyph) as i16).into()).collect()
    }

    fn descriptor(&self, name: &str, file: ObjectId) -> Dictionary {
        let bounds = self.face.global_bounding_box();
        let bounds = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max];
        let cap_height = self.face.capital_height().unwrap_or(self.face.ascender());
        dictionary! {
            "Type" => "FontDescriptor", "FontName" => name, "FontFile2" => file,
            // Symbolic: glyphs are chosen by number, not by name.
            "Flags" => 4,
            "FontBBox" => bounds.map(|value| self.thousandths(value).into()).to_vec(),
            "ItalicAngle" => self.face.italic_angle(),
            "Ascent" => self.thousandths(self.face.ascender()),
            "Descent" => self.thousandths(self.face.descender()),
            "CapHeight" => self.thousandths(cap_height),
            "StemV" => 80,
        }
    }

    /// The font's name behind the six letters that mark a subset, which follow from what is in it.
    fn name(&self) -> String {
        let names = self.face.names().into_iter();
        let own =
            names.filter(|name| name.name_id == name_id::POST_SCRIPT_NAME).find_map(|name| name.to_string());
        let own: String = own.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
        let mut mark = self
            .subset
            .remapped_gids()
            .fold(5381u64, |sum, glyph| sum.wrapping_mul(33).wrapping_add(u64::from(glyph)));
        let mut tag = String::new();
        for _ in 0..6 {
            tag.push(char::from(b'A' + (mark % 26) as u8));
            mark /= 26;
        }
        format!("{tag}+{}", if own.is_empty() { "Font" } else { &own })
    }

    fn to_unicode(&self) -> String {
        let mut map = String::from(
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
             /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
             /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
             1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
        );
        let pairs: Vec<_> = self.characters.iter().collect();
        // A block holds a hundred at most.
        for block in pairs.chunks(100) {
            map += &format!("{} beginbfchar\n", block.len());
            for (glyph, character) in block {
                let units: String =
                    character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("{unit:04X}")).collect();
                map += &format!("<{glyph:04X}> <{units}>\n");
            }
            map += "endbfchar\n";
        }
        map + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    }
}

pub(crate) fn compressed(dictionary: Dictionary, content: Vec<u8>) -> Result<Stream, Error> {
    let mut stream = Stream::new(dictionary, content);
    stream.compress()?;
    Ok(stream)
}
