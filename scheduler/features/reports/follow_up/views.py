"""The list of those in the weeks after their course: a list of people, so administrators don't read it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.features.audit.actions import record
from scheduler.features.capacity.queries import sites as all_sites
from scheduler.features.reports.follow_up.queries import FollowUp, follow_ups
from scheduler.features.reports.forms import read_cover
from scheduler.features.reports.tabs import FOLLOW_UP, report_tabs
from scheduler.features.tasks.alert_words import TITLES
from scheduler.web import CHARTING, DESK, access, current_actor, reading, writing

blueprint = Blueprint("follow_up", __name__)


@blueprint.get("/reports/follow-up")
@access(DESK)
def show() -> ResponseReturnValue:
    """The list. What waits for a clinician stands on it for those who chart, and first."""
    now, charts = clock.now(), bool(CHARTING & current_user.roles)
    with reading() as session:
        sites = all_sites(session)
        cover = read_cover(request.args, sites, now)
        lines = follow_ups(session, now, cover.site_id)
    if charts:
        lines.sort(key=lambda line: not line.prompts)
    _note(lines)
    return render_template(
        "reports/follow_up.html",
        cover=cover,
        sites=sites,
        lines=lines,
        charts=charts,
        titles=TITLES,
        report_tabs=report_tabs(cover, FOLLOW_UP),
    )


def _note(lines: list[FollowUp]) -> None:
    """One row for all who stood there."""
    shown = sorted({line.patient_id for line in lines})
    with writing() as session:
        record(session, current_actor(), clock.now(), "patients.followed_up", "patient", patients=shown)
