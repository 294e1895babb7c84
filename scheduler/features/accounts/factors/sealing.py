"""The secret of an authenticator app at rest, and secrets that need no row.

A code can be checked only by whoever knows the secret, so it can't be stored as a hash. It is stored
encrypted under a key made from the application's own (SECRET_KEY), bound to the person: a copy of the
database alone makes no codes, and a row that is moved to somebody else opens nothing. Whoever changes
SECRET_KEY has to set up all apps anew.

What is offered before it is confirmed, the secret behind a QR code or the challenge for a passkey, is not
stored at all: it follows from the application's key and the random token of the log-in, so a page that was
opened and left behind leaves nothing.
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12  # NIST SP 800-38D: what GCM is made for.


def sealed(secret: str, user_id: int, key: str) -> bytes:
    """The secret of `user_id` for the database."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_key(key)).encrypt(nonce, secret.encode("ascii"), _whose(user_id))


def opened(body: bytes, user_id: int, key: str) -> str | None:
    """The secret again; None under another key, or where it was somebody else's."""
    try:
        plain = AESGCM(_key(key)).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], _whose(user_id))
    except InvalidTag:
        return None
    return plain.decode("ascii")


def derived(use: str, token: str, stamp: object, key: str) -> bytes:
    """32 bytes that nobody else can guess, for one `use` in the log-in with `token`.

    They change with `stamp`, such as how many keys there are already.
    """
    return hmac.new(_key(key), f"{use}\0{token}\0{stamp}".encode(), hashlib.sha256).digest()


def _key(key: str) -> bytes:
    return hmac.new(key.encode(), b"sixfold second factor", hashlib.sha256).digest()


def _whose(user_id: int) -> bytes:
    return f"user {user_id}".encode()
