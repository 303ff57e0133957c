//! A reader's marks, as poppler draws them and qpdf reads them.

mod common;

use common::{Authority, Folder, SIGNER, TIME, data, font, on_page, output, sign};
use ecabinet_pades::{Annotation, Annotations, InkPoint, Kind, Quad, Rect, annotate, cryptographic_summary};

const YELLOW: [u8; 3] = [255, 220, 0];
const NOTE: &str = "Đề nghị làm rõ nguồn kinh phí.";

fn quad(x: f32, y: f32, width: f32, height: f32) -> Quad {
    [[x, y], [x + width, y], [x, y + height], [x + width, y + height]]
}

fn mark(id: &str, kind: Kind, colour: [u8; 3], text: &str) -> Annotation {
    Annotation { id: id.into(), page: 0, kind, colour, text: text.into(), time: TIME }
}

fn all(marks: Vec<Annotation>) -> Annotations {
    Annotations { author: SIGNER.into(), marks, notice: None }
}

fn with(pdf: &[u8], wanted: &Annotations) -> Vec<u8> {
    [pdf, &annotate(pdf, wanted, &font()).unwrap()].concat()
}

/// A page as it is shown, at 72 dpi, by what poppler draws.
struct Drawn {
    pixels: Vec<u8>,
    line: usize,
}

