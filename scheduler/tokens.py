"""Secrets that open something: log-ins, links, feeds. Their holder has them, the database only a hash."""

import hashlib
import secrets

TOKEN_BYTES = 32  # 256 random bits; ASVS 7.2.3 asks for at least 128.


def new_token() -> str:
    """A fresh secret, safe in a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is stored: SHA-256 in hex. A random secret needs no salt and no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
