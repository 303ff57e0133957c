//! Publishing a folder from the window, and who has received what was published. The folder is read as the command line reads
//! it (`publishing`); what would be seen by more people than before is a problem here.

use super::reader::blocking;
use super::{Desk, body_id, id};
use crate::body::Body;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::packs::{Problem, Publication};
use crate::publishing::{FolderRead, FolderRequest};
use crate::status::member_content;
use ecabinet_domain::{Act, Audience, BodyId, MeetingId, Member};
use ecabinet_protocol::content::MeetingContent;
use ecabinet_protocol::ui::*;
use ecabinet_record::hash::sha256;
use std::path::Path;
use std::sync::Arc;

impl Desk {
    pub(super) async fn pick_a_folder(self: &Arc<Self>, args: InBody) -> Result<Option<String>> {
        self.client()?.with(body_id(&args.body)?, |_, body| may_publish(body))?;
        let desk = self.clone();
        blocking(move || Ok(desk.shell.pick_folder().map(|path| path.display().to_string()))).await
    }

    pub(super) async fn folder_view(self: &Arc<Self>, args: FolderRef) -> Result<FolderView> {
        let (body, client) = (body_id(&args.body)?, self.client()?);
        client.with(body, |_, body| may_publish(body))?;
        let desk = self.clone();
        blocking(move || {
            let asked = FolderRequest { folder: args.folder.into(), ..FolderRequest::default() };
            let mut read = client.read_folder(body, &desk.program, &asked)?;
            view(&client, body, &asked.folder, &mut read)
        })
        .await
    }

    /// Publishes just what was shown.
    pub(super) async fn publish_read(self: &Arc<Self>, args: PublishFolder) -> Result<String> {
        let (body, client) = (body_id(&args.body)?, self.client()?);
        self.not_held(body)?;
        client.with(body, |_, body| may_publish(body))?;
        let desk = self.clone();
        blocking(move || {
            let line = |text: Option<String>| {
                text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
            };
            let asked = FolderRequest {
                folder: args.folder.into(),
                title: line(Some(args.title)),
                starts: Some(args.starts),
                place: line(args.place),
                reason: line(args.reason),
                ..FolderRequest::default()
            };
            let mut read = client.read_folder(body, &desk.program, &asked)?;
            let shown = view(&client, body, &asked.folder, &mut read)?;
            if shown.token != args.token {
                return Err(Error::new("publish.changed"));
            }
            if let Some(problem) = shown.problems.first() {
                return Err(Error(ecabinet_protocol::ApiError {
                    code: problem.failure.code.clone(),
                    params: problem.failure.params.clone(),
                }));
            }
            Ok(client.publish_folder(body, &asked, read)?.meeting.to_string())
        })
        .await
    }

    /// Asks the server what devices said of themselves: needs the network.
    pub(super) async fn received_view(&self, args: &MeetingRef) -> Result<ReceivedView> {
        let (body, meeting): (BodyId, MeetingId) = (body_id(&args.body)?, id(&args.meeting)?);
        let client = self.client()?;
        client.with(body, |_, body| may_follow(body))?;
        if client.meeting(body, meeting).is_err() && client.publishes(body, meeting)? {
            let (title, rows) = Default::default();
            return Ok(ReceivedView { waiting: true, title, version: 0, rows });
        }
        let board = client.board(body, Some(meeting)).await?;
        let known = client.meeting(body, meeting)?;
        client.with(body, |vault, body| {
            let votes =
                |member| body.state().is_ok_and(|s| s.members.get(&member).is_some_and(Member::has_vote));
            let mut rows = Vec::new();
            for row in board.into_iter().filter(|row| votes(row.member)) {
                let newest = row.devices.iter().map(|device| device.ready_version).max();
                rows.push(ReceivedRow {
                    member: row.member.to_string(),
                    title: member_content(vault, body, row.member)?.title,
                    name: row.name,
                    state: match newest {
                        None => Received::NoDevice,
                        Some(0) => Received::None,
                        Some(version) if version < known.version => Received::Earlier,
                        Some(_) => Received::All,
                    },
                    devices: row.devices.len() as u32,
                    contact: row.devices.iter().filter_map(|device| device.last_contact).max(),
                });
            }
            Ok(ReceivedView {
                waiting: false,
                title: known.content.title.clone(),
                version: known.version as u32,
                rows,
            })
        })
    }
}

