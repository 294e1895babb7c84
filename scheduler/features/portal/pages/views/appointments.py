"""One appointment of the patient's, with all that its own link offers; all of them for a calendar; what to
do before and after.
"""

from flask import render_template
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import NotFoundError
from scheduler.features.courses.preparation.lists import list_of
from scheduler.features.portal.pages.browser import this_device
from scheduler.features.portal.pages.queries.appointments import ahead, events
from scheduler.features.portal.pages.views.blueprint import blueprint, frame
from scheduler.features.portal.private import answered_by, calendar_answer
from scheduler.features.portal.queries import DEAD, Opened, own_visit
from scheduler.features.portal.visiting.door import Way
from scheduler.features.portal.visiting.views import add_routes
from scheduler.rendering.crisis import crisis_of
from scheduler.web import EVERYONE, access, reading


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


def _open(infusion_id: int) -> Opened:
    with reading() as session:
        return own_visit(session, this_device().patient_id, infusion_id, clock.now())


def _count(_page: Opened) -> None:
    answered_by(f"device {this_device().id}")


add_routes(blueprint, "/my/visits/<int:infusion_id>", Way(blueprint.name, _open, _count, home="pages.home"))
