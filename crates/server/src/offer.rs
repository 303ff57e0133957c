//! What can be said of an offer before it is its turn: form, signature, commitment, content.

use ecabinet_domain::{Act, MAX_PAYLOAD, PublicKey, Refusal};
use ecabinet_protocol::content::{self, BodyContent, ChunkRef, Manifest, PaperContent, SignContent};
use ecabinet_protocol::sync::Offer;
use ecabinet_record::{Envelope, Looked, Payload};

/// An offered statement, looked at.
pub(crate) struct Offered {
    pub looked: Looked,
    pub payload: Option<Payload>,
    /// Chunks that its payload names; or why the payload does not do. It is said only after the statement itself was
    /// found to be in order, so that nobody can probe with statements that he may not make.
    pub content: Result<Vec<ChunkRef>, Refusal>,
}

impl Offered {
    /// `key` gives the key that must have signed it by the record as it is now, if that is known.
    pub(crate) fn new(offer: Offer, key: impl FnOnce(&Looked) -> Option<PublicKey>) -> Offered {
        let Offer { header, signature, payload } = offer;
        let mut looked = Looked::new(Envelope { header: header.into_vec(), signature });
        let payload = payload.map(Payload::from);
        let content = check(&looked, payload.as_ref());
        if let Some(key) = key(&looked) {
            looked.try_key(&key);
        }
        Offered { looked, payload, content }
    }
}

fn check(looked: &Looked, payload: Option<&Payload>) -> Result<Vec<ChunkRef>, Refusal> {
    let header = looked.header().ok_or(Refusal::new("header.malformed"))?;
    let (commitment, payload) = match (&header.payload, payload) {
        (None, None) => return Ok(Vec::new()),
        (None, Some(_)) => return Err(Refusal::new("payload.unexpected")),
        (Some(_), None) => return Err(Refusal::new("payload.missing")),
        (Some(commitment), Some(payload)) => (commitment, payload),
    };
    if payload.bytes.len() > MAX_PAYLOAD {
        return Err(Refusal::new("payload.too_large").with("max", MAX_PAYLOAD));
    }
    if !payload.opens(commitment) {
        return Err(Refusal::new("payload.commitment"));
    }
    match header.act {
        Act::BodyGenesis(_) => {
            content::read::<BodyContent>(&payload.bytes).ok_or(Refusal::new("genesis.payload"))?;
        }
        Act::PaperPublish(_) | Act::PaperSign(_) => {
            let manifest = manifest(&header.act, payload).ok_or(Refusal::new("paper.payload"))?;
            return if manifest.adds_up() {
                Ok(manifest.chunks)
            } else {
                Err(Refusal::new("paper.manifest"))
            };
        }
        _ => {}
    }
    Ok(Vec::new())
}

/// The manifest that a payload carries, if it does.
pub(crate) fn manifest(act: &Act, payload: &Payload) -> Option<Manifest> {
    match act {
        Act::PaperPublish(_) => content::read::<PaperContent>(&payload.bytes).map(|paper| paper.manifest),
        Act::PaperSign(_) => content::read::<SignContent>(&payload.bytes)
            .filter(|signed| signed.after == signed.manifest.sha256)
            .map(|signed| signed.manifest),
        _ => None,
    }
}
