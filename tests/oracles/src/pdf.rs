use ecabinet_pades::{
    Annotation, Annotations, Error, Font, Kind, SigningTime, annotate, cryptographic_summary,
};
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::LazyLock;

/// The worker's own look at a file's head and tail: a part of that program, compiled here a second time.
#[path = "../../../crates/pdf/src/worker/damage.rs"]
mod damage;

static LETTERS: LazyLock<Font> = LazyLock::new(|| {
    let folder = std::env::var("ECABINET_FONTS").unwrap_or("/usr/share/fonts/truetype/liberation2".into());
    let bytes = std::fs::read(PathBuf::from(folder).join("LiberationSerif-Regular.ttf"));
    Font::new(bytes.expect("a font; name its folder in ECABINET_FONTS")).expect("a font")
});

/// A file that may be a PDF, as it is read before anything is signed or appended. What is appended leaves it readable, with
/// the signatures that it had.
pub(crate) fn read(bytes: &[u8]) {
    let _ = damage::inspect(&mut Cursor::new(bytes));
    let Ok(signatures) = cryptographic_summary(bytes) else {
        assert!(annotate(bytes, &marks(), &LETTERS).is_err(), "what cannot be read is not appended to");
        return;
    };
    let Ok(appended) = annotate(bytes, &marks(), &LETTERS) else { return };
    let whole = [bytes, &appended].concat();
    match cryptographic_summary(&whole) {
        Ok(after) => {
            let names = |all: &[ecabinet_pades::SignatureInfo]| {
                all.iter().map(|signature| signature.field.clone()).collect::<Vec<_>>()
            };
            assert_eq!(names(&after), names(&signatures));
        }
        Err(Error::Encrypted) => panic!("it was not encrypted before"),
        Err(error) => panic!("what was appended cannot be read: {error}"),
    }
}

fn marks() -> Annotations {
    let quad = [[10.0, 10.0], [60.0, 10.0], [10.0, 20.0], [60.0, 20.0]];
    let kinds = [Kind::Highlight(vec![quad]), Kind::Note([20.0, 30.0])];
    let time = SigningTime { unix_ms: 1_760_000_000_000, offset_minutes: 420 };
    let mark = |(n, kind)| Annotation {
        id: format!("mark-{n}"),
        page: 0,
        kind,
        colour: [255, 220, 0],
        text: "ghi chú".into(),
        time,
    };
    let marks = kinds.into_iter().enumerate().map(mark).collect();
    Annotations { author: "Thành viên".into(), marks, notice: Some("Bản làm việc".into()) }
}
