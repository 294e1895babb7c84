"""The page of exports of the whole clinic: ask for one, see how far it is, fetch it while it lasts.

For clinicians: they see every chart anyway. An administrator alone sees none, so they get no file of all.
"""

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from scheduler import clock
from scheduler.errors import NotFoundError, RuleError
from scheduler.features.interchange.actions.ask import GONE, ask_export, fetch_export
from scheduler.features.interchange.folder import exports_of
from scheduler.features.interchange.queries import runs
from scheduler.features.interchange.views.blueprint import blueprint
from scheduler.web import CLINICIAN, access, attempt, current_actor, reading, writing


@blueprint.get("/exports")
@access(CLINICIAN)
def exports() -> ResponseReturnValue:
    """The list; for htmx the list alone, while something is still to come."""
    return _page(live=bool(request.headers.get("HX-Request")))


@blueprint.post("/exports")
@access(CLINICIAN)
def ask() -> ResponseReturnValue:
    """Ask for an export; it is made by the worker."""
    purpose = request.form.get("purpose", "").strip()
    try:
        attempt(lambda session: ask_export(session, current_actor(), clock.now(), purpose))
    except RuleError as error:
        return _page(purpose, error), 422
    flash("The export is being made. You can leave this page; the file waits here.", "ok")
    return redirect(url_for("interchange.exports"), 303)


@blueprint.get("/exports/<int:export_id>/file")
@access(CLINICIAN)
def file(export_id: int) -> ResponseReturnValue:
    """The file, for the one who asked for it."""
    folder = exports_of(current_app.extensions["sixfold"])
    with writing() as session:
        path = folder / fetch_export(session, current_actor(), clock.now(), export_id)
        if not path.is_file():
            raise NotFoundError(GONE)
    return send_file(
        path, mimetype="application/zip", as_attachment=True, download_name="clinic-fhir.zip", max_age=0
    )


def _page(purpose: str = "", error: RuleError | None = None, *, live: bool = False) -> str:
    with reading() as session:
        found = runs(session, current_actor().user_id, clock.now())
    template = "interchange/_runs.html" if live else "interchange/exports.html"
    return render_template(
        template,
        runs=found,
        working=any(run.is_working for run in found),
        purpose=purpose,
        trouble=error.sentence if error and not error.extra else "",
        fault=error.sentence if error and error.extra else "",
    )
