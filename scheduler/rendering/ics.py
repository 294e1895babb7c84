"""Calendar files and invitations (MESSAGES.md sections 4 and 5).

A file to keep is METHOD:PUBLISH with an organizer and no attendee. An invitation is one visit for one
attendee: REQUEST the first time and for each new time, CANCEL when it is off, with the same UID, organizer
and attendee and a higher sequence, so that exactly one entry follows in the patient's calendar.

Times are written in UTC and told in local time in the text, because time zone definitions inside
a file are read one hour off by some programs. The library folds and escapes; this file never
builds a line by hand. Nothing is taken from the present: a revision always gives the same bytes,
and so a calendar program sees a change exactly when there is one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from icalendar import Calendar, Event
from icalendar.prop import vCalAddress

from scheduler.rendering import dates
from scheduler.rendering.discreet import discreet_line
from scheduler.rendering.facts import EventFacts, Locale
from scheduler.rendering.language import Language, load
from scheduler.rendering.mail import one_address
from scheduler.rendering.plain import one_line

PRODID = "-//Sixfold//Appointments//EN"
CONTENT_TYPE = "text/calendar; charset=utf-8"

Method = Literal["REQUEST", "CANCEL"]


def calendar_file(events: Sequence[EventFacts], name: str, locale: Locale, language_code: str) -> bytes:
    """Give one file with these events, earliest first; `name` is the calendar's, such as the clinic's."""
    language = load(language_code)
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", discreet_line(name, "The name of the calendar", language.banned))
    for facts in sorted(events, key=lambda event: (event.visit.starts_at, event.uid)):
        calendar.add_component(event_component(facts, locale, language))
    written: bytes = calendar.to_ical()
    return written


def invitation(facts: EventFacts, attendee: str, method: Method, locale: Locale, language_code: str) -> bytes:
    """Give one iTIP message about one visit for the one mail address `attendee`."""
    language = load(language_code)
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = event_component(facts, locale, language, "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    person = vCalAddress("mailto:" + one_address(attendee, "The patient's e-mail address"))
    person.params["CUTYPE"] = "INDIVIDUAL"
    person.params["ROLE"] = "REQ-PARTICIPANT"
    person.params["PARTSTAT"] = "NEEDS-ACTION"
    person.params["RSVP"] = "TRUE"
    event.add("attendee", person, encode=False)
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def file_name(count: int) -> str:
    """Name a download by the number of its events; the name tells nothing else."""
    return "appointment.ics" if count == 1 else "appointments.ics"


def event_component(
    facts: EventFacts, locale: Locale, language: Language, status: str = "CONFIRMED"
) -> Event:
    """Give one revision of a visit as a calendar entry, told in words."""
    visit = facts.visit
    discreet_line(visit.place_name, "The name of the place", language.banned)
    where = one_line(visit.where, "The address of the place")
    phone = one_line(visit.phone, "The phone number of the place")
    moment = dates.visit_moment(visit, locale, language)
    said = f"{moment}, {visit.detail}" if visit.detail else moment
    event = Event()
    event.add("uid", one_line(facts.uid, "The number of the calendar entry"))
    event.add("sequence", facts.sequence)
    event.add("dtstamp", _utc(facts.dtstamp))
    event.add("last-modified", _utc(facts.last_modified))
    event.add("dtstart", _utc(visit.starts_at))
    event.add("dtend", _utc(facts.ends_at))
    event.add("summary", language.say("appointment"))
    event.add("location", where)
    event.add("description", f"{said}\n{where}\n{language.say('phone')}: {phone}")
    event.add("organizer", vCalAddress("mailto:" + one_address(facts.organizer, "The organizer's address")))
    event.add("status", status)
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    return event


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("an instant must be aware")
    return value.astimezone(UTC).replace(microsecond=0)
