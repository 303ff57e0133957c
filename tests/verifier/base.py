"""What all parts use: refusals by code, SHA-256, base64."""

import base64
import binascii
import hashlib


class Bad(Exception):
    """What does not hold, by its code."""


def require(holds, code):
    if not holds:
        raise Bad(code)


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def from_base64(text):
    """Rule 1: exactly what encoding its own bytes gives."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    return raw if base64.b64encode(raw).decode() == text else None
