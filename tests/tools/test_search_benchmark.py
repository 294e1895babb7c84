"""The benchmark of the search finds people in a clinic of its own making."""

from benchmarks.search import LEAST, fill_patients, keystrokes
from scheduler.db import Database
from scheduler.features.patients.queries import search


def test_the_search_is_measured_for_each_keystroke_from_the_third_on(database: Database) -> None:
    with database.write() as session:
        fill_patients(session, 60)
    times = keystrokes(database, ["maria", "bm-0000"], 1)
    typed = {text for _, text in times}
    assert typed == {"bm-", "bm-0", "bm-00", "bm-000", "bm-0000", "mar", "mari", "maria"}
    assert min(map(len, typed)) == LEAST
    with database.read() as session:
        assert len(search(session, "bm-0000")) == 12
