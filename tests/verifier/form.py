"""JSON (rule 1) and the forms of payloads and results (rules 14, 17)."""

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
    """An object with these keys; `key_` is optional. `as_` is a word of Python: see `head`."""
    needed = {key for key in forms if not key.endswith("_")}
    forms = {key.rstrip("_"): form for key, form in forms.items()}
    return lambda v: type(v) is dict and needed <= v.keys() <= forms.keys() and all(forms[k](v[k]) for k in v)


def is_office(v):
    return re.fullmatch("[a-z0-9-]{1,32}", v) is not None and v not in ("registrar", "recovery", "all")


HEX16, HEX32, HEX64 = hexes(16), hexes(32), hexes(64)
CHOICES = ("yes", "no", "abstain", "other")
PAPERS = array(record(rev=HEX16, sha256=HEX32))
NUMBERS = {key: integer for key in TALLY if key not in ("tie_by", "result")}
LATER = {"hands_": integer, "positions_": integer, "favour_": integer, "alternative_": integer}
LATER |= {"options_": array(integer), "adopted_": array(integer)}
CLAIMED = record(tie_by=nullable(string), result=one_of("passed", "failed", "inquorate"), **NUMBERS, **LATER)
CLAIMS = record(poll=HEX32, tally=CLAIMED), record(poll=HEX32, tallies=array(CLAIMED))
RESULTS = record(polls=array(lambda v: any(form(v) for form in CLAIMS)))
HANDS = record(choices=array(one_of(*CHOICES, "option", "alternative")))
POSITION = record(choice=one_of("agree", "speak", "object"), text_=string)


def answer(said, rule, **others):
    """What a ballot says to one question, with other keys that it may have there; void if false (rule 14)."""
    options = {"options_": array(integer)} if "options" in rule else {}
    form = record(choice=one_of(*rule["choices"]), text_=string, **options, **others)
    if not form(said) or ("options" in said) != (said["choice"] == "option"):
        return False
    chosen, limits = said.get("options"), rule.get("options")
    return chosen is None or (
        1 <= len(chosen) <= limits["most"]
        and chosen == sorted(set(chosen))
        and 1 <= chosen[0]
        and chosen[-1] <= limits["count"]
    )


def ballot(raw, rule):
    """The one answer of a ballot's payload; None if it is void."""
    said = parse(raw)
    return [said] if answer(said, rule, papers=PAPERS) else None


def form_ballot(raw, rules):
    """The answers of a ballot on a form; None if it is void."""
    said = parse(raw)
    if not record(answers=array(lambda v: True), advice_=string, papers=PAPERS)(said) or len(said["answers"]) != len(
        rules
    ):
        return None
    return said["answers"] if all(map(answer, said["answers"], rules)) else None


def hand(raw, count, place, rule):
    """The answer at this place among those counted by hand; None if it is void."""
    said = parse(raw)
    if not HANDS(said) or len(said["choices"]) != count or said["choices"][place] not in rule["choices"]:
        return None
    return [{"choice": said["choices"][place]}]


def position(raw, rule):
    """The answer that a position stands for, none for `speak`; None if it is void."""
    said = parse(raw)
    if not POSITION(said):
        return None
    choice = {"agree": "yes", "object": "no", "speak": None}[said["choice"]]
    if choice is None:
        return []
    return [{"choice": choice}] if choice in rule["choices"] else None
