"""Where clinicians' calendars are published on the clinic's own server, as administrators choose."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import RuleError
from scheduler.features.calendars.publishing.choose import publish, stop_publishing
from scheduler.features.calendars.publishing.listing import published, unpublished_clinicians
from scheduler.features.calendars.views.blueprint import blueprint
from scheduler.web import ADMINISTRATOR, access, current_actor, reading, writing

STOPPED = "Publishing stops. The worker takes our entries out of the calendar within a minute."


@blueprint.get("/calendars/published")
@access(ADMINISTRATOR)
def published_index() -> ResponseReturnValue:
    """The published calendars, how it goes, and the form for another."""
    return _page({}, {})


@blueprint.post("/calendars/published")
@access(ADMINISTRATOR)
def publish_calendar() -> ResponseReturnValue:
    """Publish one more."""
    values = {name: request.form.get(name, "").strip() for name in ("user", "url")}
    user_id = int(values["user"]) if values["user"].isascii() and values["user"].isdigit() else 0
    server = current_app.extensions["sixfold"].caldav_url
    try:
        with writing() as session:
            publish(session, current_actor(), clock.now(), min(user_id, 2**31 - 1), values["url"], server)
    except RuleError as error:
        return _page(values, {str(error.extra["field"]): error.sentence}, status=422)
    flash("The calendar is filled within a minute.", "ok")
    return redirect(url_for("calendars.published_index"), 303)


@blueprint.post("/calendars/published/<int:calendar_id>/stop")
@access(ADMINISTRATOR)
def stop_calendar(calendar_id: int) -> ResponseReturnValue:
    """Stop publishing one."""
    with writing() as session:
        stop_publishing(session, current_actor(), clock.now(), calendar_id)
    flash(STOPPED, "ok")
    return redirect(url_for("calendars.published_index"), 303)


def _page(values: dict[str, str], errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        lines, clinicians = published(session), unpublished_clinicians(session)
    page = render_template(
        "calendars/published.html",
        lines=lines,
        clinicians=clinicians,
        has_server=current_app.extensions["sixfold"].caldav_url is not None,
        values=values,
        errors=errors,
    )
    return page, status
