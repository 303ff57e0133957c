use crate::client::Client;
use crate::error::Result;
use crate::pairing;
use ecabinet_domain::{BodyId, DeviceId, DeviceStatus, Holder, MemberId};
use ecabinet_protocol::content::DeviceContent;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    pub device: DeviceId,
    /// None for a registrar's device.
    pub member: Option<MemberId>,
    /// None where it is not ours to see.
    pub name: Option<String>,
    /// pending, active, revoked
    pub status: &'static str,
    /// Position of the enrolment.
    pub enrolled_at: u64,
    /// The six digits that this device shares with it while one of the two waits to be confirmed.
    pub digits: Option<String>,
    /// Whether it is this device.
    pub own: bool,
}

impl Client {
    /// A member's own devices; all devices for a registrar or the secretariat.
    pub fn devices(&self, body: BodyId) -> Result<Vec<DeviceRow>> {
        self.with(body, |vault, body| {
            let state = body.state()?;
            let holder = body.holder();
            let own_only = match holder {
                Some(Holder::Member(id)) => {
                    !state.members.get(&id).is_some_and(|m| m.holds(ecabinet_domain::Member::SECRETARIAT))
                }
                _ => false,
            };
            let mut rows = Vec::new();
            for device in state.devices.values().filter(|device| !own_only || Some(device.holder) == holder) {
                let content: Option<DeviceContent> = match device.holder {
                    Holder::Member(_) => body.content(vault, device.enrolled_at)?,
                    _ => None,
                };
                rows.push(DeviceRow {
                    digits: pairing::digits_with(vault, body, device.id)?,
                    device: device.id,
                    member: if let Holder::Member(id) = device.holder { Some(id) } else { None },
                    name: content.map(|content| content.name),
                    status: match device.status {
                        DeviceStatus::Pending => "pending",
                        DeviceStatus::Active => "active",
                        DeviceStatus::Revoked => "revoked",
                    },
                    enrolled_at: device.enrolled_at,
                    own: device.id == body.row.device,
                });
            }
            rows.sort_by_key(|row| (row.enrolled_at, row.device));
            Ok(rows)
        })
    }

    /// This device's id in a body.
    pub fn device_of(&self, body: BodyId) -> Result<DeviceId> {
        self.with(body, |_, body| Ok(body.row.device))
    }
}
