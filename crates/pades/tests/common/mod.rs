//! An authority and signers made for the test, and the programs that judge what was signed.
#![allow(dead_code, reason = "each test file uses a part")]

use std::path::{Path, PathBuf};
use std::process::Command;

use ecabinet_pades::{Appearance, Font, Place, Rect, SignRequest, SigningTime, finish, p12, prepare};
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::stack::Stack;
use openssl::x509::extension::{BasicConstraints, KeyUsage};
use openssl::x509::{X509, X509NameBuilder};

pub const SIGNER: &str = "Nguyễn Văn Mẫu";
/// 24 Nov 2026 17:06:12 in Vietnam.
pub const TIME: SigningTime = SigningTime { unix_ms: 1_795_514_772_000, offset_minutes: 420 };
pub const PASSWORD: &str = "mật khẩu";

pub fn data(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
}

pub fn font() -> Font {
    let folder = std::env::var("ECABINET_FONTS").unwrap_or("/usr/share/fonts/truetype/liberation2".into());
    let file = PathBuf::from(folder).join("LiberationSerif-Regular.ttf");
    let bytes = std::fs::read(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; name the folder in ECABINET_FONTS", file.display()));
    Font::new(bytes).unwrap()
}

pub enum Kind {
    Rsa(u32),
    P256,
    P384,
}

pub fn key(kind: Kind) -> PKey<Private> {
    let curve = match kind {
        Kind::Rsa(bits) => return PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap(),
        Kind::P256 => Nid::X9_62_PRIME256V1,
        Kind::P384 => Nid::SECP384R1,
    };
    PKey::from_ec_key(EcKey::generate(&EcGroup::from_curve_name(curve).unwrap()).unwrap()).unwrap()
}

pub struct Authority {
    pub key: PKey<Private>,
    pub certificate: X509,
}

impl Authority {
    pub fn new() -> Authority {
        let key = key(Kind::Rsa(2048));
        let usage = KeyUsage::new().critical().key_cert_sign().crl_sign().build().unwrap();
        let certificate = certificate("CA thử nghiệm", &key, None, usage);
        Authority { key, certificate }
    }

    pub fn certify(&self, key: &PKey<Private>, usage: KeyUsage) -> X509 {
        certificate(SIGNER, key, Some(self), usage.build().unwrap())
    }

    /// A PKCS#12 file with key and chain, and its contents.
    pub fn signer(&self, kind: Kind) -> (Vec<u8>, p12::Identity) {
        let key = key(kind);
        let certificate = self.certify(&key, signing());
        let mut chain = Stack::new().unwrap();
        chain.push(self.certificate.clone()).unwrap();
        let mut file = Pkcs12::builder();
        let file = file.name("signer").pkey(&key).cert(&certificate).ca(chain).build2(PASSWORD).unwrap();
        let file = file.to_der().unwrap();
        let identity = p12::Identity::load(&file, PASSWORD).unwrap();
        (file, identity)
    }
}

pub fn signing() -> KeyUsage {
    let mut usage = KeyUsage::new();
    usage.critical().digital_signature().non_repudiation();
    usage
}

fn certificate(
    name: &str,
    key: &PKey<Private>,
    authority: Option<&Authority>,
    usage: openssl::x509::X509Extension,
) -> X509 {
    let mut subject = X509NameBuilder::new().unwrap();
    subject.append_entry_by_text("C", "VN").unwrap();
    subject.append_entry_by_text("CN", name).unwrap();
    let subject = subject.build();
    let mut serial = BigNum::new().unwrap();
    serial.rand(120, openssl::bn::MsbOption::ONE, false).unwrap();
    let mut x509 = X509::builder().unwrap();
    x509.set_version(2).unwrap();
    x509.set_serial_number(&serial.to_asn1_integer().unwrap()).unwrap();
    x509.set_subject_name(&subject).unwrap();
    x509.set_issuer_name(authority.map_or(&subject, |authority| authority.certificate.subject_name()))
        .unwrap();
    x509.set_not_before(&Asn1Time::from_str("20200101000000Z").unwrap()).unwrap();
    x509.set_not_after(&Asn1Time::from_str("20451231000000Z").unwrap()).unwrap();
    x509.set_pubkey(key).unwrap();
    let mut constraints = BasicConstraints::new();
    if authority.is_none() {
        constraints.critical().ca();
    }
    x509.append_extension(constraints.build().unwrap()).unwrap();
    x509.append_extension(usage).unwrap();
    x509.sign(authority.map_or(key, |authority| &authority.key), MessageDigest::sha256()).unwrap();
    x509.build()
}

/// A blue stroke on nothing.
pub fn picture() -> Vec<u8> {
    let (width, height) = (300u32, 120u32);
    let mut pixels = vec![0; (width * height * 4) as usize];
    for x in 0..width {
        let y = 60.0 + 45.0 * (f64::from(x) / 18.0).sin() * f64::from(width - x) / f64::from(width);
        for near in 0..6 {
            let at = ((y as u32 + near) * width + x) as usize * 4;
            pixels[at..at + 4].copy_from_slice(&[
                20,
                40,
                200,
                if near == 0 || near == 5 { 120 } else { 255 },
            ]);
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    bytes
}

pub fn request(identity: &p12::Identity, place: Place) -> SignRequest {
    SignRequest {
        certificates: identity.certificates().to_vec(),
        time: TIME,
        reason: Some("Phê duyệt".into()),
        place,
        appearance: Some(Appearance {
            lines: vec![format!("Ký bởi: {SIGNER}"), format!("Thời gian ký: {TIME}")],
            text_size: 10.0,
            picture: Some(picture()),
        }),
    }
}

pub fn on_page(field: &str, page: u32, x: f32) -> Place {
    Place::New { field: field.into(), page, rect: Rect { x, y: 400.0, width: 200.0, height: 90.0 } }
}

/// All three steps.
pub fn sign(pdf: &[u8], identity: &p12::Identity, place: Place) -> Vec<u8> {
    let prepared = prepare(pdf, &request(identity, place), &font()).unwrap();
    let signature = identity.sign_attributes(&prepared.attributes_to_sign).unwrap();
    let signed = finish(prepared, &signature).unwrap();
    assert!(signed.starts_with(pdf) && signed.len() > pdf.len(), "the original is not a prefix");
    signed
}

/// A program's output, after success. A program that is not there fails the test.
pub fn output(program: &str, arguments: &[&str]) -> String {
    let result = Command::new(program).args(arguments).output();
    let result = result.unwrap_or_else(|error| panic!("{program} is needed for this test: {error}"));
    let text =
        String::from_utf8_lossy(&result.stdout).into_owned() + &String::from_utf8_lossy(&result.stderr);
    assert!(result.status.success(), "{program} {arguments:?}: {}\n{text}", result.status);
    text
}

pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    pub fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }
}

/// pdfsig's verdict on each signature, in its words.
pub fn pdfsig(file: &str) -> Vec<String> {
    let text = output("pdfsig", &["-nocert", file]);
    text.lines().filter_map(|line| Some(line.split_once("Signature Validation: ")?.1.to_owned())).collect()
}

pub const VALID: &str = "Signature is Valid.";

/// Runs pyHanko, installing it first where it is not yet.
pub fn pyhanko(arguments: &[&str]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pyhanko.sh");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    // Tests run at the same time: one installs, the others wait.
    let lock = std::fs::File::create(folder.join("pyhanko.lock")).unwrap();
    lock.lock().unwrap();
    let venv = folder.join("pyhanko");
    output(script.to_str().unwrap(), &[&[venv.to_str().unwrap()], arguments].concat())
}

/// How many signatures pyHanko judges valid, up to the authority. Revocation is not looked at: none is published.
pub fn judged_valid(authority: &str, file: &str) -> usize {
    let arguments =
        ["sign", "validate", "--trust", authority, "--no-revocation-check", "--pretty-print", file];
    let verdict = pyhanko(&arguments);
    let valid = verdict.matches("The signature is judged VALID.").count();
    assert_eq!(valid, verdict.matches("The signature is judged").count(), "{verdict}");
    valid
}
