"""One appointment of the patient's, with all that its own link offers; all of them for a calendar; what to
do before and after.
"""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import NotFoundError
from scheduler.features.courses.preparation.lists import list_of
from scheduler.features.portal import visiting
from scheduler.features.portal.pages.browser import this_device
from scheduler.features.portal.pages.queries.appointments import ahead, events
from scheduler.features.portal.pages.views.blueprint import blueprint, frame
from scheduler.features.portal.private import answered_by, calendar_answer
from scheduler.features.portal.queries import DEAD, Opened, own_visit
from scheduler.rendering.crisis import crisis_of
from scheduler.web import EVERYONE, access, reading


@blueprint.get("/my/visits/<int:infusion_id>")
@access(EVERYONE)
def visit(infusion_id: int) -> ResponseReturnValue:
    """The visit as it stands now."""
    return visiting.shown(_door(infusion_id), _open(infusion_id))


@blueprint.post("/my/visits/<int:infusion_id>/confirm")
@access(EVERYONE)
def say_yes(infusion_id: int) -> ResponseReturnValue:
    """The patient comes."""
    return visiting.say_yes(_door(infusion_id), _answering(infusion_id))


@blueprint.post("/my/visits/<int:infusion_id>/ask")
@access(EVERYONE)
def ask(infusion_id: int) -> ResponseReturnValue:
    """The patient asks for another time."""
    return visiting.ask_for_another(_door(infusion_id), _answering(infusion_id))


@blueprint.post("/my/visits/<int:infusion_id>/ready/<int:item_id>")
@access(EVERYONE)
def tick(infusion_id: int, item_id: int) -> ResponseReturnValue:
    """One thing is ready, or is not."""
    return visiting.tick(_door(infusion_id), _answering(infusion_id), item_id)


@blueprint.get("/my/visits/<int:infusion_id>/appointment.ics")
@access(EVERYONE)
def calendar(infusion_id: int) -> ResponseReturnValue:
    """One visit for a calendar, as a file."""
    return visiting.calendar(_open(infusion_id))


@blueprint.get("/my/appointments.ics")
@access(EVERYONE)
def all_dates() -> ResponseReturnValue:
    """All visits to come for a calendar, as a file. Raises NotFoundError where there are none."""
    page = frame()
    with reading() as session:
        found = events(session, page.patient_id, clock.now())
    if not found:
        raise NotFoundError(DEAD)
    return calendar_answer(found, page.clinic, page.locale, page.language.code)


@blueprint.get("/my/before-and-after")
@access(EVERYONE)
def before_and_after() -> ResponseReturnValue:
    """What to have ready, what to do afterwards, whom to call."""
    page, now = frame(), clock.now()
    with reading() as session:
        visits = [one for one in ahead(session, page.patient_id, now) if one.infusion_id is not None]
        items = list_of(session, visits[0].infusion_id or 0) if visits else ()
    code = page.language.code
    words = [item.words.get(code) or next(iter(item.words.values()), "") for item in items]
    next_visit = visits[0] if visits else None
    return render_template(
        "portal/pages/before_and_after.html",
        page=page,
        items=words,
        next_visit=next_visit,
        crisis=crisis_of(page.country),
    )


def _door(infusion_id: int) -> visiting.Door:
    return visiting.Door(
        open=lambda: _open(infusion_id),
        page=url_for("pages.visit", infusion_id=infusion_id),
        confirm=url_for("pages.say_yes", infusion_id=infusion_id),
        ask=url_for("pages.ask", infusion_id=infusion_id),
        calendar=url_for("pages.calendar", infusion_id=infusion_id),
        ready=lambda item_id: url_for("pages.tick", infusion_id=infusion_id, item_id=item_id),
        back=url_for("pages.home"),
    )


def _open(infusion_id: int) -> Opened:
    with reading() as session:
        return own_visit(session, this_device().patient_id, infusion_id, clock.now())


def _answering(infusion_id: int) -> Opened:
    page = _open(infusion_id)
    answered_by(f"device {this_device().id}")
    return page
