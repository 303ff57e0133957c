//! Papers: open, render, text; in a worker process of its own.
