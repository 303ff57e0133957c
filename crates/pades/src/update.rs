use std::collections::BTreeMap;
use std::io::Write;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, Writer};
use sha2::{Digest, Sha256};

use crate::Error;

/// An incremental update: the objects that are new or changed, to be written after the original's last byte.
pub(crate) struct Update<'a> {
    original: &'a [u8],
    document: &'a Document,
    objects: BTreeMap<ObjectId, Object>,
    next: u32,
}

/// An update as bytes, with the hole for the signature in it. Positions count from the original's first byte.
pub(crate) struct Written {
    pub update: Vec<u8>,
    /// Position of the `<` of the hexadecimal `/Contents`.
    pub hole: usize,
    /// SHA-256 over the whole file without the hole.
    pub digest: [u8; 32],
}

impl<'a> Update<'a> {
    pub fn new(original: &'a [u8], document: &'a Document) -> Result<Self, Error> {
        let size = document.trailer.get(b"Size").and_then(Object::as_i64).unwrap_or(0);
        let size = u32::try_from(size).map_err(|_| Error::Damaged("/Size".into()))?;
        // Room for the objects of an update below the largest number that readers take.
        let next = size.max(document.max_id.saturating_add(1));
        if next > 8_000_000 {
            return Err(Error::Damaged("object numbers".into()));
        }
        Ok(Update { original, document, objects: BTreeMap::new(), next })
    }

    pub fn document(&self) -> &'a Document {
        self.document
    }

    /// A number for an object that is set later.
    pub fn reserve(&mut self) -> ObjectId {
        self.next += 1;
        (self.next - 1, 0)
    }

    pub fn set(&mut self, id: ObjectId, object: impl Into<Object>) {
        self.objects.insert(id, object.into());
    }

    pub fn add(&mut self, object: impl Into<Object>) -> ObjectId {
        let id = self.reserve();
        self.set(id, object);
        id
    }

    /// The dictionary as this update has it, or the original's.
    pub fn dictionary(&self, id: ObjectId) -> Result<&Dictionary, Error> {
        let object = self.objects.get(&id).or_else(|| self.document.objects.get(&id));
        Ok(object.ok_or_else(|| missing(id))?.as_dict()?)
    }

    /// The object to change: as this update has it, or a copy of the original's.
    pub fn object_mut(&mut self, id: ObjectId) -> Result<&mut Object, Error> {
        if !self.objects.contains_key(&id) {
            let object = self.document.objects.get(&id);
            let object = object.ok_or_else(|| missing(id))?;
            self.objects.insert(id, object.clone());
        }
        Ok(self.objects.get_mut(&id).expect("inserted above"))
    }

    pub fn dictionary_mut(&mut self, id: ObjectId) -> Result<&mut Dictionary, Error> {
        Ok(self.object_mut(id)?.as_dict_mut()?)
    }

    /// The update's bytes, without a signature.
    pub fn write(mut self) -> Result<Vec<u8>, Error> {
        let mut out = self.begin()?;
        self.cross_references(&mut out)?;
        Ok(out.bytes)
    }

    /// Writes the update. The signature dictionary `signature` gets `/ByteRange` and a `/Contents` of `reserved`
    /// zero bytes.
    pub fn write_to_sign(mut self, signature: ObjectId, reserved: usize) -> Result<Written, Error> {
        let mut unsigned = self.objects.remove(&signature).expect("set before writing");
        let mut out = self.begin()?;
        let (range, hole) = out.signature(signature, unsigned.as_dict_mut()?, reserved)?;
        self.cross_references(&mut out)?;

        let end = hole + 2 + 2 * reserved;
        let file_length = out.start + out.bytes.len();
        let entry = format!("0 {hole:010} {end:010} {:010}", file_length - end);
        out.bytes[range..range + entry.len()].copy_from_slice(entry.as_bytes());

        let mut digest = Sha256::new();
        digest.update(self.original);
        digest.update(&out.bytes[..hole - out.start]);
        digest.update(&out.bytes[end - out.start..]);
        Ok(Written { update: out.bytes, hole, digest: digest.finalize().into() })
    }

    /// All objects, behind the original.
    fn begin(&self) -> Result<Output, Error> {
        let mut out = Output { start: self.original.len(), bytes: Vec::new(), offsets: BTreeMap::new() };
        if self.original.last() != Some(&b'\n') {
            out.bytes.push(b'\n');
        }
        for (&id, object) in &self.objects {
            out.object(id, object)?;
        }
        Ok(out)
    }

    /// The kind of the newest section is kept: a reader of one kind need not read the other.
    fn cross_references(&mut self, out: &mut Output) -> Result<(), Error> {
        let previous = self.document.xref_start;
        let table = self.original[previous..].trim_ascii_start().starts_with(b"xref");
        let mut trailer = Dictionary::new();
        for key in [&b"Root"[..], b"Info", b"ID"] {
            if let Ok(value) = self.document.trailer.get(key) {
                trailer.set(key, value.clone());
            }
        }
        // The second identifier names the revision; taken from its content, since there is no randomness here.
        if let Ok(Object::Array(id)) = trailer.get_mut(b"ID")
            && let [_, second] = &mut id[..]
        {
            let revision = Sha256::new().chain_update(self.original).chain_update(&out.bytes).finalize();
            *second = Object::String(revision[..16].to_vec(), StringFormat::Hexadecimal);
        }
        trailer.set("Prev", previous as i64);
        let at = out.position();
        if table {
            trailer.set("Size", i64::from(self.next));
            out.table()?;
            out.bytes.extend(b"trailer\n");
            Writer::write_object(&mut out.bytes, &trailer.into()).expect("writing to memory");
        } else {
            let id = self.reserve();
            trailer.set("Size", i64::from(self.next));
            out.offsets.insert(id, at);
            let stream = out.stream(trailer);
            out.object(id, &stream.into())?;
        }
        write!(out.bytes, "\nstartxref\n{at}\n%%EOF\n").expect("writing to memory");
        Ok(())
    }
}

