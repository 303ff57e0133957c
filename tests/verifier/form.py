"""JSON (rule 1) and the forms of headers, payloads and results (rules 2, 12, 14, 17)."""

import json
import re

TALLY = "n present yes no abstain other silent quorum_needed pass_needed tie_by result".split()


def refuse(text):
    raise ValueError(text)


def pairs(found):
    return dict(found) if len(dict(found)) == len(found) else refuse("a key twice")


def parse(raw):
    """A value of JSON as rule 1 has it; None if it is none."""
    digits = lambda text: int(text) if text.isdigit() and len(text) < 20 else refuse(text)
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=pairs, parse_int=digits, parse_float=refuse, parse_constant=refuse
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # half a surrogate pair
    except (ValueError, RecursionError):
        return None
    return value


def hexes(count):
    return lambda v: type(v) is str and re.fullmatch(f"[0-9a-f]{{{2 * count}}}", v) is not None


def integer(v):
    return type(v) is int and 0 <= v < 2**53


def string(v):
    return type(v) is str


def one_of(*words):
    return lambda v: type(v) is str and v in words


def array(form):
    return lambda v: type(v) is list and all(form(one) for one in v)


def nullable(form):
    return lambda v: v is None or form(v)


def record(**forms):
    """An object with these keys; `key_` is optional. `as_` is a word of Python: see HEADER."""
    needed = {key for key in forms if not key.endswith("_")}
    forms = {key.rstrip("_"): form for key, form in forms.items()}
    return lambda v: type(v) is dict and needed <= v.keys() <= forms.keys() and all(forms[k](v[k]) for k in v)


def is_office(v):
    return re.fullmatch("[a-z0-9-]{1,32}", v) is not None and v not in ("registrar", "recovery", "all")


def is_audience(v):
    if type(v) is not str or v in ("all", "registrars"):
        return type(v) is str
    kind, _, name = v.partition(":")
    return is_office(name) if kind == "office" else kind in ("group", "member") and hexes(16)(name)


HEX16, HEX32, HEX64 = hexes(16), hexes(32), hexes(64)
SHORT = lambda v: integer(v) and v < 2**32
BOOL = lambda v: type(v) is bool
KEYS = record(sign=HEX32, enc=HEX32)
REV = record(paper=HEX16, rev=HEX16)
CHOICE = one_of("yes", "no", "abstain", "other")
RULE = record(
    choices=array(CHOICE),
    quorum_=record(num=SHORT, den=SHORT),
    tie_=record(office=string),
    closes_=integer,
    **{"pass": record(base=one_of("members", "present", "cast"), num=SHORT, den=SHORT, strict=BOOL)},
)
BALLOT = record(choice=CHOICE, text_=string, papers=array(record(rev=HEX16, sha256=HEX32)))
PLACE = record(item=HEX16, papers=array(REV))
NUMBERS = {key: integer for key in TALLY if key not in ("tie_by", "result")}
CLAIMED = record(tie_by=nullable(string), result=one_of("passed", "failed", "inquorate"), **NUMBERS)
RESULTS = record(polls=array(record(poll=HEX32, tally=CLAIMED)))
HEADER = record(
    v=lambda v: integer(v) and v == 1,
    body=nullable(HEX32),
    kind=string,
    level=integer,
    device=HEX32,
    nonce=HEX16,
    claimed=integer,
    seen=record(size=integer, root=HEX32),
    data=lambda v: type(v) is dict,
    payload_=HEX32,
    audience_=array(is_audience),
    **{"as": string},
)

# kind: (carries a payload, may be done as, data)
KINDS = {
    "body.genesis": (
        "must",
        "registrar",
        record(registrars=array(KEYS), recovery=KEYS, log_key=HEX32, ca=HEX32, level=integer),
    ),
    "body.level": ("never", "registrar", record(level=integer)),
    "registrar.change": ("never", "registrar recovery", record(add=array(KEYS), remove=array(HEX32))),
    "log.key": ("never", "registrar", record(key=HEX32)),
    "epoch": ("may", "registrar", record(number=integer, size=integer, root=HEX32)),
    "ca.set": ("never", "registrar", record(ca=HEX32)),
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
    "attendance.set": (
        "may",
        "secretariat",
        record(meeting=HEX16, member=HEX16, state=one_of("present", "remote", "absent", "substitute")),
    ),
    "paper.sign": ("must", "member", record(paper=HEX16, rev=HEX16, new_rev=HEX16)),
    "payload.erase": ("must", "secretariat", record(entry=integer)),
    "poll.open": ("must", "chair secretariat", record(item=HEX16, rule=RULE)),
    "poll.close": ("never", "chair secretariat", record(poll=HEX32)),
    "ballot.cast": ("must", "member", record(poll=HEX32, replaces=nullable(HEX32), basis=HEX32)),
}

# Kinds of a later level than 1.
SINCE = {"ca.set": 2}


def header(raw):
    if len(raw) > 65536 or any(not 0x20 <= byte <= 0x7E or byte == 0x5C for byte in raw):
        return None
    h = parse(raw)
    if not HEADER(h) or h["kind"] not in KINDS:
        return None
    carries, _, data = KINDS[h["kind"]]
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


def ballot(raw, rule):
    """A ballot's payload; None if it is void (rule 14)."""
    said = parse(raw)
    return said if BALLOT(said) and said["choice"] in rule["choices"] else None
