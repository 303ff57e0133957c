//! A stand-in for logind on a bus of its own, for machines that have none: the app speaks to it as to the real one.

use std::io::{BufRead, BufReader, PipeReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use zbus::blocking::{Connection, connection};
use zbus::zvariant::OwnedFd;

const PATH: &str = "/org/freedesktop/login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";

/// Ends with its bus when it is dropped.
pub struct Logind {
    bus: Child,
    /// For `DBUS_SYSTEM_BUS_ADDRESS`.
    pub address: String,
    connection: Connection,
    holds: Arc<Mutex<Vec<PipeReader>>>,
}

struct Manager(Arc<Mutex<Vec<PipeReader>>>);

#[zbus::interface(name = "org.freedesktop.login1.Manager")]
impl Manager {
    /// Holds sleep off for as long as the descriptor is open somewhere.
    fn inhibit(&self, what: &str, _who: &str, _why: &str, mode: &str) -> zbus::fdo::Result<OwnedFd> {
        if (what, mode) != ("sleep", "delay") {
            return Err(zbus::fdo::Error::InvalidArgs(format!("{what} {mode}")));
        }
        let (reader, writer) =
            std::io::pipe().map_err(|error| zbus::fdo::Error::Failed(error.to_string()))?;
        self.0.lock().expect("not poisoned").push(reader);
        Ok(std::os::fd::OwnedFd::from(writer).into())
    }
}

impl Logind {
    pub fn start() -> Logind {
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon starts");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().expect("piped")).read_line(&mut address).expect("an address");
        let address = address.trim().to_owned();
        let holds = Arc::default();
        let connection = connection::Builder::address(address.as_str())
            .and_then(|bus| bus.name("org.freedesktop.login1"))
            .and_then(|bus| bus.serve_at(PATH, Manager(Arc::clone(&holds))))
            .and_then(|bus| bus.build())
            .expect("a bus");
        Logind { bus, address, connection, holds }
    }

    /// Says that the machine is about to sleep, waits until nothing holds it off any more, as the real one does for
    /// five seconds, and says that it is awake again.
    pub fn sleep(&self) {
        let holds: Vec<PipeReader> = std::mem::take(&mut *self.holds.lock().expect("not poisoned"));
        assert!(!holds.is_empty(), "nobody asked to be waited for");
        self.say("PrepareForSleep", true);
        let (send, let_go) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for mut hold in holds {
                let _ = hold.read(&mut [0]);
            }
            let _ = send.send(());
        });
        let_go
            .recv_timeout(std::time::Duration::from_secs(5))
            .expect("the machine may sleep within five seconds");
    }

    pub fn wake(&self) {
        self.say("PrepareForSleep", false);
    }

    /// Whether the app asks to be waited for.
    pub fn is_held(&self) -> bool {
        !self.holds.lock().expect("not poisoned").is_empty()
    }

    fn say(&self, signal: &str, value: bool) {
        self.connection.emit_signal(None::<&str>, PATH, MANAGER, signal, &value).expect("said");
    }
}

impl Drop for Logind {
    fn drop(&mut self) {
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}

/// The desktop's screen saver says that the screen is locked.
pub fn lock_screen() {
    std::thread::spawn(|| {
        let bus = Connection::session().expect("a session bus");
        let name = "org.gnome.ScreenSaver";
        bus.emit_signal(None::<&str>, "/org/gnome/ScreenSaver", name, "ActiveChanged", &true).expect("said");
    })
    .join()
    .expect("said");
}
