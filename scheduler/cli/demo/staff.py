"""The people of the roster as rows: who of them signs in, when they work, and the days that differ.

Somebody is away next week and another one helps out, somebody was ill, somebody is at a training.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from scheduler.cli.demo.days import Calendar
from scheduler.cli.demo.roster import PEOPLE, THU, TUE, WED
from scheduler.cli.demo.sites import Places, minutes
from scheduler.models import Duty, DutyException, DutyPattern, Role, User, UserRole

NO_PASSWORD = "!"  # noqa: S105 - no hash at all, so that no password fits


@dataclass(frozen=True)
class Staff:
    """The people by the beginning of their address."""

    by_box: dict[str, User]

    def of(self, role: Role, site_id: int) -> list[User]:
        """Everybody of a role who usually works at a site, in order."""
        return [user for user in self.by_box.values() if role in user.role_set and user.site_id == site_id]


def address(box: str) -> str:
    """What a member of staff signs in with."""
    return f"{box}@sixfold.example"


def build_staff(session: Session, calendar: Calendar, places: Places, password_hash: str) -> Staff:
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
