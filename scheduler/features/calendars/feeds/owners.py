"""Whose a feed is, and whether its address still opens.

An address ends in two ways: somebody revokes it, or its owner ends. The second is read from the owner's row
each time, so that nothing has to be remembered when somebody leaves or a chair is retired.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from scheduler.db.base import Instant
from scheduler.models import Chair, Feed, Infusion, InfusionStatus, Patient, Site, User
from scheduler.tokens import token_hash

Kind = Literal["patient", "user", "chair", "site"]
AFTER_LAST_VISIT = timedelta(days=60)


@dataclass(frozen=True)
class Owner:
    """Whose calendar: a patient's, a clinician's, a chair's or a site's."""

    kind: Kind
    id: int

    @property
    def column(self) -> str:
        """The column of a feed that names the owner."""
        return f"{self.kind}_id"

    @property
    def mine(self) -> ColumnElement[bool]:
        """That a feed is the owner's."""
        return getattr(Feed, self.column) == self.id


@dataclass(frozen=True)
class LiveFeed:
    """A feed whose address opens."""

    id: int
    owner: Owner
    last_read_at: datetime | None


@dataclass(frozen=True)
class FeedLine:
    """What a page says of the address in use; instants in UTC. It never holds the address itself."""

    feed_id: int
    created_at: datetime
    last_read_at: datetime | None
    last_agent: str | None


def find(session: Session, token: str, now: datetime) -> LiveFeed | None:
    """The feed behind a token, or None where it is unknown, revoked or over."""
    row = session.execute(BY_TOKEN, {"now": now, "hash": token_hash(token)}).one_or_none()
    if row is None or (row.patient_id is not None and _is_over(session, row.patient_id, row.created_at, now)):
        return None
    return LiveFeed(row.id, _owner(row._mapping), row.last_read_at)


def lines(session: Session, kind: Kind, now: datetime) -> dict[int, FeedLine]:
    """The addresses in use of all owners of one kind, by the owner's id."""
    column = Owner(kind, 0).column
    query = LIVING.where(getattr(Feed, column).is_not(None)).order_by(Feed.id)
    rows = session.execute(query, {"now": now})
    return {row._mapping[column]: _line(row._mapping) for row in rows}


def line_of(session: Session, owner: Owner, now: datetime) -> FeedLine | None:
    """The address that one owner has in use."""
    query = LIVING.where(owner.mine).order_by(Feed.id.desc()).limit(1)
    row = session.execute(query, {"now": now}).one_or_none()
    if row is None or (owner.kind == "patient" and _is_over(session, owner.id, row.created_at, now)):
        return None
    return _line(row._mapping)


def _living() -> Select[*tuple[Any, ...]]:
    """Feeds that nobody revoked, whose owner is still there `now`."""
    return (
        select(
            Feed.id,
            Feed.patient_id,
            Feed.user_id,
            Feed.chair_id,
            Feed.site_id,
            Feed.created_at,
            Feed.last_read_at,
            Feed.last_agent,
        )
        .outerjoin(Patient, Patient.id == Feed.patient_id)
        .outerjoin(User, User.id == Feed.user_id)
        .outerjoin(Chair, Chair.id == Feed.chair_id)
        .outerjoin(Site, Site.id == func.coalesce(Feed.site_id, Chair.site_id))
        .where(
            Feed.revoked_at.is_(None),
            Patient.archived_at.is_(None),
            User.disabled_at.is_(None),
            or_(Chair.retired_at.is_(None), Chair.retired_at > bindparam("now", type_=Instant)),
            Site.archived_at.is_(None),
        )
    )


LIVING = _living()
BY_TOKEN = LIVING.where(Feed.token_hash == bindparam("hash"))
"""Made once: programs ask so often that putting the question together would cost more than its answer."""


def _is_over(session: Session, patient_id: int, made: datetime, now: datetime) -> bool:
    """Whether the last visit lies 60 days back; where there never was one, the making of the address."""
    since = now - AFTER_LAST_VISIT
    stands = and_(Infusion.patient_id == patient_id, Infusion.status != InfusionStatus.CANCELLED)
    last = session.scalar(select(Infusion.ends_at).where(stands).order_by(Infusion.starts_at.desc()).limit(1))
    return (last or made) < since


def _owner(row: Mapping[Any, Any]) -> Owner:
    kinds: tuple[Kind, ...] = ("patient", "user", "chair", "site")
    kind = next(kind for kind in kinds if row[Owner(kind, 0).column] is not None)
    return Owner(kind, row[Owner(kind, 0).column])


def _line(row: Mapping[Any, Any]) -> FeedLine:
    return FeedLine(row["id"], row["created_at"], row["last_read_at"], row["last_agent"])
