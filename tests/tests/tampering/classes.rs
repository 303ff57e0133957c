//! The tamperings without keys, by number.

use crate::container::Files;
use crate::dice::Dice;
use crate::expect::Expect;
use crate::original::Original;
use crate::sequence::{Seal, Sequence};
use crate::{beside, container, record, statement};
use ecabinet_record::export::{Export, Unreadable};
use std::path::Path;

/// An export to tamper with, and one of another body.
pub struct Case<'a> {
    pub original: &'a Original,
    pub other: &'a Original,
}

pub struct Tampering {
    /// Where and how, for people.
    pub how: String,
    pub given: Given,
    pub expect: Expect,
}

/// The form in which it is given to a verifier.
pub enum Given {
    Export(Export),
    Zip(Vec<u8>),
    Folder(Files),
}

/// None if chance found nothing to change.
pub type Make = fn(&Case<'_>, &mut Dice) -> Option<Tampering>;

const STATEMENTS: [(&str, Make); 16] = [
    ("a header's bit", statement::header_damaged),
    ("a header's value", statement::header_edited),
    ("a header's form", statement::header_respaced),
    ("a signature's bit", statement::signature_damaged),
    ("a signature's number", statement::signature_other_number),
    ("the signature of another entry", statement::signature_of_another),
    ("a signature of zeros", statement::signature_of_zeros),
    ("signed by a stranger", statement::signed_by_stranger),
    ("said by a stranger", statement::said_by_stranger),
    ("an enrolment forged", statement::enrolment_forged),
    ("a genesis forged", statement::genesis_forged),
    ("a leaf's form", statement::leaf_malformed),
    ("signed for another body", statement::of_another_body),
    ("an entry of another record", statement::from_another_record),
    ("said anew by its author", statement::said_anew_by_its_author),
    ("another body's record", beside::another_body),
];

const BESIDE: [(&str, Make); 13] = [
    ("a payload's byte", beside::payload_damaged),
    ("a payload's salt", beside::salt_damaged),
    ("a payload's value", beside::payload_edited),
    ("the payload of another entry", beside::payload_of_another),
    ("a payload too many", beside::payload_too_many),
    ("a claim's value", beside::claim_edited),
    ("two claims exchanged", beside::claims_exchanged),
    ("a claim invented", beside::claim_invented),
    ("the claims' form", beside::claims_malformed),
    ("a checkpoint's bit", beside::checkpoint_damaged),
    ("a checkpoint's value", beside::checkpoint_edited),
    ("a checkpoint forged", beside::checkpoint_forged),
    ("a checkpoint of another size", beside::checkpoint_of_another_size),
];

const CONTAINERS: [(&str, Make); 8] = [
    ("a ZIP's field", container::zip_field),
    ("bytes in a ZIP", container::zip_bytes),
    ("a ZIP cut", container::zip_cut),
    ("names in a ZIP", container::zip_names),
    ("a ZIP that lacks a file", container::zip_lacks),
    ("a file hidden in a ZIP", container::zip_hidden),
    ("a folder's files", container::folder),
    ("lengths", container::lengths),
];

/// How many classes there are.
pub fn classes() -> usize {
    record::EDITS.len() + STATEMENTS.len() + BESIDE.len() + CONTAINERS.len()
}

/// Name of a class, and one tampering of it; none if it finds nothing to do in this export.
pub fn make(class: usize, case: &Case<'_>, dice: &mut Dice) -> (&'static str, Option<Tampering>) {
    if let Some((name, edit)) = record::EDITS.get(class) {
        let seal = if dice.flip() { Seal::Kept } else { Seal::Stranger };
        let mut sequence = Sequence::of(case.original);
        let how = edit(&mut sequence, dice).filter(|_| sequence.first_change().is_some());
        let made = how.map(|how| {
            let (expect, _) = sequence.expect(seal);
            Tampering::of(format!("{how}; checkpoint: {seal:?}"), sequence.export(seal), expect)
        });
        return (name, made);
    }
    let lists = [&STATEMENTS[..], &BESIDE, &CONTAINERS];
    let mut rest = lists.into_iter().flatten().skip(class - record::EDITS.len());
    let (name, make) = rest.next().expect("a class");
    (name, make(case, dice))
}

impl Tampering {
    pub fn of(how: String, export: Export, expect: Expect) -> Tampering {
        Tampering { how, given: Given::Export(export), expect }
    }
}

impl Given {
    /// Reads it as the program does.
    pub fn read(&self) -> Result<Export, Unreadable> {
        match self {
            Given::Export(export) => Ok(export.clone()),
            Given::Zip(bytes) => Export::read_zip(bytes.clone()),
            Given::Folder(_) => {
                let dir = tempfile::tempdir().expect("a folder");
                let path = dir.path().join("export");
                self.write(&path);
                Export::read(&path)
            }
        }
    }

    /// Writes what a program is given.
    pub fn write(&self, path: &Path) {
        match self {
            Given::Export(export) => export.write(path).expect("written"),
            Given::Zip(bytes) => std::fs::write(path, bytes).expect("written"),
            Given::Folder(files) => {
                for (name, content) in files {
                    let file = path.join(String::from_utf8_lossy(name).as_ref());
                    std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
                    std::fs::write(file, content).expect("written");
                }
            }
        }
    }
}
