use serde::{Deserialize, Serialize};

/// Why a paper could not be opened, drawn or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum PdfError {
    #[error("this is not a PDF file: it has no %PDF header")]
    NotPdf,
    #[error("the PDF needs a password")]
    Encrypted,
    #[error("the PDF is damaged or cut off: {0}")]
    Truncated(Damage),
    #[error("there is no page {page} among {pages} (counted from 0)")]
    PageMissing { page: u32, pages: u32 },
    #[error("a bitmap of {width} x {height} pixels is too large or empty")]
    Size { width: u32, height: u32 },
    #[error("the worker did not answer in time")]
    Timeout,
    #[error("the worker ended or answered nonsense: {0}")]
    Crashed(String),
    #[error("the paper's bytes could not be read: {0}")]
    Read(String),
    #[error("pdfium or its worker could not be started: {0}")]
    Library(String),
}

/// What is wrong with a damaged file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Damage {
    /// The end-of-file mark is missing: the end of the file was lost.
    #[error("no end-of-file mark")]
    NoEnd,
    /// The end does not lead to a cross-reference table.
    #[error("its end does not lead to a cross-reference table")]
    NoTable,
    /// pdfium could not make sense of the file.
    #[error("its structure cannot be read")]
    Structure,
    /// The file has no page.
    #[error("no pages")]
    NoPages,
}

impl PdfError {
    /// The stable code, for the user interface to translate.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotPdf => "pdf.not_pdf",
            Self::Encrypted => "pdf.encrypted",
            Self::Truncated(_) => "pdf.truncated",
            Self::PageMissing { .. } => "pdf.page_missing",
            Self::Size { .. } => "pdf.size",
            Self::Timeout => "pdf.timeout",
            Self::Crashed(_) => "pdf.crashed",
            Self::Read(_) => "pdf.read",
            Self::Library(_) => "pdf.library",
        }
    }
}
