"""Ed25519 as rule 4 has it."""

import functools

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(a, b):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    m, n = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * D * t1 * t2 % P, 2 * z1 * z2 % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


@functools.cache
def valid_key(key):
    """Canonical and in the prime-order subgroup without the identity."""
    number = int.from_bytes(bytes.fromhex(key), "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return False
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square or (x == 0 and sign):
        return False
    x = P - x if x % 2 != sign else x
    point, product, n = (x, y, 1, x * y % P), (0, 1, 1, 0), L
    while n:
        product = add(product, point) if n & 1 else product
        point, n = add(point, point), n >> 1
    return (x, y) != (0, 1) and product[0] % P == 0 and (product[1] - product[2]) % P == 0


def signed(key, message, signature):
    """R and S as bytes; S below the order, no cofactor, R compared as bytes."""
    if len(signature) != 64 or int.from_bytes(signature[32:], "little") >= L:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, message)
    except InvalidSignature:
        return False
    return True
