use crate::wire::{self, Bytes, Reply, Request};
use crate::{
    Format, Hit, Image, Info, OutlineItem, PageLink, PageText, PdfError, Program, Render, Source, Way,
};
use ecabinet_wall::memory::Shared;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// One worker process with one paper open in it. Dropping it ends the process.
pub struct Worker {
    process: Process,
    source: Arc<dyn Source>,
    info: Info,
    /// Set once: after a failure of the process or of the source nothing more is asked of it.
    over: Option<PdfError>,
}

/// Opens a paper in a worker of its own and names what would keep it from being published: no PDF, a password,
/// a damaged or cut-off file. What pdfium could repair is refused too.
pub fn check(program: &Program, source: Arc<dyn Source>) -> Result<Info, PdfError> {
    let worker = Worker::open(program, source)?;
    match worker.info.damage {
        Some(damage) => Err(PdfError::Truncated(damage)),
        None => Ok(worker.info.clone()),
    }
}

impl Worker {
    /// Starts a process and opens the paper in it.
    pub fn open(program: &Program, source: Arc<dyn Source>) -> Result<Self, PdfError> {
        let mut worker = Self::of(Process::start(program)?, source);
        worker.begin()?;
        Ok(worker)
    }

    /// The paper is not opened yet.
    pub(crate) fn of(process: Process, source: Arc<dyn Source>) -> Self {
        let info = Info {
            pages: Vec::new(),
            title: None,
            encrypted: false,
            signed: false,
            signature_fields: 0,
            has_text: false,
            damage: None,
            wall: Default::default(),
        };
        Self { process, source, info, over: None }
    }

    /// Opens the paper: before anything else is asked, and once.
    pub(crate) fn begin(&mut self) -> Result<(), PdfError> {
        match self.ask(&Request::Open { len: self.source.len() })? {
            Reply::Info(info) if !info.pages.is_empty() => self.info = info,
            other => return Err(self.nonsense(&other)),
        }
        Ok(())
    }

    /// What ends it from another thread, whatever it is at.
    pub(crate) fn leash(&self) -> Leash {
        Leash(self.process.stream.clone())
    }

    pub fn info(&self) -> &Info {
        &self.info
    }

    /// The process's id.
    pub fn id(&self) -> u32 {
        self.process.child.id()
    }

    /// Nothing more can be asked of it; open another one.
    pub fn is_over(&self) -> bool {
        self.over.is_some()
    }

    pub fn render(&mut self, render: Render) -> Result<Image, PdfError> {
        let reply = self.ask(&Request::Render(render))?;
        let image = match (&reply, &self.process.canvas) {
            (Reply::Drawn { width, height }, Some(canvas)) if *width == render.width => {
                seen(canvas, *width, *height)
            }
            _ => None,
        };
        match (image, reply) {
            (Some(image), _) | (None, Reply::Image(image)) if wire::is_what_was_asked(&image, &render) => {
                Ok(image)
            }
            (_, other) => Err(self.nonsense(&other)),
        }
    }

    pub fn text(&mut self, page: u32) -> Result<PageText, PdfError> {
        match self.ask(&Request::Text { page })? {
            Reply::Text(text) => Ok(text),
            other => Err(self.nonsense(&other)),
        }
    }

    /// Searches `count` pages from `first`; fewer at the end of the paper.
    pub fn search(&mut self, query: &str, way: Way, first: u32, count: u32) -> Result<Vec<Hit>, PdfError> {
        match self.ask(&Request::Search { query: query.into(), way, first, count })? {
            Reply::Hits(hits) => Ok(hits),
            other => Err(self.nonsense(&other)),
        }
    }

    pub fn outline(&mut self) -> Result<Vec<OutlineItem>, PdfError> {
        match self.ask(&Request::Outline)? {
            Reply::Outline(items) => Ok(items),
            other => Err(self.nonsense(&other)),
        }
    }

    /// The links of a page, in the order of the file.
    pub fn links(&mut self, page: u32) -> Result<Vec<PageLink>, PdfError> {
        match self.ask(&Request::Links { page })? {
            Reply::Links(links) => Ok(links),
            other => Err(self.nonsense(&other)),
        }
    }

    fn ask(&mut self, request: &Request) -> Result<Reply, PdfError> {
        if let Some(error) = &self.over {
            return Err(error.clone());
        }
        match self.converse(request) {
            Ok(Reply::Failed(error)) => Err(error),
            Ok(reply) => Ok(reply),
            Err(error) => Err(self.end(error)),
        }
    }

