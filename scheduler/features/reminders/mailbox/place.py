"""How far the mailbox was read, and by which worker it is being read."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.models import Mailbox

LEASE = timedelta(minutes=5)
"""Longer than a look at the mailbox may last (`channels.imap.TOTAL_S`)."""

AGAIN = timedelta(minutes=5)
"""After a failure: a log-in that is refused each minute locks an account."""


def take_mailbox(session: Session, at: datetime, worker: str, name: str) -> Mailbox | None:
    """The mailbox, to read from where it stands; None where another worker reads it or it is not time."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(
        insert(Mailbox).values(name=name, last_uid=0).on_conflict_do_nothing(index_elements=["name"])
    )
    row = session.scalar(select(Mailbox).where(Mailbox.name == name).with_for_update())
    if row is None or (row.lease_until is not None and row.lease_until > at):
        return None
    if row.error is not None and row.looked_at is not None and row.looked_at > at - AGAIN:
        return None
    row.lease_until, row.lease_by = at + LEASE, worker
    session.flush()
    return row


def begin_anew(session: Session, name: str, validity: int) -> None:
    """The mailbox numbers its mails anew: what was known of their numbers is void."""
    session.execute(
        update(Mailbox)
        .where(Mailbox.name == name, Mailbox.uid_validity.is_distinct_from(validity))
        .values(uid_validity=validity, last_uid=0)
    )


def move_on(session: Session, name: str, validity: int, uid: int) -> None:
    """All mails up to `uid` are dealt with."""
    session.execute(
        update(Mailbox)
        .where(Mailbox.name == name, Mailbox.uid_validity == validity, Mailbox.last_uid < uid)
        .values(last_uid=uid)
    )


def leave_mailbox(session: Session, at: datetime, worker: str, name: str, error: str | None) -> None:
    """Let go of the mailbox, and write whether it was read to its end."""
    values = {"looked_at": at, "error": error, "lease_until": None, "lease_by": None}
    session.execute(
        update(Mailbox)
        .where(Mailbox.name == name, Mailbox.lease_by == worker)
        .values(**values, **({} if error else {"read_at": at}))
    )
