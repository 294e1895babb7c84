"""The facts a message or a calendar file is made of: plain values, frozen, already read from
the database. Instants are aware and in UTC; `tz` is the site's IANA zone, in which the patient
is told the time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

DateOrder = Literal["dmy", "mdy", "ymd"]


@dataclass(frozen=True)
class Locale:
    """How a site writes dates: the order of the parts, and a 24-hour or a 12-hour clock."""

    date_order: DateOrder = "dmy"
    clock24: bool = True


@dataclass(frozen=True)
class VisitFacts:
    """When and where one visit is, and which number to call about it.

    `link` is the page on which the patient answers, empty where no answer is asked for; `detail` is which
    visit it is, for patients who asked to be told; `how` stands for the place where nobody has to come.
    """

    starts_at: datetime
    tz: str
    place_name: str
    address: str
    phone: str
    link: str = ""
    detail: str = ""
    how: str = ""

    @property
    def where(self) -> str:
        """The place with its address, or how it is held instead."""
        return self.how or f"{self.place_name}, {self.address}"


@dataclass(frozen=True)
class ClinicFacts:
    """Who writes: a name that does not tell what the clinic treats, and the sender's address."""

    discreet_name: str
    from_address: str


@dataclass(frozen=True)
class EventFacts:
    """One revision of one calendar entry.

    `dtstamp` is the time of the revision and `last_modified` that of the record, both stored, so
    that the same revision gives the same bytes; `organizer` is the bare address stored with the visit.
    """

    uid: str
    sequence: int
    dtstamp: datetime
    last_modified: datetime
    ends_at: datetime
    organizer: str
    visit: VisitFacts


@dataclass(frozen=True)
class Words:
    """What a mail says: its subject, the line a mailbox shows beside it, and the two bodies."""

    subject: str
    preheader: str
    text: str
    html: str
