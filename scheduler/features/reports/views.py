"""The reports: one address each, and each table as a file; the figures that machines ask for."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import NotFoundError
from scheduler.features.accounts.bearer import program
from scheduler.features.accounts.login import as_nobody
from scheduler.features.capacity.queries import sites as all_sites
from scheduler.features.reports.forms import read_cover
from scheduler.features.reports.pages import PAGES
from scheduler.features.reports.queries.metrics import figures
from scheduler.features.reports.queries.size import visits_covered
from scheduler.features.reports.sheets import SHEETS
from scheduler.features.reports.tabs import report_tabs
from scheduler.rendering.metrics import CONTENT_TYPE, exposition
from scheduler.web import EVERYONE, STAFF, access, reading

blueprint = Blueprint("reports", __name__)

MANY, LONG = 300_000, 800
"""From so many visits or days on the page is shown at once; the figures follow when they are counted."""
FIGURES = "figures"


@blueprint.get("/reports")
@access(STAFF)
def index() -> ResponseReturnValue:
    """The first report."""
    return redirect(url_for("reports.show", report=next(iter(PAGES))), 303)


@blueprint.get("/reports/<report>")
@access(STAFF)
def show(report: str) -> ResponseReturnValue:
    """One report. `part=figures` asks for its figures alone, `wait=no` for the page with them at once."""
    if report not in PAGES:
        raise NotFoundError("There is no such report. Choose one of the tabs under Reports.")
    part = request.args.get("part") == FIGURES
    with reading() as session:
        sites = all_sites(session, with_archived=True)
        cover = read_cover(request.args, sites, clock.now())
        many = visits_covered(session, cover)
        at_once = part or request.args.get("wait") == "no" or (many < MANY and cover.days <= LONG)
        facts = PAGES[report].read(session, cover) if at_once else None
    shown = {"report": report, "cover": cover, "sites": sites, "many": many, "facts": facts}
    if part:
        return render_template(f"reports/_{report}.html", **shown)
    tabs = report_tabs(cover, report)
    page = render_template("reports/page.html", page=PAGES[report], report_tabs=tabs, **shown)
    return page, 422 if cover.errors else 200


@blueprint.get("/reports/<name>.csv")
@access(STAFF)
def sheet(name: str) -> ResponseReturnValue:
    """One table as a file."""
    if name not in SHEETS:
        raise NotFoundError("There is no such file. Choose one under Reports.")
    with reading() as session:
        cover = read_cover(request.args, all_sites(session, with_archived=True), clock.now())
        body = SHEETS[name](session, cover)
    file = f"{name}-{cover.first}-to-{cover.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(body, mimetype="text/csv", headers=headers)


@blueprint.get("/metrics")
@access(EVERYONE)
def metrics() -> ResponseReturnValue:
    """Figures for Prometheus, for a token of kind "metrics"; no log-in opens them."""
    as_nobody()
    if program("metrics") is None:
        return Response("Send a token for metrics as a bearer.\n", 401, {"WWW-Authenticate": "Bearer"})
    with reading() as session:
        found = figures(session, clock.now())
    return Response(exposition(found), content_type=CONTENT_TYPE)
