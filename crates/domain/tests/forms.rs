//! Level 3: forms, blocks, hands, positions, substitutes, and what they give.

mod kit;

use ecabinet_domain::act::*;
use ecabinet_domain::*;
use kit::*;

/// What the ballots, hands and positions of these statements say.
type Says<'a> = &'a [(StatementId, Vec<u8>)];

/// All results of a poll. A statement's position is its id less one; what is not said is void.
fn results(body: &mut Body, poll: StatementId, says: Says) -> Vec<Tally> {
    body.put(CHAIR, PollClose { poll });
    count(body, poll, says)
}

fn count(body: &Body, poll: StatementId, says: Says) -> Vec<Tally> {
    let index = |id: &StatementId| u64::from_be_bytes(id.0[24..].try_into().unwrap()) - 1;
    let said = |at| Some(says.iter().find(|(id, _)| index(id) == at).map_or(&[][..], |(_, said)| said));
    tally(&body.state.polls[&poll], &body.state, said).expect("closed").whole().expect("nothing lacks")
}

fn answers(answers: &[Opinion]) -> Vec<u8> {
    let payload = FormPayload { answers: answers.to_vec(), advice: None, papers: Vec::new() };
    serde_json::to_vec(&payload).unwrap()
}

fn answer(choice: Choice, options: &[u32]) -> Opinion {
    let options = (!options.is_empty()).then(|| options.iter().map(|&number| Int::from(number)).collect());
    Opinion { choice, options, text: None }
}

fn stance(choice: Stance) -> Vec<u8> {
    serde_json::to_vec(&PositionPayload { choice, text: None }).unwrap()
}

fn of_options(count: u32, most: u32) -> Rule {
    Rule {
        choices: vec![Choice::Option, Choice::Alternative, Choice::Abstain],
        options: Some(Options { count, most }),
        quorum: None,
        ..usual_rule()
    }
}

/// The usual rule without a quorum.
fn rule() -> Rule {
    Rule { quorum: None, ..usual_rule() }
}

fn open(body: &mut Body, rule: Rule) -> StatementId {
    body.put(SECRETARY, PollOpen { item: ITEM, rule })
}

#[test]
fn a_form_gives_each_question_its_own_result() {
    let mut body = Body::new();
    let form = body.put(SECRETARY, form(&[rule(), of_options(3, 2)]));
    let [yes, no] = [Choice::Yes, Choice::No].map(|choice| answer(choice, &[]));
    let said = [
        (body.vote(A, form, None, &[OLD]), answers(&[yes.clone(), answer(Choice::Option, &[1, 3])])),
        (body.vote(B, form, None, &[OLD]), answers(&[yes.clone(), answer(Choice::Option, &[1])])),
        (body.vote(C, form, None, &[OLD]), answers(&[no.clone(), answer(Choice::Alternative, &[])])),
        // Three of at most two: void as a whole.
        (body.vote(D, form, None, &[OLD]), answers(&[yes, answer(Choice::Option, &[1, 2, 3])])),
    ];
    let [first, second] = results(&mut body, form, &said).try_into().unwrap();
    assert_eq!((first.n, first.present, first.yes, first.no, first.silent), (4, 3, 2, 1, 1));
    // Half of four, and the chair said yes.
    assert_eq!((first.tie_by.as_deref(), first.result), (Some("chair"), Verdict::Passed));
    assert_eq!(second.options, Some(vec![2, 0, 1]));
    assert_eq!((second.alternative, second.silent, second.yes), (Some(1), 1, 0));
    assert_eq!((second.adopted, second.result), (Some(vec![1]), Verdict::Passed));
}

#[test]
fn who_answered_is_who_was_present_for_a_form() {
    let mut body = Body::new();
    let rule = Rule { quorum: Some(Fraction { num: 1, den: 2 }), ..rule() };
    let form = body.put(SECRETARY, form(&[rule]));
    let said = [(body.vote(B, form, None, &[OLD]), answers(&[answer(Choice::Yes, &[])]))];
    let result = results(&mut body, form, &said).remove(0);
    assert_eq!((result.present, result.quorum_needed, result.result), (1, 2, Verdict::Inquorate));
}

