//! The rules of the cabinet, pure: no I/O, no clock, no randomness.
