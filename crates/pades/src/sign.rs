use der::Decode;
use lopdf::{Dictionary, Document, Object, dictionary, text_string};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use x509_cert::Certificate;

use crate::document::{catalog_id, dictionary};
use crate::field::Target;
use crate::load::open;
use crate::update::{Update, Written};
use crate::{Error, Font, SignRequest, algorithm, appearance, certificate, cms};

/// Room beside the certificates: the signature, its attributes, and later a time stamp.
const RESERVED: usize = 8 * 1024;

/// A file that is complete but for the signature itself. It may be sent to another process between the two steps.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Prepared {
    /// DER of the SET of signed attributes: the bytes to be signed (SHA-256, then PKCS#1 v1.5 or ECDSA).
    #[serde(with = "serde_bytes")]
    pub attributes_to_sign: Vec<u8>,
    #[serde(with = "serde_bytes")]
    original: Vec<u8>,
    #[serde(with = "serde_bytes")]
    update: Vec<u8>,
    /// Index in the update of the first hexadecimal digit, and how many bytes they hold.
    hole: usize,
    reserved: usize,
    certificates: Vec<Vec<u8>>,
}

/// Appends a signature without its value to a PDF. The font is used for the lines of the appearance.
pub fn prepare(pdf: &[u8], request: &SignRequest, font: &Font) -> Result<Prepared, Error> {
    request.time.check()?;
    let chain = certificate::signer_chain(&request.certificates, request.time.unix_seconds())?;
    algorithm::for_signing(&chain[0].tbs_certificate.subject_public_key_info)?;
    let document = open(pdf)?;
    refuse_certified(&document)?;
    let target = Target::find(&document, &request.place, request.appearance.is_some())?;

    let mut update = Update::new(pdf, &document)?;
    let [left, bottom, right, top] = target.rect;
    let drawn = match &request.appearance {
        Some(wanted) if right - left >= 1.0 && top - bottom >= 1.0 => {
            Some(appearance::draw(&mut update, wanted, font, target.rect, target.rotation)?)
        }
        _ => None,
    };
    let signature = signature_dictionary(request, &target, &document)?;
    let signature = update.add(signature);
    target.place(&mut update, signature, drawn)?;

    let reserved = RESERVED + request.certificates.iter().map(Vec::len).sum::<usize>();
    let Written { update, hole, digest } = update.write_to_sign(signature, reserved)?;
    Ok(Prepared {
        attributes_to_sign: cms::attributes(&digest, &chain[0])?,
        original: pdf.to_vec(),
        hole: hole + 1 - pdf.len(),
        update,
        reserved,
        certificates: request.certificates.clone(),
    })
}

impl Prepared {
    /// To be asked before signing what another process prepared: the attributes stand for this PDF with an update
    /// appended, and name the signer of this request. It cannot say what the update shows.
    pub fn check(&self, pdf: &[u8], request: &SignRequest) -> Result<(), Error> {
        let same = self.original == pdf && self.certificates == request.certificates;
        let end = self.reserved.checked_mul(2).and_then(|digits| digits.checked_add(self.hole));
        let (Some(end), true) = (end, same) else { return Err(Error::PreparedMismatch) };
        let before = self.update.get(..self.hole).and_then(|before| before.strip_suffix(b"<"));
        let after = self.update.get(end..).and_then(|after| after.strip_prefix(b">"));
        let zeros =
            self.update.get(self.hole..end).is_some_and(|hole| hole.iter().all(|digit| *digit == b'0'));
        let (Some(before), Some(after), true) = (before, after, zeros) else {
            return Err(Error::PreparedMismatch);
        };

        let chain = certificate::signer_chain(&self.certificates, request.time.unix_seconds())?;
        let digest = Sha256::new().chain_update(pdf).chain_update(before).chain_update(after).finalize();
        let own = cms::attributes(&digest.into(), &chain[0])?;
        if own == self.attributes_to_sign { Ok(()) } else { Err(Error::PreparedMismatch) }
    }
}

