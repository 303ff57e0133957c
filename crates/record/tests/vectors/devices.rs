//! Enrolments and devices that are refused: rules 11 and 12.

use crate::Maker;
use crate::kit::story::*;
use crate::kit::*;
use ecabinet_domain::act::*;
use ecabinet_domain::*;
use ecabinet_record::KeyPair;

pub(crate) fn make(maker: &mut Maker) {
    enrolments(maker);
    devices(maker);
}

fn enrolments(maker: &mut Maker) {
    let body = maker.story.log.state().body;
    let new = device("new");
    let invitation = |maker: &Maker, name: &str| {
        let key = KeyPair::from_invitation(&secret(name)).public().sign;
        let known = &maker.story.log.state().invitations;
        known.iter().find(|(_, i)| i.key == key).map(|(id, _)| *id).unwrap()
    };
    let by = |id: StatementId, name: &str| enrol(body, id, name, &new.keys);
    let [b, spare, b2] = ["b", "spare", "b2"].map(|name| invitation(maker, name));
    maker.refuse(
        "invitation.unknown",
        "enrol-unknown",
        "No such invitation.",
        "enrolment",
        &new,
        by(StatementId([1; 32]), "b"),
    );
    maker.refuse(
        "device.id",
        "enrol-device-id",
        "The header names another device than the keys make.",
        "enrolment",
        &device("other"),
        by(b, "b"),
    );
    maker.refuse(
        "invitation.proof",
        "enrol-other-secret",
        "Proof by another invitation's secret.",
        "enrolment",
        &new,
        by(b, "chair"),
    );
    let moved = DeviceEnrol { proof: enrol(body, b, "b", &keys("b")).proof, ..by(b, "b") };
    maker.refuse(
        "invitation.proof",
        "enrol-proof-moved",
        "Proof for another device's keys.",
        "enrolment",
        &new,
        moved,
    );
    let other_body = enrol(BodyId([3; 32]), b, "b", &new.keys);
    maker.refuse(
        "invitation.proof",
        "enrol-other-body",
        "Proof for another body.",
        "enrolment",
        &new,
        other_body,
    );
    maker.refuse("invitation.used", "enrol-used", "An invitation used twice.", "pack", &new, by(b, "b"));
    maker.refuse(
        "invitation.revoked",
        "enrol-revoked",
        "A revoked invitation used.",
        "enrolment",
        &new,
        by(spare, "spare"),
    );
    let late = maker.story.before("enrolment");
    let mut leaf = late.leaf(&late.header(&new, by(b, "b")), &new.keys);
    leaf[1..9].copy_from_slice(&(START + 3_600_000).to_be_bytes());
    maker.replay(
        "11",
        "enrol-expired",
        "An entry at the very time of expiry.",
        &late,
        vec![leaf],
        "invitation.expired",
    );
    let retired = Log::of(&late.leaves);
    let mut gone = Log::of(&late.leaves);
    gone.put(&registrar(), MemberRetire { member: member("b") });
    let leaf = gone.leaf(&gone.header(&new, by(b, "b")), &new.keys);
    let leaves = vec![gone.leaves.last().unwrap().clone(), leaf];
    maker.replay_at(
        "11",
        "enrol-retired",
        "The invited member has left office.",
        &retired,
        leaves,
        1,
        "member.retired",
    );
    let taken = |recovery: DeviceKeys, id| DeviceEnrol { recovery: Some(recovery), ..by(id, "b") };
    maker.refuse(
        "device.known",
        "enrol-recovery-of-registrar",
        "A registrar's keys as a recovery code.",
        "enrolment",
        &new,
        taken(keys("registrar").public(), b),
    );
    maker.refuse(
        "device.known",
        "enrol-recovery-is-device",
        "The device's own keys as a recovery code.",
        "enrolment",
        &new,
        taken(new.keys.public(), b),
    );
    maker.refuse(
        "device.known",
        "enrol-recovery-of-body",
        "The body's recovery key as a member's code.",
        "enrolment",
        &new,
        taken(body_recovery().keys.public(), b),
    );
    let mut log = maker.story.before("enrolment");
    let first = log.leaves.len();
    log.push(maker.story.log.leaves[first].clone()).unwrap();
    let leaf = log.leaf(&log.header(&new, taken(chair_code().keys.public(), b)), &new.keys);
    maker.replay(
        "11",
        "enrol-recovery-of-other",
        "Another member's recovery code.",
        &log,
        vec![leaf],
        "device.known",
    );
    let known = enrol(body, b, "b", &keys("chair"));
    let leaf = log.leaf(&log.header(&device("chair"), known), &device("chair").keys);
    maker.replay(
        "11",
        "enrol-known",
        "One member's device enrols for another.",
        &log,
        vec![leaf],
        "device.known",
    );
    let pending = maker.story.at["second devices"] + 1;
    let log = Log::of(&maker.story.log.leaves[..pending as usize]);
    let again = DeviceEnrol { recovery: Some(keys("code").public()), ..enrol(body, b2, "b2", &new.keys) };
    let leaf = log.leaf(&log.header(&new, again), &new.keys);
    maker.replay(
        "11",
        "enrol-recovery-again",
        "A recovery code with a second device.",
        &log,
        vec![leaf],
        "device.recovery_again",
    );
}

fn devices(maker: &mut Maker) {
    let confirm = |name: &str| DeviceConfirm { device: keys(name).id() };
    let revoke = |name: &str| DeviceRevoke { device: keys(name).id() };
    maker.refuse(
        "device.unknown",
        "confirm-unknown",
        "No such device.",
        "pending",
        &device("b"),
        confirm("x"),
    );
    maker.refuse(
        "device.not_pending",
        "confirm-active",
        "A device confirmed twice.",
        "confirmed",
        &device("b"),
        confirm("b2"),
    );
    let may_not = "device.confirm_may_not";
    maker.refuse(
        may_not,
        "confirm-other-member",
        "Another member confirms.",
        "pending",
        &device("c"),
        confirm("b2"),
    );
    maker.refuse(
        may_not,
        "confirm-inviter",
        "The registrar who invited confirms alone.",
        "pending",
        &registrar(),
        confirm("b2"),
    );
    maker.refuse(
        may_not,
        "confirm-other-code",
        "Another member's recovery code confirms.",
        "pending",
        &chair_code(),
        confirm("b2"),
    );
    maker.refuse(
        may_not,
        "confirm-body-key",
        "The body's recovery key confirms.",
        "pending",
        &body_recovery(),
        confirm("b2"),
    );
    maker.refuse("device.unknown", "revoke-unknown", "No such device.", "pack", &device("b"), revoke("x"));
    maker.refuse(
        "device.revoked",
        "revoke-again",
        "A device revoked twice.",
        "pack",
        &device("d"),
        revoke("d2"),
    );
    let may_not = "device.revoke_may_not";
    maker.refuse(
        may_not,
        "revoke-other-member",
        "Another member's device revoked.",
        "pack",
        &device("c"),
        revoke("b"),
    );
    maker.refuse(
        may_not,
        "revoke-registrar",
        "One registrar revokes another.",
        "pack",
        &registrar(),
        revoke("second registrar"),
    );
}
