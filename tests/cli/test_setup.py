"""A new clinic is asked what it needs; asked again, nothing is there twice."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from scheduler.cli import setup as module
from scheduler.cli.setup import setup
from scheduler.db import Database
from scheduler.errors import RuleError
from scheduler.features.capacity.queries import sites
from scheduler.features.capacity.week_text import week_text
from scheduler.features.settings.hours import open_week
from scheduler.models import AuditEvent, Base, DutyPattern, Protocol, ReminderRule, Role, User

GOOD = "four quiet harbor lanterns"
FACTS = """
code = "HS"
name = "Hillside"
address = "3 Hill Road"
region = "MA"
phone = "413 555 0100"
from_email = "desk@hillside.example"
hours = "Mon-Thu 8-12, 13-18; Fri 8-14"
chairs = "Chair 1, Chair 2, Bed 1 (bed)"
"""
PEOPLE = f"""
[[staff]]
name = "Ana Reyes"
email = "ana@hillside.example"
roles = "administrator"
password = "{GOOD}"

[[staff]]
name = "Ben Ode"
email = "ben@hillside.example"
roles = "nurse"
on_duty = "Mon-Fri 8-12"
password = "{GOOD}"
"""


@pytest.fixture
def database(sqlite: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Database:
    """An empty clinic that the command finds by its settings."""
    monkeypatch.setenv("DATABASE_URL", sqlite.url)
    monkeypatch.setenv("SIXFOLD_HOME", str(tmp_path / "home"))
    return sqlite


def from_file(tmp_path: Path, text: str) -> Result:
    path = tmp_path / "answers.toml"
    path.write_text(text)
    return CliRunner().invoke(setup, ["--answers", str(path)], catch_exceptions=False)


def at_terminal(monkeypatch: pytest.MonkeyPatch, *lines: str) -> Result:
    monkeypatch.setattr(module, "is_terminal", lambda: True)
    return CliRunner().invoke(setup, input="\n".join(lines) + "\n", catch_exceptions=False)


def rows(database: Database) -> dict[str, int]:
    """How many rows each table has, the audit trail aside."""
    with database.read() as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name != AuditEvent.__tablename__]
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_a_file_of_answers_makes_a_clinic_that_can_book(database: Database, tmp_path: Path) -> None:
    assert "The clinic can begin." in from_file(tmp_path, FACTS + PEOPLE).output
    with database.read() as session:
        (place,) = sites(session)
        assert (place.code, place.discreet_name, place.phone) == ("HS", "Hillside", "+14135550100")
        assert [chair.chair_type for chair in place.chairs] == ["chair", "chair", "bed"]
        week = {day.weekday: day.spans for day in open_week(place).days}
        assert week_text(week) == "Mon-Thu 08:00-12:00, 13:00-18:00; Fri 08:00-14:00"
        assert len(session.scalars(select(DutyPattern)).all()) == 5
        assert len(session.scalars(select(Protocol)).all()) == 5
        assert len(session.scalars(select(ReminderRule)).all()) == 2


def test_the_same_file_again_adds_and_changes_nothing(database: Database, tmp_path: Path) -> None:
    from_file(tmp_path, FACTS + PEOPLE)
    before = rows(database)
    from_file(tmp_path, FACTS + PEOPLE)
    assert rows(database) == before
    from_file(tmp_path, FACTS.replace("3 Hill Road", "4 Hill Road") + PEOPLE)
    with database.read() as session:
        assert sites(session)[0].address == "4 Hill Road"
        assert len(session.scalars(select(User)).all()) == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("= nothing", "can't be read as TOML"),
        (FACTS.replace("413 555 0100", "12"), "phone: This number has too few digits"),
        (FACTS.replace("Fri 8-14", "Fry 8-14") + PEOPLE, "hours: “fry” is not a day"),
        (FACTS + PEOPLE.replace(GOOD, "password"), "staff 1, password: Use at least"),
        (FACTS + PEOPLE.replace('"administrator"', '"boss"'), "staff 1, roles: Write one or more"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_named(
    database: Database, tmp_path: Path, text: str, says: str
) -> None:
    with pytest.raises(RuleError, match=says.replace("(", "\\(")):
        from_file(tmp_path, text)


def test_without_a_terminal_it_says_how_to_answer(database: Database) -> None:
    with pytest.raises(RuleError, match="setup --answers FILE"):
        CliRunner().invoke(setup, input="HS\n", catch_exceptions=False)


def test_at_the_terminal_a_wrong_answer_is_asked_again_and_enter_takes_the_default(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = [
        "H",
        "HS",
        "Hillside",
        "",
        "3 Hill Road",
        "",
        "ma",
        "",
        "12",
        "413 555 0100",
        "desk@hillside.example",
    ]
    rest = ["", "", "", "", ""]
    people = ["Ana Reyes", "ana@hillside.example", "", "short", "short", GOOD, GOOD, ""]
    answer = at_terminal(monkeypatch, *site, *rest, "", "", *people, "", "")
    assert answer.output.count("Write two to six letters or digits") == 1
    assert answer.output.count("too few digits") == 1 and "Use at least" in answer.output
    with database.read() as session:
        (place,) = sites(session)
        assert (place.name, place.discreet_name, place.region) == ("Hillside", "Hillside", "MA")
        assert [chair.name for chair in place.chairs] == ["Chair 1", "Chair 2"]
        assert session.scalars(select(User)).one().role_set == {Role.ADMINISTRATOR}
    before = rows(database)
    again = at_terminal(monkeypatch, *[""] * 30)
    assert "Sites: HS." in again.output and "Ana Reyes, ana@hillside.example: Administrator" in again.output
    assert rows(database) == before
