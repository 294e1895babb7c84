"""Today's list: what each line says and which steps it offers."""

from collections.abc import Sequence

import pytest

from scheduler.db import Database
from scheduler.features.capacity.queries import site as get_site
from scheduler.features.courses.transitions import TRANSITIONS
from scheduler.features.desk.arrivals import Arrival, arrivals_of
from scheduler.features.desk.queries.board import board_of
from scheduler.features.desk.queries.readiness import readiness_of
from scheduler.models import InfusionStatus
from tests.support.clinic import NOW, TODAY, SmallClinic, make_patient, small_clinic
from tests.support.visits import add_course, add_visit, local

Plan = Sequence[tuple[int, str, str, dict[str, str]]]


@pytest.fixture
def database(sqlite: Database) -> Database:
    """What a line says is the same on both databases."""
    return sqlite


@pytest.fixture
def clinic(database: Database) -> SmallClinic:
    """Two chairs."""
    with database.write() as session:
        return small_clinic(session)


def lines(database: Database, clinic: SmallClinic, plan: Plan) -> dict[str, Arrival]:
    """The lines of a day by the planned time; facts that end in `_at` are wall-clock times."""
    with database.write() as session:
        for number, (chair, at, status, facts) in enumerate(plan, 20):
            patient = make_patient(session, clinic.site, number, given_name="Ana", family_name=f"Of {at}")
            add_visit(
                session,
                add_course(session, clinic, patient),
                clinic.chairs[chair],
                1,
                local(clinic.site, TODAY, at),
                InfusionStatus(status),
                **{name: local(clinic.site, TODAY, value) for name, value in facts.items()},
            )
    with database.read() as session:
        shown = board_of(session, get_site(session, clinic.site.id), TODAY, NOW)
        found = arrivals_of(shown, readiness_of(session, shown, NOW))
    return {
        f"{arrival.visit.starts_at:%H:%M}": arrival for group in found.groups for arrival in group.arrivals
    }


def test_a_late_patient_who_called_is_expected_at_the_time_they_said(
    database: Database, clinic: SmallClinic
) -> None:
    found = lines(database, clinic, [(0, "09:48", "scheduled", {"expected_at": "10:20"})])
    assert found["09:48"].pill == ("Late 12 min, comes at 10:20", "stop", "clock")
    assert found["09:48"].late


def test_a_patient_who_says_beforehand_that_they_come_later_is_not_late_yet(
    database: Database, clinic: SmallClinic
) -> None:
    found = lines(database, clinic, [(0, "10:30", "scheduled", {"expected_at": "10:50"})])
    assert found["10:30"].pill == ("Comes at 10:50", "due", "clock")
    assert not found["10:30"].late


def test_the_phase_is_counted_from_when_the_visit_began(database: Database, clinic: SmallClinic) -> None:
    found = lines(database, clinic, [(0, "09:00", "in_progress", {"started_at": "09:30"})])
    assert found["09:00"].pill == ("Infusion until 10:30", "now", "play")


def test_a_visit_that_runs_over_names_whom_it_keeps_and_they_name_when_the_chair_is_free(
    database: Database, clinic: SmallClinic
) -> None:
    plan: Plan = [
        (0, "08:00", "in_progress", {"started_at": "08:20"}),
        (0, "10:10", "scheduled", {}),
    ]
    found = lines(database, clinic, plan)
    assert (
        "Runs 20 min over, until 10:20. Ana Of 10:10, due 10:10, waits 10 min longer." in found["08:00"].to_do
    )
    assert found["10:10"].to_do == "Chair 1 is free at 10:20, 10 min late."


def test_a_visit_that_ends_as_planned_keeps_nobody(database: Database, clinic: SmallClinic) -> None:
    found = lines(
        database,
        clinic,
        [(0, "09:00", "in_progress", {"started_at": "09:00"}), (0, "11:00", "scheduled", {})],
    )
    assert "over" not in found["09:00"].to_do
    assert found["11:00"].to_do == ""


def test_another_chair_is_not_kept_by_a_visit_that_runs_over(database: Database, clinic: SmallClinic) -> None:
    found = lines(
        database,
        clinic,
        [(0, "08:00", "in_progress", {"started_at": "08:20"}), (1, "10:10", "scheduled", {})],
    )
    assert found["08:00"].to_do.startswith("Runs 20 min over, until 10:20.")
    assert found["10:10"].to_do == ""


@pytest.mark.parametrize(
    ("at", "status", "offered"),
    [
        ("13:00", "scheduled", ["arrive"]),
        ("09:30", "scheduled", ["arrive", "miss"]),
        ("09:30", "arrived", ["start"]),
        ("09:30", "in_progress", ["complete"]),
        ("08:00", "completed", []),
        ("08:00", "missed", []),
    ],
)
def test_a_line_offers_the_steps_that_its_state_allows(
    database: Database, clinic: SmallClinic, at: str, status: str, offered: list[str]
) -> None:
    arrival = lines(database, clinic, [(0, at, status, {})])[at]
    assert [step.value for step, _ in arrival.steps] == offered
    for step, _ in arrival.steps:
        assert TRANSITIONS[step].before is arrival.visit.status
        assert not TRANSITIONS[step].needs_reason
