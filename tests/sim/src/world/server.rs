//! The server: on, off, restored, and what its durable record says.

use super::machine::SimClock;
use super::{World, Wrong};
use crate::disk::{Image, SimDisk, Stop};
use crate::line::Message;
use crate::model::Model;
use ecabinet_protocol::space::SpaceOwner;
use ecabinet_protocol::sync::Connection;
use ecabinet_server::chunks::ChunkFolder;
use ecabinet_server::store::{Hold, SqliteStore, Store};
use ecabinet_server::{App, ServerKeys};
use futures_util::FutureExt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

pub struct Server {
    pub disk: SimDisk,
    pub app: Option<App>,
    pub store: Option<Arc<SqliteStore>>,
    pub chunks: Option<Arc<ChunkFolder>>,
    pub keys: ServerKeys,
    pub clock: Arc<SimClock>,
    pub full: bool,
    /// Whether its clock jumped, so that it waits for an administrator.
    pub jumped: bool,
    /// Whether its data is an earlier copy, so that it may lack what was recorded.
    pub restored: bool,
}

impl Server {
    pub fn new(disk: SimDisk, keys: ServerKeys, time: Arc<AtomicU64>) -> Server {
        Server {
            disk,
            app: None,
            store: None,
            chunks: None,
            keys,
            clock: SimClock::new(time),
            full: false,
            jumped: false,
            restored: false,
        }
    }
}

impl World {
    pub fn stop_server(&mut self, stop: Stop) {
        self.server.disk.stop(stop);
        (self.server.app, self.server.store, self.server.chunks) = (None, None, None);
        self.server.full = false;
        self.trace.note(|| format!("the server stops: {stop:?}"));
    }

    pub fn start_server(&mut self) -> Result<(), Wrong> {
        if self.server.app.is_some() {
            return Ok(());
        }
        let disk = self.server.disk.boot();
        match self.open_server(&disk) {
            Ok((app, store, chunks)) => {
                let server = &mut self.server;
                (server.app, server.store, server.chunks) = (Some(app), Some(store), Some(chunks));
            }
            Err(_) if disk.is_off() => self.stop_server(Stop::Torn),
            Err(error) => return Err(format!("the server does not start: {error}")),
        }
        self.catch_up()
    }

    /// The server's disk is lost and another takes its place with an earlier copy, held as by `restore`.
    pub fn restore_server(&mut self, copy: &Image) -> Result<(), Wrong> {
        self.stop_server(Stop::PowerCut);
        let seed = self.dice.next();
        (self.server.disk, self.server.restored) = (SimDisk::new(copy, seed), true);
        let body = self.body();
        self.start_server()?;
        let store = self.server.store.as_ref().ok_or("the restored server is off")?;
        store.hold(body, Hold::default()).map_err(|error| error.to_string())?;
        self.trace.note(|| "the server is restored from a copy".into());
        Ok(())
    }

    fn open_server(&self, disk: &SimDisk) -> Result<(App, Arc<SqliteStore>, Arc<ChunkFolder>), String> {
        let root = disk.root();
        let store = SqliteStore::open_on(disk, &root.join("record.db")).map_err(|error| error.to_string())?;
        let store = Arc::new(store);
        let chunks = ChunkFolder::open_on(Arc::new(disk.clone()), &root.join("chunks"))
            .map_err(|error| error.to_string())?;
        let chunks = Arc::new(chunks);
        let (keys, clock) = (self.server.keys.clone(), self.server.clock.clone());
        let app =
            App::open_here(store.clone(), chunks.clone(), keys, clock).map_err(|error| error.to_string())?;
        Ok((app, store, chunks))
    }

    /// Reads on in the server's durable record, which may have lost nothing.
    pub fn catch_up(&mut self) -> Result<(), Wrong> {
        let (Some(store), Some(body)) = (&self.server.store, self.body) else { return Ok(()) };
        if self.server.disk.is_off() {
            return Ok(());
        }
        let read = |error: ecabinet_server::store::StoreError| format!("the server's record: {error}");
        let head = store.head(body).map_err(read)?;
        let known = self.model.leaves.len();
        if (head.size as usize) < known && !self.server.restored {
            return Err(format!("the server had {known} entries and has {}", head.size));
        }
        if head.size as usize > known {
            for leaf in store.entries(body, known as u64, usize::MAX).map_err(read)? {
                self.model.grow(leaf)?;
            }
            for (index, line) in (known..).zip(self.model.lines[known..].to_vec()) {
                if let Some(said) =
                    store.payload(body, index as u64).map_err(read)?.filter(|_| Model::counts(&line))
                {
                    self.model.hear(&line.id, &said.bytes);
                }
            }
        }
        let agrees = self.model.root(head.size as usize) == Some(head.root.to_string());
        if agrees { Ok(()) } else { Err(format!("the server's root of {} entries is another", head.size)) }
    }

    /// The server hears a request; false if it broke down over it.
    pub(super) fn ask(&mut self, message: &Message) -> Result<bool, Wrong> {
        let Some(app) = self.server.app.clone() else { return Ok(false) };
        // The server does its work on the thread that asks: it never waits.
        let answered = message.run(&app).now_or_never();
        answered.ok_or("the server waits")?;
        drop(app);
        self.has_answered()
    }

    /// A program of somebody's own making asks for what a group has written, in the session of a machine.
    pub fn peep(&mut self, at: usize, owner: SpaceOwner) -> Result<(), Wrong> {
        let (app, body) = (self.server.app.clone(), self.body());
        let session = self.line.between().sessions.get(&at).cloned();
        let (Some(app), Some(session), Some(space)) = (app, session, owner.shared_id(body)) else {
            return Ok(());
        };
        let asked = async { app.resume(&session).await?.ops(space, 0).await };
        let answer = asked.now_or_never().ok_or("the server waits")?;
        drop(app);
        let name = &self.machines[at].name;
        self.trace
            .note(|| format!("{name} peeps at {owner}: {}", if answer.is_ok() { "read" } else { "refused" }));
        if answer.is_ok() {
            self.line.between().served.push((at, space));
        }
        self.has_answered().map(drop)
    }

    /// What the server is after an answer; false if it broke down over it.
    fn has_answered(&mut self) -> Result<bool, Wrong> {
        if self.server.disk.is_off() {
            let stop = if self.dice.percent(30) { Stop::PowerCut } else { Stop::Torn };
            self.stop_server(stop);
            return Ok(false);
        }
        self.check_served()?;
        self.catch_up()?;
        Ok(true)
    }
}
