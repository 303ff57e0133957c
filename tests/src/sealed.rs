use std::path::{Path, PathBuf};

/// Files with parts of papers in a home, in the order of their names.
pub fn sealed_files(home: &Path) -> Vec<PathBuf> {
    let Ok(folders) = std::fs::read_dir(home.join("chunks")) else { return Vec::new() };
    let files = folders.flatten().filter_map(|folder| std::fs::read_dir(folder.path()).ok());
    let mut files: Vec<PathBuf> = files.flat_map(|files| files.flatten().map(|file| file.path())).collect();
    files.sort();
    files
}

/// Bytes of them all.
pub fn sealed_bytes(home: &Path) -> u64 {
    sealed_files(home).iter().map(|file| file.metadata().map_or(0, |found| found.len())).sum()
}
