"""What a patient allows, by which way, since when; and the addresses that take nothing more."""

from sqlalchemy.orm import Session

from scheduler.db import Database
from scheduler.features.outbox.contact.actions import allow_address, choose, stop_address
from scheduler.features.outbox.contact.queries import channels_open, choices, history, ways
from scheduler.models import Channel, Patient, Topic
from tests.support.changes import LATER, ROSA
from tests.support.clinic import NOW, SmallClinic

EMAIL, SMS = Channel.EMAIL, Channel.SMS


def person(session: Session, clinic: SmallClinic) -> Patient:
    """The clinic's patient, with a phone and a mail address."""
    patient = session.get_one(Patient, clinic.patient.id)
    patient.phone, patient.email = "+15550100123", "ana@example.com"
    session.flush()
    return patient


def test_mail_goes_unless_refused_and_texts_only_with_consent(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        patient = person(session, clinic)
        assert channels_open(session, patient) == (EMAIL,)
        choose(session, ROSA, NOW, patient.id, Topic.SMS, True, "desk")
        assert channels_open(session, patient) == (EMAIL, SMS)
        choose(session, ROSA, LATER, patient.id, Topic.EMAIL, False, "patient")
        assert channels_open(session, patient) == (SMS,)
        assert ways(session, patient)[0].closed == "The patient asked for none."


def test_the_last_choice_holds_and_the_earlier_ones_stay(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        patient = person(session, clinic)
        for at, allowed in ((NOW, True), (NOW, True), (LATER, False)):
            choose(session, ROSA, at, patient.id, Topic.SMS, allowed, "desk")
        rows = history(session, patient.id)
        assert [(row.allowed, row.at, row.source) for row in rows] == [
            (False, LATER, "desk"),
            (True, NOW, "desk"),
        ]
        assert choices(session, patient.id).sms is False


def test_stop_acts_on_the_number_and_start_ends_it(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        patient = person(session, clinic)
        choose(session, ROSA, NOW, patient.id, Topic.SMS, True, "desk")
        assert stop_address(session, ROSA, NOW, SMS, "+15550100123", "stop", "STOP")
        assert not stop_address(session, ROSA, LATER, SMS, "+15550100123", "stop", "STOP")
        assert channels_open(session, patient) == (EMAIL,)
        assert choices(session, patient.id).sms, "the consent stays; the number is what is closed"
        assert allow_address(session, ROSA, LATER, SMS, "+15550100123")
        assert not allow_address(session, ROSA, LATER, SMS, "+15550100123")
        assert channels_open(session, patient) == (EMAIL, SMS)


def test_mail_that_came_back_closes_the_address_until_it_is_corrected(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        patient = person(session, clinic)
        stop_address(session, ROSA, NOW, EMAIL, "ana@example.com", "bounce", "550 no such user")
        assert channels_open(session, patient) == ()
        patient.email = "ana.lee@example.com"
        session.flush()
        assert channels_open(session, patient) == (EMAIL,)
