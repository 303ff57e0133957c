use crate::{copy_folder, program, run};
use serde_json::Value;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server process on loopback; the same address and data through its restarts.
pub struct Server {
    pub data: PathBuf,
    /// `127.0.0.1:port`.
    pub address: String,
    pub ca_file: PathBuf,
    pub token: String,
    process: Option<Child>,
}

impl Server {
    /// Makes the data folder and starts.
    pub fn start(dir: &Path) -> Server {
        let data = dir.join("server");
        let port =
            TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port();
        let address = format!("127.0.0.1:{port}");
        let mut init = Command::new(program("ecabinet-server"));
        init.args(["init", "--name", "127.0.0.1", "--listen", &address, "--json", "--data"]).arg(&data);
        let made = run(&mut init);
        assert_eq!(made.exit, 0, "{}{}", made.stdout, made.stderr);
        let text = |name: &str| {
            made.json[name].as_str().unwrap_or_else(|| panic!("{name} in {}", made.json)).to_owned()
        };
        let (ca_file, token) = (PathBuf::from(text("ca_file")), text("admission_token"));
        let mut server = Server { data, address, ca_file, token, process: None };
        server.resume();
        server
    }

    /// Starts the process and waits until it accepts.
    pub fn resume(&mut self) {
        assert!(self.process.is_none());
        let ready = self.data.with_extension("ready");
        let _ = std::fs::remove_file(&ready);
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.data.with_extension("log"))
            .expect("a log");
        let mut serve = Command::new(program("ecabinet-server"));
        serve.args(["serve", "--data"]).arg(&self.data).arg("--ready-file").arg(&ready);
        let log2 = log.try_clone().expect("a log");
        self.process =
            Some(serve.stdin(Stdio::null()).stdout(log).stderr(log2).spawn().expect("the server starts"));
        let begun = Instant::now();
        while !ready.exists() {
            let ended = self.process.as_mut().and_then(|process| process.try_wait().ok().flatten());
            assert!(ended.is_none(), "the server ended: {}", self.log());
            assert!(begun.elapsed() < Duration::from_secs(30), "the server is not ready: {}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        let mut process = self.process.take().expect("running");
        process.kill().expect("killed");
        process.wait().expect("ended");
    }

    /// Id of the running process.
    pub fn pid(&self) -> u32 {
        self.process.as_ref().expect("running").id()
    }

    /// A copy of the data folder, of a server that does not run.
    pub fn copy_data(&self, name: &str) -> PathBuf {
        assert!(self.process.is_none());
        let to = self.data.with_file_name(name);
        copy_folder(&self.data, &to);
        to
    }

    /// `ecabinet-server backup`, while it serves; gives the copy.
    pub fn backup(&self, name: &str) -> PathBuf {
        let to = self.data.with_file_name(name);
        let mut backup = Command::new(program("ecabinet-server"));
        let ran = run(backup.args(["backup", "--json", "--data"]).arg(&self.data).arg("--to").arg(&to));
        assert_eq!(ran.exit, 0, "{}{}", ran.stdout, ran.stderr);
        to
    }

    /// The machine is lost: `ecabinet-server restore` from a backup, and started again. It is held.
    pub fn restore(&mut self, from: &Path) {
        self.restore_with(from, &[]);
    }

    /// The same with other options; gives what it said.
    pub fn restore_with(&mut self, from: &Path, options: &[&str]) -> Value {
        if self.process.is_some() {
            self.kill();
        }
        std::fs::remove_dir_all(&self.data).expect("gone");
        let ran = run(self.restoring(from).args(options));
        assert_eq!(ran.exit, 0, "{}{}", ran.stdout, ran.stderr);
        self.resume();
        ran.json
    }

    /// `ecabinet-server restore` from a backup, yet to be run.
    pub fn restoring(&self, from: &Path) -> Command {
        let mut restore = Command::new(program("ecabinet-server"));
        restore.args(["restore", "--json", "--from"]).arg(from).arg("--data").arg(&self.data);
        restore
    }

    /// `ecabinet-server release`, while it serves.
    pub fn release(&self) -> Value {
        let mut release = Command::new(program("ecabinet-server"));
        let ran = run(release.args(["release", "--json", "--data"]).arg(&self.data));
        assert_eq!(ran.exit, 0, "{}{}", ran.stdout, ran.stderr);
        ran.json
    }

    /// `ecabinet-server check`, whatever it finds.
    pub fn look(&self) -> Value {
        let mut check = Command::new(program("ecabinet-server"));
        run(check.args(["check", "--json", "--data"]).arg(&self.data)).json
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.data.with_extension("log")).unwrap_or_default()
    }

    /// `ecabinet-server check`.
    pub fn check(&self) -> Value {
        let mut check = Command::new(program("ecabinet-server"));
        let ran = run(check.args(["check", "--deep", "--json", "--data"]).arg(&self.data));
        assert_eq!(ran.exit, 0, "{}{}", ran.stdout, ran.stderr);
        ran.json
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.process.is_some() {
            self.kill();
        }
    }
}
