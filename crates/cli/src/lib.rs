//! The client on the command line.
