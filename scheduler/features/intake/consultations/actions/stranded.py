"""Consultations that no longer hold: the clinician is not there any more, or the site shuts then.

Each becomes the next step of its request, due today, so that somebody calls the person before they come.
Where it holds again, the consultation is what is next.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.features.audit.actions import record
from scheduler.features.intake.consultations.actions.change import HOLD
from scheduler.features.intake.consultations.judging import Judged
from scheduler.features.intake.steps import local_day, locked_request, note_event, set_next
from scheduler.models import Consultation

LOST = "Move the consultation: its time no longer holds"


def note_stranded(session: Session, actor: Actor, at: datetime, talks: Mapping[int, Judged]) -> None:
    """Note what a change of the capacity did to the consultations to come, in its transaction.

    `talks` are all of them as they stand after it (`judged_talks`).
    """
    for each in talks.values():
        if bool(each.why) == (each.next_step == LOST):
            continue
        request, row = locked_request(session, each.request_id), session.get_one(Consultation, each.id)
        if not each.why:
            set_next(session, actor, at, request, HOLD, row.local_day)
            continue
        set_next(session, actor, at, request, LOST, local_day(session, row.site_id, at))
        starts_at = row.starts_at.isoformat()
        note_event(session, actor, at, request, "stranded", " ".join(each.why), starts_at=starts_at)
        record(session, actor, at, "consultation.stranded", "consultation", row.id, request.patient_id)
