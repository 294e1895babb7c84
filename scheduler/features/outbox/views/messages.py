"""The list of messages, one message, sending it again, and the health page."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import SixfoldError
from scheduler.features.audit.actions import record, record_read
from scheduler.features.outbox import actions, queries
from scheduler.features.outbox.forms import read_filters
from scheduler.features.outbox.queries.lines import CHANNELS, KINDS
from scheduler.features.outbox.queries.sending import yesterday
from scheduler.features.outbox.redact import anonymous, without_addresses
from scheduler.features.outbox.resendable import can_resend
from scheduler.features.outbox.views.blueprint import blueprint
from scheduler.features.outbox.views.shared import knows_names, narrowed
from scheduler.web import EVERYONE, STAFF, access, current_actor, reading, writing


@blueprint.get("/messages")
@access(STAFF)
def index() -> ResponseReturnValue:
    """All messages, newest first. Administrators see record numbers instead of names."""
    filters, errors = read_filters(request.args)
    filters, named, now = narrowed(filters), knows_names(), clock.now()
    with reading() as session:
        found = queries.listing(session, filters, current_user.site_id)
        lines = found.lines if named else [anonymous(line) for line in found.lines]
        day = None if filters.group or filters.is_narrow else yesterday(session, now, current_user.site_id)
    with writing() as session:
        record(session, current_actor(), now, "messages.read", "message", shown=len(lines))
    return render_template(
        "outbox/index.html",
        found=found,
        lines=lines,
        again={line.id for line in lines if can_resend(line.status, line.visit_at, now)},
        yesterday=day,
        kinds=KINDS,
        channels=CHANNELS,
        filters=filters,
        errors=errors,
        args=request.args,
        knows_names=named,
    )


@blueprint.get("/messages/<int:message_id>")
@access(STAFF)
def show(message_id: int) -> ResponseReturnValue:
    """One message with its history; what it says is for those who look after patients."""
    now = clock.now()
    may_read = knows_names()
    links_at = request.host_url.rstrip("/") if current_user.is_demo else ""
    with reading() as session:
        detail = queries.message(session, message_id, now)
        said = queries.contents(session, message_id, links_at) if may_read else None
    with writing() as session:
        record_read(session, current_actor(), now, "message", message_id, detail.line.patient_id)
    return render_template(
        "outbox/show.html",
        detail=detail,
        said=said,
        may_read=may_read,
        without_addresses=(lambda text: text) if may_read else without_addresses,
    )


@blueprint.post("/messages/<int:message_id>/resend")
@access(STAFF)
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
