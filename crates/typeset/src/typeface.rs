//! The face of official documents: Times New Roman, or what has its widths.

use anyhow::{Context, Result};
use std::path::PathBuf;

/// Bytes of the four styles, from `ECABINET_FONTS` or where Linux keeps them.
pub fn bytes() -> Result<Vec<Vec<u8>>> {
    let folder = std::env::var_os("ECABINET_FONTS")
        .map_or("/usr/share/fonts/truetype/liberation2".into(), PathBuf::from);
    let read = |style| {
        let file = folder.join(format!("LiberationSerif-{style}.ttf"));
        std::fs::read(&file).with_context(|| format!("{}; name the folder in ECABINET_FONTS", file.display()))
    };
    ["Regular", "Bold", "Italic", "BoldItalic"].into_iter().map(read).collect()
}
