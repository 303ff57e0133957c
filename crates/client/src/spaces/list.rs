//! The spaces of a member, as this device has them.

use super::exchange::owner_of;
use super::rows;
use crate::client::Client;
use crate::error::Result;
use ecabinet_domain::BodyId;
use ecabinet_protocol::sync::SpaceId;
use serde::Serialize;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpaceRow {
    pub space: SpaceId,
    /// `member:<id>`, `staff:<id>`, `all`.
    pub owner: String,
    /// Of the newest key here.
    pub epoch: u32,
    /// Things in it, the removed ones among them.
    pub objects: usize,
    /// Writes of this device that the server has not given back yet.
    pub unsent: usize,
    /// Writes that wait for their key, or for the record to say who wrote them.
    pub waiting: usize,
}

impl Client {
    /// Spaces whose keys are on this device.
    pub fn spaces(&self, body: BodyId) -> Result<Vec<SpaceRow>> {
        self.with(body, |vault, body| {
            let row = body.row.id;
            let mut spaces = Vec::new();
            for (space, epoch) in rows::held(vault, row)? {
                let Some(owner) = owner_of(body, space)? else { continue };
                spaces.push(SpaceRow {
                    space,
                    owner: owner.to_string(),
                    epoch,
                    objects: rows::objects(vault, row, space)?.len(),
                    unsent: rows::unsent(vault, row, space)?.len(),
                    waiting: rows::held_ops(vault, row, space)?.len(),
                });
            }
            Ok(spaces)
        })
    }
}
