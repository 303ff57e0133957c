use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{EncapsulatedContentInfo, SignerIdentifier, SignerInfo, SignerInfos};
use der::asn1::{ObjectIdentifier, OctetString};
use der::{Any, Decode, Encode, Sequence};
use lopdf::{Dictionary, Document, Object};
use serde::{Deserialize, Serialize};
use x509_cert::Certificate;
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use crate::ber::definite;
use crate::certificate::common_name;
use crate::fields::Fields;
use crate::load::open;
use crate::{Error, algorithm, cms as attributes};

/// What cryptography alone says of one signature.
///
/// Even with both checks good, nothing is known yet of the certificate's chain, its validity or revocation, nor of
/// what was changed in the file after this signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureInfo {
    /// Full name of the field.
    pub field: String,
    /// Common name in the signer's certificate, which nobody has vouched for yet.
    pub signer: Option<String>,
    /// `/M` of the signature dictionary as it is written there: the signer's own word.
    pub claimed_time: Option<String>,
    /// False when something follows what was signed, as after a second signature.
    pub covers_whole_file: bool,
    /// How many bytes, from the first, are the file as it was signed.
    pub covered_bytes: u64,
    /// The bytes are those that were signed.
    pub digest_ok: bool,
    /// The certificate's key signed that digest.
    pub signature_ok: bool,
    /// Why a check was not made. Without it, a false above means broken.
    pub problem: Option<Problem>,
}

/// Why a signature could not be judged; not the same as broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The signature or its certificate is missing or not understood.
    Unreadable,
    /// A time stamp, or another kind of content than a detached CMS signature.
    UnsupportedKind,
    /// An algorithm that is not known here, or too weak to say anything (SHA-1, RSA below 2048 bits).
    UnsupportedAlgorithm,
}

/// The signed fields of a PDF, in the order of its form. See [`SignatureInfo`] for what this does not say.
pub fn cryptographic_summary(pdf: &[u8]) -> Result<Vec<SignatureInfo>, Error> {
    let document = open(pdf)?;
    let fields = Fields::of(&document);
    let signed = fields.signatures.into_iter().filter_map(|field| Some((field.name, field.value?)));
    Ok(signed.map(|(name, value)| judge(pdf, &document, name, value)).collect())
}

fn judge(pdf: &[u8], document: &Document, field: String, value: &Dictionary) -> SignatureInfo {
    let claimed_time = value.get_deref(b"M", document).and_then(lopdf::decode_text_string).ok();
    let mut info = SignatureInfo {
        field,
        signer: None,
        claimed_time,
        covers_whole_file: false,
        covered_bytes: 0,
        digest_ok: false,
        signature_ok: false,
        problem: None,
    };
    info.problem = check(pdf, document, value, &mut info).err();
    info
}

/// Fills in the checks that can be made, up to the first that cannot.
fn check(
    pdf: &[u8],
    document: &Document,
    value: &Dictionary,
    info: &mut SignatureInfo,
) -> Result<(), Problem> {
    let contents = value.get_deref(b"Contents", document).and_then(Object::as_str);
    let contents = contents.map_err(|_| Problem::Unreadable)?;
    let covered = Covered::of(pdf, document, value, contents);
    if let Some(covered) = &covered {
        info.covered_bytes = covered.end as u64;
        info.covers_whole_file = covered.end == pdf.len();
    }
    let kind = value.get_deref(b"SubFilter", document).and_then(Object::as_name).unwrap_or_default();
    if kind != b"ETSI.CAdES.detached" && kind != b"adbe.pkcs7.detached" {
        return Err(Problem::UnsupportedKind);
    }
    let signed = signed_data(contents).ok_or(Problem::Unreadable)?;
    let [signer] = signed.signer_infos.0.as_slice() else { return Err(Problem::Unreadable) };
    let certificate = certificate(&signed, signer).ok_or(Problem::Unreadable)?;
    info.signer = common_name(&certificate.tbs_certificate.subject);
    if signed.encap_content_info.econtent_type != attributes::DATA
        || signed.encap_content_info.econtent.is_some()
    {
        return Err(Problem::UnsupportedKind);
    }
    let own = signer.signed_attrs.as_ref().ok_or(Problem::UnsupportedKind)?;

    let named = attributes::single(own, attributes::MESSAGE_DIGEST);
    let named = named.and_then(|value| value.decode_as::<OctetString>().ok()).ok_or(Problem::Unreadable)?;
    if let Some(covered) = covered {
        let digest = attributes::hash(signer.digest_alg.oid, &covered.parts);
        info.digest_ok = digest.ok_or(Problem::UnsupportedAlgorithm)? == named.as_bytes();
    }

    let content_type = attributes::single(own, attributes::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.decode_as::<ObjectIdentifier>().ok());
    let names_signer = match attributes::single(own, attributes::SIGNING_CERTIFICATE_V2) {
        Some(value) => attributes::names_certificate(value, &certificate),
        // Only the ETSI kind demands it.
        None => kind != b"ETSI.CAdES.detached",
    };
    let made = algorithm::verify(
        &certificate.tbs_certificate.subject_public_key_info,
        &signer.signature_algorithm,
        signer.digest_alg.oid,
        &own.to_der().map_err(|_| Problem::Unreadable)?,
        signer.signature.as_bytes(),
    );
    let made = made.ok_or(Problem::UnsupportedAlgorithm)?;
    info.signature_ok = made && names_signer && content_type == Some(attributes::DATA);
    Ok(())
}

