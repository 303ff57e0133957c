//! The folder as items and papers: every file is checked.

use super::audience::{AudienceFile, Signers};
use crate::failure::Failure;
use ecabinet_client::packs::{NewItem, NewPaper, Problem};
use ecabinet_domain::Audience;
use ecabinet_pdf::{Program, check};
use ecabinet_protocol::content::ItemContent;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub fn read(
    folder: &Path,
    audiences: &AudienceFile,
    signers: &Signers,
) -> Result<(Vec<NewItem>, Vec<Problem>), Failure> {
    let program = Program::find()?;
    let (mut items, mut problems) = (Vec::new(), Vec::new());
    for dir in sorted(folder)? {
        let name = name_of(&dir);
        if !dir.is_dir() {
            problems.push(Problem { path: name, code: "publish.not_in_item".into() });
            continue;
        }
        let audience = audiences.of(&name)?.unwrap_or_else(|| vec![Audience::All]);
        let mut papers = Vec::new();
        for file in sorted(&dir)? {
            let path = format!("{name}/{}", name_of(&file));
            let is_pdf = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"));
            if !is_pdf {
                problems.push(Problem { path, code: "pdf.not_pdf".into() });
                continue;
            }
            let bytes = std::fs::read(&file)?;
            match check(&program, Arc::new(bytes.clone())) {
                Err(error) => problems.push(Problem { path, code: error.code().into() }),
                Ok(info) => papers.push(NewPaper {
                    title: title(&file),
                    audience: audiences.of(&path)?.unwrap_or_else(|| audience.clone()),
                    signers: signers.of(&path),
                    pages: info.pages.len() as u32,
                    path,
                    bytes,
                }),
            }
        }
        let content = ItemContent { title: title(&dir), agency: None, minutes: None, path: name };
        items.push(NewItem { content, audience, papers });
    }
    if items.is_empty() && problems.is_empty() {
        return Err(Failure::new("publish.empty").with("path", folder.display()));
    }
    Ok((items, problems))
}

fn sorted(dir: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = std::fs::read_dir(dir)
        .map_err(|error| Failure::new("file.unreadable").with("path", dir.display()).with("detail", error))?;
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| !name_of(path).starts_with('.'));
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A name without its leading number and its ending: "03 Tờ trình.pdf" is "Tờ trình".
pub fn title(path: &Path) -> String {
    let stem = if path.is_dir() {
        name_of(path)
    } else {
        path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    };
    let rest = stem.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.trim_start_matches([' ', '.', '-', '_']);
    if rest.is_empty() { stem } else { rest.to_owned() }
}
