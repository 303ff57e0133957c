//! Signatures that another program made, and files that nobody should have made.

mod common;

use common::*;
use ecabinet_pades::{Problem, cryptographic_summary, prepare};
use proptest::prelude::*;

#[test]
fn another_programs_signature_is_read_and_stays_valid() {
    let (authority, folder) = (Authority::new(), Folder::new());
    let ca = folder.write("ca.pem", &authority.certificate.to_pem().unwrap());
    let password = folder.write("password", PASSWORD.as_bytes());
    let (rsa_file, rsa) = authority.signer(Kind::Rsa(2048));
    let (ec_file, _) = authority.signer(Kind::P384);
    let (rsa_file, ec_file) = (folder.write("rsa.p12", &rsa_file), folder.write("ec.p12", &ec_file));
    let cases: [(&str, &[&str], &str); 3] = [
        ("streams.pdf", &["--use-pades"], &rsa_file),
        ("classic.pdf", &[], &rsa_file),
        ("classic.pdf", &["--use-pades"], &ec_file),
    ];
    for (name, options, key) in cases {
        let (paper, out) = (folder.write("paper.pdf", &data(name)), folder.path("theirs.pdf"));
        let fixed = ["sign", "addsig", "--field", "1/20,20,120,60/Theirs"];
        let rest = ["pkcs12", "--passfile", &password, &paper, &out, key];
        pyhanko(&[&fixed[..], options, &rest].concat());
        let theirs = std::fs::read(&out).unwrap();
        let [info] = &cryptographic_summary(&theirs).unwrap()[..] else { panic!("{name} {options:?}") };
        assert!(info.digest_ok && info.signature_ok && info.problem.is_none(), "{name} {options:?} {info:?}");
        assert!(
            info.covers_whole_file && info.signer.as_deref() == Some(SIGNER),
            "{name} {options:?} {info:?}"
        );

        let both = folder.write("both.pdf", &sign(&theirs, &rsa, on_page("Ours", 0, 200.0)));
        assert_eq!(judged_valid(&ca, &both), 2, "{name} {options:?}");
        assert_eq!(pdfsig(&both).len(), 2);
    }
}

/// The stray entry leads to the first catalog, which has no form: taken for the newest, it loses the signatures.
#[test]
fn a_stray_cross_reference_does_not_bring_back_an_old_revision() {
    let (authority, folder) = (Authority::new(), Folder::new());
    let ca = folder.write("ca.pem", &authority.certificate.to_pem().unwrap());
    let signer = authority.signer(Kind::P256).1;
    let once = sign(&data("stray.pdf"), &signer, on_page("First", 0, 10.0));
    let twice = sign(&once, &signer, on_page("Second", 0, 250.0));
    for (signed, fields) in [(&once, &["First"][..]), (&twice, &["First", "Second"])] {
        let summary = cryptographic_summary(signed).unwrap();
        assert_eq!(summary.iter().map(|info| info.field.as_str()).collect::<Vec<_>>(), fields);
        assert!(summary.iter().all(|info| info.digest_ok && info.signature_ok));
        let file = folder.write("signed.pdf", signed);
        assert_eq!(pdfsig(&file), vec![VALID; fields.len()]);
        assert_eq!(judged_valid(&ca, &file), fields.len());
    }
}

/// As other libraries write it: lengths left open, certificates twice. None of that is signed.
#[test]
fn a_signature_in_ber_is_read() {
    let folder = Folder::new();
    let mut signed =
        sign(&data("classic.pdf"), &Authority::new().signer(Kind::Rsa(2048)).1, on_page("A", 0, 10.0));
    let from = signed.windows(11).rposition(|window| window == b"/Contents <").unwrap() + 11;
    let digits = signed[from..].iter().position(|byte| *byte == b'>').unwrap();
    let cms: Vec<u8> = (from..from + digits)
        .step_by(2)
        .map(|at| u8::from_str_radix(std::str::from_utf8(&signed[at..at + 2]).unwrap(), 16).unwrap())
        .collect();

    let (_, info, _) = split(&cms);
    let (kind, _, content) = split(info);
    let (_, content, _) = split(content);
    let (_, data, _) = split(content);
    let (version, _, data) = split(data);
    let (digests, _, data) = split(data);
    let (encapsulated, _, data) = split(data);
    let (_, certificates, signers) = split(data);
    let certificates = open(0xa0, &[certificates, certificates].concat());
    let data = open(0x30, &[version, digests, encapsulated, &certificates, signers].concat());
    let ber = open(0x30, &[kind, &open(0xa0, &data)].concat());

    signed[from..from + digits].fill(b'0');
    let hex: String = ber.iter().map(|byte| format!("{byte:02x}")).collect();
    signed[from..from + hex.len()].copy_from_slice(hex.as_bytes());
    assert_eq!(pdfsig(&folder.write("ber.pdf", &signed)), [VALID]);
    let [info] = &cryptographic_summary(&signed).unwrap()[..] else { panic!() };
    assert!(info.digest_ok && info.signature_ok && info.covers_whole_file, "{info:?}");
}

