//! What is added to a PDF: the file is parsed in a process that has no key; of a signature this one signs attributes only.

use crate::error::{Error, Result};
use ecabinet_pades::p12::Identity;
use ecabinet_pades::worker::{Made, Task};
use ecabinet_pades::{Annotations, Appearance, Place, Rect, SignRequest, SigningTime, finish_update};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// A signature to make with a PKCS#12 file.
pub struct Signing<'a> {
    /// The file's bytes and its password.
    pub p12: &'a [u8],
    pub password: &'a str,
    pub place: SignPlace,
    /// Lines of the visible signature.
    pub lines: Vec<String>,
    /// The program that parses the PDF.
    pub program: &'a Path,
}

/// Where a signature is seen.
#[derive(Debug, Clone, PartialEq)]
pub enum SignPlace {
    Nowhere,
    /// Page from 0 and rectangle in points from the top left.
    At(u32, Rect),
    /// In an empty signature field of the file, by its full name.
    Field(String),
}

impl Signing<'_> {
    /// The signed file, whose beginning is the file as it was. `field` names the new field, if one is made.
    pub fn sign(self, pdf: &[u8], field: String, time: SigningTime) -> Result<Vec<u8>> {
        let identity = Identity::load(self.p12, self.password).map_err(pades)?;
        let visible = self.place != SignPlace::Nowhere && !self.lines.is_empty();
        let place = match self.place {
            SignPlace::Nowhere => Place::New { field, page: 0, rect: Rect::NONE },
            SignPlace::At(page, rect) => Place::New { field, page, rect },
            SignPlace::Field(field) => Place::Existing { field },
        };
        let appearance = Appearance { lines: self.lines, text_size: 9.0, picture: None };
        let request = SignRequest {
            certificates: identity.certificates().to_vec(),
            time,
            reason: None,
            place,
            appearance: visible.then_some(appearance),
        };
        let Made::Prepared(prepared) = made_apart(self.program, pdf, &Task::Sign(request.clone()))? else {
            return Err(Error::new("sign.worker").with("detail", "another answer"));
        };
        // The worker parsed a hostile file: what it gives back must be this file, to be signed by this person.
        prepared.check(pdf, &request).map_err(pades)?;
        let signature = identity.sign_attributes(&prepared.attributes_to_sign).map_err(pades)?;
        let update = finish_update(prepared, &signature).map_err(pades)?;
        Ok([pdf, &update].concat())
    }
}

/// The file with marks appended; its beginning is the file as it was.
pub fn with_annotations(program: &Path, pdf: &[u8], wanted: Annotations) -> Result<Vec<u8>> {
    match made_apart(program, pdf, &Task::Annotate(wanted))? {
        Made::Update(update) => Ok([pdf, &update].concat()),
        Made::Prepared(_) => Err(Error::new("sign.worker").with("detail", "another answer")),
    }
}

/// The program that parses: by `ECABINET_SIGN_WORKER`, else beside this one (or one folder up, where Cargo puts the programs
/// that a test uses).
pub fn sign_worker() -> Result<PathBuf> {
    const NAME: &str = "ecabinet-sign-worker";
    let here = std::env::current_exe()?;
    let beside = here.ancestors().skip(1).take(2).map(|folder| folder.join(NAME));
    let named = std::env::var_os("ECABINET_SIGN_WORKER").map(PathBuf::from);
    let found = named.into_iter().chain(beside).find(|path| path.is_file());
    found.ok_or(Error::new("sign.worker").with("detail", NAME))
}

/// Runs the parsing half in a process of its own, which is given bytes and gives back bytes.
fn made_apart(program: &Path, pdf: &[u8], task: &Task) -> Result<Made> {
    const DEADLINE: Duration = Duration::from_secs(30);
    let failed = |detail: &dyn std::fmt::Display| Error::new("sign.worker").with("detail", detail);
    let input = ecabinet_pades::worker::input(pdf, task);
    let mut child = Command::new(absolute(program))
        .env_clear()
        .current_dir("/")
        .envs(std::env::var_os("ECABINET_FONTS").map(|fonts| ("ECABINET_FONTS", absolute(Path::new(&fonts)))))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| failed(&error))?;
    let mut stdin = child.stdin.take().expect("piped");
    let feed = std::thread::spawn(move || stdin.write_all(&input));
    let mut stdout = child.stdout.take().expect("piped");
    let (send, answer) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut output = Vec::new();
        let read = std::io::Read::read_to_end(&mut stdout, &mut output);
        let _ = send.send(read.map(|_| output));
    });
    let output = answer.recv_timeout(DEADLINE);
    let _ = child.kill();
    let _ = child.wait();
    let _ = feed.join();
    let output = output.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    let output = ecabinet_pades::worker::output(&output).ok_or_else(|| failed(&"no answer"))?;
    output.made.map_err(|code: String| Error::new(&code))
}

/// The worker is started in `/`, so that it holds no folder of the user's.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.into())
}

fn pades(error: ecabinet_pades::Error) -> Error {
    Error::new(error.code()).with("detail", error)
}
