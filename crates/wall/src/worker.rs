//! The wall around a worker that parses hostile papers. After it, there are no files, no network, no new processes and no
//! new code; what the worker was given before (its socket or pipes, libraries and fonts in memory) is all that it has.

use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};

/// The measures in force around the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Wall {
    /// No files and, on newer kernels, no network and no signals.
    pub landlock: Landlock,
    /// Only the system calls that drawing needs; any other one ends the worker.
    pub seccomp: bool,
    /// Memory, processor time, file size and core dumps are limited.
    pub limits: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Landlock {
    #[default]
    None,
    /// An older kernel: files, perhaps not the network.
    Partial,
    Full,
}

impl Wall {
    /// All that this program can put around a worker; an older kernel's landlock counts.
    pub fn is_whole(&self) -> bool {
        self.landlock != Landlock::None && self.seccomp && self.limits
    }

    /// Files and network are out of reach: by seccomp alone, or by it and landlock.
    pub fn holds(&self) -> bool {
        self.seccomp
    }
}

/// Raises what this system has of it, and says what that was. Everything that opens files comes before; no other thread
/// may run yet.
pub fn raise() -> Wall {
    tzset();
    let limits = limit();
    let landlock = landlock();
    Wall { landlock, seccomp: seccomp(), limits }
}

/// Closes what the parent itself had inherited and passed on unawares. To be called before anything is opened.
#[cfg(target_os = "linux")]
#[expect(
    unsafe_code,
    reason = "nothing in this process owns a descriptor above 2 yet; std offers no call for it"
)]
pub fn let_go() {
    // A kernel before 5.9 has no such call, and nothing is closed.
    unsafe { libc::syscall(libc::SYS_close_range, 3u32, u32::MAX, 0u32) };
}

#[cfg(not(target_os = "linux"))]
pub fn let_go() {}

// pdfium asks for the local time, and the C library then opens a file unless it has already done so.
#[expect(
    unsafe_code,
    reason = "no crate in use offers tzset; it takes nothing, and no other thread runs yet"
)]
unsafe extern "C" {
    safe fn tzset();
}

/// Processor time of a whole life, in seconds.
const LIFE: u64 = 30 * 60;

/// Grants so much more processor time, in whole seconds: for what is asked next. Whoever asks has a deadline that is
/// shorter; it is for a worker that is in the midst of an endless page when its parent dies, and whom nobody ends.
pub fn grant(seconds: u64) {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime).tv_sec;
    let current = (used as u64 + seconds).min(LIFE);
    // Where it cannot be had, the limit of the whole life stands.
    let _ = setrlimit(Resource::Cpu, Rlimit { current: Some(current), maximum: Some(LIFE) });
}

/// pdfium draws white when it runs out of memory, so that limit is generous.
fn limit() -> bool {
    let limits = [
        (Resource::As, 2 << 30),
        (Resource::Cpu, LIFE),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
        (Resource::Nofile, 16),
    ];
    let set = limits.into_iter().all(|(resource, most)| {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) }).is_ok()
    });
    // Once before the wall, since how to ask the clock is found out in a way that is closed then.
    grant(LIFE);
    set
}

#[cfg(target_os = "linux")]
fn landlock() -> Landlock {
    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetStatus, Scope};
    let all = ABI::V7;
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(all))
        .and_then(|set| set.handle_access(AccessNet::from_all(all)))
        .and_then(|set| set.scope(Scope::from_all(all)))
        .and_then(|set| set.create())
        .and_then(|set| set.restrict_self());
    match status.map(|status| status.ruleset) {
        Ok(RulesetStatus::FullyEnforced) => Landlock::Full,
        Ok(RulesetStatus::PartiallyEnforced) => Landlock::Partial,
        Ok(RulesetStatus::NotEnforced) | Err(_) => Landlock::None,
    }
}

