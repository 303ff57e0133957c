//! A folder of PDF files becomes a meeting: sub-folders are items, in the order of their names. Every file is checked
//! before anything is published; command line and app read a folder alike.

mod audience;
mod folder;
mod metadata;
mod moment;

pub use audience::set_groups;
pub use moment::read_time;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::packs::{NewItem, Problem, Publication, Published};
use crate::status::ActState;
use audience::{AudienceFile, Signers};
use ecabinet_domain::{Act, BodyId, MeetingId};
use ecabinet_pdf::Program;
use ecabinet_protocol::content::MeetingContent;
use std::path::{Path, PathBuf};

/// What is asked to be published. What is said here goes before what the folder's own files say, and that before what was
/// published.
#[derive(Debug, Clone, Default)]
pub struct FolderRequest {
    pub folder: PathBuf,
    /// That it is published to again; none: the one that it was published to from here, else a new one.
    pub meeting: Option<MeetingId>,
    pub title: Option<String>,
    /// ms since 1970.
    pub starts: Option<u64>,
    pub place: Option<String>,
    /// Why this version replaces the last.
    pub reason: Option<String>,
    /// Who sees what; none: `audience.toml` in the folder, if it is there, else all see all.
    pub audience: Option<PathBuf>,
    /// The papers of an opinion form, not a meeting.
    pub dossier: bool,
}

/// A folder as it would be published.
pub struct FolderRead {
    /// That was published from it before.
    pub meeting: Option<MeetingId>,
    pub title: String,
    /// None where nothing says when it begins.
    pub starts: Option<u64>,
    pub place: Option<String>,
    /// In agenda order.
    pub items: Vec<NewItem>,
    /// Every file that keeps it from being published.
    pub problems: Vec<Problem>,
    audiences: AudienceFile,
}

impl Client {
    /// Reads a folder: nothing is kept or sent.
    ///
    /// # Errors
    /// `publish.waiting` while its former publication is not recorded yet.
    pub fn read_folder(&self, body: BodyId, program: &Program, asked: &FolderRequest) -> Result<FolderRead> {
        let meeting = self.meeting_of(body, asked)?;
        if let Some(meeting) = meeting
            && self.publishes(body, meeting)?
        {
            return Err(Error::new("publish.waiting").with("meeting", meeting));
        }
        let beside = asked.folder.join(metadata::AUDIENCE_FILE);
        let audience = asked.audience.clone().or_else(|| beside.is_file().then_some(beside));
        let audiences = AudienceFile::read(audience.as_deref())?;
        let signers = Signers::read(self, body, &audiences)?;
        let zone = self.zone(body)?;
        let read = folder::read(program, &asked.folder, zone, &audiences, &signers)?;
        let former = meeting.and_then(|id| self.meeting(body, id).ok()).map(|meeting| meeting.content);
        let (title, starts, place) = match former {
            Some(former) => (Some(former.title), Some(former.starts), former.place),
            None => (None, None, None),
        };
        let filed = read.meeting.starts(zone);
        // A dossier begins when it is published.
        let begun = asked.dossier.then(|| self.env().clock.now());
        let title = asked.title.clone().or(read.meeting.title).or(title);
        Ok(FolderRead {
            meeting,
            title: title.unwrap_or_else(|| folder::title(&asked.folder)),
            starts: asked.starts.or(filed).or(starts).or(begun),
            place: asked.place.clone().or(read.meeting.place).or(place),
            items: read.items,
            problems: read.problems,
            audiences,
        })
    }

    /// Queues what was read.
    ///
    /// # Errors
    /// `publish.problems` if a file cannot be published, `publish.starts` if nothing says when the meeting begins.
    pub fn publish_folder(&self, body: BodyId, asked: &FolderRequest, read: FolderRead) -> Result<Published> {
        if !read.problems.is_empty() {
            return Err(Error::new("publish.problems").with("count", read.problems.len()));
        }
        let starts = read.starts.ok_or(Error::new("publish.starts"))?;
        read.audiences.check_groups(self, body)?;
        // Remembered first: killed at any moment, a folder does not become two meetings.
        let meeting = read.meeting.unwrap_or_else(|| MeetingId(self.env().random()));
        self.remember(&folder_key(&asked.folder)?, &meeting.to_string())?;
        let (title, place, reason) = (read.title, read.place, asked.reason.clone());
        let content = MeetingContent { title, starts, place, reason, dossier: asked.dossier };
        self.publish(body, Publication { meeting: Some(meeting), content, items: read.items })
    }

    fn meeting_of(&self, body: BodyId, asked: &FolderRequest) -> Result<Option<MeetingId>> {
        if asked.meeting.is_some() {
            return Ok(asked.meeting);
        }
        let remembered: Option<MeetingId> =
            self.recall(&folder_key(&asked.folder)?)?.and_then(|meeting| meeting.parse().ok());
        Ok(match remembered {
            Some(id) if self.meeting(body, id).is_ok() || self.publishes(body, id)? => Some(id),
            _ => None,
        })
    }

    /// Whether a publication of the meeting is still to be sent.
    pub(crate) fn publishes(&self, body: BodyId, meeting: MeetingId) -> Result<bool> {
        let is_it = |act: &Act| matches!(act, Act::MeetingPublish(act) if act.meeting == meeting);
        let waits = |state| matches!(state, ActState::Saved | ActState::Received);
        Ok(self.acts(body)?.iter().any(|act| waits(act.state) && is_it(&act.row.header.act)))
    }
}

fn folder_key(folder: &Path) -> Result<String> {
    let path = folder.canonicalize().map_err(|error| unreadable(folder, &error))?;
    Ok(format!("published:{}", path.display()))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::new("file.unreadable").with("path", path.display()).with("detail", error)
}
