"""The logs of infusions: weight and dose, vitals as they rise and fall, what was noticed, who went home how.

Pressures rise by about 12/8 mmHg and peak when the infusion ends, as in the literature (CLINICAL.md, section
2). Logs of the last two days are not marked as complete yet, so that there is something to finish.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from scheduler.actor import Actor
from scheduler.cli.demo.chance import pick, stream
from scheduler.cli.demo.days import Calendar
from scheduler.cli.demo.medicines import take_medicines
from scheduler.cli.demo.staff import Staff
from scheduler.cli.demo.states import PREPARATION
from scheduler.features.audit.actions import record
from scheduler.features.infusion_logs.domain.dose import rate_of, work_out
from scheduler.features.infusion_logs.rules import USUAL_ITEMS, Rules, as_kept
from scheduler.models import (
    AdverseEvent,
    Course,
    HoldAction,
    Infusion,
    InfusionLog,
    InfusionStatus,
    LogStatus,
    PatientCaution,
    Role,
    User,
    VitalSigns,
)

MINUTE = timedelta(minutes=1)
INFUSION, UG_PER_KG, UG_PER_ML = 40, 500, 10_000
ALLERGIES = {
    "no_allergies": 80,
    "Penicillin (rash)": 8,
    "Latex": 4,
    "Sulfonamides": 4,
    "Ibuprofen (hives)": 4,
}
EVENTS = {"": 82, "Nausea": 7, "Dizziness": 5, "Headache": 3, "Blurred vision": 2, "Vomiting": 1}
SEVERE = {1: 80, 2: 20}
ROWS = (*((minutes, "during") for minutes in (-15, 10, 20, 30, 40)), *((m, "after") for m in (55, 70, 85)))
STILL_OPEN = timedelta(days=2)


def chart(session: Session, calendar: Calendar, seed: int, staff: Staff) -> None:
    """Add the log of each infusion that has begun by now, as far as it is written."""
    chance = stream(seed, "charts")
    courses = session.scalars(
        select(Course).options(selectinload(Course.infusions)).order_by(Course.id)
    ).all()
    asked: set[int] = set()
    for course in courses:
        nurses = staff.of(Role.NURSE, course.site_id)
        weight, base = (
            chance.randrange(52_000, 104_000, 100),
            (chance.randrange(108, 142), chance.randrange(66, 90)),
        )
        for visit in course.infusions:
            drift, nurse = chance.randrange(-600, 700, 100), chance.choice(nurses)
            if visit.started_at is None or visit.status not in (
                InfusionStatus.COMPLETED,
                InfusionStatus.IN_PROGRESS,
            ):
                continue
            if course.patient_id not in asked:
                asked.add(course.patient_id)
                session.add(_caution(chance, course.patient_id, visit.started_at, nurse))
            _write(session, chance, calendar.now, visit, nurse, weight + drift, base)
    session.flush()
    take_medicines(session, seed, staff)


def _write(
    session: Session,
    chance: Random,
    now: datetime,
    visit: Infusion,
    nurse: User,
    weight: int,
    base: tuple[int, int],
) -> None:
    begun = (visit.started_at or visit.starts_at) + PREPARATION
    log = _log(now, visit, nurse, weight, begun)
    session.add(log)
    session.flush()
    rows = [row for row in _readings(chance, log, nurse, begun, base) if row.taken_at <= now]
    session.add_all(rows)
    event = _event(chance, log, nurse, begun)
    if event and event.onset_at <= now:
        session.add(event)
    session.flush()
    session.add_all(_answers(rows, nurse))
    if log.completed_at:
        record(
            session,
            Actor(nurse.id, nurse.name),
            log.completed_at,
            "infusion_log.completed",
            "infusion",
            visit.id,
            visit.patient_id,
        )


def _log(now: datetime, visit: Infusion, nurse: User, weight: int, begun: datetime) -> InfusionLog:
    """The fields, as far as the visit has come."""
    log = InfusionLog(
        infusion_id=visit.id,
        begun_at=visit.started_at or begun,
        rules=as_kept(Rules()),
        weight_g=weight,
        dose_ug_per_kg=UG_PER_KG,
        concentration_ug_per_ml=UG_PER_ML,
        minutes=INFUSION,
        drug="Ketamine",
        lot=f"K{begun:%y%m}",
        expiry=begun.date() + timedelta(days=300),
        route="iv",
        pregnancy_test="not_applicable",
        escort_named="A member of the family",
        **dict.fromkeys(("identity_checked", "consent_on_file", "fasting_solids", "fasting_liquids"), "yes"),
    )
    if begun > now:
        return log
    dose = work_out(weight, UG_PER_KG, UG_PER_ML, INFUSION).dose_ug or 0
    log.started_at, log.dose_ug, log.rate_ug_per_h = begun, dose, rate_of(dose, INFUSION)
    left = visit.completed_at
    if left is None:
        return log
    log.stopped_at = min(begun + INFUSION * MINUTE, left)
    log.checks = {f"u{at}": "yes" for at in range(1, len(USUAL_ITEMS) + 1)}
    log.escort_came, log.escort_name, log.escort_at, log.left_at = "yes", "A member of the family", left, left
    if left + STILL_OPEN < now:
        log.status, log.completed_at, log.completed_by_id = LogStatus.COMPLETE, left, nurse.id
    return log


def _readings(
    chance: Random, log: InfusionLog, nurse: User, begun: datetime, base: tuple[int, int]
) -> Iterator[VitalSigns]:
    """A row at every time that the grid asks for, until the patient left; hardly ever one is lacking."""
    for minutes, part in ROWS:
        at = begun + minutes * MINUTE
        near = max(0.0, 1 - abs(minutes - 35) / 50)
        wobble, lacks = chance.randrange(-4, 5), chance.random() < 0.02
        pulse, spo2 = chance.randrange(62, 86) + round(8 * near), chance.randrange(95, 100)
        if lacks or (log.left_at and at > log.left_at):
            continue
        high, low = base[0] + round(16 * near) + wobble, base[1] + round(11 * near) + wobble // 2
        yield VitalSigns(
            log_id=log.id,
            key=f"demo-{minutes}-{part}",
            taken_at=at,
            sbp=high,
            dbp=low,
            pulse=pulse,
            spo2=spo2,
            sedation=5 if near < 0.4 else 4,
            entered_at=at,
            entered_by_id=nurse.id,
        )


def _answers(rows: Sequence[VitalSigns], nurse: User) -> Iterator[HoldAction]:
    """What was done about each pressure above the usual limits."""
    for row in rows:
        if (row.sbp or 0) > Rules().start_sbp or (row.dbp or 0) > Rules().start_dbp:
            yield HoldAction(
                vitals_id=row.id,
                key="demo-answer",
                done=["measured_again", "clinician"],
                at=row.entered_at,
                by_id=nurse.id,
            )


def _event(chance: Random, log: InfusionLog, nurse: User, begun: datetime) -> AdverseEvent | None:
    term, grade, minutes = pick(chance, EVENTS), pick(chance, SEVERE), chance.randrange(8, 60)
    if not term:
        return None
    at = begun + minutes * MINUTE
    return AdverseEvent(
        log_id=log.id,
        key="demo-event",
        term=term,
        onset_at=at,
        grade=grade,
        action="watched",
        outcome="resolved",
        changed_at=at,
        changed_by_id=nurse.id,
    )


def _caution(chance: Random, patient_id: int, at: datetime, nurse: User) -> PatientCaution:
    known = pick(chance, ALLERGIES)
    kind = known if known == "no_allergies" else "allergy"
    words = "" if kind == "no_allergies" else known
    return PatientCaution(patient_id=patient_id, kind=kind, words=words, noted_at=at, noted_by_id=nurse.id)
