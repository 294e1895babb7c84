"""What the pages say of a request and of what happened to it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from scheduler.features.intake.steps import STEPS
from scheduler.models import RequestStatus
from scheduler.web.filters import day_hm, day_year

WAYS = {"in_person": "in person", "phone": "by phone", "video": "by video"}
SOURCES = {"page": "on the public page", "desk": "at the desk"}
LANGUAGES = {"en": "English", "es": "Spanish"}
TONES = {  # Tone and mark of the pill.
    RequestStatus.NEW: ("due", "circle"),
    RequestStatus.CONTACTED: ("now", "half"),
    RequestStatus.BOOKED: ("now", "calendar"),
    RequestStatus.SEEN: ("due", "half"),
    RequestStatus.SUITABLE: ("ok", "check"),
    RequestStatus.NOT_NOW: ("", "pause"),
    RequestStatus.REFERRED: ("", "arrow"),
    RequestStatus.CLOSED: ("gone", "cross"),
}
EVENTS = {
    "new": "Asked for a consultation",
    "contacted": "Contacted",
    "booked": "Consultation booked",
    "seen": "Consultation held",
    "suitable": "Decided: suitable",
    "not_now": "Decided: not now",
    "referred": "Decided: referred elsewhere",
    "closed": "Closed",
    "note": "Note",
    "tried": "Called, nobody answered",
    "planned": "What is next was changed",
    "edited": "Details were changed",
    "record": "Got a record",
    "moved": "Consultation moved",
    "cancelled": "Consultation cancelled",
    "stranded": "The time of the consultation no longer holds",
    "missed": "Did not come to the consultation",
}
"""What happened, by the step of the event; steps that other parts add and that read well stay as they are."""


def status_words(status: RequestStatus) -> str:
    """Where a request stands, in a word or two."""
    return STEPS[status].words


def event_words(step: str) -> str:
    """What happened, in a few words."""
    return EVENTS.get(step) or step.replace("_", " ").capitalize()


def detail_of(facts: Mapping[str, Any], tz: str) -> str:
    """What the facts of an event add to its words."""
    parts = []
    if facts.get("next"):
        due = facts.get("due")
        parts.append(f"{facts['next']}, by {day_year(date.fromisoformat(due))}" if due else facts["next"])
    if "owner" in facts:
        parts.append(f"{facts['owner']} looks after it" if facts["owner"] else "nobody looks after it")
    if facts.get("starts_at"):
        starts = datetime.fromisoformat(facts["starts_at"]).astimezone(ZoneInfo(tz))
        parts.append(day_hm(starts))
    return "; ".join(parts)
