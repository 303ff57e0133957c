//! Signed papers as others see them: pdfsig, qpdf, pyHanko and our own summary.

mod common;

use common::*;
use ecabinet_pades::{Place, Rect, SignRequest, SignatureInfo, cryptographic_summary, finish, prepare};

const PAPERS: [&str; 4] = ["classic.pdf", "streams.pdf", "form.pdf", "form-direct.pdf"];

fn good(info: &SignatureInfo) -> bool {
    info.digest_ok && info.signature_ok && info.problem.is_none()
}

#[test]
fn every_kind_of_file_and_key() {
    let (authority, folder) = (Authority::new(), Folder::new());
    let ca = folder.write("ca.pem", &authority.certificate.to_pem().unwrap());
    let signers = [Kind::Rsa(2048), Kind::Rsa(3072), Kind::P256].map(|kind| authority.signer(kind).1);
    for (number, name) in PAPERS.into_iter().enumerate() {
        for (index, signer) in signers.iter().enumerate() {
            let signed = sign(&data(name), signer, on_page("Ký duyệt", 0, 40.0));
            let file = folder.write(&format!("{index}-{name}"), &signed);
            assert_eq!(pdfsig(&file), [VALID], "{file}");
            assert!(
                output("qpdf", &["--check", &file]).contains("No syntax or stream encoding errors"),
                "{file}"
            );
            let summary = cryptographic_summary(&signed).unwrap();
            let [info] = &summary[..] else { panic!("{file}: {summary:?}") };
            assert!(good(info) && info.covers_whole_file, "{file}: {info:?}");
            assert_eq!(info.covered_bytes, signed.len() as u64);
            assert_eq!((info.field.as_str(), info.signer.as_deref()), ("Ký duyệt", Some(SIGNER)));
            assert_eq!(info.claimed_time.as_deref(), Some("D:20261124170612+07'00'"));
            // Starting it takes a second: once for each kind of file, and every kind of key is met.
            if index == number % signers.len() {
                assert_eq!(judged_valid(&ca, &file), 1, "{file}");
            }
        }
    }
}

#[test]
fn a_later_signature_leaves_the_earlier_ones_valid() {
    let (authority, folder) = (Authority::new(), Folder::new());
    let ca = folder.write("ca.pem", &authority.certificate.to_pem().unwrap());
    let (rsa, ec) = (authority.signer(Kind::Rsa(2048)).1, authority.signer(Kind::P256).1);
    for name in PAPERS {
        let once = sign(&data(name), &rsa, on_page("First", 0, 10.0));
        let mut all = sign(&once, &ec, on_page("Second", 0, 250.0));
        let mut fields = vec!["First", "Second"];
        if name == "form.pdf" {
            all = sign(&all, &rsa, Place::Existing { field: "Cabinet.Chair".into() });
            fields.insert(0, "Cabinet.Chair");
        }
        let file = folder.write(name, &all);
        assert_eq!(pdfsig(&file), vec![VALID; fields.len()], "{name}");
        assert!(
            output("qpdf", &["--check", &file]).contains("No syntax or stream encoding errors"),
            "{name}"
        );

        let summary = cryptographic_summary(&all).unwrap();
        assert_eq!(summary.iter().map(|info| info.field.as_str()).collect::<Vec<_>>(), fields, "{name}");
        assert!(summary.iter().all(good), "{name}: {summary:?}");
        assert_eq!(summary.iter().filter(|info| info.covers_whole_file).count(), 1, "{name}");
        let first = summary.iter().find(|info| info.field == "First").unwrap();
        assert_eq!(first.covered_bytes, once.len() as u64, "{name}");

        assert_eq!(judged_valid(&ca, &file), fields.len(), "{name}");
    }
}

#[test]
fn a_signature_need_not_be_seen() {
    let (authority, folder) = (Authority::new(), Folder::new());
    let signer = authority.signer(Kind::P256).1;
    for name in PAPERS {
        let place = Place::New { field: "Unseen".into(), page: 0, rect: Rect::NONE };
        let request = SignRequest { appearance: None, ..request(&signer, place) };
        let prepared = prepare(&data(name), &request, &font()).unwrap();
        let signature = signer.sign_attributes(&prepared.attributes_to_sign).unwrap();
        let file = folder.write(name, &finish(prepared, &signature).unwrap());
        assert_eq!(pdfsig(&file), [VALID], "{name}");
    }
}

