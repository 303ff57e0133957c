//! Where a file's bytes lie in its chunks: pure.

use super::Manifest;
use crate::wire::MAX_CHUNK;
use std::ops::Range;

impl Manifest {
    /// Whether its sizes add up, and no chunk is empty or larger than any may be. Neither server nor client takes another.
    pub fn adds_up(&self) -> bool {
        let whole: u64 = self.chunks.iter().map(|chunk| u64::from(chunk.size)).sum();
        whole == self.size && self.chunks.iter().all(|chunk| (1..=MAX_CHUNK as u32).contains(&chunk.size))
    }
}

/// Where each chunk of a file begins.
#[derive(Debug, Clone)]
pub struct Layout {
    starts: Vec<u64>,
    size: u64,
}

impl Layout {
    /// None if the manifest does not add up.
    pub fn of(manifest: &Manifest) -> Option<Layout> {
        manifest.adds_up().then(|| {
            let mut size = 0;
            let starts = manifest.chunks.iter().map(|chunk| {
                let start = size;
                size += u64::from(chunk.size);
                start
            });
            let starts = starts.collect();
            Layout { starts, size }
        })
    }

    /// Bytes of the whole file.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The chunk that holds the byte at `offset`, by its number, and the bytes of the file that it holds; none behind the
    /// end.
    pub fn find(&self, offset: u64) -> Option<(usize, Range<u64>)> {
        if offset >= self.size {
            return None;
        }
        let at = self.starts.partition_point(|start| *start <= offset).checked_sub(1)?;
        let end = self.starts.get(at + 1).copied().unwrap_or(self.size);
        Some((at, self.starts[at]..end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::ChunkRef;
    use ecabinet_domain::Hash;
    use proptest::prelude::*;

    fn manifest(sizes: &[u32]) -> Manifest {
        let chunk = |(at, size): (usize, &u32)| ChunkRef { name: Hash([at as u8; 32]), size: *size };
        let chunks: Vec<_> = sizes.iter().enumerate().map(chunk).collect();
        let size = sizes.iter().map(|size| u64::from(*size)).sum();
        Manifest { sha256: Hash([0; 32]), size, pages: 1, chunks }
    }

    proptest! {
        #[test]
        fn every_byte_is_in_the_chunk_that_says_so(sizes in proptest::collection::vec(1u32..50, 0..20)) {
            let layout = Layout::of(&manifest(&sizes)).expect("it adds up");
            let owners: Vec<usize> =
                sizes.iter().enumerate().flat_map(|(at, size)| vec![at; *size as usize]).collect();
            for (offset, owner) in owners.iter().enumerate() {
                let (at, bytes) = layout.find(offset as u64).expect("inside");
                prop_assert_eq!(at, *owner);
                prop_assert!(bytes.contains(&(offset as u64)) && bytes.end - bytes.start == u64::from(sizes[at]));
            }
            prop_assert_eq!(layout.find(layout.size()), None);
            prop_assert_eq!(layout.size(), owners.len() as u64);
        }
    }

    #[test]
    fn what_does_not_add_up_has_no_layout() {
        let mut longer = manifest(&[3, 4]);
        longer.size += 1;
        let too_large = manifest(&[MAX_CHUNK as u32 + 1]);
        for wrong in [longer, manifest(&[3, 0, 4]), too_large] {
            assert!(Layout::of(&wrong).is_none(), "{wrong:?}");
        }
        assert!(
            Layout::of(&manifest(&[])).is_some_and(|layout| layout.size() == 0 && layout.find(0).is_none())
        );
    }
}
