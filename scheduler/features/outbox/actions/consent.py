"""Writing all choices of a patient at once, with what follows from them."""

from collections.abc import Set
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.actor import Actor
from scheduler.errors import ConflictError, RuleError
from scheduler.features.outbox.actions.invite import follow_detail, invite_to_rest
from scheduler.features.outbox.contact.actions import Source, choose
from scheduler.features.outbox.contact.queries import choices, newest_choice
from scheduler.models import Patient, Topic

INVITING = frozenset({Topic.EMAIL, Topic.INVITATIONS})
"""What an invitation needs: whoever allows the last of them is invited to what is still to come."""


def set_choices(
    session: Session,
    actor: Actor,
    at: datetime,
    patient_id: int,
    allowed: Set[Topic],
    source: Source,
    *,
    seen: int,
    note: str = "",
) -> list[Topic]:
    """Allow these topics and no others; gives those that changed.

    Who wants invitations from now on gets one for each visit still to come, and entries that are out follow
    what the patient wants them to say. Raises ConflictError where
    somebody chose after the form with `seen` was opened, RuleError for a note too long or about nothing.
    """
    patient = session.get_one(Patient, patient_id, with_for_update=True)
    if newest_choice(session, patient_id) != seen:
        raise ConflictError(
            "Something was changed here after you opened the page. Nothing was saved. Look at what holds "
            "now, then save what the patient said."
        )
    was = choices(session, patient_id)
    changed = [topic for topic in Topic if getattr(was, topic.value) is not (topic in allowed)]
    if note.strip() and not changed:
        raise RuleError("The note belongs to a choice that changes. Change one, or leave all as it is.")
    for topic in Topic:
        about = note if topic in changed else ""
        choose(session, actor, at, patient_id, topic, topic in allowed, source, about)
    if INVITING & set(changed) and allowed >= INVITING:
        invite_to_rest(session, at, patient)
    if Topic.DETAIL in changed:
        follow_detail(session, at, patient)
    return changed
