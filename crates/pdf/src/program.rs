use crate::PdfError;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where the worker program is and how it is run.
#[derive(Debug, Clone)]
pub struct Program {
    pub path: PathBuf,
    /// The pdfium library; otherwise `ECABINET_PDFIUM`, else the worker looks beside itself.
    pub pdfium: Option<PathBuf>,
    /// A folder with the Liberation fonts; otherwise `ECABINET_FONTS`, else the worker looks beside itself.
    pub fonts: Option<PathBuf>,
    /// A request that takes longer ends its worker.
    pub deadline: Duration,
    /// Its workers take the processor only when nobody else wants it.
    pub behind: bool,
}

const NAME: &str = "ecabinet-pdf-worker";

impl Program {
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            pdfium: None,
            fonts: None,
            deadline: Duration::from_secs(10),
            behind: false,
        }
    }

    /// By `ECABINET_PDF_WORKER`, else beside the running program (or one folder up, where Cargo puts the programs
    /// that a test uses). Error: [`PdfError::Library`].
    pub fn find() -> Result<Self, PdfError> {
        if let Some(path) = std::env::var_os("ECABINET_PDF_WORKER") {
            return Ok(Self::at(path));
        }
        let here = std::env::current_exe().map_err(|e| PdfError::Library(e.to_string()))?;
        let beside = here.ancestors().skip(1).take(2).map(|dir| dir.join(NAME)).find(|p| p.is_file());
        beside
            .map(Self::at)
            .ok_or_else(|| PdfError::Library(format!("{NAME} is not beside {}", here.display())))
    }

    /// The same with workers that stand behind all others, and are waited for longer.
    pub fn behind(self) -> Self {
        Self { behind: true, deadline: self.deadline * 3, ..self }
    }

    /// The whole environment of a worker.
    pub(crate) fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        let given =
            |own: &Option<PathBuf>, name| own.clone().or_else(|| Some(std::env::var_os(name)?.into()));
        let mut environment = vec![("TZ", PathBuf::from("UTC0"))];
        for (name, own) in [("ECABINET_PDFIUM", &self.pdfium), ("ECABINET_FONTS", &self.fonts)] {
            environment.extend(given(own, name).map(|path| (name, absolute(&path))));
        }
        environment
    }
}

/// The worker is started in `/`, so that it holds no folder of the user's.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.into())
}
