"""Settings of ratings: what a protocol asks when, and the instruments as they are."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, NotFoundError
from scheduler.features.ratings.actions.plan import change_plan
from scheduler.features.ratings.cognition.tasks import IN_ORDER, PRACTICE_NOTE
from scheduler.features.ratings.instruments import SHIPPED
from scheduler.features.ratings.own.known import known, offered
from scheduler.features.ratings.own.queries import own_lines
from scheduler.features.ratings.plan_form import COLUMNS, PlanForm, box, boxes_of, read_plan
from scheduler.features.ratings.queries.plans import plan_page
from scheduler.features.ratings.sheet import screens
from scheduler.features.ratings.views.blueprint import blueprint
from scheduler.rendering.language import codes, load
from scheduler.web import ADMINISTRATOR, STAFF, access, current_actor, reading, writing

RECALL = {
    "now": "now",
    "day": "the last 24 hours",
    "week": "the last week",
    "two_weeks": "the last two weeks",
    "month": "the last month",
    "since_last": "since the last session",
}


@blueprint.get("/settings/instruments")
@access(STAFF)
def instruments() -> ResponseReturnValue:
    """The instruments that can be asked."""
    with reading() as s:
        own = own_lines(s)
    return render_template("ratings/instruments.html", instruments=SHIPPED, own=own, recall=RECALL)


@blueprint.get("/settings/instruments/<code>/<int:version>")
@access(STAFF)
def instrument(code: str, version: int) -> ResponseReturnValue:
    """One instrument as its people read it, with its scoring."""
    with reading() as s:
        found = known(s).get((code, version))
    if found is None:
        raise NotFoundError("There is no such instrument.")
    languages = [(one, load(one).name, screens((found,), one)) for one in codes() if one in found.wordings]
    return render_template("ratings/instrument.html", instrument=found, languages=languages, recall=RECALL)


@blueprint.get("/settings/protocols/<int:protocol_id>/ratings")
@access(ADMINISTRATOR)
def plan(protocol_id: int) -> ResponseReturnValue:
    """What a protocol asks at which time points."""
    return _plan_page(protocol_id)


@blueprint.post("/settings/protocols/<int:protocol_id>/ratings")
@access(ADMINISTRATOR)
def save_plan(protocol_id: int) -> ResponseReturnValue:
    """Save it as a new version of the protocol."""
    with reading() as s:
        form = read_plan(request.form.getlist("ask"), request.form.get("primary", ""), offered(s))
    if form.plan is None:
        return _plan_page(protocol_id, form, form.error), 422
    seen = request.form.get("seen", "")
    revision = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0
    try:
        with writing() as s:
            changed = change_plan(s, current_actor(), clock.now(), protocol_id, form.plan, revision)
    except ConflictError as error:
        return _plan_page(protocol_id, form, error.sentence), error.status
    flash("The ratings are saved. Running courses keep theirs." if changed else "Nothing was changed.", "ok")
    return redirect(url_for("settings.section", section="protocols"), 303)


def _plan_page(protocol_id: int, form: PlanForm | None = None, trouble: str = "") -> str:
    with reading() as s:
        page = plan_page(s, protocol_id)
        instruments = offered(s)
    return render_template(
        "ratings/plan.html",
        page=page,
        instruments=instruments,
        tasks=IN_ORDER,
        practice_note=PRACTICE_NOTE,
        names=[(one.code, one.name) for one in instruments],
        columns=COLUMNS,
        box=box,
        ticked=form.ticked if form else boxes_of(page.plan),
        primary=form.primary if form else page.plan.primary,
        trouble=trouble,
    )
