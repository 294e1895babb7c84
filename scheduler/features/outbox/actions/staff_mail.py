"""Mail to the staff: a test of the clinic's own words, the morning digest, what concerns their account.

It goes by the same outbox, with the same tries and the same record, but there is no visit to look at again
and no consent to ask for: the facts hold the subject and the text as they are read.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import RuleError
from scheduler.features.audit.actions import record
from scheduler.features.outbox.account_links import LINK, account_address
from scheduler.features.outbox.letters import NotToBeSent
from scheduler.models import Channel, Message, MessageStatus, Purpose, Site, User
from scheduler.rendering import mail, text
from scheduler.rendering.facts import ClinicFacts

USEFUL_FOR = timedelta(hours=1)
LANGUAGE = "en"
"""The language of the staff's pages."""


def enqueue_for_staff(
    session: Session,
    at: datetime,
    *,
    purpose: Purpose,
    user_id: int,
    dedupe_key: str,
    subject: str,
    body: str,
    expires_at: datetime | None = None,
    link_id: int | None = None,
) -> Message:
    """Add one mail to a member of staff, or give the one that was written under the same key.

    `link_id` is an account link whose address takes the place of {link} when the mail is written.
    """
    domain = _site(session, user_id).from_email.rpartition("@")[2]
    number = hashlib.sha256(f"{user_id}:{dedupe_key}".encode()).hexdigest()[:32]
    values = {
        "dedupe_key": dedupe_key,
        "purpose": purpose,
        "channel": Channel.EMAIL,
        "status": MessageStatus.QUEUED,
        "user_id": user_id,
        "language": LANGUAGE,
        "facts": {"subject": subject, "text": body, **({"link_id": link_id} if link_id else {})},
        "message_id": f"<{number}@{domain}>",
        "created_at": at,
        "due_at": at,
        "expires_at": expires_at,
        "attempts": 0,
        "fence": 0,
        "next_attempt_at": at,
    }
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(Message).values(**values).on_conflict_do_nothing(index_elements=["dedupe_key"]))
    return session.scalars(select(Message).where(Message.dedupe_key == dedupe_key)).one()


def send_test(session: Session, actor: Actor, at: datetime, subject: str, body: str) -> None:
    """Send words to whoever asks, as a patient would read them. Raises RuleError for the program itself."""
    if actor.user_id is None:
        raise RuleError("Only somebody who is signed in can get a test.")
    enqueue_for_staff(
        session,
        at,
        purpose=Purpose.TEST,
        user_id=actor.user_id,
        dedupe_key=f"test:user:{actor.user_id}:{at.isoformat()}",
        subject=subject,
        body=body,
        expires_at=at + USEFUL_FOR,
    )
    record(session, actor, at, "words.tested", "message")


def write_to_staff(session: Session, at: datetime, message: Message, base_url: str) -> tuple[bytes, str, str]:
    """The bytes, the sender and the recipient. Raises NotToBeSent for somebody who has left."""
    user = session.get_one(User, message.user_id)
    if user.disabled_at is not None:
        raise NotToBeSent(MessageStatus.SUPPRESSED, "The account is closed.")
    if message.expires_at is not None and message.expires_at <= at:
        raise NotToBeSent(MessageStatus.EXPIRED, "It could not be sent in time.")
    site = _site(session, user.id)
    recipient = mail.one_address(user.email, "The e-mail address of the account")
    if message.body is None or message.recipient != recipient:
        said = message.facts["text"]
        if "link_id" in message.facts:
            said = said.replace(LINK, account_address(session, at, message.facts["link_id"], base_url))
        words = text.to_staff(message.facts["subject"], said, site.discreet_name)
        clinic = ClinicFacts(site.discreet_name, site.from_email)
        message.body = mail.compose(
            words, clinic, recipient, message.message_id, message.created_at, message.language
        )
        message.subject, message.recipient, message.rendered_at = words.subject, recipient, at
        session.flush()
    return message.body or b"", mail.one_address(site.from_email, "The clinic's sender address"), recipient


def _site(session: Session, user_id: int) -> Site:
    """The site that the person works at, or the first: it lends its sender's name and address."""
    own = select(User.site_id).where(User.id == user_id).scalar_subquery()
    return session.scalars(select(Site).order_by(Site.id != func.coalesce(own, 0), Site.id).limit(1)).one()
