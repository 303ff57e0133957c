//! Signatures in PDF: sign (B-B) by incremental update.