/// The two parts of the file that a signature covers: all but exactly its own `/Contents`.
struct Covered<'a> {
    parts: [&'a [u8]; 2],
    end: usize,
}

impl<'a> Covered<'a> {
    fn of(pdf: &'a [u8], document: &Document, value: &Dictionary, contents: &[u8]) -> Option<Covered<'a>> {
        let range = value.get_deref(b"ByteRange", document).ok()?.as_array().ok()?;
        let range: Vec<usize> =
            range.iter().map(|number| usize::try_from(number.as_i64().ok()?).ok()).collect::<Option<_>>()?;
        let [0, before, after, length] = range[..] else { return None };
        let end = after.checked_add(length)?;
        let gap = pdf.get(before..after)?.strip_prefix(b"<")?.strip_suffix(b">")?;
        (unhex(gap)? == contents).then_some(())?;
        Some(Covered { parts: [&pdf[..before], pdf.get(after..end)?], end })
    }
}

fn unhex(digits: &[u8]) -> Option<Vec<u8>> {
    let digit = |digit: &u8| char::from(*digit).to_digit(16);
    let pair = |pair: &[u8]| Some((digit(&pair[0])? * 16 + digit(pair.get(1).unwrap_or(&b'0'))?) as u8);
    digits.chunks(2).map(pair).collect()
}

/// `SignedData`, read more loosely than [`cms::signed_data::SignedData`]: the same certificate twice, or one that is
/// not understood, is no reason to judge nothing.
#[derive(Sequence)]
struct Signed {
    version: CmsVersion,
    digest_algorithms: Any,
    encap_content_info: EncapsulatedContentInfo,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    certificates: Option<Vec<Any>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true", optional = "true")]
    crls: Option<Vec<Any>>,
    signer_infos: SignerInfos,
}

/// The CMS object at the start of a string that is filled up with zeros.
fn signed_data(contents: &[u8]) -> Option<Signed> {
    let info = ContentInfo::from_der(&definite(contents)?).ok()?;
    (info.content_type == attributes::SIGNED_DATA).then(|| info.content.decode_as().ok())?
}

fn certificate(signed: &Signed, signer: &SignerInfo) -> Option<Certificate> {
    let is_signer = |certificate: &Certificate| {
        let own = &certificate.tbs_certificate;
        match &signer.sid {
            SignerIdentifier::IssuerAndSerialNumber(sid) => {
                sid.issuer == own.issuer && sid.serial_number == own.serial_number
            }
            SignerIdentifier::SubjectKeyIdentifier(sid) => {
                own.get::<SubjectKeyIdentifier>().is_ok_and(|id| id.is_some_and(|(_, id)| id == *sid))
            }
        }
    };
    signed.certificates.iter().flatten().filter_map(|any| any.decode_as().ok()).find(is_signer)
}
