//! A desktop's keyring of its own: a session bus with a real daemon on it, to be replaced and taken away.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Starts with `start`; the default is the keyring of the session that the story itself is told in.
#[derive(Default)]
pub struct Keyring {
    own: Option<Own>,
}

struct Own {
    bus: Child,
    daemon: Option<Child>,
    address: String,
    home: PathBuf,
}

/// A bus that starts no service by itself: else the first who asks for secrets would get a keyring of the bus's own.
const CONFIG: &str = r#"<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>"#;

const PATIENCE: Duration = Duration::from_secs(60);

impl Keyring {
    /// A new desktop with an empty, unlocked keyring.
    pub fn start(home: &Path) -> Keyring {
        std::fs::create_dir_all(home).expect("a folder");
        let config = home.join("bus.conf");
        std::fs::write(&config, CONFIG).expect("written");
        let mut bus = Command::new("dbus-daemon")
            .arg("--nofork")
            .arg("--print-address=1")
            .arg(format!("--config-file={}", config.display()))
            .env("HOME", home)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon starts");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().expect("piped")).read_line(&mut address).expect("an address");
        let mut own = Own { bus, daemon: None, address: address.trim().to_owned(), home: home.to_owned() };
        own.serve();
        Keyring { own: Some(own) }
    }

    /// Nobody answers for secrets any more.
    pub fn stop(&mut self) {
        self.own.as_mut().expect("a desktop of its own").stop();
    }

    /// Lets a program run on this desktop.
    pub fn on<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        match &self.own {
            Some(own) => own.on(command),
            None => command,
        }
    }
}

impl Own {
    fn stop(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            daemon.kill().expect("killed");
            daemon.wait().expect("ended");
        }
    }

    fn on<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("DBUS_SESSION_BUS_ADDRESS", &self.address).env("HOME", &self.home)
    }

    fn serve(&mut self) {
        // Where a daemon that was killed had listened: the next one would take it for a living one.
        let _ = std::fs::remove_dir_all(self.home.join("keyring"));
        let mut daemon = Command::new("gnome-keyring-daemon");
        daemon.args(["--unlock", "--foreground", "--components=secrets"]);
        self.on(&mut daemon).env("XDG_DATA_HOME", self.home.join(".local/share"));
        daemon
            .env("XDG_RUNTIME_DIR", &self.home)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut daemon = daemon.spawn().expect("gnome-keyring-daemon starts");
        daemon.stdin.take().expect("piped").write_all(b"\n").expect("an empty password");
        self.daemon = Some(daemon);
        let begun = Instant::now();
        while !self.answers() {
            assert!(begun.elapsed() < PATIENCE, "the keyring does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Whether the default keyring is there and unlocked.
    fn answers(&self) -> bool {
        let mut ask = Command::new("dbus-send");
        ask.args(["--session", "--print-reply", "--dest=org.freedesktop.secrets"]);
        ask.args(["/org/freedesktop/secrets/aliases/default", "org.freedesktop.DBus.Properties.Get"]);
        ask.args(["string:org.freedesktop.Secret.Collection", "string:Locked"]);
        let said = self.on(&mut ask).output().expect("dbus-send runs");
        String::from_utf8_lossy(&said.stdout).contains("boolean false")
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        if let Some(daemon) = &mut self.daemon {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}
