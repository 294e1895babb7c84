"""What keeps sending in hand: the switch, the sum of yesterday, many messages sent again, the file."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler import clock
from scheduler.db import Database
from scheduler.features.outbox.queries.sending import yesterday
from scheduler.models import Message, MessageAttempt, MessageStatus, Patient, Site
from tests.features.conftest import SignedIn, as_role, clinic
from tests.support.booked import confirm, make_course
from tests.support.clinic import NOW, SmallClinic
from tests.support.sign_in import csrf_token

__all__ = ["as_role", "clinic"]


@pytest.fixture
def database(sqlite: Database) -> Database:
    """Pages ask no more of the other database."""
    return sqlite


@pytest.fixture
def three(database: Database, clinic: SmallClinic) -> list[int]:
    """Three messages: one refused, one that may have arrived, one sent."""
    states = (MessageStatus.DEAD, MessageStatus.UNKNOWN, MessageStatus.SENT)
    made = []
    with database.write() as session:
        for number, status in enumerate(states):
            course, visits = make_course(session, clinic, [NOW + timedelta(days=3 * (number + 1))])
            message = confirm(session, course, visits)
            message.status, message.reason = status, "=No such mailbox." if number == 0 else None
            made.append(message.id)
    return made


def post(client: FlaskClient, path: str, status: int = 200, **form: object) -> str:
    answer = client.post(path, data={"csrf_token": csrf_token(client), **form}, follow_redirects=True)
    assert answer.status_code == status
    return answer.text


def test_the_switch_says_on_every_page_who_turned_it_and_why(as_role: SignedIn, clinic: SmallClinic) -> None:
    desk, boss = as_role("front_desk"), as_role("administrator")
    assert "Say in at most 200 characters" in post(desk, "/messages/sending", 422, to="off", reason=" ")
    post(desk, "/messages/sending", to="off", reason="Wrong phone number in all texts")
    for client, path in ((desk, "/today"), (boss, "/settings/sites"), (boss, "/messages")):
        page = client.get(path).text
        assert "All sending is paused" in page and "Front Desk paused it on Mon 2 Nov 10:00" in page
        assert "Wrong phone number in all texts" in page
    assert "paused already" in post(boss, "/messages/sending", 409, to="off", reason="Me too")
    assert "Messages go out again" in post(boss, "/messages/sending", to="on")
    assert "paused" not in desk.get("/today").text
    page = desk.get("/messages/sending").text
    assert "Earlier pauses" in page and "Administrator" in page


def test_many_are_sent_again_at_once_but_only_what_may_be(
    as_role: SignedIn, database: Database, three: list[int]
) -> None:
    desk = as_role("front_desk")
    page = desk.get("/messages").text
    assert page.count('name="message"') == 2 and "Send all 2 again" in page
    page = post(desk, "/messages/resend", message=[str(number) for number in (*three, 999, "x")])
    assert "2 messages in the queue again. 2 messages no longer waited for that" in page
    with database.read() as session:
        states = [session.get_one(Message, each).status for each in three]
    assert states == [MessageStatus.QUEUED, MessageStatus.QUEUED, MessageStatus.SENT]
    assert "Tick the messages first" in post(desk, "/messages/resend")


def test_the_file_holds_what_the_list_shows_and_no_formula(
    as_role: SignedIn, database: Database, three: list[int]
) -> None:
    def rows(role: str, query: str = "") -> list[list[str]]:
        body = as_role(role).get(f"/messages/export.csv{query}").data.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(body)))

    head, *lines = rows("nurse")
    assert [line[0] for line in lines] == [str(number) for number in reversed(three)]
    assert (
        lines[2][head.index("Why")] == "'=No such mailbox."
        and lines[2][head.index("For")] == "Marta Lindqvist"
    )
    assert [line[0] for line in rows("nurse", "?state=attention")[1:]] == [str(three[1]), str(three[0])]
    assert len(rows("nurse", "?channel=sms")) == 1
    head, *lines = rows("administrator", "?patient=Nobody")
    assert "For" not in head and len(lines) == 3, "who may see no name can't ask for one"


@pytest.mark.parametrize(
    "today", [datetime(2026, 3, 9, 15, tzinfo=UTC), datetime(2026, 11, 2, 15, tzinfo=UTC)]
)
def test_yesterday_is_a_day_of_the_clinic_also_when_the_clocks_changed(
    database: Database, clinic: SmallClinic, today: datetime
) -> None:
    """The day before both moments had 23, and 25 hours."""
    zone = "America/New_York"
    first = datetime(
        today.year, today.month, today.day - 1 or 1, 5, tzinfo=UTC
    )  # Midnight there, until it changed.
    if today.month == 11:
        first = datetime(2026, 11, 1, 4, tzinfo=UTC)
    last = (
        datetime(2026, 3, 9, 3, 59, tzinfo=UTC)
        if today.month == 3
        else datetime(2026, 11, 2, 4, 59, tzinfo=UTC)
    )
    with database.write() as session:
        assert session.get_one(Site, clinic.site.id).tz == zone
        course, visits = make_course(session, clinic, [today + timedelta(days=9)])
        for number, at in enumerate((first, last, first - timedelta(minutes=1), last + timedelta(minutes=1))):
            course, visits = make_course(session, clinic, [today + timedelta(days=10 + number)])
            message = confirm(session, course, visits, at)
            message.status, message.sent_at = MessageStatus.SENT, at
        course, visits = make_course(session, clinic, [today + timedelta(days=20)])
        bad = confirm(session, course, visits, first)
        bad.status, bad.reason = MessageStatus.DEAD, "No such mailbox."
        session.add(MessageAttempt(message_id=bad.id, at=last, fence=1, worker="w", outcome="permanent"))
    with database.read() as session:
        found = yesterday(session, today, clinic.site.id)
    assert (found.sent, found.failed, found.why) == (2, 1, [("No such mailbox.", 1)])


def test_the_administrator_reads_how_many_went_out_and_why_the_others_did_not(
    as_role: SignedIn, database: Database, clinic: SmallClinic, three: list[int]
) -> None:
    before = clock.now() - timedelta(days=1)
    with database.write() as session:
        for message in session.scalars(select(Message)):
            if message.status is MessageStatus.SENT:
                message.sent_at = before
            else:
                message.reason = f"Refused: <marta{message.id}@example.org>"
                session.add(
                    MessageAttempt(message_id=message.id, at=before, fence=1, worker="w", outcome="permanent")
                )
        assert session.get_one(Patient, clinic.patient.id).email == "marta1@example.org"
    page = as_role("administrator").get("/messages").text
    assert (
        "1 message went out" in page
        and "2 failed" in page
        and "2 messages: Refused: &lt;(address)&gt;" in page
    )
    assert "marta1@" not in page
