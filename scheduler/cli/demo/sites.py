"""Two sites with eight chairs, their hours and what shuts them. Addresses and numbers belong to nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from scheduler.cli.demo.days import OPENED_DAYS_AGO, TZ, Calendar, at
from scheduler.features.capacity.queries import holiday_name_by_day
from scheduler.models import Chair, Closure, HolidayOpening, OpeningHours, Site

COUNTRY, REGION = "US", "MA"
STAYS_SHUT = ("Thanksgiving", "Christmas", "New Year")
WEEKDAYS = range(5)
SATURDAY, SUNDAY = 5, 6
Hours = Sequence[tuple[int, str, str]]


@dataclass(frozen=True)
class Places:
    """The two sites with their chairs in order."""

    riverside: Site
    northside: Site
    chairs: dict[int, list[Chair]]

    @property
    def all(self) -> tuple[Site, Site]:
        """Both, the larger first."""
        return self.riverside, self.northside


def minutes(clock: str) -> int:
    """`09:30` as minutes of the day."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def build_sites(session: Session, calendar: Calendar) -> Places:
    """Add both sites, their chairs, hours, closures and the holidays on which Riverside works."""
    riverside = _site("RV", "Riverside", "48 Mill Lane, Ashford Falls, MA 01999", "+14135550100", 0)
    northside = _site("NS", "Northside", "7 Orchard Street, Ashford Falls, MA 01999", "+14135550101", 10)
    session.add_all([riverside, northside])
    session.flush()
    week = [(day, "08:00", "18:00") for day in WEEKDAYS]
    _hours(session, riverside, [*week, (SATURDAY, "08:00", "16:00"), (SUNDAY, "09:00", "15:00")])
    halves = (("08:00", "12:30"), ("13:00", "17:30"))
    _hours(session, northside, [(day, *half) for day in WEEKDAYS for half in halves])
    chairs = {
        riverside.id: _chairs(session, riverside, ["chair", "chair", "chair", "chair", "bed"]),
        northside.id: _chairs(session, northside, ["chair", "chair", "room"]),
    }
    places = Places(riverside, northside, chairs)
    _closures(session, calendar, places)
    _minor_holidays(session, calendar, riverside)
    return places


def _site(code: str, name: str, address: str, phone: str, turnover: int) -> Site:
    return Site(
        code=code,
        name=name,
        discreet_name=f"{name} Clinic",
        tz=TZ,
        country=COUNTRY,
        region=REGION,
        address=address,
        phone=phone,
        from_email=f"appointments@{name.lower()}.example",
        date_order="mdy",
        clock24=False,
        weight_unit="kg",
        turnover_minutes=turnover,
        soft_load_pct=80,
    )


def _hours(session: Session, site: Site, rows: Hours) -> None:
    session.add_all(
        OpeningHours(site_id=site.id, weekday=day, from_minute=minutes(opens), to_minute=minutes(closes))
        for day, opens, closes in rows
    )
    session.flush()


def _chairs(session: Session, site: Site, kinds: Sequence[str]) -> list[Chair]:
    chairs = [
        Chair(site_id=site.id, name=f"{kind.capitalize()} {number}", chair_type=kind, position=number)
        for number, kind in enumerate(kinds, 1)
    ]
    session.add_all(chairs)
    session.flush()
    return chairs


def _closures(session: Session, calendar: Calendar, places: Places) -> None:
    river, north = places.riverside, places.northside
    rows = [
        (north, None, calendar.workday(-24), "08:00", "12:30", "Water main repair"),
        (river, places.chairs[river.id][3], calendar.workday(-9), "08:00", "18:00", "Upholstery"),
        (river, places.chairs[river.id][4], calendar.today, "08:00", "12:00", "Pump service"),
        (north, places.chairs[north.id][1], calendar.workday(6), "13:00", "17:30", "Pump service"),
        (north, None, calendar.workday(16), "13:00", "17:30", "Staff training"),
    ]
    session.add_all(
        Closure(
            site_id=site.id,
            chair_id=chair.id if chair else None,
            starts_at=at(day, minutes(begin)),
            ends_at=at(day, minutes(end)),
            reason=reason,
        )
        for site, chair, day, begin, end, reason in rows
    )
    session.flush()


def _minor_holidays(session: Session, calendar: Calendar, site: Site) -> None:
    """Like many clinics, Riverside works on all public holidays but the great ones.

    Should today be one of those, it works as well: a demo shows a day at work.
    """
    first = calendar.day(-OPENED_DAYS_AGO)
    found = holiday_name_by_day(COUNTRY, REGION, first, first + timedelta(days=2 * 365))
    session.add_all(
        HolidayOpening(site_id=site.id, day=day)
        for day, name in found.items()
        if day == calendar.today or not name.startswith(STAYS_SHUT)
    )
    session.flush()
