"""The patient's page of a visit behind its link: looking, answering, asking, ticking, a calendar file."""

from flask import url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.portal import visiting
from scheduler.features.portal.actions import TOUCH_EVERY, note_look
from scheduler.features.portal.private import answered_by, opened_by, patient, private_blueprint
from scheduler.features.portal.queries import Opened, opened
from scheduler.web import EVERYONE, access, writing

blueprint = private_blueprint("portal")


@blueprint.get("/v/<token>")
@access(EVERYONE)
def visit(token: str) -> ResponseReturnValue:
    """The visit as it stands now."""
    page = _open(token)
    now = clock.now()
    if page.link_id is not None and (page.touched_at is None or now - page.touched_at >= TOUCH_EVERY):
        with writing() as session:
            note_look(session, patient(), now, page.link_id, "infusion", page.infusion_id, page.patient_id)
    return visiting.shown(_door(token), page)


@blueprint.post("/v/<token>/confirm")
@access(EVERYONE)
def say_yes(token: str) -> ResponseReturnValue:
    """The patient comes."""
    return visiting.say_yes(_door(token), _answering(token))


@blueprint.post("/v/<token>/ask")
@access(EVERYONE)
def ask(token: str) -> ResponseReturnValue:
    """The patient asks for another time."""
    return visiting.ask_for_another(_door(token), _answering(token))


@blueprint.post("/v/<token>/ready/<int:item_id>")
@access(EVERYONE)
def tick(token: str, item_id: int) -> ResponseReturnValue:
    """One thing is ready, or is not."""
    return visiting.tick(_door(token), _answering(token), item_id)


@blueprint.get("/v/<token>/appointment.ics")
@access(EVERYONE)
def calendar(token: str) -> ResponseReturnValue:
    """The visit for a calendar, as a file."""
    return visiting.calendar(_open(token))


def _door(token: str) -> visiting.Door:
    return visiting.Door(
        open=lambda: _open(token),
        page=url_for("portal.visit", token=token),
        confirm=url_for("portal.say_yes", token=token),
        ask=url_for("portal.ask", token=token),
        calendar=url_for("portal.calendar", token=token),
        ready=lambda item_id: url_for("portal.tick", token=token, item_id=item_id),
    )


def _open(token: str) -> Opened:
    return opened_by(lambda session: opened(session, token, clock.now()))


def _answering(token: str) -> Opened:
    page = _open(token)
    answered_by(page.link_id or 0)
    return page
