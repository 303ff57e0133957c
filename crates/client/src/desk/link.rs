//! The connection to one body's server, as the interface tells it.

use super::Desk;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::status::is_anothers;
use crate::sync::Summary;
use ecabinet_domain::BodyId;
use ecabinet_protocol::ApiError;
use ecabinet_protocol::ui::{Connection, Reach, Readiness, SyncView};

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    pub reach: Reach,
    /// Why not, if it is not simply the network.
    pub failure: Option<ApiError>,
    /// The server's history is wrong.
    pub held: Option<ApiError>,
}

impl Link {
    /// After a round that went well.
    pub fn after(round: &Summary) -> Link {
        let waits = round.awaited.is_some() || round.held;
        let reach = if waits { Reach::Healing } else { Reach::Online };
        Link { reach, failure: round.advice.map(ApiError::new), held: None }
    }

    pub fn failed(error: &Error) -> Link {
        let held = matches!(
            error.code(),
            "server.rewritten"
                | "server.other_root"
                | "server.bad_entry"
                | "server.checkpoint"
                | "server.behind"
                | "server.other_body"
                | "server.payload"
        );
        let passing = Client::is_offline(error) || error.code().starts_with("session.");
        Link {
            reach: Reach::Offline,
            failure: (!held && !passing).then(|| error.0.clone()),
            held: held.then(|| error.0.clone()),
        }
    }
}

impl Desk {
    pub(super) fn connection_view(&self, body: BodyId) -> Result<Connection> {
        let session = self.session()?;
        let link = session.link(body);
        let (contact, waiting) = session.client.with(body, |vault, body| {
            let waiting = vault.waiting(body.row.id)?;
            Ok((body.row.contact, waiting.iter().filter(|row| !is_anothers(body, row)).count()))
        })?;
        Ok(Connection {
            reach: link.reach,
            updated_at: contact,
            waiting: waiting as u32,
            failure: link.failure.map(Into::into),
            held: link.held.map(Into::into),
        })
    }

    /// Refuses an act while the server's history is in doubt.
    pub(super) fn not_held(&self, body: BodyId) -> Result<()> {
        match self.session()?.link(body).held {
            Some(held) => Err(held.into()),
            None => Ok(()),
        }
    }

    pub(super) fn sync_view(&self, body: BodyId) -> Result<SyncView> {
        let session = self.session()?;
        let progress = session.client.progress(body)?;
        let readiness = Readiness {
            ready: progress.ready as u32,
            total: progress.total as u32,
            bytes_ready: progress.bytes_ready,
            bytes_total: progress.bytes_total,
        };
        let paused = session.client.downloads_paused();
        let answers = matches!(session.link(body).reach, Reach::Online | Reach::Healing);
        let running = answers && !paused && progress.ready < progress.total;
        Ok(SyncView { readiness, paused, running })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::{Awaited, Progress};

    #[test]
    fn a_server_that_waits_is_not_shown_as_one_that_records() {
        let papers = Progress { ready: 0, total: 0, bytes_ready: 0, bytes_total: 0 };
        let round = Summary {
            position: 3,
            root: String::new(),
            fetched_bytes: 0,
            reused_bytes: 0,
            papers,
            outbox: Default::default(),
            awaited: None,
            held: false,
            unreadable: 0,
            advice: None,
        };
        let reach = |round: &Summary| Link::after(round).reach;
        assert_eq!(reach(&round), Reach::Online);
        assert_eq!(reach(&Summary { held: true, ..round.clone() }), Reach::Healing);
        let awaited = Some(Awaited { size: 4, root: ecabinet_domain::Hash([0; 32]) });
        assert_eq!(reach(&Summary { awaited, ..round }), Reach::Healing);
    }
}
