"""The worker keeps the list: it searches when something changed, and breaks nothing when it can't."""

from datetime import timedelta

import pytest

from scheduler.db import Database
from scheduler.features.waiting import queries
from scheduler.features.waiting.actions.answer import offer
from scheduler.features.waiting.queries import entry, good_count
from scheduler.models import WaitingStatus
from scheduler.worker import waiting
from scheduler.worker.waiting import SEARCH_EVERY, Keeper
from tests.features.waiting.room import ROSA, free, full_friday, seen, wait, waiting_course
from tests.support.clinic import NOW
from tests.support.post import Clock


def good(database: Database) -> int:
    with database.read() as session:
        return session.scalar(good_count())


def test_a_freed_visit_is_noticed_and_an_old_offer_runs_out(sqlite: Database) -> None:
    with sqlite.write() as session:
        clinic, friday = full_friday(session)
        wait(session, waiting_course(session, clinic)[2])
    at = Clock(NOW)
    keeper = Keeper(sqlite, lambda: at.at)
    keeper.look()
    assert good(sqlite) == 0
    free(sqlite, friday[1])
    keeper.look()
    assert good(sqlite) == 1
    (line,) = seen(sqlite)
    assert line.find is not None
    move = line.find.way.value
    sqlite.attempt(lambda session: offer(session, ROSA, NOW, 1, move))
    at.move(hours=4)
    keeper.look()
    with sqlite.read() as session:
        assert entry(session, 1).status is WaitingStatus.EXPIRED


def test_nothing_is_searched_again_while_nothing_changes(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite.write() as session:
        clinic, _ = full_friday(session)
        wait(session, waiting_course(session, clinic)[2])
    searches: list[object] = []
    monkeypatch.setattr(waiting, "gains", lambda _session, now, _after: searches.append(now) or {})
    at = Clock(NOW)
    keeper = Keeper(sqlite, lambda: at.at)
    for pause in (0, 10, SEARCH_EVERY.total_seconds()):
        at.move(seconds=pause)
        keeper.look()
    assert searches == [NOW, NOW + timedelta(seconds=10) + SEARCH_EVERY]


def test_everybody_is_searched_for_some_at_a_time(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "SEARCHED", 1)
    with sqlite.write() as session:
        clinic, friday = full_friday(session)
        for number, clock in ((2, "09:30"), (3, "11:30"), (4, "13:30")):
            wait(session, waiting_course(session, clinic, clock, number)[2])
    free(sqlite, friday[1])
    Keeper(sqlite, lambda: NOW).look()
    assert good(sqlite) == 3


def test_a_look_that_breaks_is_logged_and_the_next_one_works(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite.write() as session:
        clinic, friday = full_friday(session)
        wait(session, waiting_course(session, clinic)[2])
    free(sqlite, friday[1])
    keeper = Keeper(sqlite, lambda: NOW)
    with monkeypatch.context() as broken:
        broken.setattr(waiting, "settle_entries", lambda *_: 1 / 0)
        keeper.look()
    assert good(sqlite) == 0
    keeper.look()
    assert good(sqlite) == 1
