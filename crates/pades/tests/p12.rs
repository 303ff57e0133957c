//! PKCS#12 files of today and of yesterday.

mod common;

use common::*;
use ecabinet_pades::p12::Identity;

fn code(bytes: &[u8], password: &str) -> &'static str {
    Identity::load(bytes, password).err().map_or("loaded", |error| error.code())
}

#[test]
fn a_file_gives_its_key_and_chain() {
    let authority = Authority::new();
    for kind in [Kind::Rsa(2048), Kind::P256] {
        let (file, identity) = authority.signer(kind);
        let chain = identity.certificates();
        assert_eq!(chain.len(), 2);
        assert_eq!(chain[1], authority.certificate.to_der().unwrap());
        assert_eq!(code(&file, "wrong"), "sign.p12_password");
        assert_eq!(code(&file, ""), "sign.p12_password");
        assert_eq!(code(&file[..file.len() - 1], PASSWORD), "sign.p12_damaged");
    }
    assert_eq!(code(b"", PASSWORD), "sign.p12_damaged");
}

/// As the programs of the time wrote them: openssl's command line, with its legacy provider.
#[test]
fn old_ciphers_load_or_are_named() {
    let (authority, folder) = (Authority::new(), Folder::new());
    let key = key(Kind::Rsa(2048));
    let certificate = authority.certify(&key, signing());
    let key = folder.write("key.pem", &key.private_key_to_pem_pkcs8().unwrap());
    let chain = [certificate.to_pem().unwrap(), authority.certificate.to_pem().unwrap()].concat();
    let chain = folder.write("chain.pem", &chain);
    let file = folder.path("file.p12");
    let export = |ciphers: &[&str]| {
        let fixed =
            ["pkcs12", "-export", "-inkey", &key, "-in", &chain, "-out", &file, "-passout", "pass:secret"];
        output("openssl", &[&fixed[..], ciphers].concat());
        std::fs::read(&file).unwrap()
    };
    let today = export(&[]);
    assert_eq!(Identity::load(&today, "secret").unwrap().certificates().len(), 2);
    let triple_des = ["-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"];
    assert_eq!(Identity::load(&export(&triple_des), "secret").unwrap().certificates().len(), 2);
    let rc2 = export(&["-legacy", "-certpbe", "PBE-SHA1-RC2-40"]);
    assert_eq!(code(&rc2, "secret"), "sign.p12_legacy");
    assert_eq!(code(&rc2, "wrong"), "sign.p12_password");
    assert_eq!(code(&export(&["-nokeys"]), "secret"), "sign.p12_no_key");
}
