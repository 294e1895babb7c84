"""The facts of a site as they are typed, on the page or at the terminal: one reader for each field.

A reader takes the text and what else was typed, gives the value, and raises RuleError with the sentence
that says what to write instead.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import holidays
from holidays import registry

from scheduler.clock import known_zones
from scheduler.errors import RuleError
from scheduler.features.accounts.actions.create_user import checked_email
from scheduler.features.capacity.actions.sites import SiteFacts
from scheduler.features.patients.phones import read_phone
from scheduler.features.patients.refused import Refused
from scheduler.models import Site
from scheduler.rendering.discreet import find_banned

Typed = Mapping[str, str]
Reader = Callable[[str, Typed], object]
ORDERS = (("dmy", "Day, month, year"), ("mdy", "Month, day, year"), ("ymd", "Year, month, day"))
CLOCKS = (("1", "24 hours"), ("0", "12 hours"))
UNITS = (("kg", "Kilograms"), ("lb", "Pounds"))
ISO = 2


@dataclass(frozen=True)
class Asked:
    """One fact: its field, its label, how it is read, and what is there before anybody writes."""

    name: str
    label: str
    read: Reader
    default: str = ""
    hint: str = ""


@lru_cache(maxsize=1)
def zones() -> tuple[tuple[str, str], ...]:
    """Time zones by name, for a select field."""
    names = sorted(name for name in known_zones() if "/" in name and not name.startswith("Etc/"))
    return tuple((name, name.replace("_", " ")) for name in ["UTC", *names])


@lru_cache(maxsize=1)
def countries() -> tuple[tuple[str, str], ...]:
    """Countries whose public holidays are known, by name."""
    known = holidays.list_supported_countries()
    named = (
        (next(code for code in codes if len(code) == ISO), key.replace("_", " ").title())
        for key, codes in registry.COUNTRIES.items()
        if any(code in known and len(code) == ISO for code in codes)
    )
    return tuple(sorted(named, key=lambda pair: pair[1]))


def line(what: str, longest: int) -> Reader:
    """A reader of one line of text that has to be there."""

    def read(text: str, _typed: Typed) -> str:
        found = " ".join(text.split())
        if not found:
            raise RuleError(f"{what} is missing. Write it here.")
        if len(found) > longest:
            raise RuleError(f"{what} is too long. Use at most {longest} characters.")
        return found

    return read


def number(least: int, most: int) -> Reader:
    """A reader of a whole number."""

    def read(text: str, _typed: Typed) -> int:
        plain = text.strip()
        found = int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= len(str(most)) else -1
        if not least <= found <= most:
            raise RuleError(f"Write a whole number from {least} to {most}.")
        return found

    return read


def one_of(choices: tuple[tuple[str, str], ...]) -> Reader:
    """A reader of one of a list."""

    def read(text: str, _typed: Typed) -> str:
        if text not in dict(choices):
            raise RuleError("Choose one of the list.")
        return text

    return read


def discreet(what: str, longest: int) -> Reader:
    """A reader of a line that stands in messages, where no word may tell what for."""

    def read(text: str, typed: Typed) -> str:
        found = str(line(what, longest)(text, typed))
        words = find_banned(found)
        if words:
            raise RuleError(
                f"“{words[0]}” tells what patients are treated for. Leave it out: messages show this."
            )
        return found

    return read


def read_code(text: str, _typed: Typed) -> str:
    """Two to six letters or digits, which record numbers begin with."""
    code = text.strip().upper()
    if not (code.isascii() and code.isalnum() and ISO <= len(code) <= 6):
        raise RuleError("Write two to six letters or digits, such as RV.")
    return code


def read_zone(text: str, _typed: Typed) -> str:
    """An IANA time zone."""
    wanted = text.strip().replace(" ", "_")
    if wanted not in dict(zones()):
        raise RuleError("Choose a time zone, such as America/New_York.")
    return wanted


def read_country(text: str, _typed: Typed) -> str:
    """A country by its two letters."""
    code = text.strip().upper()
    if code not in dict(countries()):
        raise RuleError("Choose a country by its two letters, such as US or DE.")
    return code


def read_region(text: str, typed: Typed) -> str | None:
    """A subdivision that has holidays of its own, or nothing."""
    region = text.strip().upper()
    known = holidays.list_supported_countries().get(typed.get("country", "").strip().upper(), [])
    if region and region not in known:
        says = (
            f"Write one of {', '.join(known)}, or nothing." if known else "Leave it empty for this country."
        )
        raise RuleError(says)
    return region or None


def read_site_phone(text: str, typed: Typed) -> str:
    """A phone number as people of the country write it."""
    try:
        found = read_phone(text, typed.get("country", "").strip().upper() or "US")
    except Refused as refused:
        raise RuleError(refused.sentence) from None
    if found is None:
        raise RuleError("The phone number is missing. Patients call it.")
    return found


def read_email(text: str, _typed: Typed) -> str:
    """The address that messages come from: an address like any other, and a discreet one."""
    found = checked_email(text)
    words = find_banned(found)
    if words:
        raise RuleError(f"“{words[0]}” tells what patients are treated for. Use another address.")
    return found


ASKED = (
    Asked("name", "Name", discreet("The name", 60), hint="As staff and patients call the place"),
    Asked("code", "Code", read_code, hint="Two to six letters; record numbers begin with it"),
    Asked("discreet_name", "Name in messages", discreet("The name in messages", 60),
          hint="Patients read it on a locked phone"),
    Asked("address", "Address", line("The address", 200)),
    Asked("country", "Country", read_country, "US", "Public holidays follow from it"),
    Asked("region", "State or region", read_region, hint="Its short name, such as MA or BY"),
    Asked("tz", "Time zone", read_zone, "America/New_York", "It decides days, gaps and all times shown"),
    Asked("phone", "Phone", read_site_phone, hint="Patients call it"),
    Asked("from_email", "Messages come from", read_email, hint="An address that your mail server may use"),
    Asked("date_order", "Dates", one_of(ORDERS), "mdy"),
    Asked("clock24", "Clock", one_of(CLOCKS), "0"),
    Asked("weight_unit", "Weight", one_of(UNITS), "kg"),
    Asked("turnover_minutes", "Minutes to make a chair ready", number(0, 120), "0",
          "The chair stays taken for them after each visit"),
    Asked("soft_load_pct", "Nurses are planned to", number(1, 100), "80",
          "Per cent of their attention up to which a time counts as calm"),
)  # fmt: skip
LABELS = {each.name: each.label for each in ASKED}


def read_site(typed: Typed) -> tuple[SiteFacts | None, dict[str, str]]:
    """The facts, or by field what is wrong."""
    values: dict[str, object] = {}
    errors: dict[str, str] = {}
    for each in ASKED:
        try:
            values[each.name] = each.read(typed.get(each.name, ""), typed)
        except RuleError as error:
            errors[each.name] = error.sentence
    if errors:
        return None, errors
    values["clock24"] = values["clock24"] == "1"
    return SiteFacts(**values), {}  # type: ignore[arg-type]


def typed_site(site: Site) -> dict[str, str]:
    """The site as its form shows it."""
    found = {each.name: str(getattr(site, each.name) or "") for each in ASKED}
    return {
        **found,
        "clock24": "1" if site.clock24 else "0",
        "turnover_minutes": str(site.turnover_minutes),
        "version": str(site.version),
    }
