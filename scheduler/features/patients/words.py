"""What is stored of a patient, in the words of the form: for the two values that two people saved."""

from collections.abc import Mapping, Sequence
from typing import Any

from scheduler.features.patients.data import Away, Window
from scheduler.features.patients.fields import LANGUAGES
from scheduler.features.patients.phones import show_phone
from scheduler.features.patients.times import ticks_of
from scheduler.web.filters import DAYS, day_year, minute_hm

LABELS = {
    "given_name": "Given name",
    "family_name": "Family name",
    "birth_date": "Birth date",
    "phone": "Phone",
    "email": "E-mail",
    "language": "Language of messages",
    "site_id": "Site",
    "record_number": "Record number",
    "time_zone": "Time zone",
    "guardian_name": "Parent or guardian",
    "windows": "Can come",
    "blackouts": "Away",
}
HALVES = {"a": "mornings", "p": "afternoons"}


def said(name: str, value: Any, sites: Mapping[str, str], country: str) -> str:
    """The value of one field as people read it; `sites` are names by id as text."""
    if name == "birth_date":
        return day_year(value)
    if name == "phone":
        return show_phone(value, country) or "none"
    if name == "windows":
        return windows_said(value)
    if name == "blackouts":
        return "; ".join(away_said(one) for one in value) or "never"
    if name == "site_id":
        return sites.get(str(value), "another site")
    return str(dict(LANGUAGES).get(value, value) or "none")


def windows_said(windows: Sequence[Window]) -> str:
    """`Mon, Tue 09:00 to 12:00, Wed mornings`, or `at any time`."""
    if not windows:
        return "at any time"
    ticks, exact = ticks_of(windows)
    parts = [(day, "") for day in range(7) if {f"{day}a", f"{day}p"} <= set(ticks)]
    parts += [
        (day, f" {HALVES[half]}")
        for day in range(7)
        for half in HALVES
        if f"{day}{half}" in ticks and (day, "") not in parts
    ]
    parts += [(one.weekday, f" {minute_hm(one.from_minute)} to {minute_hm(one.to_minute)}") for one in exact]
    return ", ".join(f"{DAYS[day]}{words}" for day, words in sorted(parts))


def away_said(away: Away) -> str:
    """`24 Dec 2026 to 2 Jan 2027, 08:00 to 12:00, travelling`."""
    words = day_year(away.first_day)
    if away.last_day != away.first_day:
        words += f" to {day_year(away.last_day)}"
    if away.from_minute is not None and away.to_minute is not None:
        words += f", {minute_hm(away.from_minute)} to {minute_hm(away.to_minute)}"
    return f"{words}, {away.note}" if away.note else words
