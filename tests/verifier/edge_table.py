"""One statement beside another that differ in one thing: who, as what, of which kind, and its data."""

from base import sha

NOWHERE = "66" * 32
NOBODY = "77" * 16
MEMBERS = [sha(f"member {n}".encode()).hex()[:32] for n in range(20)]
HALF = {"base": "members", "num": 1, "den": 2, "strict": True}
RULE = {"choices": ["yes", "no", "abstain"], "pass": HALF}
NONE = dict.fromkeys(("yes", "no", "abstain", "other"), 0)
FLAGS = ("silent", "objection", "hard", "substitutes", "room", "positions", "running")


def rules():
    for flag in FLAGS:
        yield from (RULE | {flag: value} for value in (True, False, 1, None))
    some = (["all"], ["all"] * 64, ["all"] * 65, [], ["x"], ["staff:" + MEMBERS[0]], ["office:member"], "all", None)
    yield from (RULE | {"see": see} for see in some)
    favour = (
        [],
        ["no"],
        ["yes"],
        ["yes", "no"],
        ["yes", "yes"],
        ["yes", "abstain"],
        ["yes", "other"],
        ["yes", "option"],
    )
    yield from (RULE | {"yes": words} for words in (*favour, ["yes", "x"], "yes"))
    limits = [(1, 1), (20, 20), (21, 1), (1, 2), (1, 0), (0, 0), (2**32 - 1, 1), (2**32, 1)]
    for words in ("option", "option no", "yes option", "yes alternative", "option alternative", "no abstain", "yes no"):
        yield {"choices": words.split(), "pass": HALF}
        for count, most in limits:
            yield {"choices": words.split(), "pass": HALF, "options": {"count": count, "most": most}}
    options = {"choices": ["option", "abstain"], "pass": HALF, "options": {"count": 2, "most": 1}}
    for more in (
        {"silent": True},
        {"positions": True},
        {"objection": True},
        {"yes": []},
        {"yes": ["option"]},
        {"yes": ["abstain"]},
        {"options": {"count": 2}},
        {"options": [2, 1]},
        {"tie": {"office": "x y"}, "silent": True},
        {"pass": HALF | {"num": 0}, "tie": {"office": "x y"}},
        {"hard": True, "silent": True},
        {"hard": True, "see": []},
        {"hard": True, "closes": 1, "see": []},
    ):
        yield options | more
    yield RULE | {"choices": ["yes", "abstain"], "objection": True, "hard": True}
    yield RULE | {"choices": ["yes", "abstain"], "positions": True}
    yield RULE | {"choices": ["option", "option"], "options": {"count": 2, "most": 1}}


def forms(item):
    same = {"item": item, "asked": [], "questions": [RULE]}
    reply = ("agency", "member", "all", "registrar", "", "A", 1, None)
    yield from (same | {"agency": office} for office in reply)
    yield from (same | {"agency": "x", "approver": office} for office in reply)
    yield same | {"approver": "head"}
    yield from (same | {"asked": [MEMBERS[n] for n in asked]} for asked in ((), (1,), (1, 1), (9, 9), (4,), (9,)))
    yield same | {"asked": [MEMBERS[4]], "agency": "member"}
    yield same | {"item": NOBODY}
    yield same | {"agency": "member", "questions": []}
    hard = RULE | {"hard": True, "closes": 1}
    for first, other in (
        (RULE, RULE | {"closes": 1}),
        (RULE | {"closes": 1}, RULE | {"closes": 1}),
        (RULE | {"see": ["all", "registrars"]}, RULE | {"see": ["registrars", "all"]}),
        (RULE | {"running": True}, RULE),
        (RULE, RULE | {"positions": True}),
        (RULE | {"room": True}, RULE | {"choices": ["yes"]}),
        (RULE, RULE | {"choices": ["yes"], "room": True}),
        (RULE | {"substitutes": True}, RULE),
        (RULE | {"hard": True}, RULE),
        (hard, hard),
        (hard, hard | {"silent": True, "objection": True}),
    ):
        yield same | {"questions": [first, other]}
    yield from (same | {"questions": [RULE | {"room": True}] * many} for many in (0, 1, 20, 21))
    yield from (same | {"questions": [RULE] * many} for many in (0, 20, 21))


def hands(poll, form):
    big = 2**53 - 1
    for counts in (
        {},
        {"yes": 5},
        {"yes": 6},
        {"yes": 3, "no": 3},
        {"yes": big},
        dict.fromkeys(NONE, big),
        {"option": 0},
    ):
        yield {"poll": poll, "totals": NONE | counts}
    for members in ([], MEMBERS[1:2], MEMBERS[4:5], MEMBERS[9:10]):
        yield {"poll": poll, "members": members}
    yield from ({"poll": poll, "members": MEMBERS[1:2] * many} for many in (2, 1000, 1001))
    yield from ({"poll": name, "totals": NONE} for name in (form, NOWHERE))
    yield {"poll": form, "members": MEMBERS[1:2] * 2}
    yield {"poll": poll, "totals": NONE, "members": MEMBERS[1:2]}
    yield {"poll": poll}


