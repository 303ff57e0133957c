use std::fmt;
use std::ops::Deref;
use zeroize::Zeroize;

/// A key's bytes, at most 4,096: on a page of their own, kept out of swap where the system lets this user lock memory,
/// wiped when dropped. They are never moved: a copy on the stack would outlive the wiping.
pub struct Secret<const N: usize> {
    // In this order: what is unlocked has been wiped and is not freed yet.
    locked: Option<region::LockGuard>,
    page: Box<Page>,
}

/// Apple's processors have pages of 16 KiB.
#[cfg_attr(target_vendor = "apple", repr(align(16384)))]
#[cfg_attr(not(target_vendor = "apple"), repr(align(4096)))]
struct Page([u8; 4096]);

impl<const N: usize> Secret<N> {
    /// Bytes that `fill` writes in place.
    pub fn made(fill: impl FnOnce(&mut [u8; N])) -> Secret<N> {
        const { assert!(N > 0 && N <= 4096) };
        let mut page = Box::new(Page([0; 4096]));
        let locked = region::lock(page.0.as_ptr(), page.0.len()).ok();
        fill(page.0.first_chunk_mut().expect("not longer than the page"));
        Secret { locked, page }
    }

    /// A copy; wiping the original is the caller's.
    pub fn copied(bytes: &[u8; N]) -> Secret<N> {
        Secret::made(|secret| secret.copy_from_slice(bytes))
    }

    /// Whether it is kept out of swap.
    pub fn is_locked(&self) -> bool {
        self.locked.is_some()
    }
}

impl<const N: usize> Deref for Secret<N> {
    type Target = [u8; N];

    fn deref(&self) -> &[u8; N] {
        self.page.0.first_chunk().expect("not longer than the page")
    }
}

impl<const N: usize> Drop for Secret<N> {
    fn drop(&mut self) {
        self.page.0[..N].zeroize();
    }
}

impl<const N: usize> fmt::Debug for Secret<N> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_on_a_page_that_is_locked() {
        let secret = Secret::copied(&[7; 32]);
        assert_eq!(*secret, [7; 32]);
        assert_eq!(secret.as_ptr() as usize % 4096, 0);
        assert!(secret.is_locked());
        assert_eq!(format!("{secret:?}"), "Secret");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_system_counts_what_is_locked_and_no_more_once_dropped() {
        let locked = || {
            let status = std::fs::read_to_string("/proc/self/status").unwrap();
            let line = status.lines().find_map(|line| line.strip_prefix("VmLck:")).unwrap();
            line.trim().trim_end_matches(" kB").parse::<u64>().unwrap()
        };
        let before = locked();
        let secrets: Vec<_> = (0..4).map(|byte| Secret::copied(&[byte; 64])).collect();
        assert_eq!(locked(), before + 16);
        drop(secrets);
        assert_eq!(locked(), before);
    }
}
