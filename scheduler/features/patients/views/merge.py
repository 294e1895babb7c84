"""Make one record of two: find the other one, choose between what differs, merge, take it back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import ConflictError, RuleError, SixfoldError
from scheduler.features.audit.actions import record_read
from scheduler.features.patients.actions.merge import MergeOrder, merge_patients
from scheduler.features.patients.actions.unmerge import unmerge_patient
from scheduler.features.patients.merging.forms import parse_merge, read_number
from scheduler.features.patients.merging.page import MergePage, find_page, merge_page
from scheduler.features.patients.views.blueprint import blueprint
from scheduler.features.patients.views.shown import note_shown
from scheduler.web import DESK, access, attempt, current_actor, reading, writing


@blueprint.get("/patients/<int:patient_id>/merge")
@access(DESK)
def merge(patient_id: int) -> ResponseReturnValue:
    """Which other record; once that is known, both side by side. Nothing is saved."""
    other_id = read_number(request.args.get("with", ""))
    with reading() as session:
        if other_id is None:
            page = find_page(session, patient_id, request.args.get("q", "").strip()[:100])
        else:
            page = merge_page(session, patient_id, other_id, frozenset())
    if page.kept.merged_into_id is not None:
        return redirect(url_for("desk.patient", patient_id=patient_id), 303)
    return _shown(page)


@blueprint.post("/patients/<int:patient_id>/merge")
@access(DESK)
def do_merge(patient_id: int) -> ResponseReturnValue:
    """Merge. Where it can't be, the page comes back as it is now, with what was chosen."""
    order = parse_merge(patient_id, request.form)
    try:
        kept = attempt(lambda session: merge_patients(session, current_actor(), clock.now(), order))
    except (ConflictError, RuleError) as error:
        return _refused(order, error)
    flash(f"The two records are one now: {kept.name}, {kept.record_number}. It can be undone below.", "ok")
    return redirect(url_for("desk.patient", patient_id=kept.id), 303)


@blueprint.post("/patients/<int:patient_id>/unmerge")
@access(DESK)
def unmerge(patient_id: int) -> ResponseReturnValue:
    """Take the merge of this record back."""
    other = attempt(lambda session: unmerge_patient(session, current_actor(), clock.now(), patient_id))
    flash(f"{other.name}, {other.record_number}, is a record of its own again.", "ok")
    return redirect(url_for("desk.patient", patient_id=patient_id), 303)


def _refused(order: MergeOrder, error: SixfoldError) -> ResponseReturnValue:
    with reading() as session:
        page = merge_page(session, order.kept_id, order.other_id, order.take)
    # What stands in the way is said by the page itself.
    return _shown(page, "" if error.extra.get("obstacles") else error.sentence), error.status


def _shown(page: MergePage, trouble: str = "") -> str:
    now = clock.now()
    with writing() as session:
        for person in filter(None, (page.kept, page.other)):
            record_read(session, current_actor(), now, "patient", person.id, person.id)
    note_shown(page.hits)
    return render_template("patients/merge.html", page=page, trouble=trouble)
