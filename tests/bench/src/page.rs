//! Page 1 from the vault against the same file read plain, both through a worker of their own.

use crate::measure::*;
use crate::pack::Desk;
use anyhow::{Context, Result, ensure};
use ecabinet_client::Env;
use ecabinet_client::packs::{NewItem, NewPaper, Publication};
use ecabinet_domain::Audience;
use ecabinet_pdf::{FileSource, Program, Render, Source, Worker};
use ecabinet_protocol::content::{ItemContent, MeetingContent};
use ecabinet_tests::Person;
use std::path::Path;
use std::sync::Arc;

/// As wide as a reader's window on a large screen.
const WIDTH: u32 = 1500;

pub fn run(dir: &Path, size: Size) -> Result<Vec<Row>> {
    let desk = Desk::open(dir, false)?;
    let papers: Vec<(usize, Vec<u8>)> =
        [1, size.pick(350, 20)].into_iter().map(|pages| (pages, pdf(pages))).collect();
    let publication = Publication {
        meeting: None,
        content: MeetingContent {
            title: "Phiên họp mẫu".into(),
            starts: 4_000_000_000_000,
            place: None,
            reason: None,
            dossier: false,
        },
        items: vec![NewItem {
            content: ItemContent { title: "Nội dung".into(), path: "01".into(), ..Default::default() },
            audience: vec![Audience::All],
            papers: papers.iter().map(|(pages, bytes)| paper(*pages, bytes)).collect(),
        }],
    };
    let meeting = desk.publish_this(publication)?;
    let reader = Person::of(desk.reader.clone(), Env::real(), desk.stage.body);
    desk.runtime.block_on(reader.sync());
    let view = reader.client().meeting(desk.stage.body, meeting)?;
    let program = Program::find()?;
    let mut rows = Vec::new();
    for (paper, (pages, bytes)) in view.items[0].papers.iter().zip(&papers) {
        let plain = dir.join(format!("{pages}.pdf"));
        std::fs::write(&plain, bytes)?;
        let times = size.pick(10, 1);
        let ours = |_| {
            mean(times, || first_page(&program, Arc::new(reader.client().paper(desk.stage.body, paper.rev)?)))
        };
        let peer = |_| mean(times, || first_page(&program, Arc::new(FileSource::open(&plain)?)));
        mean(1, || first_page(&program, Arc::new(reader.client().paper(desk.stage.body, paper.rev)?)))?;
        mean(1, || first_page(&program, Arc::new(FileSource::open(&plain)?)))?;
        let samples = interleaved(size, ours, peer)?;
        let note = format!(
            "{:.1} MB; a new worker, open, page 1 drawn {WIDTH} wide, WebP",
            bytes.len() as f64 / 1e6
        );
        let name = format!("page 1 of {pages}");
        rows.push(Row::new(&name, Unit::Millis, samples, Goal::RatioAtMost(1.3)).note(note));
    }
    Ok(rows)
}

fn paper(pages: usize, bytes: &[u8]) -> NewPaper {
    NewPaper {
        title: format!("{pages} trang"),
        path: format!("01/{pages}.pdf"),
        bytes: bytes.to_vec(),
        pages: pages as u32,
        audience: vec![Audience::All],
        signers: Vec::new(),
        watermark: false,
    }
}

/// Milliseconds.
fn mean(times: usize, mut work: impl FnMut() -> Result<()>) -> Result<f64> {
    let (time, done) = seconds(|| (0..times).try_for_each(|_| work()));
    done?;
    Ok(time / times as f64 * 1e3)
}

fn first_page(program: &Program, source: Arc<dyn Source>) -> Result<()> {
    let mut worker = Worker::open(program, source).context("the paper opens")?;
    let render = Render { page: 0, width: WIDTH, rotation: Default::default(), format: Default::default() };
    ensure!(worker.render(render)?.width == WIDTH, "a picture");
    Ok(())
}

/// A paper of so many pages of text, each with a picture of grey noise, so that pages lie far apart as scans do.
pub fn pdf(pages: usize) -> Vec<u8> {
    const SIDE: usize = 150;
    let mut objects: Vec<Vec<u8>> = vec![b"<</Type/Catalog/Pages 2 0 R>>".to_vec()];
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", 4 + 3 * page)).collect();
    objects.push(format!("<</Type/Pages/Kids[{kids}]/Count {pages}/MediaBox[0 0 595 842]>>").into_bytes());
    objects.push(b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>".to_vec());
    let mut noise = 1u32;
    for page in 0..pages {
        let lines: String = (0..40)
            .map(|line| format!("(Trang {page} dong {line}: noi dung cua tai lieu trinh phien hop) Tj T* "))
            .collect();
        let text = format!("q 60 0 0 60 480 760 cm /Im Do Q BT /F 11 Tf 14 TL 60 740 Td {lines}ET");
        let (contents, picture) = (5 + 3 * page, 6 + 3 * page);
        let resources = format!("/Font<</F 3 0 R>>/XObject<</Im {picture} 0 R>>");
        objects.push(
            format!("<</Type/Page/Parent 2 0 R/Contents {contents} 0 R/Resources<<{resources}>>>>")
                .into_bytes(),
        );
        objects.push(format!("<</Length {}>>stream\n{text}\nendstream", text.len()).into_bytes());
        let mut image = format!(
            "<</Type/XObject/Subtype/Image/Width {SIDE}/Height {SIDE}/ColorSpace/DeviceGray/BitsPerComponent 8/Length {}>>stream\n",
            SIDE * SIDE
        )
        .into_bytes();
        for _ in 0..SIDE * SIDE {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            image.push((noise >> 24) as u8);
        }
        image.extend(b"\nendstream");
        objects.push(image);
    }
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (at, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend(format!("{} 0 obj\n", at + 1).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let at = file.len();
    file.extend(table.bytes());
    file.extend(
        format!("trailer<</Size {}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n", objects.len() + 1).bytes(),
    );
    file
}
