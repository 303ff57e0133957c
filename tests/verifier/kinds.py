"""Headers and their data, by the level of the body (rules 2, 12, 14)."""

import functools
import re

from form import HEX16, HEX32, HEX64, array, hexes, integer, is_office, nullable, one_of, parse, record, string

SHORT = lambda v: integer(v) and v < 2**32
BOOL = lambda v: type(v) is bool
TRUE = lambda v: v is True
KEYS = record(sign=HEX32, enc=HEX32)
REV = record(paper=HEX16, rev=HEX16)
PLACE = record(item=HEX16, papers=array(REV))


def audience(level):
    named = ("group", "member", "staff") if level >= 3 else ("group", "member")

    def form(v):
        if type(v) is not str or v in ("all", "registrars"):
            return type(v) is str
        kind, _, name = v.partition(":")
        return is_office(name) if kind == "office" else kind in named and hexes(16)(name)

    return form


def rule(level):
    words, later = ["yes", "no", "abstain", "other"], {}
    if level >= 3:
        words += ["option", "alternative"]
        later = dict.fromkeys(
            ("silent_", "objection_", "hard_", "substitutes_", "room_", "positions_", "running_"), TRUE
        )
        later |= {"options_": record(count=SHORT, most=SHORT), "yes_": array(one_of(*words))}
        later |= {"see_": array(audience(level))}
    return record(
        choices=array(one_of(*words)),
        quorum_=record(num=SHORT, den=SHORT),
        tie_=record(office=string),
        closes_=integer,
        **{"pass": record(base=one_of("members", "present", "cast"), num=SHORT, den=SHORT, strict=BOOL)},
        **later,
    )


def kinds_1():
    """kind: (carries a payload, may be done as, data)"""
    states = one_of("present", "remote", "absent", "substitute")
    genesis = record(registrars=array(KEYS), recovery=KEYS, log_key=HEX32, ca=HEX32, level=integer)
    return {
        "body.genesis": ("must", "registrar", genesis),
        "body.level": ("never", "registrar", record(level=integer)),
        "registrar.change": ("never", "registrar recovery", record(add=array(KEYS), remove=array(HEX32))),
        "log.key": ("never", "registrar", record(key=HEX32)),
        "epoch": ("may", "registrar", record(number=integer, size=integer, root=HEX32)),
        "member.add": ("must", "registrar", record(member=HEX16, offices=array(string), order=integer)),
        "member.retire": ("may", "registrar", record(member=HEX16)),
        "invitation.issue": ("never", "registrar", record(member=HEX16, key=HEX32, expires=integer)),
        "invitation.revoke": ("never", "registrar", record(invitation=HEX32)),
        "device.enrol": ("may", "member", record(invitation=HEX32, sign=HEX32, enc=HEX32, proof=HEX64, recovery_=KEYS)),
        "device.confirm": ("never", "member registrar recovery", record(device=HEX32)),
        "device.revoke": ("may", "member registrar", record(device=HEX32)),
        "group.set": ("must", "registrar", record(group=HEX16, members=array(HEX16))),
        "item.set": ("must", "secretariat", record(meeting=HEX16, item=HEX16)),
        "paper.publish": ("must", "secretariat", record(item=HEX16, paper=HEX16, rev=HEX16, signers=array(HEX16))),
        "meeting.publish": ("must", "secretariat", record(meeting=HEX16, version=integer, agenda=array(PLACE))),
        "attendance.set": ("may", "secretariat", record(meeting=HEX16, member=HEX16, state=states)),
        "paper.sign": ("must", "member", record(paper=HEX16, rev=HEX16, new_rev=HEX16)),
        "payload.erase": ("must", "secretariat", record(entry=integer)),
        "poll.open": ("must", "chair secretariat", record(item=HEX16, rule=rule(1))),
        "poll.close": ("never", "chair secretariat", record(poll=HEX32)),
        "ballot.cast": ("must", "member", record(poll=HEX32, replaces=nullable(HEX32), basis=HEX32)),
    }


