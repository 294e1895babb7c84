"""Feeds: calendars that other programs fetch again and again (MESSAGES.md section 5).

Nearly every fetch of a feed finds nearly all of its entries as they were. An entry's bytes follow from its
revision alone, so they are made once by the library and kept, and a feed is its frame with the kept bytes in
between: the same bytes, to the last one, that the library would write for the whole calendar.

Patients see what their invitations say. Staff see a title and the place, with a UID of its own for each feed:
whoever reads a chair's calendar must not learn the UID that a patient's invitation is answered by."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from icalendar import Calendar, Event

from scheduler.rendering.discreet import find_banned
from scheduler.rendering.errors import RenderError
from scheduler.rendering.facts import EventFacts, Locale
from scheduler.rendering.ics import PRODID, event_component
from scheduler.rendering.language import load
from scheduler.rendering.plain import is_one_line, one_line

KEPT_ENTRIES = 20_000
END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True)
class FeedEntry:
    """One revision of one entry. Without a `title` it says what an invitation says; with one, that and where.

    `busy` is false for what takes nobody's time, such as a count.
    """

    event: EventFacts
    locale: Locale
    language: str
    title: str = ""
    cancelled: bool = False
    busy: bool = True


def feed(entries: Iterable[FeedEntry], name: str, language_code: str) -> tuple[bytes, int]:
    """Give the feed, its entries in the order given, and how many had to be left out.

    An entry that can't be written, because a value in it is no clean line, is left out: the others stand.
    """
    frame = _frame(name, language_code)
    parts, left_out = [frame.removesuffix(END)], 0
    for entry in entries:
        try:
            parts.append(entry_bytes(entry))
        except (RenderError, ValueError, TypeError, KeyError):
            left_out += 1
    parts.append(END)
    return b"".join(parts), left_out


def whole_calendar(entries: Iterable[FeedEntry], name: str, language_code: str) -> bytes:
    """Give the same feed as the library writes it in one go: what `feed` is held against."""
    calendar = _calendar(name, language_code)
    for entry in entries:
        calendar.add_component(_component(entry))
    written: bytes = calendar.to_ical()
    return written


def single(entry: FeedEntry) -> bytes:
    """Give a calendar of this one entry without a method, as a calendar server keeps it."""
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    written: bytes = calendar.to_ical()
    return written.removesuffix(END) + entry_bytes(entry) + END


def staff_uid(audience: str, uid: str) -> str:
    """Give the UID under which the feed of `audience` shows a visit; nobody learns the visit's from it."""
    return f"{hashlib.sha256(f'{audience} {uid}'.encode()).hexdigest()[:32]}@sixfold"


def calendar_name(name: str, language_code: str) -> str:
    """Give the name if it may stand on a lock screen, else the plain word for appointments."""
    language = load(language_code)
    if is_one_line(name) and not find_banned(name, language.banned):
        return name
    return language.say("appointments")


@lru_cache(maxsize=KEPT_ENTRIES)
def entry_bytes(entry: FeedEntry) -> bytes:
    """Give one entry as it stands in a file. Raises RenderError for a value that is no clean line."""
    written: bytes = _component(entry).to_ical()
    return written


def _component(entry: FeedEntry) -> Event:
    status = "CANCELLED" if entry.cancelled else "CONFIRMED"
    event = event_component(entry.event, entry.locale, load(entry.language), status)
    if entry.title:
        event.pop("description")
        event.pop("summary")
        event.add("summary", one_line(entry.title, "The title of the entry"))
    if not entry.busy or entry.cancelled:
        event.pop("transp")
        event.add("transp", "TRANSPARENT")
    return event


@lru_cache(maxsize=1_000)
def _frame(name: str, language_code: str) -> bytes:
    written: bytes = _calendar(name, language_code).to_ical()
    return written


def _calendar(name: str, language_code: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", calendar_name(name, language_code))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return calendar
