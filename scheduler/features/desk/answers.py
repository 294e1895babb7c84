"""What the patient has said of a visit and ticked for it, with where and when it was said."""

from datetime import date, datetime

from scheduler.features.courses.preparation.lists import Ready
from scheduler.features.desk.words import when

ANSWERS = {"confirmed": "confirmed", "change_asked": "asks for another time"}
SOURCES = {
    "page": "on their own page",
    "text": "by text",
    "calendar": "in their calendar",
    "desk": "at the desk",
}
TICKED = {"patient": "by the patient", "desk": "at the desk"}


def answered(confirmation: str, source: str | None, at: datetime | None, today: date) -> str:
    """`Confirmed on their own page, 2 Nov, 10:42`; `at` is local to the site."""
    said = ANSWERS.get(confirmation, "not confirmed yet")
    place = SOURCES.get(source or "", "")
    told = " ".join(part for part in (said[:1].upper() + said[1:], place) if part)
    return f"{told}, {when(at, today)}" if at else told


def ticked(item: Ready, now: datetime) -> str:
    """`Ticked by the patient, 10:42`; `now` is local to the site."""
    if item.at is None:
        return "Not ticked yet"
    told = when(item.at.astimezone(now.tzinfo), now.date())
    return f"Ticked {TICKED[item.source or 'desk']}, {told}"
