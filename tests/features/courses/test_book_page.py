"""Booking through the page: the form as it is sent, twice, late, tampered with, or too late."""

import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from werkzeug.test import TestResponse

from scheduler import clock
from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.courses.actions.book import book_course
from scheduler.features.courses.order import decode, encode
from scheduler.models import AuditEvent, Chair, Course, Infusion, Message, Patient
from tests.features.conftest import SignedIn
from tests.features.courses.building.test_build_page import change_the_protocol
from tests.features.courses.pages import booking, link_of, open_page
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.courses import order_for, set_on
from tests.support.read_only import refuse_writing
from tests.support.sign_in import csrf_token

TYPED = {"pa": "09:00", "pb": "15:30", "can": ["0a", "0p", "1p", "2a", "2p", "3a", "4a", "4p"]}


def booked(database: Database) -> tuple[int, ...]:
    """Courses, visits and messages (a summary, and an invitation to each visit)."""
    with database.read() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(model)) or 0
            for model in (Course, Infusion, Message)
        )


def keeps_what_was_typed(page: TestResponse) -> bool:
    ticked = re.findall(r'name="can" value="(\w\w)" checked', page.text)
    return (
        'name="pa" type="text" value="09:00"' in page.text
        and 'name="pb" type="text" value="15:30"' in page.text
        and sorted(ticked) == sorted(TYPED["can"])
    )


