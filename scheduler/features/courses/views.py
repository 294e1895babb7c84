"""Book a course: the page, its live half, and the booking itself."""

import secrets
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import ConflictError, NotFoundError, RuleError, SixfoldError
from scheduler.features.courses.actions.book import book_course
from scheduler.features.courses.build import BuildPage, build_page, frame, order_of
from scheduler.features.courses.forms import BookForm, parse_book, parse_build
from scheduler.features.courses.queries import today
from scheduler.features.courses.recheck import Gone
from scheduler.features.courses.repair import Repair, repaired
from scheduler.features.courses.sentences import Sentences
from scheduler.features.patients.queries import search
from scheduler.web import DESK, access, attempt, current_actor, reading

blueprint = Blueprint("courses", __name__)


@blueprint.get("/courses/new")
@access(DESK)
def build() -> ResponseReturnValue:
    """The whole page: who and which protocol, when they can come, which set of dates."""
    if not request.args.get("patient"):
        return _choose_patient()
    page = _page()
    return render_template("courses/build.html", page=page, say=Sentences(page), key=_new_key()), page.status


@blueprint.get("/courses/proposals")
@access(DESK)
def proposals() -> ResponseReturnValue:
    """The right half alone, for the page's own script; the address bar follows."""
    page = _page()
    answer = render_template("courses/_sets.html", page=page, say=Sentences(page), key=_new_key())
    return answer, page.status, {"HX-Replace-Url": page.base}


@blueprint.post("/courses")
@access(DESK)
def book() -> ResponseReturnValue:
    """Book the chosen set. What can't be booked comes back as the same page, with nothing lost."""
    now = clock.now()
    with reading() as session:
        booking = parse_book(request.form, today(session, now))
        order = order_of(frame(session, now, booking.build), booking)
    if order.bend and not _may_bend():
        raise RuleError("Only a clinician can let a course bend its protocol.")
    try:
        booked = attempt(lambda session: book_course(session, current_actor(), now, order))
    except (ConflictError, RuleError) as error:
        return _not_booked(booking, error)
    if not booked.replayed:
        count = len(order.visits)
        flash(f"{count} visits are booked." if count > 1 else "The visit is booked.", "ok")
    return redirect(url_for("desk.course", course_id=booked.course_id), 303)


def _page() -> BuildPage:
    with reading() as session:
        form = parse_build(request.args, today(session, clock.now()))
        return build_page(session, clock.now(), form, may_bend=_may_bend())


def _choose_patient() -> ResponseReturnValue:
    """The first decision, where the page was opened without a patient."""
    text = request.args.get("q", "").strip()[:100]
    with reading() as session:
        hits: Sequence[object] = search(session, text) if text else ()
    template = "courses/_hits.html" if request.headers.get("HX-Request") else "courses/who.html"
    return render_template(template, q=text, hits=hits)


def _not_booked(booking: BookForm, error: SixfoldError) -> ResponseReturnValue:
    """The page again, with what went wrong on top and fresh sets below."""
    course_id = error.extra.get("course_id")
    gone: tuple[Gone, ...] = error.extra.get("gone", ())
    repair: Repair | None = None
    with reading() as session:
        try:
            page = build_page(session, clock.now(), booking.build, may_bend=_may_bend())
        except (NotFoundError, RuleError):
            raise error from None
        if gone:
            repair = repaired(session, clock.now(), page, booking.visits, gone)
    return (
        render_template(
            "courses/build.html",
            page=page,
            say=Sentences(page),
            key=_new_key(),
            refused=error,
            gone=gone,
            repair=repair,
            course_id=course_id,
            bend_reason=booking.bend_reason,
        ),
        error.status,
    )


def _may_bend() -> bool:
    return "clinician" in current_user.roles


def _new_key() -> str:
    return secrets.token_urlsafe(16)
