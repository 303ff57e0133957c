"""Staff, substitutes, the floor, conclusions and replies; mostly right."""


class Debate:
    """A part of a growing body."""

    def debate_kinds(self, poll, item, member, meeting):
        dice = self.dice
        return {
            "staff.set": lambda: {"member": member, "staff": self.staff()},
            "attendance.claim": lambda: {"meeting": meeting, "state": dice.choice(("present", "remote", "absent"))},
            "substitute.ask": lambda: self.ask(meeting),
            "substitute.approve": lambda: {"request": self.request("asked")},
            "substitute.end": lambda: {"request": self.request("approved")},
            "floor.ask": lambda: {"item": item},
            "floor.leave": lambda: {"item": item},
            "floor.order": lambda: {
                "item": item,
                "members": [self.id16("member", 6) for _ in range(dice.randrange(3))],
            },
            "conclusion.write": lambda: self.conclusion(item),
            "conclusion.confirm": lambda: {"conclusion": self.concluded()},
            "reply.write": lambda: self.reply(poll),
            "reply.approve": lambda: self.approve(poll),
        }

    def staff(self):
        return [self.id16("member", 7) for _ in range(self.dice.choice((0, 1, 1, 1, 2, 17)))]

    def staff_of(self):
        return "staff:" + self.id16("member", 6)

    def ask(self, meeting):
        dice, state = self.dice, self.replay.state
        free = [name for name in state.members if state.in_office(name) and not state.holds(name, "member")]
        other = dice.choice(free) if free and self.odd(0.9) else self.id16("member", 7)
        span = {
            "from": self.time + dice.choice((-5000, -5000, -5000, 0, 1000)),
            "until": self.time + dice.choice((0, 5000) + (10**6,) * 6),
        }
        meeting = None if self.odd(0.5) else meeting
        return {"meeting": meeting, "substitute": other, **span}

    def request(self, status):
        requests = self.replay.state.substitutions
        fit = [name for name, one in requests.items() if one["status"] == status]
        return self.known(fit if fit and self.odd(0.8) else requests, "66" * 32)

    def conclusion(self, item):
        dice, state = self.dice, self.replay.state
        replaces = state.conclusions.get(item, {"id": None})["id"] if self.odd(0.95) else dice.choice((None, "66" * 32))
        outcome = dice.choice(("adopted", "changes", "changes", "deferred", "rejected"))
        data = {"item": item, "replaces": replaces, "outcome": outcome}
        if self.odd(0.5 if outcome == "changes" else 0.02):
            data["by"] = self.id16("member", 6)
        if self.odd(0.5):
            closed = [name for name, one in state.polls.items() if item in one["items"] and one["close"]]
            data["poll"] = self.known(closed if closed and self.odd(0.8) else state.polls, "66" * 32)
        return data

    def concluded(self):
        now = self.replay.state.conclusions.values()
        fresh = [one["id"] for one in now if not one["confirmed"]]
        return self.known(fresh if fresh and self.odd(0.8) else [one["id"] for one in now], "66" * 32)

    def a_form(self, poll):
        polls = self.replay.state.polls
        forms = [name for name, one in polls.items() if one["form"] == "form" and one["ballots"] and one["agency"]]
        return self.dice.choice(forms) if forms and self.odd(0.95) else poll

    def reply(self, poll):
        dice, name = self.dice, self.a_form(poll)
        form = self.replay.state.polls.get(name, {"ballots": [], "rules": []})
        ballot = self.known([one["id"] for one in form["ballots"]], "66" * 32)
        question = dice.randrange(len(form["rules"]) + self.odd(0.1)) if form["rules"] else 0
        return {
            "form": name,
            "ballot": ballot,
            "question": question,
            "taken": dice.choice(("yes", "part", "explained")),
        }

    def approve(self, poll):
        dice, written = self.dice, list(self.replay.state.replies.values())
        fresh = [one for one in written if not one["approved"]] or written
        name = dice.choice(fresh)["form"] if fresh and self.odd(0.95) else self.a_form(poll)
        replies = [one["id"] for one in fresh if one["form"] == name or self.odd(0.02)]
        replies = dice.sample(replies, dice.randint(1, len(replies))) if replies else []
        if self.odd(0.05):
            replies = dice.choice(([], replies[:1] * 1001, replies[:1] * 1000, replies + ["66" * 32]))
        return {"form": name, "replies": replies}

    def replying(self, kind, form):
        """The office that replies to a form, or approves replies."""
        form = self.replay.state.polls.get(form, {})
        office = form.get("agency")
        if kind == "reply.approve":
            office = form.get("approver") or office
        return office if office and self.odd(0.95) else self.dice.choice(("chair", "agency", "secretariat", "member"))
