//! An export (rule 17): a folder that anyone can verify without us.

use crate::Payload;
use ecabinet_domain::{Hash, MAX_PAYLOAD};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

pub const FORMAT: &str = "ecabinet-export 1\n";

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
    pub fn read(dir: &Path) -> Result<Export, Unreadable> {
        let mut export = Export::default();
        for name in list(dir)? {
            if !["FORMAT", "entries", "payloads", "checkpoint", "results.json", "blobs"]
                .contains(&name.as_str())
            {
                return Err(Unreadable::UnknownFile(name));
            }
        }
        if file(dir, "FORMAT")? != FORMAT.as_bytes() {
            return Err(Unreadable::Malformed("FORMAT".into()));
        }
        export.entries =
            read_entries(&file(dir, "entries")?).ok_or(Unreadable::Malformed("entries".into()))?;
        export.payloads =
            read_payloads(&file(dir, "payloads")?).ok_or(Unreadable::Malformed("payloads".into()))?;
        export.checkpoint = String::from_utf8(file(dir, "checkpoint")?)
            .map_err(|_| Unreadable::Malformed("checkpoint".into()))?;
        export.results = file(dir, "results.json")?;
        let blobs = dir.join("blobs");
        if blobs.exists() {
            for name in list(&blobs)? {
                let named: Option<Hash> = name.parse().ok();
                let is = crate::hash::sha256(&file(&blobs, &name)?);
                let named = named.filter(|named| *named == is);
                export.blobs.push(named.ok_or(Unreadable::Malformed(format!("blobs/{name}")))?);
            }
        }
        Ok(export)
    }

    /// Writes the folder, which must not exist yet. `blobs` are written by the caller.
    pub fn write(&self, dir: &Path) -> io::Result<()> {
        fs::create_dir(dir)?;
        fs::write(dir.join("FORMAT"), FORMAT)?;
        fs::write(dir.join("entries"), write_entries(&self.entries))?;
        fs::write(dir.join("payloads"), write_payloads(&self.payloads))?;
        fs::write(dir.join("checkpoint"), &self.checkpoint)?;
        fs::write(dir.join("results.json"), &self.results)
    }
}

fn list(dir: &Path) -> Result<Vec<String>, Unreadable> {
    let fail = |error| Unreadable::Io(dir.display().to_string(), error);
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).map_err(fail)? {
        names.push(entry.map_err(fail)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

fn file(dir: &Path, name: &str) -> Result<Vec<u8>, Unreadable> {
    fs::read(dir.join(name)).map_err(|error| Unreadable::Io(name.to_owned(), error))
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
