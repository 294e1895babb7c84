"""When a reminder goes out: the visit's hour, that many days before, when people are awake."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.features.reminders.due import Due, dedupe_key, due_of, starts_between

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = ("America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland", "America/Los_Angeles")


def at(text: str, tz: str = "America/New_York") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(tz)).astimezone(UTC)


def due(starts: datetime, days: int, patient_tz: str | None = None, since: datetime = LONG_AGO) -> Due | None:
    return due_of(starts, since, "America/New_York", patient_tz, days)


def test_a_reminder_is_due_at_the_visits_hour_days_before_and_useful_for_half_a_day() -> None:
    assert due(at("2026-05-15 09:30"), 3) == Due(at("2026-05-12 09:30"), at("2026-05-12 21:30"))


@pytest.mark.parametrize(
    ("visit", "days", "expected"),
    [
        ("2026-03-09 09:30", 1, "2026-03-08 09:30"),  # the night in between has 23 hours
        ("2026-03-10 09:30", 3, "2026-03-07 09:30"),
        ("2026-11-02 09:30", 1, "2026-11-01 09:30"),  # and 25 hours
        ("2026-11-03 09:30", 3, "2026-10-31 09:30"),
    ],
)
def test_a_clock_change_in_between_does_not_move_the_hour(visit: str, days: int, expected: str) -> None:
    found = due(at(visit), days)
    assert found is not None and found.due_at == at(expected)


@pytest.mark.parametrize(
    ("patient_tz", "expected"),
    [
        (
            "America/Los_Angeles",
            "2026-05-14 08:00",
        ),  # 09:30 in New York is 06:30 there: the same day at eight
        ("Pacific/Auckland", "2026-05-15 08:00"),  # 01:30 there: at eight
        ("Asia/Tokyo", "2026-05-15 08:00"),  # 22:30 there: the next morning
        ("Europe/Berlin", "2026-05-14 15:30"),
    ],
)
def test_a_reminder_waits_for_the_allowed_hours_where_the_patient_is(patient_tz: str, expected: str) -> None:
    found = due(at("2026-05-15 09:30"), 1, patient_tz)
    assert found is not None and found.due_at == at(expected, patient_tz)


def test_a_visit_booked_inside_the_lead_time_gets_no_stale_reminder() -> None:
    visit = at("2026-05-15 09:30")
    assert due(visit, 3, since=at("2026-05-13 12:00")) is None
    assert due(visit, 1, since=at("2026-05-13 12:00")) is not None


def test_a_reminder_is_of_no_use_once_the_visit_has_begun() -> None:
    found = due(at("2026-05-15 17:30"), 0, "America/Los_Angeles")
    assert found is None
    early = due(at("2026-05-15 16:00"), 0, "America/Los_Angeles")
    assert early is None, "at its own hour it is too late to remind"


@given(
    st.integers(0, 3 * 366 * 24 * 4).map(lambda quarter: LONG_AGO + timedelta(minutes=15 * quarter)),
    st.sampled_from(ZONES),
    st.sampled_from([*ZONES, None]),
    st.integers(1, 14),
)
def test_a_reminder_always_falls_into_allowed_hours_before_the_visit(
    starts: datetime, tz: str, patient_tz: str | None, days: int
) -> None:
    found = due_of(starts, datetime(2020, 1, 1, tzinfo=UTC), tz, patient_tz, days)
    assert found is not None
    there = found.due_at.astimezone(ZoneInfo(patient_tz or tz))
    assert 8 <= there.hour < 21
    assert found.due_at < found.expires_at <= starts
    assert found.expires_at - found.due_at <= timedelta(hours=12)


INSTANTS = st.integers(0, 3 * 366 * 24 * 12).map(lambda five: LONG_AGO + timedelta(minutes=5 * five))
NEAR_CHANGES = st.builds(
    lambda change, minutes: change + timedelta(minutes=5 * minutes),
    st.sampled_from(
        [at("2026-03-08 02:00"), at("2026-11-01 01:00"), at("2026-10-25 02:00", "Europe/Berlin")]
    ),
    st.integers(-50, 50),
)


@settings(max_examples=200)
@given(
    st.one_of(INSTANTS, NEAR_CHANGES),
    st.sampled_from(ZONES),
    st.sampled_from([*ZONES, None]),
    st.integers(0, 5),
    st.integers(0, 40),
    st.integers(1, 1500),
)
def test_a_tick_looks_at_every_visit_whose_reminder_has_fallen_due_since_the_last_one(
    starts: datetime, tz: str, patient_tz: str | None, days: int, late: int, apart: int
) -> None:
    found = due_of(starts, datetime(2020, 1, 1, tzinfo=UTC), tz, patient_tz, days)
    if found is None:
        return
    now = found.due_at + timedelta(minutes=late)
    since = min(now - timedelta(minutes=apart), found.due_at - timedelta(minutes=1))
    between = starts_between(since, now, tz, patient_tz, days)
    assert between is not None and between[0] <= starts <= between[1]


def test_a_tick_looks_at_the_visits_of_one_tick_and_at_none_by_night() -> None:
    tz = "America/New_York"
    now = at("2026-05-12 09:30")
    between = starts_between(now - timedelta(minutes=5), now, tz, None, 3)
    assert between == (at("2026-05-15 09:25"), at("2026-05-15 09:30"))
    night = at("2026-05-12 03:00")
    assert starts_between(night - timedelta(minutes=5), night, tz, None, 3) is None


def test_every_visit_version_offset_and_channel_has_its_own_key() -> None:
    keys = {
        dedupe_key(*parts)
        for parts in ((1, 1, 3), (1, 1, 1), (1, 2, 3), (2, 1, 3), (11, 1, 3), (1, 11, 3), (1, 1, 3, "sms"))
    }
    assert len(keys) == 7
