//! TLS 1.3 to a server whose CA is pinned by the hash of its public key; the web's certificate authorities have no say.

use crate::error::{Error, Result};
use ecabinet_domain::Hash;
use ecabinet_record::hash::sha256;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme, version,
};
use std::sync::Arc;
use x509_parser::prelude::{FromDer, X509Certificate};

/// The first 16 or all 32 bytes of the SHA-256 of the CA's public key (DER SubjectPublicKeyInfo).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaPin(Vec<u8>);

impl CaPin {
    pub fn whole(hash: Hash) -> CaPin {
        CaPin(hash.0.to_vec())
    }

    pub fn prefix(bytes: [u8; 16]) -> CaPin {
        CaPin(bytes.to_vec())
    }

    fn pins(&self, certificate: &CertificateDer) -> bool {
        key_hash(certificate).is_some_and(|hash| hash.0.starts_with(&self.0))
    }
}

/// SHA-256 of the public key of a certificate in PEM or DER.
pub fn ca_hash(certificate: &[u8]) -> Result<Hash> {
    let der = match x509_parser::pem::parse_x509_pem(certificate) {
        Ok((_, pem)) => pem.contents,
        Err(_) => certificate.to_vec(),
    };
    key_hash(&der.into()).ok_or(Error::new("ca.unreadable"))
}

fn key_hash(certificate: &CertificateDer) -> Option<Hash> {
    let (_, parsed) = X509Certificate::from_der(certificate).ok()?;
    Some(sha256(parsed.tbs_certificate.subject_pki.raw))
}

pub fn config(pin: CaPin) -> Result<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(Pinned { pin, provider: provider.clone() });
    let config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13])
        .map_err(|error| Error::new("tls.failed").with("detail", error))?;
    Ok(config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

/// Takes the one certificate of the chain that carries the pinned key as the only root, and lets webpki do the rest.
#[derive(Debug)]
struct Pinned {
    pin: CaPin,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        let unknown = || rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
        let ca = intermediates.iter().find(|certificate| self.pin.pins(certificate)).ok_or_else(unknown)?;
        let mut roots = RootCertStore::empty();
        roots.add(ca.clone().into_owned()).map_err(|_| unknown())?;
        let webpki = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), self.provider.clone());
        let webpki = webpki.build().map_err(|_| unknown())?;
        webpki.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        Err(rustls::Error::General("TLS 1.3 only".into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
