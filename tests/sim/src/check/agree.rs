//! What must hold of all together: the server, and everybody's devices.

use super::Told;
use crate::cast;
use crate::story::Story;
use crate::world::Role;
use ecabinet_client::Client;
use ecabinet_domain::{Act, State};
use ecabinet_protocol::content::{self, BodyContent, PaperContent};
use ecabinet_protocol::space::SpaceOwner;
use ecabinet_record::{Trust, device_id};
use ecabinet_server::chunks::ChunkStore;
use ecabinet_server::store::Store;
use std::sync::Arc;

impl Story {
    pub(super) fn all_agree(&mut self) -> Told {
        self.world.notice();
        let members = self.there().into_iter().filter(|at| self.acts(*at)).collect::<Vec<_>>();
        self.check_server(&members)?;
        for at in &members {
            self.check(*at, true)?;
            self.check_code(*at)?;
            self.check_papers(*at)?;
            if let Some(client) = self.world.machines[*at].client.clone() {
                self.check_views(&client)
                    .map_err(|wrong| format!("{}: {wrong}", self.world.machines[*at].name))?;
            }
        }
        (0..cast::PEOPLE).try_for_each(|person| self.check_notes(person, &members))?;
        self.check_groups(&members)
    }

    /// The server's record holds, with all that it names, and everybody has the same.
    fn check_server(&mut self, members: &[usize]) -> Told {
        self.world.catch_up()?;
        let body = self.world.body();
        let (store, chunks) = {
            let server = &self.world.server;
            (server.store.clone().expect("on"), server.chunks.clone().expect("on"))
        };
        let founded = self.world.founded.clone();
        let mut replica = founded.replica.clone();
        let mut chunk_key = None;
        for (index, leaf) in self.world.model.leaves.iter().enumerate() {
            let header = match founded.headers.get(index) {
                Some(header) => header.clone(),
                None => {
                    let entry = replica.replay(leaf, Trust::Verify);
                    let entry = entry.map_err(|bad| format!("the record: {bad}"))?;
                    entry.expect("of our level").statement.header
                }
            };
            let Some(commitment) = header.payload else { continue };
            let payload = store.payload(body, index as u64).map_err(|error| error.to_string())?;
            let payload = payload.filter(|payload| payload.opens(&commitment));
            let payload = payload.ok_or(format!("the payload of entry {index} is gone"))?;
            if let Act::BodyGenesis(_) = header.act {
                chunk_key = content::read::<BodyContent>(&payload.bytes).map(|body| body.chunk_key);
            }
            let Act::PaperPublish(_) = header.act else { continue };
            let paper: PaperContent = content::read(&payload.bytes).expect("a paper");
            for chunk in paper.manifest.chunks {
                let bytes = chunks.get(body, &chunk.name).map_err(|error| format!("a chunk: {error}"))?;
                if content::chunk_name(&chunk_key.expect("of genesis"), &bytes) != chunk.name {
                    return Err("a chunk is not what it was".into());
                }
            }
        }
        let head = store.head(body).map_err(|error| error.to_string())?;
        if head.root != replica.tree().root() {
            return Err("the server's root is not that of its entries".into());
        }
        let state = replica.state().expect("a body");
        for at in members {
            let name = &self.world.machines[*at].name;
            let client = self.world.machines[*at].client.as_ref().ok_or(format!("{name} is not open"))?;
            if client.state(body).ok().as_ref() != Some(state) {
                return Err(format!("{name} has another state of the body"));
            }
        }
        self.check_state(state)?;
        self.check_recovery(state, &*store)
    }

    /// A member's notes open with his printed code, whatever becomes of his devices.
    fn check_recovery(&self, state: &State, store: &dyn Store) -> Told {
        let body = self.world.body();
        for (id, member) in &state.members {
            let Some(recovery) = member.recovery else { continue };
            let spaces = store.spaces(body, SpaceOwner::Member(*id)).map_err(|error| error.to_string())?;
            let keys = store
                .space_keys(body, SpaceOwner::Member(*id), &[device_id(&recovery)])
                .map_err(|error| error.to_string())?;
            if spaces.iter().any(|space| space.ops > 0 && keys.iter().all(|key| key.space != space.space)) {
                return Err(format!("the printed code of member {id} does not open his notes"));
            }
        }
        Ok(())
    }

    /// Whose first device it is has his printed code.
    fn check_code(&self, at: usize) -> Told {
        let machine = &self.world.machines[at];
        let device = machine.device.as_deref().expect("it acts");
        let Some(printed) = self.world.model.truth.people.printed.get(device) else { return Ok(()) };
        let held = machine.code.as_deref().map(|code| crate::world::printed(code).id().to_string());
        match held.as_ref() == Some(printed) {
            true => Ok(()),
            false => Err(format!("nobody has the recovery code of {}", machine.name)),
        }
    }

    fn check_papers(&mut self, at: usize) -> Told {
        let machine = &self.world.machines[at];
        if machine.role == Role::Registrar {
            return Ok(());
        }
        let (name, body) = (machine.name.clone(), self.world.body());
        let client: Arc<Client> = machine.client.clone().ok_or(format!("{name} is not open"))?;
        let wrong = |error: ecabinet_client::Error| format!("{name}: papers: {}", error.0);
        let progress = client.progress(body).map_err(wrong)?;
        if progress.ready != progress.total {
            return Err(format!("{name} has {} of {} papers", progress.ready, progress.total));
        }
        for meeting in client.meetings(body).map_err(wrong)? {
            for item in client.meeting(body, meeting.id).map_err(wrong)?.items {
                for paper in item.papers {
                    client.check_paper(body, paper.rev).map_err(wrong)?;
                }
            }
        }
        Ok(())
    }
}
