#![allow(dead_code, unreachable_pub, reason = "each test program uses a part of it")]

use ecabinet_pdf::{Program, Source};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The worker that Cargo built for these tests, with the pdfium that scripts/pdfium.sh brought.
pub fn program() -> Program {
    let mut program = Program::at(env!("CARGO_BIN_EXE_ecabinet-pdf-worker"));
    if std::env::var_os("ECABINET_PDFIUM").is_none() {
        let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/pdfium/libpdfium.so");
        assert!(library.is_file(), "pdfium is missing: run scripts/pdfium.sh first");
        program.pdfium = Some(library);
    }
    program
}

pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

pub fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap()
}

pub fn source(name: &str) -> Arc<dyn Source> {
    Arc::new(bytes(name))
}

/// A source that cannot read one byte, wherever a test puts it.
pub struct Failing {
    pub bytes: Vec<u8>,
    pub bad: AtomicU64,
}

impl Failing {
    pub fn new(bytes: Vec<u8>) -> Arc<Self> {
        Arc::new(Self { bytes, bad: u64::MAX.into() })
    }
}

impl Source for Failing {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        if (offset..offset + buf.len() as u64).contains(&self.bad.load(Ordering::Relaxed)) {
            return Err(io::Error::other("the chunk is not what its name says"));
        }
        self.bytes.read_at(offset, buf)
    }
}

/// A PDF of one page from its content stream and further objects (numbered from 5), with a correct table.
pub fn pdf(resources: &str, content: &str, objects: &[String]) -> Vec<u8> {
    pages(&[(resources, content)], objects)
}

/// Likewise of n pages; further objects are numbered from 3 + 2n.
pub fn pages(pages: &[(&str, &str)], objects: &[String]) -> Vec<u8> {
    let kids: String = (0..pages.len()).map(|i| format!("{} 0 R ", 3 + 2 * i)).collect();
    let mut all = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Kids[{kids}]/Count {}/MediaBox[0 0 600 800]>>", pages.len()),
    ];
    for (i, (resources, content)) in pages.iter().enumerate() {
        let (contents, length) = (4 + 2 * i, content.len());
        all.push(format!("<</Type/Page/Parent 2 0 R/Contents {contents} 0 R/Resources<<{resources}>>>>"));
        all.push(format!("<</Length {length}>>stream\n{content}\nendstream"));
    }
    all.extend_from_slice(objects);
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", all.len() + 1);
    for (i, object) in all.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend(format!("{} 0 obj\n{object}\nendobj\n", i + 1).bytes());
    }
    let at = file.len();
    file.extend(table.bytes());
    file.extend(format!("trailer<</Size {}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n", all.len() + 1).bytes());
    file
}

/// Forms that each draw the next one ten times: a small file that takes for ever.
pub fn endless() -> Vec<u8> {
    let form = |next: usize, body: String| {
        format!(
            "<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</X {next} 0 R>>>>/Length {}>>\
             stream\n{body}\nendstream",
            body.len()
        )
    };
    let mut objects: Vec<String> = (0..9).map(|i| form(6 + i, "/X Do ".repeat(10))).collect();
    objects.push(form(14, "0 0 m 500 700 l S ".repeat(10)));
    pdf("/XObject<</X 5 0 R>>", "/X Do", &objects)
}
