//! Stories with real programs.
