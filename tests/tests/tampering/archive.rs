//! A ZIP as rule 17 wants it, with the places in it known: to be packed otherwise, and to be tampered with.

use crate::dice::Dice;

#[derive(Clone)]
pub struct Archive {
    pub bytes: Vec<u8>,
    /// Where each file begins, and its entry in the directory.
    pub files: Vec<usize>,
    pub entries: Vec<usize>,
    pub directory: usize,
    pub end: usize,
}

/// Length of what stands before a file's name, and of a directory's entry before its name.
pub const FILE: usize = 30;
pub const ENTRY: usize = 46;

impl Archive {
    /// `any`: what rule 17 leaves free is thrown, otherwise it is zero.
    pub fn of(files: &[(Vec<u8>, Vec<u8>)], mut any: Option<&mut Dice>) -> Archive {
        let mut free = |len: usize| -> Vec<u8> {
            (0..len).map(|_| any.as_mut().map_or(0, |dice| dice.next() as u8)).collect()
        };
        let (mut bytes, mut at, mut directory, mut entries) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (name, content) in files {
            let flags: [u8; 2] = if free(1)[0] & 1 == 1 { [0, 8] } else { [0, 0] };
            let len = (content.len() as u32).to_le_bytes();
            let said = [
                &free(2)[..],
                &flags,
                &[0, 0],
                &free(4),
                &crc32(content).to_le_bytes(),
                &len,
                &len,
                &(name.len() as u16).to_le_bytes(),
                &[0, 0],
            ]
            .concat();
            at.push(bytes.len());
            entries.push(directory.len());
            let place = (bytes.len() as u32).to_le_bytes();
            bytes.extend([&b"PK\x03\x04"[..], &said, name, content].concat());
            directory.extend([&b"PK\x01\x02"[..], &free(2), &said, &[0; 4], &free(6), &place, name].concat());
        }
        let begin = bytes.len();
        let count = (files.len() as u16).to_le_bytes();
        let (len, place) = ((directory.len() as u32).to_le_bytes(), (begin as u32).to_le_bytes());
        let end = begin + directory.len();
        bytes.extend(directory);
        bytes.extend([&b"PK\x05\x06"[..], &[0; 4], &count, &count, &len, &place, &[0; 2]].concat());
        let entries = entries.into_iter().map(|entry| begin + entry).collect();
        Archive { bytes, files: at, entries, directory: begin, end }
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}
