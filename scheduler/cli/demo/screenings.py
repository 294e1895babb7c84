"""What clinicians asked before the courses of the demo clinic, and of those who came for a consultation.

Nearly every course had its screening some days before it was booked; a few were booked without one, so that
the warning is seen. One screening is being typed today, and one tells of somebody in danger.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.cli.demo.chance import pick, stream
from scheduler.cli.demo.days import ZONE, Calendar, at
from scheduler.cli.demo.staff import Staff
from scheduler.features.audit.actions import record
from scheduler.features.intake.screening.actions.sign import Decision, freeze
from scheduler.features.intake.screening.form import CURRENT
from scheduler.features.intake.screening.queries.draft import draft_of
from scheduler.features.tasks.alerting.of_screening import raise_of_screening
from scheduler.models import (
    ConsultationRequest,
    Course,
    CourseMedicine,
    Patient,
    PatientCaution,
    RequestStatus,
    Role,
    Screening,
    User,
)

ASKED = 0.93
"""So many courses had their screening."""
TRIED = (
    ("Sertraline", "200 mg", "12"), ("Escitalopram", "20 mg", "10"), ("Venlafaxine", "225 mg", "14"),
    ("Fluoxetine", "40 mg", "9"), ("Bupropion", "300 mg", "8"), ("Duloxetine", "60 mg", "11"),
)  # fmt: skip
RISKS = {
    "": 88,
    "hypertension": 4,
    "liver_lung": 2,
    "substances": 3,
    "seizures": 3,
}
KNOWN = {
    "hypertension": "Treated since spring, 128/80 at home for six weeks.",
    "liver_lung": "Asthma, no attack in two years.",
    "substances": "In recovery for four years, with a counsellor.",
    "seizures": "One in childhood, none since, no medicine for it.",
}
WHY = "Discussed with the patient and their physician; the balance speaks for it."
ELSEWHERE = {
    "not_now": "Medicine was changed last week. Asked again in eight weeks.",
    "referred": "Another condition comes first. Referred with a letter.",
}
JUDGED = (RequestStatus.SUITABLE, RequestStatus.NOT_NOW, RequestStatus.REFERRED)


@dataclass(frozen=True)
class Sitting:
    """One screening that was signed: whose, by a clinician of which site, when, and what came of it."""

    patient_id: int | None
    request_id: int | None
    site_id: int
    at: datetime
    outcome: str
    born: date | None
    guardian: str
    medicines: tuple[tuple[str, str], ...] = ()


def screen(session: Session, calendar: Calendar, seed: int, staff: Staff) -> None:
    """Sign those that were signed by now, and leave two that are not."""
    chance = stream(seed, "screenings")
    allergies = _allergies(session)
    last: dict[int, Screening] = {}
    sittings = [*_before_courses(session, calendar, chance), *_of_requests(session)]
    for one in sorted(sittings, key=lambda each: (each.at, each.patient_id or 0, each.request_id or 0)):
        by = chance.choice(staff.of(Role.CLINICIAN, one.site_id))
        known = last.get(one.patient_id or 0)
        answers = _answers(chance, one, allergies.get(one.patient_id or 0, ()))
        row = _typed(session, one, by, _since(chance, known, answers) if known else answers, known)
        _signed(session, row, one, by)
        if one.patient_id is not None:
            last[one.patient_id] = row
    _not_signed(session, calendar, chance, staff, last)


def _before_courses(session: Session, calendar: Calendar, chance: Random) -> list[Sitting]:
    medicines: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for taken in session.scalars(select(CourseMedicine).order_by(CourseMedicine.id)):
        medicines[taken.course_id].append((taken.name, taken.dose))
    asked = select(ConsultationRequest.patient_id).where(ConsultationRequest.patient_id.is_not(None))
    rows = session.execute(
        select(Course, Patient)
        .join(Patient, Patient.id == Course.patient_id)
        .where(Course.entered.is_(False), Patient.id.not_in(asked))
        .order_by(Course.booked_at, Course.id)
    )
    found = []
    for course, patient in rows:
        day = course.booked_at.astimezone(ZONE).date() - timedelta(days=chance.randrange(1, 10))
        when = at(day - timedelta(days=max(0, day.weekday() - 4)), chance.randrange(9 * 60, 16 * 60))
        if chance.random() < ASKED and when < calendar.now:
            taken_now = tuple(medicines[course.id])
            found.append(
                Sitting(patient.id, None, course.site_id, when, "suitable", patient.birth_date, "", taken_now)
            )
    return found


def _of_requests(session: Session) -> list[Sitting]:
    rows = session.execute(
        select(ConsultationRequest, func.coalesce(Patient.birth_date, ConsultationRequest.birth_date))
        .outerjoin(Patient, Patient.id == ConsultationRequest.patient_id)
        .where(ConsultationRequest.status.in_(JUDGED), ConsultationRequest.erased_at.is_(None))
        .order_by(ConsultationRequest.id)
    )
    return [
        Sitting(
            row.patient_id,
            row.id,
            row.site_id,
            row.status_since,
            row.status.value,
            born if born is not None else date(1988, 5, 20),
            row.guardian_name,
        )
        for row, born in rows
    ]


def _allergies(session: Session) -> Mapping[int, Sequence[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for row in session.scalars(
        select(PatientCaution)
        .where(PatientCaution.kind == "allergy", PatientCaution.struck_at.is_(None))
        .order_by(PatientCaution.id)
    ):
        found[row.patient_id].append(row.words[:60])
    return found


def _answers(chance: Random, one: Sitting, allergies: Sequence[str]) -> dict[str, str]:
    companions = chance.sample(CURRENT.companions, chance.randrange(3, 7))
    risk = pick(chance, RISKS)
    answers = {
        "worry": "yes",
        "worry_months": str(chance.randrange(7, 160)),
        **{name: "yes" if name in companions else "no" for name in CURRENT.companions},
        **{name: "yes" if name == risk else "no" for name in CURRENT.risks},
        "risks_note": KNOWN.get(risk, ""),
        "takes_medicines": "yes" if one.medicines else "no",
        "has_allergies": "yes" if allergies else "no",
        "birth_date": one.born.isoformat() if one.born else "",
        "escort": "yes",
        "guardian_name": one.guardian,
        "guardian_signs": "yes" if one.guardian else "",
    }
    for number, (medicine, dose, weeks) in enumerate(chance.sample(TRIED, chance.randrange(1, 4)), 1):
        cells = {"medicine": medicine, "dose": dose, "weeks": weeks, "adequate": "yes", "response": "none"}
        answers |= {f"trials.{number}.{name}": text for name, text in cells.items()}
    for number, (medicine, dose) in enumerate(one.medicines, 1):
        answers |= {f"medicines.{number}.name": medicine, f"medicines.{number}.dose": dose}
    answers |= {f"allergies.{number}.what": words for number, words in enumerate(allergies, 1)}
    return {name: text for name, text in answers.items() if text}


def _since(chance: Random, last: Screening, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers of somebody who was asked before: the same history, and hardly anything else."""
    moved = chance.choice(CURRENT.companions)
    lists = {name: text for name, text in answers.items() if name.startswith(("medicines.", "allergies."))}
    kept = {
        name: text for name, text in last.answers.items() if not name.startswith(("medicines.", "allergies."))
    }
    now = {name: answers[name] for name in (moved, "takes_medicines", "has_allergies", "birth_date")}
    return {**kept, **now, **lists, "worry_months": str(int(kept["worry_months"]) + chance.randrange(2, 6))}