def kinds_3():
    """What level 3 adds or changes; None is any office but `member`."""
    led, rules = "chair secretariat", rule(3)
    form = record(item=HEX16, asked=array(HEX16), questions=array(rules), agency_=string, approver_=string)
    totals = record(yes=integer, no=integer, abstain=integer, other=integer)
    named = lambda v: array(HEX16)(v) and 1 <= len(v) <= 1000
    hands = record(poll=HEX32, totals_=totals, members_=named)
    ask = record(meeting=nullable(HEX16), substitute=HEX16, until=integer, **{"from": integer})
    ends = one_of("adopted", "changes", "deferred", "rejected")
    conclusion = record(item=HEX16, replaces=nullable(HEX32), outcome=ends, by_=HEX16, poll_=HEX32)
    taken = one_of("yes", "part", "explained")
    return {
        "poll.open": ("must", led, record(item=HEX16, rule=rules)),
        "ballot.cast": ("must", "member", record(poll=HEX32, replaces=nullable(HEX32), basis=HEX32, for_=HEX16)),
        "staff.set": ("may", "registrar", record(member=HEX16, staff=array(HEX16))),
        "form.send": ("must", led + " head", lambda v: form(v) and ("agency" in v or "approver" not in v)),
        "block.open": ("must", led, record(items=array(HEX16), rule=rules)),
        "poll.pull": ("may", "member", record(poll=HEX32, item=HEX16)),
        "poll.extend": ("may", led, record(poll=HEX32, closes=integer)),
        "poll.recall": ("may", led, record(poll=HEX32)),
        "hands.enter": ("may", "secretariat", lambda v: hands(v) and ("totals" in v) != ("members" in v)),
        "hands.confirm": ("never", "chair", record(hands=HEX32)),
        "position.state": ("must", "member", record(item=HEX16, basis=HEX32)),
        "attendance.claim": (
            "may",
            "member",
            record(meeting=HEX16, state=one_of("present", "remote", "absent")),
        ),
        "substitute.ask": ("may", "member", ask),
        "substitute.approve": ("never", led, record(request=HEX32)),
        "substitute.end": ("may", led + " member", record(request=HEX32)),
        "floor.ask": ("never", "member", record(item=HEX16)),
        "floor.leave": ("never", "member", record(item=HEX16)),
        "floor.order": ("never", led, record(item=HEX16, members=array(HEX16))),
        "conclusion.write": (
            "must",
            led,
            lambda v: conclusion(v) and ("by" not in v or v["outcome"] == "changes"),
        ),
        "conclusion.confirm": ("never", "chair", record(conclusion=HEX32)),
        "reply.write": ("must", None, record(form=HEX32, ballot=HEX32, question=integer, taken=taken)),
        "reply.approve": ("never", None, record(form=HEX32, replies=array(HEX32))),
    }


@functools.cache
def kinds(level):
    later = {"ca.set": ("never", "registrar", record(ca=HEX32))} if level >= 2 else {}
    return kinds_1() | later | (kinds_3() if level >= 3 else {})


def may_be(capacity, kind, level):
    allowed = kinds(level)[kind][1]
    if allowed is None:
        return capacity not in ("member", "registrar", "recovery")
    return capacity in allowed.split()


@functools.cache
def head(level):
    return record(
        v=lambda v: integer(v) and v == 1,
        body=nullable(HEX32),
        kind=one_of(*kinds(level)),
        level=integer,
        device=HEX32,
        nonce=HEX16,
        claimed=integer,
        seen=record(size=integer, root=HEX32),
        data=lambda v: type(v) is dict,
        payload_=HEX32,
        audience_=array(audience(level)),
        **{"as": string},
    )


def header(raw, level):
    """A header as a body of that level takes it; None if it is malformed."""
    if len(raw) > 65536 or not re.fullmatch(rb"[\x20-\x5B\x5D-\x7E]*", raw):
        return None
    h = parse(raw)
    if not head(level)(h):
        return None
    carries, _, data = kinds(level)[h["kind"]]
    if h["kind"] == "hands.enter":
        carries = "must" if "members" in h["data"] else "never"
    has = "payload" in h
    good = (
        data(h["data"])
        and has == ("audience" in h)
        and carries != ("never" if has else "must")
        and (not has or 1 <= len(h["audience"]) <= 64)
        and (h["kind"] != "ballot.cast" or len(raw) <= 1024)
        and (h["body"] is None) == (h["kind"] == "body.genesis")
    )
    return h if good else None
