use super::{Desk, body_id, id};
use crate::error::Result;
use crate::pairing::Pair;
use ecabinet_domain::Holder;
use ecabinet_protocol::ui::{ConfirmDevice, DeviceRow, DeviceStatus, DevicesView, PairState, RevokeDevice};

impl Desk {
    pub(super) fn devices_view(&self, body: &str) -> Result<DevicesView> {
        let body = body_id(body)?;
        let client = self.client()?;
        let member = client.with(body, |_, body| Ok(body.holder()))?;
        let pairs = client.pairs(body)?;
        let own = |row: &crate::views::DeviceRow| row.member.map(Holder::Member) == member;
        let mut devices = Vec::new();
        for row in client.devices(body)?.into_iter().filter(own) {
            devices.push(DeviceRow {
                device: row.device.to_string(),
                name: row.name.unwrap_or_default(),
                status: match row.status {
                    "pending" => DeviceStatus::Pending,
                    "active" => DeviceStatus::Active,
                    _ => DeviceStatus::Revoked,
                },
                this: row.own,
                enrolled_at: client.with(body, |vault, body| body.time(vault, row.enrolled_at))?,
                pairing: pairs.iter().find(|(peer, _)| *peer == row.device).map(|(_, pair)| pair.into()),
            });
        }
        devices.sort_by_key(|row| match row.status {
            DeviceStatus::Pending => 0,
            DeviceStatus::Active => 1,
            DeviceStatus::Revoked => 2,
        });
        Ok(DevicesView { devices })
    }

    pub(super) fn confirm(&self, args: &ConfirmDevice) -> Result<()> {
        let body = self.check_pin_again(&args.body, &args.pin)?;
        self.client()?.confirm_device(body, id(&args.device)?, Some(&args.digits)).map(|_| ())
    }

    pub(super) fn revoke(&self, args: &RevokeDevice) -> Result<()> {
        let body = self.check_pin_again(&args.body, &args.pin)?;
        self.client()?.revoke_device(body, id(&args.device)?, None).map(|_| ())
    }
}

impl From<&Pair> for PairState {
    fn from(pair: &Pair) -> PairState {
        match pair {
            Pair::Waiting => PairState::Waiting,
            Pair::Digits(digits) => PairState::Digits { digits: digits.clone() },
            Pair::Unanswered => PairState::Unanswered,
            Pair::Broken => PairState::Broken,
            Pair::Spent => PairState::Spent,
        }
    }
}
