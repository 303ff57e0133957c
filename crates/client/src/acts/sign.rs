//! Signing a paper: the PDF is parsed in a process that has no key; this one signs attributes only.

use crate::body::Says;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::packs;
use ecabinet_domain::act::PaperSign;
use ecabinet_domain::{BodyId, Member, Rev, RevId, StatementId};
use ecabinet_pades::p12::Identity;
use ecabinet_pades::{Appearance, Place, Prepared, Rect, SignRequest, SigningTime, finish_update};
use ecabinet_protocol::content::SignContent;
use ecabinet_record::hash::sha256;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A signature to make with a PKCS#12 file.
pub struct Signing<'a> {
    pub rev: Rev,
    /// The file's bytes and its password.
    pub p12: &'a [u8],
    pub password: &'a str,
    /// Page from 0 and rectangle in points from the top left; none for a signature without a picture.
    pub place: Option<(u32, Rect)>,
    /// Lines of the visible signature before the time.
    pub lines: Vec<String>,
    /// The program that parses the PDF.
    pub program: &'a Path,
}

impl Client {
    /// Makes the signed revision, keeps it, and queues the statement that binds both.
    pub fn sign_paper(&self, body: BodyId, signing: Signing) -> Result<StatementId> {
        let (bytes, manifest) = self.paper_bytes(body, signing.rev)?;
        if sha256(&bytes) != manifest.sha256 {
            return Err(Error::new("paper.damaged"));
        }
        let identity = Identity::load(signing.p12, signing.password).map_err(pades)?;
        let time =
            SigningTime { unix_ms: self.env.clock.now() as i64, offset_minutes: self.zone(body)?.minutes() };
        let new_rev = RevId(self.env.random());
        let (page, rect) = signing.place.unwrap_or((0, Rect { x: 0.0, y: 0.0, width: 0.0, height: 0.0 }));
        let request = SignRequest {
            certificates: identity.certificates().to_vec(),
            time,
            reason: None,
            // A name of its own for every signature on the paper.
            place: Place::New { field: format!("ecabinet-{}", &new_rev.to_string()[..12]), page, rect },
            appearance: signing.place.map(|_| Appearance {
                lines: signing.lines,
                text_size: 9.0,
                picture: None,
            }),
        };
        let prepared = prepare_apart(signing.program, &bytes, &request)?;
        // The worker parsed a hostile file: what it gives back must be this file, to be signed by this person.
        prepared.check(&bytes, &request).map_err(pades)?;
        let signature = identity.sign_attributes(&prepared.attributes_to_sign).map_err(pades)?;
        let update = finish_update(prepared, &signature).map_err(pades)?;
        let signed = [&bytes[..], &update].concat();

        let chunk_key = self.with(body, |vault, body| Ok(body.genesis(vault)?.chunk_key))?;
        let chunks = packs::cut(&signed, &chunk_key);
        let mut sealed = Vec::new();
        for (chunk, bytes) in &chunks {
            if !self.with(body, |vault, body| vault.has_chunk(body.row.id, &chunk.name))? {
                sealed.push(packs::seal_chunk(&self.env, &self.files, &chunk.name, bytes)?);
            }
        }
        let (title, audience) = self.with(body, |vault, body| {
            let (title, _) = body.manifest(vault, signing.rev)?.ok_or(Error::new("paper.unknown"))?;
            let paper = &body.state()?.papers[&signing.rev.paper];
            Ok((title, paper.audience.clone()))
        })?;
        let content = SignContent {
            title,
            before: manifest.sha256,
            after: sha256(&signed),
            manifest: packs::manifest(&signed, manifest.pages, &chunks),
        };
        let act = PaperSign { paper: signing.rev.paper, rev: signing.rev.rev, new_rev };
        let made = self.act_with(body, &sealed, |_, body| {
            let one = body.make(&self.env, Member::VOTE, act, Says::to(audience, &content))?;
            body.precheck(&self.env, &one)?;
            Ok(vec![one])
        })?;
        Ok(made[0])
    }
}

/// Runs the parsing half in a process of its own, which is given bytes and gives back bytes.
fn prepare_apart(program: &Path, pdf: &[u8], request: &SignRequest) -> Result<Prepared> {
    const DEADLINE: Duration = Duration::from_secs(30);
    let failed = |detail: &dyn std::fmt::Display| Error::new("sign.worker").with("detail", detail);
    let input = ecabinet_pades::worker::input(pdf, request);
    let mut child = Command::new(program)
        .env_clear()
        .envs(std::env::var_os("ECABINET_FONTS").map(|fonts| ("ECABINET_FONTS", fonts)))
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
    let prepared = ecabinet_pades::worker::output(&output).ok_or_else(|| failed(&"no answer"))?;
    prepared.map_err(|code: String| Error::new(&code))
}

fn pades(error: ecabinet_pades::Error) -> Error {
    Error::new(error.code()).with("detail", error)
}
