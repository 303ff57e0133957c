use ecabinet_pdf::{Format, Image, PageSize, Paper, PdfError, Render, Rotation};

/// A paper for a printer. It is drawn page by page, and nothing of it is written to a file here.
pub struct PrintJob {
    /// What the printer's queue shows.
    pub name: String,
    pub(super) paper: Paper,
}

impl PrintJob {
    /// In page points.
    pub fn pages(&self) -> &[PageSize] {
        &self.paper.info().pages
    }

    /// A page so many pixels wide, as RGBA.
    pub fn draw(&self, page: u32, width: u32) -> Result<Image, PdfError> {
        self.paper.render(Render { page, width, rotation: Rotation::None, format: Format::Rgba })
    }
}
