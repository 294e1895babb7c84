"""Tell a patient the dates of a course: one summary that leaves once, then an invitation to each visit.

Who takes texts alone gets the summary as a text. The mail is written all the same: the list says why it was
not sent.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.courses.actions.tell_text import takes_texts_only
from scheduler.features.outbox.actions import enqueue
from scheduler.features.outbox.actions.invite import invite
from scheduler.models import Channel, Course, Infusion, Patient, Purpose


def confirm_dates(
    session: Session, at: datetime, patient: Patient, course: Course, rows: Sequence[Infusion]
) -> None:
    """Write the confirmation of the visits `rows`, which have their ids, and an invitation to each."""
    ways = [Channel.EMAIL, *([Channel.SMS] if takes_texts_only(session, patient) else [])]
    for channel in ways:
        enqueue(
            session,
            at,
            purpose=Purpose.BOOKING_CONFIRMATION,
            patient_id=patient.id,
            language=patient.language,
            dedupe_key=f"booking_confirmation:course:{course.id}:{channel.value}",
            course_id=course.id,
            facts={
                "course_id": course.id,
                "visits": [
                    {
                        "infusion_id": row.id,
                        "starts_at": row.starts_at.isoformat(),
                        "schedule_version": row.schedule_version,
                    }
                    for row in rows
                ],
            },
            channel=channel,
        )
    invite(session, at, patient, rows)
