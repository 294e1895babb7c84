"""One change of the capacity, with what it does to booked visits.

The change is tried and the visits are judged. Where all hold, which is the usual case, that is all. Where
some do not, the trial is taken back, the visits are judged as they were, and the change is made anew: what
held before and does not after is the effect. Unless somebody has agreed to exactly these visits, the whole
transaction is undone by the error that carries the list.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db.locks import lock_capacity
from scheduler.db.trial import kept_where
from scheduler.errors import SixfoldError
from scheduler.features.audit.actions import record
from scheduler.features.intake.consultations.actions.stranded import note_stranded
from scheduler.features.settings.effects import Effect, broken_by, fingerprint, judged
from scheduler.features.tasks.actions import raise_task
from scheduler.models import TaskKind

Change = Callable[[Session, Actor, datetime], object]


class EffectsError(SixfoldError):
    """Visits would no longer hold, and nobody has seen that yet. Nothing is changed."""

    status = 409
    title = "Booked visits would no longer hold"

    def __init__(self, effects: Sequence[Effect]) -> None:
        super().__init__("Look at the visits that no longer hold, then save.")
        self.effects = tuple(effects)
        self.agreed = fingerprint(effects)


def apply_change(session: Session, actor: Actor, at: datetime, change: Change, agreed: str) -> int:
    """Make the change; give how many visits it breaks. Each becomes a task, raised in this transaction.
    A consultation that loses its clinician by it becomes the next step of its request.

    Raises EffectsError where it breaks visits and `agreed` is not the fingerprint of exactly these.
    """
    lock_capacity(session)

    def made() -> dict[int, Effect]:
        change(session, actor, at)
        return judged(session, at)

    after, stands = kept_where(session, made, _all_hold)
    if stands:
        note_stranded(session, actor, at)
        return 0
    before = judged(session, at)
    change(session, actor, at)
    effects = broken_by(before, after)
    if effects and agreed != fingerprint(effects):
        raise EffectsError(effects)
    for effect in effects:
        _raise(session, at, effect)
    if effects:
        record(session, actor, at, "capacity.broke_visits", "task", visits=len(effects))
    note_stranded(session, actor, at)
    return len(effects)


def _all_hold(visits: dict[int, Effect]) -> bool:
    return not any(each.why for each in visits.values())


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
