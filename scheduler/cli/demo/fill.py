"""Fill an empty database with the demo clinic."""

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import COMMAND
from scheduler.cli.demo.answers import answer
from scheduler.cli.demo.charts import chart
from scheduler.cli.demo.courses import Bookings
from scheduler.cli.demo.days import Calendar
from scheduler.cli.demo.loose_ends import put_on_hold
from scheduler.cli.demo.messages import History
from scheduler.cli.demo.mishaps import Mishaps
from scheduler.cli.demo.patients import build_patients
from scheduler.cli.demo.ratings import rate
from scheduler.cli.demo.sites import build_sites
from scheduler.cli.demo.staff import build_staff
from scheduler.cli.demo.states import settle
from scheduler.cli.demo.visitors import visitors
from scheduler.cli.demo.waiting import let_wait
from scheduler.db import Database
from scheduler.db.locks import lock_days
from scheduler.features.accounts.demo_logins import DEMO_PASSWORD
from scheduler.features.accounts.passwords import STRONG, Hasher
from scheduler.features.capacity.presets import install_presets
from scheduler.features.courses.preparation.clinic_list import install_list
from scheduler.models import Channel, Patient, ReminderRule, Site, User

REMIND_DAYS_BEFORE = (3, 1)
"""Steiner 2018 (CLINICAL.md, section 6): 4.4 % missed with both, 5.8 % and 5.3 % with one."""

NO_SITES_DAY = [(0, date.min)]
"""A day lock that nobody else takes: of two fills at once, the second sees what the first has written."""


def fill_once(
    database: Database,
    now: datetime,
    seed: int,
    hasher: Hasher = STRONG,
    tell: Callable[[str], None] = lambda _: None,
) -> bool:
    """Make the clinic in one transaction if there is no site, staff or patient yet; whether it was made.

    `tell` gets a sentence before the seconds that it takes. What booking keeps of the capacity it keeps by
    pool of connections, and this transaction changes capacity and may be undone: so it has a pool of its own.
    """
    own = Database(database.url)
    try:
        return _fill_once(own, now, seed, hasher, tell)
    finally:
        own.dispose()


def _fill_once(
    database: Database, now: datetime, seed: int, hasher: Hasher, tell: Callable[[str], None]
) -> bool:
    with database.write() as session:
        lock_days(session, NO_SITES_DAY)
        if any(session.scalar(select(column).limit(1)) for column in (Site.id, User.id, Patient.id)):
            return False
        tell("Making the demo clinic. This takes a few seconds.")
        fill(session, now, seed, hasher)
        return True


def fill(session: Session, now: datetime, seed: int, hasher: Hasher = STRONG) -> None:
    """Write the clinic of this seed as it stands at `now` (aware).

    The order is that of the clinic's life: who works there and who comes; what they book and what confirms
    it; what goes otherwise; what has happened by now; what was rated and sent on the way.
    """
    calendar = Calendar(now)
    places = build_sites(session, calendar)
    staff = build_staff(session, calendar, places, hasher.hash(DEMO_PASSWORD))
    protocols = install_presets(session, COMMAND, calendar.opened)
    install_list(session, COMMAND, calendar.opened)
    session.add_all(ReminderRule(channel=Channel.EMAIL, days_before=days) for days in REMIND_DAYS_BEFORE)
    session.flush()
    people = visitors(calendar, seed)
    patients = build_patients(session, COMMAND, calendar, seed, places, people)
    bookings = Bookings(session, calendar, seed, staff, protocols)
    bookings.book_all(people, patients)
    session.expire_all()
    history = History(session, calendar, seed)
    history.confirm()
    Mishaps(session, calendar, seed, bookings.diary, staff).happen()
    session.expire_all()
    settle(session, calendar, seed, staff)
    answer(session, calendar, seed)
    rate(session, calendar, seed, staff)
    chart(session, calendar, seed, staff)
    history.remind()
    put_on_hold(session, calendar, seed, staff)
    let_wait(session, calendar, seed, staff)
