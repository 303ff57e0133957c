/// Why a paper cannot be signed or its signatures not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("the PDF is damaged or not understood: {0}")]
    Damaged(String),
    #[error("the PDF is encrypted")]
    Encrypted,
    #[error("the PDF is certified and allows no further signature")]
    Certified,
    #[error("the place of the signature is not on a page: {0}")]
    Place(String),
    #[error("the field name {0:?} cannot be used: it is empty or contains a full stop")]
    FieldName(String),
    #[error("there is a field named {0:?} already")]
    FieldExists(String),
    #[error("there is no signature field named {0:?}")]
    FieldMissing(String),
    #[error("the signature field {0:?} is signed already")]
    FieldSigned(String),
    #[error("the signature field {0:?} sets conditions that are not supported")]
    FieldConstrained(String),
    #[error("the signing time is out of range")]
    Time,
    #[error("certificate: {0}")]
    Certificate(String),
    #[error("the certificate is not valid at the signing time")]
    CertificateTime,
    #[error("the certificate is not meant for signatures")]
    CertificateUsage,
    #[error("the key is neither RSA of 2048 to 4096 bits nor ECDSA on P-256")]
    KeyUnsupported,
    #[error("the signature was not made by the certificate's key over these attributes")]
    SignatureMismatch,
    #[error("what was prepared is not an extension of this paper for these certificates")]
    PreparedMismatch,
    #[error("the signature and its certificates are too large for the space reserved")]
    TooLarge,
    #[error("font: {0}")]
    Font(String),
    #[error("the font has no glyph for {0:?}")]
    GlyphMissing(char),
    #[error("picture: {0}")]
    Picture(String),
    #[error("the password does not open the PKCS#12 file")]
    P12Password,
    #[error("the PKCS#12 file uses an old cipher (RC2 or the like); export it again with AES")]
    P12Legacy,
    #[error("the PKCS#12 file is damaged or not understood: {0}")]
    P12Damaged(String),
    #[error("the PKCS#12 file holds no private key with its certificate")]
    P12NoKey,
    #[error("the key did not sign: {0}")]
    Key(String),
    #[error("ASN.1: {0}")]
    Encoding(#[from] der::Error),
}

impl Error {
    /// A stable name for the user interface and for tests.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Damaged(_) => "sign.damaged",
            Error::Encrypted => "sign.encrypted",
            Error::Certified => "sign.certified",
            Error::Place(_) => "sign.place",
            Error::FieldName(_) => "sign.field_name",
            Error::FieldExists(_) => "sign.field_exists",
            Error::FieldMissing(_) => "sign.field_missing",
            Error::FieldSigned(_) => "sign.field_signed",
            Error::FieldConstrained(_) => "sign.field_constrained",
            Error::Time => "sign.time",
            Error::Certificate(_) => "sign.certificate",
            Error::CertificateTime => "sign.certificate_time",
            Error::CertificateUsage => "sign.certificate_usage",
            Error::KeyUnsupported => "sign.key_unsupported",
            Error::SignatureMismatch => "sign.signature_mismatch",
            Error::PreparedMismatch => "sign.prepared_mismatch",
            Error::TooLarge => "sign.too_large",
            Error::Font(_) => "sign.font",
            Error::GlyphMissing(_) => "sign.glyph_missing",
            Error::Picture(_) => "sign.picture",
            Error::P12Password => "sign.p12_password",
            Error::P12Legacy => "sign.p12_legacy",
            Error::P12Damaged(_) => "sign.p12_damaged",
            Error::P12NoKey => "sign.p12_no_key",
            Error::Key(_) => "sign.key",
            Error::Encoding(_) => "sign.encoding",
        }
    }
}

impl From<lopdf::Error> for Error {
    fn from(error: lopdf::Error) -> Self {
        Error::Damaged(error.to_string())
    }
}
