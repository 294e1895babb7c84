"""From which day each part of a record may go. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.features.records.kinds import Rule
from scheduler.models import RecordKind


@dataclass(frozen=True)
class Facts:
    """What the days follow from. `last_log` None: nothing was ever charted."""

    born: date
    last_entry: datetime
    last_log: datetime | None


@dataclass(frozen=True)
class Days:
    """From when the chart may go, and from when the infusion logs (where there are none, the same day)."""

    chart: date
    logs: date


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def years_before(at: datetime, years: int) -> datetime:
    """The same moment so many years earlier; 29 February becomes 28 February where there is none."""
    try:
        return at.replace(year=at.year - years)
    except ValueError:
        return at.replace(year=at.year - years, day=28)


def days_of(facts: Facts, rules: Mapping[RecordKind, Rule], *, by_law: bool) -> Days:
    """The days by the clinic's own years, or with `by_law` by the years that the law asks for."""
    chart = _day(facts.last_entry, rules[RecordKind.CHART], facts.born, by_law)
    if facts.last_log is None:
        return Days(chart, chart)
    return Days(chart, max(chart, _day(facts.last_log, rules[RecordKind.LOGS], facts.born, by_law)))


def _day(last: datetime, rule: Rule, born: date, by_law: bool) -> date:
    kept = years_after(last.date(), rule.least if by_law else rule.years)
    return max(kept, years_after(born, rule.until_age)) if rule.until_age else kept
