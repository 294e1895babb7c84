"""From the address of the list to its filters. What makes no sense there is left out."""

from collections.abc import Mapping
from datetime import date

from werkzeug.datastructures import MultiDict

from scheduler.features.outbox.queries import GROUPS, Filters
from scheduler.models import Channel, Purpose

LONGEST_NAME = 80
MOST_PAGES = 10_000
MOST_AT_ONCE = 200


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
            channel=Channel(args["channel"]) if args.get("channel") in set(Channel) else None,
            day=day,
            patient=patient,
            page=min(max(number, 1), MOST_PAGES),
        ),
        errors,
    )


def read_ids(form: MultiDict[str, str]) -> list[int]:
    """The messages that were ticked, or with `which=all` all of the page; what is no number is left out."""
    ticked = form.getlist("shown" if form.get("which") == "all" else "message")
    return sorted(
        {int(text) for text in ticked[:MOST_AT_ONCE] if text.isascii() and text.isdigit() and len(text) < 10}
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2200 else None
