"""Instants, weights and doses of a record as they are printed: on the site's wall clock, in its unit."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from scheduler.features.infusion_logs.domain.numbers import shown
from scheduler.features.infusion_logs.values import weight_text
from scheduler.rendering.canonical import instant

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Wall:
    """The clock on the wall of a site, and whether it weighs in pounds."""

    tz: str
    pounds: bool = False

    def local(self, text: str) -> datetime:
        """The wall time of an instant as a record writes it."""
        return instant(text).astimezone(ZoneInfo(self.tz))

    def time(self, text: str) -> str:
        """`10:30`; with its zone where that time came twice on that day."""
        local = self.local(text)
        twin = local.replace(fold=1 - local.fold)
        return f"{local:%H:%M %Z}" if twin.utcoffset() != local.utcoffset() else f"{local:%H:%M}"

    def on(self, text: str) -> str:
        """`4 May 2026, 18:20`."""
        return f"{said_day(self.local(text).date())}, {self.time(text)}"

    def moment(self, text: str) -> str:
        """`4 May 2026, 18:20 EDT`: a signature says its zone."""
        local = self.local(text)
        return f"{said_day(local.date())}, {local:%H:%M %Z}"

    def weight(self, grams: int) -> str:
        """`70.0 kg`, or pounds with the kilograms that were stored."""
        metric = f"{weight_text(grams, pounds=False)} kg"
        return f"{weight_text(grams, pounds=True)} lb ({metric})" if self.pounds else metric


def said_day(day: date | str) -> str:
    """`4 May 2026`."""
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}"


def short_day(day: str) -> str:
    """`Mon 4 May`."""
    found = date.fromisoformat(day)
    return f"{DAYS[found.weekday()]} {found.day} {MONTHS[found.month - 1]}"


def thousandth(value: int, decimals: int = 3) -> str:
    """`0.5` of 500 micrograms: milligrams of micrograms, without zeros behind."""
    return shown(Fraction(value, 1000), decimals)
