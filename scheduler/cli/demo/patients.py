"""About 150 people: how to reach them, when they can come, and the days they are away.

Phone numbers come from 555-0100 to 555-0199, which are given to nobody; addresses from domains that
never exist. A few have no phone or no e-mail address, as in every clinic.
"""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.cli.demo.chance import pick, stream
from scheduler.cli.demo.days import Calendar
from scheduler.cli.demo.names import Name, mailbox, people
from scheduler.cli.demo.sites import SATURDAY, SUNDAY, WEEKDAYS, Places
from scheduler.cli.demo.visitors import Visitor
from scheduler.features.patients.actions.save import add_patient
from scheduler.features.patients.data import Away, PatientData, Window
from scheduler.models import Patient

AREA_CODES = ("413", "508", "617", "781", "857", "978")
MAIL_DOMAINS = ("example.org", "post.example", "mail.example")
WITHOUT_PHONE, WITHOUT_MAIL = 0.06, 0.06
SPANISH_WANTED = 0.6
YOUNGEST, OLDEST = 19, 78
Pattern = tuple[tuple[int, int, int], ...]


def _every(days: Sequence[int], begin: int, end: int) -> Pattern:
    return tuple((day, begin, end) for day in days)


WEEKLY: dict[str, tuple[int, Pattern]] = {  # name: (share, windows of weekday, from, to in local minutes)
    "any time": (30, ()),
    "any weekday": (12, _every(WEEKDAYS, 420, 1140)),
    "Tuesday to Saturday": (20, _every((1, 2, 3, 4, SATURDAY), 420, 1140)),
    "mornings": (9, _every((*WEEKDAYS, SATURDAY), 420, 780)),
    "afternoons": (8, _every(WEEKDAYS, 720, 1140)),
    "not on Tuesdays": (4, _every((0, 2, 3, 4, SATURDAY), 420, 1140)),
    "not on Tuesday mornings": (6, ((0, 420, 1140), (1, 720, 1140), *_every((2, 3, 4), 420, 1140))),
    "during school": (5, _every(WEEKDAYS, 540, 870)),
    "three mornings": (3, _every((0, 2, 4), 480, 780)),
    "late, and at weekends": (3, (*_every(WEEKDAYS, 900, 1140), *_every((SATURDAY, SUNDAY), 540, 960))),
}
TRIPS = ("Family visit", "Travel", "Work trip", "Moving house", "")
SHARE_AWAY, SHARE_ERRAND = 0.16, 0.07


def build_patients(
    session: Session, actor: Actor, calendar: Calendar, seed: int, places: Places, visitors: Sequence[Visitor]
) -> list[Patient]:
    """Add one patient for each visitor, in the order in which they first came."""
    chance = stream(seed, "patients")
    names = people(stream(seed, "names"), len(visitors))
    contacts = _Contacts(chance)
    return [
        add_patient(session, actor, visitor.came, _person(chance, contacts, calendar, places, visitor, name))
        for visitor, name in zip(visitors, names, strict=True)
    ]


class _Contacts:
    """Deals out each phone number and mail address once."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.numbers = [f"+1{area}55501{last:02d}" for area in AREA_CODES for last in range(2, 100)]
        chance.shuffle(self.numbers)
        self.boxes: set[str] = set()

    def phone(self) -> str | None:
        return None if self.chance.random() < WITHOUT_PHONE else self.numbers.pop()

    def email(self, name: Name) -> str | None:
        box = mailbox(name)
        while box in self.boxes:
            box += str(self.chance.randrange(2, 99))
        self.boxes.add(box)
        domain = self.chance.choice(MAIL_DOMAINS)
        return None if self.chance.random() < WITHOUT_MAIL else f"{box}@{domain}"


def _person(
    chance: Random, contacts: _Contacts, calendar: Calendar, places: Places, visitor: Visitor, name: Name
) -> PatientData:
    age_days = chance.triangular(YOUNGEST, OLDEST, 38) * 365.25
    usual = pick(chance, {key: share for key, (share, _) in WEEKLY.items()})
    pattern = WEEKLY["any time" if visitor.free else usual][1]
    wants_spanish = name.spanish and chance.random() < SPANISH_WANTED
    return PatientData(
        given_name=name.given,
        family_name=name.family,
        birth_date=calendar.today - timedelta(days=round(age_days)),
        site_id=(places.riverside if visitor.riverside else places.northside).id,
        phone=contacts.phone(),
        email=contacts.email(name),
        language="es" if wants_spanish else "en",
        time_zone="America/Chicago" if chance.random() < 0.01 else None,
        windows=tuple(Window(*row) for row in pattern),
        blackouts=() if visitor.free else tuple(_away(chance, calendar)),
    )


def _away(chance: Random, calendar: Calendar) -> list[Away]:
    """Some are away for days, some have an errand of two hours."""
    found = []
    if chance.random() < SHARE_AWAY:
        first = calendar.day(chance.randrange(-40, 50))
        last = first + timedelta(days=chance.randrange(1, 8))
        found.append(Away(first, last, note=chance.choice(TRIPS)))
    if chance.random() < SHARE_ERRAND:
        day = calendar.day(chance.randrange(-20, 30))
        begin = chance.randrange(9, 16) * 60
        found.append(Away(day, day, begin, begin + 120, note="Dentist"))
    return found
