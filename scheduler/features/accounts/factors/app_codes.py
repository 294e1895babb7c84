"""The codes of an authenticator app (RFC 6238): six digits, a new one every half minute. Pure.

A code is taken in its half minute, the one before and the one after, because phones' clocks differ. It is
taken once: whoever reads it over a shoulder comes too late.
"""

import base64
from datetime import datetime

import pyotp
import segno
from pyotp.utils import strings_equal

STEP_SECONDS = 30
DIGITS = 6
DRIFT = 1
SECRET_BYTES = 20  # RFC 4226 recommends 160 bits.


def secret_from(entropy: bytes) -> str:
    """A secret as apps take it, in base32, from at least 20 random bytes."""
    return base64.b32encode(entropy[:SECRET_BYTES]).decode("ascii")


def step_of(at: datetime) -> int:
    """The half minute of an instant, counted from 1970."""
    return int(at.timestamp()) // STEP_SECONDS


def fitting_step(secret: str, code: str, at: datetime, after: int = 0) -> int | None:
    """Which half minute `code` is of; None where it is none near `at`, or none later than `after`."""
    app = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    now = step_of(at)
    fits = [
        step for step in range(now - DRIFT, now + DRIFT + 1) if strings_equal(app.generate_otp(step), code)
    ]
    return next((step for step in fits if step > after), None)


def qr_code(secret: str, email: str, issuer: str) -> str:
    """The picture that a phone reads the secret from, as an address that an <img> shows."""
    app = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    words = app.provisioning_uri(name=email, issuer_name=issuer)
    return segno.make(words, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")


def grouped(secret: str) -> str:
    """The secret for somebody who types it: four letters and a gap."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
