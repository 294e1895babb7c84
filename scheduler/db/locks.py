"""Locks that order the writers of one site's day.

Twenty racers on bare exclusion constraints end in deadlock errors for a quarter of them, and nurse
capacity can't be a constraint at all. So whoever books, moves or frees visits takes the lock
of each day first, in one order, and reads what it relies on afterwards. They share the capacity while
they do; whoever changes the capacity itself has it alone, and so sees every visit that relied on it.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

CAPACITY = "(0, -1)"  # No site has the number 0.


def lock_days(session: Session, days: Iterable[tuple[int, date]]) -> None:
    """Hold the lock of every (site id, local day) until the transaction ends.

    SQLite needs nothing more: `write()` began IMMEDIATE and is alone.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    ordered = sorted(set(days))
    if not ordered:
        return
    session.execute(text(f"SELECT pg_advisory_xact_lock_shared{CAPACITY}"))
    values = ", ".join(f"({int(site)}, {day.toordinal()})" for site, day in ordered)
    wanted = f"(VALUES {values}) AS wanted (site, day) ORDER BY site, day"
    session.execute(text(f"SELECT pg_advisory_xact_lock(site, day) FROM {wanted}"))  # noqa: S608 - integers only


def lock_capacity(session: Session) -> None:
    """Have the capacity alone until the transaction ends: nobody books by the old one or changes it too.

    Comes before any other lock of the transaction.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text(f"SELECT pg_advisory_xact_lock{CAPACITY}"))


def lock_patient(session: Session, patient_id: int) -> None:
    """Order the bookings of one patient as well: two courses at two sites share no day lock."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SELECT pg_advisory_xact_lock(:patient)"), {"patient": patient_id})


def lock_words(session: Session, words: str) -> None:
    """Order whoever uses the same words, such as the tries to sign in to one account."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:words, 0))"), {"words": words})
