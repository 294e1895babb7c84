"""From the address of the list to its filters. What makes no sense there is left out."""

from collections.abc import Mapping
from datetime import date

from scheduler.features.outbox.queries import GROUPS, Filters
from scheduler.models import Purpose

LONGEST_NAME = 80
MOST_PAGES = 10_000


def read_filters(args: Mapping[str, str]) -> tuple[Filters, dict[str, str]]:
    """Give the filters, and a sentence for each field that can't be read."""
    errors: dict[str, str] = {}
    day = None
    if args.get("day"):
        day = _day(args["day"])
        if day is None:
            errors["day"] = "Write the day as 2026-05-15, or choose it."
    patient = "".join(char for char in args.get("patient", "") if char.isprintable()).strip()[:LONGEST_NAME]
    page = args.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1
    return (
        Filters(
            group=args["state"] if args.get("state") in GROUPS else "",
            purpose=Purpose(args["purpose"]) if args.get("purpose") in set(Purpose) else None,
            day=day,
            patient=patient,
            page=min(max(number, 1), MOST_PAGES),
        ),
        errors,
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None
