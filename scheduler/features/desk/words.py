"""What the pages of the desk say in sentences: when somebody can come, gaps, what was done by whom."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from scheduler.features.ratings.timing import Lack
from scheduler.models import AvailabilityWindow, Blackout, TimePoint

FULL_DAY = 1440
RATINGS = {TimePoint.PRE: "before", TimePoint.POST_2H: "2 hours after"}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day_title(day: date) -> str:
    """`Tuesday 5 May`, the title of a day's page."""
    return f"{day:%A} {day.day} {day:%B}"


def clock(minute: int) -> str:
    """Minutes of the day to `09:30`; 1440 is `24:00`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def day_year(day: date) -> str:
    """`15 May 2026`."""
    return f"{day.day} {day:%b} {day.year}"


def relative_day(day: date, today: date) -> str:
    """`today`, `tomorrow`, `yesterday`, `in 3 days`, `12 days ago`."""
    distance = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if distance in near:
        return near[distance]
    return f"in {distance} days" if distance > 0 else f"{-distance} days ago"


def availability(windows: Iterable[AvailabilityWindow]) -> list[str]:
    """`Mon, Wed and Fri until 12:00`; days with the same hours stand together. No window at all: any time."""
    hours: dict[int, list[tuple[int, int]]] = {}
    for window in windows:
        hours.setdefault(window.weekday, []).append((window.from_minute, window.to_minute))
    if not hours:
        return ["At any time the clinic is open"]
    days_of: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for weekday in sorted(hours):
        days_of.setdefault(_joined(hours[weekday]), []).append(weekday)
    return [f"{_listed(days)} {_spans(spans)}" for spans, days in days_of.items()]


def blackout(row: Blackout) -> str:
    """`3 to 9 August 2026`, `4 May 2026, 08:00 to 12:00`, with the note after a colon."""
    text = period(row.first_day, row.last_day)
    if row.from_minute is not None and row.to_minute is not None:
        each = "" if row.first_day == row.last_day else " each day"
        text += f", {clock(row.from_minute)} to {clock(row.to_minute)}{each}"
    return f"{text}: {row.note}" if row.note else text


def period(first: date, last: date) -> str:
    """`4 May 2026`, `20 Apr to 4 May 2026`, `30 Dec 2026 to 2 Jan 2027`."""
    if first == last:
        return day_year(first)
    if first.year != last.year:
        return f"{day_year(first)} to {day_year(last)}"
    return f"{day_year(first).rsplit(' ', 1)[0]} to {day_year(last)}"


def days(count: int) -> str:
    """`1 day`, `4 days`."""
    return f"{count} day" if count == 1 else f"{count} days"


def counted(number: int, one: str) -> str:
    """`1 visit`, `6 visits`."""
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def lacking(lacks: Iterable[Lack]) -> str:
    """Which ratings wait: `Rating before is due.`, `Ratings before and 2 hours after are missing.`"""
    known = list(lacks)
    parts = []
    for is_over, state in ((True, "missing"), (False, "due")):
        names = [RATINGS[lack.point] for lack in known if lack.is_over is is_over]
        if names:
            subject, verb = ("Ratings", "are") if len(names) > 1 else ("Rating", "is")
            parts.append(f"{subject} {' and '.join(names)} {verb} {state}.")
    return " ".join(parts)


def lasting(length: timedelta) -> str:
    """`12 min`, `1 h`, `2 h 5 min`."""
    minutes = max(0, int(length.total_seconds()) // 60)
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )


def when(moment: datetime, today: date) -> str:
    """`10:42` today, `2 Nov, 10:42` in the same year, `2 Nov 2025, 10:42` otherwise. `moment` is local."""
    hour = f"{moment:%H:%M}"
    if moment.date() == today:
        return hour
    day = day_year(moment.date())
    return f"{day.rsplit(' ', 1)[0] if moment.year == today.year else day}, {hour}"


def _joined(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in order, those that touch made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def _spans(spans: Sequence[tuple[int, int]]) -> str:
    return " and ".join(_span(start, end) for start, end in spans)


def _span(start: int, end: int) -> str:
    if start == 0 and end == FULL_DAY:
        return "all day"
    if start == 0:
        return f"until {clock(end)}"
    if end == FULL_DAY:
        return f"from {clock(start)}"
    return f"{clock(start)} to {clock(end)}"


def _listed(weekdays: Sequence[int]) -> str:
    """`Mon`, `Mon and Wed`, `Mon, Wed and Fri`, `Mon to Fri`."""
    names = [WEEKDAYS[weekday] for weekday in weekdays]
    if len(names) > 2 and list(weekdays) == list(range(weekdays[0], weekdays[-1] + 1)):
        return f"{names[0]} to {names[-1]}"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
