"""The course log: looking at it, signing it, saying what may still be said of it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import ConflictError, RuleError, SixfoldError
from scheduler.features.audit.actions import record_read
from scheduler.features.review.actions.beside import add_addendum, co_sign
from scheduler.features.review.actions.reasons import give_reasons
from scheduler.features.review.actions.sign import sign_course, sign_log
from scheduler.features.review.forms.sign import read_addendum, read_reasons, read_seen
from scheduler.features.review.queries.page import course_log as read_course_log
from scheduler.features.review.views.blueprint import blueprint
from scheduler.web import CHARTING, CLINICIAN, access, current_actor, reading, writing


@dataclass(frozen=True)
class Back:
    """A form that was not taken: which, why, what was typed, and since when the page may be out of date."""

    form: str
    sentence: str
    typed: dict[str, str] = field(default_factory=dict)
    opened_at: datetime | None = None
    field: str = ""


@blueprint.get("/courses/<int:course_id>/log")
@access(CHARTING)
def course_log(course_id: int) -> ResponseReturnValue:
    """One course on one page."""
    return _page(course_id)


@blueprint.post("/courses/<int:course_id>/log/sign")
@access(CLINICIAN)
def sign(course_id: int) -> ResponseReturnValue:
    """Sign the course log as it was seen."""
    seen = read_seen(request.form)

    def work() -> str:
        with writing() as s:
            sign_course(s, current_actor(), clock.now(), course_id, seen.digest)
        return "The course log is signed."

    return _do(course_id, work, "sign", opened_at=seen.opened_at)


@blueprint.post("/courses/<int:course_id>/log/visits/<int:infusion_id>/sign")
@access(CLINICIAN)
def sign_visit(course_id: int, infusion_id: int) -> ResponseReturnValue:
    """Sign the log of one infusion as it was seen."""
    seen = read_seen(request.form)

    def work() -> str:
        with writing() as s:
            sign_log(s, current_actor(), clock.now(), course_id, infusion_id, seen.digest)
        return "The log of this infusion is signed."

    return _do(course_id, work, "sign", opened_at=seen.opened_at)


@blueprint.post("/courses/<int:course_id>/log/co-sign")
@access(CLINICIAN)
def sign_second(course_id: int) -> ResponseReturnValue:
    """Sign second."""

    def work() -> str:
        with writing() as s:
            co_sign(s, current_actor(), clock.now(), course_id)
        return "The second signature stands."

    return _do(course_id, work, "sign")


@blueprint.post("/courses/<int:course_id>/log/reasons")
@access(CLINICIAN)
def reasons(course_id: int) -> ResponseReturnValue:
    """Keep the reasons for what departs from the protocol or is missing."""
    typed = read_reasons(request.form)

    def work() -> str:
        with writing() as s:
            count = give_reasons(s, current_actor(), clock.now(), course_id, typed)
        return "The reason is kept." if count == 1 else f"{count} reasons are kept."

    return _do(course_id, work, "reasons", typed)


@blueprint.post("/courses/<int:course_id>/log/addenda")
@access(CLINICIAN)
def addendum(course_id: int) -> ResponseReturnValue:
    """Write an addendum beside what is signed."""
    said = read_addendum(request.form)

    def work() -> str:
        with writing() as s:
            add_addendum(s, current_actor(), clock.now(), course_id, said)
        return "The addendum stands beside the log."

    typed = {name: request.form.get(name, "") for name in ("infusion", "words", "reason", "key")}
    return _do(course_id, work, "addendum", typed)


def _do(
    course_id: int,
    work: Callable[[], str],
    form: str,
    typed: dict[str, str] | None = None,
    opened_at: datetime | None = None,
) -> ResponseReturnValue:
    """Do it and go back to the page, or show the page with why not and all that was typed."""
    try:
        said = work()
    except (RuleError, ConflictError) as error:
        return _page(course_id, _back(error, form, typed or {}, opened_at)), error.status
    flash(said, "ok")
    return redirect(url_for("review.course_log", course_id=course_id), 303)


def _back(error: SixfoldError, form: str, typed: dict[str, str], opened_at: datetime | None) -> Back:
    since = opened_at if error.extra.get("changed") else None
    return Back(form, error.sentence, typed, since, str(error.extra.get("field", "")))


def _page(course_id: int, back: Back | None = None) -> str:
    now = clock.now()
    with reading() as s:
        page = read_course_log(s, course_id, now, back.opened_at if back else None)
    with writing() as s:
        record_read(s, current_actor(), now, "course_log", course_id, page.facts["patient"]["id"])
    return render_template(
        "review/log.html",
        page=page,
        back=back,
        opened_at=now.isoformat(),
        new_key=secrets.token_hex(16),
        may_sign=bool(CLINICIAN & current_user.roles),
        user_id=current_user.user_id,
    )
