use ecabinet_pdf::wire::{self, Reply};
use ecabinet_pdf::{Format, Image, Render, Rotation};

/// What was asked for, whatever the worker answers.
const ASKED: Render = Render { page: 0, width: 60, rotation: Rotation::None, format: Format::Webp };

/// What a worker that was taken over may say: its frames, one after the other. What is believed is what was asked for; what
/// was read is read again from what is written of it.
pub(crate) fn read(mut bytes: &[u8]) {
    while let Ok(reply) = wire::receive::<Reply>(&mut bytes) {
        if let Reply::Image(image) = &reply {
            for format in [Format::Webp, Format::Rgba] {
                let asked = Render { format, ..ASKED };
                if wire::is_what_was_asked(image, &asked) {
                    believed(image, &asked);
                }
            }
        }
        let mut own = Vec::new();
        wire::send(&mut own, &reply).expect("in memory");
        let again = wire::receive::<Reply>(&mut &own[..]).expect("its own bytes are read");
        // By their words: a number that is none is not equal to itself.
        assert_eq!(format!("{again:?}"), format!("{reply:?}"));
    }
}

fn believed(image: &Image, asked: &Render) {
    assert_eq!((image.width, image.format), (asked.width, asked.format));
    let pixels = u64::from(image.width) * u64::from(image.height);
    assert!(pixels <= wire::MAX_PIXELS);
    match image.format {
        Format::Rgba => assert_eq!(image.bytes.len() as u64, pixels * 4),
        Format::Webp => {
            assert!(image.bytes.starts_with(b"RIFF"), "the web view might take it for something else");
        }
    }
}
