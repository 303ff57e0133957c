use ecabinet_pdf::wire::{self, BLOCK, Bytes, Reply};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The socket to the parent. One thread speaks, so questions and answers never mix.
pub(crate) struct Link(pub(crate) UnixStream);

/// Told when a read failed. pdfium would go on as if nothing had happened, and draw white.
#[derive(Clone, Default)]
pub(crate) struct Failed(Arc<AtomicBool>);

impl Failed {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The paper's bytes, fetched from the parent block by block as they are needed.
pub(crate) struct Blocks {
    link: Arc<Link>,
    len: u64,
    position: u64,
    /// The blocks used last, latest at the end.
    cache: Vec<(u64, Vec<u8>)>,
    failed: Failed,
}

/// 4 MB of blocks.
const CACHED: usize = 32;

impl Blocks {
    pub(crate) fn new(link: Arc<Link>, len: u64, failed: Failed) -> Self {
        Self { link, len, position: 0, cache: Vec::new(), failed }
    }

    fn block(&mut self, number: u64) -> io::Result<&[u8]> {
        let block = match self.cache.iter().position(|(n, _)| *n == number) {
            Some(at) => self.cache.remove(at),
            None => (number, self.fetch(number)?),
        };
        if self.cache.len() >= CACHED {
            self.cache.remove(0);
        }
        self.cache.push(block);
        Ok(&self.cache[self.cache.len() - 1].1)
    }

    fn fetch(&self, number: u64) -> io::Result<Vec<u8>> {
        let offset = number * BLOCK;
        let len = BLOCK.min(self.len - offset) as u32;
        wire::send(&mut &self.link.0, &Reply::Read { offset, len })?;
        match wire::receive(&mut &self.link.0)? {
            Bytes(Some(bytes)) if bytes.len() == len as usize => Ok(bytes.into_vec()),
            _ => Err(io::Error::other("the parent could not read the paper")),
        }
    }

    fn fill(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let wanted = self.len.saturating_sub(self.position).min(buf.len() as u64) as usize;
        let mut done = 0;
        while done < wanted {
            let within = (self.position % BLOCK) as usize;
            let block = self.block(self.position / BLOCK)?;
            let part = (block.len() - within).min(wanted - done);
            buf[done..done + part].copy_from_slice(&block[within..within + part]);
            done += part;
            self.position += part as u64;
        }
        Ok(done)
    }
}

impl Read for Blocks {
    /// Fills the buffer unless the paper ends: pdfium-render reads once and takes any count for all of it.
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.fill(buf).inspect_err(|_| self.failed.0.store(true, Ordering::Relaxed))
    }
}

impl Seek for Blocks {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
