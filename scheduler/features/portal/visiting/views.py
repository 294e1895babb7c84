"""The page of one visit: looking, answering, asking, ticking, a calendar file. Every way has these routes."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.courses.actions.respond import ask_change, confirm
from scheduler.features.courses.preparation.ticks import set_tick
from scheduler.features.portal.forms import Ask, parse_ask, parse_version
from scheduler.features.portal.private import calendar_answer, patient
from scheduler.features.portal.queries import DEAD, Opened
from scheduler.features.portal.times import NONE, other_times
from scheduler.features.portal.visiting.door import Door, Way
from scheduler.features.portal.words import saying
from scheduler.web import EVERYONE, access, attempt, reading

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CALENDAR_STAGES = ("ahead", "begun")


def add_routes(blueprint: Blueprint, rule: str, way: Way) -> None:
    """Let `way` lead to visits: `rule` is the address of one, with what `way.open` takes in it."""

    @blueprint.get(rule)
    @access(EVERYONE)
    def visit(**key: Any) -> ResponseReturnValue:
        """The visit as it stands now."""
        door = Door(way, key)
        page = door.open()
        if way.look:
            way.look(page)
        return _shown(door, page)

    @blueprint.post(f"{rule}/confirm")
    @access(EVERYONE)
    def say_yes(**key: Any) -> ResponseReturnValue:
        """The patient comes."""
        return _say_yes(Door(way, key))

    @blueprint.post(f"{rule}/ask")
    @access(EVERYONE)
    def ask(**key: Any) -> ResponseReturnValue:
        """The patient asks for another time."""
        return _ask_for_another(Door(way, key))

    @blueprint.post(f"{rule}/ready/<int:item_id>")
    @access(EVERYONE)
    def tick(item_id: int, **key: Any) -> ResponseReturnValue:
        """One thing is ready, or is not."""
        return _tick(Door(way, key), item_id)

    @blueprint.get(f"{rule}/appointment.ics")
    @access(EVERYONE)
    def calendar(**key: Any) -> ResponseReturnValue:
        """The visit for a calendar, as a file."""
        page = way.open(**key)
        if page.stage not in CALENDAR_STAGES:
            raise NotFoundError(DEAD)
        return calendar_answer([page.event], page.clinic, page.locale, page.language)


def _shown(door: Door, page: Opened, notice: str = "", ask: Ask | None = None) -> str:
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


def _say_yes(door: Door) -> ResponseReturnValue:
    page, version, now = door.answering(), parse_version(request.form), clock.now()
    return _answer(door, lambda s: confirm(s, patient(), now, page.infusion_id, "page", seen_version=version))


def _ask_for_another(door: Door) -> ResponseReturnValue:
    """The visit stands until a person has answered."""
    page, form, now = door.answering(), parse_ask(request.form), clock.now()
    if form.error:
        return _shown(door, page, ask=form), 422
    if form.wished is not None and page.version == form.version:
        with reading() as session:
            free = other_times(session, now, page.infusion_id)
        if not free.has(form.wished):
            return _shown(door, page, "taken", form), 409

    def work(s: "Session") -> object:
        return ask_change(
            s,
            patient(),
            now,
            page.infusion_id,
            "page",
            form.note,
            seen_version=form.version,
            wished=form.wished,
        )

    return _answer(door, work, form)


def _tick(door: Door, item_id: int) -> ResponseReturnValue:
    page, ready, now = door.answering(), bool(request.form.get("ready")), clock.now()
    return _answer(
        door,
        lambda s: set_tick(s, patient(), now, page.infusion_id, item_id, ready, "patient"),
        anchor="ready",
    )


def _answer(
    door: Door, work: "Callable[[Session], object]", form: Ask | None = None, anchor: str = "said"
) -> ResponseReturnValue:
    """Do it and show the page; where the visit has changed meanwhile, the page as it is now says so."""
    try:
        attempt(work)
    except (ConflictError, RuleError, NotFoundError) as error:
        return _shown(door, door.open(), "changed", form), error.status
    return redirect(f"{door.page}#{anchor}", 303)
