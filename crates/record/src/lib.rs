//! Signed statements, the Merkle log, replay and export.
