//! What crosses a process: sync API, views of the user interface, error codes.
