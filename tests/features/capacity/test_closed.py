"""When a site is shut: public holidays by country and region, openings, closures."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.db import Database
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.capacity.queries import closed_days, closures, holiday_name_by_day, site, sites
from scheduler.models import Chair, Closure, HolidayOpening
from tests.support.clinic import NOW, make_site, small_clinic

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def test_public_holidays_follow_from_country_and_region() -> None:
    bavaria = holiday_name_by_day("DE", "BY", *YEAR)
    berlin = holiday_name_by_day("DE", "BE", *YEAR)
    states = holiday_name_by_day("US", None, *YEAR)
    assert bavaria[date(2026, 1, 6)] == "Epiphany"
    assert date(2026, 1, 6) not in berlin
    assert berlin[date(2026, 3, 8)] == "Women's Day"
    assert states[date(2026, 11, 26)] == "Thanksgiving Day"
    assert date(2026, 11, 26) not in bavaria


def test_a_holiday_on_a_weekend_is_kept_on_the_day_it_is_observed_too() -> None:
    states = holiday_name_by_day("US", None, *YEAR)
    assert date(2026, 7, 4) in states
    assert states[date(2026, 7, 3)] == "Independence Day (observed)"


@pytest.mark.parametrize(("country", "region"), [("XX", None), ("US", "ZZ"), ("", None)])
def test_a_place_without_known_holidays_is_said_and_not_guessed(country: str, region: str | None) -> None:
    with pytest.raises(RuleError, match="not known"):
        holiday_name_by_day(country, region, *YEAR)


@given(first=st.dates(date(2020, 1, 1), date(2030, 1, 1)), length=st.integers(0, 800))
def test_holidays_of_a_window_are_those_of_its_days(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    found = holiday_name_by_day("DE", "BY", first, last)
    assert list(found) == sorted(found)
    assert all(first <= day <= last for day in found)
    middle = first + timedelta(days=length // 2)
    parts = holiday_name_by_day("DE", "BY", first, middle) | holiday_name_by_day("DE", "BY", middle, last)
    assert found == parts


def test_the_site_opens_on_a_holiday_where_that_was_decided_for_this_site(database: Database) -> None:
    with database.write() as session:
        here, there = make_site(session, "RV", "Riverside"), make_site(session, "NS", "Northside")
        session.add(HolidayOpening(site_id=here.id, day=date(2026, 11, 11)))
    with database.read() as session:
        window = (date(2026, 11, 1), date(2026, 11, 30))
        assert date(2026, 11, 11) not in closed_days(session, here, *window)
        assert closed_days(session, here, *window)[date(2026, 11, 26)] == "Thanksgiving Day"
        assert date(2026, 11, 11) in closed_days(session, there, *window)


def test_closures_touch_a_window_only_where_they_share_time_with_it(database: Database) -> None:
    hour = timedelta(hours=1)
    with database.write() as session:
        clinic = small_clinic(session)
        other = make_site(session, "NS", "Northside")
        for place, start, end, reason in (
            (clinic.site, NOW - hour, NOW, "ended as the window begins"),
            (clinic.site, NOW - hour, NOW + hour, "runs into it"),
            (clinic.site, NOW + 3 * hour, NOW + 4 * hour, "begins as the window ends"),
            (other, NOW, NOW + hour, "of the other site"),
        ):
            session.add(Closure(site_id=place.id, starts_at=start, ends_at=end, reason=reason))
        session.add(
            Closure(
                site_id=clinic.site.id,
                chair_id=clinic.chairs[0].id,
                starts_at=NOW + hour,
                ends_at=NOW + 9 * hour,
                reason="of a chair",
            )
        )
    with database.read() as session:
        found = closures(session, [clinic.site.id], NOW, NOW + 3 * hour)
        assert [row.reason for row in found] == ["runs into it", "of a chair"]


def test_sites_come_by_name_with_hours_and_chairs_and_without_the_archived(database: Database) -> None:
    with database.write() as session:
        clinic = small_clinic(session)
        session.add(Chair(site_id=clinic.site.id, name="Chair 0", position=0, retired_at=NOW))
        make_site(session, "AA", "Zeta").archived_at = NOW
        make_site(session, "NS", "Northside")
    with database.read() as session:
        found = sites(session)
        assert [each.name for each in found] == ["Northside", "Riverside"]
        assert [chair.name for chair in found[1].chairs] == ["Chair 0", "Chair 1", "Chair 2"]
        assert [row.weekday for row in found[0].hours] == [0, 1, 2, 3, 4]
        assert "Zeta" in [each.name for each in sites(session, with_archived=True)]
        with pytest.raises(NotFoundError):
            site(session, 9999)
