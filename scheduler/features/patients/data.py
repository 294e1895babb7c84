"""What is written about a patient, as one value that forms make and actions take."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, order=True)
class Window:
    """A stretch of a weekday (0 = Monday) in which a whole visit may lie, in local minutes of the day."""

    weekday: int
    from_minute: int
    to_minute: int


@dataclass(frozen=True)
class Away:
    """Days away, both ends included: whole days, or the same minutes of each."""

    first_day: date
    last_day: date
    from_minute: int | None = None
    to_minute: int | None = None
    note: str = ""


@dataclass(frozen=True)
class PatientData:
    """A whole patient, validated: `phone` is E.164, `email` normalised.

    Without a `record_number` a new patient gets the site's next one, and an old one keeps theirs.
    No window at all means that the patient can come at any time.
    """

    given_name: str
    family_name: str
    birth_date: date
    site_id: int
    phone: str | None = None
    email: str | None = None
    language: str = "en"
    time_zone: str | None = None
    guardian_name: str = ""
    record_number: str | None = None
    windows: tuple[Window, ...] = ()
    blackouts: tuple[Away, ...] = ()


@dataclass(frozen=True)
class Clash:
    """What two people saved of one patient: who was first, and both values of each field that differs."""

    changed_by: str
    changed_at: datetime
    version: int
    theirs: Mapping[str, Any]
    mine: Mapping[str, Any]
