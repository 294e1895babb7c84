"""What hangs on a member of staff who leaves: log-ins, addresses of programs, shifts to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from scheduler.errors import NotFoundError
from scheduler.features.accounts.actions.sessions import OPENED
from scheduler.features.accounts.factors.queries import factors_of
from scheduler.models import (
    AccessToken,
    AuditEvent,
    DutyException,
    DutyPattern,
    Feed,
    Role,
    Site,
    StaffSession,
    User,
)


@dataclass(frozen=True)
class Person:
    """A member of staff as the settings' pages show them. `has_come` once they have signed in."""

    id: int
    name: str
    email: str
    roles: frozenset[Role]
    site_id: int | None
    left_at: datetime | None
    is_demo: bool
    has_factor: bool
    has_come: bool


@dataclass(frozen=True)
class Hanging:
    """How many open log-ins, tokens and calendar addresses in use, shifts or single days from a day on."""

    log_ins: int
    tokens: int
    shifts: int
    feeds: int

    @property
    def words(self) -> Sequence[str]:
        """What ends, each as half a sentence; empty where nothing hangs on them."""
        counted = (
            (self.log_ins, "open log-in", "open log-ins"),
            (self.tokens, "address of a program or wall screen", "addresses of programs or wall screens"),
            (self.feeds, "calendar address", "calendar addresses"),
            (
                self.shifts,
                "shift of the weekly plan or single day",
                "shifts of the weekly plan or single days",
            ),
        )
        return [f"{count} {one if count == 1 else many}" for count, one, many in counted if count]


def person_of(session: Session, user_id: int) -> Person:
    """One member of staff, here or gone. Raises NotFoundError."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError("There is no such member of staff. Choose somebody from the list.")
    came = (AuditEvent.entity == "user", AuditEvent.entity_id == user.id, AuditEvent.action == OPENED)
    return Person(
        user.id,
        user.name,
        user.email,
        user.role_set,
        user.site_id,
        user.disabled_at,
        user.is_demo,
        has_factor=factors_of(session, user.id).has_any,
        has_come=session.scalar(select(AuditEvent.id).where(*came).limit(1)) is not None,
    )


def hanging_on(session: Session, user_id: int, at: datetime, day: date) -> Hanging:
    """What ends when they leave on `day`."""

    def count(*where: object) -> int:
        return session.scalar(select(func.count()).where(*where)) or 0  # type: ignore[arg-type]

    return Hanging(
        log_ins=count(
            StaffSession.user_id == user_id, StaffSession.ended_at.is_(None), StaffSession.ends_at > at
        ),
        tokens=count(
            AccessToken.created_by_id == user_id,
            AccessToken.revoked_at.is_(None),
            or_(AccessToken.expires_at.is_(None), AccessToken.expires_at > at),
        ),
        shifts=count(
            DutyPattern.user_id == user_id,
            or_(DutyPattern.valid_until.is_(None), DutyPattern.valid_until >= day),
        )
        + count(DutyException.user_id == user_id, DutyException.day >= day),
        feeds=count(Feed.user_id == user_id, Feed.revoked_at.is_(None)),
    )


def site_choices(session: Session) -> list[tuple[str, str]]:
    """The sites in use, for a select field, "" for none."""
    rows = session.scalars(select(Site).where(Site.archived_at.is_(None)).order_by(Site.name, Site.id))
    return [("", "No usual site"), *((str(row.id), row.name) for row in rows)]
