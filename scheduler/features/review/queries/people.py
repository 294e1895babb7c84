"""Who did it, as a record names them: the id, which lasts, and the name as it was."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.models import User
from scheduler.rendering.canonical import Facts

_users = User.__table__
NAMES = select(_users.c.id, _users.c.name).order_by(_users.c.id)


class Who:
    """Looks a member of staff up by id."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._names = names

    def __call__(self, user_id: int | None) -> Facts | None:
        """The id and the name; None for nobody (a patient's own answer, the program)."""
        return None if user_id is None else {"id": user_id, "name": self._names[user_id]}

    def name(self, user_id: int) -> str:
        """The name alone."""
        return self._names[user_id]


def people(session: Session) -> Who:
    """All members of staff."""
    return Who({row.id: row.name for row in session.execute(NAMES)})
