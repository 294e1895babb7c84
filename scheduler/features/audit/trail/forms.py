"""From the address of the trail's page to its filters. What makes no sense there is said, and left out."""

from collections.abc import Mapping
from datetime import date

from scheduler.features.audit.trail.queries import NOBODY, Filters

LONGEST = 60


def read_filters(args: Mapping[str, str]) -> tuple[Filters, dict[str, str]]:
    """Give the filters, and a sentence for each field that can't be read."""
    errors: dict[str, str] = {}
    days = {name: _day(args.get(name, ""), name, errors) for name in ("from", "until")}
    first, last = days["from"], days["until"]
    if first and last and last < first:
        errors["until"] = "Write a day that is not before the first one."
        last = None
    who = args.get("who", "")
    return (
        Filters(
            who=NOBODY if who == NOBODY else str(_number(who) or ""),
            what=_words(args.get("what", "")),
            patient=_words(args.get("patient", "")),
            first=first,
            last=last,
            before=_number(args.get("before", "")),
        ),
        errors,
    )


def _words(text: str) -> str:
    return "".join(char for char in text if char.isprintable()).strip()[:LONGEST]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _day(text: str, name: str, errors: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 2000 <= day.year < 2200:
        errors[name] = "Write the day as 2026-05-15, or choose it."
        return None
    return day
