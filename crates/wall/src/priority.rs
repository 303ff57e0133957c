/// How far behind: a tenth of what others get while they want it. With less, a busy machine would never come to it.
#[cfg(target_os = "linux")]
const LAST: i32 = 10;

/// Lets everybody else have the processor first: a child by its number, or the thread that calls. Where a system has no
/// such thing, nothing happens.
pub fn stand_behind(child: Option<u32>) {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Pid, setpriority_process};
        let child = child.map(|id| i32::try_from(id).ok().and_then(Pid::from_raw));
        match child {
            Some(None) => {}
            // To Linux a thread is what others call a process.
            Some(child) => drop(setpriority_process(child, LAST)),
            None => drop(setpriority_process(None, LAST)),
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = child;
}
