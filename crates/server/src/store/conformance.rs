use super::*;
pub(super) fn conformance(_make: impl Fn() -> Box<dyn Store>) {}
pub(super) fn erase(_store: &dyn Store, _secret: &[u8]) {}
