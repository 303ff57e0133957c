//! A stored ZIP, read more strictly than ZIP asks for (rule 17): files from the first byte on, the directory right behind
//! them, its end right behind that, and nothing else. Whoever reads by the directory and whoever reads from the start
//! see the same files.

use std::collections::BTreeMap;
use std::ops::Range;

const FILE: [u8; 4] = *b"PK\x03\x04";
const ENTRY: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";

/// What keeps a ZIP from being read.
pub(super) type Flaw = &'static str;

/// What a file's own header and its directory entry both say: 26 bytes, from the version needed to the length of the
/// extra field.
type Said = [u8; 26];

struct File<'a> {
    said: Said,
    name: &'a [u8],
    at: usize,
}

/// Where each file's bytes lie, by its name as it stands there.
pub(super) fn read(bytes: &[u8]) -> Result<BTreeMap<Vec<u8>, Range<usize>>, Flaw> {
    let mut reader = Reader { bytes, at: 0 };
    let (mut files, mut found) = (Vec::new(), BTreeMap::new());
    while reader.take_if(&FILE) {
        let (file, content) = reader.file()?;
        if found.insert(file.name.to_vec(), content).is_some() {
            return Err("a name is there twice");
        }
        files.push(file);
    }
    let directory = reader.at;
    for file in &files {
        reader.entry(file)?;
    }
    let size = reader.at - directory;
    reader.end(files.len(), size, directory)?;
    if reader.at != bytes.len() { Err("bytes behind its end") } else { Ok(found) }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take_if(&mut self, signature: &[u8]) -> bool {
        let is = self.bytes[self.at..].starts_with(signature);
        self.at += if is { signature.len() } else { 0 };
        is
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], Flaw> {
        let taken = self.bytes[self.at..].get(..len).ok_or("it ends early")?;
        self.at += len;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Flaw> {
        Ok(self.take(N)?.try_into().expect("as long"))
    }

    fn u16(&mut self) -> Result<usize, Flaw> {
        Ok(u16::from_le_bytes(self.array()?).into())
    }

    fn u32(&mut self) -> Result<usize, Flaw> {
        Ok(u32::from_le_bytes(self.array()?) as usize)
    }

    fn file(&mut self) -> Result<(File<'a>, Range<usize>), Flaw> {
        let at = self.at - FILE.len();
        let said: Said = self.array()?;
        let mut fields = Reader { bytes: &said, at: 2 };
        let (flags, method) = (fields.u16()?, fields.u16()?);
        fields.take(4)?; // time and date
        let (crc, stored, size) = (fields.u32()?, fields.u32()?, fields.u32()?);
        let (name, extra) = (fields.u16()?, fields.u16()?);
        if method != 0 || stored != size {
            return Err("a file is compressed");
        }
        // Bit 11 says only that the name is UTF-8.
        if flags & !(1 << 11) != 0 || extra != 0 {
            return Err("a file is encrypted, streamed or has an extra field");
        }
        let name = self.take(name)?;
        let from = self.at;
        if crc32fast::hash(self.take(size)?) as usize != crc {
            return Err("a file is damaged");
        }
        Ok((File { said, name, at }, from..self.at))
    }

    fn entry(&mut self, file: &File) -> Result<(), Flaw> {
        let signed = self.take_if(&ENTRY);
        self.take(2)?; // made by
        let same = self.array::<26>()? == file.said;
        let (comment, disk) = (self.u16()?, self.u16()?);
        self.take(6)?; // attributes
        let at = self.u32()?;
        let same = same && self.take(file.name.len())? == file.name && at == file.at;
        if signed && same && comment == 0 && disk == 0 {
            Ok(())
        } else {
            Err("its directory is of other files")
        }
    }

    fn end(&mut self, files: usize, size: usize, directory: usize) -> Result<(), Flaw> {
        let signed = self.take_if(&END);
        let disks = (self.u16()?, self.u16()?) == (0, 0);
        let counts = (self.u16()?, self.u16()?) == (files, files);
        let place = (self.u32()?, self.u32()?) == (size, directory);
        let comment = self.u16()? != 0;
        if signed && disks && counts && place && !comment {
            Ok(())
        } else {
            Err("its end is of another directory")
        }
    }
}
