"""The list of requests on the screen, and as a file."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.features.audit.actions import record
from scheduler.features.capacity.queries import sites as all_sites
from scheduler.features.path.actions import turn
from scheduler.features.path.files import requests_file
from scheduler.features.path.filters import GROUPS, MINE, NOBODY, read_filters
from scheduler.features.path.forms import read_ticked
from scheduler.features.path.offers import offers
from scheduler.features.path.queries.queue import all_lines, day_of_list, queue
from scheduler.features.path.views.blueprint import blueprint
from scheduler.tokens import new_token
from scheduler.web import DESK, access, attempt, current_actor, reading, writing
from scheduler.web.filters import count

OWNERS = (("", "Anybody"), (MINE, "Me"), (NOBODY, "Nobody yet"))


@blueprint.get("/requests")
@access(DESK)
def index() -> ResponseReturnValue:
    """Who waits, what nobody has answered first."""
    now, chosen = clock.now(), read_filters(request.args)
    with reading() as s:
        sites = all_sites(s, with_archived=True)
        today = day_of_list(sites, chosen.site_id or current_user.site_id, now)
        page = queue(s, chosen, current_user.user_id, now, today)
        found = offers(s, now, page.lines) if chosen.page == 1 else {}
    with writing() as s:
        record(s, current_actor(), now, "requests.listed", "request", shown=len(page.lines))
    return render_template(
        "path/index.html",
        page=page,
        chosen=chosen,
        groups=GROUPS,
        sites=sites,
        owners=OWNERS,
        today=today,
        offers=found,
        new_key=new_token,
    )


@blueprint.post("/requests/close")
@access(DESK)
def sweep() -> ResponseReturnValue:
    """Close what machines have sent: the requests that were ticked and that nobody has answered."""
    ticked = read_ticked(request.form)
    closed = attempt(lambda s: turn.sweep(s, current_actor(), clock.now(), ticked))
    flash(f"{count(closed, 'request')} closed. Look under “Ended” to open one again.", "ok")
    return redirect(url_for("path.index", **read_filters(request.form).address()), 303)


@blueprint.get("/requests.csv")
@access(DESK)
def sheet() -> ResponseReturnValue:
    """The list as a file, with the same choices."""
    now, chosen = clock.now(), read_filters(request.args)
    with reading() as s:
        sites = all_sites(s, with_archived=True)
        today = day_of_list(sites, chosen.site_id or current_user.site_id, now)
        body, rows = requests_file(all_lines(s, chosen, current_user.user_id, now, today))
    with writing() as s:
        record(s, current_actor(), now, "requests.exported", "request", rows=rows)
    headers = {"Content-Disposition": f'attachment; filename="requests-{today}.csv"'}
    return Response(body, mimetype="text/csv", headers=headers)
