"""Infusion logs with all that was written down in them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.infusion_logs.fields import FIELDS, Part, check_field
from scheduler.features.infusion_logs.fields import Field as ChartField
from scheduler.features.infusion_logs.lists import EVENT_ACTIONS, GRADES, RESCUE_ROUTES
from scheduler.features.infusion_logs.rules import USUAL_ITEMS
from scheduler.features.infusion_logs.stored import value_of
from scheduler.models import (
    AdverseEvent,
    DischargeItem,
    InfusionLog,
    LogStatus,
    PumpPause,
    RescueDrug,
    VitalSigns,
)
from scheduler.rendering.fhir.facts import Answer, Event, Log, Pause, Reading, Rescue

ASKED = tuple(
    each for each in FIELDS if each.part in {Part.BEFORE, Part.ESCORT} and not each.name.endswith("_at")
)


@dataclass
class _Lines:
    """What stands in one log's tables."""

    readings: list[Reading] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    rescues: list[Rescue] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)


def logs(session: Session, infusion_ids: Sequence[int]) -> dict[int, Log]:
    """The logs of these infusions, by infusion."""
    rows = session.scalars(
        select(InfusionLog).where(InfusionLog.infusion_id.in_(infusion_ids)).order_by(InfusionLog.id)
    ).all()
    ids = [row.id for row in rows]
    lines: dict[int, _Lines] = defaultdict(_Lines)
    _put_readings(session, ids, lines)
    _put_events(session, ids, lines)
    _put_drugs(session, ids, lines)
    checks = _checks(session)
    return {row.infusion_id: _log(row, lines[row.id], checks) for row in rows}


def _log(row: InfusionLog, lines: _Lines, checks: Sequence[ChartField]) -> Log:
    return Log(
        id=row.id,
        is_signed=row.status is LogStatus.SIGNED,
        weight_g=row.weight_g,
        dose_ug=row.dose_ug,
        rate_ug_per_h=row.rate_ug_per_h,
        concentration_ug_per_ml=row.concentration_ug_per_ml,
        drug=row.drug,
        lot=row.lot,
        expiry=row.expiry,
        route=row.route,
        started_at=row.started_at,
        stopped_at=row.stopped_at,
        cadss=row.cadss,
        notes=row.notes,
        begun_at=row.begun_at,
        answers=[each for one in (*ASKED, *checks) for each in _answer(row, one)],
        readings=lines.readings,
        events=lines.events,
        rescues=lines.rescues,
        pauses=lines.pauses,
    )


def _answer(row: InfusionLog, asked: ChartField) -> list[Answer]:
    value = value_of(row, asked)
    words = dict(asked.options).get(str(value), str(value)) if value is not None else ""
    return [Answer(asked.name, asked.label, words)] if words.strip() else []


def _checks(session: Session) -> list[ChartField]:
    """Every item that ever stood on a discharge list; a log answers those of its own."""
    usual = [check_field(f"u{place}", words) for place, words in enumerate(USUAL_ITEMS, 1)]
    rows = session.scalars(select(DischargeItem).order_by(DischargeItem.position, DischargeItem.id))
    return [*usual, *(check_field(str(row.id), row.words) for row in rows)]


def _put_readings(session: Session, log_ids: Sequence[int], lines: dict[int, _Lines]) -> None:
    rows = session.scalars(
        select(VitalSigns).where(VitalSigns.log_id.in_(log_ids)).order_by(VitalSigns.taken_at, VitalSigns.id)
    ).all()
    corrected = {row.replaces_id: row.reason or "" for row in rows if row.replaces_id is not None}
    for row in rows:
        if row.withdrawn:  # It measures nothing: it says that the one it names was none.
            continue
        values = (row.sbp, row.dbp, row.pulse, row.spo2, row.sedation)
        error = corrected.get(row.id, "")
        lines[row.log_id].readings.append(Reading(row.id, row.taken_at, *values, row.replaces_id, error))


def _put_events(session: Session, log_ids: Sequence[int], lines: dict[int, _Lines]) -> None:
    rows = select(AdverseEvent).where(AdverseEvent.log_id.in_(log_ids), AdverseEvent.struck_at.is_(None))
    for row in session.scalars(rows.order_by(AdverseEvent.onset_at, AdverseEvent.id)):
        grade = dict(GRADES).get(str(row.grade), str(row.grade))
        done = dict(EVENT_ACTIONS).get(row.action, row.action)
        lines[row.log_id].events.append(
            Event(
                row.id, row.term, row.onset_at, row.grade, grade, done, row.outcome, row.note, row.changed_at
            )
        )


def _put_drugs(session: Session, log_ids: Sequence[int], lines: dict[int, _Lines]) -> None:
    drugs = select(RescueDrug).where(RescueDrug.log_id.in_(log_ids))
    for row in session.scalars(drugs.order_by(RescueDrug.given_at, RescueDrug.id)):
        route = dict(RESCUE_ROUTES).get(row.route, row.route)
        error = row.struck_reason or ""
        lines[row.log_id].rescues.append(
            Rescue(row.id, row.drug, row.amount, route, row.given_at, row.why, error)
        )
    pauses = select(PumpPause).where(PumpPause.log_id.in_(log_ids), PumpPause.struck_at.is_(None))
    for pause in session.scalars(pauses.order_by(PumpPause.from_at, PumpPause.id)):
        lines[pause.log_id].pauses.append(Pause(pause.from_at, pause.to_at, pause.why))
