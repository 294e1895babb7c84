"""One change of the capacity, with what it does to booked visits and consultations.

The change is tried and what is booked is judged. Where all holds, which is the usual case, that is all. Where
some does not, the trial is taken back, all is judged as it was, and the change is made anew: what held before
and does not after is the effect. Unless somebody has agreed to exactly that, the whole transaction is undone
by the error that carries the list.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db.locks import lock_capacity
from scheduler.db.trial import kept_where
from scheduler.errors import SixfoldError
from scheduler.features.audit.actions import record
from scheduler.features.intake.consultations.actions.stranded import note_stranded
from scheduler.features.intake.consultations.judging import Judged, judged_talks
from scheduler.features.settings.effects import Effect, broken_by, fingerprint, judged
from scheduler.features.tasks.actions import raise_task
from scheduler.models import TaskKind

Change = Callable[[Session, Actor, datetime], object]


class EffectsError(SixfoldError):
    """What is booked would no longer hold, and nobody has seen that yet. Nothing is changed."""

    status = 409
    title = "Booked visits would no longer hold"

    def __init__(self, visits: Sequence[Effect], talks: Sequence[Judged]) -> None:
        super().__init__("Look at what no longer holds, then save.")
        self.visits, self.talks = tuple(visits), tuple(talks)
        self.agreed = fingerprint(visits, talks)


class Broken(NamedTuple):
    """How many visits and consultations a change breaks."""

    visits: int = 0
    talks: int = 0


class _Booked(NamedTuple):
    """All that is booked, judged, by the ids."""

    visits: Mapping[int, Effect]
    talks: Mapping[int, Judged]


def apply_change(session: Session, actor: Actor, at: datetime, change: Change, agreed: str) -> Broken:
    """Make the change; give how much it breaks. Each visit becomes a task, raised in this transaction, each
    consultation the next step of its request.

    Raises EffectsError where it breaks any and `agreed` is not the fingerprint of exactly these.
    """
    lock_capacity(session)

    def booked() -> _Booked:
        return _Booked(judged(session, at), judged_talks(session, at))

    def made() -> _Booked:
        change(session, actor, at)
        return booked()

    after, stands = kept_where(session, made, _all_hold)
    if stands:
        note_stranded(session, actor, at, after.talks)
        return Broken()
    before = booked()
    change(session, actor, at)
    visits, talks = broken_by(before.visits, after.visits), broken_by(before.talks, after.talks)
    if (visits or talks) and agreed != fingerprint(visits, talks):
        raise EffectsError(visits, talks)
    for effect in visits:
        _raise(session, at, effect)
    if visits:
        record(session, actor, at, "capacity.broke_visits", "task", visits=len(visits))
    note_stranded(session, actor, at, after.talks)
    return Broken(len(visits), len(talks))


def _all_hold(booked: _Booked) -> bool:
    visits, talks = booked
    return not (any(each.why for each in visits.values()) or any(each.why for each in talks.values()))


def _raise(session: Session, at: datetime, effect: Effect) -> None:
    raise_task(
        session,
        at,
        kind=TaskKind.VISIT_BROKEN,
        dedupe_key=f"visit_broken:{effect.infusion_id}:{effect.schedule_version}",
        site_id=effect.site_id,
        patient_id=effect.patient_id,
        course_id=effect.course_id,
        infusion_id=effect.infusion_id,
        facts={"why": " ".join(effect.why)},
        due_on=effect.start.date(),
    )
