"""Read the mailbox beside the tick: no message waits for a mail server.

Mails are taken in the order of their numbers, each in a transaction of its own together with the note of how
far we are. So a break at any point, ours or the server's, loses none; and a mail that is read twice, by two
workers or after a break, is known by its Message-ID. Answers of programs are then marked as seen; what a
person wrote stays unread, because people read this mailbox too.

The first look goes back three days and not through years of mail. A server that numbers its mails anew
is read again from three days before the last good look.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.orm import Session

from scheduler.channels.imap import Folder, ImapSettings, MailboxError, open_folder
from scheduler.db import Database
from scheduler.features.reminders.mailbox.mail import SortedMail, sort_mail
from scheduler.features.reminders.mailbox.place import begin_anew, leave_mailbox, move_on, take_mailbox
from scheduler.features.reminders.mailbox.take import BY_PROGRAMS, note_broken, take_mail
from scheduler.models import Mailbox

log = structlog.get_logger()

LOOK_SECONDS = 60
BACK = timedelta(days=3)
LONGEST_ROUND = timedelta(seconds=100)
TRIES = 3
BROKE = "What was read could not be written down. It is read again."


@dataclass
class Reader:
    """One worker's means: its database, the mailbox, its name, its clock."""

    database: Database
    settings: ImapSettings
    worker: str
    now: Callable[[], datetime]


def look(reader: Reader, is_stopping: Callable[[], bool] = lambda: False) -> None:
    """Read what is new. Never raises: it must look again."""
    name = reader.settings.name
    try:
        with reader.database.write() as session:
            place = take_mailbox(session, reader.now(), reader.worker, name)
        if place is None:
            return
        trouble = _read(reader, place, is_stopping)
        with reader.database.write() as session:
            leave_mailbox(session, reader.now(), reader.worker, name, trouble)
    except Exception:
        log.exception("mailbox_look_broke")


def _read(reader: Reader, place: Mailbox, is_stopping: Callable[[], bool]) -> str | None:
    """Take all that is new; what broke in words for staff, None where nothing did."""
    try:
        with open_folder(reader.settings) as folder:
            _take_new(reader, folder, place, is_stopping)
    except MailboxError as error:
        log.warning("mailbox_not_read", reason=error.sentence)
        return error.sentence
    except Exception:
        log.exception("mailbox_broke")
        return BROKE
    return None


def _take_new(reader: Reader, folder: Folder, place: Mailbox, is_stopping: Callable[[], bool]) -> None:
    last = place.last_uid
    if place.uid_validity != folder.validity or folder.validity == 0:
        last = 0
        with reader.database.write() as session:
            begin_anew(session, place.name, folder.validity)
    since = None if last else ((place.read_at or reader.now()) - BACK).date()
    end = reader.now() + LONGEST_ROUND
    for uid in folder.newer(last, since):
        if is_stopping() or reader.now() > end:
            return
        _take(reader, folder, place.name, uid)


def _take(reader: Reader, folder: Folder, name: str, uid: int) -> None:
    """One mail, with the note that we are past it."""
    fetched = folder.fetch(uid)
    if fetched is None:
        return
    mail = sort_mail(fetched.content)
    understood = _written_down(
        reader,
        lambda session: _with_place(
            session,
            partial(take_mail, at=reader.now(), mail=mail, is_whole=fetched.is_whole),
            name,
            folder,
            uid,
        ),
        lambda session: _with_place(
            session, partial(_give_up, at=reader.now(), mail=mail), name, folder, uid
        ),
    )
    log.info("mail_taken", uid=uid, understood=understood or "known")
    if understood in BY_PROGRAMS:
        with contextlib.suppress(MailboxError):  # A mailbox that we may only read is read all the same.
            folder.mark_seen(uid)


def _with_place(
    session: Session, work: Callable[[Session], str | None], name: str, folder: Folder, uid: int
) -> str | None:
    understood = work(session)
    move_on(session, name, folder.validity, uid)
    return understood


def _give_up(session: Session, at: datetime, mail: SortedMail) -> str | None:
    note_broken(session, at, mail)
    return None


def _written_down(
    reader: Reader, work: Callable[[Session], str | None], give_up: Callable[[Session], str | None]
) -> str | None:
    """Do the work, a few times where it must be; a mail that breaks each time is noted and left to people."""
    for _ in range(TRIES):
        try:
            return reader.database.attempt(work)
        except Exception:
            log.exception("mail_broke")
    return reader.database.attempt(give_up)
