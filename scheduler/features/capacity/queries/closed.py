"""When a site is shut: public holidays on which it does not open, and closures.

Public holidays are not stored. They follow from the site's country and region, so that next
year's are there without anybody typing them; what is stored is the exception, a day on which the
site opens all the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errors import RuleError
from scheduler.models import Closure, HolidayOpening, Site


def openings(session: Session, site: Site, first: date, last: date) -> frozenset[date]:
    """The public holidays from `first` to `last`, both included, on which `site` opens all the same."""
    return frozenset(
        session.scalars(
            select(HolidayOpening.day)
            .where(
                HolidayOpening.site_id == site.id,
                HolidayOpening.day >= first,
                HolidayOpening.day <= last,
            )
            .order_by(HolidayOpening.day)
        )
    )


def closed_days(session: Session, site: Site, first: date, last: date) -> dict[date, str]:
    """The public holidays from `first` to `last`, both included, on which `site` stays shut: day to name.

    Raises RuleError where the site's country or region is unknown to the `holidays` library.
    """
    opened = openings(session, site, first, last)
    named = holiday_name_by_day(site.country, site.region, first, last)
    return {day: name for day, name in named.items() if day not in opened}


def holiday_name_by_day(country: str, region: str | None, first: date, last: date) -> dict[date, str]:
    """Public holidays from `first` to `last`, both included, in order, by their English names.

    `country` is ISO 3166 ("DE"), `region` a subdivision of the `holidays` library ("BY") or None.
    Raises RuleError where the library knows neither.
    """
    found: dict[date, str] = {}
    for year in range(first.year, last.year + 1):
        found.update(
            (day, name) for day, name in _of_year(country, region, year).items() if first <= day <= last
        )
    return found


@lru_cache(maxsize=256)
def _of_year(country: str, region: str | None, year: int) -> Mapping[date, str]:
    """One year's holidays in order. They are pure calendar arithmetic, so they may be kept."""
    try:
        found = holidays.country_holidays(country, subdiv=region, years=year, language="en_US")
    except NotImplementedError as error:
        place = f"{country}, {region}" if region else country
        raise RuleError(
            f"The public holidays of “{place}” are not known. Correct the site's country and region."
        ) from error
    return {day: found[day] for day in sorted(found) if day.year == year}


def opens_on(session: Session, site: Site, day: date) -> bool:
    """Whether `site` opens at all on a day: it has hours, no holiday, and no closure over all of them."""
    spans = [(row.from_minute, row.to_minute) for row in site.hours if row.weekday == day.weekday()]
    if not spans or day in closed_days(session, site, day, day):
        return False
    midnight = datetime.combine(day, time())
    zone = ZoneInfo(site.tz)
    first = (midnight + timedelta(minutes=min(spans)[0])).replace(tzinfo=zone).astimezone(UTC)
    last = (midnight + timedelta(minutes=max(end for _, end in spans))).replace(tzinfo=zone).astimezone(UTC)
    shut = closures(session, [site.id], first, last)
    return not any(row.chair_id is None and row.starts_at <= first and row.ends_at >= last for row in shut)


def closures(session: Session, site_ids: Iterable[int], start: datetime, end: datetime) -> Sequence[Closure]:
    """Closures of these sites and of their chairs that touch the instants `start` to `end` (half-open)."""
    return session.scalars(
        select(Closure)
        .where(Closure.site_id.in_(list(site_ids)), Closure.starts_at < end, Closure.ends_at > start)
        .order_by(Closure.starts_at, Closure.id)
    ).all()