fn missing(id: ObjectId) -> Error {
    Error::Damaged(format!("object {} is missing", id.0))
}

struct Output {
    /// Length of the original.
    start: usize,
    bytes: Vec<u8>,
    offsets: BTreeMap<ObjectId, usize>,
}

impl Output {
    fn position(&self) -> usize {
        self.start + self.bytes.len()
    }

    fn object(&mut self, id: ObjectId, object: &Object) -> Result<(), Error> {
        self.offsets.insert(id, self.position());
        writeln!(self.bytes, "{} {} obj", id.0, id.1).expect("writing to memory");
        Writer::write_object(&mut self.bytes, object).expect("writing to memory");
        self.bytes.extend(b"\nendobj\n");
        Ok(())
    }

    /// Returns the index of the `/ByteRange` digits in this update and the position of the hole in the file.
    fn signature(
        &mut self,
        id: ObjectId,
        unsigned: &Dictionary,
        reserved: usize,
    ) -> Result<(usize, usize), Error> {
        self.object(id, &Object::Dictionary(unsigned.clone()))?;
        self.bytes.truncate(self.bytes.len() - b">>\nendobj\n".len());
        self.bytes.extend(b"/ByteRange [");
        let range = self.bytes.len();
        self.bytes.extend([b' '; 2 + 3 * 10 + 2]);
        self.bytes.extend(b"]/Contents ");
        let hole = self.position();
        self.bytes.push(b'<');
        self.bytes.resize(self.bytes.len() + 2 * reserved, b'0');
        self.bytes.extend(b">>>\nendobj\n");
        Ok((range, hole))
    }

    fn table(&mut self) -> Result<(), Error> {
        self.bytes.extend(b"xref\n");
        for section in self.sections() {
            writeln!(self.bytes, "{} {}", section[0].0.0, section.len()).expect("writing to memory");
            for ((_, generation), offset) in section {
                // Twenty bytes each, by the standard.
                write!(self.bytes, "{offset:010} {generation:05} n\r\n").expect("writing to memory");
            }
        }
        if self.position() > 9_999_999_999 { Err(Error::TooLarge) } else { Ok(()) }
    }

    fn stream(&self, mut trailer: Dictionary) -> Stream {
        let (mut index, mut entries) = (Vec::new(), Vec::new());
        for section in self.sections() {
            index.extend([Object::from(i64::from(section[0].0.0)), Object::from(section.len() as i64)]);
            for ((_, generation), offset) in section {
                entries.push(1);
                entries.extend((offset as u64).to_be_bytes());
                entries.extend(generation.to_be_bytes());
            }
        }
        trailer.set("Type", "XRef");
        trailer.set("W", vec![1.into(), 8.into(), 2.into()]);
        trailer.set("Index", index);
        Stream::new(trailer, entries)
    }

    /// Runs of consecutive object numbers.
    fn sections(&self) -> Vec<Vec<(ObjectId, usize)>> {
        let mut sections: Vec<Vec<(ObjectId, usize)>> = Vec::new();
        for (&id, &offset) in &self.offsets {
            match sections.last_mut() {
                Some(section) if section[section.len() - 1].0.0 + 1 == id.0 => section.push((id, offset)),
                _ => sections.push(vec![(id, offset)]),
            }
        }
        sections
    }
}
