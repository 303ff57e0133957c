"""A body that says what it is told."""

import json
import random

from base import sha
from grow import Body
from polls import basis


def name(word, number):
    return sha(f"{word} {number}".encode()).hex()[:32]


class Edge(Body):
    """Member n speaks by the key 2 + n; 0 has the chair, 3 the secretariat, 4 no vote and the office `agency`."""

    said = None

    def __init__(self, level=3):
        super().__init__(random.Random(0), 0, level)
        self.planned, self.meeting = False, next(iter(self.replay.state.meetings))
        self.items = [name("item", n) for n in range(3)]

    def payload(self, kind, data):
        if "totals" in data:
            return None
        return self.said or super().payload(kind, data)

    def offer(self, who, capacity, kind, data, said=None, keep=True):
        """Appends a statement, good or not, with this payload."""
        self.said = said if said is None or isinstance(said, bytes) else json.dumps(said).encode()
        author = self.keys[0 if who is None else 2 + who]
        leaf, payload, salt = self.say(author, capacity, kind, data)
        return self.take(leaf, payload if keep else None, salt)

    def do(self, *told, **more):
        assert self.offer(*told, **more), told
        return self.replay.id

    def open(self, rule, kind="poll.open", **data):
        about = data if kind == "block.open" else {"item": self.items[0], **data}
        asked = {"questions": rule} if kind == "form.send" else {"rule": rule}
        return self.do(0, "chair", kind, about | asked)

    def cast(self, who, poll, said, keep=True, **data):
        state = self.replay.state
        replaces = self.current_of(poll, data.get("for", name("member", who)))
        data |= {"poll": poll, "replaces": replaces, "basis": basis(state.poll_revs(state.polls[poll]))}
        said = {"choice": said, "papers": []} if isinstance(said, str) else said
        return self.do(who, "member", "ballot.cast", data, said, keep=keep)

    def hands(self, poll, members, choices, keep=True):
        data = {"poll": poll, "members": [name("member", n) for n in members]}
        return self.do(3, "secretariat", "hands.enter", data, {"choices": choices}, keep=keep)

    def totals(self, poll, **counts):
        return {"poll": poll, "totals": dict.fromkeys(("yes", "no", "abstain", "other"), 0) | counts}

    def confirm(self, *hands):
        for one in hands:
            self.do(0, "chair", "hands.confirm", {"hands": one})

    def position(self, who, choice, keep=True):
        data = {"item": self.items[0], "basis": basis(self.replay.state.current_revs(self.items[0]))}
        self.do(who, "member", "position.state", data, {"choice": choice}, keep=keep)

    def attend(self, who, state):
        data = {"meeting": self.meeting, "member": name("member", who), "state": state}
        self.do(3, "secretariat", "attendance.set", data)

    def stand_in(self, who=1):
        data = {"meeting": None, "substitute": name("member", 4), "from": 0, "until": 2**53 - 1}
        request = self.do(who, "member", "substitute.ask", data)
        self.do(0, "chair", "substitute.approve", {"request": request})
        return request

    def close(self, poll):
        return self.offer(0, "chair", "poll.close", {"poll": poll})
