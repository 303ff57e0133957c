//! TLS 1.3 with a certificate authority of the installation's own, whose key clients pin.

use ecabinet_domain::Hash;
use ecabinet_record::hash::sha256;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PublicKeyData,
};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// Clocks of clients may be behind.
const SLACK: Duration = DAY;
const CA_LIFE: Duration = Duration::from_secs(20 * 365 * 24 * 60 * 60);
const LEAF_LIFE: Duration = Duration::from_secs(397 * 24 * 60 * 60);
/// A serving process makes itself a new leaf certificate so often.
pub(crate) const LEAF_RENEWAL: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The installation's certificate authority.
pub struct Authority {
    certificate: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
    spki: Vec<u8>,
}

/// Why no certificate could be made.
#[derive(Debug, thiserror::Error)]
#[error("tls.failed: {0}")]
pub struct TlsError(String);

/// A new private key in PEM: ECDSA P-256.
pub(crate) fn new_key() -> String {
    KeyPair::generate().expect("ring makes P-256 keys").serialize_pem()
}

/// A new authority's certificate in PEM.
pub(crate) fn new_authority(key_pem: &str) -> String {
    let key = KeyPair::from_pem(key_pem).expect("a key just made or kept");
    let mut params = named("eCabinet CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    valid_for(&mut params, CA_LIFE);
    params.self_signed(&key).expect("plain parameters").pem()
}

/// Whether a certificate can be made for it: a host name or an address.
pub(crate) fn is_name(name: &str) -> bool {
    ServerName::try_from(name).is_ok()
}

impl Authority {
    /// From certificate and key in PEM; none if they do not belong together.
    pub(crate) fn read(certificate_pem: &str, key_pem: &str) -> Option<Authority> {
        let key = KeyPair::from_pem(key_pem).ok()?;
        let spki = key.subject_public_key_info();
        let certificate = CertificateDer::from_pem_slice(certificate_pem.as_bytes()).ok()?;
        let belongs = certificate.windows(spki.len()).any(|part| part == spki);
        let issuer = Issuer::from_ca_cert_der(&certificate, key).ok()?;
        belongs.then_some(Authority { certificate, issuer, spki })
    }

    /// SHA-256 of the public key (DER SubjectPublicKeyInfo).
    pub fn key_hash(&self) -> Hash {
        sha256(&self.spki)
    }

    /// Serves these names with a leaf certificate made now; the chain includes the authority's certificate, so that
    /// clients find the key that they pin.
    pub fn server_config(&self, names: &[String]) -> Result<ServerConfig, TlsError> {
        let fail = |error: rcgen::Error| TlsError(error.to_string());
        let key = KeyPair::generate().map_err(fail)?;
        let mut params = CertificateParams::new(names).map_err(fail)?;
        params.distinguished_name = named("eCabinet server").distinguished_name;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        valid_for(&mut params, LEAF_LIFE);
        let leaf = params.signed_by(&key, &self.issuer).map_err(fail)?;
        let chain = vec![leaf.der().clone(), self.certificate.clone()];
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| TlsError(error.to_string()))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn named(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn valid_for(params: &mut CertificateParams, life: Duration) {
    let now = SystemTime::now();
    params.not_before = (now - SLACK).into();
    params.not_after = (now + life).into();
}
