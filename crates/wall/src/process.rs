use rustix::process::{Resource, Rlimit, setrlimit};

/// What keeps other programs of the same user from this one's memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Apart {
    /// A crash leaves no copy of the memory on the disk. Children inherit it, the web view's processes too.
    pub no_core: bool,
    /// No debugger attaches and nobody but root reads `/proc/PID/mem`. Linux only; not inherited by other programs.
    pub no_tracing: bool,
}

/// To be called first of all, before there is any secret. What a system does not have is left out, and told.
pub fn keep_apart() -> Apart {
    // A crash handler that is a program gets the memory whatever the limit; it does not once tracing is refused.
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    Apart { no_core: setrlimit(Resource::Core, none).is_ok(), no_tracing: refuse_tracing() }
}

#[cfg(target_os = "linux")]
fn refuse_tracing() -> bool {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn refuse_tracing() -> bool {
    false
}
