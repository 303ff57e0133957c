//! A desktop's notices: the service that shows them, on the session bus, for machines that have none. The app speaks to it as
//! to the real one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use zbus::blocking::{Connection, connection};
use zbus::zvariant::OwnedValue;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
const PATIENCE: Duration = Duration::from_secs(60);

/// A notice as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub by: String,
    pub title: String,
    pub text: String,
}

/// Ends when it is dropped.
pub struct Notices {
    _connection: Connection,
    shown: Arc<Mutex<Vec<Notice>>>,
}

struct Service(Arc<Mutex<Vec<Notice>>>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Service {
    #[allow(clippy::too_many_arguments)]
    fn notify(
        &self,
        app_name: String,
        _replaces_id: u32,
        _app_icon: String,
        summary: String,
        body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expire_timeout: i32,
    ) -> u32 {
        let mut shown = self.0.lock().expect("not poisoned");
        shown.push(Notice { by: app_name, title: summary, text: body });
        shown.len() as u32
    }

    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".into()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("story".into(), "ecabinet".into(), "1".into(), "1.2".into())
    }
}

impl Notices {
    pub fn start() -> Notices {
        let shown = Arc::default();
        let connection = connection::Builder::session()
            .and_then(|bus| bus.name(NAME))
            .and_then(|bus| bus.serve_at(PATH, Service(Arc::clone(&shown))))
            .and_then(|bus| bus.build())
            .expect("a session bus without notices");
        Notices { _connection: connection, shown }
    }

    /// All that was shown so far.
    pub fn shown(&self) -> Vec<Notice> {
        self.shown.lock().expect("not poisoned").clone()
    }

    /// Waits until so many were shown.
    pub async fn wait(&self, count: usize) -> Vec<Notice> {
        let begun = Instant::now();
        loop {
            let shown = self.shown();
            if shown.len() >= count {
                return shown;
            }
            assert!(begun.elapsed() < PATIENCE, "{} notices of {count}: {shown:?}", shown.len());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
