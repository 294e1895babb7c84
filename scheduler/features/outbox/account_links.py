"""Links by which a member of staff sets a password: made when the mail is written, like a patient's.

So the row that waits to be sent holds no secret, and a mail that is written anew, for another address, ends
the link in the one before.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.features.outbox.letters import NotToBeSent
from scheduler.models import AccountLink, MessageStatus
from scheduler.tokens import new_token, token_hash

LINK = "{link}"
"""Stands in the words of a mail where the address will be."""


def account_address(session: Session, at: datetime, link_id: int, base_url: str) -> str:
    """The whole address of a fresh link. Raises NotToBeSent where it was overtaken or its time is over."""
    link = session.get_one(AccountLink, link_id)
    if link.closed_at is not None or link.ends_at <= at:
        raise NotToBeSent(MessageStatus.VOID, "The link is no longer needed.")
    raw = new_token()
    link.token_hash = token_hash(raw)
    session.flush()
    return f"{base_url}/a/{raw}"
