"""New dates on either database, and whatever was lost: what is offered can be taken."""

from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from scheduler import clock
from scheduler.actor import Actor
from scheduler.config import Config
from scheduler.db import Database
from scheduler.features.courses.actions.place import place_visits
from scheduler.features.courses.moving.order import decode_move
from scheduler.features.courses.moving.replan.preview import replan_preview
from scheduler.features.courses.moving.replan.wish import ReplanForm, ReplanWish
from scheduler.features.courses.placing import Placement
from scheduler.features.courses.standing import open_numbers, standing
from scheduler.models import Course, Infusion, InfusionStatus
from tests.features.courses.moving.replan.replanning import DAYS, form_of, lossy, page_of, standing_days
from tests.support.clinic import NOW, SmallClinic, make_patient
from tests.support.sign_in import cheap_app, sign_in
from tests.support.visits import add_course, add_visit, local

ROSA = Actor(None, "Rosa")
LATER = (690, 780, 870)
"""Starts of others' visits on the course's own chair, after its own hour."""


class UndoneError(Exception):
    """Takes an example back."""


def test_the_page_books_what_it_shows_on_either_database(
    config: Config, database: Database, clinic: SmallClinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with database.write() as session:
        course = lossy(session, clinic, [3])
    client = cheap_app(config, database).test_client()
    sign_in(client, database, clinic.users["front_desk"])
    form = form_of(client, page_of(client, course.id, after=3))
    assert client.post(f"/courses/{course.id}/plan", data=form).status_code == 303
    assert client.post(f"/courses/{course.id}/plan", data=form).status_code == 303
    assert standing_days(database, course.id) == dict(enumerate(DAYS, 1))


def test_a_new_visit_takes_the_place_of_one_that_makes_room_for_it(
    database: Database, clinic: SmallClinic
) -> None:
    """The database compares row by row: whoever leaves must have left before the new one comes."""
    with database.write() as session:
        course = lossy(session, clinic, [5])
        last = next(row for row in course.infusions if row.number == 6)
    chair, monday = clinic.chairs[0].id, datetime(2026, 11, 16, 9)  # noqa: DTZ001 - wall time
    wanted = [
        Placement(5, chair, monday - timedelta(days=3), None),
        Placement(6, chair, monday, last.id),
    ]
    database.attempt(lambda s: place_visits(s, ROSA, NOW, course.id, wanted, seen={last.id: 1}))
    placed = standing_days(database, course.id)
    assert (placed[5], placed[6]) == (DAYS[5], monday.date())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lost=st.sets(st.integers(2, 6), min_size=1),
    taken=st.dictionaries(st.integers(1, 24), st.sampled_from(LATER)),
    early=st.sets(st.integers(1, 24)),
    every=st.sampled_from([None, True, False]),
    way=st.integers(0, 2),
)
def test_what_is_offered_keeps_the_spacing_and_is_never_taken_by_anybody_else(
    sqlite: Database,
    desk_clinic: SmallClinic,
    lost: set[int],
    taken: dict[int, int],
    early: set[int],
    every: bool | None,
    way: int,
) -> None:
    with suppress(UndoneError), sqlite.write() as session:
        course = lossy(session, desk_clinic, sorted(lost))
        _crowd(session, desk_clinic, course, taken, early)
        form = ReplanForm(ReplanWish(every=every))
        page = replan_preview(session, NOW, course.id, form)
        assert page is not None
        if page.ways:
            order = decode_move(page.ways[way % len(page.ways)].value)
            place_visits(session, ROSA, NOW, course.id, order.placements, seen=order.seen, kind="replaced")
            session.expire_all()
            _holds(session, course)
        raise UndoneError


def _crowd(
    session: Session, clinic: SmallClinic, course: Course, taken: dict[int, int], early: set[int]
) -> None:
    """Others on the course's chair: at some hour of a day, and at its own hour where it has no visit."""
    other = make_patient(session, clinic.site, 9)
    theirs = add_course(session, clinic, other)
    own = {row.local_day for row in standing(course.infusions)}
    days = {date(2026, 11, 2) + timedelta(days=n): minute for n, minute in taken.items()}
    days |= {day: 540 for n in early if (day := date(2026, 11, 2) + timedelta(days=n)) not in own}
    for number, (day, minute) in enumerate(sorted(days.items()), 1):
        start = local(clinic.site, day, f"{minute // 60:02}:{minute % 60:02}")
        add_visit(session, theirs, clinic.chairs[0], number, start, InfusionStatus.SCHEDULED)
    session.refresh(course)


def _holds(session: Session, course: Course) -> None:
    """Every number that was planned stands, two to five days from its neighbours, alone on its chair."""
    rows = standing(course.infusions)
    days = {row.number: row.local_day for row in rows}
    assert not open_numbers(course.infusions, 6)
    assert all(2 <= (days[k + 1] - days[k]).days <= 5 for k in range(1, 6))
    one, two = aliased(Infusion), aliased(Infusion)
    free = (InfusionStatus.MISSED, InfusionStatus.CANCELLED)
    both = select(one.id).join(two, (two.chair_id == one.chair_id) & (two.id > one.id))
    both = both.where(one.starts_at < two.chair_until, two.starts_at < one.chair_until)
    assert session.scalars(both.where(one.status.not_in(free), two.status.not_in(free))).all() == []