def test_a_chosen_set_is_booked_and_leads_to_its_course(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    page = open_page(desk, desk_clinic, **TYPED)
    sent = booking(desk, page, "p2")
    answer = desk.post("/courses", data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/courses/1")
    assert "6 visits are booked." in desk.get("/courses/1").text
    with sqlite.read() as session:
        course = session.scalars(select(Course)).one()
        rows = session.execute(select(Infusion.chair_id, Infusion.local_day).order_by(Infusion.number)).all()
        events = session.scalars(select(AuditEvent).where(AuditEvent.entity == "course")).all()
    wanted = decode(str(sent["set-p2"][0]))  # type: ignore[index]
    assert [tuple(row) for row in rows] == [(visit.chair_id, visit.start.date()) for visit in wanted]
    assert course.wishes["preferred"] == [540, 930]
    assert course.wishes["weekly"]["1"] == [[720, 1440]]
    assert course.booked_by_id == desk_clinic.users["front_desk"].id
    assert "course.booked" in {event.action for event in events}
    assert booked(sqlite) == (1, 6, 7)


def test_a_form_sent_twice_is_one_course(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    sent = booking(desk, open_page(desk, desk_clinic))
    places = [desk.post("/courses", data=sent).headers["Location"] for _ in range(3)]
    assert places == ["/courses/1"] * 3
    assert booked(sqlite) == (1, 6, 7)


def test_a_form_sent_again_after_its_first_day_has_come_is_still_the_same_course(
    as_role: SignedIn, sqlite: Database, desk_clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_role("front_desk")
    sent = booking(client, open_page(client, desk_clinic))
    client.post("/courses", data=sent)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=40))
    later = as_role("front_desk")
    answer = later.post("/courses", data=sent | {"csrf_token": csrf_token(later)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/courses/1")
    assert booked(sqlite) == (1, 6, 7)


def test_another_set_under_the_key_of_a_booked_page_opens_that_course(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    page = open_page(desk, desk_clinic)
    sent = booking(desk, page)
    desk.post("/courses", data=sent)
    answer = desk.post("/courses", data=booking(desk, page, "p3"))
    assert answer.status_code == 409
    assert "This page has booked a course already, with other dates." in answer.text
    assert desk.get(link_of(answer, "Open that course Enter")).status_code == 200
    assert booked(sqlite) == (1, 6, 7)


def take(database: Database, clinic: SmallClinic, sent: dict[str, object]) -> None:
    """Somebody else books the chosen set first."""
    visits = decode(str(sent["set-p1"][0]))  # type: ignore[index]
    with database.write() as session:
        other = make_patient(session, clinic.site, 2, given_name="Ana", family_name="Ferreira")
        ben = Actor(clinic.users["nurse"].id, "Nurse")
        book_course(session, ben, NOW, order_for(clinic, visits, key="k" * 20, patient=other))


def test_the_loser_keeps_all_that_was_typed_and_sees_new_sets(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    sent = booking(desk, open_page(desk, desk_clinic, **TYPED))
    take(sqlite, desk_clinic, sent)
    answer = desk.post("/courses", data=sent)
    assert answer.status_code == 409
    assert "Nothing was booked: visits 1, 2, 3, 4, 5 and 6 are gone" in answer.text
    assert "was booked at 10:00 by Nurse." in answer.text
    assert "The others are still free." not in answer.text
    assert keeps_what_was_typed(answer)
    assert booked(sqlite) == (1, 6, 7)
    again = booking(desk, answer)
    assert again["key"] != sent["key"]
    assert again["set-p1"] != sent["set-p1"]
    assert desk.post("/courses", data=again).headers["Location"] == "/courses/2"


def test_one_visit_that_is_gone_is_repaired_by_one_link(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    monday = datetime(2026, 11, 30, 9, 30)  # noqa: DTZ001 - local wall time
    mine = encode(set_on(desk_clinic.chairs[0].id, monday))
    sent = booking(desk, open_page(desk, desk_clinic, set=mine, **TYPED), "own")
    with sqlite.write() as session:
        other = make_patient(session, desk_clinic.site, 2)
        visits = set_on(desk_clinic.chairs[0].id, monday + timedelta(days=11), (3, 2, 2, 3, 2))
        book_course(
            session, Actor(None, "Ben"), NOW, order_for(desk_clinic, visits, key="k" * 20, patient=other)
        )
    answer = desk.post("/courses", data=sent)
    assert answer.status_code == 409
    assert "Nothing was booked: visit 6 is gone" in answer.text
    assert "The others are still free." in answer.text
    assert keeps_what_was_typed(answer)
    assert "Visit 6: the nurses are full at 09:30." in answer.text
    repair = desk.get(link_of(answer, "Take 12:30 for visit 6 Enter"))
    assert repair.status_code == 200
    assert keeps_what_was_typed(repair)
    assert "Your set" in repair.text
    done = desk.post("/courses", data=booking(desk, repair, "own"))
    assert (done.status_code, done.headers["Location"]) == (303, "/courses/2")


def test_a_protocol_changed_meanwhile_books_nothing_and_keeps_what_was_typed(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    sent = booking(desk, open_page(desk, desk_clinic, **TYPED))
    newer = change_the_protocol(sqlite)
    answer = desk.post("/courses", data=sent)
    assert answer.status_code == 409
    assert "“Loading, 3 × week” was changed while you chose. Nothing was booked." in answer.text
    assert f'<option value="{newer}" selected>' in answer.text
    assert keeps_what_was_typed(answer)
    assert booked(sqlite) == (0, 0, 0)


def test_a_patient_archived_in_another_tab_is_not_booked_for(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    sent = booking(desk, open_page(desk, desk_clinic, **TYPED))
    with sqlite.write() as session:
        session.get_one(Patient, 1).archived_at = NOW
    answer = desk.post("/courses", data=sent)
    assert answer.status_code == 409
    assert "Marta Lindqvist was archived while you chose. Nothing was booked." in answer.text
    assert keeps_what_was_typed(answer)


def test_a_patient_deleted_in_another_tab_is_one_sentence(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    sent = booking(desk, open_page(desk, desk_clinic))
    with sqlite.write() as session:
        session.execute(delete(Patient))
    answer = desk.post("/courses", data=sent)
    assert answer.status_code == 404
    assert "There is no such patient." in answer.text


def test_a_chair_retired_meanwhile_is_named(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    sent = booking(desk, open_page(desk, desk_clinic, **TYPED))
    with sqlite.write() as session:
        for chair in session.scalars(select(Chair).where(Chair.name == "Chair 1")):
            chair.retired_at = NOW
    answer = desk.post("/courses", data=sent)
    assert answer.status_code == 409
    assert "That chair is no longer in use." in answer.text
    assert keeps_what_was_typed(answer)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"set-p1": "1@20261130T0930~"}, "This set of dates could not be read."),
        ({"set-p1": "987654321@20261130T0930"}, "no longer at one clinic"),
        ({"set-p1": "1@20261130T0930"}, "This protocol has 6 visits."),
        ({"set-p1": encode(set_on(1, datetime(2026, 11, 30, 9, 30), (1, 3, 2, 2, 3)))}, "too soon"),  # noqa: DTZ001
        ({"set-p1": encode(set_on(1, datetime(2026, 10, 26, 9, 30)))}, "lies in the past"),  # noqa: DTZ001
        ({"proposal": "p9"}, "Choose one of the sets of dates first."),
        ({"key": ""}, "This page has lost its number."),
        ({"key": "no spaces or ümlauts here"}, "This page has lost its number."),
        ({"can": "9z"}, "Tick at least one half-day"),
        ({"pa": "soon"}, "Write a time of day such as 09:30."),
    ],
)
def test_a_form_that_is_not_ours_books_nothing_and_keeps_the_page(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic, changes: dict[str, str], says: str
) -> None:
    sent = booking(desk, open_page(desk, desk_clinic)) | changes
    answer = desk.post("/courses", data=sent)
    assert answer.status_code == 422
    assert says in answer.text
    assert "Book a course" in answer.text
    assert booked(sqlite) == (0, 0, 0)


def test_a_time_that_is_taken_by_nobody_but_closed_is_told(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    saturday = encode(set_on(1, datetime(2026, 11, 30, 9, 30), (2, 3, 2, 2, 2)))  # noqa: DTZ001
    answer = desk.post("/courses", data=booking(desk, open_page(desk, desk_clinic)) | {"set-p1": saturday})
    assert answer.status_code == 409
    assert "Sat 5 Dec 09:30 in chair 1: The clinic is closed that day." in answer.text


def test_a_patient_without_an_address_is_booked_and_must_be_told(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    with sqlite.write() as session:
        session.get_one(Patient, 1).email = None
    page = open_page(desk, desk_clinic)
    assert "Needs a call.</strong> No e-mail address is on file." in page.text
    assert "Sends nothing: no message reaches Marta, so tell them the dates now." in page.text
    assert desk.post("/courses", data=booking(desk, page)).status_code == 303


def test_without_the_forms_token_nothing_is_booked(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    sent = booking(desk, open_page(desk, desk_clinic))
    for token in ("", "forged"):
        answer = desk.post("/courses", data=sent | {"csrf_token": token})
        assert answer.status_code == 400
        assert "reload the page, and send it again" in answer.text
    assert booked(sqlite) == (0, 0, 0)


def test_a_database_that_cannot_be_written_books_nothing_and_says_so(
    desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    sent = booking(desk, open_page(desk, desk_clinic))
    refuse_writing(sqlite)
    answer = desk.post("/courses", data=sent)
    assert answer.status_code == 503
    assert "The database can&#39;t be written just now. Nothing was saved." in answer.text
    assert booked(sqlite) == (0, 0, 0)


def test_an_administrator_books_nothing(
    as_role: SignedIn, desk: FlaskClient, sqlite: Database, desk_clinic: SmallClinic
) -> None:
    sent = booking(desk, open_page(desk, desk_clinic))
    administrator = as_role("administrator")
    answer = administrator.post("/courses", data=sent | {"csrf_token": csrf_token(administrator)})
    assert answer.status_code == 403
    assert booked(sqlite) == (0, 0, 0)
