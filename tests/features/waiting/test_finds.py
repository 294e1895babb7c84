"""What is offered, and what it gains: computed by hand from the weights of PLANNING.md."""

from datetime import datetime, timedelta

import pytest

from scheduler.db import Database
from scheduler.features.waiting import queries
from scheduler.features.waiting.actions.tend import note_gains
from scheduler.features.waiting.queries import look
from scheduler.features.waiting.wish import ALL_WEEK, Wish
from scheduler.models import CourseStatus, Patient
from tests.features.waiting.room import SOONER, free, full_friday, seen, wait, waiting_course
from tests.support.clinic import NOW

FRIDAYS = frozenset({"4a", "4p"})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_nothing_is_offered_until_a_visit_is_given_up(sqlite: Database) -> None:
    """Freed at 10:00: the gap of 5 becomes 2 (300), 3 days sooner (60), 3 slots off the hour (6)."""
    with sqlite.write() as session:
        clinic, friday = full_friday(session)
        wait(session, waiting_course(session, clinic)[2])
    assert [line.find for line in seen(sqlite)] == [None]
    free(sqlite, friday[1])
    (line,) = seen(sqlite)
    assert line.find is not None
    assert (line.find.start, line.find.gain) == (at("2026-12-04T10:00"), 300 + 60 - 6)
    assert line.find.why == "3 days sooner. Gaps closer to the plan by 3 days."
    assert line.find.way.moved == (3,)


def test_who_gains_most_of_a_freed_visit_comes_first(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic, friday = full_friday(session)
        less = wait(session, waiting_course(session, clinic, "14:30", 2)[2])
        more = wait(session, waiting_course(session, clinic, "09:30", 3)[2])
    free(sqlite, friday[1])
    assert [(line.entry.id, line.find and line.find.gain) for line in seen(sqlite)] == [
        (more, 354),
        (less, 300 + 60 - 54),
    ]


def test_a_middle_visit_pays_on_one_side_what_it_gains_on_the_other(sqlite: Database) -> None:
    """Monday to Friday: gaps of 5 and 2 become 2 and 5. What is left: 60 for three days, 30 for the wish."""
    with sqlite.write() as session:
        clinic, friday = full_friday(session)
        days = ("2026-11-30", "2026-12-02", "2026-12-07", "2026-12-09")
        wait(session, waiting_course(session, clinic, "10:00", days=days)[2], Wish(True, FRIDAYS))
    free(sqlite, friday[1])
    (line,) = seen(sqlite)
    assert line.find is not None
    assert (line.find.gain, line.find.why) == (90, "3 days sooner, at a wished time.")


def test_only_wished_half_days_with_enough_notice_are_offered(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic, friday = full_friday(session)
        rows = waiting_course(session, clinic)
        wait(session, rows[2], Wish(True, frozenset({"3a", "4p"})))
        wait(session, waiting_course(session, clinic, "13:00", 3)[2], Wish(True, SOONER.half_days, 48))
    free(sqlite, friday[1])
    morning, late = at("2026-12-04T10:00"), NOW + timedelta(days=30, hours=2)  # Wed 2 Dec, 12:00 there.
    assert [line.find.start for line in seen(sqlite) if line.find] == [morning]
    assert [line.find for line in seen(sqlite, late)] == [None, None]


def test_a_whole_course_comes_sooner_where_days_and_gaps_together_cost_least(sqlite: Database) -> None:
    """From tomorrow 10:00 on: Tue costs 20 + 6 + 200 (Tue, Thu, Mon), Wed 40 + 100 (Wed, Fri, Mon), the next
    Monday 140 as well. As it stands it costs 28 · 20 + 300.
    """
    with sqlite.write() as session:
        clinic, _ = full_friday(session)
        wait(session, waiting_course(session, clinic)[0], Wish(True, ALL_WEEK, 24), whole=True)
    (line,) = seen(sqlite)
    assert line.find is not None
    days = [(each.number, f"{each.after:%a %d %b}") for each in line.find.way.lines]
    assert days == [(1, "Wed 04 Nov"), (2, "Fri 06 Nov"), (3, "Mon 09 Nov")]
    assert line.find.gain == 560 + 300 - 140


def test_who_is_not_looked_at_this_time_is_said_and_can_be_looked_at(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five wait, of whom one course is on hold and costs no search; two are looked at each time."""
    monkeypatch.setattr(queries, "SEARCHED", 2)
    with sqlite.write() as session:
        clinic, friday = full_friday(session)
        held = waiting_course(session, clinic, "09:30", 9, ("2026-12-01", "2026-12-03", "2026-12-08"))
        clocks = enumerate(("09:30", "11:30", "13:30", "15:30"), 2)
        rows = [held[2], *(waiting_course(session, clinic, clock, n)[2] for n, clock in clocks)]
        for row in rows:
            wait(session, row)
        rows[0].course.status = CourseStatus.ON_HOLD
    free(sqlite, friday[1])
    with sqlite.write() as session:
        note_gains(session, {4: 10})
    looks = {}
    for skip in (0, 2, 3, 99, -1):
        with sqlite.read() as session:
            looks[skip] = look(session, NOW, skip)
    found = {skip: {line.entry.id for line in each.lines if line.find} for skip, each in looks.items()}
    assert found == {0: {2, 4}, 2: {3, 5}, 3: {3, 5}, 99: {3, 5}, -1: {2, 4}}
    one, two = looks[0], looks[2]
    assert {line.entry.id for line in one.lines if not line.looked} == {3, 5}
    assert {line.entry.id for line in two.lines if not line.looked} == {2, 4}
    assert all(len(each.lines) == 5 for each in looks.values())
    assert (one.first, one.last, one.total, one.next, one.before) == (1, 2, 4, 2, None)
    assert (two.first, two.last, two.total, two.next, two.before) == (3, 4, 4, None, 0)


def test_nothing_is_found_for_the_archived_or_for_a_course_on_hold(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic, friday = full_friday(session)
        rows = [waiting_course(session, clinic, clock, n)[2] for n, clock in ((2, "09:30"), (3, "13:00"))]
        for row in rows:
            wait(session, row)
        session.get_one(Patient, rows[0].patient_id).archived_at = NOW
        rows[1].course.status = CourseStatus.ON_HOLD
    free(sqlite, friday[1])
    assert [line.find for line in seen(sqlite)] == [None, None]