    /// Sends a request and serves the worker's reads until it answers.
    fn converse(&mut self, request: &Request) -> Result<Reply, PdfError> {
        let mut timed = Timed { stream: &self.process.stream, until: Instant::now() + self.process.deadline };
        let mut failed = None;
        wire::send(&mut timed, request).map_err(broken)?;
        loop {
            match wire::receive(&mut timed).map_err(broken)? {
                Reply::Read { offset, len } => {
                    let bytes = self.read(offset, len)?.map_err(|e| failed = Some(e.to_string())).ok();
                    wire::send(&mut timed, &Bytes(bytes)).map_err(broken)?;
                }
                // pdfium draws what it could not read as white and keeps it so: whatever the worker says, the
                // answer is void once a read has failed.
                reply => return failed.map_or(Ok(reply), |e| Err(PdfError::Read(e))),
            }
        }
    }

    fn read(&self, offset: u64, len: u32) -> Result<io::Result<serde_bytes::ByteBuf>, PdfError> {
        let inside = offset.checked_add(len.into()).is_some_and(|end| end <= self.source.len());
        if !inside || u64::from(len) > wire::BLOCK {
            return Err(PdfError::Crashed("it asked for bytes outside the paper".into()));
        }
        let mut bytes = vec![0; len as usize];
        Ok(self.source.read_at(offset, &mut bytes).map(|()| bytes.into()))
    }

    /// Ends the process; the error is remembered for any further request.
    fn end(&mut self, error: PdfError) -> PdfError {
        let _ = self.process.child.kill();
        let status = self.process.child.wait();
        let error = match (error, status) {
            (PdfError::Crashed(why), Ok(status)) => PdfError::Crashed(format!("{why} ({status})")),
            (error, _) => error,
        };
        self.over = Some(error.clone());
        error
    }

    fn nonsense(&mut self, reply: &Reply) -> PdfError {
        let kind = match reply {
            Reply::Image(image) => format!("{} x {} {:?}", image.width, image.height, image.format),
            Reply::Drawn { width, height } => format!("{width} x {height} drawn"),
            _ => "an answer to another question".into(),
        };
        self.end(PdfError::Crashed(format!("unexpected answer: {kind}")))
    }
}

/// Held by who may have to end a worker that somebody else is asking.
pub(crate) struct Leash(Arc<UnixStream>);

impl Leash {
    /// Whoever is asking the worker is told at once that it ended, and ends it.
    pub(crate) fn pull(&self) {
        let _ = self.0.shutdown(Shutdown::Both);
    }

    /// Its worker is gone.
    pub(crate) fn is_loose(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }
}

/// A process that has been given no paper yet. Dropping it ends it.
pub(crate) struct Process {
    child: Child,
    stream: Arc<UnixStream>,
    /// Where it draws, for what is too long for the socket; none where the system has no such memory.
    canvas: Option<Shared>,
    deadline: Duration,
}

impl Process {
    pub(crate) fn start(program: &Program) -> Result<Self, PdfError> {
        let canvas = Shared::made(wire::CANVAS).ok();
        let library = |e: io::Error| PdfError::Library(format!("{}: {e}", program.path.display()));
        let path = std::path::absolute(&program.path).map_err(library)?;
        let (ours, theirs) = UnixStream::pair().map_err(library)?;
        let output = canvas.as_ref().map_or(Ok(Stdio::null()), Shared::given).map_err(library)?;
        let child = Command::new(path)
            .env_clear()
            .envs(program.environment())
            .current_dir("/")
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(output)
            .stderr(Stdio::null())
            .spawn()
            .map_err(library)?;
        if program.behind {
            ecabinet_wall::stand_behind(Some(child.id()));
        }
        Ok(Self { child, stream: Arc::new(ours), canvas, deadline: program.deadline })
    }

    /// Itself, unless it has ended.
    pub(crate) fn if_well(mut self) -> Option<Self> {
        matches!(self.child.try_wait(), Ok(None)).then_some(self)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A copy of the pixels that the worker says it drew.
fn seen(canvas: &Shared, width: u32, height: u32) -> Option<Image> {
    let pixels = u64::from(width) * u64::from(height);
    let len = usize::try_from(pixels).ok().filter(|_| pixels <= wire::MAX_PIXELS)? * 4;
    let bytes = canvas.copied(len)?;
    Some(Image { width, height, format: Format::Rgba, bytes })
}

fn broken(error: io::Error) -> PdfError {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => PdfError::Timeout,
        _ => PdfError::Crashed(error.to_string()),
    }
}

/// The socket with one deadline for all reads and writes of a request.
struct Timed<'a> {
    stream: &'a UnixStream,
    until: Instant,
}

impl Timed<'_> {
    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(Some(left)) }
    }
}

impl Read for Timed<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        self.stream.read(buf)
    }
}

impl Write for Timed<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        self.stream.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
