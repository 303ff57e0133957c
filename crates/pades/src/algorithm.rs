use der::asn1::{ObjectIdentifier, UintRef};
use der::{Any, Decode, Encode, Sequence};
use ring::signature as ring;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use crate::Error;

pub(crate) const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
pub(crate) const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
pub(crate) const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const RSA_PSS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.10");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");

/// The algorithm that signs with this key: PKCS#1 v1.5 or ECDSA, over SHA-256.
pub(crate) fn for_signing(key: &SubjectPublicKeyInfoOwned) -> Result<AlgorithmIdentifierOwned, Error> {
    if key.algorithm.oid == RSA {
        let bits = RsaPublicKey::from_der(key.subject_public_key.raw_bytes())
            .map(|key| key.modulus.as_bytes().len() * 8)
            .map_err(|_| Error::KeyUnsupported)?;
        if (2048..=4096).contains(&bits) {
            return Ok(AlgorithmIdentifierOwned { oid: RSA, parameters: Some(Any::null()) });
        }
    } else if key.algorithm.oid == EC && curve(key) == Some(P256) {
        return Ok(AlgorithmIdentifierOwned { oid: ECDSA_SHA256, parameters: None });
    }
    Err(Error::KeyUnsupported)
}

/// Whether the key made the signature over the message; None for an algorithm that is not known or too weak.
pub(crate) fn verify(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierOwned,
    digest: ObjectIdentifier,
    message: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let known: &dyn ring::VerificationAlgorithm = match (key.algorithm.oid, curve(key)) {
        (RSA, _) => rsa(algorithm, digest)?,
        (EC, Some(P256)) if algorithm.oid == ECDSA_SHA256 => &ring::ECDSA_P256_SHA256_ASN1,
        (EC, Some(P256)) if algorithm.oid == ECDSA_SHA384 => &ring::ECDSA_P256_SHA384_ASN1,
        (EC, Some(P384)) if algorithm.oid == ECDSA_SHA256 => &ring::ECDSA_P384_SHA256_ASN1,
        (EC, Some(P384)) if algorithm.oid == ECDSA_SHA384 => &ring::ECDSA_P384_SHA384_ASN1,
        _ => return None,
    };
    if key.algorithm.oid == RSA {
        let size = RsaPublicKey::from_der(key.subject_public_key.raw_bytes()).ok()?.modulus.as_bytes().len();
        if !(256..=1024).contains(&size) {
            return None;
        }
    }
    let key = ring::UnparsedPublicKey::new(known, key.subject_public_key.raw_bytes());
    Some(key.verify(message, signature).is_ok())
}

fn rsa(
    algorithm: &AlgorithmIdentifierOwned,
    digest: ObjectIdentifier,
) -> Option<&'static dyn ring::VerificationAlgorithm> {
    let digest = match algorithm.oid {
        RSA | RSA_PSS => digest,
        RSA_SHA256 => SHA256,
        RSA_SHA384 => SHA384,
        RSA_SHA512 => SHA512,
        _ => return None,
    };
    if algorithm.oid == RSA_PSS {
        let (pss, last, length): (&dyn ring::VerificationAlgorithm, _, _) = match digest {
            SHA256 => (&ring::RSA_PSS_2048_8192_SHA256, 1, 32),
            SHA384 => (&ring::RSA_PSS_2048_8192_SHA384, 2, 48),
            SHA512 => (&ring::RSA_PSS_2048_8192_SHA512, 3, 64),
            _ => return None,
        };
        let parameters = algorithm.parameters.as_ref()?.to_der().ok()?;
        return (parameters == pss_parameters(last, length)).then_some(pss);
    }
    Some(match digest {
        SHA256 => &ring::RSA_PKCS1_2048_8192_SHA256,
        SHA384 => &ring::RSA_PKCS1_2048_8192_SHA384,
        SHA512 => &ring::RSA_PKCS1_2048_8192_SHA512,
        _ => return None,
    })
}

/// The usual parameters of RSASSA-PSS: one hash for both, the salt as long as it. `last` ends the hash's identifier.
fn pss_parameters(last: u8, length: u8) -> Vec<u8> {
    let hash = [0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, last, 0x05, 0x00];
    let mgf1 = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08];
    let salt = [0xa2, 0x03, 0x02, 0x01, length];
    [&[0x30, 0x34, 0xa0, 0x0f], &hash[..], &[0xa1, 0x1c, 0x30, 0x1a], &mgf1, &hash, &salt].concat()
}

fn curve(key: &SubjectPublicKeyInfoOwned) -> Option<ObjectIdentifier> {
    key.algorithm.parameters.as_ref()?.decode_as().ok()
}

#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

