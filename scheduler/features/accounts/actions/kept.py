"""A form that was sent from a locked page is kept until its sender has opened the lock."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import NotFoundError
from scheduler.features.audit.actions import record
from scheduler.models import KeptForm

LASTS = timedelta(hours=12)
"""As long as a log-in at most: whoever comes back the next day types it anew."""
MOST = 10


def keep_form(session: Session, actor: Actor, at: datetime, path: str, page: str, body: bytes) -> None:
    """Keep the encrypted `body` that was sent to `path` from `page`; of one person's the newest ten stay."""
    session.add(KeptForm(user_id=actor.user_id, path=path, page=page, body=body, kept_at=at))
    session.flush()
    stays = (
        select(KeptForm.id).where(KeptForm.user_id == actor.user_id).order_by(KeptForm.id.desc()).limit(MOST)
    )
    mine = KeptForm.user_id == actor.user_id
    session.execute(delete(KeptForm).where(mine, KeptForm.id.not_in(list(session.scalars(stays)))))
    record(session, actor, at, "form.kept", "user", actor.user_id)


def take_form(session: Session, actor: Actor, at: datetime, form_id: int) -> KeptForm:
    """Take one's own kept form out, to send it or to throw it away. Raises NotFoundError."""
    found = session.scalar(select(KeptForm).where(KeptForm.id == form_id, KeptForm.user_id == actor.user_id))
    if found is None:
        raise NotFoundError("This form is not kept any more. Open the page it stood on and look.")
    session.delete(found)
    record(session, actor, at, "form.taken", "user", actor.user_id)
    return found


def forget_forms(session: Session, at: datetime, user_id: int | None = None) -> None:
    """Remove what is too old to be sent; with `user_id` all that this person has."""
    which = KeptForm.kept_at < at - LASTS if user_id is None else KeptForm.user_id == user_id
    session.execute(delete(KeptForm).where(which))
