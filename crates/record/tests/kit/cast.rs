//! The people of the worked example, and the acts that they do.

use super::*;
use ecabinet_domain::act::*;
use ecabinet_record::invitation::enrolment_proof;

/// The chair's printed recovery code.
pub const CHAIR_CODE: [u8; 16] = *b"chair's recovery";

pub fn registrar() -> Actor {
    Actor::new("registrar", As::REGISTRAR)
}

pub fn second_registrar() -> Actor {
    Actor::new("second registrar", As::REGISTRAR)
}

pub fn body_recovery() -> Actor {
    Actor { keys: KeyPair::from_code(b"body recovery 16"), capacity: As::RECOVERY }
}

pub fn chair_code() -> Actor {
    Actor { keys: KeyPair::from_code(&CHAIR_CODE), capacity: As::RECOVERY }
}

/// A member's device, acting for himself.
pub fn device(name: &str) -> Actor {
    Actor::new(name, Member::VOTE)
}

pub fn secretary() -> Actor {
    Actor::new("secretary", Member::SECRETARIAT)
}

pub fn member(name: &str) -> MemberId {
    MemberId(id16(name))
}

pub fn secret(name: &str) -> [u8; 16] {
    id16(&format!("invitation of {name}"))
}

pub fn rev(paper: &str, number: u32) -> Rev {
    Rev { paper: PaperId(id16(paper)), rev: RevId(id16(&format!("{paper} {number}"))) }
}

pub fn item(name: &str) -> ItemId {
    ItemId(id16(name))
}

pub fn meeting() -> MeetingId {
    MeetingId(id16("meeting"))
}

pub fn genesis() -> BodyGenesis {
    BodyGenesis {
        registrars: vec![registrar().keys.public(), second_registrar().keys.public()],
        recovery: body_recovery().keys.public(),
        log_key: keys("log").public().sign,
        ca: hash::sha256(b"the CA's public key"),
        level: int(1),
    }
}

pub fn add(name: &str, offices: &[&str], order: u64) -> MemberAdd {
    MemberAdd {
        member: member(name),
        offices: offices.iter().map(|o| o.to_string()).collect(),
        order: int(order),
    }
}

pub fn issue(member_name: &str, secret_name: &str) -> InvitationIssue {
    let key = KeyPair::from_invitation(&secret(secret_name)).public().sign;
    InvitationIssue { member: member(member_name), key, expires: int(START + 3_600_000) }
}

pub fn enrol(body: BodyId, invitation: StatementId, secret_name: &str, keys: &KeyPair) -> DeviceEnrol {
    let DeviceKeys { sign, enc } = keys.public();
    let invited = KeyPair::from_invitation(&secret(secret_name));
    let proof = enrolment_proof(&invited, body, invitation, &keys.public());
    DeviceEnrol { invitation, sign, enc, proof, recovery: None }
}

pub fn publish(item_name: &str, paper: Rev, signers: &[&str]) -> PaperPublish {
    let signers = signers.iter().map(|name| member(name)).collect();
    PaperPublish { item: item(item_name), paper: paper.paper, rev: paper.rev, signers }
}

pub fn agenda(places: &[(&str, &[Rev])]) -> Agenda {
    Agenda(
        places.iter().map(|(name, papers)| Placement { item: item(name), papers: papers.to_vec() }).collect(),
    )
}

pub fn convene(version: u64, places: &[(&str, &[Rev])]) -> MeetingPublish {
    MeetingPublish { meeting: meeting(), version: int(version), agenda: agenda(places) }
}
