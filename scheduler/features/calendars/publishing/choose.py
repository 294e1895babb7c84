"""Choosing where a clinician's calendar is published, and stopping it."""

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.models import PublishedCalendar, Role, User
from scheduler.rendering.plain import is_one_line

LONGEST = 500
KIND = "published_calendar"


def publish(
    session: Session, actor: Actor, at: datetime, user_id: int, url: str, server: str | None
) -> PublishedCalendar:
    """Publish a clinician's calendar at `url`, which lies on `server`; the worker fills it within a minute.

    Raises RuleError (with `field`) for an address or a person that can't be, ConflictError where theirs is
    published already.
    """
    address = checked_calendar(url, server)
    user = session.get(User, user_id)
    if user is None or user.disabled_at is not None or Role.CLINICIAN not in user.role_set:
        raise RuleError("Choose a clinician from the list.", field="user")
    if session.scalar(select(PublishedCalendar.id).where(PublishedCalendar.user_id == user_id)):
        raise ConflictError(f"The calendar of {user.name} is published already. Stop that first.")
    row = PublishedCalendar(user_id=user_id, url=address, created_at=at, next_look_at=at)
    session.add(row)
    session.flush()
    record(session, actor, at, "calendar.published", KIND, row.id, user=user_id)
    return row


def stop_publishing(session: Session, actor: Actor, at: datetime, calendar_id: int) -> None:
    """Stop. The worker takes our entries out of the calendar, and then forgets it. Raises NotFoundError."""
    row = session.get(PublishedCalendar, calendar_id, with_for_update=True)
    if row is None:
        raise NotFoundError("This calendar is not published any more.")
    if row.active:
        row.active, row.next_look_at, row.failures = False, at, 0
        record(session, actor, at, "calendar.stopped", KIND, row.id, user=row.user_id)


def checked_calendar(text: str, server: str | None) -> str:
    """The address of a calendar on `server`, with a slash at its end; RuleError (with `field`) otherwise."""
    if server is None:
        raise RuleError("No calendar server is set. CALDAV_URL names it.", field="url")
    ours = urlsplit(server)
    example = f"{ours.scheme}://{ours.hostname}{f':{ours.port}' if ours.port else ''}{ours.path or '/'}"
    url = text.strip()
    if not url or len(url) > LONGEST or not is_one_line(url) or not url.isascii() or " " in url:
        raise RuleError(f"Write the calendar’s whole address, which begins with {example}.", field="url")
    try:
        parts = urlsplit(url)
        same = (parts.scheme, parts.hostname, parts.port) == (ours.scheme, ours.hostname, ours.port)
    except ValueError as error:
        raise RuleError(
            f"Write the calendar’s whole address, which begins with {example}.", field="url"
        ) from error
    base = ours.path.rstrip("/") + "/"
    if not same or not parts.path.startswith(base) or ".." in parts.path or parts.query or parts.fragment:
        raise RuleError(f"The calendar must lie on the clinic’s server: {example}…", field="url")
    if parts.username is not None or parts.password is not None:
        raise RuleError("Leave names and passwords out. The log-in stands in CALDAV_URL.", field="url")
    return url.rstrip("/") + "/"
