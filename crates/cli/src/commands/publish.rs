//! A folder of PDF files becomes a meeting: sub-folders are items, in the order of their names. Every file is checked
//! before anything is published.

use super::{parse, send};
use crate::args::{Common, Publish};
use crate::failure::Failure;
use crate::{home, output};
use ecabinet_client::packs::{NewItem, NewPaper, Problem, Publication};
use ecabinet_client::{ActState, Client};
use ecabinet_domain::{Audience, BodyId, GroupId, MeetingId, MemberId};
use ecabinet_pdf::{Program, check};
use ecabinet_protocol::content::{ItemContent, MeetingContent};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// audience.toml: who sees which item or paper; what it does not name, all see.
#[derive(Deserialize, Default)]
struct AudienceFile {
    #[serde(default)]
    groups: BTreeMap<String, Group>,
    /// Who signs which papers once they are adopted: patterns of paths, in which `*` stands for anything.
    #[serde(default)]
    signers: BTreeMap<String, Vec<String>>,
    #[serde(flatten)]
    paths: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Group {
    id: String,
    name: String,
    members: Vec<String>,
}

pub async fn run(common: &Common, publish: Publish) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    let audiences = read_audiences(publish.audience.as_deref())?;
    // What was published before goes first: this one builds on it.
    if !publish.dry_run {
        send(&client, body).await?;
    }
    let meeting = meeting_of(&client, body, &publish)?;
    if let Some(meeting) = meeting
        && waits(&client, body, meeting)?
    {
        return Err(Failure::new("publish.waiting").with("meeting", meeting));
    }
    let signers = Signers::read(&client, body, &audiences)?;
    let (items, problems) = read_folder(&publish.folder, &audiences, &signers)?;
    if !problems.is_empty() {
        let answer = json!({ "problems": problems });
        output::answer(common, "publish/1", answer);
        output::failure_line(common, &Failure::new("publish.problems").with("count", problems.len()));
        return Ok(5);
    }
    if publish.dry_run {
        let papers: usize = items.iter().map(|item| item.papers.len()).sum();
        let answer = json!({ "meeting": meeting, "items": items.len(), "papers": papers, "problems": [] });
        output::answer(common, "publish/1", answer);
        return Ok(0);
    }
    check_groups(&client, body, &audiences)?;
    let content = content(&client, body, meeting, &publish)?;
    // Remembered first: killed at any moment, a folder does not become two meetings.
    let meeting = meeting.unwrap_or_else(|| MeetingId(client.env().random()));
    client.remember(&folder_key(&publish.folder)?, &meeting.to_string())?;
    let published = client.publish(body, Publication { meeting: Some(meeting), content, items })?;
    send(&client, body).await?;
    let state = state_of_newest(&client, body)?;
    let answer = json!({
        "meeting": published.meeting, "version": published.version, "items": published.items,
        "papers": published.papers, "new_bytes": published.new_bytes, "shared_bytes": published.shared_bytes,
        "problems": [], "state": state,
    });
    output::answer(common, "publish/1", answer);
    Ok(0)
}

