use super::{parse, send};
use crate::args::{Common, NoteCommand, PaperCommand, SpaceCommand};
use crate::failure::Failure;
use crate::new_file::NewFile;
use crate::{home, output};
use ecabinet_client::{Client, Mark, PaperView, SharedNote};
use ecabinet_domain::{BodyId, PaperId, Rev};
use ecabinet_protocol::space::SpaceOwner;
use serde_json::{Value, json};

pub fn paper(common: &Common, command: PaperCommand) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    match command {
        PaperCommand::List { meeting } => {
            let shown = client.meeting(body, parse(&meeting, "meeting")?)?;
            let rows: Vec<Value> = shown.items.iter().flat_map(|item| &item.papers).map(row).collect();
            output::answer(common, "paper list/1", json!({ "papers": rows }));
        }
        PaperCommand::Check { paper } => {
            let rev = current(&client, body, parse(&paper, "paper")?)?;
            let manifest = client.check_paper(body, rev)?;
            let answer = json!({
                "paper": rev.paper, "rev": rev.rev, "sha256": manifest.sha256,
                "size": manifest.size, "chunks": manifest.chunks.len(),
            });
            output::answer(common, "paper check/1", answer);
        }
        PaperCommand::Export { paper, out } => {
            let rev = current(&client, body, parse(&paper, "paper")?)?;
            let file = NewFile::create(&out)?;
            let (bytes, manifest) = client.export_paper(body, rev)?;
            file.write(&bytes)?;
            let answer = json!({
                "paper": rev.paper, "rev": rev.rev, "sha256": manifest.sha256, "size": manifest.size,
            });
            output::answer(common, "paper export/1", answer);
        }
    }
    Ok(0)
}

pub fn space(common: &Common, command: SpaceCommand) -> Result<u8, Failure> {
    let SpaceCommand::List = command;
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    output::answer(common, "space list/1", json!({ "spaces": client.spaces(body)? }));
    Ok(0)
}

pub(super) fn row(paper: &PaperView) -> Value {
    json!({
        "id": paper.rev.paper, "rev": paper.rev.rev, "title": paper.title, "pages": paper.pages,
        "size": paper.size, "ready": paper.missing_bytes == 0, "signed": paper.signed, "sha256": paper.sha256,
    })
}

pub async fn note(common: &Common, command: NoteCommand) -> Result<u8, Failure> {
    let client = home::open(common)?;
    let body = home::body(common, &client)?;
    match command {
        NoteCommand::Add { paper, page, text } => {
            let rev = current(&client, body, parse(&paper, "paper")?)?;
            let id = client.add_mark(body, &Mark::note(rev, page - 1), Some(&text))?;
            send(&client, body).await?;
            output::answer(common, "note add/1", json!({ "note": id }));
        }
        NoteCommand::List { paper } => {
            let paper = paper.map(|paper| parse::<PaperId>(&paper, "paper")).transpose()?;
            let rows: Vec<Value> = client
                .notes(body, paper)?
                .into_iter()
                .map(|note| {
                    json!({
                        "note": note.id, "kind": note.mark.kind, "paper": note.mark.paper, "rev": note.mark.rev,
                        "page": note.mark.page + 1, "exact": note.mark.exact, "texts": note.texts,
                        "changed": note.changed_at, "shared": groups(&note.shared),
                    })
                })
                .collect();
            output::answer(common, "note list/1", json!({ "notes": rows }));
        }
        NoteCommand::Share { note, groups } => {
            let with = groups.iter().map(|group| parse(group, "group")).collect::<Result<Vec<_>, _>>()?;
            client.share_note(body, &note, &with)?;
            send(&client, body).await?;
            output::answer(common, "note share/1", json!({ "note": note, "shared": groups }));
        }
        NoteCommand::Shared { paper } => {
            send(&client, body).await?;
            let paper = paper.map(|paper| parse::<PaperId>(&paper, "paper")).transpose()?;
            let row = |SharedNote { note, by, group }| {
                json!({
                    "note": note.id, "by": by, "group": group.to_string(), "kind": note.mark.kind,
                    "paper": note.mark.paper, "rev": note.mark.rev, "page": note.mark.page + 1,
                    "exact": note.mark.exact, "texts": note.texts, "changed": note.changed_at,
                })
            };
            let rows: Vec<Value> = client.shared_notes(body, paper)?.into_iter().map(row).collect();
            output::answer(common, "note shared/1", json!({ "notes": rows }));
        }
    }
    Ok(0)
}

fn groups(groups: &[SpaceOwner]) -> Vec<String> {
    groups.iter().map(ToString::to_string).collect()
}

fn current(client: &Client, body: BodyId, paper: PaperId) -> Result<Rev, Failure> {
    Ok(client.current_rev(body, paper)?)
}
