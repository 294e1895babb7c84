"""Writing a consent: as a draft, until somebody publishes it; from then on a change is a new version.

Where a consent is needed is no part of its words: it can be changed at any time, and nobody has to sign anew
for that.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit import actions as audit
from scheduler.features.intake.consents.texts.form import Where, Words
from scheduler.models import ConsentForm, ConsentVersion

PUBLISHED = "This text is published and never changes. Begin a new version of it."
SAVED_MEANWHILE = "Somebody saved this draft while you wrote. Open it anew and look at what stands."


def add_consent(session: Session, actor: Actor, at: datetime, where: Where, words: Words) -> int:
    """Keep a new consent as the draft of its first version, and give that version's id."""
    last = session.scalar(select(func.max(ConsentForm.position))) or 0
    form = ConsentForm(name=where.name, position=last + 1)
    form.protocol_ids, form.site_ids = list(where.protocol_ids), list(where.site_ids)
    session.add(form)
    session.flush()
    return _begin(session, actor, at, form.id, 1, words).id


def save_where(session: Session, actor: Actor, at: datetime, form_id: int, where: Where) -> None:
    """Name it anew, or need it elsewhere; it holds at once. Raises NotFoundError."""
    form = _form(session, form_id)
    form.name = where.name
    form.protocol_ids, form.site_ids = list(where.protocol_ids), list(where.site_ids)
    audit.record(
        session, actor, at, "consent.placed", "consent_form", form_id, name=where.name,
        protocols=list(where.protocol_ids), sites=list(where.site_ids),
    )  # fmt: skip


def save_draft(
    session: Session, actor: Actor, at: datetime, version_id: int, words: Words, asks_again: bool, seen: int
) -> None:
    """Write a draft anew. Raises NotFoundError, RuleError where it is published, and ConflictError where
    somebody saved it since revision `seen`."""
    row = _draft(session, version_id)
    if row.revision != seen:
        raise ConflictError(SAVED_MEANWHILE)
    row.words, row.asks_again, row.revision = words, asks_again or row.version == 1, row.revision + 1
    row.saved_at, row.saved_by_id = at, actor.user_id
    _note(session, actor, at, "saved", row)


def publish(session: Session, actor: Actor, at: datetime, version_id: int, seen: int) -> None:
    """Make a draft the text that is signed. What was looked at is what is published."""
    row = _draft(session, version_id)
    if row.revision != seen:
        raise ConflictError("Somebody saved this draft since you opened it. Look at it, then publish it.")
    row.published_at = at
    _note(session, actor, at, "published", row, asks_again=row.asks_again)


def next_version(session: Session, actor: Actor, at: datetime, form_id: int) -> int:
    """Begin a draft of the next version and give its id; the draft that there is, if there is one."""
    _form(session, form_id)
    latest = session.scalars(
        select(ConsentVersion)
        .where(ConsentVersion.form_id == form_id)
        .order_by(ConsentVersion.version.desc())
        .limit(1)
    ).one()
    if latest.published_at is None:
        return latest.id
    return _begin(session, actor, at, form_id, latest.version + 1, latest.words).id


def throw_away(session: Session, actor: Actor, at: datetime, version_id: int) -> None:
    """Delete a draft, and a consent that never was more than one."""
    row = _draft(session, version_id)
    _note(session, actor, at, "thrown_away", row)
    form = session.get_one(ConsentForm, row.form_id)
    session.delete(row)
    session.flush()
    if row.version == 1:
        session.delete(form)
        session.flush()


def retire(session: Session, actor: Actor, at: datetime, form_id: int, away: bool) -> None:
    """Ask nobody for a consent any more, or ask again; what was signed stays. Raises NotFoundError."""
    form = _form(session, form_id)
    form.retired_at = at if away else None
    deed = "consent.retired" if away else "consent.taken_up"
    audit.record(session, actor, at, deed, "consent_form", form_id, name=form.name)


def _begin(
    session: Session, actor: Actor, at: datetime, form_id: int, version: int, words: Words
) -> ConsentVersion:
    row = ConsentVersion(
        form_id=form_id, version=version, words=words, saved_at=at, saved_by_id=actor.user_id
    )
    session.add(row)
    session.flush()
    _note(session, actor, at, "begun", row)
    return row


def _form(session: Session, form_id: int) -> ConsentForm:
    form = session.get(ConsentForm, form_id, with_for_update=True)
    if form is None:
        raise NotFoundError("There is no such consent.")
    return form


def _draft(session: Session, version_id: int) -> ConsentVersion:
    row = session.get(ConsentVersion, version_id, with_for_update=True)
    if row is None:
        raise NotFoundError("There is no such text. Somebody may have thrown the draft away.")
    if row.published_at is not None:
        raise RuleError(PUBLISHED)
    return row


def _note(
    session: Session, actor: Actor, at: datetime, deed: str, row: ConsentVersion, **more: object
) -> None:
    audit.record(
        session,
        actor,
        at,
        f"consent_text.{deed}",
        "consent_version",
        row.id,
        None,
        form=row.form_id,
        version=row.version,
        **more,
    )