#[test]
fn only_those_asked_answer() {
    let mut body = Body::new();
    let form = body.put(SECRETARY, FormSend { asked: vec![member(2), member(3)], ..form(&[rule()]) });
    let [asked, not] = [B, D].map(|who| body.vote(who, form, None, &[OLD]));
    assert_eq!([asked, not].map(|ballot| body.fate(ballot)), [Fate::Ok, Fate::Ineligible]);
    let yes = answers(&[answer(Choice::Yes, &[])]);
    let result = results(&mut body, form, &[(asked, yes.clone()), (not, yes)]).remove(0);
    // Of two asked one is half, and nobody of them may decide it.
    assert_eq!((result.n, result.yes, result.tie_by.as_deref()), (2, 1, Some("chair")));
    assert_eq!(result.result, Verdict::Failed);
}

#[test]
fn where_there_is_a_head_of_office_nothing_is_sent_without_him() {
    let mut body = Body::new();
    body.put(REGISTRAR, add(7, &[Member::HEAD]));
    assert_eq!(body.decide(SECRETARY, form(&[rule()])), Err("form.not_approved"));
    let invitation = body.put(REGISTRAR, invite(7, 7));
    body.put(Who(7, "member"), enrol(invitation, 7));
    assert_eq!(body.decide(Who(7, Member::HEAD), form(&[rule()])), Ok(()));
    assert_eq!(body.decide(CHAIR, form(&[rule()])), Ok(()));
    body.put(REGISTRAR, MemberRetire { member: member(7) });
    assert_eq!(body.decide(SECRETARY, form(&[rule()])), Ok(()));
}

#[test]
fn a_form_that_cannot_be_decided_is_not_sent() {
    let body = Body::new();
    let try_form = |form: FormSend| body.decide(SECRETARY, form).unwrap_err();
    assert_eq!(try_form(form(&[])), "form.questions");
    assert_eq!(try_form(form(&vec![rule(); 21])), "form.questions");
    assert_eq!(try_form(FormSend { asked: vec![member(2); 2], ..form(&[rule()]) }), "form.asked");
    assert_eq!(try_form(FormSend { asked: vec![member(5)], ..form(&[rule()]) }), "member.no_vote");
    assert_eq!(try_form(FormSend { agency: Some("member".into()), ..form(&[rule()]) }), "form.agency");
    assert_eq!(try_form(FormSend { agency: Some("Bộ".into()), ..form(&[rule()]) }), "form.agency");
    assert_eq!(try_form(form(&[Rule { positions: true, ..rule() }])), "rule.form");
    let later = Rule { closes: Some(int(9)), ..rule() };
    assert_eq!(try_form(form(&[rule(), later])), "rule.form");
    assert_eq!(try_form(form(&[rule(), of_options(3, 4)])), "rule.choices");
}

#[test]
fn a_deadline_reminds_and_a_hard_one_decides() {
    for (hard, at_the_time) in [(false, Fate::Ok), (true, Fate::Late)] {
        let mut body = Body::new();
        let soon = |body: &Body, by: u64| int((body.index + by) * 1000);
        let poll = open(&mut body, Rule { closes: Some(int(40_000)), hard, ..rule() });
        let before = body.decide(SECRETARY, PollExtend { poll, closes: int(39_999) });
        assert_eq!(before, Err("poll.closes"), "nothing that could still be said is made late");
        body.put(SECRETARY, PollExtend { poll, closes: int(41_000) });
        let in_time = body.vote(B, poll, None, &[OLD]);
        while body.index < 41 {
            body.put(SECRETARY, attend(1, Presence::Present));
        }
        let late = body.vote(C, poll, None, &[OLD]);
        assert_eq!([in_time, late].map(|ballot| body.fate(ballot)), [Fate::Ok, at_the_time]);
        let after = body.decide(SECRETARY, PollExtend { poll, closes: soon(&body, 9) });
        assert_eq!(after.is_ok(), !hard, "what was over by a hard deadline is over");
    }
}

#[test]
fn what_is_recalled_has_no_result() {
    let mut body = Body::new();
    let poll = open(&mut body, rule());
    body.put(SECRETARY, PollRecall { poll });
    for act in [Act::from(PollClose { poll }), PollExtend { poll, closes: int(1) }.into()] {
        assert_eq!(body.decide(SECRETARY, act), Err("poll.closed"));
    }
    let late = body.vote(B, poll, None, &[OLD]);
    assert_eq!(body.fate(late), Fate::Late);
    assert!(tally(&body.state.polls[&poll], &body.state, |_| Some([])).is_none());
}