/// The signed PDF; the original is an exact prefix of it.
///
/// `signature` is what the key made of `attributes_to_sign`: PKCS#1 v1.5, or ECDSA as DER. It is checked against
/// the certificate first ([`Error::SignatureMismatch`]).
pub fn finish(prepared: Prepared, signature: &[u8]) -> Result<Vec<u8>, Error> {
    let update = filled(&prepared, signature)?;
    let mut pdf = prepared.original;
    pdf.extend(update);
    Ok(pdf)
}

/// As [`finish`], but only the bytes that follow the original.
pub fn finish_update(prepared: Prepared, signature: &[u8]) -> Result<Vec<u8>, Error> {
    filled(&prepared, signature)
}

fn filled(prepared: &Prepared, signature: &[u8]) -> Result<Vec<u8>, Error> {
    let chain: Vec<Certificate> =
        prepared.certificates.iter().map(|der| Certificate::from_der(der)).collect::<Result<_, _>>()?;
    let key = &chain.first().ok_or(Error::KeyUnsupported)?.tbs_certificate.subject_public_key_info;
    let with = algorithm::for_signing(key)?;
    let made = algorithm::verify(key, &with, algorithm::SHA256, &prepared.attributes_to_sign, signature);
    if made != Some(true) {
        return Err(Error::SignatureMismatch);
    }
    let cms = cms::assemble(&prepared.attributes_to_sign, &chain, with, signature)?;
    if cms.len() > prepared.reserved {
        return Err(Error::TooLarge);
    }
    let mut update = prepared.update.clone();
    let end = prepared.hole.saturating_add(prepared.reserved.saturating_mul(2));
    let hole = update.get_mut(prepared.hole..end).ok_or(Error::TooLarge)?;
    for (digits, byte) in hole.chunks_exact_mut(2).zip(cms) {
        digits.copy_from_slice(format!("{byte:02X}").as_bytes());
    }
    Ok(update)
}

fn signature_dictionary(
    request: &SignRequest,
    target: &Target,
    document: &Document,
) -> Result<Dictionary, Error> {
    let mut signature = dictionary! {
        "Type" => "Sig", "Filter" => "Adobe.PPKLite", "SubFilter" => "ETSI.CAdES.detached",
        "M" => Object::string_literal(request.time.pdf_date()),
    };
    if let Some(reason) = &request.reason {
        signature.set("Reason", text_string(reason));
    }
    // A field that locks others says so in its signature too, or the lock would not be signed.
    if let Some(lock) = &target.lock {
        let mut parameters = dictionary! { "Type" => "TransformParams", "V" => "1.2" };
        for key in [&b"Action"[..], b"Fields"] {
            if let Ok(value) = lock.get(key) {
                parameters.set(key, value.clone());
            }
        }
        signature.set(
            "Reference",
            vec![Object::from(dictionary! {
                "Type" => "SigRef", "TransformMethod" => "FieldMDP", "TransformParams" => parameters,
                "Data" => catalog_id(document)?,
            })],
        );
    }
    Ok(signature)
}

/// A certification of level 1 allows no change at all, a signature neither.
fn refuse_certified(document: &Document) -> Result<(), Error> {
    let certification = dictionary(document, document.catalog()?, b"Perms")
        .and_then(|permissions| dictionary(document, permissions, b"DocMDP"))
        .and_then(|signature| signature.get_deref(b"Reference", document).ok()?.as_array().ok());
    let levels = certification.into_iter().flatten().filter_map(|reference| {
        let (_, reference) = document.dereference(reference).ok()?;
        let parameters = dictionary(document, reference.as_dict().ok()?, b"TransformParams")?;
        parameters.get_deref(b"P", document).ok()?.as_i64().ok()
    });
    if levels.into_iter().any(|level| level == 1) { Err(Error::Certified) } else { Ok(()) }
}
