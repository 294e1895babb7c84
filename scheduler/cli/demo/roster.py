"""Who works there, and their week. Breaks are staggered, so that a site is never without a nurse."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.cli.demo.sites import SATURDAY, SUNDAY, WEEKDAYS
from scheduler.models import Role

MON, TUE, WED, THU, FRI = WEEKDAYS
Stretch = tuple[Iterable[int], str, str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Person:
    """A member of staff: the beginning of the address, where they usually work and their week.

    `week` has (weekdays, from, to, breaks) by site code. `signs_in` tells whose log-in is printed.
    """

    box: str
    name: str
    role: Role
    home: str
    week: Mapping[str, Sequence[Stretch]] = field(default_factory=dict)
    signs_in: bool = False


FULL_WEEK = (MON, TUE, WED, THU, FRI)
PEOPLE = (
    Person("rosa", "Rosa Alvarez", Role.FRONT_DESK, "RV", signs_in=True),
    Person("tom", "Tom Whitfield", Role.FRONT_DESK, "NS"),
    Person(
        "priya",
        "Priya Nair",
        Role.NURSE,
        "RV",
        {"RV": [(FULL_WEEK, "08:00", "16:00", [("12:00", "12:30")])]},
        signs_in=True,
    ),
    Person(
        "tomasz",
        "Tomasz Zieliński",
        Role.NURSE,
        "RV",
        {"RV": [(FULL_WEEK, "10:00", "18:00", [("14:00", "14:30")])]},
    ),
    Person(
        "adaeze",
        "Adaeze Okonkwo",
        Role.NURSE,
        "RV",
        {"RV": [((MON, TUE, THU, FRI), "08:00", "18:00", [("11:20", "11:50"), ("15:30", "15:50")])]},
    ),
    Person(
        "mateo",
        "Mateo Fuentes",
        Role.NURSE,
        "RV",
        {
            "RV": [
                ((MON, WED), "08:00", "18:00", [("13:00", "13:30"), ("16:30", "16:50")]),
                ((SATURDAY,), "08:00", "16:00", [("11:30", "12:00")]),
                ((SUNDAY,), "09:00", "15:00", [("11:30", "12:00")]),
            ]
        },
    ),
    Person(
        "hana",
        "Hana Kim",
        Role.NURSE,
        "NS",
        {"NS": [(FULL_WEEK, "08:00", "17:30", [("12:30", "13:00")])]},
    ),
    Person(
        "leila",
        "Leïla Haddad",
        Role.NURSE,
        "NS",
        {"NS": [((MON, TUE, WED, THU), "08:00", "17:30", [("12:30", "13:00")])]},
    ),
    Person(
        "jonas",
        "Jonas Berg",
        Role.NURSE,
        "NS",
        {
            "NS": [((FRI,), "08:00", "17:30", [("12:30", "13:00")])],
            "RV": [
                ((TUE,), "09:00", "17:00", [("13:00", "13:30")]),
                ((SATURDAY,), "08:00", "16:00", [("12:30", "13:00")]),
                ((SUNDAY,), "09:00", "15:00", [("12:30", "13:00")]),
            ],
        },
    ),
    Person(
        "helen",
        "Dr Helen Marsh",
        Role.CLINICIAN,
        "RV",
        {"RV": [((MON, TUE, WED, THU), "08:00", "18:00", [])]},
        signs_in=True,
    ),
    Person(
        "samuel",
        "Dr Samuel Osei",
        Role.CLINICIAN,
        "RV",
        {
            "RV": [
                ((FRI,), "08:00", "18:00", []),
                ((SATURDAY,), "08:00", "16:00", []),
                ((SUNDAY,), "09:00", "15:00", []),
            ]
        },
    ),
    Person(
        "ingrid",
        "Dr Ingrid Solberg",
        Role.CLINICIAN,
        "NS",
        {"NS": [((MON, TUE, THU, FRI), "08:00", "17:30", []), ((WED,), "08:00", "15:30", [])]},
    ),
    Person("clara", "Clara Brandt", Role.ADMINISTRATOR, "RV", signs_in=True),
)
