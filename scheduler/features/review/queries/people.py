"""Who did it, as a record names them: the id, which lasts, and the name as it was."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.features.review.canonical import Facts
from scheduler.models import User

Who = Callable[[int | None], Facts | None]


def people(session: Session) -> Who:
    """Looks a member of staff up by id; None for nobody (a patient's own answer, the program)."""
    names = {row.id: row.name for row in session.execute(select(User.id, User.name).order_by(User.id))}
    return lambda user_id: None if user_id is None else {"id": user_id, "name": names[user_id]}
