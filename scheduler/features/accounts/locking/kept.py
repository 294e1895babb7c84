"""The fields of a kept form, encrypted for a key that only the sender's browser holds.

The database keeps what it can't read, the browser a key to what it hasn't got. So whoever stands before the
locked page reads nothing of it, nor does whoever reads the database, nor the next person who signs in: their
log-in begins with a new cookie.
"""

import json
from dataclasses import dataclass

from pyrage import DecryptError, IdentityError, decrypt, encrypt, x25519
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import KeptForm

Fields = list[tuple[str, str]]


def new_key() -> str:
    """A key for a browser to hold."""
    return str(x25519.Identity.generate())


def sealed(fields: Fields, key: str) -> bytes:
    """The fields for the database."""
    return encrypt(json.dumps(fields).encode(), [x25519.Identity.from_str(key).to_public()])


def opened(body: bytes, key: str) -> Fields | None:
    """The fields again; None under another key."""
    try:
        plain = decrypt(body, [x25519.Identity.from_str(key)])
    except (DecryptError, IdentityError):
        return None
    return [(str(name), str(value)) for name, value in json.loads(plain)]


@dataclass(frozen=True)
class Kept:
    """A kept form with its fields as they were typed; `page` is the path that it stood on."""

    form_id: int
    page: str
    fields: Fields


def kept_for(session: Session, user_id: int, key: str) -> list[Kept]:
    """What is kept for a person and can be read with the key of their browser, the newest first."""
    rows = session.scalars(select(KeptForm).where(KeptForm.user_id == user_id).order_by(KeptForm.id.desc()))
    read = [(row, opened(row.body, key)) for row in rows]
    return [Kept(row.id, row.page, fields) for row, fields in read if fields is not None]
