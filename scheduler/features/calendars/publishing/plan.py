"""What has to be done so that a published calendar is right. Pure.

Three things are held side by side: what should stand there, what we put there (and the server's tag for it),
and what stands there now. An entry that we never put is nobody's business here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Put:
    """One entry as we wrote it: the digest of its bytes, and the server's tag (None: it gave none)."""

    digest: str
    tag: str | None


@dataclass(frozen=True)
class Plan:
    """What to write and to delete, by UID, each with the tag that stands there (None: nothing does)."""

    write: Mapping[str, str | None]
    delete: Mapping[str, str | None]


def plan_of(wanted: Mapping[str, bytes], known: Mapping[str, Put], there: Mapping[str, str]) -> Plan:
    """Compare. `there` holds the tags by file name, the others are by UID."""
    write = {
        uid: there.get(file_name(uid))
        for uid, body in wanted.items()
        if uid not in known
        or known[uid].digest != digest(body)
        or known[uid].tag is None
        or known[uid].tag != there.get(file_name(uid))
    }
    delete = {uid: there.get(file_name(uid)) for uid in known if uid not in wanted}
    return Plan(write, delete)


def file_name(uid: str) -> str:
    """The name of an entry's file on the server."""
    return f"{uid.partition('@')[0]}.ics"


def digest(body: bytes) -> str:
    """What tells one revision of an entry from another."""
    return sha256(body).hexdigest()
