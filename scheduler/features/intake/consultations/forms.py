"""What the forms of a consultation send, as values. Raises RuleError for what can't be meant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.errors import RuleError
from scheduler.features.intake.consultations.order import WAYS, Place

LONGEST_KEY = 80


@dataclass(frozen=True)
class Look:
    """Which times the page looks for: how it is held ("" as the person asked), and a day of its own."""

    way: str
    day: date | None
    error: str = ""


def parse_look(values: Mapping[str, str]) -> Look:
    """Read way and day; what can't be read is as if it were not there, a wrong day is said."""
    way = values.get("way", "")
    text = values.get("day", "").strip()
    way = way if way in WAYS else ""
    if not text:
        return Look(way, None)
    try:
        return Look(way, date.fromisoformat(text))
    except ValueError:
        return Look(way, None, "Choose a day, or leave it empty for the times that fit.")


def parse_place(values: Mapping[str, str]) -> Place:
    """Read slot ("3@2026-11-10T09:30:00-05:00") and way."""
    clinician, _, start = values.get("slot", "").partition("@")
    way = values.get("way", "")
    try:
        starts_at = datetime.fromisoformat(start)
        clinician_id = int(clinician) if clinician.isascii() and len(clinician) < 10 else 0
        if starts_at.tzinfo is None or not 1 <= starts_at.year - 2000 <= 200:
            raise ValueError
    except ValueError as error:
        raise RuleError("Choose one of the times.") from error
    if way not in WAYS:
        raise RuleError("Choose how the consultation is held.")
    return Place(clinician_id, starts_at, way)


def parse_key(values: Mapping[str, str]) -> str:
    """The key that the page was given, so that a second post of it books nothing more."""
    key = values.get("key", "")
    if not key or len(key) > LONGEST_KEY:
        raise RuleError("This page was not complete. Nothing was booked. Open it again.")
    return key


def parse_seen(values: Mapping[str, str]) -> int:
    """The version that the page showed; 0, which none has, for anything else."""
    text = values.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
