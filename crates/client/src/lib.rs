//! The offline core: vault, outbox, sync, packs, notes.
