"""The patient's page of a visit: looking, answering, asking, ticking, and the calendar file."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.courses.actions.respond import ask_change, confirm
from scheduler.features.courses.preparation.ticks import set_tick
from scheduler.features.portal.actions import TOUCH_EVERY, note_look
from scheduler.features.portal.forms import Ask, parse_ask, parse_version
from scheduler.features.portal.private import (
    answered_by,
    calendar_answer,
    opened_by,
    patient,
    private_blueprint,
)
from scheduler.features.portal.queries import DEAD, Opened, opened
from scheduler.features.portal.times import NONE, other_times
from scheduler.features.portal.words import saying
from scheduler.web import EVERYONE, access, attempt, reading, writing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

blueprint = private_blueprint("portal")

CALENDAR_STAGES = ("ahead", "begun")


@blueprint.get("/v/<token>")
@access(EVERYONE)
def visit(token: str) -> ResponseReturnValue:
    """The visit as it stands now."""
    page = _open(token)
    now = clock.now()
    if page.touched_at is None or now - page.touched_at >= TOUCH_EVERY:
        with writing() as session:
            note_look(session, patient(), now, page.link_id, "infusion", page.infusion_id, page.patient_id)
    return _shown(token, page)


@blueprint.post("/v/<token>/confirm")
@access(EVERYONE)
def say_yes(token: str) -> ResponseReturnValue:
    """The patient comes."""
    page, version = _answering(token), parse_version(request.form)
    return _answer(
        token,
        lambda session: confirm(
            session, patient(), clock.now(), page.infusion_id, "page", seen_version=version
        ),
    )


@blueprint.post("/v/<token>/ask")
@access(EVERYONE)
def ask(token: str) -> ResponseReturnValue:
    """The patient asks for another time; the visit stands until a person has answered."""
    page, form = _answering(token), parse_ask(request.form)
    if form.error:
        return _shown(token, page, ask=form), 422
    if form.wished is not None and page.version == form.version:
        with reading() as session:
            free = other_times(session, clock.now(), page.infusion_id)
        if not free.has(form.wished):
            return _shown(token, page, "taken", form), 409
    return _answer(
        token,
        lambda session: ask_change(
            session,
            patient(),
            clock.now(),
            page.infusion_id,
            "page",
            form.note,
            seen_version=form.version,
            wished=form.wished,
        ),
        form,
    )


@blueprint.post("/v/<token>/ready/<int:item_id>")
@access(EVERYONE)
def tick(token: str, item_id: int) -> ResponseReturnValue:
    """One thing is ready, or is not."""
    page, ready = _answering(token), bool(request.form.get("ready"))
    return _answer(
        token,
        lambda session: set_tick(
            session, patient(), clock.now(), page.infusion_id, item_id, ready, "patient"
        ),
        anchor="ready",
    )


@blueprint.get("/v/<token>/appointment.ics")
@access(EVERYONE)
def calendar(token: str) -> ResponseReturnValue:
    """The visit for a calendar, as a file."""
    page = _open(token)
    if page.stage not in CALENDAR_STAGES:
        raise NotFoundError(DEAD)
    return calendar_answer([page.event], page.clinic, page.locale, page.language)


def _open(token: str) -> Opened:
    return opened_by(lambda session: opened(session, token, clock.now()))


def _answering(token: str) -> Opened:
    page = _open(token)
    answered_by(page.link_id)
    return page


def _answer(
    token: str, work: "Callable[[Session], object]", form: Ask | None = None, anchor: str = "said"
) -> ResponseReturnValue:
    """Do it and show the page; where the visit has changed meanwhile, the page as it is now says so."""
    try:
        attempt(work)
    except (ConflictError, RuleError, NotFoundError) as error:
        return _shown(token, _open(token), "changed", form), error.status
    return redirect(url_for("portal.visit", token=token, _anchor=anchor), 303)


def _shown(token: str, page: Opened, notice: str = "", ask: Ask | None = None) -> str:
    times = NONE
    if page.stage == "ahead":
        with reading() as session:
            times = other_times(session, clock.now(), page.infusion_id)
    wished = ask.wished if ask else None
    all_times = request.args.get("times") == "all" or (wished is not None and wished not in times.few)
    return render_template(
        "portal/visit.html",
        token=token,
        page=page,
        w=saying(page),
        notice=notice,
        ask=ask,
        times=times,
        all_times=all_times,
        calendar=page.stage in CALENDAR_STAGES,
    )
