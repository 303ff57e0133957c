//! Who may do what, over every kind and every capacity; and who may see what.

mod kit;

use ecabinet_domain::act::*;
use ecabinet_domain::*;
use kit::*;

/// One act of every kind that this body would take from the right author.
fn acts(body: &mut Body) -> Vec<(Act, &'static [Who])> {
    let invitation = body.put(REGISTRAR, invite(2, 50));
    let open = body.put(REGISTRAR, invite(2, 51));
    body.put(Who(50, "member"), enrol(invitation, 50));
    let poll = body.open();
    let signed = PaperSign { paper: OLD.paper, rev: OLD.rev, new_rev: NEW.rev };
    let third = RegistrarChange { add: vec![keys(60)], remove: vec![] };
    let registrars: &[Who] = &[REGISTRAR, SECOND_REGISTRAR];
    vec![
        (BodyLevel { level: int(2) }.into(), registrars),
        (third.into(), &[REGISTRAR, SECOND_REGISTRAR, BODY_KEY]),
        (LogKey { key: PublicKey([61; 32]) }.into(), registrars),
        (Epoch { number: int(1), size: int(0), root: Hash([0; 32]) }.into(), registrars),
        (CaSet { ca: Hash([62; 32]) }.into(), registrars),
        (add(9, &["member"]).into(), registrars),
        (MemberRetire { member: member(4) }.into(), registrars),
        (invite(2, 52).into(), registrars),
        (InvitationRevoke { invitation: open }.into(), registrars),
        // Not the registrar who invited; B as the owner.
        (DeviceConfirm { device: DeviceId([50; 32]) }.into(), &[SECOND_REGISTRAR, B]),
        (DeviceRevoke { device: DeviceId([2; 32]) }.into(), &[REGISTRAR, SECOND_REGISTRAR, B]),
        (GroupSet { group: GroupId([1; 16]), members: vec![member(2)] }.into(), registrars),
        (ItemSet { meeting: MEETING, item: ITEM }.into(), &[SECRETARY]),
        (publish(NEW).into(), &[SECRETARY]),
        (convene(2, &[OLD]).into(), &[SECRETARY]),
        (attend(2, Presence::Absent).into(), &[SECRETARY]),
        (PollOpen { item: ITEM, rule: usual_rule() }.into(), &[SECRETARY, CHAIR]),
        (PollClose { poll }.into(), &[SECRETARY, CHAIR]),
        (
            BallotCast { poll, replaces: None, basis: Basis::of(&[]), in_place_of: None }.into(),
            &[A, B, SECRETARY_HIMSELF],
        ),
        (signed.into(), &[A]),
        (PayloadErase { entry: int(0) }.into(), &[SECRETARY]),
    ]
}

/// The same of level 3.
fn acts_of_level_3(body: &mut Body) -> Vec<(Act, &'static [Who])> {
    body.put(REGISTRAR, add(6, &["agency"]));
    let invitation = body.put(REGISTRAR, invite(6, 6));
    body.put(Who(6, "member"), enrol(invitation, 6));
    body.put(SECRETARY, another_item());
    body.put(SECRETARY, convene_both());
    let chairing: &[Who] = &[SECRETARY, CHAIR];
    let poll = body.open();
    let sent = form(&[usual_rule()]);
    let form = body.put(SECRETARY, sent.clone());
    let ballot = body.vote(B, form, None, &[OLD]);
    let reply = ReplyWrite { form, ballot, question: int(0), taken: Taken::Part };
    let replied = body.put(AGENCY, reply.clone());
    let block = body.put(CHAIR, BlockOpen { items: vec![ITEM, OTHER_ITEM], rule: usual_rule() });
    let totals = Totals { yes: int(1), no: int(0), abstain: int(0), other: int(0) };
    let hands = body.put(SECRETARY, HandsEnter { poll, totals: Some(totals), members: None });
    let request = body.put(B, substitute(6));
    body.put(A, FloorAsk { item: ITEM });
    let conclusion = ConclusionWrite {
        item: ITEM,
        replaces: None,
        outcome: Outcome::Changes,
        by: Some(member(2)),
        poll: None,
    };
    let written = body.put(SECRETARY, ConclusionWrite { item: OTHER_ITEM, ..conclusion.clone() });
    vec![
        (StaffSet { member: member(2), staff: vec![member(6)] }.into(), &[REGISTRAR, SECOND_REGISTRAR]),
        (sent.into(), chairing),
        (BlockOpen { items: vec![ITEM, OTHER_ITEM], rule: usual_rule() }.into(), chairing),
        (PollPull { poll: block, item: ITEM }.into(), &[A, B]),
        (PollExtend { poll: form, closes: int(HOUR) }.into(), chairing),
        (PollRecall { poll: form }.into(), chairing),
        (HandsEnter { poll, totals: Some(totals), members: None }.into(), &[SECRETARY]),
        (HandsConfirm { hands }.into(), &[CHAIR]),
        (PositionState { item: ITEM, basis: Basis::of(&[OLD]) }.into(), &[A, B]),
        (AttendanceClaim { meeting: MEETING, state: Presence::Remote }.into(), &[A, B]),
        (substitute(5).into(), &[A, B]),
        (SubstituteApprove { request }.into(), chairing),
        (SubstituteEnd { request }.into(), &[SECRETARY, CHAIR, B, AGENCY_HIMSELF]),
        (FloorAsk { item: ITEM }.into(), &[B, SECRETARY_HIMSELF, AGENCY_HIMSELF]),
        (FloorLeave { item: ITEM }.into(), &[A]),
        (FloorOrder { item: ITEM, members: vec![member(1)] }.into(), chairing),
        (conclusion.into(), chairing),
        (ConclusionConfirm { conclusion: written }.into(), &[CHAIR]),
        (reply.into(), &[AGENCY]),
        (ReplyApprove { form, replies: vec![replied] }.into(), &[AGENCY]),
    ]
}

