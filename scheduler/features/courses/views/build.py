"""Book a course: the page, its live half, and the booking itself."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import ConflictError, NotFoundError, RuleError, SixfoldError
from scheduler.features.audit.actions import record_read
from scheduler.features.courses.actions.book import BookedCourse, book_course
from scheduler.features.courses.actions.settle_prompts import settle_prompts
from scheduler.features.courses.boosters import booster_address
from scheduler.features.courses.building.change import OWN
from scheduler.features.courses.building.forms import BuildForm, bend_reason, parse_book, parse_build
from scheduler.features.courses.building.offer import BuildPage, build_page, frame, order_of
from scheduler.features.courses.building.repair import Repair, repaired
from scheduler.features.courses.building.sentences import Sentences
from scheduler.features.courses.order import CourseOrder, Visit, encode
from scheduler.features.courses.queries import today
from scheduler.features.courses.recheck import Gone
from scheduler.features.courses.views.blueprint import blueprint
from scheduler.features.patients.queries import search
from scheduler.features.patients.views.shown import note_shown
from scheduler.web import DESK, access, attempt, current_actor, reading, writing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@blueprint.get("/courses/new")
@access(DESK)
def build() -> ResponseReturnValue:
    """The whole page: who and which protocol, when they can come, which set of dates."""
    if not request.args.get("patient"):
        return _choose_patient()
    page = _page()
    _note_read(page)
    return render_template("courses/build.html", page=page, say=Sentences(page), key=_new_key()), page.status


@blueprint.get("/courses/proposals")
@access(DESK)
def proposals() -> ResponseReturnValue:
    """The right half alone, for the page's own script.

    The address bar follows, except to what can't be read: there, Reload must not lose what was typed last.
    """
    page = _page()
    _note_read(page)
    answer = render_template("courses/_sets.html", page=page, say=Sentences(page), key=_new_key())
    return answer, page.status, {} if page.errors else {"HX-Replace-Url": page.base}


@blueprint.post("/courses")
@access(DESK)
def book() -> ResponseReturnValue:
    """Book the chosen set. What can't be booked comes back as the same page, with nothing lost."""
    now = clock.now()
    with reading() as session:
        form = parse_build(request.form, today(session, now))
        page = frame(session, now, form)
    visits: tuple[Visit, ...] = ()
    try:
        booking = parse_book(request.form)
        visits = booking.visits
        order = order_of(page, booking)
        if order.bend and not _may_bend():
            raise RuleError("Only a clinician can let a course bend its protocol.")
        booked = attempt(lambda session: _booked(session, now, order, form.after))
    except (ConflictError, RuleError) as error:
        own = visits and request.form.get("proposal") == OWN
        return _not_booked(replace(form, chosen=encode(visits)) if own else form, visits, error)
    if not booked.replayed:
        flash(f"{len(visits)} visits are booked." if len(visits) > 1 else "The visit is booked.", "ok")
    return redirect(url_for("desk.course", course_id=booked.course_id), 303)


@blueprint.get("/courses/<int:course_id>/booster")
@access(DESK)
def booster(course_id: int) -> ResponseReturnValue:
    """The page with everything filled in for a booster after this course: its dates are proposed at once."""
    with reading() as session:
        return redirect(booster_address(session, clock.now(), course_id), 303)


def _booked(session: "Session", now: datetime, order: CourseOrder, after: int | None) -> BookedCourse:
    """Book it and, where it was asked for from a course before, settle what asked for it there."""
    booked = book_course(session, current_actor(), now, order)
    if after and not booked.replayed:
        settle_prompts(session, current_actor(), now, booked.course_id, after, judges=_may_bend())
    return booked


def _page() -> BuildPage:
    with reading() as session:
        form = parse_build(request.args, today(session, clock.now()))
        return build_page(session, clock.now(), form, may_bend=_may_bend())


def _note_read(page: BuildPage) -> None:
    with writing() as session:
        record_read(session, current_actor(), clock.now(), "patient", page.patient.id, page.patient.id)


def _choose_patient() -> ResponseReturnValue:
    """The first decision, where the page was opened without a patient."""
    text = request.args.get("q", "").strip()[:100]
    with reading() as session:
        hits = search(session, text) if text else []
    note_shown(hits)
    template = "courses/_hits.html" if request.headers.get("HX-Request") else "courses/who.html"
    return render_template(template, q=text, hits=hits)


def _not_booked(form: BuildForm, visits: Sequence[Visit], error: SixfoldError) -> ResponseReturnValue:
    """The page again, with what went wrong on top, a set of one's own, and fresh ones below."""
    gone: tuple[Gone, ...] = error.extra.get("gone", ())
    repair: Repair | None = None
    with reading() as session:
        try:
            page = build_page(session, clock.now(), form, may_bend=_may_bend())
        except (NotFoundError, RuleError):
            raise error from None
        if gone:
            repair = repaired(session, clock.now(), page, visits, gone)
    return (
        render_template(
            "courses/build.html",
            page=page,
            say=Sentences(page),
            key=_new_key(),
            refused=error,
            gone=gone,
            repair=repair,
            course_id=error.extra.get("course_id"),
            bend_reason=bend_reason(request.form),
        ),
        error.status,
    )


def _may_bend() -> bool:
    return "clinician" in current_user.roles


def _new_key() -> str:
    return secrets.token_urlsafe(16)
