"""The replan page: which dates it offers, what one press does, and what it says where nothing fits."""

import re
from datetime import date
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from scheduler.db import Database
from scheduler.models import Course, InfusionStatus, Message, Patient, Purpose
from tests.features.conftest import SignedIn
from tests.features.courses.moving.replan.replanning import (
    DAYS,
    form_of,
    lossy,
    page_of,
    raw,
    standing_days,
)
from tests.support.clinic import SmallClinic, make_patient
from tests.support.sign_in import csrf_token
from tests.support.visits import add_course, add_visit, local


@pytest.fixture
def missed(sqlite: Database, desk_clinic: SmallClinic) -> Course:
    """Visit 3 was missed; those before and after it stand two and three days away."""
    with sqlite.write() as session:
        return lossy(session, desk_clinic, [3])


def test_one_missed_visit_gets_a_new_date_between_the_others_and_the_five_stay_byte_for_byte(
    desk: FlaskClient, sqlite: Database, missed: Course
) -> None:
    before = raw(sqlite)
    page = page_of(desk, missed.id, after=3)
    assert "New date for visit 3" in page
    assert "Book 1 visit, send 1 message" in page
    answer = desk.post(f"/courses/{missed.id}/plan", data=form_of(desk, page))
    assert (answer.status_code, answer.location) == (303, f"/courses/{missed.id}")
    assert re.search(r'action="/changes/\d+/undo"', desk.get(answer.location).text)
    after = raw(sqlite)
    assert {key: after[key] for key in before} == before
    assert standing_days(sqlite, missed.id)[3] == DAYS[2]


def test_the_same_page_sent_twice_books_once(desk: FlaskClient, sqlite: Database, missed: Course) -> None:
    form = form_of(desk, page_of(desk, missed.id))
    desk.post(f"/courses/{missed.id}/plan", data=form)
    once = raw(sqlite)
    assert desk.post(f"/courses/{missed.id}/plan", data=form).status_code == 303
    assert raw(sqlite) == once


def test_undo_takes_the_new_date_back_and_the_course_asks_for_one_again(
    desk: FlaskClient, sqlite: Database, missed: Course
) -> None:
    desk.post(f"/courses/{missed.id}/plan", data=form_of(desk, page_of(desk, missed.id)))
    action = re.search(r"/changes/\d+/undo", desk.get(f"/courses/{missed.id}").text)
    assert action is not None
    assert desk.post(action[0], data={"csrf_token": csrf_token(desk)}).status_code == 303
    assert 3 not in standing_days(sqlite, missed.id)
    assert f'href="/courses/{missed.id}/plan"' in desk.get(f"/courses/{missed.id}").text


