"""Which dates and which site a report covers."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.errors import NotFoundError
from scheduler.features.reports.cover import Cover
from scheduler.models import Site

WEEKS = 12
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
LONGEST = timedelta(days=3660)


def read_cover(values: Mapping[str, str], sites: Sequence[Site], now: datetime, weeks: int = WEEKS) -> Cover:
    """Read `site`, `from` and `until` of the address; by default all sites and the `weeks` to today.

    Today is the first site's. Raises NotFoundError where there is no site.
    """
    if not sites:
        raise NotFoundError("The clinic has no site yet. An administrator adds one under Settings.")
    today = now.astimezone(ZoneInfo(sites[0].tz)).date()
    first, last = today - timedelta(weeks=weeks) + timedelta(days=1), today
    typed = {"from": values.get("from", "").strip()[:20], "until": values.get("until", "").strip()[:20]}
    errors = {name: _wrong(text) for name, text in typed.items() if text and _day(text) is None}
    low, high = _day(typed["from"]) or first, _day(typed["until"]) or last
    if not errors and low > high:
        errors["until"] = "The last day lies before the first. Choose a later one."
    if not errors and high - low > LONGEST:
        errors["until"] = "A report covers ten years at most. Choose dates that are closer together."
    if not errors:
        first, last = low, high
    shown = {"from": typed["from"] or f"{first}", "until": typed["until"] or f"{last}"}
    chosen = tuple(site for site in sites if str(site.id) == values.get("site", ""))
    return Cover(first, last, chosen or tuple(sites), chosen[0].id if chosen else None, shown, errors, now)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def _wrong(text: str) -> str:
    return f"“{text}” is no day of the calendar. Choose one, or write it such as 2026-05-15."
