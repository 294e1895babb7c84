"""Who works there, when, and who of them signs in.

Seven nurses and three clinicians with weekly patterns, and days that differ: somebody is away next week and
another one helps out, somebody was ill. Breaks are staggered, so that a site is never without a nurse.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from scheduler.cli.demo.days import Calendar
from scheduler.cli.demo.sites import SATURDAY, SUNDAY, WEEKDAYS, Places, minutes
from scheduler.models import Duty, DutyException, DutyPattern, Role, User, UserRole

NO_PASSWORD = "!"  # noqa: S105 - no hash at all, so that no password fits
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
    week: dict[str, Sequence[Stretch]] = field(default_factory=dict)
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


@dataclass(frozen=True)
class Staff:
    """The people by the beginning of their address."""

    by_box: dict[str, User]

    def of(self, role: Role, site_id: int) -> list[User]:
        """Everybody of a role who usually works at a site, in order."""
        return [
            user for user in self.by_box.values() if role in user.role_set and user.site_id == site_id
        ]


def address(box: str) -> str:
    """What a member of staff signs in with."""
    return f"{box}@sixfold.example"


def build_staff(
    session: Session, calendar: Calendar, places: Places, password_hash: str
) -> Staff:
    """Add everybody with their roles and duty.

    The demo password (`password_hash`) opens the printed log-ins; nothing opens the others.
    """
    site_of = {site.code: site.id for site in places.all}
    users = {
        person.box: User(
            email=address(person.box),
            name=person.name,
            password_hash=password_hash if person.signs_in else NO_PASSWORD,
            site_id=site_of[person.home],
            is_demo=person.signs_in,
            created_at=calendar.opened,
            roles=[UserRole(role=person.role)],
        )
        for person in PEOPLE
    }
    session.add_all(users.values())
    session.flush()
    _patterns(session, calendar, site_of, users)
    _exceptions(session, calendar, places, users)
    return Staff(users)


def _patterns(session: Session, calendar: Calendar, site_of: dict[str, int], users: dict[str, User]) -> None:
    session.add_all(
        DutyPattern(
            user_id=users[person.box].id,
            site_id=site_of[code],
            duty=_duty(person.role),
            weekday=weekday,
            from_minute=minutes(begin),
            to_minute=minutes(end),
            breaks=[[minutes(a), minutes(b)] for a, b in breaks],
            valid_from=calendar.opened.date(),
        )
        for person in PEOPLE
        for code, stretches in person.week.items()
        for weekdays, begin, end, breaks in stretches
        for weekday in weekdays
    )
    session.flush()


def _exceptions(session: Session, calendar: Calendar, places: Places, users: dict[str, User]) -> None:
    """Adaeze has next week off and Mateo helps on two of her days; Hana was ill, Tomasz goes to a course."""
    away = [("adaeze", day, "Leave") for day in calendar.next_week() if day.weekday() != WED]
    away += [("hana", calendar.workday(-11), "Ill"), ("tomasz", calendar.workday(20), "Training")]
    session.add_all(
        DutyException(user_id=users[box].id, duty=Duty.NURSE, day=day, reason=reason)
        for box, day, reason in away
    )
    session.add_all(
        DutyException(
            user_id=users["mateo"].id,
            duty=Duty.NURSE,
            day=day,
            site_id=places.riverside.id,
            from_minute=minutes("09:00"),
            to_minute=minutes("17:00"),
            breaks=[[minutes("13:00"), minutes("13:30")]],
            reason="For Adaeze",
        )
        for day in calendar.next_week()
        if day.weekday() in (TUE, THU)
    )
    session.flush()


def _duty(role: Role) -> Duty:
    return Duty.NURSE if role is Role.NURSE else Duty.CLINICIAN