/// A body with two items on the agenda, and one vote over both.
fn block() -> (Body, StatementId) {
    let mut body = Body::new();
    body.put(SECRETARY, another_item());
    body.put(SECRETARY, convene_both());
    let block = body.put(CHAIR, BlockOpen { items: vec![ITEM, OTHER_ITEM], rule: rule() });
    (body, block)
}

#[test]
fn an_item_pulled_out_of_a_block_leaves_the_ballots_as_they_were() {
    let (mut body, block) = block();
    let before = body.vote(B, block, None, &[OLD]);
    body.put(C, PollPull { poll: block, item: ITEM });
    assert_eq!(body.decide(B, PollPull { poll: block, item: ITEM }), Err("block.pulled"));
    // Its paper is replaced, which is no longer what is decided about.
    body.put(SECRETARY, publish(NEW));
    let MeetingPublish { agenda, .. } = convene_both();
    let agenda = Agenda(vec![Placement { papers: vec![NEW], ..agenda.0[0].clone() }, agenda.0[1].clone()]);
    body.put(SECRETARY, MeetingPublish { meeting: MEETING, version: int(3), agenda });
    assert_eq!(body.fate(before), Fate::Ok);
    let concluded = |item| ConclusionWrite {
        item,
        replaces: None,
        outcome: Outcome::Adopted,
        by: None,
        poll: Some(block),
    };
    assert_eq!(body.decide(CHAIR, concluded(OTHER_ITEM)), Err("poll.open"));
    body.put(CHAIR, PollClose { poll: block });
    assert_eq!(body.decide(CHAIR, concluded(OTHER_ITEM)), Ok(()));
    assert_eq!(body.decide(CHAIR, concluded(ITEM)), Err("conclusion.poll"));
}

#[test]
fn a_block_is_of_items_of_one_meeting() {
    let (mut body, _) = block();
    let of = |items: &[ItemId], rule| BlockOpen { items: items.to_vec(), rule };
    assert_eq!(body.decide(CHAIR, of(&[ITEM], rule())), Err("block.items"));
    assert_eq!(body.decide(CHAIR, of(&[ITEM, ITEM], rule())), Err("block.item_again"));
    assert_eq!(body.decide(CHAIR, of(&[ITEM, ItemId([9; 16])], rule())), Err("item.unknown"));
    let positions = Rule { positions: true, ..rule() };
    assert_eq!(body.decide(CHAIR, of(&[ITEM, OTHER_ITEM], positions)), Err("rule.block"));
    let (other, far) = (MeetingId([8; 16]), ItemId([8; 16]));
    body.put(SECRETARY, ItemSet { meeting: other, item: far });
    assert_eq!(body.decide(CHAIR, of(&[ITEM, far], rule())), Err("item.not_published"));
    let agenda = Agenda(vec![Placement { item: far, papers: Vec::new() }]);
    body.put(SECRETARY, MeetingPublish { meeting: other, version: int(1), agenda });
    assert_eq!(body.decide(CHAIR, of(&[ITEM, far], rule())), Err("item.elsewhere"));
    let single = open(&mut body, rule());
    assert_eq!(body.decide(B, PollPull { poll: single, item: ITEM }), Err("block.item_unknown"));
}

#[test]
fn hands_count_once_the_chair_has_confirmed_them_and_a_ballot_goes_before() {
    let mut body = Body::new();
    let poll = open(&mut body, rule());
    let own = body.vote(B, poll, None, &[OLD]);
    let seen = |members: &[u8]| HandsEnter {
        poll,
        totals: None,
        members: Some(members.iter().map(|number| member(*number)).collect()),
    };
    let named = body.put(SECRETARY, seen(&[2, 3]));
    let unconfirmed = body.put(SECRETARY, seen(&[4]));
    body.put(CHAIR, HandsConfirm { hands: named });
    assert_eq!(body.decide(CHAIR, HandsConfirm { hands: named }), Err("hands.confirmed"));
    assert_eq!(body.decide(SECRETARY, seen(&[3, 3])), Err("hands.again"));
    assert_eq!(body.decide(SECRETARY, seen(&[5])), Err("member.no_vote"));
    let hands = |choices: &[Choice]| serde_json::to_vec(&HandsPayload { choices: choices.to_vec() }).unwrap();
    let said = [
        (own, says(Choice::No)),
        (named, hands(&[Choice::Yes, Choice::Yes])),
        (unconfirmed, hands(&[Choice::Yes])),
    ];
    let result = results(&mut body, poll, &said).remove(0);
    assert_eq!((result.yes, result.no, result.silent, result.hands), (1, 1, 2, Some(1)));
}