const SECRETARY_HIMSELF: Who = Who(5, "member");
const AGENCY_HIMSELF: Who = Who(6, "member");

#[test]
fn every_kind_is_for_those_who_may_and_for_nobody_else() {
    let all = [
        REGISTRAR,
        SECOND_REGISTRAR,
        BODY_KEY,
        CODE,
        CHAIR,
        A,
        B,
        SECRETARY,
        SECRETARY_HIMSELF,
        AGENCY,
        AGENCY_HIMSELF,
    ];
    let mut tried = Vec::new();
    for acts in [acts, acts_of_level_3] {
        let mut body = Body::new();
        for (act, may) in acts(&mut body) {
            // Nobody holds the agency's office in the first body.
            for who in all.iter().filter(|who| who.0 != 6 || body.state.members.contains_key(&member(6))) {
                let allowed = may.iter().any(|m| (m.0, m.1) == (who.0, who.1));
                let decided = body.decide(*who, act.clone());
                assert_eq!(decided.is_ok(), allowed, "{} by {} as {}: {decided:?}", act.kind(), who.0, who.1);
            }
            tried.push(act.kind());
        }
    }
    let left: Vec<_> = Act::KINDS.iter().filter(|kind| !tried.contains(kind)).collect();
    assert_eq!(left, [&"body.genesis", &"device.enrol"], "these have no author before them");
}

#[test]
fn nobody_acts_in_a_capacity_that_he_does_not_hold() {
    let body = Body::new();
    for (device, held) in [
        (101, &["registrar"][..]),
        (104, &["recovery"]),
        (1, &["member", "chair"]),
        (5, &["member", "secretariat"]),
    ] {
        for capacity in ["registrar", "recovery", "member", "chair", "secretariat", "all", ""] {
            let refused =
                body.decide(Who(device, capacity), PollClose { poll: StatementId([0; 32]) }).unwrap_err();
            assert_eq!(
                refused != "capacity.not_held",
                held.contains(&capacity),
                "{device} as {capacity}: {refused}"
            );
        }
    }
}

#[test]
fn a_recovery_code_takes_nobodys_place() {
    let mut body = Body::new();
    body.put(REGISTRAR, add(6, &["member"]));
    let invitation = body.put(REGISTRAR, invite(6, 6));
    for taken in [REGISTRAR.0, BODY_KEY.0, CODE.0, B.0, 6] {
        let act = DeviceEnrol { recovery: Some(keys(taken)), ..enrol(invitation, 6) };
        assert_eq!(body.decide(Who(6, "member"), act), Err("device.known"), "{taken}");
    }
    for known in [B.0, CODE.0, BODY_KEY.0, REGISTRAR.0] {
        let act = RegistrarChange { add: vec![keys(known)], remove: vec![] };
        assert_eq!(body.decide(REGISTRAR, act), Err("device.known"), "{known}");
    }
}

#[test]
fn a_lost_only_laptop_is_revoked_and_replaced() {
    let mut body = Body::new();
    body.put(REGISTRAR, DeviceRevoke { device: DeviceId([1; 32]) });
    assert!(body.state.author(DeviceId([1; 32])).is_none());
    let invitation = body.put(REGISTRAR, invite(1, 70));
    body.put(Who(70, "member"), enrol(invitation, 70));
    let pending = DeviceId([70; 32]);
    assert!(body.state.author(pending).is_none(), "a further device waits even when there is no other");
    assert_eq!(body.decide(REGISTRAR, DeviceConfirm { device: pending }), Err("device.confirm_may_not"));
    body.put(CODE, DeviceConfirm { device: pending });
    assert!(body.state.author(pending).is_some());
}

#[test]
fn an_audience_is_who_is_in_it_now() {
    let mut body = Body::new();
    let group = GroupId([1; 16]);
    body.put(REGISTRAR, GroupSet { group, members: vec![member(2), member(4)] });
    body.put(REGISTRAR, MemberRetire { member: member(4) });
    let sees = |holder, audience: Audience| Viewer(holder).sees(&[audience], &body.state);
    let of = |number| Holder::Member(member(number));
    let cases = [
        (Audience::All, vec![Holder::Registrar, of(1), of(2), of(5)]),
        (Audience::Registrars, vec![Holder::Registrar]),
        (Audience::Office("chair".into()), vec![of(1)]),
        (Audience::Office("secretariat".into()), vec![of(5)]),
        (Audience::Group(group), vec![of(2)]),
        (Audience::Member(member(2)), vec![of(2)]),
        (Audience::Member(member(4)), vec![]),
        (Audience::Group(GroupId([9; 16])), vec![]),
    ];
    let all = [
        Holder::Registrar,
        Holder::BodyRecovery,
        Holder::Recovery(member(1)),
        of(1),
        of(2),
        of(4),
        of(5),
        of(9),
    ];
    for (audience, who) in cases {
        for holder in all {
            assert_eq!(sees(holder, audience.clone()), who.contains(&holder), "{holder:?} {audience}");
        }
    }
}
