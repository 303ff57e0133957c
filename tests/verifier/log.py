"""The tree, device ids, checkpoints and receipts (rules 3, 8, 9, 10, 15)."""

import re

from base import from_base64, require, sha
from ed25519 import signed


class Log:
    def __init__(self):
        self.leaves, self.full = [], {}

    def root(self, size):
        return self.range(0, size) if size else sha()

    def range(self, lo, hi):
        if hi - lo == 1:
            return self.leaves[lo]
        if (lo, hi) in self.full:
            return self.full[lo, hi]
        half = 1 << (hi - lo - 1).bit_length() - 1
        node = sha(b"\1", self.range(lo, lo + half), self.range(lo + half, hi))
        if hi - lo == 2 * half:
            self.full[lo, hi] = node
        return node


def root_from_path(node, index, size, path):
    if index >= size:
        return None
    at, last, path = index, size - 1, list(path)
    while last > 0:
        if at % 2 or at < last:
            if not path:
                return None
            sibling = path.pop(0)
            node = sha(b"\1", sibling, node) if at % 2 else sha(b"\1", node, sibling)
        at, last = at // 2, last // 2
    return None if path else node


def device_id(keys):
    return sha(b"ecabinet/v1/device\n", bytes.fromhex(keys["sign"]), bytes.fromhex(keys["enc"])).hex()


class Note:
    """A checkpoint, not believed (rule 9)."""

    def __init__(self, note, code):
        head, blank, lines = note.partition("\n\n")
        name, size, root = (head.split("\n") + [None] * 3)[:3]
        form = re.fullmatch(r"ecabinet/([0-9a-f]{64})\n(0|[1-9][0-9]*)\n[^\n]*", head)
        self.root = from_base64(root) if root else None
        require(len(note.encode()) <= 65536 and form and blank and lines.endswith("\n"), code)
        require(self.root is not None and len(self.root) == 32 and len(size) <= 20 and int(size) < 2**64, code)
        self.name, self.body, self.size, self.text = name, form[1], int(size), head + "\n"
        self.lines = []
        for line in lines.split("\n"):
            parts = line.split(" ")
            blob = from_base64(parts[2]) if len(parts) == 3 and parts[0] == "\u2014" else None
            if blob is not None:
                self.lines.append((parts[1], blob[:4], blob[4:]))

    def signatures(self, name, kind, key):
        key_id = sha(name.encode(), b"\n", kind, bytes.fromhex(key))[:4]
        return [signature for named, by, signature in self.lines if (named, by) == (name, key_id)]

    def is_signed(self, key):
        return any(signed(key, self.text.encode(), s) for s in self.signatures(self.name, b"\1", key))


class Receipt:
    """An entry's proof, not believed (rule 15)."""

    def __init__(self, text, code):
        head, _, note = text.partition("\n\n")
        lines = r"c2sp\.org/tlog-proof@v1\nextra ([^\n]*)\nindex (0|[1-9][0-9]{0,19})((?:\n[^\n]*)*)"
        form = re.fullmatch(lines, head)
        require(form, code)
        self.leaf, self.index = from_base64(form[1]), int(form[2])
        self.path = [from_base64(line) for line in form[3].split("\n")[1:]]
        require(self.leaf is not None and self.index < 2**64, code)
        require(all(one and len(one) == 32 for one in self.path), code)
        self.note = Note(note, code)

    def check(self, body, key):
        require(self.note.body == body, "receipt.other_body")
        require(self.note.is_signed(key), "receipt.not_signed")
        require(self.leads(), "receipt.path")

    def leads(self):
        root = root_from_path(sha(b"\0", self.leaf), self.index, self.note.size, self.path)
        return root is not None and root == self.note.root
