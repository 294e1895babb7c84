"""What is written to somebody about their account: an invitation, a lost password, a reset."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError
from scheduler.features.accounts.actions.factors import reset_factors
from scheduler.features.accounts.actions.links import INVITED_FOR, LOST_FOR, has_had_enough, open_link
from scheduler.features.accounts.queries import user_by_email
from scheduler.features.audit.actions import record
from scheduler.features.outbox.actions.staff_mail import enqueue_for_staff
from scheduler.models import PasswordAsk, Purpose, User

AT_ONCE = 50
INVITED = """{name},

an account was made for you. Choose your password here, within 7 days:

{{link}}

Then sign in with this address, {email}."""
LOST = """{name},

somebody asked for a new password for your account, hopefully you. Choose it here, within one hour:

{{link}}

If it was not you, do nothing: your password stays as it is."""
RESET = """{name},

{by} has reset the second factor of your account. Your log-ins are ended; the next one sets it up anew.

If you did not ask for it, tell an administrator at once."""


def invite(session: Session, actor: Actor, at: datetime, user: User) -> None:
    """Send somebody a link to choose their password. Raises ConflictError for who can't use one."""
    if user.disabled_at is not None or user.is_demo:
        raise ConflictError(f"{user.name} can't be invited: the account is closed or of the demo.")
    _send_link(session, at, user, "invitation", INVITED_FOR, "Your account", INVITED)
    record(session, actor, at, "user.invited", "user", user.id)


def reset_second_factor(session: Session, actor: Actor, at: datetime, user: User) -> None:
    """Take away what somebody lost, and tell them. Raises ConflictError for one's own."""
    if user.id == actor.user_id:
        raise ConflictError("Change your own second factor under My settings.")
    reset_factors(session, actor, at, user)
    enqueue_for_staff(
        session,
        at,
        purpose=Purpose.ACCOUNT,
        user_id=user.id,
        dedupe_key=f"account:reset:{user.id}:{at.isoformat()}",
        subject="Your second factor was reset",
        body=RESET.format(name=user.name, by=actor.label),
    )


def answer_asks(session: Session, at: datetime) -> None:
    """Answer who lost a password: a link for whoever there is, three times an hour at most; all asks go."""
    asks = session.scalars(
        select(PasswordAsk).order_by(PasswordAsk.id).limit(AT_ONCE).with_for_update(skip_locked=True)
    )
    for ask in asks.all():
        user = user_by_email(session, ask.email)
        visitor = Actor(None, "visitor", ask.address)
        record(session, visitor, at, "password.asked", "user", user.id if user else None)
        fresh = at - ask.asked_at < LOST_FOR
        if user and fresh and not user.is_demo and not has_had_enough(session, at, user.id):
            _send_link(session, at, user, "lost", LOST_FOR, "A new password", LOST)
        session.delete(ask)
        session.flush()


def has_asks(session: Session) -> bool:
    """Whether anybody waits for an answer."""
    return session.scalar(select(PasswordAsk.id).limit(1)) is not None


def _send_link(
    session: Session, at: datetime, user: User, kind: str, lasts: timedelta, subject: str, words: str
) -> None:
    link = open_link(session, at, user.id, kind, lasts)
    enqueue_for_staff(
        session,
        at,
        purpose=Purpose.ACCOUNT,
        user_id=user.id,
        dedupe_key=f"account:link:{link.id}",
        subject=subject,
        body=words.format(name=user.name, email=user.email),
        expires_at=link.ends_at,
        link_id=link.id,
    )
