"""How full chairs and nurses are: worked out by hand for the small clinic."""

from datetime import date, timedelta

from sqlalchemy import update

from scheduler.db import Database
from scheduler.features.capacity.queries import sites
from scheduler.features.reports.cover import Cover
from scheduler.features.reports.heat import heat_map
from scheduler.features.reports.queries.use import UseReport, use_report
from scheduler.models import Chair, Closure, InfusionStatus
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.visits import add_course, add_visit, local

MONDAY, NINE, TEN = 0, 9, 10


def report(database: Database, first: date = TODAY, days: int = 7) -> UseReport:
    with database.read() as session:
        every = tuple(sites(session))
        return use_report(session, Cover(first, first + timedelta(days=days - 1), every, None, {}, {}, NOW))


def visit_at(
    database: Database, clinic: SmallClinic, clock: str, status: InfusionStatus, day: date = TODAY
) -> None:
    with database.write() as session:
        add_visit(
            session, add_course(session, clinic), clinic.chairs[0], 1, local(clinic.site, day, clock), status
        )


def test_a_visit_takes_its_chair_from_its_beginning_to_its_end(
    database: Database, clinic: SmallClinic
) -> None:
    visit_at(database, clinic, "09:30", InfusionStatus.SCHEDULED)
    hours = report(database).hours
    assert hours.chairs_used[MONDAY, 8:13].tolist() == [0, 0.5, 1, 0.5, 0]
    assert hours.chairs_open[MONDAY, NINE] == 2
    assert hours.chairs_open[6].sum() == 0


def test_a_nurse_is_taken_as_the_phases_of_the_protocol_say(database: Database, clinic: SmallClinic) -> None:
    visit_at(database, clinic, "09:00", InfusionStatus.COMPLETED)
    hours = report(database).hours
    # 20 minutes whole and 40 at a quarter; then 50 at a sixth and 10 whole.
    assert round(hours.nurses_used[MONDAY, NINE], 4) == round((20 + 40 / 4) / 60, 4)
    assert round(hours.nurses_used[MONDAY, TEN], 4) == round((50 / 6 + 10) / 60, 4)
    assert hours.nurses_there[MONDAY, 12] == 0.5


def test_missed_and_cancelled_visits_take_nothing(database: Database, clinic: SmallClinic) -> None:
    visit_at(database, clinic, "09:00", InfusionStatus.MISSED)
    visit_at(database, clinic, "13:00", InfusionStatus.CANCELLED)
    assert report(database).hours.chairs_used.sum() == 0
    assert sum(report(database).visits) == 0


def test_a_closed_chair_is_not_open(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        session.add(
            Closure(
                site_id=clinic.site.id,
                chair_id=clinic.chairs[0].id,
                starts_at=local(clinic.site, TODAY, "09:00"),
                ends_at=local(clinic.site, TODAY, "10:00"),
                reason="Repair",
            )
        )
    assert report(database).hours.chairs_open[MONDAY, 8:11].tolist() == [2, 1, 2]


def test_a_retired_chair_counts_up_to_its_last_day(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        session.execute(update(Chair).where(Chair.id == clinic.chairs[1].id).values(retired_at=NOW))
    hours = report(database).hours
    assert hours.chairs_open[[MONDAY, 2], NINE].tolist() == [2, 1]  # Tuesday is Election Day.


def test_weeks_begin_on_monday_and_the_hours_are_the_clinics_across_a_clock_change(
    database: Database, clinic: SmallClinic
) -> None:
    before = date(2026, 10, 30)  # The Friday before the clocks go back.
    visit_at(database, clinic, "09:00", InfusionStatus.COMPLETED, before)
    visit_at(database, clinic, "09:00", InfusionStatus.COMPLETED, TODAY)
    found = report(database, before, 5)
    assert found.mondays == (date(2026, 10, 26), TODAY)
    assert found.visits == (1, 1)
    assert found.hours.chairs_used[:, NINE].tolist() == [1, 0, 0, 0, 1, 0, 0]
    assert found.hours.chairs_used.sum() == 4


def test_the_heat_map_shows_whole_per_cent_of_what_was_open(database: Database, clinic: SmallClinic) -> None:
    visit_at(database, clinic, "09:30", InfusionStatus.SCHEDULED)
    hours = report(database).hours
    drawn = heat_map(hours.chairs_used, hours.chairs_open)
    assert drawn.hours == list(range(8, 18))
    assert [day for day, _ in drawn.rows] == ["Mon", "Wed", "Thu", "Fri"]
    assert [(cell.words, cell.tint) for cell in drawn.rows[0][1][:4]] == [
        ("0", 0),
        ("25", 1),
        ("50", 3),
        ("25", 1),
    ]
