//! The visible signature, as poppler draws and reads it.

mod common;

use common::*;
use ecabinet_pades::{Place, Rect, finish, prepare};

/// Counts pixels of a page at 72 dpi within a rectangle on the page as shown: (blue, black).
fn ink(folder: &Folder, file: &str, page: u32, rect: Rect) -> (usize, usize) {
    let (page, root) = (page.to_string(), folder.path("page"));
    output(
        "pdftoppm",
        &["-r", "72", "-png", "-cropbox", "-singlefile", "-f", &page, "-l", &page, file, &root],
    );
    let png = std::fs::File::open(format!("{root}.png")).unwrap();
    let mut reader = png::Decoder::new(std::io::BufReader::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    let (mut blue, mut black) = (0, 0);
    for y in rect.y as usize..(rect.y + rect.height) as usize {
        for x in rect.x as usize..(rect.x + rect.width) as usize {
            let [red, _, b] = pixels[y * info.line_size + x * 3..][..3] else { unreachable!() };
            blue += usize::from(b > 150 && red < 120);
            black += usize::from(b < 100 && red < 100);
        }
    }
    (blue, black)
}

#[test]
fn picture_above_text_upright_on_every_page() {
    let folder = Folder::new();
    let signer = Authority::new().signer(Kind::P256).1;
    for (name, rect) in [
        ("classic.pdf", Rect { x: 300.0, y: 600.0, width: 200.0, height: 90.0 }),
        // Turned: wider than high.
        ("form.pdf", Rect { x: 560.0, y: 40.0, width: 200.0, height: 90.0 }),
        // Its crop box begins within the media box.
        ("form-direct.pdf", Rect { x: 280.0, y: 600.0, width: 200.0, height: 90.0 }),
    ] {
        let before = folder.write("before.pdf", &data(name));
        assert_eq!(ink(&folder, &before, 1, rect), (0, 0), "{name}: the place is not empty");
        let signed = sign(&data(name), &signer, Place::New { field: "First".into(), page: 0, rect });
        let file = folder.write(name, &signed);
        let upper = Rect { height: 45.0, ..rect };
        let lower = Rect { y: rect.y + 60.0, height: 30.0, ..rect };
        let (above, below) = (ink(&folder, &file, 1, upper), ink(&folder, &file, 1, lower));
        assert!(above.0 > 100 && above.1 == 0, "{name}: {above:?} above");
        assert!(below.0 == 0 && below.1 > 50, "{name}: {below:?} below");

        let text = output("pdftotext", &["-layout", &file, "-"]);
        assert!(text.contains("Ký bởi: Nguyễn Văn Mẫu"), "{name}: {text}");
        assert!(text.contains("Thời gian ký: 24/11/2026 17:06:12 +07:00"), "{name}: {text}");
        if let Ok(keep) = std::env::var("ECABINET_KEEP") {
            std::fs::copy(&file, std::path::Path::new(&keep).join(name)).unwrap();
        }
    }
}

#[test]
fn without_an_appearance_nothing_is_drawn() {
    let folder = Folder::new();
    let signer = Authority::new().signer(Kind::P256).1;
    let mut request = request(&signer, on_page("First", 1, 10.0));
    request.appearance = None;
    let prepared = prepare(&data("streams.pdf"), &request, &font()).unwrap();
    let signature = signer.sign_attributes(&prepared.attributes_to_sign).unwrap();
    let file = folder.write("invisible.pdf", &finish(prepared, &signature).unwrap());
    assert_eq!(ink(&folder, &file, 2, Rect { x: 10.0, y: 400.0, width: 200.0, height: 90.0 }), (0, 0));
    assert_eq!(pdfsig(&file), [VALID]);
}
