"""Whoever holds consultations finds them in the calendar they follow, without anybody's name."""

from scheduler.db import Database
from scheduler.features.calendars.feeds.answer import stamp_of
from scheduler.features.calendars.feeds.entries import facts_of
from scheduler.features.calendars.feeds.owners import Owner
from scheduler.features.calendars.publishing.wanted import wanted_of
from scheduler.features.intake.consultations.actions.book import book
from scheduler.features.intake.consultations.actions.change import cancel
from scheduler.features.intake.consultations.order import Place
from scheduler.features.reminders.mailbox.answer import take_answer
from scheduler.features.reminders.replies.calendar import Answer, Voice
from scheduler.models import Consultation, ConsultationRequest
from tests.support.booked import wall
from tests.support.clinic import NOW, SmallClinic
from tests.support.requests import ROSA


def test_a_consultation_stands_in_its_clinicians_calendar_and_is_counted_in_the_sites(
    database: Database, clinic: SmallClinic
) -> None:
    clinician, site = Owner("user", clinic.users["clinician"].id), Owner("site", clinic.site.id)
    with database.read() as session:
        before = stamp_of(session, clinician, NOW)
    with database.write() as session:
        place = Place(clinician.id, wall(clinic, "2026-11-10 09:30"), "phone")
        row = book(session, ROSA, NOW, 1, place, "one")
    with database.read() as session:
        assert stamp_of(session, clinician, NOW) != before
        [entry] = facts_of(session, clinician, NOW).entries
        [day] = facts_of(session, site, NOW).entries
        [published] = wanted_of(session, clinician.id, NOW).values()
    assert (entry.title, day.title) == ("Consultation by phone, request 1", "1 consultation")
    assert b"DTSTART:20261110T143000Z" in published and b"Okafor" not in published
    assert row.ics_uid not in published.decode()
    with database.write() as session:
        cancel(session, ROSA, NOW, row.id, "They are ill", row.version)
    with database.read() as session:
        assert [entry.cancelled for entry in facts_of(session, clinician, NOW).entries] == [True]
        assert facts_of(session, site, NOW).entries == []


def test_a_calendar_that_declines_asks_for_another_time_and_a_stranger_changes_nothing(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        place = Place(clinic.users["clinician"].id, wall(clinic, "2026-11-10 09:30"), "phone")
        row = book(session, ROSA, NOW, 1, place, "one")

    def answered(said: str, sender: str, sequence: int = 0) -> str:
        answer = Answer("REPLY", row.ics_uid, sequence, (Voice(sender, "", said),), NOW, "", None)
        with database.write() as session:
            return take_answer(session, NOW, 0, sender, answer).outcome

    assert "not come from the address" in answered("DECLINED", "eve@example.org")
    assert "another one has replaced" in answered("DECLINED", "ines1@example.org", 1)
    assert answered("ACCEPTED", "ines1@example.org") == "The consultation is confirmed."
    assert "was declined, and stands" in answered("DECLINED", "ines1@example.org")
    with database.read() as session:
        request = session.get_one(ConsultationRequest, 1)
        assert (request.next_step, str(request.next_due)) == ("Find another time: call them", "2026-11-02")
        assert session.get_one(Consultation, row.id).status == "scheduled"
