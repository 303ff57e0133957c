//! What is refused, and under which code.

mod common;

use common::*;
use ecabinet_pades::{Error, Font, Place, Rect, SignRequest, cryptographic_summary, finish, prepare};
use openssl::x509::extension::KeyUsage;

fn refused(pdf: &[u8], request: &SignRequest) -> &'static str {
    prepare(pdf, request, &font()).err().map_or("prepared", |error| error.code())
}

fn identity() -> ecabinet_pades::p12::Identity {
    Authority::new().signer(Kind::P256).1
}

#[test]
fn files_that_cannot_be_signed() {
    let (folder, signer) = (Folder::new(), identity());
    let request = request(&signer, on_page("First", 0, 10.0));
    let plain = folder.write("plain.pdf", &data("classic.pdf"));
    // With a password to open it, and with none but restrictions.
    for (name, user) in [("locked.pdf", "open"), ("restricted.pdf", "")] {
        let file = folder.path(name);
        output("qpdf", &["--encrypt", user, "owner", "256", "--", &plain, &file]);
        let encrypted = std::fs::read(file).unwrap();
        assert_eq!(refused(&encrypted, &request), "sign.encrypted", "{name}");
        assert_eq!(cryptographic_summary(&encrypted).unwrap_err().code(), "sign.encrypted", "{name}");
    }
    assert_eq!(refused(&data("certified.pdf"), &request), "sign.certified");
    let paper = data("classic.pdf");
    assert_eq!(refused(&paper[..paper.len() / 2], &request), "sign.damaged");
    assert_eq!(refused(&[b"junk\n", &paper[..]].concat(), &request), "sign.damaged");
    assert_eq!(refused(b"", &request), "sign.damaged");
}

#[test]
fn places_that_cannot_be_signed() {
    let signer = identity();
    let code = |pdf: &[u8], place| refused(pdf, &request(&signer, place));
    let (paper, form) = (data("classic.pdf"), data("form.pdf"));
    let existing = |field: &str| Place::Existing { field: field.into() };
    assert_eq!(code(&paper, on_page("First", 2, 10.0)), "sign.place");
    assert_eq!(code(&paper, on_page("First", 0, 450.0)), "sign.place");
    let empty = Rect { x: 10.0, y: 10.0, width: 0.0, height: 0.0 };
    assert_eq!(code(&paper, Place::New { field: "First".into(), page: 0, rect: empty }), "sign.place");
    let unseen = Place::New { field: "First".into(), page: 0, rect: Rect::NONE };
    assert_eq!(code(&paper, unseen), "sign.place", "it has something to show");
    assert_eq!(code(&paper, on_page("a.b", 0, 10.0)), "sign.field_name");
    assert_eq!(code(&paper, on_page("", 0, 10.0)), "sign.field_name");
    assert_eq!(code(&paper, existing("First")), "sign.field_missing");
    assert_eq!(code(&form, existing("Note")), "sign.field_missing");
    assert_eq!(code(&form, on_page("Note", 0, 10.0)), "sign.field_exists");
    assert_eq!(code(&form, on_page("Cabinet", 0, 10.0)), "sign.field_exists");
    let signed = sign(&form, &signer, existing("Cabinet.Chair"));
    assert_eq!(code(&signed, existing("Cabinet.Chair")), "sign.field_signed");
}

#[test]
fn signers_that_cannot_sign() {
    let authority = Authority::new();
    let paper = data("classic.pdf");
    let request = request(&authority.signer(Kind::P256).1, on_page("First", 0, 10.0));
    let with = |certificates| refused(&paper, &SignRequest { certificates, ..request.clone() });
    assert_eq!(with(vec![]), "sign.certificate");
    assert_eq!(with(vec![b"no certificate".to_vec()]), "sign.certificate");
    let weak = authority.certify(&key(Kind::Rsa(1024)), signing());
    assert_eq!(with(vec![weak.to_der().unwrap()]), "sign.key_unsupported");
    let other = authority.certify(&key(Kind::P384), signing());
    assert_eq!(with(vec![other.to_der().unwrap()]), "sign.key_unsupported");
    let mut encipherment = KeyUsage::new();
    encipherment.critical().key_encipherment();
    let encipherment = authority.certify(&key(Kind::P256), encipherment);
    assert_eq!(with(vec![encipherment.to_der().unwrap()]), "sign.certificate_usage");

    let at = |unix_ms| {
        let mut request = request.clone();
        request.time.unix_ms = unix_ms;
        refused(&paper, &request)
    };
    assert_eq!(at(1_500_000_000_000), "sign.certificate_time");
    assert_eq!(at(2_500_000_000_000), "sign.certificate_time");
    assert_eq!(at(i64::MIN), "sign.time");
}

#[test]
fn a_signature_by_another_key_or_over_other_bytes() {
    let authority = Authority::new();
    for kind in [|| Kind::P256, || Kind::Rsa(2048)] {
        let (own, other) = (authority.signer(kind()).1, authority.signer(kind()).1);
        let prepared =
            prepare(&data("classic.pdf"), &request(&own, on_page("First", 0, 10.0)), &font()).unwrap();
        let attributes = prepared.attributes_to_sign.clone();
        for signature in [
            other.sign_attributes(&attributes).unwrap(),
            own.sign_attributes(&attributes[1..]).unwrap(),
            vec![],
        ] {
            assert!(matches!(finish(prepared.clone(), &signature), Err(Error::SignatureMismatch)));
        }
        assert!(finish(prepared, &own.sign_attributes(&attributes).unwrap()).is_ok());
    }
}

#[test]
fn what_cannot_be_drawn() {
    let signer = identity();
    let mut request = request(&signer, on_page("First", 0, 10.0));
    let appearance = request.appearance.as_mut().unwrap();
    appearance.lines.push("签".into());
    assert_eq!(refused(&data("classic.pdf"), &request), "sign.glyph_missing");
    let appearance = request.appearance.as_mut().unwrap();
    appearance.lines.pop();
    appearance.picture.as_mut().unwrap().truncate(200);
    assert_eq!(refused(&data("classic.pdf"), &request), "sign.picture");
    assert_eq!(Font::new(b"no font".to_vec()).err().unwrap().code(), "sign.font");
}
