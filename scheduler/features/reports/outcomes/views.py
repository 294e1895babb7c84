"""The page of the outcomes and its file.

For those who may read every chart: nurses and clinicians. Administrators see no clinical data (SECURITY.md,
section 1), and counts are no way round it: small cells are held back inside of one page, but whoever may
choose dates and protocols freely could take one page from another until a single course is left.
"""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.reports.outcomes.choices import choices
from scheduler.features.reports.outcomes.report import outcomes
from scheduler.features.reports.outcomes.sheet import outcomes_sheet
from scheduler.features.reports.queries.size import visits_covered
from scheduler.features.reports.tabs import OUTCOMES, report_tabs
from scheduler.web import CHARTING, access, reading

blueprint = Blueprint("outcomes", __name__)

MANY = 60_000
"""From so many visits on the page is shown at once; the figures follow when they are counted."""


@blueprint.get("/reports/outcomes")
@access(CHARTING)
def show() -> ResponseReturnValue:
    """The page. `part=figures` asks for its figures alone, `wait=no` for the page with them at once."""
    part = request.args.get("part") == "figures"
    with reading() as session:
        offered = choices(session)
        filters = offered.read(request.args, clock.now())
        many = visits_covered(session, filters.cover)
        at_once = part or request.args.get("wait") == "no" or many < MANY
        found = outcomes(session, filters) if at_once else None
    shown = {"filters": filters, "found": found, "offered": offered}
    if part:
        return render_template("reports/outcomes/_figures.html", **shown)
    page = render_template(
        "reports/outcomes/page.html",
        cover=filters.cover,
        report_tabs=report_tabs(filters.cover, OUTCOMES),
        many=many,
        **shown,
    )
    return page, 422 if filters.cover.errors else 200


@blueprint.get("/reports/outcomes.csv")
@access(CHARTING)
def file() -> ResponseReturnValue:
    """All tables as one file."""
    with reading() as session:
        filters = choices(session).read(request.args, clock.now())
        body = outcomes_sheet(outcomes(session, filters))
    name = f"outcomes-{filters.cover.first}-to-{filters.cover.last}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, mimetype="text/csv", headers=headers)
