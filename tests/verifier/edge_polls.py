"""Polls whose result hangs on one thing."""

from edge_body import Edge, name
from edge_table import HALF, RULE

OF_CAST = HALF | {"base": "cast"}
OPTIONS = {"choices": ["option", "alternative", "no"], "options": {"count": 3, "most": 2}, "pass": OF_CAST}
CHAIR = {"tie": {"office": "chair"}}
FALSE = {"n": 5, **dict.fromkeys("present yes no abstain other silent quorum_needed pass_needed".split(), 0)}
FALSE |= {"tie_by": None, "result": "passed"}


def counts():
    both = {"positions": True}
    for title, rule, steps in (
        ("named and remote", {"room": True}, lambda b, p: b.attend(1, "remote")),
        ("named and retired", {}, lambda b, p: b.do(None, "registrar", "member.retire", {"member": name("member", 5)})),
        ("the void ballot of one named", {}, lambda b, p: b.cast(1, p, b"{")),
        ("the ballot of one named", {}, lambda b, p: b.cast(1, p, "no")),
        ("the ballot of one named lacks", {}, lambda b, p: b.cast(1, p, "no", keep=False)),
        ("the position of one named", both, lambda b, p: b.position(1, "object")),
    ):
        for choices, keep in ((["yes"] * 5, True), (["other"] * 5, True), (["yes"] * 4, True), (["yes"] * 5, False)):
            body = Edge()
            poll = body.open(RULE | rule)
            body.confirm(body.hands(poll, [0, 1, 2, 3, 5], choices, keep))
            steps(body, poll)
            body.close(poll)
            yield title, body, []
    for title, rule, ballots in (
        ("a tie of options", CHAIR, {0: [1], 1: [1, 3], 2: "no", 3: "no"}),
        ("three ties of options", CHAIR, {0: [2], 1: [1, 3]}),
        ("options without a quorum", {"quorum": {"num": 1, "den": 1}}, {1: [1, 3]}),
        ("options and an objection", {"objection": True}, {0: [1], 1: [1, 3], 2: "no"}),
        ("options and none", {"objection": True}, {0: [1], 1: [1, 3], 2: "alternative"}),
        ("options, a tie and an objection", CHAIR | {"objection": True}, {0: [1], 1: [1, 3], 2: "no", 3: "no"}),
        ("options and a quorum of those there", {"pass": HALF | {"base": "present"}}, {0: [1], 1: "alternative"}),
        ("not ascending", {}, {0: [2, 1], 1: [0], 2: [4], 3: [1, 2, 3], 5: []}),
    ):
        body = Edge()
        poll = body.open(OPTIONS | rule)
        for who, said in ballots.items():
            said = {"choice": "option", "options": said, "papers": []} if isinstance(said, list) else said
            body.cast(who, poll, said)
        body.close(poll)
        yield title, body, []
    favour = {"yes": ["yes", "abstain"], "pass": OF_CAST} | CHAIR
    for title, rule, ballots in (
        ("silence", {"silent": True} | CHAIR, {0: "abstain", 1: "no", 2: "no"}),
        ("silence and another", {"silent": True, "yes": ["yes", "abstain"]}, {0: "abstain", 1: "no"}),
        ("silence and an objection", {"silent": True, "objection": True}, {1: "no"}),
        ("the chair in favour", favour, {0: "abstain", 1: "no"}),
        ("the chair against", favour, {0: "no", 1: "abstain"}),
        ("a tie and an objection", {"objection": True, "pass": OF_CAST} | CHAIR, {0: "yes", 1: "no"}),
    ):
        body = Edge()
        poll = body.open(RULE | rule)
        for who, said in ballots.items():
            body.cast(who, poll, said)
        body.close(poll)
        yield title, body, [{"poll": poll, "tally": FALSE}]


def totals():
    for title, first, last, ballots in (
        ("the last confirmed", {"yes": 3}, {"no": 2}, []),
        ("beside a void ballot", {}, {"no": 4}, [b"{"]),
        ("beside a ballot", {}, {"no": 5}, ["yes"]),
        ("too many beside a void ballot", {}, {"no": 5}, [b"{"]),
    ):
        body = Edge()
        poll = body.open(RULE | {"choices": ["yes", "no"]})
        one, other = (body.do(3, "secretariat", "hands.enter", body.totals(poll, **t)) for t in (last, first))
        body.confirm(other, one)
        for said in ballots:
            body.cast(1, poll, said)
        body.close(poll)
        yield title, body, []


