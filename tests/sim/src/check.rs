//! What must hold: of each device at any time, and of all together once every fault is over.

mod agree;
mod decisions;
mod end;
mod groups;
mod spaces;

use crate::model::{Shown, Truth};
use crate::story::Story;
use crate::world::Wrong;
use ecabinet_client::{Client, Fetched, OutboxCount};
use ecabinet_domain::Act;
use std::collections::BTreeSet;

type Told = Result<(), Wrong>;

impl Story {
    /// Holds what an open app shows against the truth and against what it promised.
    pub fn check(&mut self, at: usize, end: bool) -> Told {
        let Some(client) = self.world.machines[at].client.clone() else { return Ok(()) };
        if client.ended().is_some() {
            return self.world.end_for_good(at);
        }
        let name = self.world.machines[at].name.clone();
        self.holds(at, &client, end).map_err(|wrong| format!("{name}: {wrong}"))
    }

    fn holds(&mut self, at: usize, client: &Client, end: bool) -> Told {
        let body = self.world.body();
        let summary = client.summary(body, Fetched::default()).map_err(|error| error.0.to_string())?;
        let size = summary.position as usize;
        if self.world.model.root(size) != Some(summary.root) {
            return Err(format!("its record of {size} entries is not the server's"));
        }
        // To fold all again is most of what looking costs: once when it was opened, and whenever it has grown.
        let seen = &mut self.world.machines[at].seen_folded;
        if (end || *seen != Some(size))
            && !client.is_folded_well(body).map_err(|error| error.0.to_string())?
        {
            return Err(format!("what it holds of {size} entries is not what they give"));
        }
        *seen = Some(size);
        let truth = self.world.model.at(size);
        let count = self.check_acts(at, client, size, &truth, end)?;
        if count != summary.outbox {
            return Err(format!("it counts {:?} of its acts and shows {count:?}", summary.outbox));
        }
        self.check_results(client, &truth, end)?;
        // Nothing here damages a disk beside a power cut: what does not open was never durable.
        if client.chunks_found_damaged() > 0 {
            return Err("chunks that it held are lost".into());
        }
        self.check_own_notes(at, client)?;
        self.check_shared_notes(at, client, size)
    }

    /// Gives how many acts are shown to have come how far.
    fn check_acts(
        &mut self,
        at: usize,
        client: &Client,
        size: usize,
        truth: &Truth,
        end: bool,
    ) -> Result<OutboxCount, Wrong> {
        let body = self.world.body();
        let mut count = OutboxCount::default();
        let acts = client.acts(body).map_err(|error| error.0.to_string())?;
        let active = self.acts(at);
        let model = &mut self.world.model;
        let mut here = BTreeSet::new();
        for act in acts {
            let state = serde_json::to_value(act.state).expect("a word");
            let poll = match &act.row.header.act {
                Act::BallotCast(ballot) => Some(ballot.poll.to_string()),
                _ => None,
            };
            let shown = Shown {
                id: act.statement.to_string(),
                kind: act.kind,
                state: state.as_str().expect("a word").to_owned(),
                poll,
            };
            model.check_act(at, &shown, size, truth)?;
            *match shown.state.as_str() {
                "saved" => &mut count.saved,
                "received" => &mut count.received,
                "refused" => &mut count.refused,
                "counted" => &mut count.counted,
                _ => &mut count.recorded,
            } += 1;
            if !matches!(shown.state.as_str(), "saved" | "received" | "refused") {
                client.receipt(body, act.statement).map_err(|_| format!("no receipt of {}", shown.kind))?;
            }
            let waits = matches!(shown.state.as_str(), "saved" | "received");
            let refused = shown.state == "refused" && matches!(shown.kind, "ballot.cast" | "device.enrol");
            if end && active && (waits || refused) {
                return Err(format!("{} is {} in the end: {:?}", shown.kind, shown.state, act.error));
            }
            here.insert(shown.id);
        }
        let promised = model.acts.entry(at).or_default();
        if let Some(lost) = promised.difference(&here).next() {
            return Err(format!("act {lost:.8} was kept and is gone"));
        }
        *promised = here;
        Ok(count)
    }

    /// Whether a machine's device may act, by the whole record.
    fn acts(&self, at: usize) -> bool {
        self.world.machines[at]
            .device
            .as_ref()
            .is_some_and(|device| self.world.model.truth.people.acts(device))
    }
}
