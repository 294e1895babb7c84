"""Reminders reach people between 08:00 and 21:00 where they are."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from scheduler.features.outbox.quiet import next_allowed

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-05-15 07:59", "2026-05-15 08:00"),
        ("2026-05-15 08:00", "2026-05-15 08:00"),
        ("2026-05-15 20:59", "2026-05-15 20:59"),
        ("2026-05-15 21:00", "2026-05-16 08:00"),
        ("2026-05-15 23:59", "2026-05-16 08:00"),
        ("2026-03-28 22:00", "2026-03-29 08:00"),  # the night is an hour shorter
        ("2026-10-24 22:00", "2026-10-25 08:00"),  # and an hour longer
        ("2026-10-25 02:30", "2026-10-25 08:00"),
    ],
)
def test_outside_the_hours_the_next_morning_counts(now: str, expected: str) -> None:
    instant = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
    assert next_allowed(instant, "Europe/Berlin") == datetime.fromisoformat(expected).replace(tzinfo=BERLIN)
