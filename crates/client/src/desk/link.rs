//! The connection to one body's server, as the interface tells it.

use super::Desk;
use crate::client::Client;
use crate::error::{Error, Result};
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
    /// `advice`: what the server's record asks of this program.
    pub fn online(advice: Option<&str>) -> Link {
        Link { reach: Reach::Online, failure: advice.map(ApiError::new), held: None }
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
        let (contact, waiting) = session
            .client
            .with(body, |vault, body| Ok((body.row.contact, vault.waiting(body.row.id)?.len())))?;
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
        let running = session.link(body).reach == Reach::Online && !paused && progress.ready < progress.total;
        Ok(SyncView { readiness, paused, running })
    }
}
