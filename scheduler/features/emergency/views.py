"""Opening a chart in an emergency, reading it while it is open, and the list of what was opened."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import ConflictError, NotFoundError, RuleError
from scheduler.features.audit.actions import record
from scheduler.features.emergency.actions import close_charts, note_look, open_chart, write_seen
from scheduler.features.emergency.chart import sheet_of
from scheduler.features.emergency.queries import find_patient, open_access, openings
from scheduler.web import ADMINISTRATOR, CHARTING, CLINICIAN, access, attempt, current_actor, reading, writing
from scheduler.web.access import FRONT_DESK

blueprint = Blueprint("emergency", __name__)

OPENERS = FRONT_DESK | ADMINISTRATOR
UNKNOWN = "No single patient has this record number, or this name and birth date. Look at both and try again."
NO_NEED = "Your role opens charts without this. Find the patient and open the course."
OVER = "This chart is not open to you, or its time is over. Open it again if the emergency goes on."


@blueprint.get("/emergency")
@access(OPENERS)
def ask() -> ResponseReturnValue:
    """Say what it means, and ask for whom and why."""
    return _form({})


@blueprint.post("/emergency")
@access(OPENERS)
def start() -> ResponseReturnValue:
    """Open the chart. An error keeps what was typed, and nothing is open."""
    if CHARTING & current_user.roles:
        return _form({"": NO_NEED}), 422
    now, actor, form = clock.now(), current_actor(), request.form
    number, name, born = form.get("number", ""), form.get("family_name", ""), _day(form.get("born", ""))
    try:
        with writing() as session:
            patient = find_patient(session, number, name, born)
            if patient is None:
                return _form({"number": UNKNOWN}), 422
            opened = open_chart(session, actor, now, patient, form.get("reason", ""))
    except RuleError as error:
        return _form({str(error.extra["field"]): error.sentence}), 422
    return redirect(url_for("emergency.chart", access_id=opened), 303)


@blueprint.get("/emergency/<int:access_id>")
@access(OPENERS)
def chart(access_id: int) -> ResponseReturnValue:
    """The chart, while it is open to this person; each look is in the trail."""
    now, actor = clock.now(), current_actor()
    with reading() as session:
        found = open_access(session, access_id, actor.user_id, now)
        sheet = sheet_of(session, found, now) if found else None
    if found is None:
        raise NotFoundError(OVER)
    with writing() as session:
        note_look(session, actor, now, found.access_id, found.patient_id)
    return render_template("emergency/chart.html", found=found, sheet=sheet)


@blueprint.post("/emergency/end")
@access(OPENERS)
def end() -> ResponseReturnValue:
    """Give back what is open."""
    with writing() as session:
        close_charts(session, current_actor(), clock.now())
    flash("The chart is closed. A clinician looks at what happened.", "ok")
    return redirect(url_for("emergency.ask"), 303)


@blueprint.get("/emergency/opened")
@access(ADMINISTRATOR | CLINICIAN)
def opened() -> ResponseReturnValue:
    """What was opened, by whom and why: for a clinician with the patient's name."""
    return _list()


@blueprint.post("/emergency/<int:access_id>/seen")
@access(CLINICIAN)
def seen(access_id: int) -> ResponseReturnValue:
    """Write what a clinician makes of one."""
    now, actor, note = clock.now(), current_actor(), request.form.get("note", "")
    try:
        attempt(lambda s: write_seen(s, actor, now, access_id, note))
    except (RuleError, ConflictError) as error:
        return _list(access_id, note, error.sentence), error.status
    flash("What you found is written down. The opening is settled.", "ok")
    return redirect(url_for("emergency.opened"), 303)


def _list(wrong_id: int = 0, typed: str = "", trouble: str = "") -> str:
    with writing() as session:
        lines = openings(session)
        record(
            session, current_actor(), clock.now(), "emergency.listed", "emergency_access", shown=len(lines)
        )
    return render_template(
        "emergency/opened.html",
        lines=lines,
        names="clinician" in current_user.roles,
        wrong_id=wrong_id,
        typed=typed,
        trouble=trouble,
    )


def _form(errors: dict[str, str]) -> str:
    typed = request.form or {"number": request.args.get("number", "")[:20]}
    return render_template("emergency/ask.html", errors=errors, typed=typed)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
