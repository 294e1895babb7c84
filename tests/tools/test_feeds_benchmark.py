"""The benchmark of the feeds makes a clinic of its own and holds the kept bytes against the library's."""

from benchmarks.feeds import fill, times
from scheduler import clock
from scheduler.db import Database


def test_a_feed_is_measured_against_the_library_that_writes_the_same_bytes(sqlite: Database) -> None:
    owner, token = fill(sqlite, clock.now(), past=200, chairs=1)
    count, by_library, kept, reading = times(sqlite, owner)
    assert owner.kind == "user" and count > 50 and len(token) > 40
    assert min(by_library, kept, reading) > 0
