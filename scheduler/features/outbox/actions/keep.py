"""Keep the bytes that were made for a message, and what they were made from.

One statement, put together once: writing the row by way of the loaded object takes ten times as long as the
database does, and this is done for each message that goes out.
"""

from typing import Any, cast

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session

from scheduler.models import Message

_MESSAGES = cast(Table, Message.__table__)
_KEEP = update(_MESSAGES).where(_MESSAGES.c.id == bindparam("_id"))


def keep(session: Session, message: Message, *, facts: dict[str, Any], **values: Any) -> None:
    """Write these columns of a claimed message, and `facts` beside those that it has.

    The loaded object stays as it was read: what was made is handed on, not read from it again.
    """
    row = {"_id": message.id, "facts": {**message.facts, **facts}, **values}
    session.connection().execute(_KEEP, row)
