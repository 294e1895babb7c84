"""At the desk: send a patient the link to their own pages, and close them everywhere at once."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import RuleError
from scheduler.features.outbox.page_links import send_pages
from scheduler.features.portal.pages.closing import close_everywhere
from scheduler.web import DESK, access, attempt, current_actor

blueprint = Blueprint("pages_staff", __name__)


@blueprint.post("/patients/<int:patient_id>/pages")
@access(DESK)
def send(patient_id: int) -> ResponseReturnValue:
    """Send the link."""
    try:
        message = attempt(lambda s: send_pages(s, current_actor(), clock.now(), patient_id))
        by = "by mail" if message.channel.value == "email" else "by text"
        flash(f"The link to their own pages goes out {by}. It opens with the birth date.", "ok")
    except RuleError as error:
        flash(error.sentence, "stop")
    return redirect(url_for("desk.patient", patient_id=patient_id), 303)


@blueprint.post("/patients/<int:patient_id>/pages/end")
@access(DESK)
def end(patient_id: int) -> ResponseReturnValue:
    """Close the pages on all devices and end whatever opens them: a phone was lost, say."""
    closed = attempt(lambda s: close_everywhere(s, current_actor(), clock.now(), patient_id))
    parts = [_count(closed.devices, "device"), _count(closed.links, "link")]
    if closed.calendar:
        parts.append("the calendar address")
    said = f"{', '.join(parts[:-1])} and {parts[-1]}"
    flash(f"Closed: {said}. The link in the next message opens the pages again.", "ok")
    return redirect(url_for("desk.patient", patient_id=patient_id), 303)


def _count(number: int, what: str) -> str:
    return f"{number} {what if number == 1 else what + 's'}"
