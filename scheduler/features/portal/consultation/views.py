"""The page of a consultation behind its link: looking, confirming, asking for another time, a file."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.intake.consultations.actions.respond import ask_another, confirm
from scheduler.features.portal.consultation.queries import (
    DEAD,
    Talk,
    is_news,
    note_look,
    other_times,
    talk,
    wished_at,
)
from scheduler.features.portal.forms import Ask, parse_ask, parse_version
from scheduler.features.portal.private import (
    answered_by,
    calendar_answer,
    opened_by,
    patient,
    private_blueprint,
)
from scheduler.features.portal.words import Saying
from scheduler.rendering.language import load
from scheduler.web import EVERYONE, access, attempt, reading, writing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

blueprint = private_blueprint("talk")


@blueprint.get("/k/<token>")
@access(EVERYONE)
def page(token: str) -> ResponseReturnValue:
    """The consultation as it stands now."""
    found, now = _open(token), clock.now()
    if is_news(found, now):
        with writing() as session:
            note_look(session, patient(), now, found)
    return _shown(token, found)


@blueprint.post("/k/<token>/confirm")
@access(EVERYONE)
def say_yes(token: str) -> ResponseReturnValue:
    """The person comes, or will be there to talk."""
    found, version = _answering(token), parse_version(request.form)
    return _answer(token, lambda s: confirm(s, patient(), clock.now(), found.consultation_id, version))


@blueprint.post("/k/<token>/ask")
@access(EVERYONE)
def ask(token: str) -> ResponseReturnValue:
    """The person asks for another time; this one stands until somebody has answered."""
    found, form = _answering(token), parse_ask(request.form)
    if form.error:
        return _shown(token, found, ask=form), 422
    wished = wished_at(found, form.wished) if form.wished else None
    if wished is not None and found.version == form.version:
        with reading() as session:
            free = other_times(session, clock.now(), found)
        if wished not in free:
            return _shown(token, found, "taken", form), 409
    return _answer(
        token,
        lambda s: ask_another(
            s, patient(), clock.now(), found.consultation_id, form.version, wished, form.note
        ),
        form,
    )


@blueprint.get("/k/<token>/appointment.ics")
@access(EVERYONE)
def calendar(token: str) -> ResponseReturnValue:
    """The consultation for a calendar, as a file."""
    found = _open(token)
    if found.stage not in ("ahead", "begun"):
        raise NotFoundError(DEAD)
    return calendar_answer([found.event], found.clinic, found.locale, found.language)


def _open(token: str) -> Talk:
    return opened_by(lambda session: talk(session, token, clock.now()))


def _answering(token: str) -> Talk:
    found = _open(token)
    answered_by(f"k{found.link_id}")
    return found


def _answer(token: str, write: "Callable[[Session], object]", ask: Ask | None = None) -> ResponseReturnValue:
    """Do it and come back to the page; what was refused is said on the page as it is now."""
    try:
        attempt(write)
    except (ConflictError, RuleError) as error:
        return _shown(token, _open(token), "changed", ask), error.status
    return redirect(url_for("talk.page", token=token) + "#said", 303)


def _shown(token: str, found: Talk, notice: str = "", ask: Ask | None = None) -> str:
    with reading() as session:
        times = other_times(session, clock.now(), found)
    return render_template(
        "portal/consultation.html",
        token=token,
        page=found,
        w=Saying(found, load(found.language)),
        notice=notice,
        ask=ask,
        starts=[start.replace(tzinfo=None) for start in times],
    )
