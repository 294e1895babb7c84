"""How every form of the chart is answered: a page for people, a few words for the script that saves."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import SixfoldError
from scheduler.features.accounts.login import draft_key
from scheduler.features.audit.actions import record_read
from scheduler.features.infusion_logs.drawing import drawn
from scheduler.features.infusion_logs.fields import Part
from scheduler.features.infusion_logs.forms.typed import Back, Sent
from scheduler.features.infusion_logs.lists import HOLD_DONE, TERMS
from scheduler.features.infusion_logs.problems import Problem, Trouble
from scheduler.features.infusion_logs.queries.beside import Mark, mark_of
from scheduler.features.infusion_logs.queries.chart import Chart, chart_of
from scheduler.features.infusion_logs.rows import SPECS
from scheduler.web import current_actor, reading, writing

JSON = "application/json"


def sent() -> Sent:
    """The form of this request."""
    return Sent(request.form, request.form.getlist)


def by_script() -> bool:
    """Whether the page's own script asks."""
    return request.accept_mimetypes.best == JSON


def is_clinician() -> bool:
    """Whether the person may override."""
    return "clinician" in current_user.roles


def show(infusion_id: int, now: datetime, back: Back | None = None, status: int = 200) -> ResponseReturnValue:
    """The page of the log; `back` is a form that was not taken, with what was typed."""
    with reading() as s:
        mark = mark_of(s, infusion_id)
        chart = chart_of(s, infusion_id, now)
    with writing() as s:
        record_read(s, current_actor(), now, "infusion_log", infusion_id, chart.visit.patient_id)
    return (
        render_template(
            "infusion_logs/page.html",
            **page_facts(chart, mark),
            back=back,
            terms=TERMS,
            draft_key=draft_key("chart drafts", current_user.user_id),
        ),
        status,
    )


def page_facts(chart: Chart, mark: Mark) -> dict[str, Any]:
    """What the page and the parts that it brings in later are made of; `mark` is how far they have seen."""
    return {
        "chart": chart,
        "mark": mark,
        "hold_done": HOLD_DONE,
        "specs": {kind.value: spec for kind, spec in SPECS.items()},
        "pictures": drawn(chart),
        "new_key": lambda: secrets.token_hex(16),
    }


def taken(infusion_id: int, form: str, said: str) -> ResponseReturnValue:
    """It is saved: back to the part of the page where it was written."""
    if by_script():
        return jsonify(saved=True, **_live(infusion_id, form, ()))
    flash(said, "ok")
    anchor = f"part-{form}" if form in list(Part) else form
    return redirect(url_for("infusion_logs.show", infusion_id=infusion_id, _anchor=anchor), 303)


def refused(
    infusion_id: int, form: str, typed: dict[str, str], problems: Sequence[Problem]
) -> ResponseReturnValue:
    """Something was not taken: the page again with what was typed, or for the script what is to be said."""
    if by_script():
        return jsonify(saved=False, **_live(infusion_id, form, problems))
    return show(infusion_id, clock.now(), Back(form, typed, problems), 422)


def broken(infusion_id: int, form: str, typed: dict[str, str], error: SixfoldError) -> ResponseReturnValue:
    """A rule of the clinic or somebody faster stands against it."""
    problem = Problem(error.extra.get("field", ""), Trouble.REFUSED, error.sentence)
    answer = refused(infusion_id, form, typed, [problem])
    return (answer[0], error.status) if isinstance(answer, tuple) else answer


def _live(infusion_id: int, form: str, problems: Sequence[Problem]) -> dict[str, object]:
    """What the script brings up to date: the version of the part, what is missing, what is odd."""
    with reading() as s:
        chart: Chart = chart_of(s, infusion_id, clock.now())
    part = chart.parts.get(form)
    return {
        "version": part.version if part else 0,
        "texts": dict(part.texts) if part else {},
        "said": render_template("infusion_logs/_said.html", form=form, problems=problems),
        "fields": [problem.field for problem in problems if problem.field],
        "parts": {
            "missing": render_template("infusion_logs/_missing.html", chart=chart),
            "odd": render_template("infusion_logs/_odd.html", chart=chart),
        },
    }
