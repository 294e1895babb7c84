"""Many messages at once: sending those again that were not delivered, and the list as a file."""

from collections.abc import Iterator

from flask import Response, flash, redirect, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.features.audit.actions import record
from scheduler.features.outbox.actions.resend import resend_many
from scheduler.features.outbox.export import file_pieces
from scheduler.features.outbox.forms import read_filters, read_ids
from scheduler.features.outbox.queries import MessageLine
from scheduler.features.outbox.queries.page import exported
from scheduler.features.outbox.views.blueprint import blueprint
from scheduler.features.outbox.views.shared import knows_names, narrowed
from scheduler.web import STAFF, access, current_actor, reading, writing
from scheduler.web.filters import count
from scheduler.web.local_paths import path_of

LEFT = " {} no longer waited for that and stayed as it was."


@blueprint.post("/messages/resend")
@access(STAFF)
def resend_chosen() -> ResponseReturnValue:
    """Put the chosen messages of a page, or all of it, back into the queue."""
    ids = read_ids(request.form)
    with writing() as session:
        again = resend_many(session, current_actor(), clock.now(), ids)
    if not ids:
        flash("Nothing was sent again. Tick the messages first.", "due")
    else:
        left = LEFT.format(count(len(ids) - again, "message")) if again < len(ids) else ""
        flash(f"{count(again, 'message')} in the queue again.{left}", "ok" if again else "due")
    back = path_of(request.headers.get("Referer"), {request.host_url.rstrip("/")})
    return redirect(back or url_for("outbox.index"), 303)


@blueprint.get("/messages/export.csv")
@access(STAFF)
def export() -> ResponseReturnValue:
    """All messages that the filters leave, as a file; administrators get record numbers instead of names."""
    now, named = clock.now(), knows_names()
    filters, _ = read_filters(request.args)
    filters, site_id = narrowed(filters), current_user.site_id
    with writing() as session:
        record(session, current_actor(), now, "messages.exported", "message")

    def pieces() -> Iterator[list[MessageLine]]:
        before = None
        while True:
            with reading() as session:
                piece = exported(session, filters, site_id, before)
            if not piece:
                return
            yield piece
            before = piece[-1].id

    headers = {"Content-Disposition": f'attachment; filename="messages-{now:%Y-%m-%d}.csv"'}
    body = stream_with_context(file_pieces(pieces(), named=named))
    return Response(body, mimetype="text/csv", headers=headers)
