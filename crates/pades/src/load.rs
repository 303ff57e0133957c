use std::io::Write;

use lopdf::xref::XrefEntry;
use lopdf::{Dictionary, Document, LoadOptions, Object, Writer};

use crate::Error;

/// Loads a PDF that can be extended: whole, not encrypted, its cross-references as written.
pub(crate) fn open(pdf: &[u8]) -> Result<Document, Error> {
    // Positions in the file and in its cross-references must mean the same.
    if !pdf.starts_with(b"%PDF-") {
        return Err(Error::Damaged("no header at the first byte".into()));
    }
    let document = load(pdf)?;
    let stray = stray_entries(pdf, &document);
    if stray.is_empty() { Ok(document) } else { without(pdf, document, &stray) }
}

fn load(pdf: &[u8]) -> Result<Document, Error> {
    let options = LoadOptions::with_max_decompressed_size(64 << 20);
    let document = match Document::load_mem_with_options(pdf, options) {
        Err(_) if names_encryption(pdf) => return Err(Error::Encrypted),
        document => document?,
    };
    if document.is_encrypted() || document.was_encrypted() {
        return Err(Error::Encrypted);
    }
    if document.xref_recovery.is_some() || document.xref_start == 0 || document.xref_start >= pdf.len() {
        return Err(Error::Damaged("its cross-references had to be repaired".into()));
    }
    Ok(document)
}

/// A file that needs a password may not load at all; its trailer says why.
fn names_encryption(pdf: &[u8]) -> bool {
    pdf.windows(9).any(|window| window == b"/Encrypt " || window == b"/Encrypt\n")
}

/// Entries that point at another object than their own, as Word writes them (position 0). The loader takes such an
/// object under the number it finds there, and so an old revision in the place of a new one.
fn stray_entries(pdf: &[u8], document: &Document) -> Vec<u32> {
    let entries = document.reference_table.entries.iter();
    let stray =
        |number: u32, offset: u32| number_at(pdf, offset as usize).is_some_and(|found| found != number);
    let strays = entries.filter_map(|(&number, entry)| match entry {
        XrefEntry::Normal { offset, .. } if stray(number, *offset) => Some(number),
        _ => None,
    });
    strays.collect()
}

/// The number of the object that begins here, after blanks and comments.
fn number_at(pdf: &[u8], offset: usize) -> Option<u32> {
    let mut rest = pdf.get(offset..)?;
    loop {
        rest = rest.trim_ascii_start();
        match rest.strip_prefix(b"%") {
            Some(comment) => {
                let end = comment.iter().position(|byte| matches!(byte, b'\r' | b'\n'))?;
                rest = &comment[end..];
            }
            None => break,
        }
    }
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()
}

/// Loads again, these entries declared free by a further section that only this copy has.
fn without(pdf: &[u8], document: Document, strays: &[u32]) -> Result<Document, Error> {
    let mut trailer = Dictionary::new();
    for key in [&b"Root"[..], b"Info", b"ID", b"Size"] {
        if let Ok(value) = document.trailer.get(key) {
            trailer.set(key, value.clone());
        }
    }
    trailer.set("Prev", document.xref_start as i64);
    let mut copy = pdf.to_vec();
    copy.push(b'\n');
    let at = copy.len();
    copy.extend(b"xref\n");
    for number in strays {
        write!(copy, "{number} 1\n0000000000 65535 f\r\n").expect("writing to memory");
    }
    copy.extend(b"trailer\n");
    Writer::write_object(&mut copy, &Object::Dictionary(trailer)).expect("writing to memory");
    write!(copy, "\nstartxref\n{at}\n%%EOF\n").expect("writing to memory");

    let xref_start = document.xref_start;
    let mut document = load(&copy)?;
    document.xref_start = xref_start;
    Ok(document)
}
