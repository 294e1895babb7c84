"""The page of one visit and what is done on it, whichever way the patient came: by a link to this very visit,
or from their own pages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.courses.actions.respond import ask_change, confirm
from scheduler.features.courses.preparation.ticks import set_tick
from scheduler.features.portal.forms import Ask, parse_ask, parse_version
from scheduler.features.portal.private import calendar_answer, patient
from scheduler.features.portal.queries import DEAD, Opened
from scheduler.features.portal.times import NONE, other_times
from scheduler.features.portal.words import saying
from scheduler.web import attempt, reading

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CALENDAR_STAGES = ("ahead", "begun")


@dataclass(frozen=True)
class Door:
    """How the page is opened again, and the addresses of what can be done on it.

    `ready` gives the one of an item to tick; `back` is empty where the visit is all there is to see.
    """

    open: Callable[[], Opened]
    page: str
    confirm: str
    ask: str
    calendar: str
    ready: Callable[[int], str]
    back: str = ""


def shown(door: Door, page: Opened, notice: str = "", ask: Ask | None = None) -> str:
    """The page, with the times that can be asked for."""
    times = NONE
    if page.stage == "ahead":
        with reading() as session:
            times = other_times(session, clock.now(), page.infusion_id)
    wished = ask.wished if ask else None
    all_times = request.args.get("times") == "all" or (wished is not None and wished not in times.few)
    return render_template(
        "portal/visit.html",
        door=door,
        page=page,
        w=saying(page),
        notice=notice,
        ask=ask,
        times=times,
        all_times=all_times,
        calendar=page.stage in CALENDAR_STAGES,
    )


def say_yes(door: Door, page: Opened) -> ResponseReturnValue:
    """The patient comes."""
    version = parse_version(request.form)
    return _answer(
        door,
        lambda session: confirm(
            session, patient(), clock.now(), page.infusion_id, "page", seen_version=version
        ),
    )


def ask_for_another(door: Door, page: Opened) -> ResponseReturnValue:
    """The patient asks for another time; the visit stands until a person has answered."""
    form = parse_ask(request.form)
    if form.error:
        return shown(door, page, ask=form), 422
    if form.wished is not None and page.version == form.version:
        with reading() as session:
            free = other_times(session, clock.now(), page.infusion_id)
        if not free.has(form.wished):
            return shown(door, page, "taken", form), 409
    return _answer(
        door,
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


def tick(door: Door, page: Opened, item_id: int) -> ResponseReturnValue:
    """One thing is ready, or is not."""
    ready = bool(request.form.get("ready"))
    return _answer(
        door,
        lambda session: set_tick(
            session, patient(), clock.now(), page.infusion_id, item_id, ready, "patient"
        ),
        anchor="ready",
    )


def calendar(page: Opened) -> ResponseReturnValue:
    """The visit for a calendar, as a file."""
    if page.stage not in CALENDAR_STAGES:
        raise NotFoundError(DEAD)
    return calendar_answer([page.event], page.clinic, page.locale, page.language)


def _answer(
    door: Door, work: "Callable[[Session], object]", form: Ask | None = None, anchor: str = "said"
) -> ResponseReturnValue:
    """Do it and show the page; where the visit has changed meanwhile, the page as it is now says so."""
    try:
        attempt(work)
    except (ConflictError, RuleError, NotFoundError) as error:
        return shown(door, door.open(), "changed", form), error.status
    return redirect(f"{door.page}#{anchor}", 303)
