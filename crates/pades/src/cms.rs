use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::asn1::{ObjectIdentifier, OctetString, SetOfVec};
use der::{Any, Decode, Encode, Sequence};
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_cert::Certificate;
use x509_cert::attr::{Attribute, Attributes};
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::Error;
use crate::algorithm::{SHA256, SHA384, SHA512};

pub(crate) const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
pub(crate) const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
pub(crate) const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
pub(crate) const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
pub(crate) const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// RFC 5035.
#[derive(Sequence)]
struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
    policies: Option<Any>,
}

#[derive(Sequence)]
struct EssCertIdV2 {
    /// SHA-256 when absent.
    hash_algorithm: Option<AlgorithmIdentifierOwned>,
    cert_hash: OctetString,
    issuer_serial: Option<Any>,
}

/// What is signed, as DER of a SET: content type, message digest and the signer's certificate. No signing time: in
/// PAdES the signature dictionary has it.
pub(crate) fn attributes(digest: &[u8; 32], signer: &Certificate) -> Result<Vec<u8>, Error> {
    let certificate = EssCertIdV2 {
        hash_algorithm: None,
        cert_hash: OctetString::new(Sha256::digest(signer.to_der()?).as_slice())?,
        issuer_serial: None,
    };
    let certificate = SigningCertificateV2 { certs: vec![certificate], policies: None };
    let attributes: Attributes = SetOfVec::try_from(vec![
        attribute(CONTENT_TYPE, Any::encode_from(&DATA)?)?,
        attribute(MESSAGE_DIGEST, Any::encode_from(&OctetString::new(digest.as_slice())?)?)?,
        attribute(SIGNING_CERTIFICATE_V2, Any::encode_from(&certificate)?)?,
    ])?;
    Ok(attributes.to_der()?)
}

fn attribute(oid: ObjectIdentifier, value: Any) -> Result<Attribute, Error> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

/// The whole CMS object around a signature over `attributes`.
pub(crate) fn assemble(
    attributes: &[u8],
    chain: &[Certificate],
    algorithm: AlgorithmIdentifierOwned,
    signature: &[u8],
) -> Result<Vec<u8>, Error> {
    let digest = AlgorithmIdentifierOwned { oid: SHA256, parameters: None };
    let signer = &chain[0].tbs_certificate;
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: signer.issuer.clone(),
            serial_number: signer.serial_number.clone(),
        }),
        digest_alg: digest.clone(),
        signed_attrs: Some(Attributes::from_der(attributes)?),
        signature_algorithm: algorithm,
        signature: OctetString::new(signature)?,
        unsigned_attrs: None,
    };
    let certificates: Vec<_> = chain.iter().cloned().map(CertificateChoices::Certificate).collect();
    let signed = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![digest])?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: DATA, econtent: None },
        certificates: Some(CertificateSet(SetOfVec::try_from(certificates)?)),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from(vec![signer])?),
    };
    Ok(ContentInfo { content_type: SIGNED_DATA, content: Any::encode_from(&signed)? }.to_der()?)
}

/// The only value of an attribute that must be there once.
pub(crate) fn single(attributes: &Attributes, oid: ObjectIdentifier) -> Option<&Any> {
    let mut values = attributes.iter().filter(|attribute| attribute.oid == oid).flat_map(|a| a.values.iter());
    let value = values.next();
    if values.next().is_some() { None } else { value }
}

/// Whether a signing-certificate-v2 attribute names this certificate.
pub(crate) fn names_certificate(attribute: &Any, certificate: &Certificate) -> bool {
    let Ok(named) = attribute.to_der().and_then(|der| SigningCertificateV2::from_der(&der)) else {
        return false;
    };
    let (Some(first), Ok(der)) = (named.certs.first(), certificate.to_der()) else { return false };
    let hash = hash(first.hash_algorithm.as_ref().map_or(SHA256, |algorithm| algorithm.oid), &[&der]);
    hash.is_some_and(|hash| hash == first.cert_hash.as_bytes())
}

/// None for a hash that is not known or too weak.
pub(crate) fn hash(algorithm: ObjectIdentifier, parts: &[&[u8]]) -> Option<Vec<u8>> {
    fn over<D: Digest>(parts: &[&[u8]]) -> Option<Vec<u8>> {
        Some(parts.iter().fold(D::new(), |digest, part| digest.chain_update(part)).finalize().to_vec())
    }
    match algorithm {
        SHA256 => over::<Sha256>(parts),
        SHA384 => over::<Sha384>(parts),
        SHA512 => over::<Sha512>(parts),
        _ => None,
    }
}
