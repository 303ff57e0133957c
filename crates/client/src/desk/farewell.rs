//! What a revoked device says, until its person has read it.

use super::Desk;
use super::join::label;
use super::session::Session;
use crate::client::Client;
use crate::error::Result;
use crate::farewell::{Farewell, RevokedBy};
use ecabinet_protocol::ui::{self, FarewellView, LostActs, Topic};

impl Desk {
    pub(super) fn farewell_views(&self, session: Option<&Session>) -> Result<Vec<FarewellView>> {
        let told = match session {
            Some(session) => session.client.farewells()?,
            None => Client::farewell(&self.home, &self.env)?.into_iter().collect(),
        };
        Ok(told.iter().map(view).collect())
    }

    pub(super) fn farewells_read(&self) -> Result<()> {
        match &*self.held() {
            Some(session) => session.client.forget_farewells()?,
            None => Client::forget_farewell(&self.home, &self.env)?,
        }
        self.shell.changed(&[Topic::App]);
        Ok(())
    }
}

fn view(farewell: &Farewell) -> FarewellView {
    let acts = farewell.acts.iter().map(|(kind, count)| LostActs { kind: kind.clone(), count: *count });
    FarewellView {
        body: farewell.body.as_ref().map(label),
        by: match farewell.by {
            RevokedBy::Registrar => ui::RevokedBy::Registrar,
            RevokedBy::OwnDevice => ui::RevokedBy::OwnDevice,
            RevokedBy::BodyKey => ui::RevokedBy::BodyKey,
        },
        at: farewell.at,
        zone: farewell.zone,
        entry: farewell.entry,
        acts: acts.collect(),
        notes: farewell.notes,
    }
}
