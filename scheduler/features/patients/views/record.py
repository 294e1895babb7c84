"""Adding, changing, archiving one patient. Their own page is the desk's."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from scheduler import clock
from scheduler.errors import BusyError, ConflictError, NotFoundError
from scheduler.features.audit.actions import record_read
from scheduler.features.patients import queries
from scheduler.features.patients.actions.archive import archive_patient, restore_patient
from scheduler.features.patients.actions.save import add_patient, update_patient
from scheduler.features.patients.age import lacks_guardian
from scheduler.features.patients.clash import with_theirs
from scheduler.features.patients.forms import PatientForm, blank, judged, read_typed, shown, with_error
from scheduler.features.patients.page import FormPage, Sites, clash_in, sites_for
from scheduler.features.patients.rows import changed_rows
from scheduler.features.patients.views.blueprint import blueprint
from scheduler.web import DESK, access, current_actor, reading, writing

TAKEN = "Another patient has this record number. Leave the field empty to get the next free one."
GONE = "This patient is no longer here. What you typed is still below: add it as a new patient, or leave."


@blueprint.get("/patients/new")
@access(DESK)
def new() -> ResponseReturnValue:
    """An empty form, at the site where the person works."""
    form = blank(current_user.site_id, request.args.get("q", "")[:100])
    sites = _sites(form.typed["site_id"])
    form = replace(form, typed={**form.typed, "site_id": str(sites.chosen.id)})
    return _page(FormPage(form, sites, then=_then()))


@blueprint.post("/patients/new")
@access(DESK)
def add() -> ResponseReturnValue:
    """Add the patient; somebody who looks the same is pointed out first."""
    typed, do = read_typed(request.form), request.form.get("do", "")
    sites = _sites(typed.typed["site_id"])
    texts = request.form.get("texts") == "1"
    page = FormPage(typed, sites, then=_then(), texts=texts)
    lines = changed_rows(typed, do)
    if lines is not None:
        return _page(replace(page, form=lines))
    now = clock.now()
    form = judged(typed, sites.by_id, sites.today(now))
    page = replace(page, form=form)
    if form.data is None:
        return _page(page), 422
    try:
        if do != "add-anyway":
            with reading() as session:
                likely = queries.likely_the_same(session, form.data)
            if likely:
                return _page(replace(page, likely=likely)), 422
        with writing() as session:
            patient = add_patient(session, current_actor(), now, form.data, texts=texts)
    except (ConflictError, BusyError) as error:
        return _refused(page, error)
    flash(f"{patient.name} is added as {patient.record_number}.", "ok")
    if page.then:
        return redirect(url_for("courses.build", patient=patient.id), 303)
    return redirect(url_for("desk.patient", patient_id=patient.id), 303)


@blueprint.get("/patients/<int:patient_id>/edit")
@access(DESK)
def edit(patient_id: int) -> ResponseReturnValue:
    """The form with what is stored."""
    with reading() as session:
        patient = queries.patient(session, patient_id)
    if patient.merged_into_id is not None:
        return redirect(url_for("desk.patient", patient_id=patient_id), 303)
    sites = _sites(str(patient.site_id), patient.site_id)
    with writing() as session:
        record_read(session, current_actor(), clock.now(), "patient", patient_id, patient_id)
    return _page(FormPage(shown(patient, sites.chosen.country, patient.version), sites, patient))


@blueprint.post("/patients/<int:patient_id>/edit")
@access(DESK)
def save(patient_id: int) -> ResponseReturnValue:
    """Save the form, unless somebody else saved first: then both values are shown, and nothing is lost."""
    typed, do = read_typed(request.form), request.form.get("do", "")
    try:
        with reading() as session:
            patient = queries.patient(session, patient_id)
    except NotFoundError:
        return _page(FormPage(typed, _sites(typed.typed["site_id"]), trouble=GONE)), 404
    sites = _sites(typed.typed["site_id"], patient.site_id)
    lines = changed_rows(typed, do)
    if lines is not None:
        return _page(FormPage(lines, sites, patient))
    if do == "keep-theirs":
        theirs = shown(patient, sites.chosen.country, patient.version)
        typed = with_theirs(typed, theirs, request.form.getlist("differs"))
    now = clock.now()
    today = sites.today(now)
    form = judged(typed, sites.by_id, today, lacks_guardian=lacks_guardian(patient, today))
    page = FormPage(form, sites, patient)
    if form.data is None:
        return _page(page), 422
    try:
        with writing() as session:
            patient = update_patient(session, current_actor(), now, patient_id, form.data, form.version)
    except (ConflictError, BusyError) as error:
        return _refused(page, error)
    flash(f"{patient.name} is saved.", "ok")
    return redirect(url_for("desk.patient", patient_id=patient_id), 303)


@blueprint.post("/patients/<int:patient_id>/archive")
@access(DESK)
def archive(patient_id: int) -> ResponseReturnValue:
    """Take the patient out of the lists."""
    with writing() as session:
        patient = archive_patient(session, current_actor(), clock.now(), patient_id)
    flash(f"{patient.name} is archived. The record stays, and can be taken back at any time.", "ok")
    return redirect(url_for("desk.patient", patient_id=patient_id), 303)


@blueprint.post("/patients/<int:patient_id>/unarchive")
@access(DESK)
def restore(patient_id: int) -> ResponseReturnValue:
    """Bring the patient back."""
    with writing() as session:
        patient = restore_patient(session, current_actor(), clock.now(), patient_id)
    flash(f"{patient.name} is back in the lists.", "ok")
    return redirect(url_for("desk.patient", patient_id=patient_id), 303)


def _refused(page: FormPage, error: ConflictError | BusyError) -> ResponseReturnValue:
    """The form again, as typed, with what stood in the way."""
    clash = error.extra.get("clash")
    if clash is not None:
        form: PatientForm = replace(page.form, version=clash.version)
        return _page(replace(page, form=form, clash=clash_in(page.sites, clash))), 409
    if error.extra.get("constraint") == "uq_patients_record_number":
        return _page(replace(page, form=with_error(page.form, "record_number", TAKEN))), 409
    return _page(replace(page, trouble=error.sentence)), error.status


def _page(page: FormPage) -> str:
    """The form's page; for htmx only the part with lines that come and go."""
    live = bool(request.headers.get("HX-Request"))
    return render_template("patients/_when.html" if live else "patients/form.html", page=page)


def _sites(chosen: str, also: int | None = None) -> Sites:
    with reading() as session:
        return sites_for(list(queries.open_sites(session, also)), chosen)


def _then() -> str:
    """`book` leads on to the course after the patient is added."""
    return "book" if request.values.get("then") == "book" else ""
