"""Missed, cancelled and late visits, by weekday, hour and lead time."""

from datetime import datetime, timedelta

from scheduler.db import Database
from scheduler.features.capacity.queries import sites
from scheduler.features.reports.cover import Cover
from scheduler.features.reports.queries.missed import Line, MissedReport, missed_report
from scheduler.models import Infusion, InfusionStatus
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.visits import add_course, add_visit, local

FRIDAY = TODAY - timedelta(days=3)
THURSDAY = TODAY - timedelta(days=4)


def report(database: Database) -> MissedReport:
    with database.read() as session:
        cover = Cover(
            TODAY - timedelta(days=30), TODAY + timedelta(days=30), tuple(sites(session)), None, {}, {}, NOW
        )
        return missed_report(session, cover)


def visit(
    database: Database,
    clinic: SmallClinic,
    at: datetime,
    status: InfusionStatus,
    *,
    arrived: int | None = None,
    lead: timedelta = timedelta(days=10),
) -> None:
    with database.write() as session:
        row: Infusion = add_visit(session, add_course(session, clinic), clinic.chairs[0], 1, at, status)
        row.scheduled_at = at - lead
        row.arrived_at = None if arrived is None else at + timedelta(minutes=arrived)


def test_each_visit_counts_once_under_its_weekday_hour_and_lead_time(
    database: Database, clinic: SmallClinic
) -> None:
    nine = local(clinic.site, FRIDAY, "09:00")
    visit(database, clinic, nine, InfusionStatus.MISSED, lead=timedelta(days=1))
    visit(database, clinic, local(clinic.site, THURSDAY, "09:30"), InfusionStatus.CANCELLED)
    visit(database, clinic, local(clinic.site, THURSDAY, "13:00"), InfusionStatus.COMPLETED, arrived=11)
    found = report(database)
    assert found.weekdays == [Line("Thursday", 2, 0, 1, 1, 1), Line("Friday", 1, 1, 0, 0, 0)]
    assert found.hours == [Line("09:00", 2, 1, 1, 0, 0), Line("13:00", 1, 0, 0, 1, 1)]
    assert [(line.label, line.visits) for line in found.leads if line.visits] == [
        ("Less than 2 days", 1),
        ("1 to 2 weeks", 2),
    ]
    assert found.whole == Line("All visits", 3, 1, 1, 1, 1)


def test_ten_minutes_after_the_start_is_not_late_yet(database: Database, clinic: SmallClinic) -> None:
    visit(database, clinic, local(clinic.site, FRIDAY, "09:00"), InfusionStatus.COMPLETED, arrived=10)
    visit(database, clinic, local(clinic.site, FRIDAY, "13:00"), InfusionStatus.COMPLETED, arrived=-5)
    assert (report(database).whole.came, report(database).whole.late) == (2, 0)


def test_a_visit_that_is_still_to_come_does_not_count(database: Database, clinic: SmallClinic) -> None:
    visit(database, clinic, NOW + timedelta(hours=2), InfusionStatus.CANCELLED)
    assert report(database).whole.visits == 0
    assert report(database).weekdays == []


def test_a_lead_of_exactly_two_days_belongs_to_the_longer_ones(
    database: Database, clinic: SmallClinic
) -> None:
    at = local(clinic.site, FRIDAY, "09:00")
    visit(database, clinic, at, InfusionStatus.MISSED, lead=timedelta(days=2))
    assert [line.visits for line in report(database).leads] == [0, 1, 0, 0, 0]
