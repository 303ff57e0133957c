//! A folder of PDF files becomes a meeting: sub-folders are items, in the order of their names. Every file is checked
//! before anything is published.

mod audience;
mod folder;
mod metadata;

pub(super) use audience::set_groups;

use super::{parse, send};
use crate::args::{Common, Publish};
use crate::failure::Failure;
use crate::{home, output, text, time};
use audience::{AudienceFile, Signers};
use ecabinet_client::packs::{Problem, Publication};
use ecabinet_client::{ActState, Client};
use ecabinet_domain::{BodyId, MeetingId};
use ecabinet_protocol::content::MeetingContent;
use folder::Folder;
use metadata::MeetingFile;
use serde_json::{Value, json};
use std::path::Path;

pub async fn run(common: &Common, publish: Publish) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    let audiences = AudienceFile::read(publish.audience.as_deref())?;
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
    let Folder { meeting: file, items, problems } =
        folder::read(&publish.folder, client.zone(body)?, &audiences, &signers)?;
    if !problems.is_empty() {
        output::answer(common, "publish/1", json!({ "problems": shown(common, &problems) }));
        output::failure_line(common, &Failure::new("publish.problems").with("count", problems.len()));
        return Ok(5);
    }
    if publish.dry_run {
        let papers: usize = items.iter().map(|item| item.papers.len()).sum();
        let answer = json!({ "meeting": meeting, "items": items.len(), "papers": papers, "problems": [] });
        output::answer(common, "publish/1", answer);
        return Ok(0);
    }
    audiences.check_groups(&client, body)?;
    let content = content(&client, body, meeting, &publish, file)?;
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

/// Problems as rows; for people each with its text.
fn shown(common: &Common, problems: &[Problem]) -> Vec<Value> {
    let row = |problem: &Problem| {
        let mut row = json!(problem);
        if !common.json {
            let params = [("path", Some(&problem.path)), ("detail", problem.detail.as_ref())];
            let params = params.into_iter().filter_map(|(name, value)| Some((name.into(), value?.clone())));
            row["text"] = json!(text::error(&problem.code, &params.collect(), common.lang));
        }
        row
    };
    problems.iter().map(row).collect()
}

/// What is typed goes before what the folder's file says, and that before what was published.
fn content(
    client: &Client,
    body: BodyId,
    meeting: Option<MeetingId>,
    publish: &Publish,
    file: MeetingFile,
) -> Result<MeetingContent, Failure> {
    let former = meeting.map(|id| client.meeting(body, id)).transpose()?.map(|meeting| meeting.content);
    let (title, starts, place) = match former {
        Some(former) => (Some(former.title), Some(former.starts), former.place),
        None => (None, None, None),
    };
    let zone = client.zone(body)?;
    let typed = publish.starts.as_deref().map(|text| time::read(text, zone)).transpose()?;
    let filed = file.starts(zone);
    // A dossier begins when it is published.
    let begun = publish.dossier.then(|| client.env().clock.now());
    let title = publish.title.clone().or(file.title).or(title);
    Ok(MeetingContent {
        title: title.unwrap_or_else(|| folder::title(&publish.folder)),
        starts: typed.or(filed).or(starts).or(begun).ok_or(Failure::new("usage.starts"))?,
        place: publish.place.clone().or(file.place).or(place),
        reason: publish.reason.clone(),
        dossier: publish.dossier,
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
