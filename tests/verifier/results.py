"""What was chosen and what came of it (rules 14, 17, 18)."""

from form import CHOICES, RESULTS, TALLY, ballot, form_ballot, hand, parse, position

UNVERIFIABLE = ("present", "n", "quorum_needed")  # what is known then; of a form not the first


def tally(rule, n, present, tie, answers, by_hand=0, by_position=0, totals=None, quiet=0):
    """The result of one question; `answers` by member, `present` None where it is who answered."""
    said, totals = [one["choice"] for one in answers.values()], totals or {}
    counts = {word: said.count(word) + totals.get(word, 0) for word in CHOICES}
    cast = len(said) + sum(totals.values())
    silent, present = n - cast, cast if present is None else present
    share, quorum = rule["pass"], rule.get("quorum")
    base = {"members": n, "present": present, "cast": cast}[share["base"]]
    quorum_needed = -(-n * quorum["num"] // quorum["den"]) if quorum else 0
    product, den = base * share["num"], share["den"]
    pass_needed = product // den + 1 if share["strict"] else max(1, -(-product // den))
    extra = {key: count for key, count in (("hands", by_hand), ("positions", by_position)) if count}

    def decided(count, chosen):
        """Who decides a tie and whether so many pass; `chosen` is what the tie member must have said."""
        tied = base > 0 and 2 * count == base and count < pass_needed
        by = rule["tie"]["office"] if "tie" in rule and tied else None
        enough = count >= pass_needed or (by is not None and tie in answers and chosen(answers[tie]))
        return by, enough and not ("objection" in rule and counts["no"])

    if "options" in rule:
        lists = [one.get("options", []) for one in answers.values()]
        counted = [sum(at in chosen for chosen in lists) for at in range(1, rule["options"]["count"] + 1)]
        found = [decided(many, lambda one, at=at: at in one.get("options", [])) for at, many in enumerate(counted, 1)]
        tie_by, passed = next((by for by, _ in found if by), None), any(passes for _, passes in found)
        adopted = [at for at, (_, passes) in enumerate(found, 1) if passes]
        extra |= {"options": counted, "alternative": said.count("alternative"), "adopted": adopted}
    else:
        words = rule.get("yes", ["yes"])
        favour = sum(counts[word] for word in words) + (quiet if "silent" in rule else 0)
        extra |= {"favour": favour} if "yes" in rule or "silent" in rule else {}
        tie_by, passed = decided(favour, lambda one: one["choice"] in words)
    return {
        "n": n,
        "present": present,
        **counts,
        "silent": silent,
        "quorum_needed": quorum_needed,
        "pass_needed": pass_needed,
        "tie_by": tie_by,
        "result": "inquorate" if present < quorum_needed else "passed" if passed else "failed",
        **extra,
    }


def read(poll, raw):
    return form_ballot(raw, poll["rules"]) if poll["form"] == "form" else ballot(raw, poll["rules"][0])


def sources(state, poll):
    """What may tell each member's choice, the first first: how, the payload's position, and what it says."""
    close, rule = poll["close"], poll["rules"][0]
    found = {member: [] for member in close["members"]}
    for one in poll["ballots"]:
        if state.fate(poll, one) == "ok":
            found[one["member"]].append(("ballot", one["index"], lambda raw: read(poll, raw)))
    for member, (entered, place) in close["hands"].items():
        said = lambda raw, many=len(entered["members"]), place=place: hand(raw, many, place, rule)
        found[member].append(("hand", entered["index"], said))
    for member, index in close["positions"].items():
        found[member].append(("position", index, lambda raw: position(raw, rule)))
    return found


def results(state, poll, opened):
    """The tallies of all questions, and positions of the missing payloads that they need."""
    close, rules, is_form = poll["close"], poll["rules"], poll["form"] == "form"
    if not close:
        told = {"result": "open" if poll["recalled"] is None else "recalled"}
        return [dict.fromkeys(TALLY) | told for _ in rules], []
    needs, answers, by = set(), {}, {"ballot": 0, "hand": sum(close["totals"].values()), "position": 0}
    for member, ways in sources(state, poll).items():
        for way, index, says in ways:
            said = says(opened[index]) if index in opened else None
            if said:
                answers[member] = said
                by[way] += 1
            if index not in opened:
                needs.add(index)
            if said is not None or index not in opened:
                break
    found = []
    for number, (rule, tie) in enumerate(zip(rules, close["ties"])):
        own = {member: said[number] for member, said in answers.items()}
        counted = (by["hand"], by["position"], close["totals"], close["quiet"])
        found.append(tally(rule, len(close["members"]), close["present"], tie, own, *counted))
    if needs:
        known = UNVERIFIABLE[1:] if is_form else UNVERIFIABLE
        none = dict.fromkeys(TALLY) | {"result": "unverifiable"}
        found = [none | {key: one[key] for key in known} for one in found]
    return found, sorted(needs)


def report_poll(name, poll, found, needs):
    told = {"poll": name, "opened": poll["opened"], "closed": poll["close"] and poll["close"]["index"]}
    told |= {"needs": needs, "claimed": None, "agrees": None}
    told |= {"tallies": found} if poll["form"] == "form" else found[0]
    if poll["form"] == "block":
        told |= {"items": poll["items"], "pulled": [item for item in poll["items"] if item in poll["pulled"]]}
    else:
        told |= {"item": poll["items"][0]}
    return told | ({} if poll["recalled"] is None else {"recalled": poll["recalled"]})


def same(found, claimed):
    """Whether a claim about a question agrees: None where it can neither be confirmed nor contradicted."""
    if found["result"] != "unverifiable":
        return found == claimed
    return None if all(found[key] in (None, claimed[key]) for key in UNVERIFIABLE) else False


def compare(poll, found, claim):
    """Holds a claim against what was found; false if it is contradicted."""
    claimed = claim.get("tallies", [claim.get("tally")])
    poll["claimed"] = {"tallies": claimed} if "tallies" in claim else claimed[0]
    of_its_kind = ("tallies" in claim) == ("tallies" in poll) and len(claimed) == len(found)
    agree = [same(*pair) for pair in zip(found, claimed)] if of_its_kind else [False]
    poll["agrees"] = False if False in agree else None if None in agree else True
    return poll["agrees"] is not False


def count(report, state, opened, raw, fail):
    """Outcomes of all ballots, results of all polls, and the claims about them."""
    outcomes = {"ok": 0, "late": 0, "superseded": 0, "stale": 0, "ineligible": len(state.strays)}
    polls, found = {}, {}
    for name, poll in state.polls.items():
        for one in poll["ballots"]:
            fate = state.fate(poll, one)
            outcomes[fate] += fate != "ok"
            if one["index"] in opened and read(poll, opened[one["index"]]) is None:
                report["void"].append({"index": one["index"], "statement": one["id"]})
        found[name], needs = results(state, poll, opened)
        polls[name] = report_poll(name, poll, found[name], needs)
    report["void"].sort(key=lambda one: one["index"])
    report["outcomes"] = outcomes | {"ok": report["entries"] - sum(outcomes.values())}
    report["polls"] = list(polls.values())
    claims = parse(raw)
    names = [claim["poll"] for claim in claims["polls"]] if RESULTS(claims) else [None, None]
    if len(set(names)) != len(names):
        fail("results.malformed")
        return
    for claim in claims["polls"]:
        name = claim["poll"]
        if name not in polls or not compare(polls[name], found[name], claim):
            fail("result.claim", None, name)
