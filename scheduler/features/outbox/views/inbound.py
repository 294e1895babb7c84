"""What came in and what was made of it, and how the mailbox does."""

from dataclasses import replace

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.features.audit.actions import record
from scheduler.features.outbox.forms import read_filters
from scheduler.features.outbox.queries import counts
from scheduler.features.outbox.queries.inbound import InboundLine, inbound, mailbox_state
from scheduler.features.outbox.queries.lines import CHANNELS
from scheduler.features.outbox.redact import without_addresses
from scheduler.features.outbox.views.blueprint import blueprint
from scheduler.features.outbox.views.shared import knows_names
from scheduler.web import ADMINISTRATOR, STAFF, access, current_actor, reading, writing


@blueprint.get("/messages/in")
@access(STAFF)
def came_in() -> ResponseReturnValue:
    """Replies by text and calendar, mail that came back, and what followed from each; newest first."""
    filters, _ = read_filters(request.args)
    named = knows_names()
    with reading() as session:
        found = inbound(session, filters.channel, filters.page, current_user.site_id)
        waiting = counts(session)
    lines = found.lines if named else [_anonymous(line) for line in found.lines]
    with writing() as session:
        record(session, current_actor(), clock.now(), "inbound.read", "message", shown=len(lines))
    return render_template(
        "outbox/inbound.html",
        found=found,
        lines=lines,
        counts=waiting,
        channels=CHANNELS,
        filters=filters,
        knows_names=named,
    )


@blueprint.get("/settings/mailbox")
@access(ADMINISTRATOR)
def mailbox() -> ResponseReturnValue:
    """Whether the mailbox is read, since when not, and why."""
    with reading() as session:
        state = mailbox_state(session, clock.now(), current_user.site_id)
    is_set = current_app.extensions["sixfold"].imap_url is not None
    return render_template("outbox/mailbox.html", state=state, is_set=is_set)


def _anonymous(line: InboundLine) -> InboundLine:
    """The line without who wrote and what: the record number alone."""
    return replace(line, sender="", patient="", body=None, outcome=without_addresses(line.outcome))
