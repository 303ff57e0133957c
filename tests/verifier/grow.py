"""Bodies that grow by random statements, properly signed; often one thing about a statement is wrong."""

import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from base import Bad, sha
from damage import damage
from export import Replay
from grow_debate import Debate
from grow_notes import Notes
from grow_polls import Polls
from kinds import kinds
from log import device_id
from polls import is_open

KINDS = kinds(3)

# By these a body soon cannot go on: chosen less often.
RARE = {
    "registrar.change",
    "member.retire",
    "device.revoke",
    "log.key",
    "epoch",
    "invitation.revoke",
    "device.enrol",
    "body.level",
    "ca.set",
    "member.add",
    "meeting.publish",
    "item.set",
}

OFTEN = {
    "ballot.cast": 36,
    "attendance.set": 4,
    "poll.close": 6,
    "poll.open": 3,
    "form.send": 3,
    "block.open": 3,
    "hands.enter": 6,
    "hands.confirm": 12,
    "position.state": 9,
    "payload.erase": 3,
    "poll.pull": 2,
    "substitute.ask": 2,
    "substitute.approve": 2,
    "reply.write": 3,
    "reply.approve": 2,
    "conclusion.write": 2,
    "poll.recall": 0.3,
    "paper.sign": 0.5,
    "device.revoke": 0.5,
}


class Key:
    def __init__(self, seed):
        self.private = Ed25519PrivateKey.from_private_bytes(sha(seed.encode()))
        self.public = self.private.public_key().public_bytes_raw().hex()
        self.keys = {"sign": self.public, "enc": sha(b"enc", seed.encode()).hex()}
        self.id = device_id(self.keys)