#[test]
fn no_more_hands_than_members_without_a_ballot() {
    let mut body = Body::new();
    let poll = open(&mut body, rule());
    let own = body.vote(A, poll, None, &[OLD]);
    let totals = |yes, no| HandsEnter {
        poll,
        totals: Some(Totals { yes: int(yes), no: int(no), abstain: int(0), other: int(0) }),
        members: None,
    };
    assert_eq!(body.decide(SECRETARY, totals(5, 0)), Err("hands.too_many"));
    let two = open(&mut body, Rule { choices: vec![Choice::Yes, Choice::No], ..rule() });
    let [one, none] = [1, 0].map(int);
    let abstains = Some(Totals { yes: none, no: none, abstain: one, other: none });
    let unknown = HandsEnter { poll: two, totals: abstains, members: None };
    assert_eq!(body.decide(SECRETARY, unknown), Err("hands.choice"));
    let four = body.put(SECRETARY, totals(4, 0));
    body.put(CHAIR, HandsConfirm { hands: four });
    assert_eq!(body.decide(CHAIR, PollClose { poll }), Err("hands.too_many"));
    let three = body.put(SECRETARY, totals(2, 1));
    body.put(CHAIR, HandsConfirm { hands: three });
    let result = results(&mut body, poll, &[(own, says(Choice::Yes))]).remove(0);
    assert_eq!((result.yes, result.no, result.silent, result.hands), (3, 1, 0, Some(3)));
    assert_eq!(result.result, Verdict::Passed);
}

#[test]
fn whose_hands_were_counted_nobody_knows_so_nothing_comes_besides() {
    let mut body = Body::new();
    let poll = open(&mut body, rule());
    let totals = |poll| HandsEnter {
        poll,
        totals: Some(Totals { yes: int(3), no: int(0), abstain: int(0), other: int(0) }),
        members: None,
    };
    let first = body.put(SECRETARY, totals(poll));
    body.vote(B, poll, None, &[OLD]);
    assert_eq!(body.decide(CHAIR, HandsConfirm { hands: first }), Err("hands.overtaken"));
    let again = body.put(SECRETARY, totals(poll));
    body.put(CHAIR, HandsConfirm { hands: again });
    let besides = body.vote(C, poll, None, &[OLD]);
    assert_eq!(body.fate(besides), Fate::Late);
    for rule in [Rule { positions: true, ..rule() }, Rule { silent: true, tie: None, ..rule() }] {
        let poll = open(&mut body, rule);
        assert_eq!(body.decide(SECRETARY, totals(poll)), Err("hands.form"));
    }
}

#[test]
fn an_objection_that_no_longer_counts_is_no_silence() {
    let mut body = Body::new();
    let poll = open(&mut body, Rule { silent: true, objection: true, tie: None, ..rule() });
    let stale = body.vote(B, poll, None, &[NEW]);
    let tally = results(&mut body, poll, &[(stale, says(Choice::No))]).remove(0);
    assert_eq!((tally.no, tally.silent, tally.favour), (0, 4, Some(3)));
    let afterwards = body.vote(C, poll, None, &[OLD]);
    assert_eq!(body.fate(afterwards), Fate::Late);
    assert_eq!(count(&body, poll, &[(stale, says(Choice::No))]), [tally], "what comes later changes nothing");
    let of_cast = PassRule { base: Base::Cast, num: 1, den: 2, strict: true };
    let rule = Rule { silent: true, tie: None, pass: of_cast, ..rule() };
    assert_eq!(body.decide(SECRETARY, PollOpen { item: ITEM, rule }), Err("rule.silent"));
}

#[test]
fn a_position_is_a_vote_only_where_the_rule_says_so() {
    for (positions, yes) in [(false, 0), (true, 2)] {
        let mut body = Body::new();
        let on = |rev| PositionState { item: ITEM, basis: Basis::of(&[rev]) };
        let said = [
            (body.put(A, on(OLD)), stance(Stance::Agree)),
            (body.put(B, on(OLD)), stance(Stance::Agree)),
            (body.put(C, on(OLD)), stance(Stance::Speak)),
            // Not about what is before the body now.
            (body.put(D, on(NEW)), stance(Stance::Agree)),
        ];
        let poll = open(&mut body, Rule { positions, ..rule() });
        let result = results(&mut body, poll, &said).remove(0);
        assert_eq!((result.yes, result.silent), (yes, 4 - yes));
        assert_eq!(result.positions, positions.then_some(2));
    }
}

