use crate::run;
use std::path::Path;
use std::process::Command;

/// Of the key files that [`certificate`] makes.
pub const PASSWORD: &str = "mat-khau-chung-thu";

/// A self-signed certificate with its key in a PKCS#12 file, made by openssl.
pub fn certificate(out: &Path) -> Vec<u8> {
    let (key, cert) = (out.with_extension("key"), out.with_extension("crt"));
    let made = run(Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=Thanh vien Mau 1",
        ])
        .args(["-addext", "keyUsage=critical,digitalSignature,nonRepudiation", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&cert));
    assert_eq!(made.exit, 0, "{}", made.stderr);
    let made = run(Command::new("openssl")
        .args(["pkcs12", "-export", "-passout", &format!("pass:{PASSWORD}"), "-inkey"])
        .arg(&key)
        .arg("-in")
        .arg(&cert)
        .arg("-out")
        .arg(out));
    assert_eq!(made.exit, 0, "{}", made.stderr);
    std::fs::read(out).expect("a file")
}
