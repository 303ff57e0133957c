#!/usr/bin/env python3
"""Looks for exports on which the two verifiers differ: random bodies, random and damaged statements, payloads,
claims, checkpoints and anchors, all properly signed. The same seed gives the same exports.

usage: differ.py PROGRAM [--seed N] [--count N]

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

from grow import Body
from grow_notes import vkey
from grow_polls import LATER
from verify import read_vkey, verify

QUESTION = SimpleNamespace(body=None, anchor=[], witness=[], require_witnesses=0)


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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500)
    args = parser.parse_args()
    dice, passed, failed, codes, body = random.Random(args.seed), 0, 0, {}, None
    kept = pathlib.Path(tempfile.mkdtemp(prefix="differ-"))
    for number in range(args.count):
        if body is None or len(body.entries) > 180:
            body = Body(dice, number)
        steps = dice.randrange(1, 8)
        stands = True
        while steps and stands:
            stands, steps = body.take(*body.say(*body.random())), steps - 1
            if not stands and dice.random() < 0.7:
                stands = True
                body.drop()
        folder = kept / f"{args.seed}-{number}"
        write(folder, body, b'{"polls":[]}', b"")
        results = body.results(verify(folder, QUESTION))
        write(folder, body, results, body.checkpoint())
        anchors = [kept / f"{args.seed}-{number}-anchor-{n}" for n in range(dice.randrange(3))]
        for path in anchors:
            path.write_bytes(body.anchor())
        ours, differ = compare(args.program, folder, anchors, dice.sample(body.witnesses, dice.randrange(3)))
        for found in [one for poll in ours["polls"] for one in poll.get("tallies", [poll])]:
            for key in [found["result"], *(f"with {key}" for key in LATER if key in found)]:
                codes[key] = codes.get(key, 0) + 1
        for failure in ours["failures"] or [{"code": "holds"}]:
            codes[failure["code"]] = codes.get(failure["code"], 0) + 1
        if differ:
            failed += 1
            print(f"{folder}: {json.dumps(differ)[:600]}")
        else:
            passed += 1
            for path in [*folder.iterdir(), *anchors]:
                path.unlink()
            folder.rmdir()
        if not stands:
            body.drop()
        elif body.replay.beyond is not None:
            body = None
            continue
        for failure in ours["failures"]:
            if failure["code"].startswith("payload."):
                body.payloads.pop(failure["index"], None)
    print(" ".join(f"{code}={count}" for code, count in sorted(codes.items())))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
