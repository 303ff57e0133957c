//! An export (rule 17): a folder, or a stored ZIP of it, that anyone can verify without us.

mod source;
mod zip;

use crate::Payload;
use ecabinet_domain::{Hash, MAX_PAYLOAD};
use source::Source;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

pub const FORMAT: &str = "ecabinet-export 1\n";

/// Files that each export has.
const FILES: [&str; 5] = ["FORMAT", "entries", "payloads", "checkpoint", "results.json"];

/// What an export holds, nothing of it believed.
#[derive(Debug, Clone, Default)]
pub struct Export {
    /// Leaves in order.
    pub entries: Vec<Vec<u8>>,
    /// By position.
    pub payloads: BTreeMap<u64, Payload>,
    /// The signed note.
    pub checkpoint: String,
    /// `results.json`: claims, to be recomputed.
    pub results: Vec<u8>,
    /// SHA-256 of each file under `blobs/` that does carry its name.
    pub blobs: Vec<Hash>,
}

/// Why an export cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("{0}: {1}")]
    Io(String, io::Error),
    /// A file that the format does not know.
    #[error("unknown file {0}")]
    UnknownFile(String),
    #[error("{0} is malformed")]
    Malformed(String),
}

impl Unreadable {
    pub fn code(&self) -> &'static str {
        match self {
            Unreadable::Io(..) => "export.io",
            Unreadable::UnknownFile(_) => "export.unknown_file",
            Unreadable::Malformed(_) => "export.malformed",
        }
    }
}

impl Export {
    /// Reads a folder, or a ZIP if it is a file.
    pub fn read(path: &Path) -> Result<Export, Unreadable> {
        Export::of(&Source::open(path)?)
    }

    /// Reads a ZIP's bytes.
    pub fn read_zip(bytes: Vec<u8>) -> Result<Export, Unreadable> {
        Export::of(&Source::zip(bytes)?)
    }

    fn of(source: &Source) -> Result<Export, Unreadable> {
        let mut export = Export::default();
        let malformed = |name: &str| Unreadable::Malformed(name.to_owned());
        if source.file("FORMAT")? != FORMAT.as_bytes() {
            return Err(malformed("FORMAT"));
        }
        export.entries = read_entries(&source.file("entries")?).ok_or(malformed("entries"))?;
        export.payloads = read_payloads(&source.file("payloads")?).ok_or(malformed("payloads"))?;
        export.checkpoint =
            String::from_utf8(source.file("checkpoint")?).map_err(|_| malformed("checkpoint"))?;
        export.results = source.file("results.json")?;
        for name in source.blobs()? {
            let path = format!("blobs/{name}");
            let named: Option<Hash> = name.parse().ok();
            let is = crate::hash::sha256(&source.file(&path)?);
            let named = named.filter(|named| *named == is);
            export.blobs.push(named.ok_or(malformed(&path))?);
        }
        Ok(export)
    }

    /// The files by name. `blobs` are the caller's.
    pub fn files(&self) -> [(&'static str, Vec<u8>); FILES.len()] {
        [
            ("FORMAT", FORMAT.into()),
            ("entries", write_entries(&self.entries)),
            ("payloads", write_payloads(&self.payloads)),
            ("checkpoint", self.checkpoint.clone().into()),
            ("results.json", self.results.clone()),
        ]
    }

    /// Writes the folder, which must not exist yet, without `blobs`.
    pub fn write(&self, dir: &Path) -> io::Result<()> {
        fs::create_dir(dir)?;
        self.files().iter().try_for_each(|(name, content)| fs::write(dir.join(name), content))
    }
}

fn read_entries(mut bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        entries.push(block(&mut bytes)?.to_vec());
    }
    Some(entries)
}

fn write_entries(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut out = Vec::new();
    for entry in entries {
        out.extend((entry.len() as u32).to_be_bytes());
        out.extend(entry);
    }
    out
}

fn read_payloads(mut bytes: &[u8]) -> Option<BTreeMap<u64, Payload>> {
    let mut payloads = BTreeMap::new();
    while !bytes.is_empty() {
        let (index, rest) = bytes.split_first_chunk()?;
        let (salt, rest) = rest.split_first_chunk()?;
        bytes = rest;
        let payload = Payload { salt: *salt, bytes: block(&mut bytes)?.to_vec() };
        let index = u64::from_be_bytes(*index);
        let ascending = payloads.last_key_value().is_none_or(|(last, _)| *last < index);
        if !ascending || payload.bytes.len() > MAX_PAYLOAD {
            return None;
        }
        payloads.insert(index, payload);
    }
    Some(payloads)
}

fn write_payloads(payloads: &BTreeMap<u64, Payload>) -> Vec<u8> {
    let mut out = Vec::new();
    for (index, payload) in payloads {
        out.extend(index.to_be_bytes());
        out.extend(payload.salt);
        out.extend((payload.bytes.len() as u32).to_be_bytes());
        out.extend(&payload.bytes);
    }
    out
}

/// u32 length ‖ bytes.
fn block<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (len, rest) = bytes.split_first_chunk()?;
    let (block, rest) = rest.split_at_checked(u32::from_be_bytes(*len) as usize)?;
    *bytes = rest;
    Some(block)
}
