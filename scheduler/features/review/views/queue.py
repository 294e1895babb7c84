"""The queue of what waits for a clinician."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.audit.actions import record_read
from scheduler.features.review.queries import queue as waiting
from scheduler.features.review.views.blueprint import blueprint
from scheduler.web import CHARTING, access, current_actor, reading, writing

MOST = 100
"""Lines on a page: what is worse stands first, and nobody signs more than this in an evening."""


@blueprint.get("/review")
@access(CHARTING)
def queue() -> ResponseReturnValue:
    """Everything that waits, or what is left of it by kind and site."""
    now = clock.now()
    kind = request.args.get("kind", "")
    site_id = request.args.get("site", type=int)
    with reading() as s:
        everything = waiting.queue(s, now)
    sites = sorted({(line.site, line.site_id) for line in everything})
    here = [line for line in everything if site_id is None or line.site_id == site_id]
    lines = [line for line in here if kind not in waiting.KINDS or kind in line.kinds]
    shown = lines[:MOST]
    with writing() as s:
        for line in shown:
            record_read(s, current_actor(), now, "course", line.course_id, line.patient_id)
    return render_template(
        "review/queue.html",
        lines=shown,
        more=len(lines) - len(shown),
        for_ratings=sum(line.only_ratings for line in lines),
        kinds=[
            (name, words, sum(name in line.kinds for line in here)) for name, words in waiting.KINDS.items()
        ],
        kind=kind if kind in waiting.KINDS else "",
        sites=sites,
        site_id=site_id,
    )


@blueprint.get("/review/next")
@access(CHARTING)
def step() -> ResponseReturnValue:
    """To the course after (or before) one in the queue, or to the queue at its end."""
    after = request.args.get("after", 0, type=int)
    with reading() as s:
        found = waiting.step(waiting.queue(s, clock.now()), after, back="back" in request.args)
    where = url_for("review.course_log", course_id=found) if found else url_for("review.queue")
    return redirect(where, 303)
