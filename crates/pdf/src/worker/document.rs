use crate::blocks::{Blocks, Failed, Link};
use crate::draw::{self, Canvas};
use crate::links::{self, Places};
use crate::{damage, glyphs, outline};
use ecabinet_pdf::wire::Reply;
use ecabinet_pdf::{
    Damage, Hit, Info, OutlineItem, PageLink, PageSize, PageText, PdfError, Query, Render, Wall, Way, find,
};
use pdfium_render::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// The one paper of this process.
pub(crate) struct Document {
    /// The page used last, by its index, kept until the next one is read: what is asked of a page comes together, and pdfium
    /// forgets a font with the last page that uses it. Closed before the paper is.
    page: RefCell<Option<(i32, Rc<PdfPage<'static>>)>>,
    pdf: PdfDocument<'static>,
    failed: Failed,
    damage: Option<Damage>,
}

/// Pages looked at for text when a paper is opened.
const LOOKED_AT: u32 = 4;

impl Document {
    pub(crate) fn open(pdfium: &'static Pdfium, link: Arc<Link>, len: u64) -> Result<Self, PdfError> {
        let failed = Failed::default();
        let mut blocks = Blocks::new(link, len, failed.clone());
        let damage = damage::inspect(&mut blocks)?;
        let loaded = pdfium.load_pdf_from_reader(blocks, None);
        if failed.is_set() {
            return Err(unread());
        }
        let pdf = loaded.map_err(|error| match error {
            PdfiumError::PdfiumLibraryInternalError(
                PdfiumInternalError::PasswordError | PdfiumInternalError::SecurityError,
            ) => PdfError::Encrypted,
            _ => PdfError::Truncated(damage.unwrap_or(Damage::Structure)),
        })?;
        if pdf.pages().is_empty() {
            return Err(PdfError::Truncated(damage.unwrap_or(Damage::NoPages)));
        }
        Ok(Self { page: RefCell::default(), pdf, failed, damage })
    }

    pub(crate) fn info(&self, wall: Wall) -> Result<Info, PdfError> {
        let pages = self.pdf.pages();
        let size = |page| {
            let size = pages.page_size(page).map_err(|_| PdfError::Truncated(Damage::Structure))?;
            Ok(PageSize { width: size.width().value, height: size.height().value })
        };
        let has_text =
            |page| self.page(page).is_ok_and(|page| page.text().is_ok_and(|text| !text.is_empty()));
        let title = self.pdf.metadata().get(PdfDocumentMetadataTagType::Title);
        let signatures = self.pdf.signatures();
        let security = self.pdf.permissions().security_handler_revision();
        let info = Info {
            pages: pages.as_range().map(size).collect::<Result<_, _>>()?,
            title: title.map(|tag| tag.value().trim().to_owned()).filter(|title| !title.is_empty()),
            encrypted: !matches!(security, Ok(PdfSecurityHandlerRevision::Unprotected)),
            signed: signatures.iter().any(|signature| !signature.bytes().is_empty()),
            signature_fields: signatures.len().into(),
            has_text: (0..self.count().min(LOOKED_AT)).any(has_text),
            damage: self.damage,
            wall,
        };
        self.checked(info)
    }

    pub(crate) fn render(&self, render: Render, canvas: &mut Canvas) -> Result<Reply, PdfError> {
        let reply = self.page(render.page).and_then(|page| draw::draw(&page, &render, canvas));
        self.checked(())?;
        reply
    }

    pub(crate) fn text(&self, page: u32) -> Result<PageText, PdfError> {
        let page = self.page(page)?;
        let text = glyphs::page_text(&page).map_err(|_| PdfError::Truncated(Damage::Structure));
        self.checked(())?;
        text
    }

    pub(crate) fn search(
        &self,
        query: &Query,
        way: Way,
        first: u32,
        count: u32,
    ) -> Result<Vec<Hit>, PdfError> {
        let end = first.saturating_add(count).min(self.count());
        let mut hits = Vec::new();
        for page in first..end {
            // A page that cannot be read has nothing to find; the others still have.
            match self.text(page) {
                Ok(text) => hits.extend(find(page, &text, query, way)),
                Err(error @ PdfError::Read(_)) => return Err(error),
                Err(_) => {}
            }
        }
        self.checked(hits)
    }

    pub(crate) fn outline(&self) -> Result<Vec<OutlineItem>, PdfError> {
        let mut items = Vec::new();
        outline::collect(&mut Places::new(&self.pdf), self.pdf.bookmarks().root(), 0, &mut items);
        self.checked(items)
    }

    pub(crate) fn links(&self, page: u32) -> Result<Vec<PageLink>, PdfError> {
        let page = self.page(page)?;
        let links = links::of_page(&mut Places::new(&self.pdf), &page);
        self.checked(())?;
        links.map_err(|_| PdfError::Truncated(Damage::Structure))
    }

    fn count(&self) -> u32 {
        self.pdf.pages().len() as u32
    }

    fn page(&self, page: u32) -> Result<Rc<PdfPage<'static>>, PdfError> {
        let pages = self.pdf.pages();
        let missing = PdfError::PageMissing { page, pages: self.count() };
        let index = i32::try_from(page).ok().filter(|index| *index < pages.len()).ok_or(missing)?;
        let last = self.page.borrow().as_ref().filter(|(at, _)| *at == index).map(|(_, page)| page.clone());
        if let Some(page) = last {
            return Ok(page);
        }
        let page = pages.get(index);
        self.checked(())?;
        let page = Rc::new(page.map_err(|_| PdfError::Truncated(Damage::Structure))?);
        self.page.replace(Some((index, page.clone())));
        Ok(page)
    }

    /// Nothing that pdfium says holds after a read that failed.
    fn checked<T>(&self, value: T) -> Result<T, PdfError> {
        if self.failed.is_set() { Err(unread()) } else { Ok(value) }
    }
}

/// The parent knows why.
fn unread() -> PdfError {
    PdfError::Read("the parent could not read the paper".into())
}
