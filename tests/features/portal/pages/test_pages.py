"""What a patient does on their own pages, and what stands on them."""

import json
from datetime import UTC, datetime

import icalendar
import pytest
from sqlalchemy import func, select, update

from scheduler.features.outbox.contact.queries import choices
from scheduler.models import (
    AuditEvent,
    Consultation,
    ContactChoice,
    Infusion,
    InfusionStatus,
    Patient,
    RatingLink,
    TimePoint,
)
from scheduler.rendering.discreet import find_banned
from tests.features.portal.pages.conftest import Door, Knock
from tests.support.clinic import make_patient
from tests.support.consents import add_text, signed
from tests.support.consultations import add_consultation
from tests.support.requests import make_request
from tests.support.visits import add_rating


@pytest.fixture
def inside(door: Door) -> Door:
    """Marta, in the browser of her own telephone."""
    door.enter()
    return door


def test_an_appointment_is_confirmed_from_the_patients_own_pages(inside: Door) -> None:
    visit = inside.phone.visit_id
    answer = inside.post(f"/my/visits/{visit}/confirm", {"version": "1"})
    assert answer.location == f"/my/visits/{visit}#said"
    assert inside.phone.visit().confirmation == "confirmed"
    assert "You said that you come" in inside.get("/my").text
    page = inside.get(f"/my/visits/{visit}").text
    assert 'href="/my"' in page and "This link" not in page  # No link leads here that could end.


def test_another_time_is_asked_for_and_the_desk_answers(inside: Door) -> None:
    inside.post(f"/my/visits/{inside.phone.visit_id}/ask", {"version": "1", "time": "call"})
    assert [task.kind for task in inside.phone.tasks()] == ["change_asked"]


def test_the_calendar_file_holds_all_that_is_to_come(inside: Door) -> None:
    with inside.phone.database.write() as session:
        session.get_one(Infusion, inside.phone.visit_id).status = InfusionStatus.CANCELLED
    file = icalendar.Calendar.from_ical(inside.get("/my/appointments.ics").data)
    assert [str(event["SUMMARY"]) for event in file.walk("VEVENT")] == ["Appointment"] * 5
    assert "Cancelled" in inside.get("/my").text


def test_a_consultation_stands_among_the_appointments_of_whoever_asked_again(inside: Door) -> None:
    database, clinic = inside.phone.database, inside.phone.clinic
    with database.write() as session:
        asked = make_request(session, clinic, patient_id=clinic.patient.id, way="phone")
        add_consultation(session, clinic, asked, datetime(2026, 11, 27, 15, tzinfo=UTC))
    page = inside.get("/my").text
    assert "Friday 27 November 2026" in page and "we call you" in page
    with database.write() as session:
        session.execute(update(Consultation).values(status="cancelled"))
    assert "we call you" not in inside.get("/my").text


def test_questions_that_are_due_open_behind_a_link_of_their_own_and_no_others(inside: Door) -> None:
    course = inside.phone.course
    inside.later(days=27, hours=3)  # Three days before the first appointment.
    page = inside.get("/my").text
    inside.enter()
    page = inside.get("/my").text
    assert "A few short questions for you" in page and f'value="{course}.baseline"' in page
    for strange in (f"{course}.weekly-1", "999.baseline", "", "x"):
        assert inside.post("/my/questions", {"asked": strange}).location == "/my"
    with inside.phone.database.read() as session:
        assert session.scalar(select(func.count(RatingLink.id))) == 0
    opened = inside.post("/my/questions", {"asked": f"{course}.baseline"})
    assert opened.location.startswith("/r/")
    assert inside.get(opened.location).status_code == 200


def test_a_document_that_waits_for_a_signature_stands_above_the_appointments(inside: Door) -> None:
    who = inside.phone.clinic.patient.id
    with inside.phone.database.write() as session:
        text = add_text(session)
    assert "A document to read and to sign" in inside.get("/my").text
    with inside.phone.database.write() as session:
        signed(session, who, session.merge(text))
    assert "to read and to sign" not in inside.get("/my").text