def positions():
    """Stated before the close, stated anew after it, and of papers that are no longer current."""
    for more in (
        {},
        {"silent": True},
        {"silent": True, "yes": ["yes", "abstain"]},
        {"room": True},
        {"objection": True},
    ):
        body = Edge()
        poll = body.open(RULE | {"positions": True} | more)
        for who, choice in ((1, "speak"), (2, "agree"), (5, "object"), (3, "agree")):
            body.position(who, choice)
        body.attend(3, "remote")
        body.position(5, "agree")
        body.cast(0, poll, "no")
        body.confirm(body.hands(poll, [1], ["abstain"]))
        body.close(poll)
        body.position(2, "object", keep=False)
        yield "positions", body, []
    for item, keep in ((0, True), (1, True), (0, False)):
        body = Edge()
        poll = body.open(RULE | {"positions": True})
        body.position(1, "agree", keep=keep)
        new = {"item": body.items[item], "paper": name("paper", 9), "rev": name("rev", 99), "signers": []}
        body.do(3, "secretariat", "paper.publish", new)
        agenda = body.agenda(body.meeting, 2, body.items)
        body.do(3, "secretariat", "meeting.publish", agenda)
        body.close(poll)
        yield "a position on older papers", body, []


def erased():
    for kind in ("ballot.cast", "hands.enter", "position.state"):
        body = Edge()
        poll = body.open(RULE | {"positions": True})
        body.cast(1, poll, "yes")
        body.confirm(body.hands(poll, [2], ["no"]))
        body.position(5, "agree")
        at = next(at for at, h in enumerate(body.replay.headers) if h["kind"] == kind)
        body.do(3, "secretariat", "payload.erase", {"entry": at})
        body.payloads.pop(at, None)
        yield f"erased, {kind}", body, []
        body.close(poll)
        yield f"erased and closed, {kind}", body, [{"poll": poll, "tally": FALSE}]


def substitutes():
    for until in ("given a vote", "ended", "no more", "late", "replaced"):
        body = Edge()
        poll, request, place = body.open(RULE | {"substitutes": True}), body.stand_in(), {"for": name("member", 1)}
        body.attend(1, "substitute")
        if until == "given a vote":
            data = {"member": name("member", 4), "offices": ["member"], "order": 1}
            body.do(None, "registrar", "member.add", data)
        if until == "ended":
            body.do(4, "member", "substitute.end", {"request": request})
        body.cast(4, poll, "yes", **place)
        if until == "no more":
            body.do(4, "member", "substitute.end", {"request": request})
        if until == "replaced":
            body.cast(1, poll, "no")
        body.cast(4, poll, "no", **{"for": name("member", 2)})
        body.close(poll)
        body.cast(4, poll, "no", **place)
        yield f"substitute {until}", body, []


def forms():
    said = lambda *answers: {"answers": answers, "papers": []}
    for keep in (True, False):
        body = Edge()
        rules = [RULE | {"quorum": {"num": 1, "den": 2}, "silent": True}, OPTIONS | CHAIR]
        form = body.open(rules, "form.send", asked=[])
        body.cast(1, form, said({"choice": "yes"}, {"choice": "option", "options": [1, 2]}), keep)
        body.cast(0, form, said({"choice": "no"}, {"choice": "alternative", "text": "T"}))
        body.cast(2, form, said({"choice": "yes"}))
        yield "an open form", body, [{"poll": form, "tallies": [FALSE, FALSE]}]
        body.close(form)
        first = next(iter(body.replay.state.polls))
        for claim in (
            {"poll": form, "tally": FALSE},
            *({"poll": form, "tallies": [FALSE] * many} for many in range(4)),
            {"poll": form, "tallies": [FALSE, FALSE | {"n": 4}]},
            {"poll": first, "tallies": [FALSE]},
            {"poll": first, "tally": FALSE},
        ):
            yield "a claim about a form", body, [claim]
    body = Edge()
    hard = RULE | {"hard": True, "closes": body.time + 10**5}
    form = body.open([hard, hard], "form.send", asked=[name("member", n) for n in (1, 2)])
    body.do(0, "chair", "poll.extend", {"poll": form, "closes": body.time + 10**6})
    for who, later in ((1, 0), (2, 2 * 10**5), (0, 0), (1, 10**6)):
        body.time += later
        body.cast(who, form, said({"choice": "yes"}, {"choice": "no"}))
    body.close(form)
    yield "hard and extended", body, []


def blocks():
    for end in ("poll.close", "poll.recall"):
        body = Edge()
        block = body.open(RULE | {"room": True, "substitutes": True}, "block.open", items=body.items[::-1])
        for who, state in ((0, "remote"), (1, "substitute"), (2, "present")):
            body.attend(who, state)
        body.cast(1, block, "yes")
        for item in body.items[1:]:
            body.do(2, "member", "poll.pull", {"poll": block, "item": item})
        papers = body.replay.state.current_revs(body.items[0])
        agenda = [{"item": body.items[0], "papers": papers}]
        body.do(3, "secretariat", "meeting.publish", {"meeting": body.meeting, "version": 2, "agenda": agenda})
        body.cast(2, block, "no")
        body.do(0, "chair", end, {"poll": block})
        body.cast(3, block, "no")
        yield f"block, {end}", body, [{"poll": block, "tally": FALSE}]
        for item in body.items:
            data = {"item": item, "replaces": None, "outcome": "adopted", "poll": block}
            stands = body.offer(0, "chair", "conclusion.write", data)
            yield f"concluded after {end}", body, []
            if not stands:
                body.drop()


def polls():
    for part in (counts, totals, positions, erased, substitutes, forms, blocks):
        yield from part()
