"""What an open page of the chart brings in by itself: the vitals that a colleague wrote meanwhile."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.features.audit.actions import record_read
from scheduler.features.infusion_logs.queries.beside import mark_of, news, read_mark
from scheduler.features.infusion_logs.queries.chart import chart_of
from scheduler.features.infusion_logs.views.blueprint import blueprint
from scheduler.features.infusion_logs.views.shared import page_facts
from scheduler.web import CHARTING, access, current_actor, reading, writing


@blueprint.get("/infusions/<int:infusion_id>/log/beside")
@access(CHARTING)
def beside(infusion_id: int) -> ResponseReturnValue:
    """The vitals anew, and what is told about them; nothing (204) where the page has seen all."""
    now, actor, seen = clock.now(), current_actor(), read_mark(request.args.get("seen", ""))
    with reading() as s:
        mark = mark_of(s, infusion_id)
        if mark == seen:
            return "", 204
        chart = chart_of(s, infusion_id, now)
    with writing() as s:
        record_read(s, actor, now, "infusion_log", infusion_id, chart.visit.patient_id)
    told = news(chart.readings, seen, actor.user_id, chart.place)
    return render_template("infusion_logs/_beside.html", **page_facts(chart, mark), fresh=True, told=told)
