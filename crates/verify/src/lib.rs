//! Recomputes everything from an export.
