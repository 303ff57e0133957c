//! What a paper looks like and says, through a real worker.

mod common;

use common::{bytes, pdf, program, source};
use ecabinet_pdf::wire::{self, Bytes, Reply, Request};
use ecabinet_pdf::{Format, Landlock, LinkTo, Rect, Render, Rotation, Way, Worker};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::sync::Arc;

fn open(name: &str) -> Worker {
    Worker::open(&program(), source(name)).unwrap()
}

fn rgba(page: u32, width: u32) -> Render {
    Render { page, width, rotation: Rotation::None, format: Format::Rgba }
}

/// How many pixels of a box are dark.
fn ink(image: &ecabinet_pdf::Image, rect: &Rect, scale: f32) -> usize {
    let at = |v: f32, most: u32| ((v * scale).round().max(0.0) as u32).min(most);
    let columns = at(rect.x0, image.width)..at(rect.x1, image.width);
    let rows = at(rect.y0, image.height)..at(rect.y1, image.height);
    let pixels = rows.flat_map(|y| columns.clone().map(move |x| (y * image.width + x) as usize * 4));
    pixels.filter(|at| image.bytes[*at] < 128).count()
}

#[test]
fn tells_what_a_paper_is() {
    let worker = open("paper.pdf");
    let info = worker.info();
    assert_eq!(info.pages.len(), 3);
    assert!((info.pages[0].width - 595.3).abs() < 0.1 && (info.pages[0].height - 841.9).abs() < 0.1);
    assert_eq!(info.title.as_deref(), Some("Tờ trình về kế hoạch đầu tư công"));
    assert!(info.has_text && !info.encrypted && !info.signed && info.damage.is_none());

    let scan = open("scan.pdf");
    assert!(!scan.info().has_text);
    assert_eq!(scan.info().title, None);
    let signed = open("signed.pdf");
    assert!(signed.info().signed && signed.info().signature_fields == 1);
    assert!(open("owner-locked.pdf").info().encrypted);
}

#[test]
fn works_behind_the_wall() {
    let wall = open("paper.pdf").info().wall;
    assert!(wall.holds() && wall.limits, "{wall:?}");
    assert_ne!(wall.landlock, Landlock::None);
}

#[test]
fn a_worker_has_no_descriptor_but_its_socket() {
    let worker = open("paper.pdf");
    let proc = std::path::PathBuf::from(format!("/proc/{}", worker.id()));
    let open = std::fs::read_dir(proc.join("fd")).unwrap();
    let open: Vec<_> = open.map(|fd| std::fs::read_link(fd.unwrap().path()).unwrap()).collect();
    let known =
        |to: &&std::path::PathBuf| to.starts_with("/dev/null") || to.to_string_lossy().starts_with("socket:");
    assert_eq!(open.iter().filter(|to| !known(to)).count(), 0, "{open:?}");
    let environment = std::fs::read_to_string(proc.join("environ")).unwrap();
    assert!(environment.split_terminator('\0').all(|v| v.starts_with("TZ=") || v.starts_with("ECABINET_")));
    let status = std::fs::read_to_string(proc.join("status")).unwrap();
    assert!(status.contains("NoNewPrivs:\t1") && status.contains("Seccomp:\t2"), "{status}");
}

#[test]
fn draws_pages_at_the_size_asked_for() {
    for (name, pages) in [("paper.pdf", 3), ("scan.pdf", 1), ("owner-locked.pdf", 3)] {
        let mut worker = open(name);
        for page in 0..pages {
            let image = worker.render(rgba(page, 600)).unwrap();
            let size = worker.info().pages[page as usize];
            assert_eq!((image.width, image.height), (600, (600.0 * size.height / size.width).round() as u32));
            assert_eq!(image.bytes.len(), 600 * image.height as usize * 4);
            let dark = image.bytes.chunks(4).filter(|p| p[0] < 128).count();
            assert!(dark > 500, "{name} page {page}: {dark} dark pixels");
            assert!(image.bytes.chunks(4).all(|p| p[3] == 255));
        }
    }
}

