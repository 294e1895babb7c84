"""The nurse load band."""

from scheduler.features.desk.frame import Frame
from scheduler.features.desk.load import load_of
from scheduler.planning import LoadSlot

FRAME = Frame(8, 2)


def profile(loads: dict[int, int], limit: int = 24) -> list[LoadSlot]:
    return [LoadSlot(minute, loads.get(minute, 0), limit) for minute in range(0, 1440, 10)]


def test_the_band_shows_the_hours_drawn_and_says_when_it_is_fullest() -> None:
    load = load_of(FRAME, profile({490: 12, 500: 24, 30: 99}), None)
    assert load.needed == (0, 12, 24, *[0] * 9)
    assert load.limits == (24,) * 12
    assert load.note == "2 on duty, busiest at 08:20"
    assert load.said.endswith("It stays within what the nurses on duty can give; the fullest time is 08:20.")


def test_more_than_the_nurses_can_give_is_said_with_its_times() -> None:
    load = load_of(FRAME, profile({490: 36, 500: 36, 560: 25}), None)
    assert "more than the nurses on duty can give from 08:10 to 08:30 and from 09:20 to 09:30" in load.said


def test_a_day_without_visits_is_said_too() -> None:
    load = load_of(FRAME, profile({}), None)
    assert load.note == "2 on duty"
    assert "No visit needs a nurse" in load.said


def test_on_this_day_the_nurses_of_this_moment_are_counted() -> None:
    late = [LoadSlot(part.minute, 0, 0 if part.minute >= 540 else 24) for part in profile({})]
    assert load_of(FRAME, late, 0.5).note == "2 on duty"
    assert load_of(FRAME, late, 7.0).note == "Nobody on duty now"
