"""Bodies that grow by random statements, properly signed; often one thing about a statement is wrong."""

import base64
import json

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from base import Bad, sha
from damage import damage
from export import Replay
from form import KINDS, TALLY
from log import device_id
from state import basis

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
}


class Key:
    def __init__(self, seed):
        self.private = Ed25519PrivateKey.from_private_bytes(sha(seed.encode()))
        self.public = self.private.public_key().public_bytes_raw().hex()
        self.keys = {"sign": self.public, "enc": sha(b"enc", seed.encode()).hex()}
        self.id = device_id(self.keys)


class Body:
    """A growing record with the keys behind it."""

    def __init__(self, dice, number):
        self.dice, self.number, self.count = dice, number, 0
        self.replay, self.entries, self.payloads, self.time = Replay(), [], {}, 10**12
        self.keys = [Key(f"{number} device {n}") for n in range(12)]
        self.log_keys = [Key(f"{number} log {n}") for n in range(3)]
        self.codes = [Key(f"{number} code {n}") for n in range(4)]
        self.witnesses = [Key(f"{number} witness {n}") for n in range(3)]
        self.secrets = {}
        self.seeds = self.plan()

    def id16(self, word, most):
        return sha(f"{word} {self.dice.randrange(most)}".encode()).hex()[:32]

    def known(self, things, otherwise):
        return self.dice.choice(sorted(things)) if things and self.dice.random() < 0.9 else otherwise

    def plan(self):
        """What makes a body worth playing with; later steps are random."""
        yield self.keys[0], "registrar", "body.genesis", {
            "registrars": [self.keys[0].keys, self.keys[1].keys],
            "recovery": self.codes[0].keys,
            "log_key": self.log_keys[0].public,
            "ca": "00" * 32,
            "level": 1,
        }
        for n, offices in enumerate((["member", "chair"], ["member"], ["member"], ["secretariat", "member"])):
            member = sha(f"member {n}".encode()).hex()[:32]
            yield self.keys[0], "registrar", "member.add", {"member": member, "offices": offices, "order": 4 - n}
            yield self.keys[0], "registrar", "invitation.issue", self.invitation(member)
            yield self.enrol(self.keys[2 + n], list(self.replay.state.invitations)[-1], self.codes[n] if n else None)
        meeting, item = self.id16("meeting", 1), self.id16("item", 1)
        yield self.keys[5], "secretariat", "item.set", {"meeting": meeting, "item": item}
        yield self.keys[5], "secretariat", "paper.publish", {
            "item": item,
            "paper": self.id16("paper", 1),
            "rev": self.id16("rev", 1),
            "signers": [sha(b"member 1").hex()[:32]],
        }
        yield self.keys[5], "secretariat", "meeting.publish", self.agenda(meeting, 1, [item])
        half = {"base": "members", "num": 1, "den": 2, "strict": True}
        rule = {"choices": ["yes", "no", "abstain"], "pass": half, "tie": {"office": "chair"}}
        yield self.keys[2], "chair", "poll.open", {"item": item, "rule": rule}
        while True:
            yield self.random()

    def invitation(self, member):
        secret = Key(f"{self.number} invitation {self.count}")
        self.secrets[secret.public] = secret
        return {
            "member": member,
            "key": secret.public,
            "expires": self.time + (10**9 if len(self.entries) < 17 else self.dice.choice((1, 10**6, 10**9))),
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
            inside = [name for name, paper in papers.items() if paper["item"] == item or self.dice.random() < 0.05]
            places.append(
                {
                    "item": item,
                    "papers": [{"paper": name, "rev": self.dice.choice(papers[name]["revs"])} for name in inside],
                }
            )
        return {"meeting": meeting, "version": version, "agenda": places}

    def rule(self):
        dice = self.dice
        num, den = dice.choice(((1, 2), (1, 2), (1, 2), (2, 3), (2, 3), (1, 1), (0, 1), (3, 2), (1, 1001)))
        rule = {
            "choices": dice.choice((["yes", "no"], ["yes", "no", "abstain", "other"], ["no", "yes", "other"])),
            "pass": {
                "base": dice.choice(("members", "present", "cast")),
                "num": num,
                "den": den,
                "strict": dice.random() < 0.5,
            },
        }
        if dice.random() < 0.5:
            rule["quorum"] = {"num": 1, "den": dice.choice((2, 3))}
        if dice.random() < 0.4:
            rule["tie"] = {"office": dice.choice(("chair", "chair", "member", "all", "Chair"))}
        if dice.random() < 0.2:
            rule["closes"] = 5
        return rule

    def random(self):
        """An author, a capacity, a kind and its data; often wrong in one thing."""
        state, dice = self.replay.state, self.dice
        member, meeting = self.id16("member", 5), self.id16("meeting", 2)
        item = self.known(state.items, self.id16("item", 3))
        paper, rev = self.known(state.papers, self.id16("paper", 3)), self.id16("rev", 12)
        still = [name for name, one in state.polls.items() if not one["close"] or dice.random() < 0.2]
        poll, device = self.known(still, "11" * 32), self.known(state.devices, "22" * 32)
        author = dice.choice(self.keys + self.codes)
        choices = {
            "ballot.cast": lambda: {"poll": poll, "replaces": None, "basis": self.basis(poll)},
            "attendance.set": lambda: {
                "meeting": self.known(state.meetings, meeting),
                "member": member,
                "state": dice.choice(("present", "remote", "absent", "substitute")),
            },
            "poll.open": lambda: {"item": item, "rule": self.rule()},
            "poll.close": lambda: {"poll": poll},
            "paper.publish": lambda: {"item": item, "paper": self.id16("paper", 3), "rev": rev, "signers": [member]},
            "meeting.publish": lambda: self.agenda(meeting, self.version(meeting), self.some(state.items)),
            "item.set": lambda: {"meeting": meeting, "item": self.id16("item", 3)},
            "paper.sign": lambda: {
                "paper": paper,
                "rev": (state.papers.get(paper, {"revs": [rev]})["revs"])[-1],
                "new_rev": rev,
            },
            "payload.erase": lambda: {"entry": dice.randrange(len(self.entries) + 2)},
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
                        ["secretariat"],
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
            "device.confirm": lambda: {"device": device},
            "device.revoke": lambda: {"device": device},
            "registrar.change": lambda: {
                "add": [dice.choice(self.keys + self.codes).keys][: dice.randrange(2)],
                "remove": [device][: dice.randrange(2)],
            },
            "log.key": lambda: {"key": dice.choice(self.log_keys).public},
            "epoch": lambda: {"number": len(state.epochs) + dice.choice((1, 1, 2)), "size": dice.randrange(40), "root": (b"1" * 32).hex()},
            "ca.set": lambda: {"ca": dice.choice(("44" * 32, "55" * 32))},
            "body.level": lambda: {"level": state.level + 1},
            "device.enrol": None,
        }
        often = [kind for kind in choices if kind not in RARE or dice.random() < 0.2]
        kind = dice.choice(often + ["ballot.cast"] * 12 + ["attendance.set"] * 4 + ["poll.close", "poll.open"])
        if kind == "device.enrol":
            return self.enrol(author, self.known(state.invitations, "33" * 32), dice.choice(self.codes + [None] * 8))
        capacity = dice.choice(KINDS[kind][1].split())
        able = [key for key in self.keys + self.codes if self.may(key, capacity)]
        author = dice.choice(able) if able and dice.random() < 0.98 else author
        data = choices[kind]()
        if kind == "ballot.cast" and dice.random() < 0.8:
            data["replaces"] = self.current_of(poll, author)
        if dice.random() < 0.03:
            capacity = dice.choice(("member", "chair", "registrar", "nobody"))
        return author, capacity, kind, data

    def some(self, things):
        return self.dice.sample(sorted(things), self.dice.randint(0, len(things)))

    def version(self, meeting):
        return self.replay.state.meetings.get(meeting, {"version": 0})["version"] + (self.dice.random() < 0.9)

    def basis(self, poll):
        polls = self.replay.state.polls
        known = poll in polls and self.dice.random() < 0.9
        return basis(self.replay.state.current_revs(polls[poll]["item"]) if known else [])

    def current_of(self, poll, author):
        state = self.replay.state
        member = state.devices.get(author.id, {"member": None})["member"]
        ballot = state.polls.get(poll, {"current": {}})["current"].get(member)
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

    def say(self):
        """The next leaf, its payload and salt; nothing is appended yet."""
        author, capacity, kind, data = next(self.seeds)
        dice, size = self.dice, len(self.entries)
        self.count += 1
        seen = dice.choice((0, size, size, size, max(0, size - 3)))
        h = {
            "v": 1,
            "body": self.replay.state.body if self.replay.state else None,
            "kind": kind,
            "level": 1,
            "device": author.id,
            "nonce": f"{self.count:032x}",
            "claimed": 0,
            "seen": {"size": seen, "root": self.replay.log.root(seen).hex()},
            "as": capacity,
            "data": data,
        }
        payload = self.payload(kind)
        salt = sha(payload or b"")
        if payload is not None:
            h |= {"payload": sha(b"ecabinet/v1/payload\n", salt, payload).hex(), "audience": ["all"]}
        raw = json.dumps(h, separators=(",", ":")).encode()
        if size > 16 and dice.random() < 0.1:
            raw = damage(raw, dice)
        signature = author.private.sign(b"ecabinet/v1/statement\n" + raw)
        self.time += dice.choice((0, 1, 1000))
        return b"\1" + self.time.to_bytes(8, "big") + len(raw).to_bytes(4, "big") + raw + signature, payload, salt

    def payload(self, kind):
        dice = self.dice
        if KINDS[kind][0] == "never":
            return None
        if kind != "ballot.cast":
            return b'{"title":"T"}'
        said = {
            "choice": dice.choice(("yes", "yes", "no", "abstain", "other")),
            "papers": [{"rev": "0" * 32, "sha256": "0" * 64}],
        }
        if dice.random() < 0.3:
            said["text"] = dice.choice(("ý kiến", "\ud800", "", "a\u0000"))
        raw = json.dumps(said).encode()
        return damage(raw, dice) if dice.random() < 0.3 else raw

    def take(self, leaf, payload, salt):
        """Appends; true if the record still holds."""
        index = len(self.entries)
        self.entries.append(leaf)
        if payload is not None and self.dice.random() < 0.95:
            self.payloads[index] = (salt, payload)
        try:
            self.replay.take(leaf)
        except Bad:
            return False
        return True

    def drop(self):
        self.entries.pop()
        self.payloads.pop(len(self.entries), None)

    def note(self, size, key, root=None):
        state, log = self.replay.state, self.replay.log
        root = root or log.root(min(size, len(log.leaves)))
        name, text = f"ecabinet/{state.body}", f"ecabinet/{state.body}\n{size}\n{base64.b64encode(root).decode()}\n"
        lines = line(name, key, b"\1", key.private.sign(text.encode()))
        for witness in self.dice.sample(self.witnesses, self.dice.randrange(3)):
            time = self.dice.choice((0, 1, 10**9, 2**63 - 1, 2**63))
            signature = witness.private.sign(f"cosignature/v1\ntime {time}\n{text}".encode())
            lines += line("w.example", witness, b"\4", time.to_bytes(8, "big") + signature)
        return f"{text}\n{lines}"

    def checkpoint(self):
        public = self.replay.state.log_key(len(self.entries))
        note = self.note(len(self.entries), next(key for key in self.log_keys if key.public == public)).encode()
        return damage(note, self.dice) if self.dice.random() < 0.1 else note

    def anchor(self):
        """A checkpoint or receipt kept elsewhere, mostly a true one."""
        dice, log, size = self.dice, self.replay.log, len(self.replay.log.leaves)
        size = dice.randrange(size + 2)
        key = next(key for key in self.log_keys if key.public == self.replay.state.log_key(size))
        key = key if dice.random() < 0.9 else dice.choice(self.log_keys)
        text = self.note(size, key, dice.choice((None,) * 9 + (b"1" * 32,)))
        if dice.random() < 0.5 and 0 < size <= len(log.leaves):
            index = dice.randrange(size)
            path = [base64.b64encode(one).decode() + "\n" for one in inclusion(log, index, 0, size)]
            leaf = base64.b64encode(self.entries[index if dice.random() < 0.9 else 0]).decode()
            text = f"c2sp.org/tlog-proof@v1\nextra {leaf}\nindex {index}\n{''.join(path)}\n{text}"
        raw = damage(text.encode(), dice) if dice.random() < 0.3 else text.encode()
        return raw.decode("utf-8", "replace").encode()

    def results(self, report):
        dice = self.dice
        polls = [
            {"poll": poll["poll"], "tally": {key: poll[key] for key in TALLY}}
            for poll in report["polls"]
            if poll["yes"] is not None or (poll["closed"] and dice.random() < 0.5)
        ]
        for claim in polls:
            told = claim["tally"].items()
            claim["tally"] = {key: 0 if value is None and key != "tie_by" else value for key, value in told}
            if claim["tally"]["result"] in ("unverifiable", "open"):
                claim["tally"]["result"] = "passed"
        raw = json.dumps({"polls": polls}).encode()
        return damage(raw, dice) if dice.random() < 0.1 else raw


def line(name, key, kind, signature):
    key_id = sha(name.encode(), b"\n", kind, bytes.fromhex(key.public))[:4]
    return f"\u2014 {name} {base64.b64encode(key_id + signature).decode()}\n"


def vkey(key):
    raw = b"\4" + bytes.fromhex(key.public)
    key_id = sha(b"w.example\n", raw).hex()[:8]
    return f"w.example+{key_id}+{base64.b64encode(raw).decode()}"


def inclusion(log, index, lo, hi):
    """Sibling roots from the leaf up."""
    if hi - lo == 1:
        return []
    mid = lo + (1 << (hi - lo - 1).bit_length() - 1)
    if index < mid:
        return inclusion(log, index, lo, mid) + [log.range(mid, hi)]
    return inclusion(log, index, mid, hi) + [log.range(lo, mid)]
