"""What the values of a log are held against: the last infusion's weight, a pressure that holds the start."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.infusion_logs.checking import Around
from scheduler.features.infusion_logs.domain.pressure import hold_of
from scheduler.features.infusion_logs.place import Place
from scheduler.features.infusion_logs.queries.vitals import readings_of
from scheduler.features.infusion_logs.rules import Rules
from scheduler.models import Infusion, InfusionLog


def around(
    session: Session,
    now: datetime,
    log: InfusionLog,
    visit: Infusion,
    place: Place,
    rules: Rules,
    start: datetime,
) -> Around:
    """What is around a log at `now`, for an infusion that is to have begun at `start`."""
    return Around(now, place, last_weight(session, visit), _held_at(session, log, rules, start))


def last_weight(session: Session, visit: Infusion) -> tuple[int, date] | None:
    """The weight of the patient's last infusion before this visit, in grams, and its day."""
    found = session.execute(
        select(InfusionLog.weight_g, Infusion.local_day)
        .join(Infusion, Infusion.id == InfusionLog.infusion_id)
        .where(
            Infusion.patient_id == visit.patient_id,
            Infusion.starts_at < visit.starts_at,
            InfusionLog.weight_g.is_not(None),
        )
        .order_by(Infusion.starts_at.desc(), Infusion.id.desc())
        .limit(1)
    ).one_or_none()
    return (found[0], found[1]) if found and found[0] is not None else None


def _held_at(session: Session, log: InfusionLog, rules: Rules, start: datetime) -> str:
    """The last pressure before `start`, where it holds the start and nobody said yet what was done."""
    readings = [each for each in readings_of(session, log.id) if each.stands and each.sbp is not None]
    before = [each for each in readings if each.taken_at <= start]
    last = max(before, key=lambda each: each.taken_at, default=None)
    if last is None or last.actions or not hold_of(last.sbp, last.dbp, rules.pressure, before=True):
        return ""
    return last.pressure
