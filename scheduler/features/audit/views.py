"""The administrator's page of the audit trail: search, a file of what was found, the state of its seals."""

from dataclasses import replace

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.features.audit.actions import record
from scheduler.features.audit.sealing.check import ask, latest, waiting
from scheduler.features.audit.trail.file import pieces
from scheduler.features.audit.trail.forms import read_filters
from scheduler.features.audit.trail.queries import NOBODY, SIZE, Filters, Line, lines, people, zone_of
from scheduler.web import ADMINISTRATOR, access, current_actor, reading, writing

blueprint = Blueprint("audit", __name__)

PIECE = 1_000


@blueprint.get("/settings/audit")
@access(ADMINISTRATOR)
def index() -> ResponseReturnValue:
    """The trail, newest first, and whether it is whole."""
    filters, errors = read_filters(request.args)
    now = clock.now()
    with reading() as session:
        zone = zone_of(session, current_user.site_id)
        found = lines(session, filters, zone, SIZE + 1)
        staff, last, asked = people(session), latest(session), waiting(session)
    with writing() as session:
        record(session, current_actor(), now, "audit.read", "audit", shown=min(len(found), SIZE))
    return render_template(
        "audit/index.html",
        lines=found[:SIZE],
        has_older=len(found) > SIZE,
        filters=filters,
        errors=errors,
        args=request.args,
        who=[("", "Everybody"), *((str(number), name) for number, name in staff), (NOBODY, "Not the staff")],
        last=last,
        last_at=last.finished_at.astimezone(zone) if last and last.finished_at else None,
        asked=asked is not None,
        chosen=_chosen(filters),
    )


@blueprint.get("/settings/audit.csv")
@access(ADMINISTRATOR)
def export() -> ResponseReturnValue:
    """All events that fit, as a file."""
    filters, _errors = read_filters(request.args)
    now = clock.now()
    with writing() as session:
        record(session, current_actor(), now, "audit.exported", "audit", narrowed_by=sorted(_chosen(filters)))
        zone = zone_of(session, current_user.site_id)

    def read(before: int | None) -> list[Line]:
        with reading() as session:
            return lines(session, replace(filters, before=before), zone, PIECE)

    headers = {"Content-Disposition": f'attachment; filename="audit-{now:%Y-%m-%d}.csv"'}
    return Response(stream_with_context(pieces(read)), mimetype="text/csv", headers=headers)


@blueprint.post("/settings/audit/check")
@access(ADMINISTRATOR)
def check() -> ResponseReturnValue:
    """Ask the worker to look at all seals now."""
    with writing() as session:
        ask(session, current_actor(), clock.now())
    flash("The worker looks at all seals within a minute. What it finds stands here.", "ok")
    return redirect(url_for("audit.index"), 303)


def _chosen(filters: Filters) -> dict[str, str]:
    """The filters as they stand in an address, without the place on the list."""
    found = {
        "who": filters.who,
        "what": filters.what,
        "patient": filters.patient,
        "from": filters.first.isoformat() if filters.first else "",
        "until": filters.last.isoformat() if filters.last else "",
    }
    return {name: value for name, value in found.items() if value}
