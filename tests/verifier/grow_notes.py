"""Checkpoints, receipts and witnesses of a growing body; mostly true."""

import base64

from base import sha
from damage import damage


class Notes:
    """A part of a growing body."""

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
