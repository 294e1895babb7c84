"""The pages and files of the reports."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scheduler.db import Database
from scheduler.features.reports import views
from scheduler.models import InfusionStatus
from scheduler.rendering.sheet import sheet
from tests.support.clinic import TODAY, SmallClinic
from tests.support.visits import add_course, add_visit, local

SignedIn = Callable[[str], FlaskClient]


@pytest.fixture
def missed_visit(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        course = add_course(session, clinic)
        begin = local(clinic.site, TODAY, "09:00")
        add_visit(session, course, clinic.chairs[0], 1, begin, InfusionStatus.MISSED)


@pytest.mark.usefixtures("missed_visit")
@pytest.mark.parametrize("report", ["use", "missed", "courses"])
@pytest.mark.parametrize("role", ["front_desk", "administrator"])
def test_reports_name_nobody_and_say_which_dates_they_cover(
    as_role: SignedIn, report: str, role: str
) -> None:
    page = as_role(role).get(f"/reports/{report}?from=2026-10-05&until=2026-11-02")
    assert page.status_code == 200
    assert "From 5 October 2026 to 2 November 2026, all sites." in page.text.replace(
        "Oct ", "October "
    ).replace("Nov ", "November ")
    assert "Lindqvist" not in page.text


def test_dates_in_the_wrong_order_are_asked_for_again(as_role: SignedIn) -> None:
    page = as_role("front_desk").get("/reports/use?from=2026-11-02&until=2026-10-05")
    assert page.status_code == 422
    assert "The last day lies before the first." in page.text
    assert 'value="2026-10-05"' in page.text


def test_a_report_without_a_visit_says_what_to_do(as_role: SignedIn) -> None:
    page = as_role("front_desk").get("/reports/missed?from=2026-01-05&until=2026-01-06")
    assert "No visit began on these days" in page.text


@pytest.mark.usefixtures("missed_visit")
@pytest.mark.parametrize("name", ["use", "weeks", "missed", "courses"])
def test_every_table_is_a_file_with_its_dates_in_the_name(as_role: SignedIn, name: str) -> None:
    file = as_role("administrator").get(f"/reports/{name}.csv?from=2026-10-05&until=2026-11-02")
    assert file.mimetype == "text/csv"
    assert f"{name}-2026-10-05-to-2026-11-02.csv" in file.headers["Content-Disposition"]
    assert len(file.data.decode("utf-8-sig").splitlines()) > 1


@pytest.mark.usefixtures("missed_visit")
def test_a_report_over_very_many_visits_shows_that_it_counts(
    as_role: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MANY", 1)
    client = as_role("front_desk")
    page = client.get("/reports/missed")
    assert "Counting 1 visit<" in page.text
    assert "By weekday" not in page.text
    assert "By weekday" in client.get("/reports/missed?part=figures").text
    assert "By weekday" in client.get("/reports/missed?wait=no").text


def test_an_unknown_report_is_not_there(as_role: SignedIn) -> None:
    client = as_role("front_desk")
    assert client.get("/reports/money").status_code == 404
    assert client.get("/reports/money.csv").status_code == 404


def test_a_cell_that_looks_like_a_formula_gets_an_apostrophe() -> None:
    file = sheet(("name", "n"), [("=1+1", -2), ("@x", None), ("plain", 3)])
    assert file.decode("utf-8-sig") == "name,n\r\n'=1+1,-2\r\n'@x,\r\nplain,3\r\n"
