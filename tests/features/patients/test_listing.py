"""The list of patients goes page by page over everybody once, in an order that people expect."""

from datetime import date, timedelta

import pytest

from scheduler.actor import COMMAND
from scheduler.db import Database
from scheduler.features.courses.actions.book import book_course
from scheduler.features.patients.actions.archive import archive_patient
from scheduler.features.patients.actions.save import add_patient
from scheduler.features.patients.data import PatientData
from scheduler.features.patients.queries import Cursor, Page, page, running_courses
from scheduler.models import Course, CourseStatus, Infusion, InfusionStatus
from tests.support.clinic import NOW, SmallClinic
from tests.support.courses import best_visits, order_for, search_for

NAMES = ("Åberg", "aster", "Berg", "Núñez", "Nowak", "Novák", "Öst", "Zito", "ßen", "O'Brien")


@pytest.fixture
def many(database: Database, clinic: SmallClinic) -> list[int]:
    """Twenty patients, two of each family name, in no order."""
    with database.write() as session:
        return [
            add_patient(session, COMMAND, NOW, PatientData(given, name, date(1980, 1, 1), clinic.site.id)).id
            for given in ("Bo", "Al")
            for name in reversed(NAMES)
        ]


def pages(database: Database, text: str, size: int) -> list[Page]:
    found: list[Page] = []
    cursor: Cursor | None = None
    with database.read() as session:
        while not found or cursor is not None:
            found.append(page(session, text, cursor=cursor, size=size))
            cursor = found[-1].after
    return found


@pytest.mark.parametrize(("text", "size"), [("", 7), ("", 1), ("", 100), ("no", 3), ("b", 2)])
def test_walking_forward_and_back_shows_everybody_once(
    database: Database, many: list[int], text: str, size: int
) -> None:
    forward = pages(database, text, size)
    everybody = [hit.patient_id for each in forward for hit in each.hits]
    assert len(everybody) == len(set(everybody)) == forward[0].total
    assert forward[0].before is None
    back: list[int] = []
    cursor = forward[-1].before
    with database.read() as session:
        while cursor is not None:
            found = page(session, text, cursor=cursor, size=size)
            back = [hit.patient_id for hit in found.hits] + back
            cursor = found.before
    assert back + [hit.patient_id for hit in forward[-1].hits] == everybody


def test_names_are_sorted_as_in_a_telephone_book_whatever_their_letters(
    database: Database, many: list[int]
) -> None:
    with database.read() as session:
        names = [hit.family_name for hit in page(session, "", size=100).hits if hit.given_name == "Al"]
    assert names == [
        "Åberg", "aster", "Berg", "Novák", "Nowak", "Núñez", "O'Brien", "Öst", "ßen", "Zito",
    ]  # fmt: skip


def test_a_page_begins_anew_where_its_mark_is_gone(database: Database, many: list[int]) -> None:
    with database.read() as session:
        assert page(session, "", cursor=Cursor(9999), size=3) == page(session, "", size=3)


def test_those_in_the_archive_are_counted_where_nobody_else_fits(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        archive_patient(session, COMMAND, NOW, clinic.patient.id)
    with database.read() as session:
        assert page(session, "lind").elsewhere == 1
        assert [hit.name for hit in page(session, "", archived=True).hits] == ["Marta Lindqvist"]
        assert page(session, "", archived=True).hits[0].archived


def test_the_list_shows_the_course_as_dots_and_the_next_visit_in_the_sites_time(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        visits = best_visits(session, search_for(session, clinic))
        book_course(session, COMMAND, NOW, order_for(clinic, visits))
    with database.write() as session:
        first = session.query(Infusion).filter_by(number=1).one()
        first.status = InfusionStatus.MISSED
        second = session.query(Infusion).filter_by(number=2).one()
        day = second.local_day
        running = running_courses(session, [clinic.patient.id], second.starts_at - timedelta(hours=1))
        shown = running[clinic.patient.id]
        assert shown.dots == ("missed", "today", "open", "open", "open", "open")
        assert shown.next_start is not None
        assert (shown.next_start.date(), str(shown.next_start.tzinfo)) == (day, "America/New_York")
        later = running_courses(session, [clinic.patient.id], NOW + timedelta(days=90))
        assert later[clinic.patient.id].next_start is None


def test_a_finished_course_is_not_shown_in_the_list(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        visits = best_visits(session, search_for(session, clinic))
        book_course(session, COMMAND, NOW, order_for(clinic, visits))
    with database.write() as session:
        session.query(Course).one().status = CourseStatus.COMPLETED
        session.flush()
        assert running_courses(session, [clinic.patient.id], NOW) == {}
