//! A folder of PDF files becomes a meeting: `ecabinet_client::publishing` says how.

use super::{parse, send};
use crate::args::{Common, Publish};
use crate::failure::Failure;
use crate::{home, output, text, time};
use ecabinet_client::packs::Problem;
use ecabinet_client::publishing::FolderRequest;
use ecabinet_client::{ActState, Client};
use ecabinet_domain::BodyId;
use ecabinet_pdf::Program;
use serde_json::{Value, json};

pub async fn run(common: &Common, publish: Publish) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    // What was published before goes first: this one builds on it.
    if !publish.dry_run {
        send(&client, body).await?;
    }
    let zone = client.zone(body)?;
    let asked = FolderRequest {
        meeting: publish.meeting.as_deref().map(|meeting| parse(meeting, "meeting")).transpose()?,
        starts: publish.starts.as_deref().map(|text| time::read(text, zone)).transpose()?,
        folder: publish.folder,
        title: publish.title,
        place: publish.place,
        reason: publish.reason,
        audience: publish.audience,
        dossier: publish.dossier,
    };
    let read = client.read_folder(body, &Program::find()?, &asked)?;
    if !read.problems.is_empty() {
        output::answer(common, "publish/1", json!({ "problems": shown(common, &read.problems) }));
        output::failure_line(common, &Failure::new("publish.problems").with("count", read.problems.len()));
        return Ok(5);
    }
    if publish.dry_run {
        let papers: usize = read.items.iter().map(|item| item.papers.len()).sum();
        let answer =
            json!({ "meeting": read.meeting, "items": read.items.len(), "papers": papers, "problems": [] });
        output::answer(common, "publish/1", answer);
        return Ok(0);
    }
    if read.starts.is_none() {
        return Err(Failure::new("usage.starts"));
    }
    let published = client.publish_folder(body, &asked, read)?;
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
