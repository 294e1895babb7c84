"""The list of requests on the screen, and as a file."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.features.audit.actions import record
from scheduler.features.capacity.queries import sites as all_sites
from scheduler.features.path.actions import turn
from scheduler.features.path.files import requests_file
from scheduler.features.path.filters import GROUPS, MINE, NOBODY, Filters, read_filters
from scheduler.features.path.forms import read_ticked
from scheduler.features.path.offers import offers
from scheduler.features.path.queries.queue import all_lines, day_of_list, owners, queue
from scheduler.features.path.views.blueprint import blueprint
from scheduler.tokens import new_token
from scheduler.web import DESK, access, attempt, current_actor, reading, writing
from scheduler.web.filters import count

OWNERS = (("", "Anybody"), (MINE, "Me"), (NOBODY, "Nobody yet"))
NOTHING_TICKED = "Tick “Not real” at the end of each line that no person has sent, then close them."


@blueprint.get("/requests")
@access(DESK)
def index() -> ResponseReturnValue:
    """Who waits, what nobody has answered first."""
    return _list(read_filters(request.args))


def _list(asked: Filters, trouble: str = "") -> str:
    """The list; `trouble` says why what was just asked for could not be done."""
    now, user_id = clock.now(), current_user.user_id
    with reading() as s:
        sites = all_sites(s, with_archived=True)
        others = owners(s, user_id)
        chosen = asked.among(others, user_id)
        today = day_of_list(sites, chosen.site_id or current_user.site_id, now)
        page = queue(s, chosen, user_id, now, today)
        found = offers(s, now, page.lines) if chosen.page == 1 else {}
    with writing() as s:
        record(s, current_actor(), now, "requests.listed", "request", shown=len(page.lines))
    return render_template(
        "path/index.html",
        page=page,
        chosen=chosen,
        groups=GROUPS,
        sites=sites,
        owners=[*OWNERS, *((str(number), name) for number, name in others.items())],
        trouble=trouble,
        today=today,
        offers=found,
        new_key=new_token,
    )


@blueprint.post("/requests/close")
@access(DESK)
def sweep() -> ResponseReturnValue:
    """Close what machines have sent: the requests that were ticked and that nobody has answered."""
    chosen, ticked = read_filters(request.form), read_ticked(request.form)
    if not ticked:
        return _list(chosen, NOTHING_TICKED), 422
    closed = attempt(lambda s: turn.sweep(s, current_actor(), clock.now(), ticked))
    left = len(ticked) - closed
    others = f" {count(left, 'other')} had an answer by then and {'stays' if left == 1 else 'stay'}."
    flash(
        f"{count(closed, 'request')} closed. Look under “Ended” to open one again.{others if left else ''}",
        "ok",
    )
    return redirect(url_for("path.index", **chosen.address()), 303)


@blueprint.get("/requests.csv")
@access(DESK)
def sheet() -> ResponseReturnValue:
    """The list as a file, with the same choices."""
    now, user_id, asked = clock.now(), current_user.user_id, read_filters(request.args)
    with reading() as s:
        sites, chosen = all_sites(s, with_archived=True), asked.among(owners(s, user_id), user_id)
        today = day_of_list(sites, chosen.site_id or current_user.site_id, now)
        body, rows = requests_file(all_lines(s, chosen, user_id, now, today))
    with writing() as s:
        record(s, current_actor(), now, "requests.exported", "request", rows=rows)
    headers = {"Content-Disposition": f'attachment; filename="requests-{today}.csv"'}
    return Response(body, mimetype="text/csv", headers=headers)
