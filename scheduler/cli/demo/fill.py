"""Fill an empty database with the demo clinic."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import COMMAND
from scheduler.cli.demo.alerts import alert
from scheduler.cli.demo.answers import answer
from scheduler.cli.demo.charts import chart
from scheduler.cli.demo.cognition import do_tasks
from scheduler.cli.demo.consents import consent
from scheduler.cli.demo.courses import Bookings
from scheduler.cli.demo.days import Calendar
from scheduler.cli.demo.emergencies import open_in_emergency
from scheduler.cli.demo.letters import ask_for_calls, mail_came_back, patients_write
from scheduler.cli.demo.loose_ends import put_on_hold
from scheduler.cli.demo.messages import History
from scheduler.cli.demo.mishaps import Mishaps
from scheduler.cli.demo.own_pages import open_pages
from scheduler.cli.demo.patients import build_patients
from scheduler.cli.demo.ratings import rate
from scheduler.cli.demo.records import keep_records
from scheduler.cli.demo.requests import ask_for_consultations
from scheduler.cli.demo.screenings import screen
from scheduler.cli.demo.sign_offs import sign_off
from scheduler.cli.demo.sites import build_sites
from scheduler.cli.demo.staff import Staff, build_staff
from scheduler.cli.demo.states import settle
from scheduler.cli.demo.visitors import visitors
from scheduler.cli.demo.waiting import let_wait
from scheduler.cli.demo.wishes import choose_ways
from scheduler.db import Database
from scheduler.db.locks import lock_days
from scheduler.features.accounts.demo_logins import DEMO_PASSWORD
from scheduler.features.accounts.passwords import STRONG, Hasher
from scheduler.features.capacity.presets import install_presets
from scheduler.features.courses.preparation.clinic_list import install_list
from scheduler.models import Channel, Patient, ReminderRule, Site, User

REMIND = ((Channel.EMAIL, 3), (Channel.EMAIL, 1), (Channel.SMS, 1))
"""Steiner 2018 (CLINICAL.md, section 6): 4.4 % missed with both days, 5.8 % and 5.3 % with one. By text on
one day alone: two for each of three visits a week would be above what may be sent without more consent."""

NO_SITES_DAY = [(0, date.min)]
"""A day lock that nobody else takes: of two fills at once, the second sees what the first has written."""


def fill_once(
    database: Database,
    now: datetime,
    seed: int,
    address: str,
    hasher: Hasher = STRONG,
    tell: Callable[[str], None] = lambda _: None,
) -> bool:
    """Make the clinic in one transaction if there is no site, staff or patient yet; whether it was made.

    `address` is where its pages lie, for the links in what it sent. `tell` gets a sentence before the seconds
    that it takes. What booking keeps of the capacity it keeps by pool of connections, and this transaction
    changes capacity and may be undone: so it has a pool of its own.
    """
    own = Database(database.url)
    try:
        return _fill_once(own, now, seed, address, hasher, tell)
    finally:
        own.dispose()


def _fill_once(
    database: Database,
    now: datetime,
    seed: int,
    address: str,
    hasher: Hasher,
    tell: Callable[[str], None],
) -> bool:
    with database.write() as session:
        lock_days(session, NO_SITES_DAY)
        if any(session.scalar(select(column).limit(1)) for column in (Site.id, User.id, Patient.id)):
            return False
        tell("Making the demo clinic. This takes a few seconds.")
        with _nothing_thrown_away():
            fill(session, now, seed, address, hasher)
        return True


@contextmanager
def _nothing_thrown_away() -> Iterator[None]:
    """Thousands of rows stay to the end: looking again and again for some that could go costs a tenth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def fill(session: Session, now: datetime, seed: int, address: str, hasher: Hasher) -> None:
    """Write the clinic of this seed as it stands at `now` (aware), its pages at `address`.

    The order is that of the clinic's life: who works there and who comes; what they book and what confirms
    it; what goes otherwise; what has happened by now; what was rated and sent on the way.
    """
    calendar = Calendar(now)
    places = build_sites(session, calendar)
    staff = build_staff(session, calendar, places, hasher.hash(DEMO_PASSWORD))
    protocols = install_presets(session, COMMAND, calendar.opened)
    install_list(session, COMMAND, calendar.opened)
    session.add_all(ReminderRule(channel=channel, days_before=days) for channel, days in REMIND)
    session.flush()
    people = visitors(calendar, seed)
    patients = build_patients(session, COMMAND, calendar, seed, places, people)
    choose_ways(session, COMMAND, seed, patients)
    bookings = Bookings(session, calendar, seed, staff, protocols)
    bookings.book_all(people, patients)
    session.expire_all()
    history = History(session, calendar, seed, address)
    history.confirm()
    Mishaps(session, calendar, seed, bookings.diary, staff).happen()
    session.expire_all()
    settle(session, calendar, seed, staff)
    _tell_and_chart(session, calendar, seed, staff)
    history.remind()
    put_on_hold(session, calendar, seed, staff)
    mail_came_back(session, seed, history.delivery)
    patients_write(session, calendar, seed, history.delivery)
    history.answer()
    ask_for_calls(session, calendar)
    let_wait(session, calendar, seed, staff)
    _take_in(session, calendar, seed, staff, address)
    _look_after(session, calendar, seed, staff)


def _look_after(session: Session, calendar: Calendar, seed: int, staff: Staff) -> None:
    """What was signed, what is kept for long, and whose chart was opened in an emergency."""
    sign_off(session, calendar, seed, staff)
    keep_records(session, calendar, seed, staff)
    open_in_emergency(session, calendar, seed, staff)


def _take_in(session: Session, calendar: Calendar, seed: int, staff: Staff, address: str) -> None:
    """Who asked for a consultation, and what clinicians asked them and the patients, and what was signed."""
    ask_for_consultations(session, calendar, seed, staff, address)
    open_pages(session, calendar, seed)
    screen(session, calendar, seed, staff)
    consent(session, calendar, seed)


def _tell_and_chart(session: Session, calendar: Calendar, seed: int, staff: Staff) -> None:
    """What patients and nurses wrote down of the visits so far, and what it asked a clinician for."""
    answer(session, calendar, seed)
    rate(session, calendar, seed, staff)
    do_tasks(session, calendar, seed)
    chart(session, calendar, seed, staff)
    alert(session, calendar, seed, staff)