fn holds(body: &Body, offices: &[&str]) -> Result<()> {
    let member = body.state()?.members.get(&body.member()?);
    let held = member.is_some_and(|member| offices.iter().any(|office| member.holds(office)));
    if held { Ok(()) } else { Err(Error::new("capacity.not_held").with("as", offices.join(" "))) }
}

fn may_publish(body: &Body) -> Result<()> {
    holds(body, &[Member::SECRETARIAT])
}

/// To whom the server tells what devices hold.
fn may_follow(body: &Body) -> Result<()> {
    holds(body, &[Member::SECRETARIAT, Member::CHAIR])
}

fn view(client: &Client, body: BodyId, folder: &Path, read: &mut FolderRead) -> Result<FolderView> {
    let content = MeetingContent {
        title: read.title.clone(),
        starts: read.starts.unwrap_or_default(),
        place: read.place.clone(),
        reason: None,
        dossier: false,
    };
    let items = std::mem::take(&mut read.items);
    let publication = Publication { meeting: read.meeting, content, items };
    let laid_out = client.lay_out(body, &publication)?;
    let agenda = laid_out.acts.iter().find_map(|(act, _)| match act {
        Act::MeetingPublish(act) => Some(act.agenda.clone()),
        _ => None,
    });
    let agenda = agenda.ok_or(Error::new("publish.empty"))?;
    let (mut shown, mut named, mut widened) = (Vec::new(), Vec::new(), Vec::new());
    client.with(body, |vault, body| {
        let state = body.state()?;
        for (item, place) in publication.items.iter().zip(&agenda.0) {
            if let Some(known) = state.items.get(&place.item) {
                widened.extend(widens(
                    &body.audience(vault, known.set_at)?,
                    &item.audience,
                    &item.content.path,
                ));
            }
            let mut papers = Vec::new();
            for (paper, rev) in item.papers.iter().zip(&place.papers) {
                let known = state.papers.get(&rev.paper);
                if let Some(known) = known {
                    widened.extend(widens(&known.audience, &paper.audience, &paper.path));
                }
                let same = known.is_some_and(|known| known.revs.iter().any(|(known, _)| *known == rev.rev));
                named.extend_from_slice(&sha256(&paper.bytes).0);
                named.extend_from_slice(
                    format!("{}\n{}\n{:?}{:?}", paper.path, paper.title, paper.audience, paper.signers)
                        .as_bytes(),
                );
                papers.push(FolderPaper {
                    title: paper.title.clone(),
                    bytes: paper.bytes.len() as u64,
                    pages: paper.pages,
                    restricted: !paper.audience.contains(&Audience::All),
                    change: match known {
                        Some(_) if same => PaperChange::Same,
                        Some(_) => PaperChange::Replaced,
                        None => PaperChange::New,
                    },
                });
            }
            named.extend_from_slice(format!("{:?}{:?}\n", item.content, item.audience).as_bytes());
            shown.push(FolderItem {
                title: item.content.title.clone(),
                agency: item.content.agency.clone(),
                minutes: item.content.minutes,
                kind: item.content.kind,
                restricted: !item.audience.contains(&Audience::All),
                papers,
            });
        }
        Ok(())
    })?;
    let version = laid_out.published.version as u32;
    let problems = read.problems.iter().chain(&widened).map(problem).collect();
    read.items = publication.items;
    Ok(FolderView {
        folder: folder.display().to_string(),
        name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        title: read.title.clone(),
        starts: read.starts,
        place: read.place.clone(),
        version,
        items: shown,
        problems,
        token: sha256(&named).to_string(),
    })
}

/// What only some may see would be for all.
fn widens(before: &[Audience], after: &[Audience], path: &str) -> Option<Problem> {
    let widens = after.contains(&Audience::All) && !before.contains(&Audience::All);
    widens.then(|| Problem { path: path.to_owned(), code: "publish.widens".into(), detail: None })
}

fn problem(problem: &Problem) -> FolderProblem {
    let params = [("path", Some(&problem.path)), ("detail", problem.detail.as_ref())];
    let params = params.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.clone())));
    FolderProblem {
        path: problem.path.clone(),
        failure: Failure { code: problem.code.clone(), params: params.collect() },
    }
}
