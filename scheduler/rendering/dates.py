"""Days and times as a patient reads them: in the site's zone, in the site's order of parts, and
with the zone's name, because 01:30 comes twice on one night of the year."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from scheduler.rendering.facts import Locale, VisitFacts
from scheduler.rendering.language import Language


def local(instant: datetime, tz: str) -> datetime:
    """Give an aware instant as the wall time of a zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant must be aware")
    return instant.astimezone(ZoneInfo(tz))


def day(value: date, locale: Locale, language: Language) -> str:
    """Write a day with its weekday, such as "Friday 15 May 2026"."""
    return language.dates[locale.date_order].format(
        weekday=language.weekdays[value.weekday()],
        day=value.day,
        month=language.months[value.month - 1],
        month_number=value.month,
        year=value.year,
    )


def clock(value: datetime, locale: Locale, language: Language) -> str:
    """Write a wall time, such as "09:30" or "9:30 am"."""
    if locale.clock24:
        return f"{value.hour:02d}:{value.minute:02d}"
    half = language.am if value.hour < 12 else language.pm
    return f"{value.hour % 12 or 12}:{value.minute:02d} {half}"


def zone(value: datetime) -> str:
    """Name the zone in force at that moment, such as "CEST"; zones without a name give "UTC-03"."""
    name = value.tzname() or ""
    return f"UTC{name}" if name[:1] in "+-" else name


def visit_day(visit: VisitFacts, locale: Locale, language: Language) -> str:
    """Write the day of a visit at its site."""
    return day(local(visit.starts_at, visit.tz).date(), locale, language)


def visit_moment(visit: VisitFacts, locale: Locale, language: Language) -> str:
    """Write day, time and zone of a visit, such as "Friday 15 May 2026, 09:30 (CEST)"."""
    wall = local(visit.starts_at, visit.tz)
    return language.dates["moment"].format(
        day=day(wall.date(), locale, language), clock=clock(wall, locale, language), zone=zone(wall)
    )


def short_moment(visit: VisitFacts, locale: Locale, language: Language) -> str:
    """The same in few characters, such as "Fri 15 May, 09:30 CEST": a text has no room for more."""
    wall = local(visit.starts_at, visit.tz)
    return language.dates["short_moment"].format(
        day=short_day(visit, locale, language), clock=clock(wall, locale, language), zone=zone(wall)
    )


def short_day(visit: VisitFacts, locale: Locale, language: Language) -> str:
    """Write the day of a visit in few characters, such as "Fri 15 May"."""
    wall = local(visit.starts_at, visit.tz)
    return language.dates[f"short_{locale.date_order}"].format(
        weekday=language.short_weekdays[wall.weekday()],
        day=wall.day,
        month=language.short_months[wall.month - 1],
        month_number=wall.month,
    )
