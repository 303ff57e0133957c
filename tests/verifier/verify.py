#!/usr/bin/env python3
"""A second verifier of exports, written from docs/record-format.md alone; rules are cited by its numbers.

usage: verify.py EXPORT [--body ID] [--anchor FILE]... [--witness VKEY]... [--require-witnesses N]

Prints the verdict as JSON, as `ecabinet-verify --json` does, without details. Needs `cryptography`.
"""

import argparse
import json
import pathlib
import re
import sys

from base import Bad, from_base64, require, sha
from ed25519 import signed, valid_key
from export import Replay, read_export
from form import HEX32, refuse
from log import Log, Note, Receipt
from results import count


def check_note(text, body, size, root, key):
    note = Note(text, "checkpoint.malformed")
    require(note.body == body, "checkpoint.other_body")
    require(note.size == size, "checkpoint.size")
    require(note.root == root, "checkpoint.root")
    require(note.is_signed(key), "checkpoint.not_signed")


def check_anchor(text, entries, replay, report):
    """A checkpoint or a receipt (rule 15) from elsewhere."""
    state, receipt = replay.state, None
    if text.startswith("c2sp.org/tlog-proof@"):
        report["kind"] = "receipt"
        receipt = Receipt(text, "anchor.malformed")
        report["index"] = receipt.index
    note = receipt.note if receipt else Note(text, "anchor.malformed")
    report.update(kind="receipt" if receipt else "checkpoint", size=note.size)
    require(note.body == state.body, "anchor.other_body")
    require(note.is_signed(state.log_key(note.size)), "anchor.not_signed")
    if note.size > len(entries) or note.root != replay.log.root(note.size):
        named = [(epoch["size"], bytes.fromhex(epoch["root"])) for epoch in state.epochs]
        require((note.size, note.root) not in named, "anchor.lost")
    require(note.size <= len(entries), "anchor.beyond")
    require(note.root == replay.log.root(note.size), "anchor.conflict")
    if receipt:
        require(receipt.leads(), "anchor.path")
        require(receipt.leaf == entries[receipt.index], "anchor.leaf")


def check_witness(vkey, checkpoint, report):
    name, _, key = vkey
    report.update(name=name, key_id=vkey[1], time=None, holds=False)
    try:
        note = Note(checkpoint, "")
    except Bad:
        return
    for blob in note.signatures(name, b"\4", key):
        report["holds"], time = False, int.from_bytes(blob[:8], "big")
        message = f"cosignature/v1\ntime {time}\n{note.text}".encode()
        require(len(blob) == 72 and time < 2**63 and signed(key, message, blob[8:]), "witness.invalid")
        report.update(time=time, holds=True)


def read_vkey(text):
    name, key_id, key = (text.split("+", 2) + ["", ""])[:3]
    raw = from_base64(key) or b""
    good = len(raw) == 33 and raw[0] == 4 and valid_key(raw[1:].hex()) and name and not re.search(r"\s", name)
    if not good or sha(name.encode(), b"\n", raw)[:4].hex() != key_id:
        raise argparse.ArgumentTypeError("not a vkey")
    return name, key_id, raw[1:].hex()


def verify(folder, args):
    report = {
        "schema": "ecabinet-verify/1",
        "holds": False,
        "body": None,
        "identity_checked": args.body is not None,
        "entries": 0,
        "root": None,
        "anchors": [],
        "witnesses": [],
        "witnesses_required": args.require_witnesses,
        "witnesses_met": not args.require_witnesses,
        "outcomes": dict.fromkeys("ok late superseded stale ineligible".split(), 0),
        "erased": 0,
        "withheld": 0,
        "missing": [],
        "void": [],
        "epochs": [],
        "polls": [],
        "failures": [],
    }

    def fail(code, index=None, statement=None):
        report["failures"].append({"index": index, "statement": statement, "code": code})

    try:
        entries, payloads, checkpoint, results = read_export(folder)
    except Bad as bad:
        fail(bad.args[0])
        return report
    whole, replay = Log(), Replay()
    whole.leaves = [sha(b"\0", leaf) for leaf in entries]
    report.update(entries=len(entries), root=whole.root(len(entries)).hex() if entries else None)
    try:
        for leaf in entries:
            replay.take(leaf)
    except Bad as bad:
        fail(bad.args[0], len(replay.log.leaves), replay.id)
        return report
    if not entries:
        fail("genesis.missing", 0)
        return report
    state = replay.state
    report["body"] = state.body
    if args.body not in (None, state.body):
        fail("body.other")
    try:
        check_note(checkpoint, state.body, len(entries), whole.root(len(entries)), state.log_key(len(entries)))
    except Bad as bad:
        fail(bad.args[0])
    opened, statements = {}, list(replay.ids)
    for index, (salt, content) in payloads.items():
        h = replay.headers[index] if index < len(replay.headers) else None
        if h is None and index < len(entries):
            continue
        statement = statements[index] if h else None
        if h is None or "payload" not in h:
            fail("payload.unexpected", index, statement)
        elif sha(b"ecabinet/v1/payload\n", salt, content).hex() != h["payload"]:
            fail("payload.mismatch", index, statement)
        else:
            opened[index] = content
    for index, h in enumerate(replay.headers):
        if "payload" in h and index not in payloads:
            report["missing"].append({"index": index, "kind": h["kind"], "erased_by": state.erased.get(index)})
    report["erased"] = sum(one["erased_by"] is not None for one in report["missing"])
    report["withheld"] = len(report["missing"]) - report["erased"]
    report["epochs"] = state.epochs
    if replay.beyond is None:
        count(report, state, opened, results, fail)
    else:
        fail("level.beyond", replay.beyond)
    for path in args.anchor:
        anchor = {"kind": "unknown", "size": None, "index": None, "holds": False}
        report["anchors"].append(anchor)
        try:
            check_anchor(path.read_bytes().decode("utf-8"), entries, replay, anchor)
            anchor["holds"] = True
        except Bad as bad:
            fail(bad.args[0], anchor["index"])
    for vkey in args.witness:
        report["witnesses"].append({})
        try:
            check_witness(vkey, checkpoint, report["witnesses"][-1])
        except Bad as bad:
            fail(bad.args[0])
    report["holds"] = not report["failures"]
    signers = {vkey[2] for vkey, witness in zip(args.witness, report["witnesses"]) if witness["holds"]}
    report["witnesses_met"] = len(signers) >= args.require_witnesses
    return report


def main():
    hex32 = lambda text: text if HEX32(text) else refuse(text)
    parser = argparse.ArgumentParser()
    parser.add_argument("export", type=pathlib.Path)
    parser.add_argument("--body", type=hex32)
    parser.add_argument("--anchor", type=pathlib.Path, action="append", default=[])
    parser.add_argument("--witness", type=read_vkey, action="append", default=[])
    parser.add_argument("--require-witnesses", type=int, default=0)
    args = parser.parse_args()
    report = verify(args.export, args)
    print(json.dumps(report, separators=(",", ":")))
    return 1 if not report["holds"] else 0 if report["identity_checked"] and report["witnesses_met"] else 2


if __name__ == "__main__":
    sys.exit(main())