def test_where_one_alone_has_no_room_those_that_follow_move_with_the_fewest_first(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    days = [date(2026, 11, day) for day in (2, 4, 5, 6, 9, 11)]
    with sqlite.write() as session:
        course = lossy(session, desk_clinic, [3], days)
    page = page_of(desk, course.id, after=3)
    assert "Visit 3 finds no room between the others, so these move too." in page
    desk.post(f"/courses/{course.id}/plan", data=form_of(desk, page))
    placed = standing_days(sqlite, course.id)
    gaps = [(placed[k + 1] - placed[k]).days for k in range(1, 6)]
    assert all(2 <= gap <= 5 for gap in gaps)
    assert [placed[1], placed[2]] == days[:2]


def test_several_lost_visits_are_planned_at_once_or_the_one_alone(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        course = lossy(session, desk_clinic, [3, 4])
    page = page_of(desk, course.id, after=3)
    assert "New date for visit 3" in page
    link = re.search(r'href="([^"]+)"[^>]*>Visits 3 and 4 alone', page)
    assert link is not None
    page = " ".join(unescape(desk.get(link[1]).text).split())
    assert "New dates for visits 3 and 4" in page
    desk.post(f"/courses/{course.id}/plan", data=form_of(desk, page))
    assert sorted(standing_days(sqlite, course.id)) == [1, 2, 3, 4, 5, 6]


def test_new_dates_come_at_the_hours_and_from_the_day_that_are_wished(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        course = lossy(session, desk_clinic, [2, 3, 4, 5, 6])
    can = ["1p", "2p", "3p", "4p"]
    wish = {"asked": "1", "from": "2026-11-05", "can": can, "pa": "14:00", "pb": ""}
    page = page_of(desk, course.id, **wish)
    assert 'value="2026-11-05"' in page
    desk.post(f"/courses/{course.id}/plan", data=form_of(desk, page))
    placed = standing_days(sqlite, course.id)
    assert placed[2] >= date(2026, 11, 5)
    assert all(placed[k].weekday() in (1, 2, 3, 4) for k in range(2, 7))


def test_what_is_typed_wrongly_is_said_at_its_field_and_stays_there(
    desk: FlaskClient, missed: Course
) -> None:
    page = page_of(desk, missed.id, 422, asked="1", **{"from": "2026-10-01", "pa": "99"})
    for words in ("That day has passed.", "Write a time of day", "Tick at least one half-day"):
        assert words in page
    assert 'value="99"' in page


def test_after_a_long_hold_the_page_says_which_rule_breaks_and_a_clinician_may_book_with_a_reason(
    as_role: SignedIn, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        course = lossy(session, desk_clinic, [2, 3, 4, 5, 6], [date(2026, 10, 5), *DAYS[1:]])
    rosa, doctor = as_role("front_desk"), as_role("clinician")
    words = "Visit 2 would come 28 days after visit 1: too late, at most 5 days."
    page = page_of(rosa, course.id)
    assert words in page
    assert "It is not open to the front desk" in page
    assert 'id="proposal-alone"' not in page
    page = page_of(doctor, course.id)
    assert words in page
    refused = doctor.post(f"/courses/{course.id}/plan", data=form_of(doctor, page, "alone", reason=" "))
    assert (refused.status_code, "Write why" in refused.text) == (422, True)
    stolen = form_of(doctor, page, "alone", reason="A holiday")
    assert (
        rosa.post(f"/courses/{course.id}/plan", data={**stolen, "csrf_token": csrf_token(rosa)}).status_code
        == 422
    )
    assert doctor.post(f"/courses/{course.id}/plan", data=stolen).status_code == 303
    placed = standing_days(sqlite, course.id)
    assert all(2 <= (placed[k + 1] - placed[k]).days <= 5 for k in range(2, 6))
    with sqlite.read() as session:
        kept = session.execute(text("SELECT override, reason FROM course_changes WHERE override IS NOT NULL"))
        assert kept.one() == ("R10 R11", "A holiday")


def test_no_clinician_can_set_a_taken_chair_aside(
    as_role: SignedIn, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        course = lossy(session, desk_clinic, [2, 3, 4, 5, 6], [date(2026, 10, 5), *DAYS[1:]])
    doctor = as_role("clinician")
    form = form_of(doctor, page_of(doctor, course.id), "alone", reason="A holiday")
    where = re.search(r"@(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)", str(form["set-alone"]))
    assert where is not None
    year, month, day, hour, minute = where.groups()
    with sqlite.write() as session:
        theirs = add_course(session, desk_clinic, make_patient(session, desk_clinic.site, 7))
        start = local(desk_clinic.site, date(int(year), int(month), int(day)), f"{hour}:{minute}")
        for chair in desk_clinic.chairs[:1]:
            add_visit(session, theirs, chair, 1, start, InfusionStatus.SCHEDULED)
    before = raw(sqlite)
    answer = doctor.post(f"/courses/{course.id}/plan", data=form)
    assert answer.status_code == 409
    assert "A holiday" in answer.text
    assert raw(sqlite) == before


def test_a_date_that_was_taken_meanwhile_is_named_and_nothing_asked_for_is_lost(
    desk: FlaskClient, sqlite: Database, missed: Course, desk_clinic: SmallClinic
) -> None:
    wish = {"asked": "1", "from": "", "can": ["4a", "4p"], "pa": "09:00", "pb": "09:00"}
    form = form_of(desk, page_of(desk, missed.id, **wish))
    with sqlite.write() as session:
        theirs = add_course(session, desk_clinic, make_patient(session, desk_clinic.site, 7))
        start = local(desk_clinic.site, DAYS[2], "09:00")
        add_visit(session, theirs, desk_clinic.chairs[0], 1, start, InfusionStatus.SCHEDULED)
    answer = desk.post(f"/courses/{missed.id}/plan", data=form)
    page = " ".join(unescape(answer.text).split())
    assert answer.status_code == 409
    assert "No. 3, Fri 6 Nov 09:00: Chair 1 is taken then." in page
    assert 'name="pa" type="text" value="09:00"' in page
    assert 'name="set-r1"' in page
    assert 3 not in standing_days(sqlite, missed.id)


def test_where_the_patient_can_never_come_the_page_says_what_would_help(
    desk: FlaskClient, missed: Course
) -> None:
    page = page_of(desk, missed.id, asked="1", all="0", can=["5a"], **{"from": ""})
    assert "No date is free" in page
    link = re.search(r'href="([^"]+)"[^>]*>If the patient can come at any time', page)
    assert link is not None
    assert 'name="set-r1"' in desk.get(link[1]).text


def test_a_course_with_all_its_dates_leads_back_to_its_page_and_a_held_one_to_resuming(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        whole = lossy(session, desk_clinic, [])
    assert desk.get(f"/courses/{whole.id}/plan").location == f"/courses/{whole.id}"
    token = {"csrf_token": csrf_token(desk)}
    desk.post(f"/courses/{whole.id}/hold", data={"which": "release", "reason": "Ill", **token})
    assert desk.get(f"/courses/{whole.id}/plan").location == f"/courses/{whole.id}/resume"
    answer = desk.post(f"/courses/{whole.id}/resume", data=token)
    assert answer.location == f"/courses/{whole.id}/plan"
    assert "New dates for visits 2, 3, 4, 5 and 6" in desk.get(answer.location).text


def test_a_missed_visit_leads_to_its_new_date_from_wherever_it_is_looked_at(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        course = lossy(session, desk_clinic, [], [date(2026, 10, 30), date(2026, 11, 2), *DAYS[2:]])
    form = {"step": "miss", "seen": "scheduled", "next": "/today", "csrf_token": csrf_token(desk)}
    desk.post("/infusions/2/steps", data=form)
    wanted = f'href="/courses/{course.id}/plan?after=2"'
    assert wanted in desk.get(f"/courses/{course.id}").text
    assert wanted in desk.get("/infusions/2").text
    assert f'href="/courses/{course.id}/plan"' in desk.get("/tasks").text


def test_the_patient_is_told_of_new_dates_unless_there_is_no_address(
    desk: FlaskClient, sqlite: Database, missed: Course, desk_clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        session.get_one(Patient, desk_clinic.patient.id).email = None
    page = page_of(desk, missed.id)
    assert "no message reaches Marta, who needs a call." in page
    with sqlite.write() as session:
        session.get_one(Patient, desk_clinic.patient.id).email = "marta@example.org"
    desk.post(f"/courses/{missed.id}/plan", data=form_of(desk, page_of(desk, missed.id)))
    with sqlite.read() as session:
        assert len(session.scalars(select(Message).where(Message.purpose == Purpose.VISIT_MOVED)).all()) == 1
