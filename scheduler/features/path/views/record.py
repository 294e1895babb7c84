"""From a request to a record: the birth date, who may be the same, and which record it is to be."""

from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError
from scheduler.features.audit.actions import record_read
from scheduler.features.intake.person import become_patient
from scheduler.features.path.forms import read_born, read_number
from scheduler.features.path.queries.person import Asked, asked_at
from scheduler.features.path.views.blueprint import blueprint
from scheduler.features.patients.queries import PatientHit
from scheduler.features.patients.views.shown import note_shown
from scheduler.web import DESK, access, attempt, current_actor, reading, writing

NEW = "new"


@dataclass(frozen=True)
class RecordPage:
    """The form: the birth date as typed, who looks the same, what was chosen, what is wrong."""

    asked: Asked
    born: str
    twins: tuple[PatientHit, ...] = ()
    chosen: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@blueprint.get("/requests/<int:request_id>/record")
@access(DESK)
def record(request_id: int) -> ResponseReturnValue:
    """The form; somebody who has a record already is shown it."""
    found = _asked(request_id)
    if found.request.patient_id is not None:
        return redirect(url_for("desk.patient", patient_id=found.request.patient_id), 303)
    born = found.request.birth_date
    return _page(RecordPage(found, born.isoformat() if born else ""))


@blueprint.post("/requests/<int:request_id>/record")
@access(DESK)
def make_record(request_id: int) -> ResponseReturnValue:
    """Make the record, or take that of somebody who was here before."""
    found, now = _asked(request_id), clock.now()
    page = RecordPage(found, request.form.get("birth_date", ""), chosen=request.form.get("which", ""))
    existing = read_number(page.chosen)
    try:
        born = read_born(page.born, found.site.date_order, found.today(now))
        anyway = page.chosen == NEW
        name = attempt(
            lambda s: become_patient(s, current_actor(), now, request_id, born, existing, anyway=anyway).name
        )
    except ConflictError as error:
        twins = tuple(error.extra.get("twins", ()))
        return _page(RecordPage(found, page.born, twins, page.chosen, {"which": error.sentence})), 409
    except RuleError as error:
        errors = dict(error.extra.get("errors", {})) or {"": error.sentence}
        return _page(RecordPage(found, page.born, (), page.chosen, errors)), 422
    flash(f"{name} has a record now.", "ok")
    return redirect(url_for("path.show", request_id=request_id), 303)


def _asked(request_id: int) -> Asked:
    with reading() as s:
        return asked_at(s, request_id)


def _page(page: RecordPage) -> str:
    note_shown(page.twins)
    with writing() as s:
        record_read(s, current_actor(), clock.now(), "request", page.asked.request.id, None)
    return render_template("path/record.html", page=page, asked=page.asked.request)
