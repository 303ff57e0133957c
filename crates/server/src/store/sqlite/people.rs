//! What devices said they hold.

use super::*;
use ecabinet_domain::MeetingId;
use std::collections::BTreeMap;

pub(super) fn report(
    tx: &Transaction,
    body: BodyId,
    device: DeviceId,
    time: u64,
    reports: &[Report],
) -> Result<()> {
    let row = body_row(tx, body)?;
    let sql = "INSERT OR REPLACE INTO contact (body, device, time) VALUES (?, ?, ?)";
    tx.prepare_cached(sql)?.execute(params![row, device.0, time as i64])?;
    let sql = "INSERT OR REPLACE INTO ready (body, device, meeting, version) VALUES (?, ?, ?, ?)";
    let mut ready = tx.prepare_cached(sql)?;
    for Report { meeting, ready_version } in reports {
        ready.execute(params![row, device.0, meeting.0, *ready_version as i64])?;
    }
    Ok(())
}

pub(super) fn reports(tx: &Transaction, body: BodyId) -> Result<Vec<DeviceReport>> {
    let row = body_row(tx, body)?;
    let mut devices: BTreeMap<DeviceId, DeviceReport> = BTreeMap::new();
    let mut contacts = tx.prepare_cached("SELECT device, time FROM contact WHERE body = ?")?;
    for contact in contacts.query_map([row], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))? {
        let (device, time) = contact?;
        let device = DeviceId(id(device)?);
        devices.insert(device, DeviceReport { device, last_contact: time as u64, ready: Vec::new() });
    }
    let sql = "SELECT device, meeting, version FROM ready WHERE body = ? ORDER BY meeting";
    let mut ready = tx.prepare_cached(sql)?;
    for row in ready.query_map([row], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, i64>(2)?)))? {
        let (device, meeting, version) = row?;
        if let Some(known) = devices.get_mut(&DeviceId(id(device)?)) {
            known.ready.push(Report { meeting: MeetingId(id(meeting)?), ready_version: version as u64 });
        }
    }
    Ok(devices.into_values().collect())
}
