"""What pages keep of the capacity between requests: sites, protocol versions, and the planner's ground.

Capacity changes a few times a week and is read by every proposal. Each process keeps what it made from it,
under the stamp that the database raises with every change (migration 0003): one small query tells whether it
still holds. The rows are kept detached and are only ever read.

The stamp is read first. Where a change slips in between, what is kept is newer than its stamp, and the
next request makes it anew; it is never older. A session that sees one state only asks once. A transaction
that changes capacity itself must not ask here before it has committed: what it sees might be rolled back.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Lock
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, select
from sqlalchemy.orm import Session

from scheduler.db.database import ONE_STATE
from scheduler.features.capacity.ground import clinic_of, known_versions
from scheduler.features.capacity.queries import current_protocols, sites
from scheduler.models import CapacityStamp, ProtocolVersion, Site
from scheduler.planning import Clinic, Ground, prepare

WEEKS = 12
GROUNDS = 8
PARTS = 64
SEEN = "kept"
T = TypeVar("T")


@dataclass
class Kept:
    """Everything that holds under one stamp.

    `grounds` is by sites and first Monday, `parts` by site and Monday (`kept_week`); last used last.
    """

    stamp: int
    sites: tuple[Site, ...]
    protocols: tuple[ProtocolVersion, ...]
    versions: tuple[ProtocolVersion, ...]
    grounds: OrderedDict[tuple[tuple[int, ...], date], tuple[Clinic, Ground]] = field(
        default_factory=OrderedDict
    )
    parts: OrderedDict[tuple[int, date], Any] = field(default_factory=OrderedDict)


_kept: WeakKeyDictionary[Pool, Kept] = WeakKeyDictionary()
_lock = Lock()


def kept(session: Session) -> Kept:
    """The sites in use, the newest protocol versions and all versions, as they stand now."""
    seen: Kept | None = session.info.get(SEEN)
    if seen is not None:
        return seen
    pool = session.connection().engine.pool
    stamp = session.scalar(select(CapacityStamp.version)) or 0
    with _lock:
        found = _kept.get(pool)
    if found is None or found.stamp != stamp:
        found = _load(session, stamp)
        with _lock:
            _kept[pool] = found
    if session.info.get(ONE_STATE):
        session.info[SEEN] = found
    return found


def _load(session: Session, stamp: int) -> Kept:
    """Read everything by a session of its own: a rollback of the caller's would empty what is kept."""
    with Session(session.connection(), autoflush=False) as own:
        versions = tuple(known_versions(own))
        found = Kept(stamp, tuple(sites(own)), tuple(current_protocols(own)), versions)
        own.expunge_all()
    return found


def kept_ground(session: Session, places: Sequence[Site], first: date, last: date) -> tuple[Clinic, Ground]:
    """The capacity of sites of one time zone, prepared for at least `first` to `last`."""
    found = kept(session)
    monday = first - timedelta(days=first.weekday())
    end = max(last, monday + timedelta(weeks=WEEKS, days=-1))
    key = (tuple(site.id for site in places), monday)
    with _lock:
        pair = found.grounds.get(key)
    if pair is None or _ends(pair[0]) < last:
        clinic = clinic_of(session, places, found.versions, monday, end)
        pair = clinic, prepare(clinic)
    with _lock:
        found.grounds[key] = pair
        found.grounds.move_to_end(key)
        while len(found.grounds) > GROUNDS:
            found.grounds.popitem(last=False)
    return pair


def kept_under(found: Kept, key: tuple[int, date], make: Callable[[], T]) -> T:
    """What `make` gave for a site and a Monday, made at most once while `found` holds and it is in use."""
    with _lock:
        part = found.parts.get(key)
    if part is None:
        part = make()
    with _lock:
        found.parts[key] = part
        found.parts.move_to_end(key)
        while len(found.parts) > PARTS:
            found.parts.popitem(last=False)
    return cast(T, part)


def _ends(clinic: Clinic) -> date:
    return clinic.horizon_start + timedelta(days=clinic.horizon_days - 1)
