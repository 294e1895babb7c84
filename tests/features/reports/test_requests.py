"""How far requests lead, and how long each part of the way takes."""

from datetime import timedelta

from sqlalchemy.orm import Session

from scheduler.db import Database
from scheduler.features.capacity.queries import sites
from scheduler.features.intake.steps import advance
from scheduler.features.reports.cover import Cover
from scheduler.features.reports.queries.requests import RequestsReport, requests_report
from scheduler.models import ConsultationRequest, RequestStatus
from tests.features.conftest import SignedIn
from tests.support.booked import make_course, wall
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.requests import ROSA, make_request

S = RequestStatus


def go(session: Session, request: ConsultationRequest, *steps: tuple[S, int]) -> None:
    """Let a request take steps, each so many days after it came."""
    for to, days in steps:
        advance(session, ROSA, request.received_at + timedelta(days=days), request, to, "They asked for it")


def report(database: Database) -> RequestsReport:
    with database.read() as session:
        return requests_report(session, Cover(TODAY, TODAY, tuple(sites(session)), None, {}, {}, NOW))


def test_whoever_came_further_has_taken_the_steps_before(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        make_request(session, clinic, 1)
        go(session, make_request(session, clinic, 2, source="desk"), (S.CLOSED, 1))
        go(session, make_request(session, clinic, 3), (S.BOOKED, 1))
        through = make_request(session, clinic, 4, patient_id=clinic.patient.id)
        go(session, through, (S.CONTACTED, 1), (S.SEEN, 2), (S.SUITABLE, 3))
        make_course(session, clinic, [wall(clinic, "2026-11-30 09:30")])
        make_request(session, clinic, 5, at=NOW + timedelta(days=1))  # Not of the day that is counted.
    found = report(database)
    assert (found.whole.asked, found.whole.reached, found.whole.ended) == (4, (2, 2, 1, 1, 1), 1)
    assert [(line.label, line.asked) for line in found.sources] == [("The desk", 1), ("The public page", 3)]
    assert [(line.label, line.asked) for line in found.months] == [("2026-11", 4)]
    assert found.whole.share(0) == 50


def test_nine_of_ten_waited_at_most_as_long_as_is_said(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        for days in range(1, 11):
            go(session, make_request(session, clinic, days), (S.CONTACTED, days))
    answer = report(database).waits[0]
    assert (answer.count, answer.median, answer.p90) == (10, 5.5, 9.0)
    assert report(database).waits[1].median is None


def test_the_report_and_its_files_are_open_to_whoever_plans(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        go(session, make_request(session, clinic), (S.BOOKED, 1))
    days = f"from={TODAY}&until={TODAY}"
    client = as_role("administrator")
    assert "The public page" in client.get(f"/reports/requests?{days}").text
    assert "all,All requests,1,1,1,0,0,0,0," in client.get(f"/reports/requests.csv?{days}").text
    assert "first answer,1,1.0,1.0" in client.get(f"/reports/waiting-times.csv?{days}").text
