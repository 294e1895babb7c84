"""Wall-clock time and instants."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from scheduler.planning import NoSuchTimeError, exists, moment, to_wall, wall_columns
from scheduler.planning.localtime import skipped

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_skipped_time_is_refused() -> None:
    assert not exists(BERLIN, date(2027, 3, 28), 150)
    with pytest.raises(NoSuchTimeError, match="2027-03-28 02:30 does not exist in Europe/Berlin"):
        moment(BERLIN, date(2027, 3, 28), 150)


def test_of_a_time_that_exists_twice_the_first_is_taken() -> None:
    assert moment(BERLIN, date(2026, 10, 25), 150).isoformat() == "2026-10-25T02:30:00+02:00"


@pytest.mark.parametrize(
    ("tz", "day", "expected"),
    [
        ("Europe/Berlin", date(2027, 3, 28), [(120, 180)]),
        ("Europe/Berlin", date(2026, 10, 25), []),
        ("Europe/Berlin", date(2026, 7, 1), []),
        ("Australia/Lord_Howe", date(2026, 10, 4), [(120, 150)]),
        ("America/Havana", date(2027, 3, 14), [(0, 60)]),
        ("Asia/Kolkata", date(2026, 10, 25), []),
        ("Pacific/Apia", date(2011, 12, 30), [(0, 1440)]),
        ("Pacific/Apia", date(2011, 12, 29), []),
        ("Pacific/Apia", date(2011, 12, 31), []),
    ],
)
def test_the_minutes_a_clock_change_skips(tz: str, day: date, expected: list[tuple[int, int]]) -> None:
    assert skipped(ZoneInfo(tz), day) == expected


@pytest.mark.parametrize("tz", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])
def test_columns_of_instants_become_local_days_and_minutes(tz: str) -> None:
    zone = ZoneInfo(tz)
    start = datetime(2026, 9, 1, tzinfo=UTC)
    instants = [start + timedelta(minutes=70 * step) for step in range(6000)]
    seconds = np.array([int(instant.timestamp()) for instant in instants])
    days, minutes = wall_columns(zone, seconds)
    walls = [to_wall(zone, instant) for instant in instants]
    assert days.tolist() == [wall.toordinal() for wall in walls]
    assert minutes.tolist() == [wall.hour * 60 + wall.minute for wall in walls]


def test_no_instants_become_empty_columns() -> None:
    days, minutes = wall_columns(BERLIN, np.array([], np.int64))
    assert len(days) == len(minutes) == 0
