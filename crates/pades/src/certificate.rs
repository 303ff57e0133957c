use der::{Decode, Encode};
use x509_cert::Certificate;
use x509_cert::ext::pkix::KeyUsage;
use x509_cert::name::Name;

use crate::Error;

/// Reads the chain; the first certificate must be able to sign at this time (seconds since 1970).
pub(crate) fn signer_chain(chain: &[Vec<u8>], unix_seconds: i64) -> Result<Vec<Certificate>, Error> {
    let chain = chain.iter().map(|der| read(der)).collect::<Result<Vec<_>, _>>()?;
    let signer = chain.first().ok_or_else(|| Error::Certificate("none is given".into()))?;
    let validity = &signer.tbs_certificate.validity;
    let from = validity.not_before.to_unix_duration().as_secs() as i64;
    let until = validity.not_after.to_unix_duration().as_secs() as i64;
    if unix_seconds < from || unix_seconds > until {
        return Err(Error::CertificateTime);
    }
    if let Some((_, usage)) = signer.tbs_certificate.get::<KeyUsage>()?
        && !(usage.digital_signature() || usage.non_repudiation())
    {
        return Err(Error::CertificateUsage);
    }
    Ok(chain)
}

/// A certificate is embedded as it is decoded, so it must be DER.
fn read(der: &[u8]) -> Result<Certificate, Error> {
    let certificate = Certificate::from_der(der).map_err(|error| Error::Certificate(error.to_string()))?;
    if certificate.to_der()? != der {
        return Err(Error::Certificate("it is not DER".into()));
    }
    Ok(certificate)
}

/// The last common name of a subject.
pub(crate) fn common_name(name: &Name) -> Option<String> {
    const COMMON_NAME: der::asn1::ObjectIdentifier = der::asn1::ObjectIdentifier::new_unwrap("2.5.4.3");
    let attributes = name.0.iter().flat_map(|rdn| rdn.0.iter());
    attributes
        .filter(|attribute| attribute.oid == COMMON_NAME)
        .filter_map(|attribute| text(&attribute.value))
        .next_back()
}

/// A directory string: UTF-8 and its subsets, Latin-1 (teletex) or UTF-16 (BMP).
fn text(value: &der::Any) -> Option<String> {
    use der::{Tag, Tagged};
    match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String => {
            String::from_utf8(value.value().to_vec()).ok()
        }
        Tag::TeletexString => Some(value.value().iter().copied().map(char::from).collect()),
        Tag::BmpString => {
            let units: Vec<u16> =
                value.value().chunks_exact(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]])).collect();
            String::from_utf16(&units).ok()
        }
        _ => None,
    }
}