#[test]
fn webp_holds_the_same_pixels() {
    for name in ["paper.pdf", "scan.pdf"] {
        let mut worker = open(name);
        let raw = worker.render(rgba(0, 400)).unwrap();
        let webp = worker.render(Render { format: Format::Webp, ..rgba(0, 400) }).unwrap();
        assert!(webp.bytes.len() < raw.bytes.len() / 4);
        let mut decoder = image_webp::WebPDecoder::new(std::io::Cursor::new(&webp.bytes)).unwrap();
        assert_eq!(decoder.dimensions(), (raw.width, raw.height));
        let mut pixels = vec![0; decoder.output_buffer_size().unwrap()];
        decoder.read_image(&mut pixels).unwrap();
        let expected: Vec<u8> = raw.bytes.chunks(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
        assert!(pixels == expected, "{name}");
    }
}

#[test]
fn what_is_drawn_through_is_opaque_all_the_same() {
    let group = "<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Group<</S/Transparency/I true/K true>>\
                 /Resources<</ExtGState<</M 5 0 R>>>>/Length 44>>stream\n/M gs 0 1 0 rg 100 100 400 600 re f          \nendstream";
    let half = "<</Type/ExtGState/ca 0.5/CA 0.5/BM/Multiply>>";
    let file = pdf(
        "/ExtGState<</M 5 0 R>>/XObject<</X 6 0 R>>",
        "1 0 0 rg 0 0 600 400 re f /M gs /X Do",
        &[half.to_owned(), group.to_owned()],
    );
    let mut worker = Worker::open(&program(), Arc::new(file)).unwrap();
    let image = worker.render(rgba(0, 60)).unwrap();
    assert!(image.bytes.chunks(4).all(|pixel| pixel[3] == 255));
    let at = |x: usize, y: usize| &image.bytes[(y * 60 + x) * 4..][..3];
    assert_eq!((at(5, 5), at(5, 75)), (&[255, 255, 255][..], &[255, 0, 0][..]));
    let (over_white, over_red) = (at(30, 20), at(30, 60));
    assert!(over_white[0] < 255 && over_white[1] == 255, "{over_white:?}");
    assert!(over_red[0] < 255 && over_red[1] == 0, "{over_red:?}");
}

#[test]
fn without_shared_memory_pixels_come_by_the_socket() {
    let paper = bytes("paper.pdf");
    let (ours, theirs) = UnixStream::pair().unwrap();
    let mut command = Command::new(program().path);
    command.envs(program().pdfium.map(|path| ("ECABINET_PDFIUM", path)));
    let mut worker = command.stdin(Stdio::from(OwnedFd::from(theirs))).stdout(Stdio::null()).spawn().unwrap();
    let ask = |request| {
        wire::send(&mut &ours, &request).unwrap();
        loop {
            match wire::receive(&mut &ours).unwrap() {
                Reply::Read { offset, len } => {
                    let part = paper[offset as usize..][..len as usize].to_vec();
                    wire::send(&mut &ours, &Bytes(Some(part.into()))).unwrap();
                }
                reply => return reply,
            }
        }
    };
    assert!(matches!(ask(Request::Open { len: paper.len() as u64 }), Reply::Info(_)));
    let Reply::Image(image) = ask(Request::Render(rgba(0, 600))) else { panic!("an image") };
    assert_eq!(Ok(image), open("paper.pdf").render(rgba(0, 600)));
    worker.kill().unwrap();
    worker.wait().unwrap();
}

#[test]
fn colours_stay_in_order() {
    let file = pdf("", "1 0 0 rg 0 400 600 400 re f 0 0 1 rg 0 0 600 400 re f", &[]);
    let mut worker = Worker::open(&program(), Arc::new(file)).unwrap();
    let image = worker.render(rgba(0, 60)).unwrap();
    assert_eq!(
        (&image.bytes[..4], &image.bytes[image.bytes.len() - 4..]),
        (&[255, 0, 0, 255][..], &[0, 0, 255, 255][..])
    );
    let quarter = worker.render(Render { rotation: Rotation::Quarter, ..rgba(0, 80) }).unwrap();
    assert_eq!((quarter.width, quarter.height), (80, 60));
    // What was on top is on the right.
    assert_eq!(&quarter.bytes[79 * 4..80 * 4], &[255, 0, 0, 255]);
    assert_eq!(&quarter.bytes[..4], &[0, 0, 255, 255]);
}

#[test]
fn boxes_cover_the_words() {
    // The rotated one has a crop box off the origin too.
    for (name, page) in [("paper.pdf", 0), ("paper.pdf", 1), ("rotated.pdf", 0)] {
        let mut worker = open(name);
        let text = worker.text(page).unwrap();
        assert_eq!(text.text.chars().count(), text.boxes.len());
        let at = text.text.find("Nghị quyết").expect(&text.text);
        let start = text.text[..at].chars().count() as u32;
        let rects = text.rects(start..start + 10);
        assert_eq!(rects.len(), 1, "{name}");
        let rect = rects[0];
        let (long, short) = (rect.x1 - rect.x0, rect.y1 - rect.y0);
        let (long, short) = if name == "rotated.pdf" { (short, long) } else { (long, short) };
        assert!((45.0..90.0).contains(&long) && (10.0..25.0).contains(&short), "{name} {rect:?}");

        let image = worker.render(rgba(page, 1200)).unwrap();
        let scale = 1200.0 / worker.info().pages[page as usize].width;
        let covered = ink(&image, &rect, scale);
        assert!(covered > 300, "{name}: {covered} dark pixels in {rect:?}");
        // Every drawn letter lies in its own box, and above the line there is nothing.
        for (c, rect) in
            text.text.chars().zip(&text.boxes).filter(|(c, b)| c.is_alphanumeric() && !b.is_empty())
        {
            assert!(ink(&image, rect, scale) > 5, "{name}: nothing drawn in the box of {c}: {rect:?}");
        }
        let word = text.words.iter().find(|w| w.start == start).expect("a word begins there");
        assert_eq!(word.end - word.start, 4);
        let line = text.lines.iter().find(|l| l.start <= start && start < l.end).unwrap();
        assert!(line.rect.x0 <= rect.x0 && line.rect.x1 >= rect.x1);
    }
    assert_eq!(open("rotated.pdf").text(0).unwrap().quarter_turns, 1);
}

#[test]
fn finds_words_without_their_marks() {
    let mut worker = open("paper.pdf");
    let hits = worker.search("nghi quyet", Way::Whole, 0, 99).unwrap();
    assert_eq!(hits.iter().map(|h| h.page).collect::<Vec<_>>(), [0, 1, 2]);
    for hit in &hits {
        assert_eq!(hit.anchor.exact, "Nghị quyết");
    }
    assert!(hits[0].anchor.before.ends_with("Căn cứ "), "{:?}", hits[0].anchor);
    assert_eq!(worker.search("DUONG LIEN XA", Way::Whole, 0, 99).unwrap().len(), 1);
    assert_eq!(worker.search("ngân sách trung ương", Way::Whole, 1, 1).unwrap().len(), 1);
    assert!(worker.search("ngân sách trung ương", Way::Whole, 2, 99).unwrap().is_empty());
    assert!(worker.search("không có trong văn bản", Way::Whole, 0, 99).unwrap().is_empty());
    // Over a line's end: "kính" and "trình" stand on two lines.
    let hits = worker.search("nhân dân kính trình Hội đồng", Way::Whole, 0, 1).unwrap();
    assert_eq!((hits.len(), hits[0].rects.len()), (1, 2));
}

#[test]
fn lists_the_outline() {
    let items = open("paper.pdf").outline().unwrap();
    let items: Vec<_> = items.iter().map(|i| (i.title.as_str(), i.level, i.page)).collect();
    let expected = [("Tờ trình", 0, 0), ("Nội dung", 0, 1), ("Nguồn vốn", 1, 1), ("Tổ chức thực hiện", 0, 2)];
    assert_eq!(items, expected.map(|(title, level, page)| (title, level, Some(page))));
}

#[test]
fn links_lead_to_places_and_never_out_of_the_paper() {
    let link = |rect: &str, rest: &str| format!("<</Type/Annot/Subtype/Link/Rect[{rect}]{rest}>>");
    let note = "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(x)>>";
    let annotations = [
        link("10 750 90 770", "/Dest[3 0 R/XYZ 0 100 0]"),
        note.to_owned(),
        link("10 700 90 720", "/A<</S/GoTo/D[3 0 R/Fit]>>"),
        link("10 650 90 670", "/A<</S/URI/URI(https://example.org/)>>"),
        link("10 600 90 620", "/A<</S/Launch/F(calc.exe)>>"),
        link("700 900 790 920", "/Dest[3 0 R/XYZ 0 100 0]"),
        link("10 550 90 570", "/Dest[99 0 R/XYZ 0 100 0]"),
    ];
    // Out of the resources, into the page.
    let page = format!(">>/Annots[{}]/Unused<<", annotations.join(" "));
    let file = pdf(&page, "0 0 600 400 re f", &[]);
    let mut worker = Worker::open(&program(), Arc::new(file)).unwrap();
    let links = worker.links(0).unwrap();
    let rect = |y0: f32| Rect { x0: 10.0, y0, x1: 90.0, y1: y0 + 20.0 };
    let near = |a: &Rect, b: &Rect| {
        [a.x0 - b.x0, a.y0 - b.y0, a.x1 - b.x1, a.y1 - b.y1].iter().all(|d| d.abs() < 0.1)
    };
    assert_eq!(links.len(), 3, "{links:?}");
    assert!(
        matches!(links[0].to, LinkTo::Page { page: 0, y: Some(y) } if (y - 700.0).abs() < 0.1),
        "{links:?}"
    );
    assert_eq!(links[1].to, LinkTo::Page { page: 0, y: None });
    assert_eq!(links[2].to, LinkTo::Address("https://example.org/".into()));
    for (link, y0) in links.iter().zip([30.0, 80.0, 130.0]) {
        assert!(near(&link.rect, &rect(y0)), "{link:?}");
    }
    assert!(worker.links(7).is_err());
}

#[test]
fn letters_of_a_font_that_is_not_embedded_are_drawn() {
    let fonts = std::path::Path::new("/usr/share/fonts/truetype/liberation2");
    if !fonts.is_dir() && std::env::var_os("ECABINET_FONTS").is_none() {
        eprintln!("skipped: the Liberation fonts are not installed");
        return;
    }
    let image = open("not-embedded.pdf").render(rgba(0, 1200)).unwrap();
    // 24 points, each letter 0.556 of it wide, from (20, 60) on a page 100 high.
    let letter = |i: usize| {
        let x0 = 20.0 + 13.344 * i as f32;
        ink(&image, &Rect { x0, y0: 36.0, x1: x0 + 13.344, y1: 68.0 }, 4.0)
    };
    let letters = [3, 8, 11, 12, 13].map(letter);
    assert!(letters.iter().all(|ink| *ink > 100), "ị ế ư ơ đ: {letters:?}");
}

#[test]
fn a_large_paper_is_not_read_whole() {
    // A paper with 8 MB that no page shows.
    let ballast = "x".repeat(8 << 20);
    let object = format!("<</Length {}>>stream\n{ballast}\nendstream", ballast.len());
    let file = pdf("", "0 0 600 400 re f", &[object]);
    struct Counting(Vec<u8>, std::sync::atomic::AtomicU64);
    impl ecabinet_pdf::Source for Counting {
        fn len(&self) -> u64 {
            self.0.len() as u64
        }
        fn read_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<()> {
            self.1.fetch_add(buf.len() as u64, std::sync::atomic::Ordering::Relaxed);
            ecabinet_pdf::Source::read_at(&self.0, offset, buf)
        }
    }
    let source = Arc::new(Counting(file, 0.into()));
    let mut worker = Worker::open(&program(), source.clone()).unwrap();
    worker.render(rgba(0, 300)).unwrap();
    let read = source.1.load(std::sync::atomic::Ordering::Relaxed);
    assert!(read < 1 << 20, "{read} bytes read");
}

#[test]
fn columns_and_cells_are_read_one_after_the_other_however_they_were_drawn() {
    let mut worker = open("columns.pdf");
    let columns = "Chính phủ giao Bộ Thủy nông chủ trì, phối hợp với các Bộ và Ủy ban sáu địa bàn ven sông lập danh mục công \
                   trình cần củng cố trước mùa lũ năm sau, báo cáo Chính phủ trong quý đầu năm. Nguồn vốn của Chương trình \
                   gồm ngân sách trung ương, ngân sách địa bàn và các nguồn hợp pháp khác; việc phân bổ theo thứ tự ưu tiên \
                   và khả năng giải ngân thực tế của từng công trình.";
    let cells = "Công trình Địa bàn Kinh phí Đê hữu sông Lam Thủy đoạn qua ba xã ven sông Bến Sậy 120 tỷ quan trong hai năm đầu \
                 của kế hoạch Cống Đồng Bưởi Cồn Ngọc 35 tỷ quan";
    for (page, words) in [(0, columns), (1, cells), (2, columns), (3, cells)] {
        let text = worker.text(page).unwrap().text.replace('\n', " ");
        assert!(text.contains(words), "page {page}: {text}");
    }
    // Selected from the last line of a column to the first of the next, the words between are no others.
    let hits = worker.search("trong quý đầu năm. Nguồn vốn của", Way::Whole, 2, 1).unwrap();
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].rects.len(), 2);
    assert!(hits[0].rects[1].x0 > hits[0].rects[0].x1 && hits[0].rects[1].y1 < hits[0].rects[0].y0);
}
