//! An open vault, and the loops that keep each body in touch with its server.

use super::link::Link;
use super::search::Behind;
use super::topic;
use crate::client::{Changed, Client};
use crate::desk::Shell;
use crate::error::Error;
use ecabinet_domain::BodyId;
use ecabinet_protocol::ui::Topic;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

pub struct Session {
    pub client: Arc<Client>,
    links: Mutex<BTreeMap<BodyId, Link>>,
    tasks: Mutex<BTreeMap<BodyId, JoinHandle<()>>>,
    relay: Mutex<Option<JoinHandle<()>>>,
    /// Reads papers for the index.
    pub behind: Arc<Behind>,
    shell: Arc<dyn Shell>,
    /// "Send and fetch now".
    now: Notify,
}

/// How long to wait before looking for the server again.
const AGAIN: Duration = Duration::from_secs(5);

impl Session {
    pub fn begin(client: Client, shell: Arc<dyn Shell>) -> Arc<Session> {
        let session = Arc::new(Session {
            client: Arc::new(client),
            links: Mutex::default(),
            tasks: Mutex::default(),
            relay: Mutex::default(),
            behind: Arc::default(),
            shell,
            now: Notify::new(),
        });
        session.relay_changes();
        session.keep_in_touch();
        session
    }

    /// Begins a loop for each body that has none yet.
    pub fn keep_in_touch(self: &Arc<Self>) {
        let mut tasks = held(&self.tasks);
        for body in self.client.bodies() {
            tasks.entry(body).or_insert_with(|| tokio::spawn(touch(Arc::downgrade(self), body)));
        }
    }

    pub fn sync_now(&self) {
        self.now.notify_waiters();
    }

    pub fn link(&self, body: BodyId) -> Link {
        held(&self.links).get(&body).cloned().unwrap_or_default()
    }

    /// Ends the loops: nothing holds the vault afterwards but what is being answered now.
    pub fn end(&self) {
        held(&self.tasks).values().for_each(JoinHandle::abort);
        if let Some(relay) = held(&self.relay).take() {
            relay.abort();
        }
        self.behind.end();
    }

    fn set_link(&self, body: BodyId, link: Link) {
        let former = held(&self.links).insert(body, link.clone());
        if former.as_ref() != Some(&link) {
            self.shell.changed(&[Topic::Connection]);
        }
    }

    /// Gathers what has changed for a moment, so that the interface reloads once.
    fn relay_changes(self: &Arc<Self>) {
        let (mut changes, shell) = (self.client.subscribe(), self.shell.clone());
        let behind = self.behind.clone();
        let relay = tokio::spawn(async move {
            while let Some(first) = next(&mut changes).await {
                let mut topics = vec![topic(first)];
                tokio::time::sleep(Duration::from_millis(30)).await;
                while let Ok(more) = changes.try_recv() {
                    topics.push(topic(more));
                }
                topics.sort();
                topics.dedup();
                if topics.contains(&Topic::Papers) || topics.contains(&Topic::Record) {
                    behind.ring();
                }
                shell.changed(&topics);
            }
        });
        *held(&self.relay) = Some(relay);
    }
}

async fn next(changes: &mut tokio::sync::broadcast::Receiver<Changed>) -> Option<Changed> {
    use tokio::sync::broadcast::error::RecvError;
    match changes.recv().await {
        Ok(change) => Some(change),
        // Too many at once to tell apart: everything may have changed.
        Err(RecvError::Lagged(_)) => Some(Changed::Record),
        Err(RecvError::Closed) => None,
    }
}

/// Follows a body's server until the session ends. Holds the session only while there is something to do.
async fn touch(session: std::sync::Weak<Session>, body: BodyId) {
    loop {
        let Some(here) = session.upgrade() else { return };
        let client = here.client.clone();
        let ended = client
            .follow(body, |round| match round {
                Ok(summary) => here.set_link(body, Link::after(&summary)),
                Err(error) => here.set_link(body, Link::failed(&error)),
            })
            .await;
        let error = ended.err().unwrap_or(Error::new("net.cut"));
        if error.code() == "device.wiped" {
            return here.shell.changed(&[Topic::App]);
        }
        here.set_link(body, Link::failed(&error));
        let mut changes = client.subscribe();
        drop(client);
        tokio::select! {
            _ = tokio::time::sleep(AGAIN) => {}
            _ = here.now.notified() => {}
            _ = async { while !matches!(next(&mut changes).await, Some(Changed::Outbox) | None) {} } => {
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
