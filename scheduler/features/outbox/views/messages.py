"""The list of messages, one message, sending it again, and the health page."""

from dataclasses import replace

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import SixfoldError
from scheduler.features.audit.actions import record, record_read
from scheduler.features.outbox import actions, queries
from scheduler.features.outbox.forms import read_filters
from scheduler.features.outbox.views.blueprint import blueprint
from scheduler.web import DESK, EVERYONE, STAFF, access, current_actor, reading, writing


@blueprint.get("/messages")
@access(STAFF)
def index() -> ResponseReturnValue:
    """All messages, newest first. Administrators see record numbers instead of names."""
    filters, errors = read_filters(request.args)
    knows_names = bool(DESK & current_user.roles)
    if not knows_names:
        filters = replace(filters, patient="")
    with reading() as session:
        found = queries.listing(session, filters, current_user.site_id)
    with writing() as session:
        record(session, current_actor(), clock.now(), "messages.read", "message", shown=len(found.lines))
    return render_template(
        "outbox/index.html",
        found=found,
        filters=filters,
        errors=errors,
        args=request.args,
        knows_names=knows_names,
    )


@blueprint.get("/messages/<int:message_id>")
@access(STAFF)
def show(message_id: int) -> ResponseReturnValue:
    """One message with its history; what it says is for those who look after patients."""
    now = clock.now()
    may_read = bool(DESK & current_user.roles)
    with reading() as session:
        detail = queries.message(session, message_id, now)
        said = queries.contents(session, message_id) if may_read else None
    with writing() as session:
        record_read(session, current_actor(), now, "message", message_id, detail.line.patient_id)
    return render_template("outbox/show.html", detail=detail, said=said, may_read=may_read)


@blueprint.post("/messages/<int:message_id>/resend")
@access(DESK)
def resend(message_id: int) -> ResponseReturnValue:
    """Put a message back into the queue."""
    with writing() as session:
        actions.resend(session, current_actor(), clock.now(), message_id)
    flash("The message is in the queue again and goes out within a minute.", "ok")
    return redirect(url_for("outbox.show", message_id=message_id), 303)


@blueprint.get("/healthz")
@access(EVERYONE)
def healthz() -> ResponseReturnValue:
    """Say whether database, worker and outbox are well: 200, or 503 with what is not."""
    try:
        with reading() as session:
            found = queries.health(session, clock.now(), current_app.extensions["sixfold"].worker_tick_s)
    except SixfoldError:
        nothing = {"worker": "unknown", "worker_tick_age_s": None, "outbox": "unknown"}
        return {"database": "unreachable", **nothing}, 503
    said = {
        "database": "ok",
        "worker": found.worker,
        "worker_tick_age_s": found.tick_age_s,
        "outbox": found.outbox,
    }
    return said, 200 if found.is_well else 503
