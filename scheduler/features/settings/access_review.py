"""Who may do what, with what, and when they last did: what an administrator goes through now and then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import Session

from scheduler.features.accounts.actions.sessions import OPENED
from scheduler.features.accounts.factors.needs import asked_of_all, must_have
from scheduler.features.accounts.roles import role_line
from scheduler.features.settings.queries import local_time
from scheduler.models import (
    AccessReview,
    AccessToken,
    AccountLink,
    AuditEvent,
    AuthenticatorApp,
    Feed,
    Passkey,
    RecoveryCode,
    StaffSession,
    User,
)


@dataclass(frozen=True)
class Line:
    """One open account. `factor` is in words; `lacks_factor` where the next log-in has to set one up.

    `last` is when it was last used (local), None for never; `invited` that an invitation still waits.
    """

    user_id: int
    name: str
    email: str
    roles: str
    is_demo: bool
    factor: str
    lacks_factor: bool
    last: datetime | None
    log_ins: int
    tokens: int
    feeds: int
    invited: bool


@dataclass(frozen=True)
class Review:
    """All open accounts by name, and who reviewed them last, when (local)."""

    lines: Sequence[Line]
    reviewed_at: datetime | None
    reviewed_by: str


def access_of_all(session: Session, at: datetime) -> Review:
    """Everybody who may sign in."""
    for_all, zone = asked_of_all(session), local_time(session, at).tzinfo
    rows = session.execute(_statement(at)).all()
    last = session.execute(
        select(AccessReview.reviewed_at, User.name)
        .outerjoin(User, User.id == AccessReview.reviewed_by_id)
        .order_by(AccessReview.id.desc())
        .limit(1)
    ).one_or_none()
    return Review(
        [_line(row, zone, for_all=for_all) for row in rows],
        last.reviewed_at.astimezone(zone) if last else None,
        (last.name or "somebody who has left") if last else "",
    )


def _statement(at: datetime) -> Any:
    def count(*where: ColumnElement[bool]) -> ScalarSelect[int]:
        return select(func.count()).where(*where).correlate(User).scalar_subquery()

    seen = select(func.max(StaffSession.last_seen_at)).where(StaffSession.user_id == User.id)
    came = select(func.max(AuditEvent.at)).where(  # Log-ins that ended long ago are not kept; the trail is.
        AuditEvent.entity == "user", AuditEvent.entity_id == User.id, AuditEvent.action == OPENED
    )
    return (
        select(
            User,
            seen.correlate(User).scalar_subquery().label("seen"),
            came.correlate(User).scalar_subquery().label("came"),
            count(AuthenticatorApp.user_id == User.id).label("apps"),
            count(Passkey.user_id == User.id).label("keys"),
            count(RecoveryCode.user_id == User.id, RecoveryCode.used_at.is_(None)).label("codes"),
            count(
                StaffSession.user_id == User.id, StaffSession.ended_at.is_(None), StaffSession.ends_at > at
            ).label("log_ins"),
            count(
                AccessToken.created_by_id == User.id,
                AccessToken.revoked_at.is_(None),
                or_(AccessToken.expires_at.is_(None), AccessToken.expires_at > at),
            ).label("tokens"),
            count(Feed.user_id == User.id, Feed.revoked_at.is_(None)).label("feeds"),
            count(
                AccountLink.user_id == User.id,
                AccountLink.kind == "invitation",
                AccountLink.closed_at.is_(None),
                AccountLink.ends_at > at,
            ).label("invitations"),
        )
        .where(User.disabled_at.is_(None))
        .order_by(User.name, User.id)
    )


def _line(row: Any, zone: tzinfo | None, *, for_all: bool) -> Line:
    user: User = row.User
    words = ["app"] * row.apps + [f"{row.keys} passkey{'s' * (row.keys > 1)}"] * (row.keys > 0)
    has_any, last = bool(words), row.seen or row.came
    if has_any:
        words.append(f"{row.codes} codes left")
    return Line(
        user_id=user.id,
        name=user.name,
        email=user.email,
        roles=role_line(user.role_set),
        is_demo=user.is_demo,
        factor=", ".join(words) or "none",
        lacks_factor=not has_any and must_have(user.role_set, is_demo=user.is_demo, for_all=for_all),
        last=last.astimezone(zone) if last else None,
        log_ins=row.log_ins,
        tokens=row.tokens,
        feeds=row.feeds,
        invited=bool(row.invitations),
    )
