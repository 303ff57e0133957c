//! Signing an adopted paper with a key file.

use super::polls::item_number;
use super::reader::blocking;
use super::{Desk, body_id, id};
use crate::acts;
use crate::body::Body;
use crate::error::{Error, Result};
use crate::signature::{self, Signing};
use crate::status::member_content;
use crate::vault::{Saved, Vault};
use crate::views;
use ecabinet_domain::{Act, BodyId, ItemId, MemberId, Rev, Verdict};
use ecabinet_pades::SigningTime;
use ecabinet_protocol::ui::*;
use std::path::Path;
use std::sync::Arc;

/// Width and height of the visible signature in points: what the place between title and name holds.
const SIZE: (f32, f32) = (170.0, 64.0);

impl Desk {
    pub(super) async fn signing(self: &Arc<Self>, args: PaperRef) -> Result<SignView> {
        let body_id = body_id(&args.body)?;
        let rev = Rev { paper: id(&args.paper)?, rev: id(&args.rev)? };
        let client = self.client()?;
        let last = client.recall("signing_file")?;
        let (mut view, rev, name) = client.with(body_id, |vault, body| {
            let me = body.member()?;
            let known = &body.state()?.papers[&rev.paper];
            let rev = Rev { rev: known.newest_copy(rev.rev), ..rev };
            let paper = views::paper(vault, body, rev)?.ok_or(Error::new("paper.unknown"))?;
            let item = views::item_content(vault, body, known.item)?.ok_or(Error::new("paper.unknown"))?;
            let state = state(vault, body, known.item, rev, me)?;
            let ready = paper.missing_bytes == 0;
            let signers = signers(vault, body, rev, me)?;
            let view = SignView {
                paper: args.paper.clone(),
                rev: rev.rev.to_string(),
                version: paper.earlier as u32 + 1,
                title: paper.title,
                item: known.item.to_string(),
                item_number: item_number(vault, body, known.item)?,
                item_title: item.title,
                pages: Vec::new(),
                signers,
                state,
                cannot_sign: (!ready)
                    .then(|| Failure { code: "paper.not_here".into(), params: Default::default() }),
                place: None,
                last_file: last.map(|path| PickedFile { name: file_name(Path::new(&path)), path }),
            };
            Ok((view, rev, member_content(vault, body, me)?.name))
        })?;
        if view.cannot_sign.is_none() {
            let desk = self.clone();
            let (pages, place) = blocking(move || desk.offered_place(body_id, rev, &name)).await?;
            (view.pages, view.place) = (pages, place.filter(|_| view.state != SignState::Recorded));
        }
        Ok(view)
    }

    /// The place above the signer's own name where it stands last, else the lower right of the last page.
    fn offered_place(
        &self,
        body: BodyId,
        rev: Rev,
        name: &str,
    ) -> Result<(Vec<PageSize>, Option<SignPlace>)> {
        let paper = self.open(body, rev)?;
        let pages: Vec<PageSize> = paper
            .info()
            .pages
            .iter()
            .map(|page| PageSize { width: page.width, height: page.height })
            .collect();
        let hits = paper.search(name, 100).map_err(super::reader::pdf)?;
        let (width, height) = SIZE;
        let last = hits.last().and_then(|hit| Some((hit.page, *hit.rects.first()?)));
        let place = match (last, pages.len().checked_sub(1)) {
            (Some((page, rect)), _) => {
                let centre = (rect.x0 + rect.x1) / 2.0;
                let x = (centre - width / 2.0).clamp(0.0, (pages[page as usize].width - width).max(0.0));
                Some(SignPlace { page, x, y: (rect.y0 - height - 8.0).max(0.0), width, height })
            }
            (None, Some(page)) => {
                let size = pages[page];
                let (x, y) = (size.width - width - 56.0, size.height - height - 120.0);
                Some(SignPlace { page: page as u32, x: x.max(0.0), y: y.max(0.0), width, height })
            }
            (None, None) => None,
        };
        Ok((pages, place))
    }

