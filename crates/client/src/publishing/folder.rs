//! The folder as items and papers: every file is checked.

use super::audience::{AudienceFile, Signers};
use super::metadata::{self, AUDIENCE_FILE, ITEM_FILE, ItemFile, MEETING_FILE, MeetingFile};
use super::unreadable;
use crate::error::{Error, Result};
use crate::packs::{NewItem, NewPaper, Problem};
use ecabinet_domain::Audience;
use ecabinet_pdf::{Program, check};
use ecabinet_protocol::Zone;
use ecabinet_protocol::content::ItemContent;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is in the folder, and every file that keeps it from being published.
pub struct Folder {
    pub meeting: MeetingFile,
    /// In agenda order.
    pub items: Vec<NewItem>,
    pub problems: Vec<Problem>,
}

pub fn read(
    program: &Program,
    folder: &Path,
    zone: Zone,
    audiences: &AudienceFile,
    signers: &Signers,
) -> Result<Folder> {
    let (mut items, mut problems) = (Vec::new(), Vec::new());
    let meeting = MeetingFile::read(folder, zone, &mut problems);
    for dir in sorted(folder)? {
        let name = name_of(&dir);
        if !dir.is_dir() {
            if name != MEETING_FILE && name != AUDIENCE_FILE {
                problems.push(problem(name, "publish.not_in_item"));
            }
            continue;
        }
        let audience = audiences.of(&name)?.unwrap_or_else(|| vec![Audience::All]);
        let file: ItemFile = metadata::read(folder, &format!("{name}/{ITEM_FILE}"), &mut problems);
        let mut papers = Vec::new();
        for file in sorted(&dir)? {
            if name_of(&file) == ITEM_FILE {
                continue;
            }
            let path = format!("{name}/{}", name_of(&file));
            let is_pdf = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"));
            if !is_pdf {
                problems.push(problem(path, "pdf.not_pdf"));
                continue;
            }
            let bytes = std::fs::read(&file).map_err(|error| unreadable(&file, &error))?;
            match check(program, Arc::new(bytes.clone())) {
                Err(error) => problems.push(problem(path, error.code())),
                Ok(info) => papers.push(NewPaper {
                    title: title(&file),
                    audience: audiences.of(&path)?.unwrap_or_else(|| audience.clone()),
                    signers: signers.of(&path),
                    watermark: audiences.has_watermark(&path),
                    pages: info.pages.len() as u32,
                    path,
                    bytes,
                }),
            }
        }
        let content = ItemContent {
            title: file.title.unwrap_or_else(|| title(&dir)),
            agency: file.agency,
            minutes: file.minutes.map(NonZeroU32::get),
            kind: file.kind,
            path: name,
        };
        items.push(NewItem { content, audience, papers });
    }
    if items.is_empty() && problems.is_empty() {
        return Err(Error::new("publish.empty").with("path", folder.display()));
    }
    put_in_order(&mut items, &meeting.order, &mut problems);
    Ok(Folder { meeting, items, problems })
}

/// Items that `order` names come first; a name that is no item's, or comes twice, is a problem.
fn put_in_order(items: &mut [NewItem], order: &[String], problems: &mut Vec<Problem>) {
    for (at, name) in order.iter().enumerate() {
        if order[..at].contains(name) || items.iter().all(|item| item.content.path != *name) {
            let detail = Some(name.clone());
            problems.push(Problem { path: MEETING_FILE.into(), code: "publish.order".into(), detail });
        }
    }
    items.sort_by_key(|item| order.iter().position(|name| *name == item.content.path).unwrap_or(order.len()));
}

fn problem(path: String, code: &str) -> Problem {
    Problem { path, code: code.into(), detail: None }
}

fn sorted(dir: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(dir).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    let mut paths: Vec<PathBuf> = entries.map_err(|error| unreadable(dir, &error))?;
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
