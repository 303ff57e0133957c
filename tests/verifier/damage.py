"""Damage that a lax reader might pass over."""

import json

ODD = [
    "null",
    "[]",
    "{}",
    "true",
    "0",
    "1",
    "-1",
    "1.0",
    "1e2",
    "9007199254740991",
    "9007199254740992",
    "01",
    "-0",
    "18446744073709551616",
    '""',
    '"x"',
    '"' + "0" * 32 + '"',
    '"' + "0" * 64 + '"',
    '"' + "A" * 32 + '"',
    "NaN",
    "[null]",
    "[[]]",
    '{"a":1}',
    '"all"',
    '"member"',
    '"present"',
    '["yes","no"]',
    '["yes","yes"]',
    '["option","no"]',
    '["yes","abstain"]',
    '{"count":2,"most":1}',
    '{"yes":1,"no":0,"abstain":0,"other":0}',
    '["staff:' + "0" * 32 + '"]',
    '"option"',
    "[1]",
    "false",
    '{"yes":null}',
    '"\\u0061"',
    '"\x7f"',
    '"é"',
    " 1 ",
]


def damage(raw, dice):
    """Something a reader might be lax about, at a random place."""
    how, at = dice.randrange(8), dice.randrange(len(raw))
    breaks = [n for n, byte in enumerate(raw) if byte == ord("\n")]
    if how == 7 and breaks:
        at = dice.choice(breaks)
        return raw[:at] + dice.choice((b"\r\n", b"\n\n", b" \n", b"=\n", b"", b"\n0", b"\n+")) + raw[at + 1 :]
    places = [n for n, byte in enumerate(raw) if byte == ord(":") and n + 1 < len(raw)]
    if how <= 2 and places:  # another value behind a colon
        start = dice.choice(places) + 1
        return raw[:start] + dice.choice(ODD).encode() + raw[value_end(raw, start) :]
    if how == 3 and places:  # an object as the array of its values
        text = raw.decode("utf-8", "replace")
        try:
            value = json.loads(text)
        except ValueError:
            return raw
        inner = [key for key in value if isinstance(value[key], dict)] if isinstance(value, dict) else []
        if not inner:
            return raw
        parent = dice.choice(inner)
        value[parent] = list(value[parent].values())
        return json.dumps(value, separators=(",", ":")).encode()
    if how == 4:  # a key twice, or one more
        extra = dice.choice(
            (
                b'"v":1,',
                b'"zzz":1,',
                b'"kind":"x",',
                b'"choice":"yes",',
                b'"text":null,',
                b'"num":1,',
                b'"rev":"0",',
                b'"silent":true,',
                b'"hard":true,',
                b'"room":false,',
                b'"positions":true,',
                b'"yes":["yes"],',
                b'"options":[1],',
                b'"options":{"count":2,"most":1},',
                b'"members":[],',
                b'"agency":"chair",',
                b'"approver":"chair",',
                b'"for":"' + b"0" * 32 + b'",',
                b'"by":"' + b"0" * 32 + b'",',
                b'"hands":1,',
                b'"favour":1,',
                b'"advice":"",',
                b" ",
            )
        )
        at = dice.choice([n for n, byte in enumerate(raw) if byte == ord("{")] or [0]) + 1
        return raw[:at] + extra + raw[at:]
    if how == 5:
        return raw[:at] + bytes([raw[at] ^ 1 << dice.randrange(8)]) + raw[at + 1 :]
    inside, behind = (b" ", b"\n", b"\r", b"\t", b"\\", b""), (b"", b"", b" ", b"\n", b"x", b"\r\n")
    return raw[:at] + dice.choice(inside) + raw[at:] + dice.choice(behind)


def value_end(raw, start):
    """Where the JSON value that starts there ends, roughly."""
    depth = 0
    for at in range(start, len(raw)):
        byte = raw[at : at + 1]
        if byte in b"[{":
            depth += 1
        elif byte in b"]}" or byte == b",":
            if depth == 0:
                return at
            depth -= byte in b"]}"
    return len(raw)
