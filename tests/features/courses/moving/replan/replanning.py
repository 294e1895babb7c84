"""A course that lost visits, and the replan page through a test client."""

import re
from collections.abc import Sequence
from datetime import date
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from scheduler.db import Database
from scheduler.models import Course, Infusion, InfusionStatus
from tests.support.clinic import SmallClinic
from tests.support.sign_in import csrf_token
from tests.support.visits import add_six

DAYS = [date(2026, 11, day) for day in (2, 4, 6, 9, 11, 13)]
ANY_TIME = {"weekly": {str(day): [[0, 1440]] for day in range(7)}, "away": [], "preferred": None, "avoid": []}


def lossy(session: Session, clinic: SmallClinic, lost: Sequence[int], days: Sequence[date] = DAYS) -> Course:
    """Six visits at 09:00 in chair 1, the first one done; those with the numbers `lost` were missed."""
    course, visits = add_six(session, clinic, days, completed=1)
    course.wishes = ANY_TIME
    for number in lost:
        visits[number - 1].status = InfusionStatus.MISSED
    session.flush()
    return course


def page_of(client: FlaskClient, course_id: int, status: int = 200, **query: object) -> str:
    """The words and tags of the page."""
    answer = client.get(f"/courses/{course_id}/plan", query_string=query)
    assert answer.status_code == status, answer.text
    return " ".join(unescape(answer.text).split())


def form_of(client: FlaskClient, page: str, proposal: str = "r1", **more: object) -> dict[str, object]:
    """What the page's form of ways sends."""
    form = page[page.index('<form class="panel" id="set"') :].split("</form>")[0]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form):
        fields.setdefault(name, []).append(value)
    return {**fields, "proposal": proposal, "csrf_token": csrf_token(client), **more}


def raw(database: Database) -> dict[int, tuple[object, ...]]:
    """Every byte of every visit."""
    with database.read() as session:
        return {row[0]: tuple(row) for row in session.execute(text("SELECT * FROM infusions ORDER BY id"))}


def standing_days(database: Database, course_id: int) -> dict[int, date]:
    """The days of the visits that stand, by number."""
    with database.read() as session:
        rows = session.scalars(select(Infusion).where(Infusion.course_id == course_id).order_by(Infusion.id))
        return {
            row.number: row.local_day
            for row in rows
            if row.status not in (InfusionStatus.MISSED, InfusionStatus.CANCELLED)
        }
