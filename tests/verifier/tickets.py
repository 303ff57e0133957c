"""Tickets in groups and signed refusals (rules 11 and 16): not part of an export, but of the vectors."""

from base import Bad, require
from ed25519 import signed
from form import HEX32, HEX64, integer, record, string

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFUSAL = record(statement=HEX32, time=integer, size=integer, code=string, signature=HEX64)


class Mistyped(Bad):
    """A group, from 1, that does not check."""

    def __init__(self, group):
        super().__init__("ticket.mistyped")
        self.group = group


def ungroup(text):
    """The bytes behind groups, the last one padded with zero bits at most."""
    digits = []
    for letter in text:
        if letter.isspace() or letter == "-":
            continue
        letter = letter.upper() if letter.isascii() else "?"
        letter = {"O": "0", "I": "1", "L": "1"}.get(letter, letter)
        if letter not in ALPHABET:
            raise Mistyped(len(digits) // 4 + 1)
        digits.append(ALPHABET.index(letter))
    require(digits and len(digits) % 4 == 0, "ticket.not_whole")
    number = 0
    for group in range(len(digits) // 4):
        a, b, c, check = digits[4 * group : 4 * group + 4]
        if (3 * a + 7 * b + 11 * c + 5 * group + 1) % 32 != check:
            raise Mistyped(group + 1)
        number = number << 15 | a << 10 | b << 5 | c
    bits = len(digits) // 4 * 15
    require(number & (1 << bits % 8) - 1 == 0, "ticket.not_whole")
    return (number >> bits % 8).to_bytes(bits // 8, "big")


def read_ticket(text):
    """Server, first halves of body and ca, secret."""
    text = text.strip().removeprefix("ecabinet://join/").rstrip("/")
    raw = ungroup(text)
    require(len(raw) > 50 and raw[0] == 1, "ticket.not_whole")
    server, filling = raw[50 : 50 + raw[49]], raw[50 + raw[49] :]
    require(raw[49] and len(server) == raw[49] and len(filling) <= 2 and not any(filling), "ticket.not_whole")
    try:
        return server.decode("utf-8"), raw[1:17].hex(), raw[17:33].hex(), raw[33:49].hex()
    except UnicodeDecodeError:
        raise Bad("ticket.not_whole") from None


def check_refusal(refusal, body, key):
    require(REFUSAL(refusal) and refusal["code"].isascii(), "refusal.not_signed")
    numbers = refusal["time"].to_bytes(8, "big") + refusal["size"].to_bytes(8, "big")
    message = (
        b"ecabinet/v1/refusal\n"
        + bytes.fromhex(body)
        + bytes.fromhex(refusal["statement"])
        + numbers
        + refusal["code"].encode()
    )
    require(signed(key, message, bytes.fromhex(refusal["signature"])), "refusal.not_signed")