#[test]
fn silence_is_a_yes_in_a_silence_procedure_only_and_one_objection_ends_it() {
    let silence = Rule { silent: true, objection: true, tie: None, ..rule() };
    for (choice, result) in [(Choice::Abstain, Verdict::Passed), (Choice::No, Verdict::Failed)] {
        let mut body = Body::new();
        let poll = open(&mut body, silence.clone());
        let said = [(body.vote(B, poll, None, &[OLD]), says(choice))];
        let tally = results(&mut body, poll, &said).remove(0);
        assert_eq!((tally.yes, tally.silent, tally.favour, tally.result), (0, 3, Some(3), result));
    }
}

#[test]
fn what_counts_in_favour_is_the_rules_to_say() {
    let mut body = Body::new();
    let poll = open(&mut body, Rule { yes: Some(vec![Choice::Yes, Choice::Other]), ..rule() });
    let said = [
        (body.vote(A, poll, None, &[OLD]), says(Choice::Other)),
        (body.vote(B, poll, None, &[OLD]), says(Choice::Yes)),
    ];
    let tally = results(&mut body, poll, &said).remove(0);
    // Two of four: equal, and the chair's other opinion is one in favour.
    assert_eq!((tally.favour, tally.tie_by.as_deref()), (Some(2), Some("chair")));
    assert_eq!(tally.result, Verdict::Passed);
}

#[test]
fn only_those_in_the_room_where_the_rule_says_so() {
    let mut body = Body::new();
    body.put(SECRETARY, attend(3, Presence::Remote));
    let poll = open(&mut body, Rule { room: true, ..rule() });
    let said = [
        (body.vote(B, poll, None, &[OLD]), says(Choice::Yes)),
        (body.vote(C, poll, None, &[OLD]), says(Choice::Yes)),
    ];
    let tally = results(&mut body, poll, &said).remove(0);
    // The body does not shrink by those who are elsewhere.
    assert_eq!((tally.n, tally.present, tally.yes), (4, 2, 1));
    assert_eq!(body.fate(said[1].0), Fate::Ineligible);
}

#[test]
fn a_substitute_votes_if_rule_and_chair_let_him_and_while_it_lasts() {
    let mut body = Body::new();
    body.put(REGISTRAR, add(6, &["deputy"]));
    let invitation = body.put(REGISTRAR, invite(6, 6));
    let deputy = Who(6, "member");
    body.put(deputy, enrol(invitation, 6));
    let until = int((body.index + 6) * 1000);
    let request = body.put(B, SubstituteAsk { until, ..substitute(6) });
    let poll = open(&mut body, Rule { substitutes: true, ..rule() });
    let plain = open(&mut body, rule());
    let cast = |poll, replaces| BallotCast {
        poll,
        replaces,
        basis: Basis::of(&[OLD]),
        in_place_of: Some(member(2)),
    };
    let early = body.put(deputy, cast(poll, None));
    body.put(CHAIR, SubstituteApprove { request });
    let good = body.put(deputy, cast(poll, None));
    let not_by_this_rule = body.put(deputy, cast(plain, None));
    let too_late = body.put(deputy, cast(poll, Some(good)));
    let fates = [early, good, not_by_this_rule, too_late].map(|ballot| body.fate(ballot));
    assert_eq!(fates, [Fate::Ineligible, Fate::Ok, Fate::Ineligible, Fate::Ineligible]);
    // The member himself, from afar.
    let himself = body.vote(B, poll, Some(good), &[OLD]);
    assert_eq!([good, himself].map(|ballot| body.fate(ballot)), [Fate::Superseded, Fate::Ok]);
    body.put(SECRETARY, attend(2, Presence::Substitute));
    let tally = results(&mut body, poll, &[(himself, says(Choice::Yes))]).remove(0);
    assert_eq!((tally.present, tally.yes), (3, 1));
    assert_eq!(body.decide(B, substitute(6)), Err("substitute.again"));
    assert_eq!(body.decide(B, substitute(3)), Err("substitute.person"));
    assert_eq!(body.decide(C, SubstituteEnd { request }), Err("substitute.may_not"));
}

