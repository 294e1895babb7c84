"""Entries end, run out and come back by themselves."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduler.db import Database
from scheduler.errors import ConflictError, RuleError
from scheduler.features.courses.actions.cancel import cancel_visits
from scheduler.features.courses.actions.discontinue import discontinue_course
from scheduler.features.courses.actions.undo import undo
from scheduler.features.waiting.actions.answer import OFFER_FOR, accept, answer, offer
from scheduler.features.waiting.actions.entries import edit_entry
from scheduler.features.waiting.actions.tend import (
    expire_offers,
    note_gains,
    reopen_undone,
    settle_entries,
)
from scheduler.features.waiting.queries import entry, gains, good_count
from scheduler.features.waiting.steps import WaitingStep
from scheduler.features.waiting.wish import ALL_WEEK, Wish
from scheduler.models import Infusion, Patient, WaitingEntry, WaitingStatus
from tests.features.waiting.room import ROSA, SOONER, free, full_friday, seen, wait, waiting_course
from tests.support.clinic import NOW


@pytest.fixture
def row(sqlite: Database) -> Infusion:
    """A visit that waits for the Friday, of which two visits were given up."""
    with sqlite.write() as session:
        clinic, friday = full_friday(session)
        found = waiting_course(session, clinic)[2]
        wait(session, found)
    for each in friday[1:3]:
        free(sqlite, each)
    return found


def at(text: str) -> datetime:
    """A wall time at the clinic."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("America/New_York"))


def state(database: Database) -> tuple[WaitingStatus, str]:
    """Where the one entry stands, and why it ended."""
    with database.read() as session:
        found = entry(session, 1)
        return found.status, str(found.events[-1].facts.get("why", ""))


def move_of(database: Database) -> str:
    """What the list offers."""
    (line,) = seen(database)
    assert line.find is not None
    return line.find.way.value


def test_an_offer_runs_out_in_time_to_tell_the_patient(sqlite: Database, row: Infusion) -> None:
    with sqlite.write() as session:
        assert offer(session, ROSA, NOW, 1, move_of(sqlite)).offer_until == NOW + OFFER_FOR
        answer(session, ROSA, NOW, 1, WaitingStep.TAKE_BACK)
        version = session.get_one(WaitingEntry, 1).version
        edit_entry(session, ROSA, NOW, 1, Wish(True, ALL_WEEK, 24), version)
    late = at("2026-12-03 09:00")
    with sqlite.write() as session:
        until = offer(session, ROSA, late, 1, move_of(sqlite)).offer_until
    assert until == at("2026-12-03 10:00")
    with sqlite.write() as session:
        assert expire_offers(session, until - timedelta(seconds=1)) == 0
    with pytest.raises(ConflictError, match="run out"), sqlite.write() as session:
        accept(session, ROSA, until, 1, entry(session, 1).offer or "")


def test_what_was_declined_is_not_offered_again(sqlite: Database, row: Infusion) -> None:
    with sqlite.write() as session:
        offer(session, ROSA, NOW, 1, move_of(sqlite))
        answer(session, ROSA, NOW, 1, WaitingStep.DECLINE)
        answer(session, ROSA, NOW, 1, WaitingStep.AGAIN)
    (line,) = seen(sqlite)
    assert line.find is not None
    assert line.find.start == datetime.fromisoformat("2026-12-04T12:30")


@pytest.mark.parametrize(
    ("end", "why"),
    [
        ("cancel", "The visit has begun, or was missed or cancelled."),
        ("discontinue", "The course has ended."),
        ("archive", "The patient is archived."),
    ],
)
def test_an_entry_ends_with_what_it_waits_for(sqlite: Database, row: Infusion, end: str, why: str) -> None:
    with sqlite.write() as session:
        if end == "cancel":
            cancel_visits(session, ROSA, NOW, row.course_id, [row.id], "Ill")
        elif end == "discontinue":
            discontinue_course(session, ROSA, NOW, row.course_id, "Moved away")
        else:
            session.get_one(Patient, row.patient_id).archived_at = NOW
        assert settle_entries(session, NOW) == 1
        assert settle_entries(session, NOW) == 0
    assert state(sqlite) == (WaitingStatus.SETTLED, why)


def test_who_was_moved_waits_again_when_the_move_is_undone(sqlite: Database, row: Infusion) -> None:
    with sqlite.write() as session:
        done = accept(session, ROSA, NOW, 1, move_of(sqlite))
        assert reopen_undone(session, NOW) == 0
    assert state(sqlite)[0] is WaitingStatus.ACCEPTED
    with sqlite.write() as session:
        undo(session, ROSA, NOW, done.change_id)
        assert reopen_undone(session, NOW) == 1
    assert state(sqlite)[0] is WaitingStatus.WAITING


def test_the_figure_in_the_navigation_counts_moves_that_gain(sqlite: Database, row: Infusion) -> None:
    with sqlite.read() as session:
        found = gains(session, NOW)
    assert found == {1: 354}
    with sqlite.write() as session:
        note_gains(session, found)
        assert session.scalar(good_count()) == 1
        note_gains(session, {1: 0})
        assert session.scalar(good_count()) == 0


def test_a_visit_waits_once_and_never_for_what_it_has(sqlite: Database, row: Infusion) -> None:
    with pytest.raises(ConflictError, match="on the waiting list already"), sqlite.write() as session:
        wait(session, session.get_one(Infusion, row.id))
    with sqlite.write() as session:
        assert wait(session, session.get_one(Infusion, row.id), whole=True) == 2
    with pytest.raises(RuleError, match="lies in these half-days already"), sqlite.write() as session:
        wait(session, session.get_one(Infusion, row.id - 1), Wish(False, SOONER.half_days))
