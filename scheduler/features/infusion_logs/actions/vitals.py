"""Readings of vital signs, and what was done about a pressure above a limit: rows are only ever added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit import actions as audit
from scheduler.features.infusion_logs.actions.opened import OpenLog, open_log
from scheduler.models import HoldAction, User, VitalSigns

EARLY = timedelta(hours=12)  # A reading belongs to this visit, not to the day before.
SKEW = timedelta(minutes=2)  # A tablet's clock may run ahead of the server's.


@dataclass(frozen=True)
class Measured:
    """What was read off at `taken_at` (None: now). `key` names this writing-down, so that it counts once."""

    key: str
    taken_at: datetime | None = None
    sbp: int | None = None
    dbp: int | None = None
    pulse: int | None = None
    spo2: int | None = None
    sedation: int | None = None


@dataclass(frozen=True)
class Correction:
    """Which reading is replaced and why. `withdrawn`: it was none at all."""

    replaces_id: int
    reason: str
    withdrawn: bool = False


def add_reading(
    session: Session,
    actor: Actor,
    at: datetime,
    infusion_id: int,
    measured: Measured,
    correction: Correction | None = None,
) -> VitalSigns:
    """Add a reading or a correction of one; the same key again gives the row that stands.

    Raises NotFoundError, RuleError for a time that can't be, ConflictError where it was corrected already.
    """
    opened = open_log(session, at, infusion_id)
    same = session.scalars(
        select(VitalSigns).where(VitalSigns.log_id == opened.log.id, VitalSigns.key == measured.key)
    ).one_or_none()
    if same is not None:
        return same
    old = _corrected(session, opened, correction) if correction else None
    taken_at = measured.taken_at or (old.taken_at if old else at)
    _belongs(opened, taken_at, at)
    row = VitalSigns(
        log_id=opened.log.id,
        key=measured.key,
        taken_at=min(taken_at, at),
        sbp=measured.sbp,
        dbp=measured.dbp,
        pulse=measured.pulse,
        spo2=measured.spo2,
        sedation=measured.sedation,
        entered_at=at,
        entered_by_id=actor.user_id,
        replaces_id=old.id if old else None,
        reason=correction.reason if correction else None,
        withdrawn=correction.withdrawn if correction else False,
    )
    session.add(row)
    session.flush()
    _note(session, actor, at, opened, "vitals_corrected" if correction else "vitals_added", row.id)
    return row


def answer_hold(
    session: Session,
    actor: Actor,
    at: datetime,
    infusion_id: int,
    reading_id: int,
    key: str,
    done: Sequence[str],
    note: str,
) -> None:
    """Record what was done about a reading; the same key again changes nothing.

    Raises NotFoundError, and RuleError where nothing is said.
    """
    opened = open_log(session, at, infusion_id)
    row = _of_log(session, opened, reading_id)
    if not done and not note:
        raise RuleError("Choose what was done, or write it down.")
    same = select(HoldAction.id).where(HoldAction.vitals_id == row.id, HoldAction.key == key)
    if session.scalar(same) is not None:
        return
    session.add(HoldAction(vitals_id=row.id, key=key, done=list(done), note=note, at=at, by_id=actor.user_id))
    _note(session, actor, at, opened, "hold_answered", row.id)


def _corrected(session: Session, opened: OpenLog, correction: Correction) -> VitalSigns:
    row = _of_log(session, opened, correction.replaces_id)
    if not correction.reason:
        sentence = "Write why the reading is wrong. The first one stays readable beside it."
        raise RuleError(sentence, field="reason")
    later = session.execute(
        select(VitalSigns, User.name)
        .outerjoin(User, User.id == VitalSigns.entered_by_id)
        .where(VitalSigns.replaces_id == row.id)
    ).one_or_none()
    if later is not None:
        by, when = later[1] or "Somebody", opened.place.said(later[0].entered_at)
        raise ConflictError(
            f"{by} corrected this reading at {when}. Look at what stands there now, "
            "and correct that if it is wrong."
        )
    return row


def _of_log(session: Session, opened: OpenLog, reading_id: int) -> VitalSigns:
    row = session.scalars(
        select(VitalSigns).where(VitalSigns.id == reading_id, VitalSigns.log_id == opened.log.id)
    ).one_or_none()
    if row is None:
        raise NotFoundError("There is no such reading in this log. Open the log again.")
    return row


def _belongs(opened: OpenLog, taken_at: datetime, at: datetime) -> None:
    if taken_at > at + SKEW:
        clock = opened.place.said(taken_at)
        raise RuleError(f"{clock} is still to come. Write when it was measured.", field="taken")
    if taken_at < opened.visit.starts_at - EARLY:
        raise RuleError("That is long before the visit. Write when it was measured.", field="taken")


def _note(session: Session, actor: Actor, at: datetime, opened: OpenLog, what: str, row_id: int) -> None:
    audit.record(
        session,
        actor,
        at,
        f"infusion_log.{what}",
        "infusion",
        opened.visit.id,
        opened.visit.patient_id,
        reading=row_id,
    )