#[test]
fn a_locking_field_is_signed_with_its_lock() {
    let authority = Authority::new();
    let folder = Folder::new();
    let ca = folder.write("ca.pem", &authority.certificate.to_pem().unwrap());
    let signer = authority.signer(Kind::P256).1;
    let signed = sign(&data("form.pdf"), &signer, Place::Existing { field: "Cabinet.Chair".into() });
    let text = String::from_utf8_lossy(&signed);
    assert!(text.contains("/TransformMethod/FieldMDP") && text.contains("/Action/Include/Fields[(Note)]"));
    assert!(cryptographic_summary(&signed).unwrap().iter().all(good));
    let file = folder.write("locked.pdf", &signed);
    assert_eq!(judged_valid(&ca, &file), 1);
}

#[test]
fn a_changed_byte_is_seen() {
    let folder = Folder::new();
    let signer = Authority::new().signer(Kind::Rsa(2048)).1;
    let paper = data("classic.pdf");
    let mut signed = sign(&paper, &signer, on_page("First", 0, 10.0));
    let at =
        paper.windows(5).position(|window| window == b"/Lang").expect("the paper names its language") + 6;
    let at = at + paper[at..].iter().position(u8::is_ascii_alphabetic).unwrap();
    signed[at] ^= 0x20;
    let [info] = &cryptographic_summary(&signed).unwrap()[..] else { panic!() };
    assert!(!info.digest_ok && info.signature_ok && info.problem.is_none(), "{info:?}");
    let verdict = pdfsig(&folder.write("changed.pdf", &signed));
    assert_eq!(verdict, ["Digest Mismatch."]);
}

#[test]
fn a_changed_signature_is_seen() {
    let signer = Authority::new().signer(Kind::Rsa(2048)).1;
    let prepared =
        ecabinet_pades::prepare(&data("classic.pdf"), &request(&signer, on_page("First", 0, 10.0)), &font())
            .unwrap();
    let signature = signer.sign_attributes(&prepared.attributes_to_sign).unwrap();
    let attributes = prepared.attributes_to_sign.clone();
    let signed = ecabinet_pades::finish(prepared, &signature).unwrap();
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>().into_bytes();
    let find = |bytes: &[u8]| signed.windows(bytes.len()).position(|window| window == bytes).unwrap();

    // One bit of the value.
    let mut other = signed.clone();
    let at = find(&hex(&signature)) + 20;
    other[at] = if other[at] == b'0' { b'1' } else { b'0' };
    let [info] = &cryptographic_summary(&other).unwrap()[..] else { panic!() };
    assert!(info.digest_ok && !info.signature_ok && info.problem.is_none(), "{info:?}");

    // The named digest, or the hash of the certificate, in the signed attributes: their last bytes.
    let mut other = signed.clone();
    let at = find(&hex(&attributes[attributes.len() - 8..]));
    other[at] = if other[at] == b'0' { b'1' } else { b'0' };
    let [info] = &cryptographic_summary(&other).unwrap()[..] else { panic!() };
    assert!(!info.signature_ok && info.problem.is_none(), "{info:?}");
}

#[test]
fn a_byte_range_must_leave_out_the_signature_and_nothing_else() {
    let signer = Authority::new().signer(Kind::P256).1;
    let signed = sign(&data("classic.pdf"), &signer, on_page("First", 0, 10.0));
    let text = String::from_utf8_lossy(&signed).into_owned();
    let at = signed.windows(13).position(|window| window == b"/ByteRange [0").unwrap() + 14;
    let before: usize = text[text.find("/ByteRange [0 ").unwrap() + 14..][..10].parse().unwrap();
    // A gap that begins one byte early hides that byte from the digest.
    let mut other = signed.clone();
    other[at..at + 10].copy_from_slice(format!("{:010}", before - 1).as_bytes());
    let [info] = &cryptographic_summary(&other).unwrap()[..] else { panic!() };
    assert!(!info.digest_ok && !info.covers_whole_file && info.covered_bytes == 0, "{info:?}");

    // What is appended later is not covered.
    let mut longer = signed.clone();
    longer.extend(b"\n% more\n");
    let [info] = &cryptographic_summary(&longer).unwrap()[..] else { panic!() };
    assert!(good(info) && !info.covers_whole_file, "{info:?}");
    assert_eq!(info.covered_bytes, signed.len() as u64);
}

#[test]
fn an_unsigned_paper_has_an_empty_summary() {
    for name in PAPERS {
        assert_eq!(cryptographic_summary(&data(name)).unwrap(), [], "{name}");
    }
}