/// The first DER element, its content, and what follows it.
fn split(der: &[u8]) -> (&[u8], &[u8], &[u8]) {
    let (header, length) = match der[1] {
        length @ 0..0x80 => (2, usize::from(length)),
        digits => {
            let digits = usize::from(digits & 0x7f);
            (
                2 + digits,
                der[2..2 + digits].iter().fold(0, |length, digit| length * 256 + usize::from(*digit)),
            )
        }
    };
    (&der[..header + length], &der[header..header + length], &der[header + length..])
}

fn open(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, 0x80], content, &[0, 0]].concat()
}

#[test]
fn what_cannot_be_judged_is_not_called_broken() {
    let signer = Authority::new().signer(Kind::P256).1;
    let signed = sign(&data("classic.pdf"), &signer, on_page("First", 0, 10.0));
    let replaced = |from: &[u8], to: &[u8]| {
        let at = signed.windows(from.len()).position(|window| window == from).unwrap();
        let mut other = signed.clone();
        other[at..at + to.len()].copy_from_slice(to);
        let [info] = &cryptographic_summary(&other).unwrap()[..] else { panic!() };
        (info.problem, info.signature_ok)
    };
    assert_eq!(
        replaced(b"/ETSI.CAdES.detached", b"/ETSI.RFC3161       "),
        (Some(Problem::UnsupportedKind), false)
    );
    assert_eq!(replaced(b"/Contents <30", b"/Contents <31"), (Some(Problem::Unreadable), false));
    // ecdsa-with-SHA256 beside the value becomes ecdsa-with-SHA224.
    let named = b"06082A8648CE3D040302";
    let at = signed.windows(named.len()).rposition(|window| window == named).unwrap();
    let beside = &signed[at..at + 30];
    assert_eq!(replaced(beside, b"06082A8648CE3D040301"), (Some(Problem::UnsupportedAlgorithm), false));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// A damaged file is an error or is read; it never ends the process, and never passes for the original.
    #[test]
    fn damage_is_survived(
        paper in 0usize..4,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        end in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let (request, signed) = &*SIGNED;
        let original = &signed[paper];
        let mut bytes = original.clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cut {
            bytes.truncate(end.index(bytes.len()));
        }
        let changed = bytes[..] != original[..];
        for info in cryptographic_summary(&bytes).unwrap_or_default() {
            let passes = info.covers_whole_file && info.digest_ok && info.signature_ok;
            // Digits of the signature's own hexadecimal filling are the one place that nothing covers.
            prop_assert!(!(passes && changed) || only_letter_case_or_filling(original, &bytes), "{:?}", info);
        }
        let _ = prepare(&bytes, request, &font());
    }
}

fn only_letter_case_or_filling(original: &[u8], changed: &[u8]) -> bool {
    let hole = original.windows(11).rposition(|window| window == b"/Contents <").unwrap();
    let differs = original.iter().zip(changed).enumerate().filter(|(_, (a, b))| a != b);
    original.len() == changed.len() && differs.into_iter().all(|(at, _)| at > hole)
}

static SIGNED: std::sync::LazyLock<(ecabinet_pades::SignRequest, Vec<Vec<u8>>)> =
    std::sync::LazyLock::new(|| {
        let signer = Authority::new().signer(Kind::P256).1;
        let papers = ["classic.pdf", "streams.pdf", "form.pdf", "form-direct.pdf"];
        let signed = papers.map(|name| sign(&data(name), &signer, on_page("First", 0, 10.0)));
        (request(&signer, on_page("Second", 0, 250.0)), signed.to_vec())
    });
