//! Orders statements, stores, releases.
