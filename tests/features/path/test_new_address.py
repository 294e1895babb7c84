"""Whoever asked has another address: the former calendar gives the consultation back, the new one gets it."""

import re
from datetime import date
from email import message_from_bytes, policy
from typing import Any

import pytest

from scheduler.db import Database
from scheduler.features.intake.found import search
from scheduler.features.intake.person import become_patient
from scheduler.features.outbox.actions import Ready
from scheduler.features.outbox.consultation_links import consultation_holder
from scheduler.features.path.actions.correct import Details, correct
from scheduler.features.patients.actions.save import update_patient
from scheduler.features.patients.data import PatientData
from scheduler.features.patients.queries import facts
from scheduler.models import Consultation, ConsultationRequest, Message, MessageStatus, Purpose
from scheduler.rendering.discreet import find_banned
from scheduler.rendering.language import load
from tests.features.intake.consultations.test_messages import AT, LATER, Desk, desk, invitation, plain
from tests.support.booked import wall
from tests.support.clinic import NOW, small_clinic
from tests.support.requests import ROSA, make_request

OLD, NEW = "ines1@example.org", "ines@example.net"


def booked(database: Database) -> Desk:
    """Somebody asked and is booked; the confirmation waits."""
    with database.write() as session:
        clinic = small_clinic(session)
        make_request(session, clinic)
    here = desk(database, clinic)
    here.book(1, AT)
    return here


@pytest.fixture
def here(sqlite: Database) -> Desk:
    """One database is enough for the rules; the messages themselves are tested on both."""
    return booked(sqlite)


def correct_to(here: Desk, email: str | None, given: str = "Ines") -> None:
    """The desk writes another address, or another name."""
    with here.database.write() as session:
        asked = session.get_one(ConsultationRequest, 1)
        details = Details(given, "Okafor1", email, asked.phone, "en", "in_person", ("0a",), False, "")
        correct(session, ROSA, here.clock.at, 1, details, asked.version)


def entries(sent: list[Ready]) -> list[tuple[str, str, str]]:
    """To whom each calendar part went, what it does, and of which revision it is."""
    return [(one.recipient, invitation(one)[0], invitation(one)[1]["SEQUENCE"]) for one in sent]


def everything(mail: Ready) -> str:
    """All that can be read of a mail: its headers and each of its parts."""
    parsed = message_from_bytes(mail.body, policy=policy.SMTP)
    parts = [part.get_content() for part in parsed.walk() if not part.is_multipart()]
    told = [each if isinstance(each, str) else each.decode() for each in parts]
    return "\n".join([*map(str, parsed.values()), *told])


def opens(here: Desk, mail: Ready) -> bool:
    """Whether the link of this mail still leads to the consultation."""
    raw = re.findall(r"/k/(\S+)", plain(mail))[0]
    with here.database.read() as session:
        return consultation_holder(session, raw, here.clock.at) is not None


def test_the_former_calendar_gives_the_consultation_back_and_the_new_one_gets_it(database: Database) -> None:
    here = booked(database)
    [first] = here.deliver()
    correct_to(here, NEW)
    old, new = here.deliver()
    assert entries([first, old, new]) == [
        (OLD, "REQUEST", "0"),
        (OLD, "CANCEL", "1"),
        (NEW, "REQUEST", "1"),
    ]
    assert len({invitation(one)[1]["UID"] for one in (first, old, new)}) == 1
    assert "/k/" not in plain(old) and opens(here, new) and not opens(here, first)
    assert not find_banned(everything(old) + everything(new), load("en").banned)
    assert NEW not in everything(old)
    correct_to(here, NEW, "Inés")
    assert here.deliver() == [] and opens(here, new)


def test_what_had_not_left_goes_to_the_new_address_alone(here: Desk) -> None:
    correct_to(here, NEW)
    assert entries(here.deliver()) == [(NEW, "REQUEST", "0")]


@pytest.mark.parametrize("state", [MessageStatus.QUEUED, MessageStatus.SUPPRESSED])
def test_an_address_that_comes_back_keeps_its_entry(here: Desk, state: MessageStatus) -> None:
    here.deliver()
    correct_to(here, NEW)
    with here.database.write() as session:
        session.query(Message).filter_by(purpose=Purpose.INVITATION_WITHDRAWN).one().status = state
    correct_to(here, OLD)
    assert entries(here.deliver()) == [(OLD, "REQUEST", "1")]


def test_who_has_a_number_alone_by_now_is_told_and_reminded_by_text(here: Desk) -> None:
    here.deliver()
    correct_to(here, None)
    old, text = here.deliver()
    assert entries([old]) == [(OLD, "CANCEL", "1")]
    assert (text.recipient, opens(here, text)) == ("+12125550001", True)
    with here.database.read() as session:
        [reminder] = session.query(Message).filter_by(status=MessageStatus.QUEUED)
        assert (reminder.purpose.value, reminder.channel.value) == ("consultation_reminder", "sms")


def test_a_move_meanwhile_leaves_nothing_in_the_former_calendar(here: Desk) -> None:
    [first] = here.deliver()
    correct_to(here, NEW)
    with here.database.read() as session:
        row = session.query(Consultation).one()
    here.move(row, LATER)
    old, new = here.deliver()
    assert [one[:2] for one in entries([old, new])] == [(OLD, "CANCEL"), (NEW, "REQUEST")]
    assert invitation(old)[1]["at"] == invitation(first)[1]["at"] == wall(here.clinic, AT).isoformat()
    assert invitation(new)[1]["at"] == wall(here.clinic, LATER).isoformat()
    here.cancel(row)
    assert [one[:2] for one in entries(here.deliver())] == [(NEW, "CANCEL")]


def test_the_consultation_of_somebody_with_a_record_follows_the_record(here: Desk) -> None:
    here.deliver()
    with here.database.write() as session:
        patient = become_patient(session, ROSA, NOW, 1, date(1990, 7, 1))
        changed: dict[str, Any] = facts(patient) | {"email": NEW}
        update_patient(session, ROSA, NOW, patient.id, PatientData(**changed), patient.version)
    assert entries(here.deliver()) == [(OLD, "CANCEL", "1"), (NEW, "REQUEST", "1")]
    with here.database.read() as session:
        assert [one.id for one in search(session, NEW, 9)] == [1] and search(session, OLD, 9) == []
