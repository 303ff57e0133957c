#!/usr/bin/env python3
"""Looks for exports on which the two verifiers differ: the edges of level 3, then random bodies, random and damaged
statements, payloads, claims, checkpoints and anchors, all properly signed. The same seed gives the same exports.

usage: differ.py PROGRAM [--seed N] [--count N] [--random]

Keeps each export on which they differ and names it; the last line is `N passed, N failed`.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
from types import SimpleNamespace

from edges import edges
from grow import Body
from grow_notes import vkey
from grow_polls import LATER
from results import count
from verify import read_vkey, verify


def write(folder, body, results, checkpoint):
    folder.mkdir(exist_ok=True)
    (folder / "FORMAT").write_bytes(b"ecabinet-export 1\n")
    (folder / "entries").write_bytes(b"".join(len(one).to_bytes(4, "big") + one for one in body.entries))
    payloads = (
        index.to_bytes(8, "big") + salt + len(raw).to_bytes(4, "big") + raw
        for index, (salt, raw) in sorted(body.payloads.items())
    )
    (folder / "payloads").write_bytes(b"".join(payloads))
    (folder / "results.json").write_bytes(results)
    (folder / "checkpoint").write_bytes(checkpoint)


def compare(program, folder, anchors, witnesses):
    keys = [read_vkey(vkey(key)) for key in witnesses]
    ours = verify(folder, SimpleNamespace(body=None, anchor=anchors, witness=keys, require_witnesses=len(keys)))
    args = [part for path in anchors for part in ("--anchor", path)] + ["--require-witnesses", str(len(keys))]
    args += [part for key in witnesses for part in ("--witness", vkey(key))]
    run = subprocess.run([program, folder, "--json", *args], capture_output=True, check=False)
    theirs = json.loads(run.stdout)
    for failure in theirs.get("failures", []):
        del failure["detail"]
    differ = [key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)]
    return ours, {key: (ours.get(key), theirs.get(key)) for key in sorted(differ)}


class Course:
    def __init__(self, program):
        self.program, self.passed, self.failed, self.codes = program, 0, 0, {}
        self.kept = pathlib.Path(tempfile.mkdtemp(prefix="differ-"))

    def hold(self, title, folder, anchors=(), witnesses=()):
        """Compares, and keeps what differs."""
        ours, differ = compare(self.program, folder, anchors, witnesses)
        found = [one for poll in ours["polls"] for one in poll.get("tallies", [poll])]
        said = [key for one in found for key in (one["result"], *(f"with {key}" for key in LATER if key in one))]
        for code in said + [failure["code"] for failure in ours["failures"] or [{"code": "holds"}]]:
            self.codes[code] = self.codes.get(code, 0) + 1
        if differ:
            self.failed += 1
            print(f"{folder}: {title}: {json.dumps(differ)[:600]}")
        else:
            self.passed += 1
            for path in [*folder.iterdir(), *anchors]:
                path.unlink()
            folder.rmdir()
        return ours

    def edge(self, number, title, body, claims):
        folder = self.kept / f"edge-{number}"
        note = body.note(len(body.entries), body.log_keys[0])
        write(folder, body, json.dumps({"polls": claims}).encode(), note.encode())
        self.hold(title, folder)

    def random(self, seed, count):
        dice, body = random.Random(seed), None
        for number in range(count):
            if body is None or len(body.entries) > 180:
                body = Body(dice, number)
            stands = grow(body, dice)
            folder = self.kept / f"{seed}-{number}"
            write(folder, body, body.results(polls(body)), body.checkpoint())
            anchors = [self.kept / f"{seed}-{number}-anchor-{n}" for n in range(dice.randrange(3))]
            for path in anchors:
                path.write_bytes(body.anchor())
            ours = self.hold("grown", folder, anchors, dice.sample(body.witnesses, dice.randrange(3)))
            if not stands:
                body.drop()
            elif body.replay.beyond is not None:
                body = None
                continue
            for failure in ours["failures"]:
                if failure["code"].startswith("payload."):
                    body.payloads.pop(failure["index"], None)


def polls(body):
    """What is to be claimed about its polls."""
    report = {"void": [], "entries": len(body.entries)}
    opened = {index: raw for index, (_, raw) in body.payloads.items()}
    count(report, body.replay.state, opened, b'{"polls":[]}', None)
    return report


def grow(body, dice):
    """Some steps; false if the last is bad. Most of what is bad is not kept."""
    for _ in range(dice.randrange(1, 8)):
        if not body.take(*body.say(*body.random())):
            if dice.random() >= 0.7:
                return False
            body.drop()
    return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--random", action="store_true", help="without the edges")
    args = parser.parse_args()
    course = Course(args.program)
    for number, edge in enumerate([] if args.random else edges()):
        course.edge(number, *edge)
    course.random(args.seed, args.count)
    print(" ".join(f"{code}={count}" for code, count in sorted(course.codes.items())))
    print(f"{course.passed} passed, {course.failed} failed")
    return 1 if course.failed else 0


if __name__ == "__main__":
    sys.exit(main())
