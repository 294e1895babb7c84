"""The page of webhooks: which programs are told of what, how it went, and sending again."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import RuleError
from scheduler.features.outbox.actions.webhook_endpoints import (
    add_endpoint,
    remove_endpoint,
    resend_delivery,
    send_test,
    switch_endpoint,
)
from scheduler.features.outbox.events import EVENTS
from scheduler.features.outbox.queries.webhooks import endpoint_line, endpoint_lines
from scheduler.features.outbox.views.blueprint import blueprint
from scheduler.web import ADMINISTRATOR, access, current_actor, reading, writing

RESENT = "The event is in the queue again and goes out within a minute."


@blueprint.get("/settings/api/webhooks")
@access(ADMINISTRATOR)
def webhooks() -> ResponseReturnValue:
    """The endpoints with their last deliveries, and the form for another."""
    return _page("", tuple(EVENTS))


@blueprint.post("/settings/api/webhooks")
@access(ADMINISTRATOR)
def add_webhook() -> ResponseReturnValue:
    """Add an endpoint. The page that answers shows its secret, once."""
    url, events = request.form.get("url", ""), tuple(request.form.getlist("events"))
    private = current_app.extensions["sixfold"].webhooks_private
    try:
        with writing() as session:
            made = add_endpoint(session, current_actor(), clock.now(), url, events, private=private)
    except RuleError as error:
        return _page(url, events, {str(error.extra["field"]): error.sentence}, status=422)
    return _page("", tuple(EVENTS), made=made.secret)


@blueprint.post("/settings/api/webhooks/<int:endpoint_id>/test")
@access(ADMINISTRATOR)
def test_webhook(endpoint_id: int) -> ResponseReturnValue:
    """Queue a test event."""
    with writing() as session:
        send_test(session, current_actor(), clock.now(), endpoint_id)
    flash("The test event goes out within a minute. What came of it shows in the list.", "ok")
    return _back()


@blueprint.post("/settings/api/webhooks/<int:endpoint_id>/switch")
@access(ADMINISTRATOR)
def switch_webhook(endpoint_id: int) -> ResponseReturnValue:
    """Switch an endpoint on or off."""
    on = request.form.get("to") == "on"
    with writing() as session:
        switch_endpoint(session, current_actor(), clock.now(), endpoint_id, on=on)
    told = "It is on. What waited goes out now." if on else "It is off. Nothing is told or kept for it."
    flash(told, "ok")
    return _back()


@blueprint.get("/settings/api/webhooks/<int:endpoint_id>/remove")
@access(ADMINISTRATOR)
def ask_remove(endpoint_id: int) -> ResponseReturnValue:
    """Say what is lost with an endpoint, and ask."""
    with reading() as session:
        line = endpoint_line(session, endpoint_id)
    return render_template("outbox/webhook_remove.html", line=line)


@blueprint.post("/settings/api/webhooks/<int:endpoint_id>/remove")
@access(ADMINISTRATOR)
def remove_webhook(endpoint_id: int) -> ResponseReturnValue:
    """Remove an endpoint with its history."""
    with writing() as session:
        remove_endpoint(session, current_actor(), clock.now(), endpoint_id)
    flash("The webhook is removed.", "ok")
    return _back()


@blueprint.post("/settings/api/deliveries/<int:delivery_id>/resend")
@access(ADMINISTRATOR)
def resend_event(delivery_id: int) -> ResponseReturnValue:
    """Send an event again."""
    with writing() as session:
        resend_delivery(session, current_actor(), clock.now(), delivery_id)
    flash(RESENT, "ok")
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("outbox.webhooks"), 303)


def _page(
    url: str,
    chosen: tuple[str, ...],
    errors: dict[str, str] | None = None,
    made: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    with reading() as session:
        lines = endpoint_lines(session)
    page = render_template(
        "outbox/webhooks.html",
        lines=lines,
        url=url,
        chosen=chosen,
        events=list(EVENTS.items()),
        errors=errors or {},
        made=made,
        private=current_app.extensions["sixfold"].webhooks_private,
    )
    return page, status
