//! The files that an export consists of, in a folder or in a ZIP.

use crate::archive::{Archive, ENTRY, FILE};
use crate::classes::{Case, Given, Tampering};
use crate::dice::Dice;
use crate::expect::Expect;

pub type Files = Vec<(Vec<u8>, Vec<u8>)>;

pub fn files(export: &ecabinet_record::export::Export) -> Files {
    export.files().into_iter().map(|(name, content)| (name.as_bytes().to_vec(), content)).collect()
}

fn zipped(archive: Archive, codes: &[&'static str], how: &str) -> Tampering {
    Tampering { how: how.into(), given: Given::Zip(archive.bytes), expect: Expect::export(codes) }
}

const MALFORMED: &[&str] = &["export.malformed"];

/// One field of a ZIP that is another: two readers may see two files.
pub fn zip_field(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let mut zip = Archive::of(&files(&case.original.export), None);
    let at = dice.below(zip.files.len());
    let (file, entry) = (zip.files[at], zip.entries[at]);
    let (how, place) = match dice.below(18) {
        0 => ("a file is said to be compressed", file + 8),
        1 => ("a file is said to be encrypted", file + 6),
        2 => ("a file's sum", file + 14),
        3 => ("a file's packed length", file + 18),
        4 => ("a file's length", file + 22),
        5 => ("a name's length", file + 26),
        6 => ("an extra field's length", file + 28),
        7 => ("the directory says compressed", entry + 10),
        8 => ("the directory's sum", entry + 16),
        9 => ("the directory's length", entry + 20),
        10 => ("the directory's name", entry + ENTRY),
        11 => ("a comment's length", entry + 32),
        12 => ("a disk", entry + 34),
        13 => ("where a file begins", entry + 42),
        14 => ("how many files", zip.end + 8),
        15 => ("the directory's whole length", zip.end + 12),
        16 => ("where the directory begins", zip.end + 16),
        _ => ("the comment's length", zip.end + 20),
    };
    zip.bytes[place] ^= 1 << dice.below(if how == "a file is said to be encrypted" { 1 } else { 8 });
    Some(zipped(zip, MALFORMED, how))
}

/// Bytes where none belong.
pub fn zip_bytes(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let mut zip = Archive::of(&files(&case.original.export), None);
    let (how, at) = match dice.below(4) {
        0 => ("before the first file", 0),
        1 => ("before the directory", zip.directory),
        2 => ("before the end", zip.end),
        _ => ("behind the end", zip.bytes.len()),
    };
    let more: Vec<u8> = match dice.below(3) {
        // A whole end that belongs to another directory.
        0 => zip.bytes[zip.end..].to_vec(),
        1 => vec![0; 1 + dice.below(64)],
        _ => (0..1 + dice.below(64)).map(|_| dice.next() as u8).collect(),
    };
    zip.bytes.splice(at..at, more);
    Some(zipped(zip, MALFORMED, how))
}

pub fn zip_cut(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let mut zip = Archive::of(&files(&case.original.export), None);
    zip.bytes.truncate(dice.below(zip.bytes.len()));
    Some(zipped(zip, MALFORMED, "cut"))
}

/// A name that is there twice with two contents, or that leads elsewhere.
pub fn zip_names(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let mut files = files(&case.original.export);
    let at = dice.below(files.len());
    let content = files[at].1.clone();
    let name = files[at].0.clone();
    let under = |before: &str| [before.as_bytes(), &name].concat();
    let (how, name, code) = match dice.below(8) {
        0 => ("twice", name.clone(), "export.malformed"),
        1 => ("above", under("../"), "export.unknown_file"),
        2 => ("of the machine", under("/"), "export.unknown_file"),
        3 => ("with a dot", under("./"), "export.unknown_file"),
        4 => ("in another letter case", name.to_ascii_uppercase(), "export.unknown_file"),
        5 => ("with a zero behind", [&name[..], b"\0"].concat(), "export.unknown_file"),
        6 => ("a blob of no name", b"blobs/".to_vec(), "export.unknown_file"),
        _ => ("a blob that is not its name", format!("blobs/{}", "00".repeat(32)).into(), "export.malformed"),
    };
    if how == "in another letter case" && name == files[at].0 {
        return None;
    }
    let place = dice.below(files.len() + 1);
    files.insert(place, (name, content));
    Some(zipped(Archive::of(&files, None), &[code], how))
}

pub fn zip_lacks(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let mut files = files(&case.original.export);
    let (name, _) = files.remove(dice.below(files.len()));
    let how = format!("without {}", String::from_utf8_lossy(&name));
    Some(zipped(Archive::of(&files, None), &["export.io"], &how))
}

/// A file that the directory does not name, or names for another.
pub fn zip_hidden(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let plain = Archive::of(&files(&case.original.export), None);
    let mut zip = plain.clone();
    let how = match dice.below(3) {
        0 => {
            // Its place in the directory is gone, the count is right.
            let at = dice.below(zip.entries.len());
            let until = zip.entries.get(at + 1).copied().unwrap_or(zip.end);
            zip.bytes.drain(zip.entries[at]..until);
            let removed = (until - zip.entries[at]) as u32;
            let end = zip.end - removed as usize;
            let count = (zip.files.len() as u16 - 1).to_le_bytes();
            zip.bytes[end + 8..end + 10].copy_from_slice(&count);
            zip.bytes[end + 10..end + 12].copy_from_slice(&count);
            let len = (zip.end - zip.directory) as u32 - removed;
            zip.bytes[end + 12..end + 16].copy_from_slice(&len.to_le_bytes());
            "a file that the directory does not name"
        }
        1 => {
            let (one, other) = (zip.entries[0] + 42, zip.entries[1 + dice.below(zip.entries.len() - 1)] + 42);
            for byte in 0..4 {
                zip.bytes.swap(one + byte, other + byte);
            }
            "two places exchanged in the directory"
        }
        _ => {
            // The names of two files of one length, in the directory only.
            let name = plain.files[dice.below(plain.files.len())] + FILE;
            zip.bytes[name] ^= 0x20;
            "a name in the file only"
        }
    };
    Some(zipped(zip, MALFORMED, how))
}

fn in_folder(files: Files, codes: &[&'static str], how: &str) -> Tampering {
    Tampering { how: how.into(), given: Given::Folder(files), expect: Expect::export(codes) }
}

pub fn folder(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let mut files = files(&case.original.export);
    let at = dice.below(files.len());
    let named = String::from_utf8_lossy(&files[at].0).into_owned();
    let (how, codes): (String, &[&'static str]) = match dice.below(6) {
        0 => {
            files.remove(at);
            (format!("without {named}"), &["export.io"])
        }
        1 => {
            files.push((b"notes.txt".to_vec(), b"x".to_vec()));
            ("a file more".into(), &["export.unknown_file"])
        }
        2 => {
            files[0].1 = b"ecabinet-export 2\n".to_vec();
            ("another format".into(), MALFORMED)
        }
        3 => {
            files.push((format!("blobs/{}", "0a".repeat(32)).into(), b"x".to_vec()));
            ("a blob that is not its name".into(), MALFORMED)
        }
        4 => {
            files[1].1.extend([0, 0]);
            ("entries with a rest".into(), MALFORMED)
        }
        _ => {
            files[3].1 = vec![0xff, 0xfe];
            ("a checkpoint that is no text".into(), MALFORMED)
        }
    };
    Some(in_folder(files, codes, &how))
}

/// Entries or payloads whose lengths run into one another.
pub fn lengths(case: &Case<'_>, dice: &mut Dice) -> Option<Tampering> {
    let mut files = files(&case.original.export);
    let export = &case.original.export;
    let (how, codes): (&str, &[&'static str]) = match dice.below(4) {
        0 => {
            let cut = dice.below(4) + 1;
            let len = files[1].1.len();
            files[1].1.truncate(len - cut);
            ("entries cut", MALFORMED)
        }
        1 => {
            let len = files[2].1.len();
            files[2].1.truncate(len - 1 - dice.below(20));
            ("payloads cut", MALFORMED)
        }
        2 => {
            files[1].1[dice.below(2)] ^= 1 << dice.below(8);
            ("the first entry's length", MALFORMED)
        }
        _ => {
            // Out of order, or one twice.
            let last = export.payloads.len() - 1;
            let blocks: Vec<Vec<u8>> = export
                .payloads
                .iter()
                .map(|(index, payload)| {
                    let len = (payload.bytes.len() as u32).to_be_bytes();
                    [&index.to_be_bytes()[..], &payload.salt, &len, &payload.bytes].concat()
                })
                .collect();
            let at = dice.below(last);
            let mut blocks = blocks;
            if dice.flip() {
                blocks.swap(at, at + 1);
            } else {
                blocks.insert(at + 1, blocks[at].clone());
            }
            files[2].1 = blocks.concat();
            ("payloads out of order", MALFORMED)
        }
    };
    let given = if dice.flip() { Given::Folder(files) } else { Given::Zip(Archive::of(&files, None).bytes) };
    Some(Tampering { how: how.into(), given, expect: Expect::export(codes) })
}