class Body(Polls, Debate, Notes):
    """A growing record with the keys behind it."""

    def __init__(self, dice, number, level=None):
        self.dice, self.number, self.count = dice, number, 0
        self.replay, self.entries, self.payloads, self.time = Replay(), [], {}, 10**12
        self.keys = [Key(f"{number} device {n}") for n in range(12)]
        self.log_keys = [Key(f"{number} log {n}") for n in range(3)]
        self.codes = [Key(f"{number} code {n}") for n in range(4)]
        self.witnesses = [Key(f"{number} witness {n}") for n in range(3)]
        self.secrets = {}
        self.planned = False  # until then nothing is odd
        for step in self.plan(level or dice.choice((1, 2) + (3,) * 10)):
            assert self.take(*self.say(*step)), "the plan holds"
        self.planned = True

    def id16(self, word, most):
        return sha(f"{word} {self.dice.randrange(most)}".encode()).hex()[:32]

    def known(self, things, otherwise):
        return self.dice.choice(sorted(things)) if things and self.dice.random() < 0.9 else otherwise

    def plan(self, last):
        """What makes a body of that level worth playing with; later steps are random."""
        yield (
            self.keys[0],
            "registrar",
            "body.genesis",
            {
                "registrars": [self.keys[0].keys, self.keys[1].keys],
                "recovery": self.codes[0].keys,
                "log_key": self.log_keys[0].public,
                "ca": "00" * 32,
                "level": 1,
            },
        )
        for level in range(2, last + 1):
            yield self.keys[0], "registrar", "body.level", {"level": level}
        held = [["member", "chair"], ["member"], ["member"], ["secretariat", "member"], ["agency"], ["member"]]
        held[4] += ["head"] if self.dice.random() < 0.3 else []
        for n, offices in enumerate(held):
            member = sha(f"member {n}".encode()).hex()[:32]
            yield self.keys[0], "registrar", "member.add", {"member": member, "offices": offices, "order": 4 - n % 4}
            yield self.keys[0], "registrar", "invitation.issue", self.invitation(member)
            code = self.codes[n] if 0 < n < 4 else None
            yield self.enrol(self.keys[2 + n], list(self.replay.state.invitations)[-1], code)
        meeting, items = self.id16("meeting", 1), [sha(f"item {n}".encode()).hex()[:32] for n in range(3)]
        for n, item in enumerate(items):
            yield self.keys[5], "secretariat", "item.set", {"meeting": meeting, "item": item}
            yield (
                self.keys[5],
                "secretariat",
                "paper.publish",
                {
                    "item": item,
                    "paper": sha(f"paper {n}".encode()).hex()[:32],
                    "rev": sha(f"rev {n}".encode()).hex()[:32],
                    "signers": [sha(b"member 1").hex()[:32]],
                },
            )
        yield self.keys[5], "secretariat", "meeting.publish", self.agenda(meeting, 1, items)
        half = {"base": "members", "num": 1, "den": 2, "strict": True}
        rule = {"choices": ["yes", "no", "abstain"], "pass": half, "tie": {"office": "chair"}}
        yield self.keys[2], "chair", "poll.open", {"item": items[0], "rule": rule}

    def invitation(self, member):
        secret = Key(f"{self.number} invitation {self.count}")
        self.secrets[secret.public] = secret
        return {
            "member": member,
            "key": secret.public,
            "expires": self.time + (10**9 if not self.planned else self.dice.choice((1, 10**6, 10**9))),
        }

    def enrol(self, key, invitation, code):
        state = self.replay.state
        secret = self.secrets.get(state.invitations.get(invitation, {}).get("key"), key)
        parts = (state.body, invitation, key.keys["sign"], key.keys["enc"])
        proof = secret.private.sign(b"ecabinet/v1/enrol\n" + b"".join(map(bytes.fromhex, parts))).hex()
        data = {"invitation": invitation, **key.keys, "proof": proof}
        return key, "member", "device.enrol", data | ({"recovery": code.keys} if code else {})

    def agenda(self, meeting, version, items):
        papers = self.replay.state.papers
        places = []
        for item in items:
            inside = [
                name for name, paper in papers.items() if paper["item"] == item or self.planned and self.odd(0.03)
            ]
            places.append(
                {
                    "item": item,
                    "papers": [{"paper": name, "rev": self.dice.choice(papers[name]["revs"])} for name in inside],
                }
            )
        return {"meeting": meeting, "version": version, "agenda": places}

    def random(self):
        """An author, a capacity, a kind and its data; often wrong in one thing."""
        state, dice = self.replay.state, self.dice
        member, meeting = self.id16("member", 6), self.id16("meeting", 2)
        placed = [name for name in state.items if state.place(name)]
        item = self.known(placed if placed and dice.random() < 0.9 else state.items, self.id16("item", 4))
        paper, rev = self.known(state.papers, self.id16("paper", 4)), self.id16("rev", 30)
        still = [name for name, one in state.polls.items() if is_open(one) or dice.random() < 0.1]
        still = still[-2:] if dice.random() < 0.7 else still
        poll, device = self.known(still, "11" * 32), self.known(state.devices, "22" * 32)
        pending = [name for name, one in state.devices.items() if one["status"] == "pending"]
        author, meeting_known = dice.choice(self.keys + self.codes), self.known(state.meetings, meeting)
        choices = {
            **self.poll_kinds(poll, item),
            **self.debate_kinds(poll, item, member, meeting_known),
            "attendance.set": lambda: {
                "meeting": meeting_known,
                "member": member,
                "state": dice.choice(("present", "present", "remote", "absent", "substitute")),
            },
            "paper.publish": lambda: {"item": item, "paper": self.paper(item), "rev": rev, "signers": [member]},
            "meeting.publish": lambda: self.agenda(meeting, self.version(meeting), self.items_of(meeting)),
            "item.set": lambda: {"meeting": meeting, "item": self.id16("item", 4)},
            "paper.sign": lambda: {
                "paper": paper,
                "rev": (state.papers.get(paper, {"revs": [rev]})["revs"])[-1],
                "new_rev": rev,
            },
            "payload.erase": lambda: {"entry": self.to_erase()},
            "group.set": lambda: {
                "group": self.id16("group", 2),
                "members": [self.id16("member", 5) for _ in range(dice.randrange(3))],
            },
            "member.add": lambda: {
                "member": member,
                "offices": dice.choice(
                    (
                        ["member"],
                        ["member"],
                        ["member", "chair"],
                        ["secretariat", "member"],
                        ["agency"],
                        ["agency", "head"],
                        [],
                        ["x", "x"],
                        ["all"],
                    )
                ),
                "order": dice.randrange(4),
            },
            "member.retire": lambda: {"member": member},
            "invitation.issue": lambda: self.invitation(member),
            "invitation.revoke": lambda: {"invitation": self.known(state.invitations, "33" * 32)},
            "device.confirm": lambda: {"device": self.known(pending or state.devices, "22" * 32)},
            "device.revoke": lambda: {"device": device},
            "registrar.change": lambda: {
                "add": [dice.choice(self.keys + self.codes).keys][: dice.randrange(2)],
                "remove": [device][: dice.randrange(2)],
            },
            "log.key": lambda: {"key": dice.choice(self.log_keys).public},
            "epoch": lambda: {
                "number": len(state.epochs) + dice.choice((1, 1, 2)),
                "size": dice.randrange(40),
                "root": (b"1" * 32).hex(),
            },
            "ca.set": lambda: {"ca": dice.choice(("44" * 32, "55" * 32))},
            "body.level": lambda: {"level": state.level + 1},
            "device.enrol": None,
        }
        often = [kind for kind in choices if kind not in RARE or dice.random() < 0.2]
        often = [kind for kind in often if self.has_ground(kind, poll, pending) or dice.random() < 0.03]
        if state.level < 3 and dice.random() < 0.95:
            often = [kind for kind in often if kind in kinds(state.level)]
        kind = dice.choices(often, [OFTEN.get(kind, 1) for kind in often])[0]
        if kind == "device.enrol":
            return self.enrol(author, self.known(state.invitations, "33" * 32), dice.choice(self.codes + [None] * 8))
        data = choices[kind]()
        allowed = KINDS[kind][1]
        capacity = dice.choice(allowed.split()) if allowed else self.replying(kind, data["form"])
        able = [key for key in self.keys + self.codes if self.may(key, capacity)]
        if not able and dice.random() < 0.9:
            return self.random()
        author = dice.choice(able) if able and dice.random() < 0.98 else author
        if kind == "ballot.cast":
            data, author = self.voter(data, author)
        fit = {"floor.leave": state.floors.get(item, []), "paper.sign": state.papers.get(paper, {}).get("signers", [])}
        fit |= dict.fromkeys(("position.state", "poll.pull", "substitute.ask", "attendance.claim"), state.in_order())
        if fit.get(kind) and dice.random() < 0.9:
            author = dice.choice(self.keys_of(dice.choice(fit[kind])) or [author])
        if kind == "ballot.cast" and dice.random() < 0.9:
            data["replaces"] = self.current_of(poll, data.get("for", self.member_of(author)))
        if dice.random() < 0.03:
            capacity = dice.choice(("member", "chair", "registrar", "nobody"))
        return author, capacity, kind, data

    def items_of(self, meeting):
        items = self.replay.state.items
        return [
            name
            for name in sorted(items)
            if (items[name] == meeting) == self.odd(0.9 if items[name] == meeting else 0.97)
        ]

    def version(self, meeting):
        return self.replay.state.meetings.get(meeting, {"version": 0})["version"] + (self.dice.random() < 0.9)

    def has_ground(self, kind, poll, pending):
        """Whether there is something that it could be about."""
        state, polls = self.replay.state, self.replay.state.polls
        grounds = {
            "device.confirm": pending,
            "poll.pull": [one for one in polls.values() if one["form"] == "block" and is_open(one)],
            "hands.confirm": [o for o in state.hands.values() if not o["confirmed"] and is_open(polls[o["poll"]])],
            "substitute.approve": [one for one in state.substitutions.values() if one["status"] == "asked"],
            "substitute.end": state.substitutions,
            "floor.leave": [one for one in state.floors.values() if one],
            "conclusion.confirm": [one for one in state.conclusions.values() if not one["confirmed"]],
            "reply.write": [one for one in polls.values() if one.get("agency") and one["ballots"]],
            "reply.approve": [one for one in state.replies.values() if not one["approved"]],
            "body.level": [] if state.level == 3 else [1],
        }
        about_poll = kind in ("poll.close", "poll.extend", "poll.recall", "ballot.cast", "hands.enter")
        return poll in polls if about_poll else bool(grounds.get(kind, True))

    def paper(self, item):
        """One of that item's papers, or another."""
        own = [name for name, one in self.replay.state.papers.items() if one["item"] == item]
        return self.dice.choice(own) if own and self.dice.random() < 0.6 else self.id16("paper", 6)

    def to_erase(self):
        """Mostly what a result may need."""
        state, dice = self.replay.state, self.dice
        told = [one["index"] for poll in state.polls.values() for one in poll["ballots"] + poll["hands"]]
        told += [one["index"] for one in state.positions.values()]
        return dice.choice(told) if told and dice.random() < 0.7 else dice.randrange(len(self.entries) + 2)

    def member_of(self, author):
        return self.replay.state.devices.get(author.id, {"member": None})["member"]

    def current_of(self, poll, member):
        ballot = self.replay.state.polls.get(poll, {"current": {}})["current"].get(member)
        return ballot["id"] if ballot else None

    def may(self, key, capacity):
        state = self.replay.state
        try:
            holder, member, _ = state.author({"device": key.id, "kind": "", "data": {}})
        except Bad:
            return False
        if holder == "member":
            return capacity == "member" or state.holds(member, capacity)
        return capacity == ("registrar" if holder == "registrar" else "recovery")

    def say(self, author, capacity, kind, data):
        """A leaf, its payload and salt; nothing is appended yet."""
        dice, size = self.dice, len(self.entries)
        self.count += 1
        seen, level = (
            dice.choice((0, size, size, size, max(0, size - 3))),
            self.replay.state and self.replay.state.level,
        )
        h = {
            "v": 1,
            "body": self.replay.state.body if self.replay.state else None,
            "kind": kind,
            "level": dice.randint(1, level) + (self.planned and self.odd(0.002)) if level else 1,
            "device": author.id,
            "nonce": f"{self.count:032x}",
            "claimed": 0,
            "seen": {"size": seen, "root": self.replay.log.root(seen).hex()},
            "as": capacity,
            "data": data,
        }
        payload = self.payload(kind, data)
        salt = sha(payload or b"")
        if payload is not None:
            audience = ["office:chair", self.staff_of()] if self.planned and self.odd(0.03) else ["all"]
            h |= {"payload": sha(b"ecabinet/v1/payload\n", salt, payload).hex(), "audience": audience}
        raw = json.dumps(h, separators=(",", ":")).encode()
        if self.planned and dice.random() < 0.06:
            raw = damage(raw, dice)
        signature = author.private.sign(b"ecabinet/v1/statement\n" + raw)
        self.time += dice.choice((0, 1, 1000))
        return b"\1" + self.time.to_bytes(8, "big") + len(raw).to_bytes(4, "big") + raw + signature, payload, salt

    def take(self, leaf, payload, salt):
        """Appends; true if the record still holds."""
        index = len(self.entries)
        self.entries.append(leaf)
        if payload is not None and not (self.planned and self.odd(0.05)):
            self.payloads[index] = (salt, payload)
        try:
            self.replay.take(leaf)
        except Bad:
            return False
        h = self.replay.headers[-1]
        if h["kind"] == "payload.erase" and self.odd(0.7):
            self.payloads.pop(h["data"]["entry"], None)
        return True

    def drop(self):
        self.entries.pop()
        self.payloads.pop(len(self.entries), None)
