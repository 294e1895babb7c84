"""Writing an instrument: as a draft, until somebody publishes it; from then on a change is a new version."""

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit import actions as audit
from scheduler.features.ratings.instruments import Instrument
from scheduler.features.ratings.own.definition import OWN, as_data
from scheduler.features.ratings.own.known import forget
from scheduler.models import OwnInstrument

PUBLISHED = "This version is published and never changes. Begin a new version of it."


def add_draft(session: Session, actor: Actor, at: datetime, instrument: Instrument) -> int:
    """Keep a new instrument as a draft and give its id; its code is made from its name."""
    plain = re.sub(r"[^a-z0-9]+", "_", instrument.name.lower()).strip("_")[:24] or "instrument"
    code, more = f"{OWN}{plain}", 1
    while session.scalar(select(OwnInstrument.id).where(OwnInstrument.code == code).limit(1)):
        more += 1
        code = f"{OWN}{plain}_{more}"
    row = OwnInstrument(
        code=code, version=1, definition=as_data(instrument), saved_at=at, saved_by_id=actor.user_id
    )
    session.add(row)
    session.flush()
    _note(session, actor, at, "begun", row)
    return row.id


def save_draft(
    session: Session, actor: Actor, at: datetime, own_id: int, instrument: Instrument, seen: int
) -> None:
    """Write a draft anew. Raises NotFoundError, RuleError where it is published, and ConflictError where
    somebody saved it since revision `seen`."""
    row = _draft(session, own_id)
    if row.revision != seen:
        raise ConflictError(
            "Somebody saved this draft while you wrote. Open it anew and look at what stands."
        )
    row.definition, row.revision = as_data(instrument), row.revision + 1
    row.saved_at, row.saved_by_id = at, actor.user_id
    _note(session, actor, at, "saved", row)


def publish(session: Session, actor: Actor, at: datetime, own_id: int, seen: int) -> None:
    """Make a draft the version that can be asked. What was looked at is what is published."""
    row = _draft(session, own_id)
    if row.revision != seen:
        raise ConflictError("Somebody saved this draft since you opened it. Look at it, then publish it.")
    row.published_at = at
    _note(session, actor, at, "published", row)
    forget(session)


def throw_away(session: Session, actor: Actor, at: datetime, own_id: int) -> None:
    """Delete a draft."""
    row = _draft(session, own_id)
    _note(session, actor, at, "thrown_away", row)
    session.delete(row)
    session.flush()


def next_version(session: Session, actor: Actor, at: datetime, own_id: int) -> int:
    """Begin a draft of the next version and give its id; the draft that there is, if there is one."""
    row = _row(session, own_id)
    latest = session.scalars(
        select(OwnInstrument).where(OwnInstrument.code == row.code).order_by(OwnInstrument.version.desc())
    ).first()
    latest = latest or row
    if latest.published_at is None:
        return latest.id
    made = OwnInstrument(
        code=row.code,
        version=latest.version + 1,
        definition=latest.definition,
        retired_at=latest.retired_at,
        saved_at=at,
        saved_by_id=actor.user_id,
    )
    session.add(made)
    session.flush()
    _note(session, actor, at, "begun", made)
    return made.id


def retire(session: Session, actor: Actor, at: datetime, own_id: int, away: bool) -> None:
    """Offer an instrument to no protocol any more, with all its versions; or again."""
    row = _row(session, own_id)
    every = session.scalars(
        select(OwnInstrument).where(OwnInstrument.code == row.code).order_by(OwnInstrument.version)
    ).all()
    for each in every:
        each.retired_at = at if away else None
    _note(session, actor, at, "retired" if away else "taken_up", row)


def _row(session: Session, own_id: int) -> OwnInstrument:
    row = session.get(OwnInstrument, own_id, with_for_update=True)
    if row is None:
        raise NotFoundError("There is no such instrument.")
    return row


def _draft(session: Session, own_id: int) -> OwnInstrument:
    row = _row(session, own_id)
    if row.published_at is not None:
        raise RuleError(PUBLISHED)
    return row


def _note(session: Session, actor: Actor, at: datetime, deed: str, row: OwnInstrument) -> None:
    audit.record(
        session,
        actor,
        at,
        f"instrument.{deed}",
        "instrument",
        row.id,
        None,
        code=row.code,
        version=row.version,
    )
