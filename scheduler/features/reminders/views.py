"""The reminders that are still to come."""

from datetime import timedelta

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.features.audit.actions import record
from scheduler.features.outbox.queries import counts
from scheduler.features.reminders.queries import planned_until
from scheduler.web import DESK, STAFF, access, current_actor, reading, writing

blueprint = Blueprint("reminders", __name__)

AHEAD = timedelta(days=7)
MOST = 200


@blueprint.get("/messages/planned")
@access(STAFF)
def planned() -> ResponseReturnValue:
    """What will go out within a week if nothing changes, the next one first."""
    now = clock.now()
    with reading() as session:
        found = planned_until(session, now, now + AHEAD)
        waiting = counts(session)
    with writing() as session:
        record(session, current_actor(), now, "reminders.read", "message", shown=len(found[:MOST]))
    return render_template(
        "reminders/planned.html",
        found=found[:MOST],
        total=len(found),
        counts=waiting,
        knows_names=bool(DESK & current_user.roles),
    )
