"""The inbox: what came from patients and what did not reach them, each line with its next step."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler import clock
from scheduler.actor import Actor
from scheduler.db import Database
from scheduler.features.capacity.queries import site as get_site
from scheduler.features.courses.actions.respond import ask_change
from scheduler.features.desk.queries.inbox import count_inbox, inbox, next_open_day
from scheduler.features.tasks.actions import put_off, raise_task
from scheduler.models import Closure, Infusion, Message, MessageStatus, StaffTask, TaskKind
from tests.features.conftest import SignedIn
from tests.support.booked import confirm, make_course
from tests.support.clinic import NOW, TODAY, SmallClinic, make_site
from tests.support.sign_in import csrf_token
from tests.support.visits import add_six

ROSA = Actor(None, "Rosa")
DAYS = [TODAY + timedelta(days=days) for days in (2, 4, 7, 9, 11, 14)]  # Tomorrow is Election Day.


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The list is the same on both databases."""
    return sqlite


@pytest.fixture
def visits(database: Database, clinic: SmallClinic) -> list[Infusion]:
    """A course whose first visit is on the next open day; for the third another time was asked for."""
    with database.write() as session:
        course, rows = add_six(session, clinic, DAYS)
        message = confirm(session, course, rows)
        message.status, message.reason = MessageStatus.DEAD, "No such mailbox."
        raise_task(session, NOW, kind=TaskKind.REPLAN, dedupe_key="plan", site_id=clinic.site.id)
    with database.write() as session:
        ask_change(session, ROSA, NOW, rows[2].id, "page", "After work", seen_version=1)
    return rows


def post(client: FlaskClient, path: str, **form: object) -> tuple[int, str]:
    answer = client.post(path, data={"csrf_token": csrf_token(client), **form}, follow_redirects=True)
    return answer.status_code, answer.text


def test_each_line_leads_to_its_next_step_and_is_counted(as_role: SignedIn, visits: list[Infusion]) -> None:
    desk = as_role("front_desk")
    page = desk.get("/inbox").text
    assert re.search(r'href="/inbox" aria-current="page">Inbox <span class="count">2<', page), (
        "task and message"
    )
    step = re.search(r'href="([^"]+)"[^>]*>Find another time', page)
    assert step and step[1].startswith(f"/infusions/{visits[2].id}/move")
    assert desk.get(step[1].replace("&amp;", "&")).status_code == 200
    assert "After work" in page and "No such mailbox." in page and "Not confirmed for Wed 4 Nov" in page
    assert page.count(">Comes<") == 1 and "(212) 555-0123" in page


def test_the_figure_beside_the_inbox_is_that_of_the_site_one_looks_at(
    as_role: SignedIn, database: Database, visits: list[Infusion]
) -> None:
    with database.write() as session:
        other = make_site(session, "PX", "Phoenix", tz="America/Phoenix")
    desk = as_role("front_desk")
    assert 'Inbox <span class="count">2<' in desk.get("/today").text
    desk.get(f"/today?site={other.id}")
    assert "Inbox</a>" in desk.get("/tasks").text


def test_what_is_in_the_inbox_is_not_in_the_tasks_as_well(as_role: SignedIn, visits: list[Infusion]) -> None:
    desk = as_role("front_desk")
    tasks, page = desk.get("/tasks").text, desk.get("/inbox").text
    assert "New date needed" in tasks and "New date needed" not in page
    assert "Asks for another time" in page and "Asks for another time" not in tasks
    assert re.search(r'Tasks <span class="count">1<', tasks)


def test_one_click_notes_that_the_patient_comes_and_the_visit_leaves_the_list(
    as_role: SignedIn, database: Database, visits: list[Infusion]
) -> None:
    desk = as_role("nurse")
    status, page = post(desk, f"/inbox/visits/{visits[0].id}", seen="1")
    assert status == 200 and "Confirmed: it is noted." in page and "Not confirmed for" not in page
    with database.read() as session:
        row = session.get_one(Infusion, visits[0].id)
    assert (row.confirmation, row.confirmation_source) == ("confirmed", "desk")
    with database.write() as session:
        session.get_one(Infusion, visits[1].id).schedule_version = 2
    status, page = post(desk, f"/inbox/visits/{visits[1].id}", seen="1")
    assert status == 409 and "was moved to" in page, "what was read out no longer holds"


