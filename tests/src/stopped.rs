use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

/// Programs that stand still while it lives: SIGSTOP, and SIGCONT when it is dropped. One that has ended is passed over.
pub struct Stopped(Vec<u32>);

impl Stopped {
    /// Stops them and waits until every thread of each has stopped.
    pub fn now(pids: &[u32]) -> Stopped {
        let stopped = Stopped(pids.to_vec());
        stopped.signal("-STOP");
        while pids.iter().any(|pid| runs(*pid)) {
            sleep(Duration::from_millis(1));
        }
        stopped
    }

    fn signal(&self, signal: &str) {
        for pid in &self.0 {
            let sent = Command::new("kill").args([signal, &pid.to_string()]).output();
            sent.expect("kill starts");
        }
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        self.signal("-CONT");
    }
}

/// Whether a thread of the process is neither stopped nor gone.
fn runs(pid: u32) -> bool {
    let Ok(threads) = fs::read_dir(format!("/proc/{pid}/task")) else { return false };
    threads.flatten().any(|thread| {
        let stat = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        // Behind the name, which is in brackets and may hold anything.
        let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
        state.is_some_and(|state| !"TtZX".contains(state))
    })
}

/// A copy of a folder, as it is.
pub fn copy_folder(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").args([from, to]).status().expect("cp starts");
    assert!(copied.success());
}
