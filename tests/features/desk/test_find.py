"""The command palette: what letters may mean, and what each role finds."""

from datetime import date, timedelta

import pytest

from scheduler.db import Database
from scheduler.features.desk.find import day_in, read_wanted
from tests.features.conftest import SignedIn
from tests.support.clinic import TODAY, SmallClinic
from tests.support.requests import make_request
from tests.support.visits import add_six

LIVE = {"HX-Request": "true"}


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", TODAY),
        ("tomorrow", date(2026, 11, 3)),
        ("fri", date(2026, 11, 6)),
        ("monday", date(2026, 11, 9)),
        ("13 nov", date(2026, 11, 13)),
        ("Nov 13", date(2026, 11, 13)),
        ("1 November", date(2027, 11, 1)),
        ("13 nov 2025", date(2025, 11, 13)),
        ("2026-11-13", date(2026, 11, 13)),
        ("31 feb", None),
        ("ruiz", None),
        ("13", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str, day: date | None) -> None:
    assert day_in(typed, TODAY) == day


def test_a_verb_needs_somebody_to_be_one() -> None:
    assert read_wanted("book ruiz", TODAY).verb == "book"
    assert read_wanted("Book", TODAY).verb == ""
    assert read_wanted("go to fri", TODAY).day == date(2026, 11, 6)


def test_the_desk_finds_people_and_what_can_be_done_for_them(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        _, visits = add_six(session, clinic, [TODAY + timedelta(days=n) for n in (-3, 2, 4)], completed=1)
    found = as_role("front_desk").get("/find?q=lind", headers=LIVE).text
    assert f'href="/patients/{clinic.patient.id}"' in found
    assert f'href="/courses/new?patient={clinic.patient.id}"' in found
    assert f'href="/infusions/{visits[1].id}/move"' in found
    assert "no. 2, Wed 4 Nov 09:00" in found


def test_the_desk_finds_who_asked_and_an_administrator_does_not(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        request_id = make_request(session, clinic).id
    assert f'href="/requests/{request_id}"' in as_role("front_desk").get("/find?q=okaf", headers=LIVE).text
    assert "/requests/new" in as_role("front_desk").get("/find?q=take", headers=LIVE).text
    assert "Okafor" not in as_role("front_desk").get("/find?q=book+okaf", headers=LIVE).text
    assert "Okafor" not in as_role("administrator").get("/find?q=okaf", headers=LIVE).text


def test_a_verb_shows_that_deed_alone(as_role: SignedIn, clinic: SmallClinic) -> None:
    found = as_role("front_desk").get("/find?q=book+lind", headers=LIVE).text
    assert "Book a course for Marta Lindqvist" in found
    assert found.count('role="option"') == 1


def test_moving_is_offered_only_for_who_has_a_visit_to_come(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    client = as_role("front_desk")
    assert 'role="option"' not in client.get("/find?q=move+lind", headers=LIVE).text
    with database.write() as session:
        add_six(session, clinic, [TODAY + timedelta(days=2)])
    assert "Move the next visit of Marta Lindqvist" in client.get("/find?q=move+lind", headers=LIVE).text


def test_an_administrator_finds_pages_and_no_patient(as_role: SignedIn, clinic: SmallClinic) -> None:
    client = as_role("administrator")
    assert "Lindqvist" not in client.get("/find?q=lind").text
    pages = client.get("/find", headers=LIVE).text
    assert "Settings" in pages
    assert "Patients" not in pages
    assert "Add a patient" not in pages
    assert 'href="/settings/audit"' in client.get("/find?q=audit", headers=LIVE).text
    assert "/settings/audit" not in as_role("nurse").get("/find?q=audit", headers=LIVE).text


def test_what_fits_nothing_says_what_to_write(as_role: SignedIn) -> None:
    assert "Nothing fits “zzz”" in as_role("administrator").get("/find?q=zzz").text


def test_a_day_leads_to_that_day(as_role: SignedIn) -> None:
    found = as_role("nurse").get("/find?q=13+nov", headers=LIVE).text
    assert "Go to Friday 13 November 2026" in found
    assert "day=2026-11-13" in found
