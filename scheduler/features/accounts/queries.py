"""Reading staff and their log-ins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from scheduler.features.accounts.locking.watch import USUAL_LOCK, Limits, Stage, Watch
from scheduler.features.accounts.roles import role_line
from scheduler.features.accounts.throttle import normal_email
from scheduler.models import (
    AccessRules,
    AccessToken,
    EmergencyAccess,
    Role,
    Site,
    StaffSession,
    User,
    UserRole,
)
from scheduler.tokens import token_hash


@dataclass(frozen=True)
class LiveSession:
    """A log-in that is open or locked now, and whose it is.

    `proved_at` is when the password was last given in it, None for never. `site_tz` is None where their site
    is no longer in use, `emergency_id` names the chart that they have open in an emergency.
    """

    session_id: int
    watch: Watch
    limits: Limits
    is_locked: bool
    has_pin: bool
    proved_at: datetime | None
    emergency_id: int | None
    user_id: int
    name: str
    roles: frozenset[Role]
    site_id: int | None
    site_name: str | None
    site_tz: str | None
    is_demo: bool


@dataclass(frozen=True)
class DemoLogin:
    """A log-in of the demo clinic as people are shown it: `key` on the terminal, `role` on the page."""

    key: str
    role: str
    email: str
    name: str


_OPEN_CHART = (
    select(func.max(EmergencyAccess.id))
    .where(
        EmergencyAccess.user_id == User.id,
        EmergencyAccess.ended_at.is_(None),
        EmergencyAccess.ends_at > bindparam("at"),
    )
    .correlate(User)
    .scalar_subquery()
)
# Asked by every request: bare columns, the roles in the same look, and put together once.
_LIVE = (
    select(
        StaffSession.id.label("session_id"),
        StaffSession.last_seen_at,
        StaffSession.ends_at,
        StaffSession.locked_at,
        StaffSession.wrong_pins,
        StaffSession.proved_at,
        select(AccessRules.lock_minutes).scalar_subquery().label("lock_minutes"),
        _OPEN_CHART.label("emergency_id"),
        User.pin_hash.is_not(None).label("has_pin"),
        User.id.label("user_id"),
        User.name,
        User.site_id,
        User.is_demo,
        Site.name.label("site_name"),
        Site.tz,
        Site.archived_at,
        UserRole.role,
    )
    .join(User, User.id == StaffSession.user_id)
    .outerjoin(Site, Site.id == User.site_id)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .where(
        StaffSession.token_hash == bindparam("token_hash"),
        StaffSession.ended_at.is_(None),
        User.disabled_at.is_(None),
    )
    .order_by(UserRole.role)
)


def live_session(session: Session, token: str, at: datetime, idle: timedelta) -> LiveSession | None:
    """The log-in behind `token`, or None where there is none, it has ended, or its time is up."""
    rows = session.execute(_LIVE, {"token_hash": token_hash(token), "at": at}).all()
    if not rows:
        return None
    found = rows[0]
    watch = Watch(found.last_seen_at, found.ends_at, found.locked_at, found.wrong_pins)
    limits = limits_of(found.lock_minutes, idle)
    stage = watch.stage(at, limits)
    if stage is Stage.OVER:
        return None
    return LiveSession(
        session_id=found.session_id,
        watch=watch,
        limits=limits,
        is_locked=stage is Stage.LOCKED,
        has_pin=found.has_pin,
        proved_at=found.proved_at,
        emergency_id=found.emergency_id,
        user_id=found.user_id,
        name=found.name,
        roles=frozenset(row.role for row in rows if row.role),
        site_id=found.site_id,
        site_name=found.site_name,
        site_tz=None if found.archived_at else found.tz,
        is_demo=found.is_demo,
    )


def limits_of(lock_minutes: int | None, idle: timedelta) -> Limits:
    """The limits by what the clinic decided (None: nothing) and by the idle time of a log-in."""
    return Limits(USUAL_LOCK if lock_minutes is None else timedelta(minutes=lock_minutes), idle)


@dataclass(frozen=True)
class LogIn:
    """One open log-in as its owner sees it, times local to their site."""

    id: int
    since: datetime
    last: datetime
    address: str
    agent: str
    is_this: bool


def open_log_ins(session: Session, person: User, at: datetime, token: str) -> list[LogIn]:
    """The log-ins of a person that still open something, the last used first; `token` is that of this one."""
    tz = session.scalar(
        select(Site.tz).order_by(Site.id != (person.site_id or 0), Site.name, Site.id).limit(1)
    )
    zone = ZoneInfo(tz or "UTC")
    rows = session.scalars(
        select(StaffSession)
        .where(StaffSession.user_id == person.id, StaffSession.ended_at.is_(None), StaffSession.ends_at > at)
        .order_by(StaffSession.last_seen_at.desc(), StaffSession.id.desc())
    )
    return [
        LogIn(
            row.id,
            row.created_at.astimezone(zone),
            row.last_seen_at.astimezone(zone),
            row.address,
            row.agent,
            row.token_hash == token_hash(token),
        )
        for row in rows
    ]


def user_by_email(session: Session, email: str) -> User | None:
    """Whoever may sign in under this address; somebody disabled is nobody."""
    return session.scalar(select(User).where(User.email == normal_email(email), User.disabled_at.is_(None)))


def user(session: Session, user_id: int) -> User:
    """One member of staff, disabled or not."""
    return session.get_one(User, user_id)


def demo_logins(session: Session) -> Sequence[DemoLogin]:
    """The demo clinic's log-ins in order of the roles, none in a real clinic."""
    users = session.scalars(
        select(User).where(User.is_demo, User.disabled_at.is_(None)).order_by(User.id)
    ).all()
    rank = list(Role)
    ordered = sorted(
        users, key=lambda each: [rank.index(role) for role in sorted(each.role_set, key=rank.index)]
    )
    return [
        DemoLogin("+".join(sorted(each.role_set)), role_line(each.role_set), each.email, each.name)
        for each in ordered
    ]


def has_demo_logins(session: Session) -> bool:
    """Whether anybody could sign in with the public password."""
    return (
        session.scalar(select(User.id).where(User.is_demo, User.disabled_at.is_(None)).limit(1)) is not None
    )


def token_holder(session: Session, raw: str, at: datetime, kind: str) -> AccessToken | None:
    """The token of `kind` with the secret `raw`; None where it is unknown, revoked or over."""
    return session.scalar(
        select(AccessToken).where(
            AccessToken.token_hash == token_hash(raw),
            AccessToken.kind == kind,
            AccessToken.revoked_at.is_(None),
            or_(AccessToken.expires_at.is_(None), AccessToken.expires_at > at),
        )
    )


def tokens(session: Session, kind: str) -> Sequence[AccessToken]:
    """All tokens of a kind, the newest first, ended ones too."""
    return session.scalars(
        select(AccessToken)
        .where(AccessToken.kind == kind)
        .order_by(AccessToken.created_at.desc(), AccessToken.id.desc())
    ).all()
