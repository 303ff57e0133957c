#!/usr/bin/env python3
"""Reads all vectors, and export folders, with this verifier; with PROGRAM, holds `ecabinet-verify` against it as well.

usage: vectors.py VECTORS [--program PROGRAM] [EXPORT]...

Names what fails, one a line; the last line is `N passed, N failed`.
"""

import argparse
import io
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings
import zipfile
from types import SimpleNamespace

import tickets
from base import Bad, sha
from export import Replay, blocks
from form import TALLY, ballot
from log import Receipt
from results import tally
from verify import check_note, verify

QUESTION = SimpleNamespace(body=None, anchor=[], witness=[], require_witnesses=0)


class Course:
    def __init__(self, example, program, work):
        self.example, self.program, self.work = example, program, work
        self.entries = [entry for _, entry in blocks((example / "entries").read_bytes(), 0)]
        self.passed, self.failed = 0, 0

    def result(self, name, found, expected):
        if found == expected:
            self.passed += 1
        else:
            self.failed += 1
            print(f"{name}: found {found}, expected {expected}")

    def folder(self, files):
        """A copy of the example with other content; None removes a file."""
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.example, self.work)
        for name, content in files.items():
            (self.work / name).unlink(missing_ok=True)
            if content is not None:
                (self.work / name).parent.mkdir(exist_ok=True)
                (self.work / name).write_bytes(content)
        return self.work

    def both(self, name, folder, body=None, anchor=()):
        """The verdict of this verifier; the program's must be the same."""
        question = SimpleNamespace(**vars(QUESTION) | {"body": body, "anchor": list(anchor)})
        report = verify(folder, question)
        if self.program:
            args = [self.program, folder, "--json", *(["--body", body] if body else [])]
            args += [part for path in anchor for part in ("--anchor", path)]
            run = subprocess.run(args, capture_output=True, check=False)
            other = json.loads(run.stdout)
            for failure in other.get("failures", []):
                del failure["detail"]
            differ = {key for key in report.keys() | other.keys() if report.get(key) != other.get(key)}
            ours, theirs = ({key: one.get(key) for key in sorted(differ)} for one in (report, other))
            self.result(f"{name}: the two programs differ", theirs, ours)
        return report


def code_of(check):
    try:
        check()
    except Bad as bad:
        return bad.args[0]
    return None


def replay(course, name, given, expect):
    leaves = course.entries[: given["prefix"]] + [bytes.fromhex(leaf) for leaf in given["leaves"]]
    raw = b"".join(len(leaf).to_bytes(4, "big") + leaf for leaf in leaves)
    course.both(name, course.folder({"entries": raw, "payloads": b"", "results.json": b'{"polls":[]}'}))
    run = Replay()
    code = code_of(lambda: [run.take(leaf) for leaf in leaves])
    if "code" in expect:
        course.result(name, {"code": code, "index": len(run.log.leaves)}, expect)
        return
    size = len(run.log.leaves)
    found = {"size": size, "root": run.log.root(size).hex()}
    if run.beyond is not None:
        found["beyond"] = run.beyond
    elif code is None:
        found["outcome"] = outcomes(run.state, size)[-1]
    course.result(name, found, expect)


def outcomes(state, size):
    found = ["ok"] * size
    for index in state.strays:
        found[index] = "ineligible"
    for poll in state.polls.values():
        for one in poll["ballots"]:
            found[one["index"]] = state.fate(poll, one)
    return found


def checkpoint(course, name, given, expect):
    course.both(name, course.folder({"checkpoint": given["note"].encode()}))
    root = bytes.fromhex(given["root"])
    check = lambda: check_note(given["note"], given["body"], given["size"], root, given["log_key"])
    course.result(name, {"code": code_of(check)}, expect)


def receipt(course, name, given, expect):
    anchor = course.work.parent / "receipt"
    anchor.write_text(given["text"], encoding="utf-8", newline="")
    course.both(name, course.folder({}), anchor=[anchor])
    check = lambda: Receipt(given["text"], "receipt.malformed").check(given["body"], given["log_key"])
    course.result(name, {"code": code_of(check)}, expect)


def refusal(course, name, given, expect):
    check = lambda: tickets.check_refusal(given["refusal"], given["body"], given["log_key"])
    course.result(name, {"code": code_of(check)}, expect)


def ticket(course, name, given, expect):
    found = {}
    try:
        tickets.read_ticket(given["text"])
    except tickets.Mistyped as bad:
        found = {"code": bad.args[0], "group": bad.group}
    except Bad as bad:
        found = {"code": bad.args[0]}
    course.result(name, found, expect)


def ballot_(course, name, given, expect):
    void = ballot(bytes.fromhex(given["payload"]), given["rule"]) is None
    course.result(name, {"code": "ballot.void" if void else None}, expect)


def export(course, name, given, expect):
    files = {}
    for file, change in given["files"].items():
        if change is None:
            files[file] = None
            continue
        path = course.example / file
        content = bytes.fromhex(change["set"]) if "set" in change else path.read_bytes() if path.exists() else b""
        content = content[: len(content) - change.get("drop", 0)] + bytes.fromhex(change.get("append", ""))
        files[file] = content
    first = course.both(name, course.folder(files))["failures"][:1]
    found = {"code": first[0]["code"], "index": first[0]["index"]} if first else {}
    course.result(name, {key: value for key, value in found.items() if value is not None}, expect)