fn read_folder(
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

/// Patterns of paths and who signs what fits.
struct Signers(Vec<(String, Vec<MemberId>)>);

impl Signers {
    fn read(client: &Client, body: BodyId, file: &AudienceFile) -> Result<Signers, Failure> {
        let members = client.members(body)?;
        let mut read = Vec::new();
        for (pattern, named) in &file.signers {
            let mut ids = Vec::new();
            for text in named {
                match text.parse().map_err(|_| Failure::new("config.audience").with("value", text))? {
                    Audience::Member(id) => ids.push(id),
                    Audience::Office(office) => {
                        let holders =
                            members.iter().filter(|m| m.until.is_none() && m.offices.contains(&office));
                        ids.extend(holders.map(|member| member.id));
                    }
                    _ => return Err(Failure::new("config.audience").with("value", text)),
                }
            }
            read.push((pattern.clone(), ids));
        }
        Ok(Signers(read))
    }

    fn of(&self, path: &str) -> Vec<MemberId> {
        self.0.iter().find(|(pattern, _)| fits(pattern, path)).map(|(_, ids)| ids.clone()).unwrap_or_default()
    }
}

/// Whether a path fits a pattern, in which `*` stands for any text.
fn fits(pattern: &str, path: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

impl AudienceFile {
    fn of(&self, path: &str) -> Result<Option<Vec<Audience>>, Failure> {
        let Some(named) = self.paths.get(path) else { return Ok(None) };
        let read =
            |text: &String| text.parse().map_err(|_| Failure::new("config.audience").with("value", text));
        named.iter().map(read).collect::<Result<_, _>>().map(Some)
    }
}

fn read_audiences(file: Option<&Path>) -> Result<AudienceFile, Failure> {
    let Some(file) = file else { return Ok(AudienceFile::default()) };
    toml::from_str(&home::read_text(file)?)
        .map_err(|error| Failure::new("config.malformed").with("path", file.display()).with("detail", error))
}

/// The groups that the file names must be in the record as it says: a registrar sets them.
fn check_groups(client: &Client, body: BodyId, file: &AudienceFile) -> Result<(), Failure> {
    for group in file.groups.values() {
        let id: GroupId = parse(&group.id, "group")?;
        let members: Vec<MemberId> =
            group.members.iter().map(|id| parse(id, "member")).collect::<Result<_, _>>()?;
        if client.group_members(body, id)? != Some(members) {
            return Err(Failure::new("config.group").with("group", &group.name));
        }
    }
    Ok(())
}

/// Registrar: sets the groups of an audience file.
pub(super) fn set_groups(client: &Client, body: BodyId, file: &Path) -> Result<usize, Failure> {
    let mut set = 0;
    for group in read_audiences(Some(file))?.groups.values() {
        let members: Vec<MemberId> =
            group.members.iter().map(|id| parse(id, "member")).collect::<Result<_, _>>()?;
        set +=
            usize::from(client.set_group(body, parse(&group.id, "group")?, &group.name, members)?.is_some());
    }
    Ok(set)
}

fn content(
    client: &Client,
    body: BodyId,
    meeting: Option<MeetingId>,
    publish: &Publish,
) -> Result<MeetingContent, Failure> {
    let former = meeting.map(|id| client.meeting(body, id)).transpose()?.map(|meeting| meeting.content);
    let title = publish.title.clone().or(former.as_ref().map(|content| content.title.clone()));
    let starts =
        publish.starts.as_deref().map(time).transpose()?.or(former.as_ref().map(|content| content.starts));
    Ok(MeetingContent {
        title: title.unwrap_or_else(|| self::title(&publish.folder)),
        starts: starts.ok_or(Failure::new("usage.starts"))?,
        place: publish.place.clone().or(former.and_then(|content| content.place)),
        reason: publish.reason.clone(),
    })
}

fn meeting_of(client: &Client, body: BodyId, publish: &Publish) -> Result<Option<MeetingId>, Failure> {
    if let Some(meeting) = &publish.meeting {
        return parse(meeting, "meeting").map(Some);
    }
    let remembered: Option<MeetingId> =
        client.recall(&folder_key(&publish.folder)?)?.and_then(|meeting| meeting.parse().ok());
    Ok(match remembered {
        Some(id) if client.meeting(body, id).is_ok() || waits(client, body, id)? => Some(id),
        _ => None,
    })
}

/// Whether a publication of the meeting is still to be sent.
fn waits(client: &Client, body: BodyId, meeting: MeetingId) -> Result<bool, Failure> {
    let is_it = |act: &ecabinet_domain::Act| matches!(act, ecabinet_domain::Act::MeetingPublish(act) if act.meeting == meeting);
    let mut acts = client.acts(body)?.into_iter();
    Ok(acts
        .any(|act| matches!(act.state, ActState::Saved | ActState::Received) && is_it(&act.row.header.act)))
}

/// State of what was queued last: its statements stand or fall together.
fn state_of_newest(client: &Client, body: BodyId) -> Result<ActState, Failure> {
    let acts = client.acts(body)?;
    let newest = acts.first().ok_or(Failure::new("act.unknown"))?;
    let of_batch = acts.iter().filter(|act| act.row.batch == newest.row.batch);
    let refused = of_batch.filter(|act| act.state == ActState::Refused).filter_map(|act| act.error.clone());
    // The others of a refused request only say that they were in it.
    let refused = refused.max_by_key(|error| error.code != "request.together");
    refused.map_or(Ok(newest.state), |error| Err(Failure(error)))
}

fn folder_key(folder: &Path) -> Result<String, Failure> {
    let path = folder.canonicalize().map_err(|error| {
        Failure::new("file.unreadable").with("path", folder.display()).with("detail", error)
    })?;
    Ok(format!("published:{}", path.display()))
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
fn title(path: &Path) -> String {
    let stem = if path.is_dir() {
        name_of(path)
    } else {
        path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
    };
    let rest = stem.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.trim_start_matches([' ', '.', '-', '_']);
    if rest.is_empty() { stem } else { rest.to_owned() }
}

/// RFC 3339, or `YYYY-MM-DD HH:MM` in Vietnam's time, in ms since 1970.
pub(super) fn time(text: &str) -> Result<u64, Failure> {
    read_time(text).ok_or(Failure::new("usage.time").with("value", text))
}

fn read_time(text: &str) -> Option<u64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute) = (number(11, 13)?, number(14, 16)?);
    let rest = text.get(16..)?;
    let (second, zone) = match rest.strip_prefix(':') {
        Some(_) => (number(17, 19)?, text.get(19..)?),
        None => (0, rest),
    };
    let offset = match zone {
        "" => 7 * 60,
        "Z" => 0,
        _ => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            sign * (zone.get(1..3)?.parse::<i64>().ok()? * 60 + zone.get(4..6)?.parse::<i64>().ok()?)
        }
    };
    let valid =
        (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 60;
    // Days since 1970 of a Gregorian date, with years that begin in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * y + y.div_euclid(4) - y.div_euclid(100) + y.div_euclid(400) + (153 * m + 2) / 5 + day
        - 1
        - 719_468;
    let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second;
    (valid && seconds >= 0).then_some(seconds as u64 * 1000)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_star_stands_for_any_text() {
        let fits = super::fits;
        assert!(fits("*Dự thảo nghị quyết*", "03 Đê điều/02 Dự thảo nghị quyết.pdf"));
        assert!(fits("03 *.pdf", "03 Đê điều/02 Tờ trình.pdf"));
        assert!(!fits("03 *.pdf", "04 Trường học/01 Tờ trình.pdf"));
        assert!(fits("a", "a") && !fits("a", "ab"));
    }

    #[test]
    fn times_are_read_in_vietnams_zone_unless_they_name_another() {
        let at = |text| super::read_time(text);
        assert_eq!(at("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(at("2026-11-24 08:00"), at("2026-11-24T01:00:00Z"));
        assert_eq!(at("2026-11-24T08:00:00+07:00"), Some(1_795_482_000_000));
        assert_eq!(at("2024-02-29T00:00:00Z"), Some(1_709_164_800_000));
        assert_eq!(at("24/11/2026"), None);
    }
}