def _typed(
    session: Session, one: Sitting, by: User, answers: dict[str, str], previous: Screening | None
) -> Screening:
    row = Screening(
        request_id=one.request_id,
        patient_id=one.patient_id,
        site_id=one.site_id,
        previous_id=previous.id if previous else None,
        form=CURRENT.version,
        answers=answers,
        version=1,
        begun_at=one.at - timedelta(minutes=14),
        begun_by_id=by.id,
    )
    session.add(row)
    session.flush()
    return row


def _signed(session: Session, row: Screening, one: Sitting, by: User) -> None:
    draft = draft_of(session, row.id, one.at)
    reason = ELSEWHERE.get(one.outcome) or (WHY if draft.reading.needs_reason else "")
    freeze(session, one.at, draft, Decision(one.outcome, reason, draft.digest), by)
    actor = Actor(by.id, by.name)
    record(session, actor, one.at, "screening.signed", "screening", row.id, row.patient_id, digest=row.digest)


def _not_signed(
    session: Session, calendar: Calendar, chance: Random, staff: Staff, last: Mapping[int, Screening]
) -> None:
    """One that is being typed, and one that tells of somebody in danger: it waits for a clinician."""
    patients = session.scalars(
        select(Patient)
        .where(Patient.archived_at.is_(None), ~Patient.id.in_(select(Course.patient_id)))
        .order_by(Patient.id)
    ).all()
    for minutes, patient in zip((50, 20), patients, strict=False):
        when = calendar.now - timedelta(minutes=minutes)
        by = chance.choice(staff.of(Role.CLINICIAN, patient.site_id))
        one = Sitting(patient.id, None, patient.site_id, when, "", patient.birth_date, "")
        answers = dict(list(_answers(chance, one, ()).items())[:12]) | {"birth_date": str(patient.birth_date)}
        row = _typed(session, one, by, answers, last.get(patient.id))
        if minutes < 30:
            row.answers = {**row.answers, "suicidality": "yes"}
            session.flush()
            raise_of_screening(session, Actor(by.id, by.name), when, row)