#[derive(Sequence)]
struct EcdsaSignature<'a> {
    r: UintRef<'a>,
    s: UintRef<'a>,
}

/// A token's raw ECDSA signature (r and s, equally long) in the form that [`crate::finish`] takes.
pub fn ecdsa_signature_to_der(raw: &[u8]) -> Result<Vec<u8>, Error> {
    let (r, s) = raw.split_at(raw.len() / 2);
    if r.is_empty() || r.len() != s.len() {
        return Err(Error::SignatureMismatch);
    }
    Ok(EcdsaSignature { r: UintRef::new(r)?, s: UintRef::new(s)? }.to_der()?)
}

#[cfg(test)]
mod tests {
    use openssl::ec::{EcGroup, EcKey};
    use openssl::hash::MessageDigest;
    use openssl::nid::Nid;
    use openssl::pkey::{PKey, Private};
    use openssl::rsa::{Padding, Rsa};
    use openssl::sign::{RsaPssSaltlen, Signer};

    use super::*;

    /// OpenSSL's signature over "message", as this key, algorithm and digest have it verified.
    fn verdict(
        key: &PKey<Private>,
        digest: (ObjectIdentifier, MessageDigest),
        salt: Option<RsaPssSaltlen>,
        algorithm: AlgorithmIdentifierOwned,
        message: &[u8],
    ) -> Option<bool> {
        let mut signer = Signer::new(digest.1, key).unwrap();
        if let Some(salt) = salt {
            signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
            signer.set_rsa_pss_saltlen(salt).unwrap();
        }
        let signature = signer.sign_oneshot_to_vec(b"message").unwrap();
        let public = key.public_key_to_der().unwrap();
        let public = SubjectPublicKeyInfoOwned::from_der(&public).unwrap();
        verify(&public, &algorithm, digest.0, message, &signature)
    }

    fn plain(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
        AlgorithmIdentifierOwned { oid, parameters: None }
    }

    #[test]
    fn openssl_signatures_are_judged() {
        let rsa = |bits| PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap();
        let (key, weak) = (rsa(2048), rsa(1024));
        for (digest, own, last, length) in [
            ((SHA256, MessageDigest::sha256()), RSA_SHA256, 1, 32),
            ((SHA384, MessageDigest::sha384()), RSA_SHA384, 2, 48),
            ((SHA512, MessageDigest::sha512()), RSA_SHA512, 3, 64),
        ] {
            for oid in [RSA, own] {
                assert_eq!(verdict(&key, digest, None, plain(oid), b"message"), Some(true));
                assert_eq!(verdict(&key, digest, None, plain(oid), b"massage"), Some(false));
                assert_eq!(verdict(&weak, digest, None, plain(oid), b"message"), None);
            }
            let pss = |length| {
                let parameters = Any::from_der(&pss_parameters(last, length)).unwrap();
                AlgorithmIdentifierOwned { oid: RSA_PSS, parameters: Some(parameters) }
            };
            let salt = || Some(RsaPssSaltlen::DIGEST_LENGTH);
            assert_eq!(verdict(&key, digest, salt(), pss(length), b"message"), Some(true));
            assert_eq!(verdict(&key, digest, salt(), pss(length), b"massage"), Some(false));
            assert_eq!(
                verdict(&key, digest, salt(), pss(20), b"message"),
                None,
                "another salt is not judged"
            );
        }
        for curve in [Nid::X9_62_PRIME256V1, Nid::SECP384R1] {
            let key = EcKey::generate(&EcGroup::from_curve_name(curve).unwrap()).unwrap();
            let key = PKey::from_ec_key(key).unwrap();
            for (digest, own) in [
                ((SHA256, MessageDigest::sha256()), ECDSA_SHA256),
                ((SHA384, MessageDigest::sha384()), ECDSA_SHA384),
            ] {
                assert_eq!(verdict(&key, digest, None, plain(own), b"message"), Some(true));
                assert_eq!(verdict(&key, digest, None, plain(own), b"massage"), Some(false));
                assert_eq!(verdict(&key, digest, None, plain(RSA_SHA256), b"message"), None);
            }
        }
    }

    #[test]
    fn raw_ecdsa_becomes_two_integers() {
        let mut raw = [0; 64];
        (raw[0], raw[63]) = (0x80, 5);
        let der = ecdsa_signature_to_der(&raw).unwrap();
        let expected = [&[0x30, 38, 0x02, 33, 0, 0x80][..], &[0; 31], &[0x02, 1, 5]].concat();
        assert_eq!(der, expected);
        assert!(ecdsa_signature_to_der(&raw[..63]).is_err());
        assert!(ecdsa_signature_to_der(&[]).is_err());
    }
}
