"""Between the wall clock of a clinic and instants.

A course keeps its wall-clock time across a clock change, so everything is planned in
local days and minutes and turned into instants only at the edge. Two traps are shut
here: a wall-clock time that a clock change skips does not exist and is refused, and one
that exists twice is taken the first time.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from scheduler.planning.clinic import MINUTES_A_DAY, Span

_DAY_SECONDS = 86_400
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


class NoSuchTimeError(ValueError):
    """The clocks skip this local time."""


def exists(zone: ZoneInfo, day: date, minute: int) -> bool:
    """Whether the local `minute` of `day` happens at all."""
    wall = _wall(day, minute)
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall


def moment(zone: ZoneInfo, day: date, minute: int) -> datetime:
    """The aware start of a local `minute` of `day`; of two, the first. Raises NoSuchTimeError for none."""
    if not exists(zone, day, minute):
        raise NoSuchTimeError(f"{day} {minute // 60:02}:{minute % 60:02} does not exist in {zone.key}")
    return _wall(day, minute).replace(tzinfo=zone)


def skipped(zone: ZoneInfo, day: date) -> list[Span]:
    """The minutes of `day` that clock changes skip."""
    after = day + timedelta(days=1)
    if _offset(zone, day) == _offset(zone, after):
        return []
    midnight = (day.toordinal() - _EPOCH_ORDINAL) * _DAY_SECONDS
    first, last = (int(_wall(each, 0).replace(tzinfo=zone).timestamp()) for each in (day, after))
    turns, offsets = _offsets(zone, first - 1, last)
    gaps = [
        (max(0, int(turn + before - midnight) // 60), min(MINUTES_A_DAY, int(turn + later - midnight) // 60))
        for turn, before, later in zip(turns, offsets, offsets[1:], strict=False)
    ]
    return [(start, end) for start, end in gaps if start < end]


def to_wall(zone: ZoneInfo, instant: datetime) -> datetime:
    """The local date-time, without an offset, of an aware `instant`."""
    return instant.astimezone(zone).replace(tzinfo=None)


def wall_columns(zone: ZoneInfo, seconds: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Local day ordinals and minutes of the day of many UTC instants, in seconds since 1970.

    Made for the application, which hands over thousands of visits at once.
    """
    seconds = np.asarray(seconds, dtype=np.int64)
    if not len(seconds):
        return np.zeros(0, np.int32), np.zeros(0, np.int32)
    turns, offsets = _offsets(zone, int(seconds.min()), int(seconds.max()))
    local = seconds + offsets[np.searchsorted(turns, seconds, side="right")]
    days = local // _DAY_SECONDS + _EPOCH_ORDINAL
    return days.astype(np.int32), (local % _DAY_SECONDS // 60).astype(np.int32)


def _wall(day: date, minute: int) -> datetime:
    return datetime(day.year, day.month, day.day, minute // 60, minute % 60)  # noqa: DTZ001 - wall time


def _offset(zone: ZoneInfo, day: date) -> timedelta | None:
    return _wall(day, 0).replace(tzinfo=zone).utcoffset()


def _offset_at(zone: ZoneInfo, second: int) -> int:
    offset = datetime.fromtimestamp(second, zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _offsets(zone: ZoneInfo, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The instants between first and last at which the offset changes, and the offsets before and after."""
    turns, offsets = [], [_offset_at(zone, first)]
    for start in range(first, last, _DAY_SECONDS):
        end = min(start + _DAY_SECONDS, last)
        if _offset_at(zone, end) == offsets[-1]:
            continue
        low, high = start, end
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset_at(zone, middle) == offsets[-1] else (low, middle)
        turns.append(high)
        offsets.append(_offset_at(zone, end))
    return np.array(turns, np.int64), np.array(offsets, np.int64)
