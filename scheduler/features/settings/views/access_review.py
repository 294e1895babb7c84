"""The access review: everybody who may sign in, on one page and as a file, and the mark that it was read."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.settings.access_review import access_of_all
from scheduler.features.settings.actions.access_review import mark_reviewed
from scheduler.features.settings.sections import ADMINISTRATOR
from scheduler.features.settings.views.blueprint import blueprint
from scheduler.rendering.sheet import sheet
from scheduler.web import access, current_actor, reading, writing

HEAD = (
    "Name", "Signs in as", "Roles", "Demo log-in", "Second factor", "Must set one up", "Last used",
    "Open log-ins", "Tokens", "Calendar addresses", "Invited",
)  # fmt: skip


@blueprint.get("/settings/staff/review")
@access(ADMINISTRATOR)
def access_review() -> ResponseReturnValue:
    """Everybody who may sign in."""
    with reading() as session:
        return render_template("settings/access_review.html", review=access_of_all(session, clock.now()))


@blueprint.post("/settings/staff/review")
@access(ADMINISTRATOR)
def mark_access_reviewed() -> ResponseReturnValue:
    """Note that somebody went through them."""
    with writing() as session:
        mark_reviewed(session, current_actor(), clock.now())
    flash("The review is noted with your name and today's date.", "ok")
    return redirect(url_for("settings.access_review"), 303)


@blueprint.get("/settings/staff/review.csv")
@access(ADMINISTRATOR)
def access_review_file() -> ResponseReturnValue:
    """The same as a file, for whoever audits the clinic."""
    now = clock.now()
    with reading() as session:
        lines = access_of_all(session, now).lines
    rows = [
        (
            line.name, line.email, line.roles, _yes(line.is_demo), line.factor, _yes(line.lacks_factor),
            f"{line.last:%Y-%m-%d %H:%M}" if line.last else "", line.log_ins, line.tokens, line.feeds,
            _yes(line.invited),
        )
        for line in lines
    ]  # fmt: skip
    headers = {"Content-Disposition": f'attachment; filename="access-{now:%Y-%m-%d}.csv"'}
    return Response(sheet(HEAD, rows), content_type="text/csv; charset=utf-8", headers=headers)


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"
