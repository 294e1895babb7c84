"""The page on which a consultation is booked or moved: one click takes a time."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError, SixfoldError
from scheduler.features.audit.actions import record_read
from scheduler.features.intake.consultations.actions.book import book as book_consultation
from scheduler.features.intake.consultations.actions.change import move as move_consultation
from scheduler.features.intake.consultations.forms import parse_key, parse_look, parse_place, parse_seen
from scheduler.features.intake.consultations.page import consultation_page
from scheduler.features.intake.consultations.queries import request_of
from scheduler.features.intake.consultations.views.blueprint import blueprint
from scheduler.tokens import new_token
from scheduler.web import DESK, access, attempt, current_actor, reading, writing
from scheduler.web.local_paths import local_path


@blueprint.get("/requests/<int:request_id>/consultation")
@access(DESK)
def page(request_id: int) -> ResponseReturnValue:
    """What is booked, and the times that can be had."""
    return _page(request_id, None)


@blueprint.post("/requests/<int:request_id>/consultation")
@access(DESK)
def book(request_id: int) -> ResponseReturnValue:
    """Book one of the times."""
    try:
        place, key = parse_place(request.form), parse_key(request.form)
        attempt(lambda s: book_consultation(s, current_actor(), clock.now(), request_id, place, key).id)
    except (ConflictError, RuleError) as error:
        return _page(request_id, error), error.status
    flash("The consultation is booked. The confirmation goes out now.", "ok")
    return redirect(_next(request_id), 303)


@blueprint.post("/consultations/<int:consultation_id>/move")
@access(DESK)
def move(consultation_id: int) -> ResponseReturnValue:
    """Move it to one of the times, or let it be held another way."""
    with reading() as session:
        booked, _ = request_of(session, consultation_id)
    try:
        place, seen = parse_place(request.form), parse_seen(request.form)
        attempt(lambda s: move_consultation(s, current_actor(), clock.now(), consultation_id, place, seen).id)
    except (ConflictError, RuleError) as error:
        return _page(booked.request_id, error), error.status
    flash("The consultation is changed. The person is told what is new to them.", "ok")
    return redirect(_next(booked.request_id), 303)


def _page(request_id: int, refused: SixfoldError | None) -> str:
    now = clock.now()
    with reading() as session:
        found = consultation_page(session, now, request_id, parse_look(request.values))
    with writing() as session:
        patient_id = found.asked.request.patient_id
        record_read(session, current_actor(), now, "request", request_id, patient_id)
    return render_template(
        "intake/consultations/page.html",
        page=found,
        asked=found.asked.request,
        current=found.current,
        refused=refused,
        key=new_token(),
    )


def _next(request_id: int) -> str:
    return local_path(request.form.get("next")) or url_for("path.show", request_id=request_id)