def table(items, meeting, poll, block, form, ballot, reply, request):
    yield from ((0, "chair", "poll.open", {"item": items[0], "rule": rule}) for rule in rules())
    yield from ((0, "chair", "form.send", data) for data in forms(items[0]))
    for who, capacity in ((3, "secretariat"), (4, "agency"), (4, "head"), (1, "member"), (None, "registrar")):
        yield who, capacity, "form.send", {"item": items[0], "asked": [], "questions": [RULE]}
    for some in ([], items[:1], items, items[:1] * 2, items[:1] * 64, items[:1] * 65, [items[0], NOBODY], [NOBODY] * 2):
        yield 0, "chair", "block.open", {"items": some, "rule": RULE}
    for more in ({"positions": True}, {"positions": True, "hard": True}, {"room": True}):
        yield 0, "chair", "block.open", {"items": items, "rule": RULE | more}
    yield from ((3, "secretariat", "hands.enter", data) for data in hands(poll, form))
    for name in (poll, block, form, NOWHERE):
        yield from ((0, "chair", "poll.extend", {"poll": name, "closes": closes}) for closes in (0, 2**50))
        yield 0, "chair", "poll.recall", {"poll": name}
        yield 0, "chair", "hands.confirm", {"hands": name}
        for item in (items[0], items[2], NOBODY):
            yield 1, "member", "poll.pull", {"poll": name, "item": item}
    yield 4, "member", "poll.pull", {"poll": block, "item": items[0]}
    conclusion = {"item": items[0], "replaces": None, "outcome": "changes"}
    for more in (
        {},
        *({"by": by} for by in (MEMBERS[1], MEMBERS[4], NOBODY, None)),
        {"by": MEMBERS[1], "outcome": "adopted"},
        {"outcome": "x"},
        *({"poll": name} for name in (poll, block, form, NOWHERE, None)),
        {"item": items[1], "poll": poll},
        {"item": NOBODY, "replaces": NOWHERE},
        {"replaces": NOWHERE},
    ):
        yield 0, "chair", "conclusion.write", conclusion | more
    written = {"form": form, "ballot": ballot, "question": 0, "taken": "yes"}
    for more in ({}, {"question": 1}, {"question": 2**53 - 1}, {"ballot": form}, {"form": poll}, {"taken": "x"}):
        yield 4, "agency", "reply.write", written | more
    for who, capacity in ((0, "chair"), (1, "member"), (None, "registrar"), (4, "head")):
        yield who, capacity, "reply.write", written
        yield who, capacity, "reply.approve", {"form": form, "replies": [reply]}
    for replies in ([reply], [reply] * 2, [reply] * 900, [], [ballot], [reply, ballot]):
        yield 4, "agency", "reply.approve", {"form": form, "replies": replies}
    for who, capacity in ((1, "member"), (4, "member"), (2, "member"), (0, "chair"), (3, "secretariat"), (4, "agency")):
        yield who, capacity, "substitute.end", {"request": request}
        yield who, capacity, "substitute.approve", {"request": request}
    ask = {"meeting": None, "substitute": MEMBERS[4], "from": 1, "until": 2}
    for more in (
        {},
        {"from": 2},
        {"from": 3},
        *({"substitute": other} for other in (MEMBERS[1], MEMBERS[2], NOBODY)),
        {"substitute": MEMBERS[1], "from": 2},
        {"meeting": NOBODY},
        {"meeting": NOBODY, "from": 2},
        {"meeting": meeting},
    ):
        yield 1, "member", "substitute.ask", ask | more
    yield 4, "member", "substitute.ask", ask
    for staff in ([], [1], [2], [2, 2], [9], range(17), [0, 2, 3, 4, 5]):
        yield None, "registrar", "staff.set", {"member": MEMBERS[1], "staff": [MEMBERS[n] for n in staff]}
    for place in (MEMBERS[1], MEMBERS[2], NOBODY, "x", None):
        data = {"poll": poll, "replaces": None, "basis": NOWHERE, "for": place}
        yield 1, "member", "ballot.cast", data
    for state in ("present", "remote", "absent", "substitute"):
        yield 1, "member", "attendance.claim", {"meeting": meeting, "state": state}
    yield 4, "member", "attendance.claim", {"meeting": meeting, "state": "absent"}
    yield 4, "member", "position.state", {"item": items[0], "basis": NOWHERE}
    for who in (1, 4):
        yield who, "member", "floor.ask", {"item": items[0]}
        yield who, "member", "floor.leave", {"item": items[0]}
    for members in ([], [4], [4, 4], [9], [9, 9]):
        yield 0, "chair", "floor.order", {"item": items[0], "members": [MEMBERS[n] for n in members]}
