"""The patient's page of a visit: looking, answering, asking, ticking, and the calendar file."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from scheduler import clock
from scheduler.actor import Actor
from scheduler.errors import ConflictError, NotFoundError, RuleError, SixfoldError
from scheduler.features.accounts.link_throttle import count_answer, count_dead_link
from scheduler.features.accounts.login import as_nobody
from scheduler.features.courses.actions.respond import ask_change, confirm
from scheduler.features.courses.preparation.ticks import set_tick
from scheduler.features.portal.actions import TOUCH_EVERY, note_look
from scheduler.features.portal.forms import Ask, parse_ask, parse_version
from scheduler.features.portal.queries import DEAD, Opened, opened
from scheduler.features.portal.times import NONE, other_times
from scheduler.features.portal.words import in_all_languages, saying
from scheduler.rendering import ics
from scheduler.web import EVERYONE, access, attempt, reading, writing
from scheduler.web.csrf import check_without_referrer, csrf

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

blueprint = Blueprint("portal", __name__)
# The usual check asks for a Referer on https, which these pages never send: `_guard` has its own.
csrf.exempt(blueprint)

SAID = {400: "stale", 404: "dead", 429: "wait"}
CALENDAR_STAGES = ("ahead", "begun")


@blueprint.before_request
def _guard() -> None:
    as_nobody()
    check_without_referrer()


@blueprint.after_request
def _quietly(response: Response) -> Response:
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.errorhandler(SixfoldError)
def _refused(error: SixfoldError) -> ResponseReturnValue:
    return _said(error.status)


@blueprint.errorhandler(CSRFError)
def _stale(_error: CSRFError) -> ResponseReturnValue:
    return _said(400)


@blueprint.get("/v/<token>")
@access(EVERYONE)
def visit(token: str) -> ResponseReturnValue:
    """The visit as it stands now."""
    page = _open(token)
    now = clock.now()
    if page.touched_at is None or now - page.touched_at >= TOUCH_EVERY:
        with writing() as session:
            note_look(session, _patient(), now, page.link_id, (page.infusion_id, page.patient_id))
    return _shown(token, page)


@blueprint.post("/v/<token>/confirm")
@access(EVERYONE)
def say_yes(token: str) -> ResponseReturnValue:
    """The patient comes."""
    page, version = _answering(token), parse_version(request.form)
    return _answer(
        token,
        lambda session: confirm(
            session, _patient(), clock.now(), page.infusion_id, "page", seen_version=version
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
            _patient(),
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
            session, _patient(), clock.now(), page.infusion_id, item_id, ready, "patient"
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
    body = ics.calendar_file([page.event], page.clinic, page.locale, page.language)
    answer = Response(body, content_type=ics.CONTENT_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{ics.file_name(1)}"'
    return answer


def _open(token: str) -> Opened:
    """What the link opens. One that opens nothing is counted, whatever it once was."""
    try:
        with reading() as session:
            return opened(session, token, clock.now())
    except NotFoundError:
        with writing() as session:
            count_dead_link(session, clock.now(), request.remote_addr or "")
        raise


def _answering(token: str) -> Opened:
    page = _open(token)
    with writing() as session:
        count_answer(session, clock.now(), page.link_id)
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


def _said(status: int) -> ResponseReturnValue:
    """What is said to somebody of whom nothing is known: the same bytes for every link that opens nothing."""
    words = in_all_languages(SAID.get(status, "broken"))
    return render_template("portal/said.html", words=words), status


def _patient() -> Actor:
    return Actor(None, "patient", request.remote_addr or "")
