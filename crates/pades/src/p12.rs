//! Keys in PKCS#12 files (`.p12`, `.pfx`).

use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::pkcs12::Pkcs12;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;
use openssl::x509::{X509, X509Ref};

use crate::Error;

/// A private key and the certificates that go with it, from a file and its password.
pub struct Identity {
    key: PKey<Private>,
    certificates: Vec<Vec<u8>>,
}

impl Identity {
    /// Opens files of today (AES, PBES2) and those with Triple DES; [`Error::P12Legacy`] for RC2,
    /// [`Error::P12Password`] for a wrong password.
    pub fn load(bytes: &[u8], password: &str) -> Result<Identity, Error> {
        let file = Pkcs12::from_der(bytes).map_err(|error| Error::P12Damaged(error.to_string()))?;
        let parsed = file.parse2(password).map_err(|error| refusal(&error))?;
        let (Some(key), Some(signer)) = (parsed.pkey, parsed.cert) else { return Err(Error::P12NoKey) };
        let others: Vec<X509> = parsed.ca.into_iter().flatten().collect();
        let chain = chain(&signer, &others);
        let certificates = chain.iter().map(|certificate| certificate.to_der()).collect::<Result<_, _>>();
        let certificates = certificates.map_err(|error| Error::P12Damaged(error.to_string()))?;
        Ok(Identity { key, certificates })
    }

    /// DER: the signer's certificate, then those of its issuers that the file holds, in order.
    pub fn certificates(&self) -> &[Vec<u8>] {
        &self.certificates
    }

    /// The common name in the signer's certificate.
    pub fn name(&self) -> Option<String> {
        use der::Decode;
        let certificate = x509_cert::Certificate::from_der(self.certificates.first()?).ok()?;
        crate::certificate::common_name(&certificate.tbs_certificate.subject)
    }

    /// Signs [`crate::Prepared::attributes_to_sign`]: SHA-256 with PKCS#1 v1.5 or ECDSA (DER), by the kind of key.
    pub fn sign_attributes(&self, attributes: &[u8]) -> Result<Vec<u8>, Error> {
        let sign = || Signer::new(MessageDigest::sha256(), &self.key)?.sign_oneshot_to_vec(attributes);
        sign().map_err(|error| Error::Key(error.to_string()))
    }
}

/// From the signer to as near a root as there are certificates.
fn chain<'a>(signer: &'a X509, others: &'a [X509]) -> Vec<&'a X509Ref> {
    let same = |a: &X509Ref, b: &X509Ref| a.issued(b) == openssl::x509::X509VerifyResult::OK;
    let mut chain: Vec<&X509Ref> = vec![signer];
    while let Some(last) = chain.last().filter(|last| !same(last, last))
        && let Some(issuer) = others.iter().find(|other| same(other, last))
        && chain.len() <= others.len()
    {
        chain.push(issuer);
    }
    chain
}

/// Which of the reasons that a person can do something about.
fn refusal(error: &ErrorStack) -> Error {
    // From OpenSSL's pkcs12err.h and err.h, where numbers do not change.
    const MAC_VERIFY_FAILURE: (i32, i32) = (35, 113);
    const UNSUPPORTED_BY_ANY: i32 = 268 | 2 << 18;
    let errors = error.errors();
    if errors.iter().any(|error| (error.library_code(), error.reason_code()) == MAC_VERIFY_FAILURE) {
        Error::P12Password
    } else if errors.iter().any(|error| error.reason_code() == UNSUPPORTED_BY_ANY) {
        Error::P12Legacy
    } else {
        Error::P12Damaged(error.to_string())
    }
}