def example(course, expected):
    """What is to be found in the worked example."""
    report = course.both("example", course.example, expected["body"])
    run = Replay()
    for leaf in course.entries:
        run.take(leaf)
    state, size = run.state, len(course.entries)
    found = {
        "body": report["body"],
        "size": report["entries"],
        "root": report["root"],
        "log_keys": [{"from_size": since, "key": key} for since, key in state.log_keys],
        "outcomes": [
            {
                "index": at,
                "kind": run.headers[at]["kind"],
                "outcome": outcome,
                "statement": next(one for one, index in run.ids.items() if index == at),
            }
            for at, outcome in enumerate(outcomes(state, size))
        ],
        "polls": [poll_of(poll) for poll in report["polls"]],
        "void": [one["index"] for one in report["void"]],
        "erased": [{"entry": entry, "by": by} for entry, by in sorted(state.erased.items())],
        "withheld": [one["index"] for one in report["missing"] if one["erased_by"] is None],
    }
    for key, value in found.items():
        course.result(f"example.json: {key}", value, expected[key])
    course.result("example: holds", (report["holds"], report["failures"]), (True, []))
    key = state.log_key(size)
    proof = Receipt(expected["receipt"]["text"], "receipt.malformed")
    course.result("example.json: receipt", code_of(lambda: proof.check(state.body, key)), None)
    course.result("example.json: receipt's entry", proof.leaf, course.entries[expected["receipt"]["index"]])
    refused = expected["refusal"]
    course.result("example.json: refusal", code_of(lambda: tickets.check_refusal(refused, state.body, key)), None)


def zips(course):
    """The example as a ZIP, as Python's own library writes it, and in forms that no reader may take."""
    files = {path.name: path.read_bytes() for path in sorted(course.example.iterdir()) if path.is_file()}

    def pack(more=(), method=zipfile.ZIP_STORED, without=None, comment=b""):
        into = io.BytesIO()
        with zipfile.ZipFile(into, "w", method) as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of names that are there twice
            archive.comment = comment
            for name, content in [*files.items(), *more]:
                if name != without:
                    archive.writestr(name, content)
        return into.getvalue()

    whole = pack()
    swapped = whole.replace(b"entries", b"Entries", 1)
    cases = [
        ("stored", whole, None),
        ("deflated", pack(method=zipfile.ZIP_DEFLATED), "export.malformed"),
        ("a name twice", pack([("entries", files["entries"])]), "export.malformed"),
        ("an absolute path", pack([("/entries", b"")]), "export.unknown_file"),
        ("a path with dots", pack([("../entries", b"")]), "export.unknown_file"),
        ("a path with dots among blobs", pack([("blobs/../entries", b"")]), "export.unknown_file"),
        ("a folder", pack([("blobs/", b"")]), "export.unknown_file"),
        ("an unknown file", pack([("notes.txt", b"")]), "export.unknown_file"),
        ("a name beyond ASCII", pack([("ghi chú", b"")]), "export.unknown_file"),
        ("a blob that is not its name", pack([("blobs/" + "0" * 64, b"")]), "export.malformed"),
        ("a blob", pack([("blobs/" + sha(b"blob").hex(), b"blob")]), None),
        ("without FORMAT", pack(without="FORMAT"), "export.io"),
        ("a comment", pack(comment=b"x"), "export.malformed"),
        ("bytes behind", whole + b"\n", "export.malformed"),
        ("bytes before", b"\n" + whole, "export.malformed"),
        ("another name in the directory", swapped, "export.malformed"),
        ("cut off", whole[:-1], "export.malformed"),
        ("empty", b"", "export.malformed"),
    ]
    path = course.work.parent / "export.zip"
    for name, content, code in cases:
        path.write_bytes(content)
        found = [failure["code"] for failure in course.both(f"zip: {name}", path)["failures"]]
        course.result(f"zip: {name}", found, [code] if code else [])
    for at in range(len(whole) - 600, len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        course.both(f"zip: byte {at}", path)


def poll_of(poll):
    told = {key: poll[key] for key in ("poll", "opened", "closed")}
    known = poll["result"] not in ("open", "recalled", "unverifiable")
    return told | {"verifiable": known, "tally": {key: poll[key] for key in TALLY} if known else None}


def tallies(course, cases):
    for case in cases:
        given, rule = case["given"], case["rule"]
        voters = [word for word in ("yes", "no", "abstain", "other") for _ in range(given[word])]
        answers = {member: {"choice": word} for member, word in enumerate(voters)}
        tie = next((member for member, word in enumerate(voters) if word == given["tie_member_choice"]), None)
        course.result(
            f"tally.json: {case['description']}",
            tally(rule, given["n"], given["present"], tie, answers),
            case["result"],
        )


KINDS = {
    "replay": replay,
    "checkpoint": checkpoint,
    "receipt": receipt,
    "refusal": refusal,
    "ticket": ticket,
    "ballot": ballot_,
    "export": export,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("vectors", type=pathlib.Path)
    parser.add_argument("exports", type=pathlib.Path, nargs="*")
    parser.add_argument("--program", type=pathlib.Path)
    args = parser.parse_intermixed_args()
    with tempfile.TemporaryDirectory() as work:
        course = Course(args.vectors / "example", args.program, pathlib.Path(work) / "export")
        example(course, json.loads((args.vectors / "example.json").read_text("utf-8")))
        tallies(course, json.loads((args.vectors / "tally.json").read_text("utf-8")))
        zips(course)
        for path in sorted((args.vectors / "negative").glob("*.json")) + sorted((args.vectors / "edge").glob("*.json")):
            vector = json.loads(path.read_text("utf-8"))
            KINDS[vector["about"]](course, f"{path.parent.name}/{path.stem}", vector["given"], vector["expect"])
        for folder in args.exports:
            report = course.both(str(folder), folder)
            course.result(f"{folder}: holds", report["failures"], [])
    print(f"{course.passed} passed, {course.failed} failed")
    return 1 if course.failed else 0


if __name__ == "__main__":
    sys.exit(main())