def test_a_message_is_sent_again_or_settled_with_how(
    as_role: SignedIn, database: Database, visits: list[Infusion]
) -> None:
    desk = as_role("front_desk")
    status, page = post(desk, "/inbox/messages/1", do="settle", outcome="x" * 201)
    assert status == 422 and "at most 200 characters" in page and "x" * 201 in page, "nothing typed is lost"
    status, page = post(desk, "/inbox/messages/1", do="settle", outcome="Phoned, has the dates.")
    assert "It is settled" in page and "Not delivered</h2>" not in page
    with database.write() as session:
        row = session.get_one(Message, 1)
        assert row.status is MessageStatus.VOID
        assert row.reason == "Settled by Front Desk: Phoned, has the dates. Before that: No such mailbox."
        row.status = MessageStatus.UNKNOWN
    post(desk, "/inbox/messages/1", do="resend")
    with database.read() as session:
        assert session.get_one(Message, 1).status is MessageStatus.QUEUED
    assert post(desk, "/inbox/messages/1", do="settle", outcome="Phoned")[0] == 409


def test_a_task_is_settled_with_its_outcome_or_put_off_to_a_day(
    as_role: SignedIn, database: Database, visits: list[Infusion], clinic: SmallClinic
) -> None:
    desk = as_role("front_desk")
    with database.read() as session:
        task = session.scalar(select(StaffTask.id).where(StaffTask.kind == TaskKind.CHANGE_ASKED))
    for until in ("", "2026-11-02", "2027-11-02", "soon"):
        assert post(desk, f"/inbox/tasks/{task}", do="later", until=until)[0] == 422
    assert "here again on Thu 5 Nov" in post(desk, f"/inbox/tasks/{task}", do="later", until="2026-11-05")[1]
    with database.read() as session:
        site = get_site(session, clinic.site.id)
        assert count_inbox(session, site, NOW) == 1, "the message alone"
        assert len(inbox(session, site, NOW + timedelta(days=3)).tasks) == 1, "it is Thursday"
    assert post(desk, f"/inbox/tasks/{task}", outcome="Moved by phone")[0] == 200
    assert post(desk, f"/inbox/tasks/{task}", outcome="Moved by phone")[0] == 409
    with pytest.raises(Exception, match="settled by Front Desk already"), database.write() as session:
        put_off(session, ROSA, NOW, task or 0, TODAY + timedelta(days=2), TODAY)


def test_a_message_stays_only_as_long_as_it_matters(database: Database, clinic: SmallClinic) -> None:
    with database.write() as session:
        course, rows = make_course(session, clinic, [NOW + timedelta(days=2)])
        message = confirm(session, course, rows)
        message.status, message.infusion_id = MessageStatus.DEAD, rows[0].id
    with database.read() as session:
        site = get_site(session, clinic.site.id)
        found = [len(inbox(session, site, NOW + timedelta(days=days)).messages) for days in (0, 1, 3)]
    assert found == [1, 1, 0]


@pytest.mark.parametrize(
    ("today", "after"),
    [
        (date(2026, 11, 4), date(2026, 11, 5)),
        (date(2026, 11, 6), date(2026, 11, 9)),  # A weekend.
        (date(2026, 11, 25), date(2026, 11, 27)),  # Thanksgiving.
        (date(2026, 11, 17), date(2026, 11, 19)),  # Closed for the whole Wednesday.
    ],
)
def test_the_next_day_is_the_next_one_on_which_the_site_opens(
    database: Database, clinic: SmallClinic, today: date, after: date
) -> None:
    zone = ZoneInfo("America/New_York")
    start = datetime(2026, 11, 18, 8, tzinfo=zone)
    with database.write() as session:
        session.add(
            Closure(site_id=1, starts_at=start, ends_at=start + timedelta(hours=10), reason="Water damage")
        )
    with database.read() as session:
        assert next_open_day(session, get_site(session, clinic.site.id), today) == after


def test_an_empty_inbox_says_what_would_be_there(as_role: SignedIn) -> None:
    desk = as_role("clinician")
    assert "Nothing waits" in desk.get("/inbox").text
    assert "Every message arrived" in desk.get("/inbox?about=messages").text
    assert desk.get("/inbox?about=nonsense").status_code == 200
    assert clock.now() == NOW
