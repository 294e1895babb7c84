"""What the printed record of one person is made of, read table by table."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.outbox.queries import lines
from scheduler.features.records.queries.people import whole_person
from scheduler.features.review.queries.paper import printed_course
from scheduler.models import (
    ConsentSignature,
    Consultation,
    ConsultationRequest,
    ContactChoice,
    Course,
    Message,
    Patient,
    PatientCaution,
    Screening,
    ScreeningAddendum,
    Site,
    User,
)
from scheduler.rendering.canonical import Facts, plain
from scheduler.rendering.trajectory import TrajectoryFacts


@dataclass(frozen=True)
class Papers:
    """Plain facts of one person, each kind in the order in which it came about."""

    person: Facts
    site: Facts
    letter: bool
    cautions: Sequence[Facts]
    requests: Sequence[Facts]
    screenings: Sequence[Facts]
    consents: Sequence[Facts]
    courses: Sequence[tuple[Facts, TrajectoryFacts]]
    choices: Sequence[Facts]
    messages: Sequence[Facts]


def papers_of(session: Session, patient_id: int, now: datetime) -> Papers:
    """Everything that is printed of one person. Raises NotFoundError."""
    patient, ids = whole_person(session, patient_id)
    site = session.get_one(Site, patient.site_id)
    courses = select(Course.id).where(Course.patient_id.in_(ids)).order_by(Course.booked_at, Course.id)
    staff = {user.id: user.name for user in session.scalars(select(User).order_by(User.id))}
    return Papers(
        _person(patient),
        {"name": site.name, "tz": site.tz},
        site.date_order == "mdy",
        _cautions(session, ids),
        _requests(session, ids, staff),
        _screenings(session, ids, staff),
        _consents(session, ids),
        [printed_course(session, course_id, now) for course_id in session.scalars(courses).all()],
        _choices(session, ids, staff),
        _messages(session, ids),
    )


def _person(patient: Patient) -> Facts:
    names = (
        "given_name", "family_name", "birth_date", "record_number", "guardian_name", "phone", "email",
        "language",
    )  # fmt: skip
    return {name: plain(getattr(patient, name)) for name in names} | {
        "known_since": plain(patient.created_at)
    }


def _cautions(session: Session, ids: Sequence[int]) -> list[Facts]:
    rows = select(PatientCaution).where(PatientCaution.patient_id.in_(ids)).order_by(PatientCaution.id)
    return [
        {
            "kind": row.kind,
            "words": row.words,
            "noted_at": plain(row.noted_at),
            "struck_at": plain(row.struck_at),
        }
        for row in session.scalars(rows)
    ]


def _requests(session: Session, ids: Sequence[int], staff: dict[int, str]) -> list[Facts]:
    rows = session.scalars(
        select(ConsultationRequest)
        .where(ConsultationRequest.patient_id.in_(ids))
        .order_by(ConsultationRequest.id)
    ).all()
    talks = session.scalars(
        select(Consultation)
        .where(Consultation.request_id.in_([row.id for row in rows]))
        .order_by(Consultation.starts_at, Consultation.id)
    ).all()
    asked = [
        {"at": plain(row.received_at), "what": "Asked for a consultation", "state": row.status.value}
        for row in rows
    ]
    met = [
        {
            "at": plain(row.starts_at),
            "what": f"Consultation with {staff.get(row.clinician_id, 'a clinician')}",
            "state": row.status,
        }
        for row in talks
    ]
    return sorted([*asked, *met], key=lambda each: str(each["at"]))


def _screenings(session: Session, ids: Sequence[int], staff: dict[int, str]) -> list[Facts]:
    rows = session.scalars(
        select(Screening)
        .where(Screening.patient_id.in_(ids), Screening.signed_at.is_not(None))
        .order_by(Screening.signed_at, Screening.id)
    ).all()
    found = []
    for row in rows:
        added = select(ScreeningAddendum).where(ScreeningAddendum.screening_id == row.id)
        found.append(
            {
                "record": json.loads(row.record or "{}"),
                "outcome": row.outcome,
                "signed_at": plain(row.signed_at),
                "by": staff.get(row.signed_by_id or 0, ""),
                "digest": row.digest,
                "addenda": [
                    {
                        "words": each.words,
                        "reason": each.reason,
                        "at": plain(each.written_at),
                        "by": staff.get(each.written_by_id, ""),
                    }
                    for each in session.scalars(added.order_by(ScreeningAddendum.id))
                ],
            }
        )
    return found


def _consents(session: Session, ids: Sequence[int]) -> list[Facts]:
    rows = session.scalars(
        select(ConsentSignature)
        .where(ConsentSignature.patient_id.in_(ids))
        .order_by(ConsentSignature.signed_at, ConsentSignature.id)
    )
    return [
        {
            "record": json.loads(row.record),
            "digest": row.digest,
            "withdrawn_at": plain(row.withdrawn_at),
            "withdraw_reason": row.withdraw_reason,
        }
        for row in rows
    ]


def _choices(session: Session, ids: Sequence[int], staff: dict[int, str]) -> list[Facts]:
    rows = select(ContactChoice).where(ContactChoice.patient_id.in_(ids)).order_by(ContactChoice.id)
    return [
        {
            "at": plain(row.at),
            "topic": row.topic.value,
            "allowed": row.allowed,
            "source": row.source,
            "by": staff.get(row.actor_id or 0, ""),
            "note": row.note,
        }
        for row in session.scalars(rows)
    ]


def _messages(session: Session, ids: Sequence[int]) -> list[Facts]:
    rows: Any = session.scalars(
        select(Message).where(Message.patient_id.in_(ids)).order_by(Message.created_at, Message.id)
    )
    return [
        {
            "at": plain(row.sent_at or row.created_at),
            "what": lines.label(row.purpose, row.facts),
            "by": lines.CHANNELS[row.channel],
            "to": row.recipient or "",
            "state": row.status.value,
        }
        for row in rows
    ]
