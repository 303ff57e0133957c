//! What this device tells the server that it holds, for the secretariat's board: in one request, and only what is new.

use super::Needs;
use super::download::papers;
use crate::client::Client;
use crate::error::Result;
use crate::vault::{self, set_setting};
use ecabinet_domain::{BodyId, MeetingId};
use ecabinet_protocol::sync::{Connection, Report};
use std::collections::BTreeMap;

/// Meetings in one request: a server takes a few more.
const MANY: usize = 1000;

impl Client {
    /// Tells the server which meetings are all here, as far as it has not confirmed that it knows; all of them at the first round after a start.
    pub(super) async fn report(&self, body: BodyId, connection: &dyn Connection) -> Result<()> {
        for reports in self.unreported(body)?.chunks(MANY) {
            connection.report(reports.to_vec()).await?;
            let mut core = self.core();
            let (vault, body) = core.parts(body)?;
            let mark = vault::reported_mark(body.row.id);
            vault.transact(|tx| {
                reports.iter().try_for_each(|Report { meeting, ready_version }| {
                    set_setting(tx, &format!("{mark}{meeting}"), &ready_version.to_string())
                })
            })?;
        }
        self.core().parts(body)?.1.told = true;
        Ok(())
    }

    fn unreported(&self, body: BodyId) -> Result<Vec<Report>> {
        self.with(body, |vault, body| {
            let mut whole: BTreeMap<MeetingId, bool> = BTreeMap::new();
            for paper in papers(vault, body)? {
                *whole.entry(paper.meeting).or_insert(true) &= paper.missing.is_empty();
            }
            let mark = vault::reported_mark(body.row.id);
            // A server that was restored has forgotten with the rest what it was told, and may not say so any more: each start
            // tells everything once.
            let anew = !body.told || body.server != Needs::default();
            let known = if anew { BTreeMap::new() } else { vault.settings(&mark)? };
            let state = body.state()?;
            let report = |(meeting, whole)| {
                let version = state.meetings.get(&meeting).map_or(0, |meeting| meeting.version);
                Report { meeting, ready_version: if whole { version } else { 0 } }
            };
            let is_new = |report: &Report| {
                known.get(&format!("{mark}{}", report.meeting)) != Some(&report.ready_version.to_string())
            };
            Ok(whole.into_iter().map(report).filter(is_new).collect())
        })
    }
}
