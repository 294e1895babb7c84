"""Standing visits as columns."""

from datetime import date

import numpy as np
import pytest

from scheduler.planning import NO_CHAIR, Bookings
from tests.planning.small_clinic import CLINIC, DAY


def test_rows_of_names_become_positions() -> None:
    bookings = Bookings.of(CLINIC, [("South", "S2", DAY, 600, "visit"), ("North", "gone", DAY, 610, "visit")])
    assert bookings.site.tolist() == [1, 0]
    assert bookings.chair.tolist() == [4, NO_CHAIR]
    assert bookings.day.tolist() == [date(2026, 10, 12).toordinal()] * 2
    assert bookings.slot.tolist() == [60, 61]
    assert bookings.type.tolist() == [0, 0]


def test_columns_of_different_lengths_are_refused() -> None:
    short, long = np.zeros(1, np.int32), np.zeros(2, np.int32)
    with pytest.raises(ValueError, match="one length"):
        Bookings(short, short, long, short, short)


def test_two_sets_become_one() -> None:
    one = Bookings.of(CLINIC, [("North", "N1", DAY, 600, "visit")])
    both = one.plus(Bookings.of(CLINIC, [("South", "S1", DAY, 700, "visit")]))
    assert (len(both), both.slot.tolist()) == (2, [60, 70])
    assert both.where(both.slot > 60).site.tolist() == [1]
