"""Where a clinician is not there any more, their consultation becomes what is next for the request."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.capacity.actions.leave import end_duty
from scheduler.features.intake.consultations.actions.book import book
from scheduler.features.intake.consultations.order import Place
from scheduler.features.settings.actions.apply import EffectsError, apply_change
from scheduler.models import ConsultationRequest, DutyPattern
from tests.support.booked import wall
from tests.support.clinic import NOW, SmallClinic
from tests.support.requests import ROSA


def test_a_clinician_who_leaves_strands_their_consultation_and_one_who_is_back_takes_it_up(
    database: Database, clinic: SmallClinic
) -> None:
    clinician = clinic.users["clinician"].id
    with database.write() as session:
        book(session, ROSA, NOW, 1, Place(clinician, wall(clinic, "2026-11-10 09:30"), "phone"), "one")

    def leaves(day: date, agreed: str = "") -> tuple[str, str]:
        def gone(session: Session, actor: Actor, at: datetime) -> None:
            end_duty(session, actor, at, clinician, day)

        with database.write() as session:
            apply_change(session, ROSA, NOW, gone, agreed)
        return what_is_next()

    def what_is_next() -> tuple[str, str]:
        with database.read() as session:
            request = session.get_one(ConsultationRequest, 1)
            return request.next_step, str(request.next_due)

    assert leaves(date(2026, 11, 11)) == ("Hold the consultation", "2026-11-10")
    with pytest.raises(EffectsError) as shown:
        leaves(date(2026, 11, 10))
    (talk,) = shown.value.talks
    assert (talk.name, str(talk.start), talk.why) == (
        "Ines Okafor1",
        "2026-11-10 09:30:00",
        ("Clinician is not there then.",),
    )
    assert what_is_next() == ("Hold the consultation", "2026-11-10"), "nothing is changed unseen"
    assert leaves(date(2026, 11, 10), shown.value.agreed) == (
        "Move the consultation: its time no longer holds",
        "2026-11-02",
    )
    with database.write() as session:
        for row in session.scalars(select(DutyPattern).where(DutyPattern.user_id == clinician)):
            row.valid_until = None
        apply_change(session, ROSA, NOW, changes_nothing, "")
    assert what_is_next() == ("Hold the consultation", "2026-11-10")


def changes_nothing(*_: object) -> None:
    """A change of capacity that was made already."""