/// Any system call beyond memory, time and the open socket ends the process.
#[cfg(target_os = "linux")]
fn seccomp() -> bool {
    use libc::*;
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule,
    };
    #[rustfmt::skip]
    let allowed = [
        SYS_read, SYS_write, SYS_recvmsg, SYS_sendmsg, SYS_recvfrom, SYS_sendto, SYS_pread64, SYS_lseek, SYS_fstat,
        SYS_close, SYS_brk, SYS_munmap, SYS_mremap, SYS_madvise, SYS_futex, SYS_sched_yield, SYS_clock_gettime,
        SYS_getrandom, SYS_rt_sigreturn, SYS_rt_sigprocmask, SYS_sigaltstack, SYS_exit, SYS_exit_group,
        SYS_restart_syscall, SYS_gettid, SYS_getpid, SYS_sysinfo,
    ];
    // Of itself: a limit can be lowered, and raised again as far as it once was.
    let own_limit = || {
        let condition = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, 0)?;
        SeccompRule::new(vec![condition])
    };
    let not_executable = || {
        let condition =
            SeccompCondition::new(2, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(PROT_EXEC as u64), 0)?;
        SeccompRule::new(vec![condition])
    };
    let raise = || -> Result<(), seccompiler::Error> {
        let mut rules: std::collections::BTreeMap<_, _> =
            allowed.into_iter().map(|call| (call, vec![])).collect();
        rules.insert(SYS_mmap, vec![not_executable()?]);
        rules.insert(SYS_mprotect, vec![not_executable()?]);
        rules.insert(SYS_prlimit64, vec![own_limit()?]);
        let arch = std::env::consts::ARCH.try_into()?;
        let filter = SeccompFilter::new(rules, SeccompAction::KillProcess, SeccompAction::Allow, arch)?;
        seccompiler::apply_filter(&BpfProgram::try_from(filter)?)
    };
    raise().is_ok()
}

#[cfg(not(target_os = "linux"))]
fn landlock() -> Landlock {
    Landlock::None
}

#[cfg(not(target_os = "linux"))]
fn seccomp() -> bool {
    false
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    /// Not a test by itself: what the test below lets a process of its own try behind the wall.
    #[test]
    fn attempt() {
        let Ok(attempt) = std::env::var("ECABINET_WALL_ATTEMPT") else { return };
        assert!(raise().holds());
        let done = match attempt.as_str() {
            "nothing" => true,
            "run without end" => {
                grant(1);
                loop {
                    std::hint::spin_loop();
                }
            }
            "work on, granted more" => {
                for _ in 0..4 {
                    grant(2);
                    let begun = std::time::Instant::now();
                    while begun.elapsed() < std::time::Duration::from_millis(900) {
                        std::hint::spin_loop();
                    }
                }
                true
            }
            "read a file" => std::fs::read("/etc/hostname").is_ok(),
            "write a file" => std::fs::write("/tmp/ecabinet-wall", "x").is_ok(),
            "speak to the network" => std::net::UdpSocket::bind("127.0.0.1:0").is_ok(),
            "start a program" => Command::new("/bin/true").status().is_ok(),
            "start a thread" => std::thread::Builder::new().spawn(|| ()).is_ok(),
            other => panic!("{other}"),
        };
        // Past the test program's own end, which would need more than the wall allows.
        std::process::exit(if done { 42 } else { 43 });
    }

    #[test]
    fn keeps_in_whoever_is_behind_it() {
        let end = |attempt: &str| {
            let mut this = Command::new(std::env::current_exe().unwrap());
            this.args(["worker::tests::attempt", "--exact"]).env("ECABINET_WALL_ATTEMPT", attempt);
            this.output().unwrap().status
        };
        assert_eq!(end("nothing").code(), Some(42));
        assert_eq!(end("run without end").signal(), Some(libc::SIGXCPU));
        assert_eq!(end("work on, granted more").code(), Some(42));
        let attempts =
            ["read a file", "write a file", "speak to the network", "start a program", "start a thread"];
        for attempt in attempts {
            assert_eq!(end(attempt).signal(), Some(libc::SIGSYS), "{attempt}");
        }
    }
}
