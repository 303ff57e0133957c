"""The folder, or its ZIP, and its replay (rules 7, 13, 17)."""

import re
import struct
import zlib
from types import SimpleNamespace

from base import Bad, require, sha
from ed25519 import signed, valid_key
from kinds import header
from log import Log, device_id
from state import State

LEVEL = 3
FILES = ("FORMAT", "entries", "payloads", "checkpoint", "results.json")


def read_file(folder, name):
    try:
        return (folder / name).read_bytes()
    except OSError:
        raise Bad("export.io") from None


def blocks(raw, before):
    """Repeated: `before` bytes ‖ u32 length ‖ bytes."""
    raw, found = memoryview(raw), []
    while raw:
        length = int.from_bytes(raw[before : before + 4], "big")
        require(len(raw) >= before + 4 and len(raw) - before - 4 >= length, "export.malformed")
        found.append((bytes(raw[:before]), bytes(raw[before + 4 : before + 4 + length])))
        raw = raw[before + 4 + length :]
    return found


def unpack(raw):
    """The files of a ZIP."""
    files, directory, at = {}, b"", 0
    while raw[at : at + 4] == b"PK\3\4":
        said, begin = raw[at + 4 : at + 30], at
        require(len(said) == 26, "export.malformed")
        flags, method, crc, packed, size, length, extra = struct.unpack("<2x2H4x3I2H", said)
        plain = flags in (0, 0x0800) and method == extra == 0 and packed == size
        name, at = raw[at + 30 : at + 30 + length], at + 30 + length + size
        content = raw[at - size : at]
        require(plain and at <= len(raw) and zlib.crc32(content) == crc and name not in files, "export.malformed")
        files[name] = content
        directory += b"PK\1\2??" + said + bytes(4) + b"??????" + struct.pack("<I", begin) + name
    end = struct.pack("<4s2x2x2H2I2x", b"PK\5\6", len(files) & 0xFFFF, len(files) & 0xFFFF, len(directory), at)
    rest, place = bytearray(raw[at:]), 0
    for name in files if len(rest) == len(directory + end) else ():
        for free in (*range(4, 6), *range(36, 42)):  # whose values are free
            rest[place + free] = ord("?")
        place += 46 + len(name)
    require(rest == directory + end and len(files) <= 0xFFFF, "export.malformed")
    return files


def open_export(path):
    """The names of the blobs and what reads a file."""
    try:
        if not path.is_file():
            names = {one.name for one in path.iterdir()}
            require(names <= {*FILES, "blobs"}, "export.unknown_file")
            blobs = sorted(one.name for one in (path / "blobs").iterdir()) if "blobs" in names else []
            return blobs, lambda name: read_file(path, name)
        files = {name.decode("latin-1"): content for name, content in unpack(path.read_bytes()).items()}
    except OSError:
        raise Bad("export.io") from None
    known = lambda name: name in FILES or re.fullmatch("blobs/[0-9a-f]{64}", name)
    require(all(map(known, files)), "export.unknown_file")

    def read(name):
        require(name in files, "export.io")
        return files[name]

    return sorted(name[6:] for name in files if name.startswith("blobs/")), read


def read_export(path):
    blobs, read = open_export(path)
    require(read("FORMAT") == b"ecabinet-export 1\n", "export.malformed")
    entries = [entry for _, entry in blocks(read("entries"), 0)]
    payloads, last = {}, -1
    for head, content in blocks(read("payloads"), 40):
        index = int.from_bytes(head[:8], "big")
        require(index > last and len(content) <= 1048576, "export.malformed")
        payloads[index], last = (head[8:], content), index
    try:
        checkpoint = read("checkpoint").decode("utf-8")
    except UnicodeDecodeError:
        raise Bad("export.malformed") from None
    results = read("results.json")
    for name in blobs:
        require(name == sha(read(f"blobs/{name}")).hex(), "export.malformed")
    return entries, payloads, checkpoint, results


class Replay:
    def __init__(self):
        self.log, self.state, self.last, self.ids, self.headers, self.beyond = Log(), None, 0, {}, [], None

    def take(self, leaf):
        """Rule 13; returns nothing, raises Bad."""
        index, length = len(self.log.leaves), int.from_bytes(leaf[9:13], "big")
        self.id = None
        form = leaf[:1] == b"\1" and length <= 65536 and len(leaf) == 13 + length + 64
        time = int.from_bytes(leaf[1:9], "big")
        require(form and time < 2**53, "leaf.malformed")
        raw, signature = leaf[13:-64], leaf[-64:]
        self.id = sha(b"ecabinet/v1/statement\n", raw).hex()
        require(time >= self.last, "leaf.time")
        require(self.id not in self.ids, "statement.again")
        if self.state and self.state.level > LEVEL:
            self.beyond = index if self.beyond is None else self.beyond
        else:
            self.headers.append(self.check(raw, signature, index, time))
        self.ids[self.id], self.last = index, time
        self.log.leaves.append(sha(b"\0", leaf))

    def check(self, raw, signature, index, time):
        state = self.state
        h = header(raw, state.level if state else 1)
        require(h, "header.malformed")
        data = h["data"]
        if state:
            holder, member, key = state.author(h)
        else:
            require(h["kind"] == "body.genesis", "genesis.missing")
            key = {device_id(keys): keys["sign"] for keys in data["registrars"]}.get(h["device"])
            require(key, "genesis.invalid")
        require(all(map(valid_key, new_keys(h["kind"], data))), "key.invalid")
        require(signed(key, b"ecabinet/v1/statement\n" + raw, signature), "signature.invalid")
        if h["kind"] == "device.enrol" and state:
            parts = (state.body, data["invitation"], data["sign"], data["enc"])
            message = b"ecabinet/v1/enrol\n" + b"".join(map(bytes.fromhex, parts))
            proof = bytes.fromhex(data["proof"])
            require(signed(state.invitations[data["invitation"]]["key"], message, proof), "invitation.proof")
        require(h["seen"]["size"] <= index, "seen.ahead")
        require(h["seen"]["root"] == self.log.root(h["seen"]["size"]).hex(), "seen.other")
        if state:
            require(1 <= h["level"] <= state.level, "level.ahead")
            state.decide(h, SimpleNamespace(holder=holder, member=member, index=index, time=time, id=self.id))
        else:
            ids = [device_id(keys) for keys in data["registrars"] + [data["recovery"]]]
            right = h["level"] == data["level"] == 1 and 2 <= len(ids) <= 17 and len(set(ids)) == len(ids)
            require(right, "genesis.invalid")
            require(h["as"] == "registrar", "capacity.may_not")
            self.state = State(self.id, data)
        return h


def new_keys(kind, data):
    """Sign keys that enter the record (rule 4)."""
    if kind == "body.genesis":
        return [keys["sign"] for keys in data["registrars"] + [data["recovery"]]] + [data["log_key"]]
    if kind == "registrar.change":
        return [keys["sign"] for keys in data["add"]]
    if kind == "device.enrol":
        return [data["sign"]] + [keys["sign"] for keys in [data.get("recovery")] if keys]
    return [data["key"]] if kind in ("log.key", "invitation.issue") else []
