use ecabinet_pdf::{Damage, PdfError};
use std::io::{Read, Seek, SeekFrom};

/// Looks at a file's head and tail, which pdfium forgives too much of.
///
/// Returns the damage, or none; `NotPdf` without a header, `Read` when the bytes cannot be read.
pub(crate) fn inspect(file: &mut (impl Read + Seek)) -> Result<Option<Damage>, PdfError> {
    let len = file.seek(SeekFrom::End(0)).map_err(read_error)?;
    let head = slice(file, 0, 1024)?;
    // Some programs put a few bytes before the header, and count offsets from it or from the start.
    let header = find(&head, b"%PDF-").ok_or(PdfError::NotPdf)? as u64;
    let Some(table) = end_of_file(file, len)? else {
        return Ok(Some(Damage::NoEnd));
    };
    for offset in [table, table.saturating_add(header)] {
        if leads_to_table(&slice(file, offset.saturating_sub(SLACK), 2 * SLACK + 32)?) {
            return Ok(None);
        }
    }
    Ok(Some(Damage::NoTable))
}

/// Offsets that miss by a line end are common and harmless.
const SLACK: u64 = 16;

/// The offset after the last `startxref`, if `%%EOF` follows near the end.
fn end_of_file(file: &mut (impl Read + Seek), len: u64) -> Result<Option<u64>, PdfError> {
    const TAIL: u64 = 4096;
    let tail = slice(file, len.saturating_sub(TAIL), TAIL)?;
    let Some(end) = rfind(&tail, b"%%EOF") else {
        return Ok(None);
    };
    let Some(at) = rfind(&tail[..end], b"startxref") else {
        return Ok(None);
    };
    let digits = tail[at + 9..end].trim_ascii();
    Ok(std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()))
}

/// A table (`xref`) or an object that is a stream of references (`12 0 obj`).
fn leads_to_table(bytes: &[u8]) -> bool {
    let object = find(bytes, b" obj").is_some_and(|at| at > 0 && bytes[at - 1].is_ascii_digit());
    // The word `startxref` itself is no table.
    let table = find(bytes, b"xref").is_some_and(|at| !bytes[..at].ends_with(b"start"));
    object || table
}

fn slice(file: &mut (impl Read + Seek), from: u64, len: u64) -> Result<Vec<u8>, PdfError> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(from)).map_err(read_error)?;
    file.take(len).read_to_end(&mut bytes).map_err(read_error)?;
    Ok(bytes)
}

fn read_error(error: std::io::Error) -> PdfError {
    PdfError::Read(error.to_string())
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|w| w == what)
}

fn rfind(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|w| w == what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn of(file: &str) -> Result<Option<Damage>, PdfError> {
        inspect(&mut Cursor::new(file.as_bytes()))
    }

    #[test]
    fn tells_whole_from_cut_off() {
        assert_eq!(of("%PDF-1.4\nxref\n0 1\ntrailer<<>>\nstartxref\n9\n%%EOF\n"), Ok(None));
        assert_eq!(of("%PDF-1.5\n7 0 obj<<>>stream\nendstream endobj\nstartxref\r\n9\r\n%%EOF"), Ok(None));
        assert_eq!(of("\n\n\n%PDF-1.4\nxref\n0 1\ntrailer<<>>\nstartxref\n9\n%%EOF\n\0\0\0"), Ok(None));
        assert_eq!(of("%PDF-1.4\nxref\n0 1\ntrailer<<>>\nstartxref\n9\n"), Ok(Some(Damage::NoEnd)));
        assert_eq!(of("%PDF-1.4\nxref\n0 1\ntrailer<<>>\nstartxref\n999\n%%EOF"), Ok(Some(Damage::NoTable)));
        assert_eq!(of("%PDF-1.4\nstartxref\n20\n%%EOF"), Ok(Some(Damage::NoTable)));
        assert_eq!(of("Một tệp văn bản"), Err(PdfError::NotPdf));
        assert_eq!(of(""), Err(PdfError::NotPdf));
    }
}
