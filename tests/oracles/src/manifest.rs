use crate::payload::same;
use ecabinet_protocol::content::{self, Layout, Manifest, PaperContent, SignContent};
use ecabinet_protocol::wire::MAX_CHUNK;

/// A paper's manifest, alone or in what is said with it: one that adds up gives each byte of the file one place.
pub(crate) fn read(bytes: &[u8]) {
    same::<PaperContent>(bytes);
    same::<SignContent>(bytes);
    same::<Manifest>(bytes);
    let paper = content::read::<PaperContent>(bytes).map(|paper| paper.manifest);
    let signed = || content::read::<SignContent>(bytes).map(|signed| signed.manifest);
    let Some(manifest) = paper.or_else(signed).or_else(|| content::read::<Manifest>(bytes)) else { return };
    match Layout::of(&manifest) {
        None => assert!(!manifest.adds_up()),
        Some(layout) => places(&manifest, &layout),
    }
}

fn places(manifest: &Manifest, layout: &Layout) {
    assert!(manifest.size <= manifest.chunks.len() as u64 * MAX_CHUNK as u64, "sizes far beyond its chunks");
    let mut offset = 0;
    for (at, chunk) in manifest.chunks.iter().enumerate() {
        let end = offset + u64::from(chunk.size);
        for inside in [offset, end - 1] {
            assert_eq!(layout.find(inside), Some((at, offset..end)));
        }
        offset = end;
    }
    assert_eq!((offset, layout.size()), (manifest.size, manifest.size));
    assert!([offset, u64::MAX].iter().all(|behind| layout.find(*behind).is_none()));
}
