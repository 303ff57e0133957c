"""Polls, forms and block votes, from opening to close (rules 12 and 14)."""

from base import require, sha
from form import is_office

SAME = ("closes", "hard", "running", "see")


def check_rule(rule):
    choices, share, options = rule["choices"], rule["pass"], rule.get("options")
    favour = rule.get("yes", ["yes"])
    require(len(set(choices)) == len(choices) >= 2, "rule.choices")
    require(("yes" in choices) != ("option" in choices), "rule.choices")
    require("option" in choices or "alternative" not in choices, "rule.choices")
    require(("option" in choices) == (options is not None), "rule.choices")
    require(options is None or 1 <= options["most"] <= options["count"] <= 20, "rule.choices")
    if "yes" in rule:
        require(len(set(favour)) == len(favour) and "yes" in favour and set(favour) <= set(choices), "rule.choices")
        require(not set(favour) & {"no", "option", "alternative"}, "rule.choices")
    require(all(1 <= f["num"] <= f["den"] <= 1000 for f in (share, rule.get("quorum", share))), "rule.share")
    require(not (share["strict"] and share["num"] == share["den"]), "rule.share")
    if "tie" in rule:
        require(is_office(rule["tie"]["office"]) and 2 * share["num"] == share["den"], "rule.tie")
    require(options is None or not {"silent", "positions"} & rule.keys(), "rule.silent")
    require("silent" not in rule or share["base"] == "members", "rule.silent")
    require("objection" not in rule or "no" in choices, "rule.silent")
    require("hard" not in rule or "closes" in rule, "rule.hard")
    require(1 <= len(rule.get("see", ["all"])) <= 64, "rule.see")


