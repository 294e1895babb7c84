"""Whoever holds consultations finds them in the calendar they follow, without anybody's name."""

from scheduler.db import Database
from scheduler.features.calendars.feeds.answer import stamp_of
from scheduler.features.calendars.feeds.entries import facts_of
from scheduler.features.calendars.feeds.owners import Owner
from scheduler.features.calendars.publishing.wanted import wanted_of
from scheduler.features.intake.consultations.actions.book import book
from scheduler.features.intake.consultations.actions.change import cancel
from scheduler.features.intake.consultations.order import Place
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
