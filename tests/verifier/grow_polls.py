"""Polls of all forms, what is said in them, and claims about them; mostly right."""

import json

from damage import damage
from form import TALLY
from kinds import kinds
from polls import basis, is_open

WORDS = ("yes", "no", "abstain", "other", "option", "alternative")
LATER = ("hands", "positions", "favour", "options", "alternative", "adopted")


class Polls:
    """A part of a growing body."""

    def odd(self, chance):
        return self.dice.random() < chance

    def poll_kinds(self, poll, item):
        dice = self.dice
        return {
            "ballot.cast": lambda: {"poll": poll, "replaces": None, "basis": self.basis(poll)},
            "poll.open": lambda: {"item": item, "rule": self.rule()},
            "poll.close": lambda: {"poll": self.to_close(poll)},
            "form.send": lambda: self.form(item),
            "block.open": self.block,
            "poll.pull": lambda: self.pull(poll, item),
            "poll.extend": lambda: {"poll": poll, "closes": self.time + dice.choice((0, 1, 2000, 10**6))},
            "poll.recall": lambda: {"poll": poll},
            "hands.enter": lambda: self.enter(poll),
            "hands.confirm": lambda: {"hands": self.entered()},
            "position.state": lambda: self.stand(item),
        }

    def rule(self):
        dice = self.dice
        num, den = dice.choice(((1, 2), (1, 2), (1, 2), (2, 3), (1, 3)))
        num, den = dice.choice(((1, 1), (0, 1), (3, 2), (1, 1001))) if self.odd(0.06) else (num, den)
        share = {
            "base": dice.choice(("members", "present", "cast", "cast")),
            "num": num,
            "den": den,
            "strict": self.odd(0.5),
        }
        sets = (["yes", "no"], ["yes", "no", "abstain", "other"], ["no", "yes", "other"], ["abstain", "yes"])
        rule = {"choices": list(dice.choice(sets)), "pass": share}
        if self.odd(0.3):
            rule["quorum"] = {"num": 1, "den": dice.choice((2, 3))}
        if self.odd(0.4):
            rule["tie"] = {"office": dice.choice(("chair",) * 8 + ("member", "all", "Chair"))}
            share |= {"num": 1, "den": 2, "strict": self.odd(0.9)} if self.odd(0.95) else {}
        if self.odd(0.2):
            rule["closes"] = dice.choice((5, self.time + 10**6))
        return self.later(rule) if self.replay.state.level >= 3 or self.odd(0.05) else rule

    def later(self, rule):
        """The keys of level 3."""
        dice = self.dice
        if self.odd(0.25):
            rule["choices"] = list(
                dice.choice((["option", "no"], ["option", "alternative"], ["option", "abstain", "no"]))
            )
            count = dice.randint(1, 4)
            rule["options"] = {"count": count, "most": dice.randint(1, count)}
        elif self.odd(0.3):
            rule["yes"] = ["yes"] + [word for word in rule["choices"] if word not in ("yes", "no")]
        for key, chance in (("positions", 0.5), ("substitutes", 0.4), ("room", 0.15), ("running", 0.1)):
            if self.odd(chance):
                rule[key] = True
        for key, chance in (("silent", 0.25), ("objection", 0.3)):
            if self.odd(chance):
                rule[key] = True
        if self.odd(0.9):  # as they should be
            rule = {key: rule[key] for key in rule if "options" not in rule or key not in ("silent", "positions")}
            rule = {key: rule[key] for key in rule if "no" in rule["choices"] or key != "objection"}
        if self.odd(0.2):
            rule |= {"hard": True, "closes": self.time + dice.choice((0, 1, 3000, 20000))}
        if self.odd(0.1):
            rule["see"] = dice.choice((["all"], ["office:chair", self.staff_of()], ["registrars"]))
        return self.spoil(rule) if self.odd(0.06) else rule

    def spoil(self, rule):
        """One thing that no rule may have."""
        dice, count = self.dice, dice_number(self.dice)
        rule = {**rule, "choices": list(rule["choices"])}
        if self.odd(0.3):
            rule["choices"].append(dice.choice(WORDS))
            return rule
        rule |= dice.choice(
            (
                {"options": {"count": count, "most": dice_number(dice)}},
                {
                    "yes": dice.choice(
                        (["yes", "yes"], [], ["yes", "no"], ["abstain"], ["yes", "other"], ["yes", "option"])
                    )
                },
                {"see": dice.choice(([], ["all"] * 65, ["all"] * 64, ["some"]))},
                {"objection": dice.choice((True, False))},
                {"silent": True},
                {"positions": True},
                {
                    "choices": dice.choice(
                        (["yes", "alternative"], ["option"], ["yes", "option"], ["no", "other"], ["yes"])
                    )
                },
                {"hard": True},
            )
        )
        if "hard" in rule and self.odd(0.3):
            rule.pop("closes", None)
        return rule

    def to_close(self, poll):
        """Often one for which something was counted by hand."""
        by_hand = [name for name, one in self.replay.state.polls.items() if one["hands"] and is_open(one)]
        return self.dice.choice(by_hand) if by_hand and self.odd(0.5) else poll

    def form(self, item):
        dice = self.dice
        rules = [self.rule() for _ in range(dice.choice((1, 1, 2, 2, 3)))]
        for rule in rules:
            for key in ("positions", "room", "substitutes"):
                if self.odd(0.97):
                    rule.pop(key, None)
            for key in ("closes", "hard", "running", "see"):
                if self.odd(0.98):
                    rule.pop(key, None)
                    rule |= {key: rules[0][key]} if key in rules[0] else {}
        rules = dice.choice(([], rules[:1] * 21, rules[:1] * 20)) if self.odd(0.03) else rules
        asked = [] if self.odd(0.5) else self.voters()
        data = {"item": item, "asked": asked, "questions": rules}
        if self.odd(0.6):
            data["agency"] = dice.choice(("agency",) * 6 + ("chair", "member", "Agency"))
        if self.odd(0.3) and ("agency" in data or self.odd(0.05)):
            data["approver"] = dice.choice(("chair",) * 5 + ("head", "member", "all"))
        return data

    def voters(self):
        """Some who have a vote, and now and then somebody who has none, or one twice."""
        members = [name for name in self.replay.state.in_order() if self.odd(0.6)]
        members += [self.id16("member", 6)] if self.odd(0.06) else []
        return members

    def block(self):
        dice, state = self.dice, self.replay.state
        agendas = [[place["item"] for place in one["agenda"]] for one in state.meetings.values()]
        items = max(agendas, key=len) if self.odd(0.95) else sorted(state.items)
        items = dice.sample(items, min(len(items), dice.choice((2, 2, 3, 3, 3, 3, 3, 3, 1))))
        items += dice.choice((items[:1], ["77" * 16], items[:1] * 62)) if self.odd(0.05) else []
        rule = self.rule()
        if self.odd(0.95):
            rule.pop("positions", None)
        return {"items": items, "rule": rule}

    def pull(self, poll, item):
        polls = self.replay.state.polls
        blocks = [name for name, one in polls.items() if one["form"] == "block" and is_open(one)]
        poll = self.dice.choice(blocks) if blocks and self.odd(0.9) else poll
        items = polls[poll]["items"] if poll in polls and self.odd(0.9) else [item]
        fresh = [one for one in items if poll in polls and one not in polls[poll]["pulled"]]
        return {"poll": poll, "item": self.dice.choice(fresh if fresh and self.odd(0.9) else items)}

    def enter(self, poll):
        dice, polls = self.dice, self.replay.state.polls
        by_hand = [n for n, one in polls.items() if one["form"] != "form" and "options" not in one["rules"][0]]
        by_hand = [name for name in by_hand if is_open(polls[name])]
        poll = dice.choice(by_hand) if by_hand and self.odd(0.9) else poll
        totals = {word: dice.choice((0, 0, 0, 0, 1, 1, 2)) for word in ("yes", "no", "abstain", "other")}
        if self.odd(0.4):
            return {"poll": poll, "totals": totals}
        members = self.voters() or self.replay.state.in_order()[:1]
        if self.odd(0.03):
            members = dice.choice(([], members[:1] * 1000, members[:1] * 1001))
        return {"poll": poll, "members": members} | ({"totals": totals} if self.odd(0.02) else {})

    def entered(self):
        hands = self.replay.state.hands
        fresh = {name: one for name, one in hands.items() if not one["confirmed"]}
        return self.known(fresh if fresh and self.odd(0.9) else hands, "88" * 32)

    def keys_of(self, member):
        return [key for key in self.keys if self.member_of(key) == member and self.may(key, "member")]

    def voter(self, data, author):
        """The ballot with its author: one of those who are asked, a substitute, or anybody."""
        state = self.replay.state
        if data["poll"] in state.polls and self.odd(0.9):
            asked = [name for name in state.in_order() if state.may_vote(state.polls[data["poll"]], name)]
            keys = [key for name in asked for key in self.keys_of(name)]
            author = self.dice.choice(keys) if keys else author
        rules = state.polls[data["poll"]]["rules"] if data["poll"] in state.polls else [{}]
        asked = [one for one in state.substitutions.values() if one["status"] == "approved" or self.odd(0.1)]
        if not asked or self.odd(0.5 if "substitutes" in rules[0] else 0.97):
            return data | ({"for": self.id16("member", 6)} if self.odd(0.01) else {}), author
        one = self.dice.choice(asked)
        keys = self.keys_of(one["substitute"])
        return data | {"for": one["of"]}, self.dice.choice(keys) if keys else author

    def basis(self, poll):
        state = self.replay.state
        known = poll in state.polls and self.odd(0.92)
        return basis(state.poll_revs(state.polls[poll]) if known else [])

    def item_basis(self, item):
        return basis(self.replay.state.current_revs(item) if self.odd(0.95) else [])

    def stand(self, item):
        polls = self.replay.state.polls.values()
        items = [one["items"][0] for one in polls if is_open(one) and "positions" in one["rules"][0]]
        item = self.dice.choice(items) if items and self.odd(0.7) else item
        return {"item": item, "basis": self.item_basis(item)}

    def answer(self, rule):
        dice, options = self.dice, rule.get("options", {"count": 2, "most": 1})
        said = {"choice": dice.choice(rule["choices"] if self.odd(0.97) else WORDS)}
        if self.odd(0.4):
            said["choice"] = "yes" if "yes" in rule["choices"] else "option"
        if self.odd(0.99 if said["choice"] == "option" else 0.01):
            chosen = dice.sample(range(1, options["count"] + 1), dice.randint(1, options["most"]))
            odd = ([], [0], [2, 1], [1, 1], [options["count"] + 1], [True], "1", list(range(1, options["most"] + 2)))
            said["options"] = sorted(chosen) if self.odd(0.95) else dice.choice(odd)
        if self.odd(0.2):
            said["text"] = dice.choice(("ý kiến", "ý kiến", "\ud800", "", "a\u0000"))
        return said

    def payload(self, kind, data):
        """What it carries; None for nothing."""
        if kinds(3)[kind][0] == "never" or "totals" in data and self.odd(0.97):
            return None
        if kind == "ballot.cast":
            said = self.ballot(data["poll"])
        elif kind == "hands.enter" and "members" in data:
            said = self.choices(data)
        elif kind == "position.state":
            said = {"choice": self.dice.choice(("agree", "agree", "object", "speak", "yes"))}
            said |= {"text": self.dice.choice(("ý kiến", "", None))} if self.odd(0.1) else {}
        else:
            return b'{"title":"T"}'
        raw = json.dumps(said).encode()
        return damage(raw, self.dice) if self.odd(0.12) else raw

    def ballot(self, poll):
        poll = self.replay.state.polls.get(poll, {"form": "poll", "rules": [{"choices": WORDS}]})
        if poll["form"] == "form" and self.odd(0.97) or self.odd(0.01):
            said = {"answers": [self.answer(rule) for rule in poll["rules"]]}
            said["answers"] += said["answers"][:1] if self.odd(0.02) else []
            said |= {"advice": self.dice.choice(("ý kiến", "", 1))} if self.odd(0.1) else {}
        else:
            said = self.answer(poll["rules"][0])
        return said | {"papers": [{"rev": "0" * 32, "sha256": "0" * 64}]}

    def choices(self, data):
        poll = self.replay.state.polls.get(data["poll"], {"rules": [{"choices": WORDS}]})
        words = [self.dice.choice(poll["rules"][0]["choices"] if self.odd(0.93) else WORDS) for _ in data["members"]]
        words += ["yes"] if self.odd(0.03) else []
        words += ["maybe"] if self.odd(0.02) else []
        return {"choices": words}

    def results(self, report):
        claims, wrong = [], self.odd(0.15)
        for poll in report["polls"]:
            tallies = poll.get("tallies", [poll])
            known = tallies[0]["yes"] is not None
            if known or (self.odd(0.5) if poll["closed"] else wrong and self.odd(0.1)):
                told = [self.told(one, wrong) for one in tallies]
                told = told[: self.dice.randrange(3)] if wrong and self.odd(0.1) else told
                several = ("tallies" in poll) != (wrong and self.odd(0.05))
                claims.append(
                    {"poll": poll["poll"]} | ({"tallies": told} if several or not told else {"tally": told[0]})
                )
        claims += claims[:1] if wrong and self.odd(0.03) else []
        claims += [{"poll": "99" * 32, "tallies": []}] if wrong and self.odd(0.05) else []
        raw = json.dumps({"polls": claims}).encode()
        return damage(raw, self.dice) if self.odd(0.06) else raw

    def told(self, found, wrong):
        """A claim about a question; if it may be wrong, now and then a false one."""
        dice = self.dice
        claim = {key: 0 if found[key] is None and key != "tie_by" else found[key] for key in TALLY}
        claim |= {key: found[key] for key in LATER if key in found}
        if found["result"] not in ("passed", "failed", "inquorate"):
            claim["result"] = "passed"
        if wrong and self.odd(0.2):
            claim |= {dice.choice(TALLY[:9]): dice.randrange(3)}
        if wrong and self.odd(0.1):
            claim |= {dice.choice(LATER): dice.choice((0, 1, [], [1], [0, 1]))}
        if wrong and self.odd(0.2):
            claim.pop(dice.choice(LATER), None)
        return claim


def dice_number(dice):
    return dice.choice((0, 1, 2, 3, 20, 21, 2**32 - 1, 2**32))