class Polls:
    """A part of the state."""

    def open_poll(self, at, form, items, rules, asked=(), **more):
        self.polls[at.id] = {
            "form": form,
            "items": items,
            "rules": rules,
            "asked": asked,
            "opened": at.index,
            "pulled": {},
            "ballots": [],
            "current": {},
            "hands": [],
            "close": None,
            "recalled": None,
            **more,
        }

    def require_open_poll(self, name):
        require(name in self.polls, "poll.unknown")
        require(is_open(self.polls[name]), "poll.closed")
        return self.polls[name]

    def may_vote(self, poll, member):
        return self.holds(member, "member") and (not poll["asked"] or member in poll["asked"])

    def poll_meeting(self, poll):
        return self.items[poll["items"][0]]

    def poll_revs(self, poll):
        revs = (poll["pulled"].get(item, self.current_revs(item)) for item in poll["items"])
        return [rev for one in revs for rev in one]

    def do_poll_open(self, h, data, at):
        self.require_placed(data["item"])
        check_rule(data["rule"])
        self.open_poll(at, "poll", [data["item"]], [data["rule"]])

    def do_form_send(self, h, data, at):
        rules, offices = data["questions"], [data[key] for key in ("agency", "approver") if key in data]
        headed = any(self.holds(member, "head") for member in self.members)
        require(not (headed and h["as"] == "secretariat"), "form.not_approved")
        self.require_placed(data["item"])
        require(len(set(data["asked"])) == len(data["asked"]), "form.asked")
        for member in data["asked"]:
            self.require_vote(member)
        require(all(is_office(name) and name != "member" for name in offices), "form.agency")
        require(1 <= len(rules) <= 20, "form.questions")
        for rule in rules:
            check_rule(rule)
            require(not {"positions", "room", "substitutes"} & rule.keys(), "rule.form")
            require(all(rule.get(key) == rules[0].get(key) for key in SAME), "rule.form")
        replying = {key: data.get(key) for key in ("agency", "approver")}
        self.open_poll(at, "form", [data["item"]], rules, data["asked"], **replying)

    def do_block_open(self, h, data, at):
        items = data["items"]
        require(2 <= len(items) <= 64, "block.items")
        require(len(set(items)) == len(items), "block.item_again")
        for item in items:
            self.require_placed(item)
            require(self.items[item] == self.items[items[0]], "item.elsewhere")
        check_rule(data["rule"])
        require("positions" not in data["rule"], "rule.block")
        self.open_poll(at, "block", items, [data["rule"]])

    def do_poll_pull(self, h, data, at):
        poll, item = self.require_open_poll(data["poll"]), data["item"]
        require(poll["form"] == "block" and item in poll["items"], "block.item_unknown")
        require(item not in poll["pulled"], "block.pulled")
        self.require_vote(at.member)
        poll["pulled"][item] = list(self.current_revs(item))

    def do_poll_extend(self, h, data, at):
        poll = self.require_open_poll(data["poll"])
        rule, closes = poll["rules"][0], poll["rules"][0].get("closes")
        require(data["closes"] > at.time and (closes is None or data["closes"] > closes), "poll.closes")
        require(not ("hard" in rule and at.time >= closes), "poll.closes")
        poll["rules"] = [{**rule, "closes": data["closes"]} for rule in poll["rules"]]

    def do_poll_recall(self, h, data, at):
        self.require_open_poll(data["poll"])["recalled"] = at.index

    def do_hands_enter(self, h, data, at):
        poll = self.require_open_poll(data["poll"])
        members, totals = data.get("members", []), data.get("totals", {})
        rule = poll["rules"][0]
        require(poll["form"] != "form" and "options" not in rule, "hands.form")
        require("totals" not in data or not {"silent", "positions"} & rule.keys(), "hands.form")
        require(len(set(members)) == len(members), "hands.again")
        for member in members:
            self.require_vote(member)
        known = poll["rules"][0]["choices"]
        require(all(not count or choice in known for choice, count in totals.items()), "hands.choice")
        require(sum(totals.values()) <= len(self.in_order()), "hands.too_many")
        self.hands[at.id] = {**data, "index": at.index, "confirmed": False}

    def do_hands_confirm(self, h, data, at):
        require(data["hands"] in self.hands, "hands.unknown")
        hands = self.hands[data["hands"]]
        poll = self.require_open_poll(hands["poll"])
        require(not hands["confirmed"], "hands.confirmed")
        later = any(one["index"] > hands["index"] for one in poll["ballots"])
        require("totals" not in hands or not later, "hands.overtaken")
        hands["confirmed"] = True
        poll["hands"].append(hands)

    def do_position_state(self, h, data, at):
        self.require_placed(data["item"])
        self.require_vote(at.member)
        self.positions[data["item"], at.member] = {"index": at.index, "basis": data["basis"], "public": "all" in h["audience"]}

    def do_poll_close(self, h, data, at):
        poll = self.require_open_poll(data["poll"])
        rule, attendance = poll["rules"][0], self.meetings[self.poll_meeting(poll)]["attendance"]
        members = [m for m in self.in_order() if self.may_vote(poll, m)]
        here = {"present"} | ({"substitute"} if "substitutes" in rule else set()) | ({"remote"} - rule_rooms(rule))
        voters = [m for m in members if "room" not in rule or attendance.get(m) in here]
        offices = [one.get("tie", {}).get("office") for one in poll["rules"]]
        close = {
            "index": at.index,
            "members": members,
            "voters": voters,
            "revs": self.poll_revs(poll),
            "present": None if poll["form"] == "form" else sum(attendance.get(m) in here for m in members),
            "ties": [next((m for m in members if self.holds(m, office)), None) for office in offices],
            "hands": {},
            "totals": {},
            "positions": {},
        }
        for hands in poll["hands"]:
            close["totals"] = hands.get("totals", close["totals"])
            for place, member in enumerate(hands.get("members", [])):
                if member in members:
                    close["hands"][member] = hands, place
        if "positions" in rule:
            none = {"basis": None, "public": False}
            stated = {m: self.positions.get((poll["items"][0], m), none) for m in members}
            fresh = basis(close["revs"])
            close["positions"] = {m: one["index"] for m, one in stated.items() if one["public"] and one["basis"] == fresh}
        heard = {one["member"] for one in poll["ballots"]} | close["hands"].keys()
        if "positions" in rule:
            heard |= {m for m in members if (poll["items"][0], m) in self.positions}
        close["quiet"] = sum(m not in heard for m in members)
        balloted = {m for m, one in poll["current"].items() if fate_at(one, voters, close["revs"]) == "ok"}
        counted = len(balloted | close["hands"].keys()) + sum(close["totals"].values())
        require(counted <= len(members), "hands.too_many")
        poll["close"] = close

    def do_ballot_cast(self, h, data, at):
        poll, member = self.polls.get(data["poll"]), data.get("for", at.member)
        if poll is None:
            self.strays.append(at.index)
            return
        rule, last = poll["rules"][0], poll["current"].get(member, {"id": None})
        may = self.may_vote(poll, member) and ("for" not in data or self.substitutes(poll, member, at))
        if not may:
            arrival = "ineligible"
        elif not is_open(poll) or "hard" in rule and at.time >= rule["closes"] or totalled(poll):
            arrival = "late"
        elif data["replaces"] != last["id"]:
            arrival = "superseded"
        else:
            arrival = "current"
        ballot = {"id": at.id, "index": at.index, "member": member, "basis": data["basis"], "arrival": arrival}
        poll["ballots"].append(ballot)
        if arrival == "current":
            poll["current"][member] = ballot

    def substitutes(self, poll, member, at):
        """Whether the author may vote in the member's place."""
        return "substitutes" in poll["rules"][0] and not self.holds(at.member, "member") and any(
            one["of"] == member
            and one["substitute"] == at.member
            and one["status"] == "approved"
            and one["meeting"] in (None, self.poll_meeting(poll))
            and one["from"] <= at.time < one["until"]
            for one in self.substitutions.values()
        )

    def fate(self, poll, ballot):
        if ballot["arrival"] != "current":
            return ballot["arrival"]
        if poll["current"][ballot["member"]] is not ballot:
            return "superseded"
        if poll["close"]:
            return fate_at(ballot, poll["close"]["voters"], poll["close"]["revs"])
        members = [ballot["member"]] if self.may_vote(poll, ballot["member"]) else []
        return fate_at(ballot, members, self.poll_revs(poll))


def rule_rooms(rule):
    return {"remote"} if "room" in rule else set()


def totalled(poll):
    return any("totals" in hands for hands in poll["hands"])


def is_open(poll):
    return poll["close"] is None and poll["recalled"] is None


def fate_at(ballot, members, revs):
    """Of a current ballot (rule 14)."""
    if ballot["member"] not in members:
        return "ineligible"
    return "ok" if ballot["basis"] == basis(revs) else "stale"


def basis(revs):
    """One hash over revisions in agenda order (rule 14)."""
    ids = (bytes.fromhex(rev["paper"] + rev["rev"]) for rev in revs)
    return sha(b"ecabinet/v1/basis\n", *ids).hex()
