//! Invitations as they travel (rule 11): a link, a file, a QR code, or groups to type; one form for all.

use crate::KeyPair;
use crate::code::{Mistyped, groups, ungroup};
use ecabinet_domain::{BodyId, DeviceKeys, Hash, Signature, StatementId};

const LINK: &str = "ecabinet://join/";
const VERSION: u8 = 1;

/// What the invited person is given. Body and CA key are pinned by the first 128 bits of their hashes.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket {
    /// `host:port`; TLS always.
    pub server: String,
    pub body: [u8; 16],
    pub ca: [u8; 16],
    /// Never leaves the invited device.
    pub secret: [u8; 16],
}

impl Ticket {
    pub fn new(server: &str, body: BodyId, ca: Hash, secret: [u8; 16]) -> Ticket {
        let pin = |bytes: [u8; 32]| bytes[..16].try_into().expect("16 bytes");
        Ticket { server: server.to_owned(), body: pin(body.0), ca: pin(ca.0), secret }
    }

    pub fn typed(&self) -> String {
        let server = self.server.as_bytes();
        let parts: [&[u8]; 6] =
            [&[VERSION], &self.body, &self.ca, &self.secret, &[server.len() as u8], server];
        groups(&parts.concat())
    }

    pub fn link(&self) -> String {
        format!("{LINK}{}", self.typed())
    }

    /// Reads a link, a file's content or typed groups.
    pub fn parse(text: &str) -> Result<Ticket, Mistyped> {
        let text = text.trim();
        let bytes = ungroup(text.strip_prefix(LINK).unwrap_or(text).trim_end_matches('/'))?;
        Self::read(&bytes).ok_or(Mistyped::Length)
    }

    fn read(bytes: &[u8]) -> Option<Ticket> {
        let (version, rest) = bytes.split_first()?;
        let (body, rest) = rest.split_first_chunk()?;
        let (ca, rest) = rest.split_first_chunk()?;
        let (secret, rest) = rest.split_first_chunk()?;
        let (len, rest) = rest.split_first()?;
        let server = std::str::from_utf8(rest.get(..*len as usize)?).ok()?.to_owned();
        let padding = rest[*len as usize..].iter().all(|b| *b == 0) && rest.len() - (*len as usize) < 3;
        (*version == VERSION && padding && !server.is_empty()).then_some(Ticket {
            server,
            body: *body,
            ca: *ca,
            secret: *secret,
        })
    }

    pub fn pins_body(&self, body: BodyId) -> bool {
        body.0[..16] == self.body
    }

    pub fn keys(&self) -> KeyPair {
        KeyPair::from_invitation(&self.secret)
    }
}

/// Proof by the invitation's key that these are the invited device's keys.
pub fn enrolment_proof(
    keys: &KeyPair,
    body: BodyId,
    invitation: StatementId,
    device: &DeviceKeys,
) -> Signature {
    keys.sign(&enrolment_message(body, invitation, device))
}

pub(crate) fn enrolment_message(body: BodyId, invitation: StatementId, device: &DeviceKeys) -> Vec<u8> {
    let parts: [&[u8]; 5] = [b"ecabinet/v1/enrol\n", &body.0, &invitation.0, &device.sign.0, &device.enc.0];
    parts.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_travels_as_link_and_typed() {
        let ticket = Ticket::new("127.0.0.1:8443", BodyId([1; 32]), Hash([2; 32]), [3; 16]);
        assert!(Ticket::parse(&ticket.link()).unwrap() == ticket);
        assert!(Ticket::parse(&ticket.typed().replace('-', " ").to_lowercase()).unwrap() == ticket);
        assert!(ticket.pins_body(BodyId([1; 32])) && !ticket.pins_body(BodyId([9; 32])));
    }
}
