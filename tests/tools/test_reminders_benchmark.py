"""The benchmark of the reminders looks at a clinic in which a tick finds the visits of that tick alone."""

from benchmarks.reminders import NOW, TICK, fill
from scheduler.db import Database
from scheduler.features.reminders.queries import due_reminders
from scheduler.worker.remind import LOOK_BACK


def test_the_tick_finds_what_the_look_over_all_visits_finds(sqlite: Database) -> None:
    fill(sqlite, 900)
    with sqlite.read() as session:
        tick = due_reminders(session, NOW, NOW - TICK - LOOK_BACK)
        assert tick == due_reminders(session, NOW)
    assert {one.days_before for one in tick} == {3, 1}
    assert len({one.starts_at for one in tick}) == 2
