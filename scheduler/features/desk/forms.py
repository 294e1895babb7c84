"""Which site and which day are asked for, and how a call went."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from scheduler.errors import NotFoundError, RuleError
from scheduler.features.courses.actions.call import Call
from scheduler.models import Site

SEEN = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})")
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True)
class DayChoice:
    """The day to show. `error` is a sentence where `typed` is none; then the day is today."""

    day: date
    today: date
    typed: str
    error: str | None = None

    @property
    def before(self) -> date | None:
        """The day before, or None at the end of the calendar."""
        return self.day - timedelta(days=1) if self.day > EARLIEST else None

    @property
    def after(self) -> date | None:
        """The day after, or None at the end of the calendar."""
        return self.day + timedelta(days=1) if self.day < LATEST else None


def choose_site(sites: Sequence[Site], *wishes: object) -> Site:
    """The first of `wishes` (ids as numbers or text, or None) that is a site, else the first site.

    A wish that was typed into the address must be right: the first one raises NotFoundError where it is
    there and fits no site. Raises NotFoundError where there is no site at all.
    """
    if not sites:
        raise NotFoundError("The clinic has no site yet. An administrator adds one under Settings.")
    by_id = {str(site.id): site for site in sites}
    asked, *remembered = wishes
    if asked not in (None, ""):
        if str(asked) not in by_id:
            raise NotFoundError("There is no such site. Choose one from the list on Today.")
        return by_id[str(asked)]
    known = (by_id[str(wish)] for wish in remembered if str(wish) in by_id)
    return next(known, sites[0])


def choose_day(values: Mapping[str, str], site: Site, now: datetime) -> DayChoice:
    """The `day` of the address, written YYYY-MM-DD; today at the site where there is none."""
    today = now.astimezone(ZoneInfo(site.tz)).date()
    text = values.get("day", "").strip()
    if not text:
        return DayChoice(today, today, "")
    shown = text[:20]
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        wrong = f"“{shown}” is no day of the calendar. Choose one, or write it such as 2026-05-15."
        return DayChoice(today, today, shown, wrong)
    if not EARLIEST <= day <= LATEST:
        return DayChoice(today, today, shown, "Choose a day between the years 2000 and 2100.")
    return DayChoice(day, today, text)


@dataclass(frozen=True)
class CallForm:
    """How a call went: the visits by id in the schedule versions that were read out, those confirmed."""

    call: Call
    seen: Mapping[int, int]
    comes: frozenset[int]
    note: str


def parse_call(form: MultiDict[str, str]) -> CallForm:
    """Read call, seen ("12.1" each), comes and note. Raises RuleError for what can't be meant."""
    seen = [SEEN.fullmatch(text) for text in form.getlist("seen")]
    comes = form.getlist("comes")
    if form.get("call") not in set(Call) or not all(seen) or not set(comes) <= {m[1] for m in seen if m}:
        raise RuleError("This call could not be read. Open the list again and choose it there.")
    versions = {int(match[1]): int(match[2]) for match in seen if match}
    return CallForm(Call(form["call"]), versions, frozenset(map(int, comes)), form.get("note", ""))