def test_what_a_patient_wants_is_written_down_as_theirs(inside: Door) -> None:
    who = inside.phone.clinic.patient.id
    answer = inside.post("/my/messages", {"seen": "0", "language": "es", "allow": "sms"})
    assert answer.location == "/my/messages?saved=1"
    assert "Sus citas" in inside.get("/my").text
    with inside.phone.database.read() as session:
        chosen = choices(session, who)
        assert (chosen.sms, chosen.email, chosen.invitations) == (True, False, False)
        assert set(session.scalars(select(ContactChoice.source))) == {"patient"}
        assert session.get_one(Patient, who).language == "es"
    late = inside.post("/my/messages", {"seen": "0", "language": "en", "allow": "email"})
    assert late.status_code == 409 and "No se guardó nada" in late.text
    with inside.phone.database.read() as session:
        assert session.get_one(Patient, who).language == "es" and choices(session, who).sms


def test_the_download_holds_what_is_the_patients_and_no_answer(inside: Door) -> None:
    with inside.phone.database.write() as session:
        visit = session.get_one(Infusion, inside.phone.visit_id)
        rating = add_rating(session, visit, TimePoint.PRE, 7)
        rating.source = "patient"
        rated_at = rating.rated_at.isoformat()
    answer = inside.get("/my/data.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    held = json.loads(answer.text)
    assert held["person"]["family_name"] == "Lindqvist" and held["person"]["birth_date"] == "1986-03-14"
    assert len(held["appointments"]) == 6 and held["questions_answered_at"] == [rated_at]
    assert "score" not in answer.text and "anxiety" not in answer.text
    with inside.phone.database.read() as session:
        assert session.scalar(
            select(func.count(AuditEvent.id)).where(AuditEvent.action == "pages.downloaded")
        )


@pytest.mark.parametrize("language", ["en", "es"])
def test_without_a_connection_a_phone_holds_when_and_where_and_no_name(knock: Knock, language: str) -> None:
    own = knock(language=language)
    strange = knock(own.phone)
    own.enter()
    strange.enter(remember=False)
    answer = own.get("/my/offline")
    assert answer.text.count("09:30") == 6 and "Harbor Street" in answer.text
    said = answer.text.lower()
    assert (
        "marta" not in said and "lindqvist" not in said and "/my/visits" not in said and "<form" not in said
    )
    assert find_banned(said) == []
    until = own.devices()[0].ends_at.timestamp()
    assert answer.headers["X-Kept-Until"] == str(int(until * 1000))
    assert strange.get("/my/offline").status_code == 404  # Nothing is kept on a device of somebody else.


def test_a_device_is_forgotten_here_there_or_everywhere(knock: Knock) -> None:
    one = knock()
    two, three = knock(one.phone), knock(one.phone)
    for each in (one, two, three):
        each.enter()
    ids = [row.id for row in one.devices()]
    assert one.post("/my/devices", {"device": str(ids[1])}).location == "/my/devices"
    assert [each.get("/my").status_code for each in (one, two, three)] == [200, 401, 200]
    left = three.post("/my/devices", {"device": str(ids[2])})
    assert left.status_code == 200 and left.headers["X-Pages"] == "closed"
    assert "sixfold-pages=;" in left.headers["Set-Cookie"]
    two.enter()
    assert one.post("/my/devices", {"device": "all"}).status_code == 200
    assert [each.get("/my").status_code for each in (one, two, three)] == [401, 401, 401]


def test_a_patient_ends_no_device_of_somebody_else(knock: Knock) -> None:
    marta = knock()
    with marta.phone.database.write() as session:
        site = session.merge(marta.phone.clinic.site)
        otto_id = make_patient(session, site, 2, given_name="Otto").id
    otto = knock(marta.phone, otto_id)
    otto.enter()
    marta.enter()
    marta.post("/my/devices", {"device": str(otto.devices()[0].id)})
    marta.post("/my/devices", {"device": "all"})
    assert (marta.get("/my").status_code, otto.get("/my").status_code) == (401, 200)


def test_looking_is_audited_once_a_minute(inside: Door) -> None:
    inside.later(minutes=2)
    for _ in range(3):
        inside.get("/my")
    with inside.phone.database.read() as session:
        looks = session.scalars(select(AuditEvent).where(AuditEvent.action == "patient.read")).all()
        assert [(one.actor, one.patient_id) for one in looks] == [("patient", inside.phone.clinic.patient.id)]
