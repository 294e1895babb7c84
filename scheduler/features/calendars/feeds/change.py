"""Making, rotating and ending the secret address of a calendar; noting who fetched it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.calendars.feeds.owners import Kind, Owner
from scheduler.models import Chair, Feed, Patient, Role, Site, User
from scheduler.rendering.plain import is_one_line
from scheduler.tokens import new_token, token_hash

TOUCH_EVERY = timedelta(minutes=1)
LONGEST_AGENT = 200
ROWS: dict[Kind, type[Patient | User | Chair | Site]] = {
    "patient": Patient,
    "user": User,
    "chair": Chair,
    "site": Site,
}


def make_feed(session: Session, actor: Actor, at: datetime, owner: Owner) -> str:
    """Give the owner's calendar an address, and end the one it had; returns the secret, kept nowhere.

    Raises NotFoundError for an owner that is not there, RuleError for one whose calendar stays closed.
    """
    row: Any = session.get(ROWS[owner.kind], owner.id)
    if row is None:
        raise NotFoundError("There is nobody and nothing with this number. Choose from the list.")
    _refuse_ended(row, at)
    raw = new_token()
    ended = _end(session, at, owner)
    feed = Feed(
        token_hash=token_hash(raw), created_at=at, created_by_id=actor.user_id, **{owner.column: owner.id}
    )
    session.add(feed)
    session.flush()
    action = "feed.rotated" if ended else "feed.made"
    record(session, actor, at, action, "feed", feed.id, _patient_id(owner), kind=owner.kind, owner=owner.id)
    return raw


def revoke_feed(session: Session, actor: Actor, at: datetime, owner: Owner) -> bool:
    """End the address of the owner's calendar; false where it had none."""
    ended = _end(session, at, owner)
    for feed_id in ended:
        record(
            session, actor, at, "feed.revoked", "feed", feed_id, _patient_id(owner),
            kind=owner.kind, owner=owner.id,
        )  # fmt: skip
    return bool(ended)


def note_read(session: Session, at: datetime, feed_id: int, agent: str) -> None:
    """Note that a program fetched a feed; at most once a minute, so that fetching stays cheap."""
    name = agent[:LONGEST_AGENT] if is_one_line(agent) else ""
    unseen = or_(Feed.last_read_at.is_(None), Feed.last_read_at <= at - TOUCH_EVERY)
    session.execute(
        update(Feed).where(Feed.id == feed_id, unseen).values(last_read_at=at, last_agent=name or None)
    )


def _end(session: Session, at: datetime, owner: Owner) -> list[int]:
    """End what is in use, the owner's row held so that two who rotate at once leave one address."""
    model = ROWS[owner.kind]
    session.execute(select(model.id).where(model.id == owner.id).with_for_update())
    ended = session.scalars(
        update(Feed).where(owner.mine, Feed.revoked_at.is_(None)).values(revoked_at=at).returning(Feed.id)
    )
    return sorted(ended)


def _patient_id(owner: Owner) -> int | None:
    return owner.id if owner.kind == "patient" else None


def _refuse_ended(row: Patient | User | Chair | Site, at: datetime) -> None:
    if isinstance(row, User):
        if row.disabled_at is not None or Role.CLINICIAN not in row.role_set:
            raise RuleError("Only clinicians who work here have a calendar of their own to follow.")
        return
    if isinstance(row, Chair):
        if row.retired_at is not None and row.retired_at <= at:
            raise RuleError(f"{row.name} is retired, so its calendar stays closed.")
        return
    if row.archived_at is not None:
        raise RuleError("This record is put away, so its calendar stays closed. Take it back first.")
