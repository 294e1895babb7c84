"""What waits for a clinician: worse first, each course once, and gone by what is done about it."""

import re
from datetime import timedelta

from sqlalchemy import update

from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.review.actions.beside import co_sign
from scheduler.features.review.queries.queue import QueueLine, queue
from scheduler.models import Alert, AlertKind, Course, CourseStatus, InfusionLog, LogStatus, SignOffRules
from tests.features.conftest import SignedIn
from tests.features.desk.test_board import counted
from tests.support.clinic import NOW, TODAY, SmallClinic
from tests.support.course_logs import over, signer

DAY = timedelta(days=1)


def lines(database: Database) -> list[QueueLine]:
    with database.read() as session:
        return queue(session, NOW)


def said(database: Database) -> list[tuple[int, list[str]]]:
    return [(line.course_id, [reason.kind for reason in line.reasons]) for line in lines(database)]


def alert(database: Database, clinic: SmallClinic, course_id: int, kind: AlertKind) -> None:
    with database.write() as session:
        session.add(
            Alert(
                kind=kind,
                patient_id=clinic.patient.id,
                course_id=course_id,
                dedupe_key=f"{kind} {course_id}",
                raised_at=NOW - DAY,
                facts={"term": "Nausea", "grade": 3},
            )
        )


def test_a_course_waits_until_its_reasons_are_given_and_it_is_signed(database: Database) -> None:
    one = signer(database)
    assert said(database) == [(1, ["unsigned", "unsigned", "missing"])]
    words = [reason.words for reason in lines(database)[0].reasons]
    assert words[:2] == ["6 logs to sign", "The course log"]
    one.give_all_reasons()
    assert said(database) == [(1, ["unsigned", "unsigned"])]
    one.sign()
    assert said(database) == []


def test_worse_stands_first_then_no_response_events_signatures_and_ratings(
    database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        for at in range(5):
            days = [TODAY - timedelta(days=60 + 7 * at), TODAY - timedelta(days=58 + 7 * at)]
            over(session, clinic, days)
        log = session.get_one(InfusionLog, 9)
        log.status, log.completed_at = LogStatus.DRAFT, None
        session.get_one(Course, 1).status = CourseStatus.ACTIVE
    alert(database, clinic, 2, AlertKind.ADVERSE_EVENT)
    alert(database, clinic, 3, AlertKind.NO_RESPONSE)
    alert(database, clinic, 4, AlertKind.WORSENING)
    alert(database, clinic, 5, AlertKind.BOOSTER)
    found = lines(database)
    assert [line.course_id for line in found] == [4, 3, 2, 5, 1]
    assert [line.reasons[0].kind for line in found] == [
        "worse",
        "no_response",
        "event",
        "unsigned",
        "unsigned",
    ]
    assert found[0].reasons[0].is_urgent
    assert "1 log not complete" in [reason.words for reason in found[3].reasons]


def test_a_life_at_risk_stands_before_all_that_waits_longer(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        for at in range(2):
            over(session, clinic, [TODAY - timedelta(days=60 + 7 * at)])
    alert(database, clinic, 1, AlertKind.RELAPSE)
    alert(database, clinic, 2, AlertKind.RELAPSE)
    alert(database, clinic, 2, AlertKind.ITEM_9)
    first = lines(database)[0]
    assert first.course_id == 2
    assert [reason.is_danger for reason in first.reasons][:2] == [True, False]


def test_the_queue_is_narrowed_by_kind_walked_by_key_and_costs_no_more_for_more_courses(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        over(session, clinic)
    client = as_role("clinician")
    with counted(database) as before:
        assert "Waiting" in client.get("/review?kind=unsigned&site=1").text
    assert "Nothing waits here" in client.get("/review?kind=worse").text
    with database.write() as session:
        for at in range(3):
            over(session, clinic, [TODAY - timedelta(days=50 + 7 * at), TODAY - timedelta(days=48 + 7 * at)])
    with counted(database) as after:
        client.get("/review?kind=unsigned&site=1")
    # One audit row is written for each course that is shown.
    assert len(after) - len(before) in (0, 3)
    ids = [line.course_id for line in lines(database)]
    walked = [client.get(f"/review/next?after={course_id}").location for course_id in ids]
    assert walked == [*(f"/courses/{course_id}/log" for course_id in ids[1:]), "/review"]
    assert client.get(f"/review/next?after={ids[1]}&back=1").location == f"/courses/{ids[0]}/log"


def test_every_page_of_those_who_chart_counts_what_waits_until_the_last_signature(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    one, nurse = signer(database, clinic), as_role("nurse")

    def beside() -> list[str]:
        return re.findall(
            r'href="/review"[^>]*>To review <span class="count">(\d+)<', nurse.get("/today").text
        )

    assert (beside(), len(lines(database))) == (["1"], 1)
    one.give_all_reasons()
    one.sign()
    assert (beside(), lines(database)) == ([], [])
    with database.write() as session:
        session.add(SignOffRules(site_id=clinic.site.id, wants_second=True))
    assert (beside(), said(database)) == (["1"], [(1, ["unsigned"])])
    with database.write() as session:
        co_sign(session, Actor(clinic.users["front_desk"].id, "Eve"), NOW, one.course_id)
    assert (beside(), lines(database)) == ([], [])
    alert(database, clinic, one.course_id, AlertKind.RELAPSE)
    assert (beside(), said(database)) == (["1"], [(1, ["worse"])])
    assert "To review" not in as_role("front_desk").get("/today").text


def test_a_course_that_lacks_ratings_alone_is_named_on_the_page_and_not_counted(
    as_role: SignedIn, database: Database, clinic: SmallClinic
) -> None:
    with database.write() as session:
        course = over(session, clinic)[0]
        course.status, course.closed_at = CourseStatus.ACTIVE, None
        session.execute(update(InfusionLog).values(status=LogStatus.SIGNED))
    page = as_role("clinician").get("/review").text
    assert said(database) == [(1, ["missing"])]
    assert "1 course, 1 only for ratings" in page
    assert 'To review <span class="count">' not in page
