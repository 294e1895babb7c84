"""Make the words of a claimed text message, or find that it is one too many."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.outbox.actions.keep import keep
from scheduler.features.outbox.caps import cap_reached
from scheduler.features.outbox.contact.queries import choices
from scheduler.features.outbox.letter_links import answer_address
from scheduler.features.outbox.letters import Letter, NotToBeSent
from scheduler.features.outbox.text_letters import text_of
from scheduler.models import MessageStatus, Site
from scheduler.rendering.sms import fits


def write_text(session: Session, at: datetime, letter: Letter, base_url: str) -> bytes:
    """Give the text, made anew only where what it says has changed. Raises NotToBeSent above the caps."""
    message = letter.message
    if not choices(session, letter.patient.id).more_texts and (
        full := cap_reached(session, at, message, letter.tz)
    ):
        raise NotToBeSent(MessageStatus.SUPPRESSED, full)
    is_fresh = message.recipient == letter.address and message.facts.get("rendered_for") == letter.revision
    if message.body is None or not is_fresh:
        return _write(session, at, letter, base_url)
    return message.body


def _write(session: Session, at: datetime, letter: Letter, base_url: str) -> bytes:
    message = letter.message
    ids = {visit.site_id for visit in letter.visits}
    sites = {
        site.id: site for site in session.scalars(select(Site).where(Site.id.in_(ids)).order_by(Site.id))
    }
    text = text_of(letter, sites, answer_address(session, at, letter, base_url))
    body = text.encode("utf-8")
    told = letter.visits[0].starts_at.isoformat() if len(letter.visits) == 1 else None
    keep(
        session,
        message,
        body=body,
        segments=fits(text).segments,
        recipient=letter.address,
        rendered_at=at,
        provider_id=None,
        receipt=None,
        receipt_at=None,
        facts={"rendered_for": letter.revision, "told": told},
    )
    return body