impl Drawn {
    fn of(folder: &Folder, file: &str) -> Drawn {
        let root = folder.path("page");
        output("pdftoppm", &["-r", "72", "-png", "-cropbox", "-singlefile", file, &root]);
        let png = std::fs::File::open(format!("{root}.png")).unwrap();
        let mut reader = png::Decoder::new(std::io::BufReader::new(png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        Drawn { pixels, line: info.line_size }
    }

    /// How many pixels of a colour lie in a rectangle.
    fn count(&self, rect: Rect, is: impl Fn([u8; 3]) -> bool) -> usize {
        let rows = rect.y as usize..(rect.y + rect.height) as usize;
        let columns = || rect.x as usize..(rect.x + rect.width) as usize;
        let pixel = |x: usize, y: usize| {
            let at = y * self.line + x * 3;
            [self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]]
        };
        rows.flat_map(|y| columns().map(move |x| (x, y))).filter(|(x, y)| is(pixel(*x, *y))).count()
    }
}

fn is_yellow([red, green, blue]: [u8; 3]) -> bool {
    red > 200 && green > 180 && blue < 120
}

fn is_blue([red, _, blue]: [u8; 3]) -> bool {
    blue > 150 && red < 120
}

#[test]
fn marks_are_drawn_where_they_were_made_on_every_page() {
    let folder = Folder::new();
    // The second is turned; the third has a crop box within its media box.
    for (name, x, y) in
        [("classic.pdf", 300.0, 600.0), ("form.pdf", 560.0, 40.0), ("form-direct.pdf", 280.0, 600.0)]
    {
        let paper = data(name);
        let before = Drawn::of(&folder, &folder.write("before.pdf", &paper));
        let lit = Rect { x, y, width: 100.0, height: 20.0 };
        let inked = Rect { x, y: y + 40.0, width: 100.0, height: 20.0 };
        assert_eq!(before.count(lit, is_yellow) + before.count(inked, is_blue), 0, "{name}: not empty");

        let stroke: Vec<InkPoint> =
            (0..20).map(|i| InkPoint { at: [x + 5.0 * i as f32, y + 50.0], width: 4.0 }).collect();
        let marked = with(
            &paper,
            &all(vec![
                mark("a", Kind::Highlight(vec![quad(x, y, 100.0, 20.0)]), YELLOW, NOTE),
                mark("b", Kind::Ink(vec![stroke]), [0, 0, 255], ""),
            ]),
        );
        let after = Drawn::of(&folder, &folder.write(name, &marked));
        assert!(after.count(lit, is_yellow) > 1_900, "{name}: {}", after.count(lit, is_yellow));
        let ink = after.count(inked, is_blue);
        assert!((250..600).contains(&ink), "{name}: {ink}");
        let around = Rect { x: x - 20.0, y: y - 20.0, width: 140.0, height: 100.0 };
        assert!(after.count(around, is_yellow) < 2_300, "{name}: not beside it");
    }
}

#[test]
fn words_under_a_highlight_stay_black() {
    let folder = Folder::new();
    let paper = data("classic.pdf");
    let page = Rect { x: 0.0, y: 0.0, width: 500.0, height: 400.0 };
    let is_black = |[red, green, blue]: [u8; 3]| red < 60 && green < 60 && blue < 60;
    let before = Drawn::of(&folder, &folder.write("before.pdf", &paper)).count(page, is_black);
    assert!(before > 100, "there are words: {before}");
    let lit = all(vec![mark("a", Kind::Highlight(vec![quad(0.0, 0.0, 500.0, 400.0)]), YELLOW, "")]);
    let after = Drawn::of(&folder, &folder.write("after.pdf", &with(&paper, &lit)));
    assert!(after.count(page, is_black) >= before * 9 / 10);
    assert!(after.count(page, is_yellow) > 100_000);
}

#[test]
fn other_programs_read_who_wrote_what() {
    let folder = Folder::new();
    for name in ["classic.pdf", "streams.pdf", "form.pdf", "form-direct.pdf"] {
        let marked = with(
            &data(name),
            &all(vec![
                mark("a", Kind::Underline(vec![quad(100.0, 100.0, 80.0, 12.0)]), [0, 90, 200], NOTE),
                mark("b", Kind::Strike(vec![quad(100.0, 130.0, 80.0, 12.0)]), [200, 0, 0], ""),
                mark("c", Kind::Note([60.0, 60.0]), YELLOW, "Hỏi lại."),
                mark("d", Kind::Ink(vec![vec![InkPoint { at: [90.0, 90.0], width: 3.0 }]]), [0, 0, 0], ""),
            ]),
        );
        let file = folder.write(name, &marked);
        output("qpdf", &["--check", &file]);
        let json = output("qpdf", &["--json=2", "--json-key=qpdf", &file]);
        for said in [
            "/Underline",
            "/StrikeOut",
            "/Ink",
            "/Popup",
            "/QuadPoints",
            "/InkList",
            "u:Hỏi lại.",
            &format!("u:{NOTE}"),
            &format!("u:{SIGNER}"),
            "D:20261124170612+07'00'",
        ] {
            assert!(json.contains(said), "{name}: {said}");
        }
    }
}

#[test]
fn a_signed_paper_stays_as_it_is_and_its_copy_says_what_it_is() {
    let folder = Folder::new();
    let signer = Authority::new().signer(common::Kind::P256).1;
    let signed = sign(&data("classic.pdf"), &signer, on_page("First", 0, 10.0));
    let mut wanted = all(vec![mark("a", Kind::Note([60.0, 60.0]), YELLOW, NOTE)]);
    wanted.notice = Some("Bản làm việc kèm ghi chú – không thay bản có chữ ký".into());
    let copy = with(&signed, &wanted);
    assert!(copy.starts_with(&signed));
    let file = folder.write("copy.pdf", &copy);
    output("qpdf", &["--check", &file]);
    // What was signed is still signed, and is not the whole of the copy.
    let before = cryptographic_summary(&signed).unwrap();
    let after = cryptographic_summary(&copy).unwrap();
    assert_eq!((before.len(), after.len()), (1, 1));
    assert!(before[0].covers_whole_file && !after[0].covers_whole_file);
    let json = output("qpdf", &["--json=2", "--json-key=qpdf", &file]);
    assert!(json.contains("u:Bản làm việc kèm ghi chú"), "{json}");
    let text = Drawn::of(&folder, &file)
        .count(Rect { x: 24.0, y: 8.0, width: 300.0, height: 12.0 }, |[red, ..]| red < 128);
    assert!(text > 100, "the notice is seen: {text}");
}

#[test]
fn what_has_no_place_is_refused() {
    let refused = |mark| annotate(&data("classic.pdf"), &all(vec![mark]), &font()).unwrap_err().code();
    let mut far = mark("a", Kind::Note([1.0, 1.0]), YELLOW, "");
    far.page = 99;
    assert_eq!(refused(far), "sign.place");
    assert_eq!(refused(mark("a", Kind::Note([f32::NAN, 1.0]), YELLOW, "")), "sign.place");
    assert_eq!(refused(mark("a", Kind::Highlight(vec![]), YELLOW, "")), "sign.place");
    assert_eq!(annotate(b"no paper", &all(vec![]), &font()).unwrap_err().code(), "sign.damaged");
}