#[test]
fn the_floor_is_a_list_that_the_chair_orders() {
    let mut body = Body::new();
    body.put(B, FloorAsk { item: ITEM });
    assert_eq!(body.decide(B, FloorAsk { item: ITEM }), Err("floor.again"));
    body.put(C, FloorAsk { item: ITEM });
    body.put(CHAIR, FloorOrder { item: ITEM, members: vec![member(3), member(2), member(1)] });
    body.put(C, FloorLeave { item: ITEM });
    assert_eq!(body.decide(C, FloorLeave { item: ITEM }), Err("floor.none"));
    assert_eq!(body.state.floors[&ITEM], [member(2), member(1)]);
}

#[test]
fn a_conclusion_is_corrected_by_another_only_and_confirmed_by_the_chair() {
    let mut body = Body::new();
    let write =
        |replaces| ConclusionWrite { item: ITEM, replaces, outcome: Outcome::Deferred, by: None, poll: None };
    let first = body.put(SECRETARY, write(None));
    assert_eq!(body.state.conclusions[&ITEM].confirmed, None);
    assert_eq!(body.decide(SECRETARY, write(None)), Err("conclusion.replaced"));
    body.put(CHAIR, ConclusionConfirm { conclusion: first });
    let second = body.put(CHAIR, write(Some(first)));
    assert!(body.state.conclusions[&ITEM].confirmed.is_some());
    assert_eq!(body.decide(CHAIR, ConclusionConfirm { conclusion: first }), Err("conclusion.replaced"));
    assert_eq!(body.decide(CHAIR, ConclusionConfirm { conclusion: second }), Err("conclusion.confirmed"));
}

#[test]
fn the_agency_replies_and_its_head_approves() {
    let mut body = Body::new();
    for (number, office) in [(6, AGENCY.1), (7, "agency-head")] {
        body.put(REGISTRAR, add(number, &[office]));
        let invitation = body.put(REGISTRAR, invite(number, number));
        body.put(Who(number, "member"), enrol(invitation, number));
    }
    let head = Who(7, "agency-head");
    let sent = FormSend { approver: Some(head.1.to_owned()), ..form(&[rule()]) };
    let form = body.put(SECRETARY, sent);
    let ballot = body.vote(B, form, None, &[OLD]);
    let reply = |ballot, question| ReplyWrite { form, ballot, question: int(question), taken: Taken::Yes };
    assert_eq!(body.decide(AGENCY, reply(form, 0)), Err("reply.ballot"));
    assert_eq!(body.decide(AGENCY, reply(ballot, 1)), Err("reply.question"));
    assert_eq!(body.decide(head, reply(ballot, 0)), Err("reply.may_not"));
    let first = body.put(AGENCY, reply(ballot, 0));
    let second = body.put(AGENCY, reply(ballot, 0));
    let approve = |reply| ReplyApprove { form, replies: vec![reply] };
    assert_eq!(body.decide(AGENCY, approve(second)), Err("reply.may_not"));
    assert_eq!(body.decide(head, approve(first)), Err("reply.unknown"));
    body.put(head, approve(second));
    assert!(body.state.replies[&(ballot, int(0))].approved.is_some());
}

#[test]
fn staff_see_what_is_for_them_and_nothing_of_others() {
    let mut body = Body::new();
    body.put(REGISTRAR, add(6, &["staff"]));
    body.put(REGISTRAR, StaffSet { member: member(2), staff: vec![member(6)] });
    let sees = |number, of| {
        let viewer = Viewer(Holder::Member(member(number)));
        viewer.sees(&[Audience::Staff(member(of))], &body.state)
    };
    assert!(sees(6, 2) && !sees(6, 3) && !sees(2, 2) && !sees(3, 2));
    let left = |body: &Body| body.state.staff[&member(2)].left.get(&member(6)).copied();
    assert_eq!(left(&body), None);
    body.put(REGISTRAR, StaffSet { member: member(2), staff: vec![] });
    assert!(!body.state.staff_of(member(2)).contains(&member(6)));
    let first = left(&body);
    assert_eq!(first, Some(body.state.staff[&member(2)].set_at));
    body.put(REGISTRAR, StaffSet { member: member(2), staff: vec![member(3)] });
    assert_eq!(left(&body), first, "when he left, not when the list was last set");
    body.put(REGISTRAR, StaffSet { member: member(2), staff: vec![member(6)] });
    assert_eq!((left(&body), body.state.staff[&member(2)].left.contains_key(&member(3))), (None, true));
    for staff in [vec![member(2)], vec![member(6); 2], vec![member(60)]] {
        assert_eq!(body.decide(REGISTRAR, StaffSet { member: member(2), staff }), Err("staff.members"));
    }
}
