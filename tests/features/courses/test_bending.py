"""Exceptions to a protocol: which there are, who may make one, and what is left of it."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.db import Database
from scheduler.errors import RuleError
from scheduler.features.courses.bending import BENDS, bent_protocol
from scheduler.features.courses.words import RELAXED, relaxation
from scheduler.models import AuditEvent, Blackout, Course, ProtocolVersion
from tests.features.conftest import SignedIn
from tests.features.courses.pages import booking, link_of, open_page
from tests.support.clinic import SmallClinic

TIGHT = {"from": "2026-12-01", "until": "2026-12-01"}


def leave_on_friday(database: Database, clinic: SmallClinic) -> None:
    """Who starts on Tuesday 1 December comes on Thursday, and then not for four days."""
    friday = date(2026, 12, 4)
    with database.write() as session:
        session.add(Blackout(patient_id=clinic.patient.id, first_day=friday, last_day=friday, note=""))


@pytest.mark.parametrize(
    ("bend", "field", "value"),
    [
        ("gap_max+1", "gap_max", 4),
        ("gap_max+2", "gap_max", 5),
        ("gap_min-1", "gap_min", 1),
        ("span_max+7", "span_max", 21),
        ("span_min-3", "span_min", 8),
    ],
)
def test_an_exception_bends_one_rule(desk_clinic: SmallClinic, bend: str, field: str, value: int) -> None:
    version = desk_clinic.protocol_version
    plain, bent = bent_protocol(version, ""), bent_protocol(version, bend)
    assert getattr(bent, field) == value
    changed = {
        name
        for name in ("gap_min", "gap_max", "span_min", "span_max")
        if getattr(bent, name) != getattr(plain, name)
    }
    assert changed == {field}


def test_there_is_no_other_exception(desk_clinic: SmallClinic) -> None:
    with pytest.raises(RuleError, match="no such exception"):
        bent_protocol(desk_clinic.protocol_version, "gap_max+9")


def test_every_exception_has_words(desk_clinic: SmallClinic) -> None:
    assert set(BENDS) < set(RELAXED)
    assert all("{" not in relaxation(name, desk_clinic.protocol_version) for name in RELAXED)
    assert relaxation("gap_max+1", desk_clinic.protocol_version) == "with gaps of up to 4 days"


def test_the_front_desk_is_told_who_can_allow_it(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    leave_on_friday(sqlite, desk_clinic)
    page = open_page(desk, desk_clinic, **TIGHT)
    assert "No six dates fit" in page.text
    assert "With gaps of up to 4 days. <span" in page.text
    assert "A clinician can allow this, with a reason." in page.text
    assert "bend=" not in page.text


@pytest.mark.parametrize("bend", ["gap_max+1", "any site", "nonsense", "x" * 5000])
def test_the_front_desk_cannot_bend_by_the_address(
    desk: FlaskClient, desk_clinic: SmallClinic, bend: str
) -> None:
    page = open_page(desk, desk_clinic, bend=bend)
    assert page.status_code == 422
    assert "Only a clinician can" in page.text or "no such exception" in page.text
    assert 'name="proposal"' not in page.text


def test_nor_by_a_form(desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic) -> None:
    sent = booking(desk, open_page(desk, desk_clinic)) | {"bend": "gap_max+1", "bend_reason": "Because"}
    answer = desk.post("/courses", data=sent)
    assert answer.status_code == 422
    assert "Only a clinician can let a course bend its protocol." in answer.text
    with sqlite.read() as session:
        assert session.scalars(select(Course)).all() == []


def test_a_clinician_allows_it_with_a_reason_that_stays(
    as_role: SignedIn, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    leave_on_friday(sqlite, desk_clinic)
    client = as_role("clinician")
    impasse = open_page(client, desk_clinic, **TIGHT)
    page = client.get(link_of(impasse, "With gaps of up to 4 days"))
    assert page.status_code == 200
    assert "Why this course may bend the protocol: with gaps of up to 4 days" in page.text
    silent = client.post("/courses", data=booking(client, page))
    assert silent.status_code == 422
    assert "Write why this course may bend the protocol." in silent.text
    again = booking(client, silent) | {"bend_reason": "Travels on Tuesdays"}
    assert client.post("/courses", data=again).status_code == 303
    with sqlite.read() as session:
        course = session.scalars(select(Course)).one()
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "course.booked")).one()
    assert (course.bend, course.bend_reason) == ("gap_max+1", "Travels on Tuesdays")
    assert course.booked_by_id == desk_clinic.users["clinician"].id == event.actor_id
    assert event.detail == {"visits": 6, "bend": "gap_max+1"}


def test_a_second_exception_is_not_offered_on_top_of_one(
    as_role: SignedIn, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    leave_on_friday(sqlite, desk_clinic)
    page = open_page(as_role("clinician"), desk_clinic, bend="span_max+7", **TIGHT)
    assert "No six dates fit" in page.text
    assert "ith gaps of up to" not in page.text
    way = link_of(page, "If the first visit may be a week later")
    assert parse_qs(urlsplit(way).query)["bend"] == ["span_max+7"]


def test_a_clinician_may_take_another_kind_of_chair_than_the_protocol_asks_for(
    as_role: SignedIn, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        session.get_one(ProtocolVersion, desk_clinic.protocol_version.id).chair_type = "bed"
    day = {"from": "2026-11-30", "until": "2026-11-30"}
    refused = open_page(as_role("front_desk"), desk_clinic, **day)
    assert "On any kind of chair. <span" in refused.text
    clinician = as_role("clinician")
    way = link_of(open_page(clinician, desk_clinic, **day), "On any kind of chair")
    assert parse_qs(urlsplit(way).query)["bend"] == ["any chair type"]
    sets = clinician.get(way)
    assert "Book 6 visits" in sets.text
    answer = clinician.post("/courses", data=booking(clinician, sets) | {"bend_reason": "No bed that week"})
    assert answer.status_code == 303
    with sqlite.read() as session:
        course = session.scalars(select(Course)).one()
    assert (course.bend, course.bend_reason) == ("any chair type", "No bed that week")


def test_without_the_exception_another_kind_of_chair_is_not_booked(
    as_role: SignedIn, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    desk = as_role("front_desk")
    page = open_page(desk, desk_clinic, **{"from": "2026-11-30", "until": "2026-11-30"})
    form = booking(desk, page)
    with sqlite.write() as session:
        session.get_one(ProtocolVersion, desk_clinic.protocol_version.id).chair_type = "bed"
    answer = desk.post("/courses", data=form)
    assert answer.status_code == 409
    assert "is not of the kind that Loading, 3 × week asks for" in answer.text
