//! Who has what and who has voted: the secretariat's board.

use crate::client::Client;
use crate::error::Result;
use crate::status::member_content;
use ecabinet_domain::{BodyId, DeviceId, DeviceStatus, MeetingId, MemberId, StatementId};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardRow {
    pub member: MemberId,
    pub name: String,
    pub devices: Vec<BoardDevice>,
    /// Polls of the meeting in which a ballot of the member stands.
    pub voted: Vec<StatementId>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardDevice {
    pub device: DeviceId,
    /// The version of the meeting that is all on the device; 0 for none.
    pub ready_version: u64,
    /// ms since 1970 by the server's clock.
    pub last_contact: Option<u64>,
}

impl Client {
    /// Asks the server what devices said of themselves; what counts is folded from the record.
    pub async fn board(&self, body: BodyId, meeting: Option<MeetingId>) -> Result<Vec<BoardRow>> {
        let connection = self.connect(body).await?;
        self.pull(body, &*connection).await?;
        let reports: BTreeMap<DeviceId, _> =
            connection.board().await?.into_iter().map(|report| (report.device, report)).collect();
        self.with(body, |vault, body| {
            let state = body.state()?;
            let of_meeting = |item| state.items.get(item).map(|item| item.meeting) == meeting;
            let mut rows = Vec::new();
            for member in state.in_order() {
                let active =
                    state.devices_of(member.id).into_iter().filter(|d| d.status == DeviceStatus::Active);
                let devices = active.map(|device| {
                    let report = reports.get(&device.id);
                    let ready =
                        report.and_then(|report| report.ready.iter().find(|r| Some(r.meeting) == meeting));
                    BoardDevice {
                        device: device.id,
                        ready_version: ready.map_or(0, |ready| ready.ready_version),
                        last_contact: report.map(|report| report.last_contact),
                    }
                });
                let polls =
                    state.polls.iter().filter(|(_, poll)| meeting.is_some() && of_meeting(&poll.items[0]));
                rows.push(BoardRow {
                    member: member.id,
                    name: member_content(vault, body, member.id)?.name,
                    devices: devices.collect(),
                    voted: polls
                        .filter(|(_, poll)| poll.current_of(member.id).is_some())
                        .map(|(id, _)| *id)
                        .collect(),
                });
            }
            Ok(rows)
        })
    }
}
