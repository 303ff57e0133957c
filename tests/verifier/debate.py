"""Staff, substitutes, those who wish to speak, conclusions and replies (rule 12, level 3)."""

from base import require


class Debate:
    """A part of the state."""

    def do_staff_set(self, h, data, at):
        member, staff = data["member"], data["staff"]
        self.require_office(member)
        require(len(set(staff)) == len(staff) <= 16 and member not in staff, "staff.members")
        require(all(one in self.members for one in staff), "staff.members")
        self.staff[member] = staff

    def do_attendance_claim(self, h, data, at):
        require(data["meeting"] in self.meetings, "meeting.unknown")
        self.require_vote(at.member)

    def do_substitute_ask(self, h, data, at):
        self.require_vote(at.member)
        other, meeting = data["substitute"], data["meeting"]
        self.require_office(other)
        require(other != at.member and not self.holds(other, "member"), "substitute.person")
        pairs = [(one["of"], one["substitute"]) for one in self.substitutions.values() if one["status"] != "ended"]
        require((at.member, other) not in pairs, "substitute.again")
        require(data["until"] > data["from"], "substitute.time")
        require(meeting is None or meeting in self.meetings, "meeting.unknown")
        self.substitutions[at.id] = {**data, "of": at.member, "status": "asked"}

    def substitution(self, name):
        require(name in self.substitutions, "substitute.unknown")
        require(self.substitutions[name]["status"] != "ended", "substitute.ended")
        return self.substitutions[name]

    def do_substitute_approve(self, h, data, at):
        one = self.substitution(data["request"])
        require(one["status"] == "asked", "substitute.approved")
        one["status"] = "approved"

    def do_substitute_end(self, h, data, at):
        one = self.substitution(data["request"])
        require(h["as"] != "member" or at.member in (one["of"], one["substitute"]), "substitute.may_not")
        one["status"] = "ended"

    def floor(self, item):
        self.require_placed(item)
        return self.floors.setdefault(item, [])

    def do_floor_ask(self, h, data, at):
        floor = self.floor(data["item"])
        require(at.member not in floor, "floor.again")
        floor.append(at.member)

    def do_floor_leave(self, h, data, at):
        floor = self.floor(data["item"])
        require(at.member in floor, "floor.none")
        floor.remove(at.member)

    def do_floor_order(self, h, data, at):
        floor, members = self.floor(data["item"]), data["members"]
        require(len(set(members)) == len(members), "floor.again")
        for member in members:
            self.require_office(member)
        floor[:] = members

    def do_conclusion_write(self, h, data, at):
        item = data["item"]
        self.require_placed(item)
        require(data["replaces"] == self.conclusions.get(item, {"id": None})["id"], "conclusion.replaced")
        if "by" in data:
            self.require_office(data["by"])
        if "poll" in data:
            require(data["poll"] in self.polls, "poll.unknown")
            poll = self.polls[data["poll"]]
            require(item in poll["items"] and item not in poll["pulled"], "conclusion.poll")
            require(poll["close"], "poll.open")
        self.conclusions[item] = {"id": at.id, "confirmed": h["as"] == "chair"}

    def do_conclusion_confirm(self, h, data, at):
        now = next((one for one in self.conclusions.values() if one["id"] == data["conclusion"]), None)
        require(now, "conclusion.replaced")
        require(not now["confirmed"], "conclusion.confirmed")
        now["confirmed"] = True

    def require_form(self, name):
        require(name in self.polls and self.polls[name]["form"] == "form", "form.unknown")
        return self.polls[name]

    def do_reply_write(self, h, data, at):
        form = self.require_form(data["form"])
        require(form["agency"] == h["as"], "reply.may_not")
        require(any(one["id"] == data["ballot"] for one in form["ballots"]), "reply.ballot")
        require(data["question"] < len(form["rules"]), "reply.question")
        self.replies[data["ballot"], data["question"]] = {"id": at.id, "form": data["form"], "approved": False}

    def do_reply_approve(self, h, data, at):
        form, replies = self.require_form(data["form"]), data["replies"]
        require((form["approver"] or form["agency"]) == h["as"], "reply.may_not")
        now = {one["id"]: one for one in self.replies.values() if one["form"] == data["form"]}
        require(1 <= len(replies) <= 1000 and all(name in now for name in replies), "reply.unknown")
        for name in replies:
            now[name]["approved"] = True
