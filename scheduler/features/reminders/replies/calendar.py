"""Read what a calendar program answers to an invitation (RFC 5546, METHOD:REPLY and METHOD:COUNTER).

Programs differ in how they write it: Outlook writes MAILTO in capitals and the zone's Windows name, Gmail
adds X-NUM-GUESTS, Apple repeats the whole event, a secretary's program adds SENT-BY. What they have in common
is what counts: which entry (UID), which revision of it (SEQUENCE), who, and yes, no or perhaps (PARTSTAT).
Bytes from outside are never trusted to be a calendar: what cannot be read is no answer, and no error."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import unquote

from icalendar import Calendar, Event

METHODS = frozenset({"REPLY", "COUNTER"})
LONGEST = 1000


@dataclass(frozen=True)
class Voice:
    """One attendee of an answer: address, who wrote for them ("" for nobody), and what they say."""

    address: str
    sent_by: str
    said: str


@dataclass(frozen=True)
class Answer:
    """One answer. `voices` is nearly always one; `said_at` is the sender's own time of it, aware.

    `proposed` is the start that a COUNTER asks for: aware, or local to the clinic where it names no zone.
    """

    method: str
    uid: str
    sequence: int
    voices: tuple[Voice, ...]
    said_at: datetime | None
    comment: str
    proposed: datetime | None


def read_answer(content: bytes, charset: str = "utf-8") -> Answer | None:
    """The answer in the bytes of a calendar part; None where there is none to read."""
    try:
        return _read(_decoded(content, charset))
    except Exception:  # noqa: BLE001 - the parser raises many kinds on damaged input, and all mean the same
        return None


def address_of(value: str) -> str:
    """The bare address of a calendar user: `MAILTO:"Marta%40…"` and its like, in small letters."""
    text = value.strip().strip("\"'")
    if text[:7].lower() == "mailto:":
        text = unquote(text[7:])
    return clean(text.partition("?")[0], 254).strip("<>\"' ").lower()


def clean(text: str, most: int = LONGEST) -> str:
    """Text from outside as the database can hold it: no control characters, no halves of letters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    kept = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in whole)
    return kept.strip()[:most]


def _decoded(content: bytes, charset: str) -> str:
    try:
        return content.decode(charset, "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _read(text: str) -> Answer | None:
    calendar = Calendar.from_ical(text)
    method = str(calendar.get("METHOD", "")).strip().upper()
    event = next(iter(calendar.walk("VEVENT")), None)
    if method not in METHODS or not isinstance(event, Event):
        return None
    uid = clean(str(event.get("UID", "")), 255)
    voices = tuple(_voice(each) for each in _several(event.get("ATTENDEE")))
    if not uid or not voices:
        return None
    comments = "\n".join(str(each) for each in _several(event.get("COMMENT")))
    return Answer(
        method=method,
        uid=uid,
        sequence=int(event.get("SEQUENCE", 0)),
        voices=voices,
        said_at=_stamp(event),
        comment=clean(comments),
        proposed=_start(event) if method == "COUNTER" else None,
    )


def _voice(attendee: Any) -> Voice:
    params = getattr(attendee, "params", {})
    said = clean(str(params.get("PARTSTAT", "NEEDS-ACTION")), 40).upper()
    return Voice(address_of(str(attendee)), address_of(str(params.get("SENT-BY", ""))), said)


def _several(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _stamp(event: Event) -> datetime | None:
    found = getattr(event.get("DTSTAMP"), "dt", None)
    if not isinstance(found, datetime):
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _start(event: Event) -> datetime | None:
    found = getattr(event.get("DTSTART"), "dt", None)
    if isinstance(found, datetime):
        return found
    return datetime.combine(found, time()) if isinstance(found, date) else None
