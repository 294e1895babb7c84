"""What the message pages share: who may see whom a message went to (SECURITY.md, section 1)."""

from dataclasses import replace

from flask_login import current_user

from scheduler.features.outbox.queries import Filters
from scheduler.web import DESK


def knows_names() -> bool:
    """Whether the person looks after patients; administrators see record numbers alone."""
    return bool(DESK & current_user.roles)


def narrowed(filters: Filters) -> Filters:
    """The filters that hold for the person: who may see no name can't ask for one."""
    return filters if knows_names() else replace(filters, patient="")