    pub(super) async fn sign(self: &Arc<Self>, args: SignPaper) -> Result<()> {
        let body = self.check_pin_again(&args.body, &args.pin)?;
        let rev = Rev { paper: id(&args.paper)?, rev: id(&args.rev)? };
        let client = self.client()?;
        let name = client.with(body, |vault, body| Ok(member_content(vault, body, body.member()?)?.name))?;
        let p12 = std::fs::read(&args.file)
            .map_err(|error| Error::new("file.unreadable").with("path", &args.file).with("detail", error))?;
        let program = signature::sign_worker()?;
        let offset_minutes = client.zone(body)?.minutes();
        let when = SigningTime { unix_ms: self.env.clock.now() as i64, offset_minutes };
        let lines = vec![format!("Ký bởi: {name}"), format!("Thời gian ký: {when}")];
        let keeper = client.clone();
        blocking(move || {
            let place = args.place.map_or(signature::SignPlace::Nowhere, |place| {
                let rect =
                    ecabinet_pades::Rect { x: place.x, y: place.y, width: place.width, height: place.height };
                signature::SignPlace::At(place.page, rect)
            });
            let signing = Signing { p12: &p12, password: &args.password, place, lines, program: &program };
            keeper.sign_paper(body, rev, signing)?;
            keeper.remember("signing_file", &args.file)
        })
        .await
    }
}

/// Whether this member is asked to sign a paper: named as its signer, the item adopted, not signed by him yet.
pub(super) fn is_due(vault: &Vault, body: &Body, item: ItemId, rev: Rev) -> Result<bool> {
    let Ok(me) = body.member() else { return Ok(false) };
    Ok(state(vault, body, item, rev, me)? == SignState::Due)
}

pub(super) fn state(vault: &Vault, body: &Body, item: ItemId, rev: Rev, me: MemberId) -> Result<SignState> {
    let state = body.state()?;
    let Some(paper) = state.papers.get(&rev.paper).filter(|paper| paper.signers.contains(&me)) else {
        return Ok(SignState::NotAsked);
    };
    if paper.has_signed(rev.rev, me) {
        return Ok(SignState::Recorded);
    }
    let own = vault.outbox(body.row.id)?.into_iter().rev().find(|row| {
        let this =
            matches!(&row.header.act, Act::PaperSign(sign) if sign.paper == rev.paper && sign.rev == rev.rev);
        // Lost with the server's machine: as if never given.
        this && row.lost().is_none()
    });
    if let Some(row) = own {
        return Ok(match row.state {
            Saved::Saved => SignState::Saved,
            Saved::Received => SignState::Received,
            Saved::Recorded => SignState::Recorded,
            Saved::Refused => SignState::Refused,
        });
    }
    let current = state.current_revs(item).contains(&rev);
    let mut of_item = state
        .polls
        .iter()
        .filter(|(_, poll)| poll.form().is_none() && poll.asks_about(item) && !poll.is_open());
    let passed = of_item
        .any(|(id, _)| acts::result(vault, body, *id).is_ok_and(|tally| tally.result == Verdict::Passed));
    Ok(if current && passed { SignState::Due } else { SignState::NotAsked })
}

fn signers(vault: &Vault, body: &Body, rev: Rev, me: MemberId) -> Result<Vec<SignerRow>> {
    let state = body.state()?;
    let paper = &state.papers[&rev.paper];
    let mut rows = Vec::new();
    for member in state.in_order().into_iter().filter(|member| paper.signers.contains(&member.id)) {
        let content = member_content(vault, body, member.id)?;
        let signed = paper.signatures(rev.rev).find(|(_, signer)| *signer == member.id);
        let index =
            signed.and_then(|(rev, _)| paper.revs.iter().find(|(known, _)| *known == rev)).map(|(_, at)| *at);
        rows.push(SignerRow {
            member: member.id.to_string(),
            name: content.name,
            title: content.title,
            signed_at: index.map(|index| body.time(vault, index)).transpose()?,
            me: member.id == me,
        });
    }
    Ok(rows)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
