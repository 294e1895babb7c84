"""The shortest way to "you have it already": nothing at all was committed since the same program was told so.

What was found out about an address holds while the database's mark is the same (`db/mark.py`): nobody revoked
it, nothing in it moved. It is forgotten after a minute all the same, because an address can end by time
alone, and because the fetch has to be noted.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from weakref import WeakKeyDictionary

from scheduler.features.calendars.feeds.answer import Tag
from scheduler.tokens import token_hash

HOLDS = timedelta(minutes=1)
MOST = 10_000


@dataclass(frozen=True)
class Told:
    """What the holder of a token was told, under which mark, and until when it holds."""

    mark: str
    until: datetime
    tag: Tag


_told: WeakKeyDictionary[object, OrderedDict[str, Told]] = WeakKeyDictionary()
_lock = Lock()


def told_before(database: object, token: str, mark: str | None, now: datetime) -> Tag | None:
    """The tag of the feed, where it is certain without asking for more."""
    with _lock:
        found = _told.get(database, OrderedDict()).get(token_hash(token))
    if found is None or mark is None or found.mark != mark or now >= found.until:
        return None
    return found.tag


def remember(database: object, token: str, mark: str | None, read_at: datetime, tag: Tag) -> None:
    """Keep what was told; `mark` is from before the reading, `read_at` when the fetch was noted last."""
    if mark is None:
        return
    with _lock:
        kept = _told.setdefault(database, OrderedDict())
        kept[token_hash(token)] = Told(mark, read_at + HOLDS, tag)
        kept.move_to_end(token_hash(token))
        if len(kept) > MOST:
            kept.popitem(last=False)
